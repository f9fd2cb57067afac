use axum::http::Method;
use samspill_service::access::Role;
use serde_json::json;

use crate::{
    help::{all_pages, machine, post},
    support::{Side, TestApp, User},
};

/// A message that the first municipality has sent to a ward; gives its number.
async fn sent(app: &TestApp, office: &User) -> u64 {
    let case = app.case_of(Side::First);
    let entries = all_pages(office, &format!("/api/v1/stays/{case}/entries")).await;
    let person = entries.iter().find_map(|it| it["person"].as_str()).unwrap();
    let body = json!({
        "kind": "helsefaglig-dialog", "how": "message", "happened": app.now().to_string(),
        "to": app.world().region.trust.wards[0].name, "person": person, "body": { "tekst": "Ring oss, takk." },
        "patient": { "given": "Prøve", "family": "Pasient" },
    });
    let answer = post(office, &format!("/api/v1/stays/{case}/entries"), "melding", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["message"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_listed_read_and_fetched_by_both_ends_and_nobody_else() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let number = sent(&app, &office).await;
    let coordination = machine(&app, Role::Coordination, Side::Trust);
    for user in [&office, &coordination] {
        let listed = all_pages(user, "/api/v1/messages?limit=1").await;
        assert!(listed.iter().any(|it| it["number"] == number));
        let document =
            user.request(Method::GET, &format!("/api/v1/messages/{number}/document"), &[], Vec::new()).await;
        assert_eq!((document.status, document.header("content-type")), (200, "application/xml"));
        assert!(document.text().starts_with("<?xml"));
        assert!(document.header("content-disposition").starts_with("attachment"));
    }
    let other = machine(&app, Role::CaseOffice, Side::Second);
    let listed = all_pages(&other, "/api/v1/messages").await;
    assert!(listed.iter().all(|it| it["number"] != number));
    for path in ["", "/document", "/attachments/1"] {
        assert_eq!(other.get_json(&format!("/api/v1/messages/{number}{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_can_be_asked_for_by_way_and_standing() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let of_case = format!("case={}", app.case_of(Side::First));
    let count = async |query: &str| all_pages(&office, &format!("/api/v1/messages?{query}")).await.len();
    let counts = async || [count("direction=out").await, count("direction=in").await, count(&of_case).await];
    let [out, came, in_case] = counts().await;
    let number = sent(&app, &office).await;
    assert_eq!(counts().await, [out + 1, came, in_case + 1]);
    assert_eq!(count("standing=refused").await, 0);
    assert_eq!(office.get_json("/api/v1/messages?standing=x").await.status, 400);
    assert_eq!(office.get_json(&format!("/api/v1/messages/{number}/attachments/1")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_each_message_that_can_be_read_and_no_other() {
    let app = TestApp::new().await;
    let parts = app.app.parts();
    let filter = samspill_store::MessageFilter::default();
    let all = parts
        .store
        .messages(&parts.community, &filter, samspill_store::MessageNumber(0), 10_000)
        .await
        .unwrap();
    for (role, side) in [
        (Role::CaseOffice, Side::First),
        (Role::CaseOffice, Side::Second),
        (Role::Ward, Side::Trust),
        (Role::Gp, Side::Gp),
    ] {
        let user = machine(&app, role, side);
        let listed = all_pages(&user, "/api/v1/messages?limit=7").await;
        let listed: Vec<u64> = listed.iter().map(|it| it["number"].as_u64().unwrap()).collect();
        let mut readable = Vec::new();
        for line in &all {
            if user.get_json(&format!("/api/v1/messages/{}", line.number)).await.status == 200 {
                readable.push(line.number.0);
            }
        }
        assert_eq!(listed, readable, "{role:?} {side:?}");
        assert!(side == Side::Gp || !listed.is_empty(), "{role:?} {side:?}");
    }
}
