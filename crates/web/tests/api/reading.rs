use axum::http::Method;
use samspill_base::{Entry, Position};
use samspill_service::access::Role;

use crate::{
    help::{all_pages, machine},
    support::{Side, TestApp, User},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_stays_has_all_of_ones_own_and_none_of_others() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let stays = all_pages(&office, "/api/v1/stays?limit=3").await;
    let mut listed: Vec<&str> = stays.iter().map(|it| it["case"].as_str().unwrap()).collect();
    let places: Vec<u64> = stays.iter().map(|it| it["last_position"].as_u64().unwrap()).collect();
    assert!(places.is_sorted(), "by what came last: {places:?}");
    let theirs = app.app.live().stays();
    let theirs = theirs.iter().filter(|it| it.involvement.has(&app.first));
    let mut theirs: Vec<_> = theirs.map(|it| it.row.case.as_str()).collect();
    theirs.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, theirs);
    assert!(!listed.contains(&app.case_of(Side::Second).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_has_its_duties_and_a_tag_that_saves_reading_it_again() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let path = format!("/api/v1/stays/{}", app.case_of(Side::First));
    let first = office.get_json(&path).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let stay = first.json();
    assert!(!stay["duties"].as_array().unwrap().is_empty());
    assert!(stay["last_position"].as_u64().unwrap() > 0);
    let tag = first.header("etag").to_owned();
    let again = office.request(Method::GET, &path, &[("if-none-match", &tag)], Vec::new()).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_duty_of_a_stay_can_say_why() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let stay = office.get_json(&format!("/api/v1/stays/{}", app.case_of(Side::First))).await.json();
    for duty in stay["duties"].as_array().unwrap() {
        let answer = office.get_json(&format!("{}?language=en", duty["explanation"].as_str().unwrap())).await;
        assert_eq!(answer.status, 200, "{duty}");
        let why = answer.json();
        assert_eq!(why["clause"], duty["clause"]);
        assert!(why["sentences"].as_array().unwrap().len() > 2, "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_looks_like_what_isnt_there() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let theirs = app.case_of(Side::Second);
    for path in ["", "/entries", "/days", "/entries/1", "/duties/svar@1.1/explanation"] {
        let (other, none) = (
            office.get_json(&format!("/api/v1/stays/{theirs}{path}")).await,
            office.get_json(&format!("/api/v1/stays/{}{path}", app.no_case())).await,
        );
        let worded = |answer: &crate::support::Answer| {
            let mut body = answer.json();
            body["instance"] = "".into();
            (answer.status, body)
        };
        assert_eq!(worded(&other), worded(&none), "{path}");
        assert_eq!(other.status, 404);
        assert_eq!(other.header("content-type"), "application/problem+json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_and_media_types_are_told_of() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let path = "/api/v1/stays";
    let wrong = office.request(Method::DELETE, path, &[], Vec::new()).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET,HEAD,POST"));
    assert_eq!(wrong.json()["type"], "/api/v1/problems/method");
    let asked = office.request(Method::OPTIONS, path, &[], Vec::new()).await;
    assert_eq!((asked.status, asked.header("allow")), (204, "GET,HEAD,POST"));
    let head = office.request(Method::HEAD, path, &[], Vec::new()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let html = office.request(Method::GET, path, &[("accept", "text/html")], Vec::new()).await;
    assert_eq!((html.status, html.json()["type"].as_str()), (406, Some("/api/v1/problems/not-acceptable")));
    let headers = [("content-type", "text/plain"), ("idempotency-key", "1")];
    let text = office.request(Method::POST, path, &headers, b"{}".to_vec()).await;
    assert_eq!((text.status, text.json()["type"].as_str()), (415, Some("/api/v1/problems/media-type")));
    let nobody = app.anonymous().get_json(path).await;
    assert_eq!(
        (nobody.status, nobody.json()["type"].as_str()),
        (401, Some("/api/v1/problems/not-signed-in"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_isnt_known_or_makes_no_sense_is_told_of() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    for query in ["fase=x", "limit=0", "limit=1001", "limit=x", "after=x", "overdue=ja"] {
        let answer = office.get_json(&format!("/api/v1/stays?{query}")).await;
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (400, Some("/api/v1/problems/parameter")),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_of_all_stays_stand_once_and_can_be_asked_for_by_holder() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let all = all_pages(&office, "/api/v1/duties?limit=7").await;
    let mut keys: Vec<_> = all.iter().map(|it| (it["case"].to_string(), it["id"].to_string())).collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), count > 0), (count, true));
    let ours = all_pages(&office, "/api/v1/duties?holder=kommune").await;
    assert_eq!(ours.len(), all.iter().filter(|it| it["holder"] == "kommune").count());
    let late = all_pages(&office, "/api/v1/duties?status=missed").await;
    assert_eq!(late.len(), all.iter().filter(|it| it["status"] == "missed").count());
}

#[tokio::test(flavor = "multi_thread")]
async fn agreements_are_read_by_version_in_a_language() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let all = office.get_json("/api/v1/agreements").await.json();
    let path = all[0]["versions"][0]["href"].as_str().unwrap().to_owned();
    let one = office.get_json(&path).await.json();
    assert!(!one["duties"].as_array().unwrap().is_empty());
    let text = office.request(Method::GET, &format!("{path}/text?language=nn"), &[], Vec::new()).await;
    assert_eq!(text.status, 200);
    assert!(text.text().starts_with("# "));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_a_shared_stay_leave_out_duties_that_hang_on_others_messages() {
    let app = TestApp::new().await;
    let shared = app.shared_case();
    for side in [Side::First, Side::Second] {
        let office = machine(&app, Role::CaseOffice, side);
        let stay = office.get_json(&format!("/api/v1/stays/{shared}")).await.json();
        let duties = stay["duties"].as_array().unwrap();
        let undone = duties.iter().filter(|it| it["status"] == "open" || it["status"] == "missed");
        let mut undone: Vec<&str> =
            undone.filter(|it| it["closed"].is_null()).map(|it| it["id"].as_str().unwrap()).collect();
        let listed = all_pages(&office, &format!("/api/v1/duties?case={shared}")).await;
        let mut listed: Vec<&str> = listed.iter().map(|it| it["id"].as_str().unwrap()).collect();
        undone.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, undone, "{side:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_keep_accounts_see_days_and_no_duties_findings_or_kinds() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let whole = all_pages(&office, "/api/v1/stays").await;
    for (role, side) in [(Role::MunicipalAccounts, Side::First), (Role::HospitalAccounts, Side::Trust)] {
        let accounts = machine(&app, role, side);
        let stays = all_pages(&accounts, "/api/v1/stays").await;
        assert!(!stays.is_empty(), "{role:?}");
        for stay in &stays {
            assert_eq!((&stay["undone"], &stay["overdue"]), (&0.into(), &0.into()), "{stay}");
            assert!(stay["next_duty"].is_null() && stay["findings"] == 0, "{stay}");
        }
        assert!(whole.iter().any(|it| it["undone"] != 0) && whole.iter().any(|it| it["findings"] != 0));
        assert_eq!(all_pages(&accounts, "/api/v1/duties").await, Vec::<serde_json::Value>::new(), "{role:?}");
        let stream = accounts.listen("/api/v1/events?after=0").await;
        assert_eq!(stream.status, 200);
        assert!(!stream.text().contains("event: entry"), "{role:?}: {}", stream.text());
    }
    let stream = office.listen("/api/v1/events?after=0").await;
    assert!(stream.text().contains("event: entry"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_finds_no_more_than_the_list_shows() {
    let app = TestApp::new().await;
    let accounts = machine(&app, Role::HospitalAccounts, Side::Trust);
    let all = all_pages(&accounts, "/api/v1/stays?limit=7").await;
    assert_eq!(all_pages(&accounts, "/api/v1/stays?overdue=true").await.len(), 0);
    assert_eq!(all_pages(&accounts, "/api/v1/stays?holder=kommune").await.len(), 0);
    assert_eq!(all_pages(&accounts, "/api/v1/stays?overdue=false&limit=5").await, all);
    let shared = app.shared_case();
    for side in [Side::First, Side::Second] {
        let office = machine(&app, Role::CaseOffice, side);
        for holder in ["kommune", "sykehus", "fastlege"] {
            let listed = all_pages(&office, &format!("/api/v1/stays?holder={holder}")).await;
            let duties = all_pages(&office, &format!("/api/v1/duties?case={shared}&holder={holder}")).await;
            let is_listed = listed.iter().any(|it| it["case"] == shared.as_str());
            assert_eq!(is_listed, !duties.is_empty(), "{side:?} {holder}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reasoning_and_phases_rest_on_no_message_between_others() {
    let app = TestApp::new().await;
    let shared = app.shared_case();
    let parts = app.app.parts();
    let all = parts.store.case_entries(&parts.community, &shared).await.unwrap();
    for side in [Side::First, Side::Second] {
        let office = machine(&app, Role::CaseOffice, side);
        let entries = all_pages(&office, &format!("/api/v1/stays/{shared}/entries")).await;
        let seen: Vec<u64> = entries.iter().map(|it| it["position"].as_u64().unwrap()).collect();
        assert!(seen.len() < all.len());
        let stay = office.get_json(&format!("/api/v1/stays/{shared}")).await.json();
        for duty in stay["duties"].as_array().unwrap() {
            let why = office.get_json(duty["explanation"].as_str().unwrap()).await.json();
            let used = why["used"].as_array().unwrap();
            assert!(used.iter().all(|it| seen.contains(&it.as_u64().unwrap())), "{side:?} {why}");
        }
        let stays = all_pages(&office, "/api/v1/stays").await;
        let line = stays.iter().find(|it| it["case"] == shared.as_str()).unwrap();
        for phase in line["phases"].as_array().unwrap() {
            assert!(seen.contains(&phase["from"]["position"].as_u64().unwrap()), "{side:?} {phase}");
        }
    }
}

/// What a list, the stay itself, other systems' list and the board say of when something came last, and whether it is new.
async fn latest(app: &TestApp, user: &User, office: &User) -> (String, String, String, bool) {
    let shared = app.shared_case();
    let stays = all_pages(office, "/api/v1/stays").await;
    let line = stays.iter().find(|it| it["case"] == shared.as_str()).unwrap();
    let stay = office.get_json(&format!("/api/v1/stays/{shared}")).await;
    let tag = stay.header("etag").split('.').next().unwrap().to_owned();
    let found = office.get_json(&format!("/fhir/Encounter?identifier={shared}")).await.json();
    let meta = &found["entry"][0]["resource"]["meta"];
    assert!(meta.is_object(), "{found}");
    let meta = meta.to_string();
    let board = user.get(&format!("/tavle?vis=nye&q={shared}")).await.text();
    let is_new = board.contains(&format!("/opphold/{shared}\""));
    (
        format!("{} {}", line["last"], line["last_position"]),
        format!("{tag} {}", stay.json()["last_position"]),
        meta,
        is_new,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_between_others_is_no_news() {
    let app = TestApp::new().await;
    let shared = app.shared_case();
    let [first, second] = [Side::First, Side::Second].map(|side| app.user(Role::CaseOffice, side));
    let [office, other] =
        [machine(&app, Role::CaseOffice, Side::First), machine(&app, Role::CaseOffice, Side::Second)];
    for user in [&first, &second] {
        user.get(&format!("/opphold/{shared}")).await;
    }
    let (before, theirs) = (latest(&app, &first, &office).await, latest(&app, &second, &other).await);
    let tag = office.get_json(&format!("/api/v1/stays/{shared}")).await.header("etag").to_owned();

    let parts = app.app.parts();
    let entries = parts.store.case_entries(&parts.community, &shared).await.unwrap();
    let sent = entries.iter().rfind(|it| it.to.as_ref() == Some(&app.second)).unwrap();
    let news = Entry {
        id: Some("nytt-mellom-andre".into()),
        happened: app.now(),
        position: Position(0),
        ..sent.clone()
    };
    app.append(vec![news]).await;

    assert_eq!(latest(&app, &first, &office).await, before);
    assert!(!before.3 && latest(&app, &second, &other).await != theirs, "whom it was for sees it");
    assert!(latest(&app, &second, &other).await.3, "and it is new to them");
    let entry = serde_json::json!({ "kind": "notat", "happened": app.now().to_string() }).to_string();
    let headers =
        [("idempotency-key", "k-1"), ("if-match", tag.as_str()), ("content-type", "application/json")];
    let path = format!("/api/v1/stays/{shared}/entries");
    let answer = office.request(Method::POST, &path, &headers, entry.into_bytes()).await;
    assert_eq!(answer.status, 201, "what they saw is as it was: {}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_protected_stay_is_about_is_told_to_the_units_that_take_part_alone() {
    let app = TestApp::new().await;
    let path = format!("/api/v1/stays/{}/entries", app.protected_case());
    let persons = async |user: &User| -> Vec<Option<String>> {
        let entries = all_pages(user, &path).await;
        assert!(!entries.is_empty());
        let one = user.get_json(&format!("{path}/{}", entries[0]["position"])).await.json();
        assert_eq!(one, entries[0]);
        entries.iter().map(|it| it["person"].as_str().map(str::to_owned)).collect()
    };
    let office = machine(&app, Role::CaseOffice, Side::First);
    assert!(persons(&office).await.iter().all(|person| person.as_deref() == Some("04857098765")));
    let mut subject = app.subject(Role::CaseOffice, Side::First);
    subject.units = ["En annen enhet".to_owned()].into();
    let other = app.user_of(subject);
    assert!(persons(&other).await.iter().all(Option::is_none));
    let ndjson = [("accept", "application/x-ndjson")];
    let log = other.request(Method::GET, "/api/v1/log?purpose=care", &ndjson, Vec::new()).await;
    assert_eq!(log.status, 200, "{}", log.text());
    assert!(log.text().contains(&app.protected_case()), "the stay goes out: {}", log.text());
    assert!(!log.text().contains("\"person\":\"04857098765\""), "{}", log.text());
}
