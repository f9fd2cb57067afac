use samspill_service::access::Role;
use serde_json::{Value, json};

use crate::{
    help::{all_pages, machine, post, post_with},
    support::{Side, TestApp, User},
};

/// The office of the first municipality, and a stay of its.
async fn office() -> (TestApp, User, String) {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let case = app.case_of(Side::First);
    (app, office, format!("/api/v1/stays/{case}"))
}

fn event(app: &TestApp, kind: &str) -> Value {
    json!({ "kind": kind, "happened": app.now().to_string(), "body": { "tekst": "prøvd herfra" } })
}

async fn entries(user: &User, stay: &str) -> Vec<Value> {
    all_pages(user, &format!("{stay}/entries?limit=5")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_written_and_the_writer_sees_it_at_once() {
    let (app, office, stay) = office().await;
    let before = entries(&office, &stay).await.len();
    let answer = post(&office, &format!("{stay}/entries"), "k1", &event(&app, "notat")).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let written = answer.json();
    let entry = office.get_json(answer.header("location")).await.json();
    assert_eq!(
        (&entry["position"], entry["from"].as_str()),
        (&written["position"], Some(app.first.as_str()))
    );
    assert_eq!(entries(&office, &stay).await.len(), before + 1);
    let stay = office.get_json(&stay).await.json();
    assert_eq!(stay["last_position"], written["position"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_no_agreement_knows_is_kept_and_remarked_on() {
    let (app, office, stay) = office().await;
    let answer = post(&office, &format!("{stay}/entries"), "k1", &event(&app, "finnes-ikke")).await;
    assert_eq!(answer.status, 201);
    assert!(answer.json()["remarks"][0].as_str().unwrap().contains("finnes-ikke"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_writes_once_and_another_content_is_refused() {
    let (app, office, stay) = office().await;
    let (path, body) = (format!("{stay}/entries"), event(&app, "notat"));
    let first = post(&office, &path, "k1", &body).await;
    let again = post(&office, &path, "k1", &body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.json()["position"], first.json()["position"]);
    let other = post(&office, &path, "k1", &event(&app, "annet")).await;
    assert_eq!((other.status, other.json()["type"].as_str()), (409, Some("/api/v1/problems/key-taken")));
    let next = post(&office, &path, "k2", &body).await;
    assert_ne!(next.json()["position"], first.json()["position"]);
    let missing = post_with(&office, &path, &[], &body).await;
    assert_eq!(
        (missing.status, missing.json()["type"].as_str()),
        (400, Some("/api/v1/problems/key-missing"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_the_same_at_once_write_once() {
    let (app, office, stay) = office().await;
    let (path, body) = (format!("{stay}/entries"), event(&app, "notat"));
    let before = entries(&office, &stay).await.len();
    let many = (0..8).map(|_| post(&office, &path, "k1", &body));
    let answers = futures_util::future::join_all(many).await;
    let positions: Vec<_> = answers.iter().map(|it| (it.status, it.json()["position"].clone())).collect();
    assert!(positions.iter().all(|it| *it == positions[0] && it.0 == 201), "{positions:?}");
    assert_eq!(answers.iter().filter(|it| it.header("idempotency-replayed").is_empty()).count(), 1);
    assert_eq!(entries(&office, &stay).await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_out_what_anothers_key_stands_for() {
    let (app, office, stay) = office().await;
    post(&office, &format!("{stay}/entries"), "k1", &event(&app, "notat")).await;
    let other = machine(&app, Role::CaseOffice, Side::Second);
    let theirs = format!("/api/v1/stays/{}/entries", app.case_of(Side::Second));
    let answer = post(&other, &theirs, "k1", &event(&app, "annet")).await;
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (201, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_that_has_changed_is_written_in_only_by_who_wants_to_all_the_same() {
    let (app, office, stay) = office().await;
    let (path, body) = (format!("{stay}/entries"), event(&app, "notat"));
    let tag = office.get_json(&stay).await.header("etag").to_owned();
    let with_tag = |key: &'static str| [("idempotency-key", key), ("if-match", tag.as_str())];
    assert_eq!(post_with(&office, &path, &with_tag("k1"), &body).await.status, 201);
    let stale = post_with(&office, &path, &with_tag("k2"), &body).await;
    assert_eq!((stale.status, stale.json()["type"].as_str()), (412, Some("/api/v1/problems/changed")));
    // The same again isn't refused for what it did itself.
    assert_eq!(post_with(&office, &path, &with_tag("k1"), &body).await.status, 201);
    let newest = [("idempotency-key", "k3"), ("if-match", stale.header("etag"))];
    assert_eq!(post_with(&office, &path, &newest, &body).await.status, 201);
    assert_eq!(post(&office, &path, "k4", &body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_in_anothers_stay_or_in_anothers_name() {
    let (app, office, stay) = office().await;
    let theirs = format!("/api/v1/stays/{}/entries", app.case_of(Side::Second));
    assert_eq!(post(&office, &theirs, "k1", &event(&app, "notat")).await.status, 404);
    let mut forged = event(&app, "notat");
    forged["from"] = json!(app.second);
    let answer = post(&office, &format!("{stay}/entries"), "k2", &forged).await;
    assert_eq!((answer.status, answer.json()["errors"][0]["pointer"].as_str()), (422, Some("/from")));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_a_body_are_pointed_at() {
    let (app, office, stay) = office().await;
    let path = format!("{stay}/entries");
    let rows = [
        (json!({ "kind": "notat", "happened": "i går" }), 422, "/happened"),
        (json!({ "kind": "notat", "happened": app.now().to_string(), "felt": 1 }), 422, "/felt"),
        (json!({ "kind": 1, "happened": app.now().to_string() }), 422, "/kind"),
        (json!({ "kind": " ", "happened": app.now().to_string() }), 422, "/kind"),
    ];
    for (body, status, pointer) in rows {
        let answer = post(&office, &path, "k", &body).await;
        let said = answer.json();
        assert_eq!(
            (answer.status, said["errors"][0]["pointer"].as_str()),
            (status, Some(pointer)),
            "{body} {said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_begins_a_stay_under_a_name_of_its_own() {
    let app = TestApp::new().await;
    let ward = machine(&app, Role::Ward, Side::Trust);
    let body = json!({ "name": "12345", "entry": event(&app, "innlagt") });
    let first = post(&ward, "/api/v1/stays", "k1", &body).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let case = first.json()["case"].clone();
    assert_eq!(ward.get_json(&format!("/api/v1/stays/{}", case.as_str().unwrap())).await.status, 200);
    let other = machine(&app, Role::CaseOffice, Side::First);
    let same_name = post(&other, "/api/v1/stays", "k1", &body).await;
    assert_ne!(same_name.json()["case"], case);
    assert_eq!(other.get_json(&format!("/api/v1/stays/{}", case.as_str().unwrap())).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_sent_as_a_message_once() {
    let (app, office, stay) = office().await;
    let ward = app.world().region.trust.wards[0].name.clone();
    let person =
        entries(&office, &stay).await.iter().find_map(|it| it["person"].as_str().map(str::to_owned)).unwrap();
    let body = json!({
        "kind": "helsefaglig-dialog", "how": "message", "happened": app.now().to_string(), "to": ward,
        "person": person, "body": { "tekst": "Når kommer innleggelsesrapporten?" },
        "patient": { "given": "Prøve", "family": "Pasient" },
    });
    let path = format!("{stay}/entries");
    let (first, again) = tokio::join!(post(&office, &path, "k1", &body), post(&office, &path, "k1", &body));
    assert_eq!((first.status, again.status), (201, 201), "{} {}", first.text(), again.text());
    let number = first.json()["message"].as_u64().unwrap();
    assert_eq!(again.json()["message"].as_u64(), Some(number));
    let message = office.get_json(&format!("/api/v1/messages/{number}")).await;
    assert_eq!(message.status, 200, "{}", message.text());
    assert!(message.json()["text"].as_str().unwrap().contains("Når kommer innleggelsesrapporten?"));
    let mut other = body.clone();
    other["body"]["tekst"] = json!("noe annet");
    assert_eq!(post(&office, &path, "k1", &other).await.status, 409);
    let sent = entries(&office, &stay).await;
    assert_eq!(
        sent.iter()
            .filter(|it| it["kind"] == "helsefaglig-dialog" && it["from"] == app.first.as_str())
            .filter(|it| it["body"]["tekst"].as_str().is_some_and(|text| text.contains("Når kommer")))
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_while_entries_arrive_pass_nothing_over_and_give_nothing_twice() {
    let (app, office, stay) = office().await;
    let path = format!("{stay}/entries");
    let writing = async {
        for number in 0..20 {
            let answer = post(&office, &path, &format!("k{number}"), &event(&app, "notat")).await;
            assert_eq!(answer.status, 201);
        }
    };
    let reading = async {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..400 {
            let page = office.get_json(&format!("{path}?limit=2{cursor}")).await.json();
            found.extend(page["items"].as_array().unwrap().iter().map(|it| it["position"].as_u64().unwrap()));
            cursor = format!("&after={}", page["cursor"].as_str().unwrap());
            tokio::task::yield_now().await;
            if found.len() >= 40 || page["items"].as_array().unwrap().is_empty() && found.len() > 25 {
                break;
            }
        }
        found
    };
    let ((), mut found) = tokio::join!(writing, reading);
    let all: Vec<u64> =
        entries(&office, &stay).await.iter().map(|it| it["position"].as_u64().unwrap()).collect();
    let last = found.last().copied().unwrap_or_default();
    found.extend(all.iter().filter(|it| **it > last));
    assert_eq!(found, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_one_request_whichever_way_it_is_written() {
    let (app, office, stay) = office().await;
    let ward = app.world().region.trust.wards[0].name.clone();
    let person =
        entries(&office, &stay).await.iter().find_map(|it| it["person"].as_str().map(str::to_owned)).unwrap();
    let as_how = |how: &str| {
        json!({
            "kind": "helsefaglig-dialog", "how": how, "happened": app.now().to_string(), "to": ward, "person": person,
            "body": { "tekst": "Ring oss, takk." }, "patient": { "given": "Prøve", "family": "Pasient" },
        })
    };
    let (path, before) = (format!("{stay}/entries"), entries(&office, &stay).await.len());
    for (key, first, then) in [("k1", "event", "message"), ("k2", "message", "event")] {
        assert_eq!(post(&office, &path, key, &as_how(first)).await.status, 201, "{first}");
        let refused = post(&office, &path, key, &as_how(then)).await;
        assert_eq!(
            (refused.status, refused.json()["type"].as_str()),
            (409, Some("/api/v1/problems/key-taken")),
            "{then}"
        );
    }
    let line = format!("{{\"case\":\"eget\",\"kind\":\"notat\",\"at\":\"{}\"}}", app.now());
    let lines = async |key: &str| {
        let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", key)];
        office
            .request(axum::http::Method::POST, "/api/v1/log", &headers, line.clone().into_bytes())
            .await
            .status
    };
    assert_eq!([lines("k1").await, lines("k2").await, lines("k3").await], [409, 409, 200]);
    assert_eq!(post(&office, &path, "k3", &event(&app, "notat")).await.status, 409);
    assert_eq!(entries(&office, &stay).await.len(), before + 2, "what was refused isn't written");
}
