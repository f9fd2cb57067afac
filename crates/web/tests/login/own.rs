//! Somebody's own account.

use samspill_service::access::Role;

use crate::{
    browser::{PASSWORD, account, is_in, log_in, logged_in, post, session_cookie, token_of},
    support::TestApp,
};

fn handle(page: &str) -> String {
    page.split("name=\"okt\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn another_session_is_ended_from_this_one() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let (here, there) = (logged_in(&t, "kari").await, logged_in(&t, "kari").await);
    let page = here.get("/konto").await;
    let handle = handle(&page.text());
    assert!(!session_cookie(&there).contains(&handle), "what names a session isn't its secret");
    let answer = post(&here, "/konto/okt", &[("_token", &token_of(&page)), ("okt", &handle)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto?gjort=okt"));
    assert!(!is_in(&t, &session_cookie(&there)).await && is_in(&t, &session_cookie(&here)).await);
}

#[tokio::test]
async fn the_session_of_another_account_is_not_there() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    account(&t, "ola", &[Role::Ward]).await;
    let (victim, second, attacker) =
        (logged_in(&t, "kari").await, logged_in(&t, "kari").await, logged_in(&t, "ola").await);
    let handle = handle(&victim.get("/konto").await.text());
    let token = token_of(&attacker.get("/konto").await);
    assert_eq!(post(&attacker, "/konto/okt", &[("_token", &token), ("okt", &handle)]).await.status, 404);
    assert!(is_in(&t, &session_cookie(&second)).await);
}

#[tokio::test]
async fn the_language_is_kept_with_the_account() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    let token = token_of(&user.get("/konto").await);
    let answer = post(&user, "/konto/sprak", &[("_token", &token), ("sprak", "en")]).await;
    assert_eq!(answer.status, 303);
    assert!(user.get("/konto").await.text().contains("<html lang=\"en\""));
    assert!(logged_in(&t, "kari").await.get("/konto").await.text().contains("Log out everywhere"));
    assert_eq!(post(&user, "/konto/sprak", &[("_token", &token), ("sprak", "xx")]).await.status, 404);
}

#[tokio::test]
async fn the_password_is_changed_by_who_knows_the_old_one() {
    let t = TestApp::with(|settings| settings.login_rate.burst = 100).await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    let token = token_of(&user.get("/konto").await);
    let change = |old: &'static str, new: &'static str| {
        let (token, user) = (&token, &user);
        async move {
            let fields = [("_token", token.as_str()), ("gammelt", old), ("passord", new), ("igjen", new)];
            post(user, "/konto/passord", &fields).await
        }
    };
    let new = "helt andre ord enn sist";
    assert!(change("feil passord her", new).await.text().contains("gamle passordet er feil"));
    assert!(change(PASSWORD, "kort").await.text().contains("for kort"));
    assert_eq!(change(PASSWORD, new).await.header("location"), "/konto?gjort=passord");
    assert_eq!(log_in(&t.anonymous(), "kari", PASSWORD, "").await.status, 422);
    assert_eq!(log_in(&t.anonymous(), "kari", new, "").await.status, 303);
}
