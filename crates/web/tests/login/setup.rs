//! One-time links to a first password.

use jiff::SignedDuration;
use samspill_service::{
    access::Role,
    people::{NewAccount, RoleHeld, SystemRandom},
};

use crate::{
    browser::{is_in, log_in, logged_in, post, session_cookie, token_of},
    support::{TestApp, User},
};

const NEW: &str = "helt andre ord enn sist";

async fn invited(t: &TestApp) -> String {
    let accounts = &t.app.parts().accounts;
    let made =
        accounts.make(&NewAccount::new("kari", "Kari Nordmann"), &SystemRandom, t.now()).await.unwrap();
    let held = RoleHeld { role: Role::Ward, party: t.trust.clone(), unit: None, from: t.now(), until: None };
    accounts.give_role(&made.id, &held).await.unwrap();
    accounts.invite(&made.id, &SystemRandom, t.now()).await.unwrap().token
}

async fn keep(user: &User, path: &str, one: &str, other: &str) -> crate::support::Answer {
    let page = user.get(path).await;
    assert_eq!(page.status, 200);
    post(user, path, &[("_token", &token_of(&page)), ("passord", one), ("igjen", other)]).await
}

#[tokio::test]
async fn a_link_makes_a_password_once() {
    let t = TestApp::new().await;
    let path = format!("/oppsett/{}", invited(&t).await);
    let user = t.anonymous();
    let answer = keep(&user, &path, NEW, NEW).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/logg-inn?klar=ja"));
    assert_eq!(log_in(&user, "kari", NEW, "").await.status, 303);
    let again = t.anonymous().get(&path).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("Lenken er brukt") && !again.text().contains("kari"));
}

#[tokio::test]
async fn a_link_that_never_was_looks_like_one_that_was_used() {
    let t = TestApp::new().await;
    let path = format!("/oppsett/{}", invited(&t).await);
    keep(&t.anonymous(), &path, NEW, NEW).await;
    let used = t.anonymous().get(&path).await;
    let never = t.anonymous().get(&format!("/oppsett/{}", "A".repeat(43))).await;
    assert_eq!((used.status, used.body), (never.status, never.body));
}

#[tokio::test]
async fn a_link_is_too_old_after_three_days() {
    let t = TestApp::new().await;
    let path = format!("/oppsett/{}", invited(&t).await);
    let lasts = t.app.parts().accounts.settings().link_for;
    t.clock.set(t.now() + lasts + SignedDuration::from_secs(1));
    assert_eq!(t.anonymous().get(&path).await.status, 404);
}

#[tokio::test]
async fn a_password_that_is_not_taken_says_why_and_leaves_the_link() {
    let t = TestApp::new().await;
    let path = format!("/oppsett/{}", invited(&t).await);
    let rows = [
        ("kort", "kort", "for kort"),
        (NEW, "noe helt annet enn det", "ikke like"),
        ("kari liker fire lange ord", "kari liker fire lange ord", "Brukernavnet kan ikke"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "lett å gjette"),
    ];
    for (one, other, says) in rows {
        let answer = keep(&t.anonymous(), &path, one, other).await;
        assert_eq!(answer.status, 422, "{one}");
        assert!(answer.text().contains(says), "{one}");
    }
    assert_eq!(keep(&t.anonymous(), &path, NEW, NEW).await.status, 303);
}

#[tokio::test]
async fn a_link_is_not_used_by_a_form_from_elsewhere() {
    let t = TestApp::new().await;
    let path = format!("/oppsett/{}", invited(&t).await);
    let answer = post(&t.anonymous(), &path, &[("_token", "x"), ("passord", NEW), ("igjen", NEW)]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(keep(&t.anonymous(), &path, NEW, NEW).await.status, 303);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old() {
    let t = TestApp::new().await;
    let held = crate::browser::account(&t, "kari", &[Role::Ward]).await;
    let cookie = session_cookie(&logged_in(&t, "kari").await);
    let link = t.app.parts().accounts.invite(&held.id, &SystemRandom, t.now()).await.unwrap();
    assert!(is_in(&t, &cookie).await);
    keep(&t.anonymous(), &format!("/oppsett/{}", link.token), NEW, NEW).await;
    assert!(!is_in(&t, &cookie).await);
}
