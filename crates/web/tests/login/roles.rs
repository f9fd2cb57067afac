//! Accounts with several roles.

use samspill_service::access::Role;

use crate::{
    browser::{PASSWORD, account, is_in, log_in, logged_in, post, session_cookie, token_of},
    support::TestApp,
};

#[tokio::test]
async fn who_has_several_roles_chooses_one_before_anything_else() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward, Role::Coordination]).await;
    let user = t.anonymous();
    let answer = log_in(&user, "kari", PASSWORD, "/konto").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/velg-rolle?til=%2Fkonto"));
    let wanted = user.get("/konto").await;
    assert_eq!((wanted.status, wanted.header("location")), (303, "/velg-rolle?til=%2Fkonto"));
    let page = user.get("/velg-rolle?til=/konto").await;
    assert!(page.text().contains("Sengepost") && page.text().contains("Samhandlingskontor"));
    let before = session_cookie(&user);
    let role = format!("{}:{}", Role::Ward.as_str(), t.trust);
    let fields = [("_token", token_of(&page)), ("rolle", role), ("til", "/konto".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let chosen = post(&user, "/velg-rolle", &fields).await;
    assert_eq!((chosen.status, chosen.header("location")), (303, "/konto"));
    assert_eq!(user.get("/konto").await.status, 200);
    assert_ne!(session_cookie(&user), before);
    assert!(!is_in(&t, &before).await, "the session from before the choice is dead");
}

#[tokio::test]
async fn a_role_that_the_account_does_not_have_is_not_there() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward, Role::Coordination]).await;
    let user = t.anonymous();
    log_in(&user, "kari", PASSWORD, "").await;
    let token = token_of(&user.get("/velg-rolle").await);
    for role in
        [format!("administrator:{}", t.trust), format!("sengepost:{}", t.first), "x".into(), String::new()]
    {
        let answer = post(&user, "/velg-rolle", &[("_token", &token), ("rolle", &role)]).await;
        assert_eq!(answer.status, 404, "{role}");
    }
    assert_eq!(post(&user, "/velg-rolle", &[("_token", "x"), ("rolle", "y")]).await.status, 404);
}

#[tokio::test]
async fn who_has_no_role_sees_only_that() {
    let t = TestApp::new().await;
    account(&t, "kari", &[]).await;
    let user = t.anonymous();
    let answer = log_in(&user, "kari", PASSWORD, "").await;
    assert_eq!(answer.header("location"), "/velg-rolle");
    assert!(user.get("/velg-rolle").await.text().contains("ingen rolle"));
    assert_eq!(user.get("/konto").await.header("location"), "/velg-rolle?til=%2Fkonto");
}

#[tokio::test]
async fn nobody_chooses_a_role_without_being_logged_in() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    assert_eq!(t.anonymous().get("/velg-rolle").await.header("location"), "/logg-inn?til=%2Fvelg-rolle");
    let user = logged_in(&t, "kari").await;
    assert!(user.get("/velg-rolle").await.text().contains("aria-current"));
}
