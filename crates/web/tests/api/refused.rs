//! What is refused before a route is reached: worded as the routes word theirs.

use std::time::Duration;

use axum::{body::Body, http::Method};
use samspill_service::access::Role;
use samspill_web::front::Rate;

use crate::support::{Answer, ORIGIN, Side, TestApp};

const PATHS: [(&str, bool); 2] = [("/api/v1/stays", false), ("/fhir/Encounter", true)];

/// A problem of this kind, or what FHIR has for it.
fn is_worded(answer: &Answer, is_fhir: bool, (slug, code): (&str, &str)) {
    let says = answer.json();
    let request = answer.header("x-request-id");
    if is_fhir {
        assert_eq!(answer.header("content-type"), "application/fhir+json", "{says}");
        assert_eq!(
            (says["resourceType"].as_str(), says["issue"][0]["code"].as_str()),
            (Some("OperationOutcome"), Some(code))
        );
        assert!(says["issue"][0]["diagnostics"].as_str().unwrap().contains(request), "{says}");
    } else {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{says}");
        assert_eq!(says["type"], format!("/api/v1/problems/{slug}"));
        assert_eq!(says["instance"], format!("/requests/{request}"));
        assert_eq!(says["status"], answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often() {
    let rate = Rate { burst: 1, per_minute: 6 };
    let app = TestApp::with(|settings| settings.api_rate = rate).await;
    let user = app.user(Role::CaseOffice, Side::First);
    assert_eq!(user.get_json("/api/v1/stays").await.status, 200);
    for (path, is_fhir) in PATHS {
        let answer = user.get_json(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "10"), "{path}");
        is_worded(&answer, is_fhir, ("too-many", "throttled"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_its_form_token() {
    let app = TestApp::new().await;
    let user = app.user(Role::CaseOffice, Side::First);
    for (path, is_fhir) in PATHS {
        let headers = [("content-type", "application/json"), ("origin", ORIGIN)];
        let answer = user.request(Method::POST, path, &headers, b"{}".to_vec()).await;
        assert_eq!(answer.status, 403, "{path}");
        is_worded(&answer, is_fhir, ("forged", "security"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_nobodys() {
    let app = TestApp::new().await;
    for (path, is_fhir) in PATHS {
        let headers = [("authorization", "Bearer x"), ("accept", "text/html")];
        let answer = app.anonymous().request(Method::GET, path, &headers, Vec::new()).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"), "{path}");
        is_worded(&answer, is_fhir, ("not-signed-in", "login"));
    }
    let head =
        app.anonymous().request(Method::HEAD, PATHS[0].0, &[("authorization", "Bearer x")], Vec::new()).await;
    assert_eq!((head.status, head.body.len()), (401, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_or_too_slow() {
    let app = TestApp::with(|settings| {
        (settings.bulk_bytes_max, settings.body_bytes_max) = (100, 100);
        (settings.bulk_time, settings.request_time) =
            (Duration::from_millis(300), Duration::from_millis(300));
    })
    .await;
    let mut user = app.user(Role::CaseOffice, Side::First);
    user.signed.as_mut().unwrap().subject.means = samspill_service::access::Means::Machine;
    let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", "k1")];
    let large = user.request(Method::POST, "/api/v1/log", &headers, vec![b' '; 101]).await;
    assert_eq!(large.status, 413);
    is_worded(&large, false, ("too-large", ""));
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let slow = user.answer(Method::POST, "/api/v1/log", &headers, Body::from_stream(never)).await;
    assert_eq!(slow.status, 503);
    is_worded(&slow, false, ("busy", ""));
}
