//! The logins of a demo.

use samspill_service::access::Role;
use samspill_web::login::{DemoLogin, Login, LoginSettings};

use crate::{
    browser::{PASSWORD, account, is_in, post, session_cookie, token_of},
    support::{ORIGIN, TestApp},
};

async fn demo() -> TestApp {
    let t = TestApp::of(|parts| {
        let one = |login: &str, group: &str| DemoLogin {
            login: login.to_owned(),
            password: PASSWORD.to_owned(),
            shown: format!("Sykepleier <{login}>"),
            group: group.to_owned(),
        };
        let demo = Some(vec![one("kari", "Sykehus"), one("ola", "Kommune")]);
        parts.login = Login::new(LoginSettings { demo, ..LoginSettings::new(ORIGIN) }).unwrap();
    })
    .await;
    account(&t, "kari", &[Role::Ward]).await;
    account(&t, "eier", &[Role::Administrator]).await;
    t
}

#[tokio::test]
async fn a_login_of_the_demo_takes_one_click() {
    let t = demo().await;
    let user = t.anonymous();
    let page = user.get("/logg-inn?til=/konto").await;
    let text = page.text();
    assert!(text.contains("Sykehus") && text.contains("Kommune") && !text.contains(PASSWORD));
    assert!(text.contains("Sykepleier &#60;kari&#62;") || text.contains("Sykepleier &lt;kari&gt;"), "{text}");
    let fields = [("_token", token_of(&page)), ("navn", "kari".to_owned()), ("til", "/konto".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = post(&user, "/logg-inn/demo", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto"));
    assert!(is_in(&t, &session_cookie(&user)).await);
}

#[tokio::test]
async fn an_account_that_is_not_of_the_demo_needs_its_password() {
    let t = demo().await;
    let user = t.anonymous();
    let token = token_of(&user.get("/logg-inn").await);
    assert_eq!(post(&user, "/logg-inn/demo", &[("_token", &token), ("navn", "eier")]).await.status, 404);
    assert_eq!(post(&user, "/logg-inn/demo", &[("_token", "x"), ("navn", "kari")]).await.status, 403);
}

#[tokio::test]
async fn without_a_demo_there_are_no_such_logins() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = t.anonymous();
    let token = token_of(&user.get("/logg-inn").await);
    assert_eq!(post(&user, "/logg-inn/demo", &[("_token", &token), ("navn", "kari")]).await.status, 404);
}
