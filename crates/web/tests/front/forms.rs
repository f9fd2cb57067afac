//! Forms from elsewhere are refused.

use axum::http::Method;
use samspill_service::access::{Means, Role};
use samspill_web::login::{Login, LoginSettings};

use crate::{
    own::at_own,
    support::{Answer, ORIGIN, Side, TestApp, User},
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const TOKEN: &str = "token-sengepost-trust";

async fn sent(user: &User, headers: &[(&str, &str)], body: &str) -> Answer {
    user.request(Method::POST, "/endre", headers, body.as_bytes().to_vec()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_taken_from_our_own_pages_with_the_token_of_the_session() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    assert_eq!(user.post_form("/endre", &[("felt", "verdi")]).await.text(), "sengepost-trust: 39");
    // Old browsers say nothing of where they are: the token decides.
    assert_eq!(sent(&user, &[FORM], &format!("_token={TOKEN}")).await.status, 200);
    let json = [("content-type", "application/json"), ("x-form-token", TOKEN), ("origin", ORIGIN)];
    assert_eq!(sent(&user, &json, "{}").await.text(), "sengepost-trust: 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_token_with_another_or_from_elsewhere_is_refused() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let with_token = format!("_token={TOKEN}");
    let rows: [(&[(&str, &str)], &str); 11] = [
        (&[FORM], "felt=verdi"),
        (&[FORM], "_token="),
        (&[FORM], "_token=token-lege-trust"),
        (&[FORM], &format!("_token=x&_token={TOKEN}")),
        (&[FORM, ("origin", "https://ond.example")], &with_token),
        (&[FORM, ("origin", "null")], &with_token),
        (&[FORM, ("sec-fetch-site", "cross-site")], &with_token),
        (&[FORM, ("sec-fetch-site", "same-site")], &with_token),
        (&[("content-type", "text/plain")], &with_token),
        (&[], &with_token),
        (&[FORM, ("x-form-token", "feil")], &with_token),
    ];
    for (headers, body) in rows {
        let answer = sent(&user, headers, body).await;
        assert_eq!(answer.status, 403, "{headers:?} {body}");
        assert!(!answer.text().contains(TOKEN));
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        assert_eq!(user.request(method, "/endre", &[], Vec::new()).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_token_sends_no_forms() {
    let t = TestApp::new().await;
    let mut user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    user.signed.as_mut().unwrap().form_token.clear();
    assert_eq!(sent(&user, &[FORM], "_token=").await.status, 403);
    assert_eq!(sent(&user, &[FORM, ("x-form-token", "")], "").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_with_the_token_as_a_part_of_its_own() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let headers = [("content-type", "multipart/form-data; boundary=skille"), ("origin", ORIGIN)];
    let body = |token: &str| {
        format!(
            "--skille\r\nContent-Disposition: form-data; name=\"fil\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--skille\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n{token}\r\n--skille--\r\n"
        )
    };
    assert_eq!(sent(&user, &headers, &body(TOKEN)).await.status, 200);
    assert_eq!(sent(&user, &headers, &body("feil")).await.status, 403);
    assert_eq!(sent(&user, &headers, "--skille\r\nmangler").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_needs_no_token_of_a_form() {
    let t = TestApp::new().await;
    let mut user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    user.signed.as_mut().unwrap().subject.means = Means::Machine;
    assert_eq!(sent(&user, &[("content-type", "application/json")], "{}").await.status, 200);
}

/// Logging somebody in as somebody else is an attack too.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_known_yet_sends_forms_from_here_alone() {
    let t = TestApp::new().await;
    let nobody = at_own(&t, &t.anonymous());
    let sent = async |headers: &[(&str, &str)]| {
        nobody.request(Method::POST, "/innlogging", headers, b"navn=kari".to_vec()).await.status
    };
    assert_eq!(sent(&[FORM, ("origin", ORIGIN)]).await, 200);
    assert_eq!(sent(&[FORM]).await, 200, "a program");
    assert_eq!(sent(&[FORM, ("origin", "https://ond.example")]).await, 403);
    assert_eq!(sent(&[FORM, ("origin", ORIGIN), ("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(sent(&[FORM, ("cookie", "a=b"), ("sec-fetch-site", "cross-site")]).await, 403);
}

/// Browsers write an origin in small letters, and leave out the port that goes without saying.
#[tokio::test(flavor = "multi_thread")]
async fn an_origin_is_compared_as_browsers_write_it() {
    let written = "https://Samspill.test:443";
    let t = TestApp::of(|parts| {
        parts.settings.origin = written.to_owned();
        parts.login = Login::new(LoginSettings::new(written)).unwrap();
    })
    .await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let body = format!("_token={TOKEN}");
    assert_eq!(sent(&user, &[FORM, ("origin", ORIGIN)], &body).await.status, 200);
    assert_eq!(sent(&user, &[FORM, ("origin", "https://samspill.test:8443")], &body).await.status, 403);
}
