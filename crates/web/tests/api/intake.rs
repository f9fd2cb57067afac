use axum::http::Method;
use samspill_service::access::Role;

use crate::{
    help::machine,
    support::{Answer, Side, TestApp, User},
};

async fn hand_in(user: &User, kind: &str, bytes: &[u8]) -> Answer {
    let headers = [("content-type", kind), ("accept", "application/json")];
    user.request(Method::POST, "/api/v1/messages", &headers, bytes.to_vec()).await
}

/// A message between the trust and a municipality, from the made-up region.
fn message(app: &TestApp, side: Side) -> Vec<u8> {
    let hers = app.world().region.hers(app.region.name(side));
    let sent = samspill_sim::messages(7, 31).unwrap().into_iter();
    let found = sent.into_iter().find(|it| hers.contains(&it.to) || hers.contains(&it.from));
    found.unwrap().bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_on_disk_when_it_is_answered_and_counts_once() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let bytes = message(&app, Side::First);
    let first = hand_in(&office, "application/xml", &bytes).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = hand_in(&office, "text/xml; charset=utf-8", &bytes).await;
    assert_eq!((again.status, again.json()["is_again"].as_bool()), (200, Some(true)), "{}", again.text());
    assert_eq!(again.json()["number"], first.json()["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_at_an_end_hands_a_message_in() {
    let app = TestApp::new().await;
    let bytes = message(&app, Side::First);
    let other = machine(&app, Role::CaseOffice, Side::Second);
    assert_eq!(hand_in(&other, "application/xml", &bytes).await.status, 404);
    let auditor = machine(&app, Role::Auditor, Side::Trust);
    assert_eq!(hand_in(&auditor, "application/xml", &bytes).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_is_refused_with_what_to_do() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    for bytes in [&b""[..], b"hei", b"<a>", b"\xff\xfe\x00"] {
        let answer = hand_in(&office, "application/xml", bytes).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["type"], "/api/v1/problems/content");
    }
    assert_eq!(hand_in(&office, "application/json", b"{}").await.status, 415);
}
