//! Logging in with a password.

use jiff::SignedDuration;
use samspill_service::access::Role;
use samspill_web::login::{LocalLogin, Login, LoginSettings};

use crate::{
    browser::{PASSWORD, account, is_in, log_in, logged_in, post, session_cookie, token_of},
    support::{ORIGIN, TestApp},
};

#[tokio::test]
async fn who_has_the_password_is_let_in_and_led_to_the_page_that_was_wanted() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = t.anonymous();
    let wanted = user.get("/konto?x=1").await;
    assert_eq!((wanted.status, wanted.header("location")), (303, "/logg-inn?til=%2Fkonto%3Fx%3D1"));
    let answer = log_in(&user, "kari", PASSWORD, "/konto?x=1").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto?x=1"));
    let page = user.get("/konto?x=1").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Kari Nordmann"));
}

#[tokio::test]
async fn the_cookie_is_guarded_and_no_page_shows_it() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = t.anonymous();
    let answer = log_in(&user, "kari", PASSWORD, "").await;
    let cookie = answer.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-samspill="), "{cookie}");
    for guard in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(guard), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let secret = user.cookie("__Host-samspill").unwrap();
    assert!(!user.get("/konto").await.text().contains(&secret));
}

#[tokio::test]
async fn all_that_is_wrong_is_refused_in_the_same_words() {
    let t = TestApp::new().await;
    let held = account(&t, "kari", &[Role::Ward]).await;
    let wrong = log_in(&t.anonymous(), "kari", "feil passord her", "").await;
    let unknown = log_in(&t.anonymous(), "ukjent", "feil passord her", "").await;
    t.app.parts().accounts.close(&held.id, t.now()).await.unwrap();
    let closed = log_in(&t.anonymous(), "kari", PASSWORD, "").await;
    let said = |answer: &crate::support::Answer, login: &str| {
        answer.text().replace(&token_of(answer), "").replace(&format!("value=\"{login}\""), "")
    };
    assert_eq!((wrong.status, unknown.status, closed.status), (422, 422, 422));
    assert_eq!(said(&wrong, "kari"), said(&unknown, "ukjent"));
    assert_eq!(said(&wrong, "kari"), said(&closed, "kari"));
    assert!(wrong.text().contains("etter 5 feil er en konto stengt i 15 minutter"));
}

#[tokio::test]
async fn an_account_is_locked_after_five_mistakes_and_opens_after_a_quarter() {
    let t = TestApp::with(|settings| settings.login_rate.burst = 100).await;
    account(&t, "kari", &[Role::Ward]).await;
    for _ in 0..5 {
        assert_eq!(log_in(&t.anonymous(), "kari", "feil passord her", "").await.status, 422);
    }
    assert_eq!(log_in(&t.anonymous(), "kari", PASSWORD, "").await.status, 422);
    t.clock.set(t.now() + SignedDuration::from_secs(15 * 60 - 1));
    assert_eq!(log_in(&t.anonymous(), "kari", PASSWORD, "").await.status, 422);
    t.clock.set(t.now() + SignedDuration::from_secs(2));
    assert_eq!(log_in(&t.anonymous(), "kari", PASSWORD, "").await.status, 303);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_after_logging_in() {
    let t = TestApp::with(|settings| settings.login_rate.burst = 100).await;
    account(&t, "kari", &[Role::Ward]).await;
    for elsewhere in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/.//evil.example", "/logg-ut"]
    {
        let user = t.anonymous();
        let answer = log_in(&user, "kari", PASSWORD, elsewhere).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{elsewhere}");
        let again = user.get(&format!("/logg-inn?til={elsewhere}")).await;
        assert_eq!((again.status, again.header("location")), (303, "/"), "{elsewhere}");
    }
}

#[tokio::test]
async fn a_session_ends_when_it_rests_and_when_it_is_old() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let settings = t.app.parts().accounts.settings().clone();
    let cookie = session_cookie(&logged_in(&t, "kari").await);
    t.clock.set(t.now() + settings.idle_max - SignedDuration::from_secs(1));
    assert!(is_in(&t, &cookie).await);
    t.clock.set(t.now() + settings.idle_max + SignedDuration::from_secs(1));
    assert!(!is_in(&t, &cookie).await);

    let cookie = session_cookie(&logged_in(&t, "kari").await);
    let end = t.now() + settings.session_max;
    while t.now() + settings.idle_max / 2 < end {
        t.clock.set(t.now() + settings.idle_max / 2);
        assert!(is_in(&t, &cookie).await);
    }
    t.clock.set(end + SignedDuration::from_secs(1));
    assert!(!is_in(&t, &cookie).await);
}

#[tokio::test]
async fn where_only_the_provider_lets_in_no_password_does() {
    let t = TestApp::of(|parts| {
        let settings = LoginSettings { local: LocalLogin::Off, ..LoginSettings::new(ORIGIN) };
        parts.login = Login::new(settings).unwrap();
    })
    .await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = t.anonymous();
    assert!(!user.get("/logg-inn").await.text().contains("name=\"passord\""));
    assert_eq!(post(&user, "/logg-inn", &[("navn", "kari"), ("passord", PASSWORD)]).await.status, 404);
    assert_eq!(user.get("/oppsett/abc").await.status, 404);
    assert_eq!(user.get("/oidc/inn").await.status, 404);
}

#[tokio::test]
async fn what_programs_ask_for_is_refused_without_being_led_anywhere() {
    let t = TestApp::new().await;
    assert_eq!(t.anonymous().get_json("/konto").await.status, 401);
    let headers = [("accept", "text/html"), ("hx-request", "true")];
    let part = t.anonymous().request(axum::http::Method::GET, "/konto", &headers, Vec::new()).await;
    assert_eq!((part.status, part.header("hx-redirect")), (401, "/logg-inn"));
}
