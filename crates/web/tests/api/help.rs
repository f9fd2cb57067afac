use axum::{
    body::Body,
    http::{Method, Request},
};
use samspill_service::access::{Means, Role};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::{Answer, Side, TestApp, User};

/// Another system of a party, with a token.
pub(crate) fn machine(app: &TestApp, role: Role, side: Side) -> User {
    let mut subject = app.subject(role, side);
    subject.means = Means::Machine;
    subject.account = format!("system-{}", subject.account);
    app.user_of(subject)
}

/// Hands in JSON under a key.
pub(crate) async fn post(user: &User, path: &str, key: &str, body: &Value) -> Answer {
    post_with(user, path, &[("idempotency-key", key)], body).await
}

pub(crate) async fn post_with(user: &User, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut all = vec![("content-type", "application/json"), ("accept", "application/json")];
    all.extend(headers);
    user.request(Method::POST, path, &all, serde_json::to_vec(body).unwrap()).await
}

/// All items of a list, page after page.
pub(crate) async fn all_pages(user: &User, first: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = user.get_json(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let page = page.json();
        items.extend(page["items"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    items
}

/// All of an answer, however long it takes to come.
pub(crate) async fn whole(app: &TestApp, user: &User, path: &str) -> Answer {
    let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(user.signed.clone().unwrap());
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}
