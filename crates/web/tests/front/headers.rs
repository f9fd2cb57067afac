//! The headers of all answers, and the words of those that refuse.

use axum::http::Method;
use samspill_service::access::Role;

use crate::{
    own::at_own,
    support::{ORIGIN, Side, TestApp},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers_that_keep_it_safe() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    for path in ["/hei", "/finnes-ikke", "/panikk", "/api/hei", "/feil"] {
        let answer = user.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_browsers_are_not_told_to_insist_on_it() {
    let t = TestApp::with(|settings| settings.origin = "http://localhost:8080".to_owned()).await;
    assert_eq!(t.anonymous().get("/").await.header("strict-transport-security"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_without_what_failed() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    for path in ["/panikk", "/feil"] {
        let answer = user.get(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (500, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(answer.text().contains("Noe gikk galt") && !answer.text().contains("hunter2"), "{path}");
        assert!(!answer.text().contains("hemmelig"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bare_words_of_the_machinery_are_worded_anew_and_own_words_are_kept() {
    let t = TestApp::new().await;
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let bare = user.get("/tekst").await;
    assert!(bare.status == 400 && !bare.text().contains("hemmelig"), "{}", bare.text());
    assert_eq!(user.get("/ord").await.text(), "<p>egne ord</p>");
    let wrong = user.get("/galt").await;
    assert!(wrong.status == 422 && wrong.text().contains("skriv 2025-02-28 &lt;b&gt;"), "{}", wrong.text());
    let method = user
        .request(
            Method::DELETE,
            "/hei",
            &[("origin", ORIGIN), ("x-form-token", "token-sengepost-trust")],
            Vec::new(),
        )
        .await;
    assert_eq!((method.status, method.header("allow")), (405, "GET,HEAD"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_in_the_language_of_the_session_or_of_the_browser() {
    let t = TestApp::new().await;
    let nobody = at_own(&t, &t.anonymous());
    let asked = async |language: &str| {
        nobody.request(Method::GET, "/finnes-ikke", &[("accept-language", language)], Vec::new()).await.text()
    };
    assert!(asked("nn-NO,nb;q=0.5").await.contains("Finst ikkje"));
    assert!(asked("en").await.contains("lang=\"en\""));
    assert!(asked("se, nb").await.contains("Finnes ikke"));
    let known = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let answer = known.request(Method::GET, "/finnes-ikke", &[("accept-language", "en")], Vec::new()).await;
    assert!(answer.text().contains("Finnes ikke"), "the session's language comes first");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_where_somebody_is_asked_for() {
    let t = TestApp::new().await;
    assert_eq!(at_own(&t, &t.anonymous()).get("/kun-innlogget").await.status, 401);
    assert_eq!(at_own(&t, &t.user(Role::Member, Side::Trust)).get("/kun-innlogget").await.text(), "inne");
}
