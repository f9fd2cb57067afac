//! A browser at the front door, and the accounts that log in with it.

use axum::http::Method;
use jiff::SignedDuration;
use samspill_service::{
    access::Role,
    people::{Account, NewAccount, RoleHeld, SystemRandom},
};

use crate::support::{Answer, ORIGIN, TestApp, User};

/// The password of all accounts here.
pub(crate) const PASSWORD: &str = "fire rare ord sammen";

/// An account with this password and these roles at the trust.
pub(crate) async fn account(t: &TestApp, login: &str, roles: &[Role]) -> Account {
    let accounts = &t.app.parts().accounts;
    let made = accounts.make(&NewAccount::new(login, "Kari Nordmann"), &SystemRandom, t.now()).await.unwrap();
    for role in roles {
        let from = t.now() - SignedDuration::from_hours(1);
        let held = RoleHeld { role: *role, party: t.trust.clone(), unit: None, from, until: None };
        accounts.give_role(&made.id, &held).await.unwrap();
    }
    accounts.preset_password(&made.id, PASSWORD, &SystemRandom, t.now()).await.unwrap();
    accounts.account(&made.id).await.unwrap().unwrap()
}

/// Sends a form as it stands, from our own page.
pub(crate) async fn post(user: &User, path: &str, fields: &[(&str, &str)]) -> Answer {
    post_from(user, path, fields, &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]).await
}

/// Sends a form with what the browser says of where it stood.
pub(crate) async fn post_from(
    user: &User,
    path: &str,
    fields: &[(&str, &str)],
    from: &[(&str, &str)],
) -> Answer {
    let body = serde_html_form::to_string(fields).unwrap().into_bytes();
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    headers.extend(from);
    user.request(Method::POST, path, &headers, body).await
}

/// The token of the first form of a page.
pub(crate) fn token_of(answer: &Answer) -> String {
    let text = answer.text();
    let rest = text.split("name=\"_token\" value=\"").nth(1).unwrap_or_else(|| panic!("no form in {text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Logs in through the login page.
pub(crate) async fn log_in(user: &User, login: &str, password: &str, to: &str) -> Answer {
    let page = user.get("/logg-inn").await;
    assert_eq!(page.status, 200);
    let token = token_of(&page);
    post(user, "/logg-inn", &[("_token", &token), ("navn", login), ("passord", password), ("til", to)]).await
}

/// Somebody who is logged in.
pub(crate) async fn logged_in(t: &TestApp, login: &str) -> User {
    let user = t.anonymous();
    let answer = log_in(&user, login, PASSWORD, "").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"), "{}", answer.text());
    user
}

/// The session's cookie as a whole header.
pub(crate) fn session_cookie(user: &User) -> String {
    format!("__Host-samspill={}", user.cookie("__Host-samspill").expect("a session"))
}

/// Asks with this header of cookies alone.
pub(crate) async fn get_with(t: &TestApp, path: &str, cookie: &str) -> Answer {
    let headers = [("accept", "text/html"), ("cookie", cookie)];
    t.anonymous().request(Method::GET, path, &headers, Vec::new()).await
}

/// Whether a session with this header of cookies is let in.
pub(crate) async fn is_in(t: &TestApp, cookie: &str) -> bool {
    let answer = get_with(t, "/konto", cookie).await;
    assert!(matches!(answer.status, 200 | 303), "{}", answer.status);
    answer.status == 200
}
