//! What is tried against sessions.

use axum::http::Method;
use samspill_service::access::Role;

use crate::{
    browser::{
        PASSWORD, account, get_with, is_in, log_in, logged_in, post, post_from, session_cookie, token_of,
    },
    support::{ORIGIN, TestApp},
};

#[tokio::test]
async fn a_session_that_somebody_planted_is_never_the_one_that_is_logged_in() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    account(&t, "ola", &[Role::Ward]).await;
    let attacker = logged_in(&t, "ola").await;
    let planted = session_cookie(&attacker);
    // The victim's browser comes with the attacker's session, and logs in over it.
    let user = t.anonymous();
    let page = user.get("/logg-inn").await;
    let form = format!("__Host-samspill-inn={}", user.cookie("__Host-samspill-inn").unwrap());
    let victim = t.anonymous();
    let cookies = format!("{planted}; {form}");
    let body = serde_html_form::to_string([
        ("_token", token_of(&page).as_str()),
        ("navn", "kari"),
        ("passord", PASSWORD),
    ]);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("cookie", cookies.as_str()),
        ("origin", ORIGIN),
    ];
    let answer = victim.request(Method::POST, "/logg-inn", &headers, body.unwrap().into_bytes()).await;
    // Logged in as somebody else, its forms need that session's token.
    assert_eq!(answer.status, 403);
    let fixed = get_with(&t, "/konto", "__Host-samspill=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(fixed.status, 303);
    let answer = log_in(&user, "kari", PASSWORD, "").await;
    assert_eq!(answer.status, 303);
    assert_ne!(session_cookie(&user), planted);
}

#[tokio::test]
async fn a_value_that_was_made_up_before_the_login_is_not_a_session_after_it() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let made_up = "B".repeat(43);
    let user = t.anonymous();
    let page = user.get("/logg-inn").await;
    let cookies = format!(
        "__Host-samspill={made_up}; __Host-samspill-inn={}",
        user.cookie("__Host-samspill-inn").unwrap()
    );
    let token = token_of(&page);
    let body =
        serde_html_form::to_string([("_token", token.as_str()), ("navn", "kari"), ("passord", PASSWORD)]);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("cookie", cookies.as_str()),
        ("origin", ORIGIN),
    ];
    let browser = t.anonymous();
    let answer = browser.request(Method::POST, "/logg-inn", &headers, body.unwrap().into_bytes()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_ne!(browser.cookie("__Host-samspill").unwrap(), made_up);
    assert!(is_in(&t, &session_cookie(&browser)).await);
    assert!(!is_in(&t, &format!("__Host-samspill={made_up}")).await);
}

#[tokio::test]
async fn a_cookie_without_its_guarded_name_or_there_twice_is_nobody() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let guarded = session_cookie(&logged_in(&t, "kari").await);
    let bare = guarded.replace("__Host-", "");
    assert!(is_in(&t, &guarded).await);
    assert!(!is_in(&t, &bare).await);
    assert!(!is_in(&t, &guarded.replace("__Host-", "__host-")).await);
    assert!(!is_in(&t, &guarded.replace("__Host-", "__Secure-")).await);
    assert!(!is_in(&t, &format!("{guarded}; __Host-samspill=x")).await);
    assert!(!is_in(&t, &format!("{guarded}x")).await);
    assert!(!is_in(&t, "__Host-samspill=' OR 1=1 --").await);
}

#[tokio::test]
async fn forms_without_the_token_of_the_session_do_nothing() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    account(&t, "ola", &[Role::Ward]).await;
    let (user, other) = (logged_in(&t, "kari").await, logged_in(&t, "ola").await);
    let foreign = token_of(&other.get("/konto").await);
    for path in
        ["/logg-ut", "/logg-ut/overalt", "/konto/sprak", "/konto/okt", "/konto/passord", "/velg-rolle"]
    {
        for fields in [
            &[("sprak", "nn")][..],
            &[("_token", ""), ("sprak", "nn")],
            &[("_token", &foreign), ("sprak", "nn")],
        ] {
            let answer = post(&user, path, fields).await;
            assert_eq!(answer.status, 403, "{path} {fields:?}");
        }
    }
    assert!(is_in(&t, &session_cookie(&user)).await);
}

#[tokio::test]
async fn forms_from_elsewhere_do_nothing_even_with_the_token() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    let token = token_of(&user.get("/konto").await);
    let elsewhere: [&[(&str, &str)]; 5] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://samspill.test.evil.example")],
        &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
        &[("sec-fetch-site", "same-site")],
    ];
    for from in elsewhere {
        assert_eq!(post_from(&user, "/logg-ut", &[("_token", &token)], from).await.status, 403, "{from:?}");
    }
    assert!(is_in(&t, &session_cookie(&user)).await);
}

#[tokio::test]
async fn nobody_is_logged_in_by_a_form_from_elsewhere_or_without_its_cookie() {
    let t = TestApp::with(|settings| settings.login_rate.burst = 100).await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = t.anonymous();
    let token = token_of(&user.get("/logg-inn").await);
    let right = [("_token", token.as_str()), ("navn", "kari"), ("passord", PASSWORD)];
    for from in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(post_from(&user, "/logg-inn", &right, &[from]).await.status, 403, "{from:?}");
    }
    for fields in [&right[1..], &[("_token", "x"), right[1], right[2]], &[("_token", ""), right[1], right[2]]]
    {
        let answer = post(&user, "/logg-inn", fields).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("Siden var for gammel"));
    }
    // The token without the cookie that goes with it.
    assert_eq!(post(&t.anonymous(), "/logg-inn", &right).await.status, 403);
    assert_eq!(post(&user, "/logg-inn", &right).await.status, 303);
}

#[tokio::test]
async fn a_stolen_cookie_is_worthless_after_logging_out_everywhere() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let (here, there) = (logged_in(&t, "kari").await, logged_in(&t, "kari").await);
    let (stolen, own) = (session_cookie(&there), session_cookie(&here));
    assert!(is_in(&t, &stolen).await && is_in(&t, &own).await);
    let token = token_of(&here.get("/konto").await);
    let answer = post(&here, "/logg-ut/overalt", &[("_token", &token)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/logg-inn?ut=ja"));
    assert_eq!(here.cookie("__Host-samspill"), None);
    assert!(!is_in(&t, &stolen).await && !is_in(&t, &own).await);
}

#[tokio::test]
async fn a_stolen_cookie_is_worthless_after_logging_out() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    let stolen = session_cookie(&user);
    let token = token_of(&user.get("/konto").await);
    assert_eq!(post(&user, "/logg-ut", &[("_token", &token)]).await.status, 303);
    assert!(!is_in(&t, &stolen).await);
}

#[tokio::test]
async fn logging_out_is_never_a_link() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    assert_eq!(user.get("/logg-ut").await.status, 405);
    assert_eq!(user.get("/logg-ut/overalt").await.status, 405);
    assert!(is_in(&t, &session_cookie(&user)).await);
}

#[tokio::test]
async fn a_session_ends_with_its_account() {
    let t = TestApp::new().await;
    let held = account(&t, "kari", &[Role::Ward]).await;
    let cookie = session_cookie(&logged_in(&t, "kari").await);
    t.app.parts().accounts.close(&held.id, t.now()).await.unwrap();
    assert!(!is_in(&t, &cookie).await);
}
