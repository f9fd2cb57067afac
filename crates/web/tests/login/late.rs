//! A session that was over while somebody wrote: what they typed is theirs to get back.

use jiff::SignedDuration;
use samspill_service::access::Role;

use crate::{
    browser::{PASSWORD, account, log_in, logged_in, post, token_of},
    support::{TestApp, User},
};

/// Past the time that a session may lie unused.
const IDLE: SignedDuration = SignedDuration::from_mins(31);
const PATH: &str = "/melding/1";

/// Sends a form when the session is over: what it answers leads to.
async fn sent_late(t: &TestApp, user: &User, fields: &[(&str, &str)]) -> (u16, String) {
    let token = token_of(&user.get("/konto").await);
    t.clock.set(t.now() + IDLE);
    let answer = post(user, PATH, &[&[("_token", token.as_str())], fields].concat()).await;
    (answer.status, answer.header("location").to_owned())
}

const KEPT: &str = "/logg-inn?til=/fortsett&ut=tid";

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_sent_too_late_is_given_back_after_the_login_and_not_sent() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Coordination]).await;
    let user = logged_in(&t, "kari").await;
    let fields = [("gjor", "videre"), ("enhet", "Ringt <legen> & avtalt\nnytt møte")];
    let (status, location) = sent_late(&t, &user, &fields).await;
    assert_eq!((status, location.replace("%2F", "/").as_str()), (303, KEPT));
    let page = user.get(&location).await;
    assert!(page.text().contains("tatt vare på") && !page.text().contains("Ringt"), "{}", page.text());
    assert_eq!(log_in(&user, "kari", PASSWORD, "/fortsett").await.header("location"), "/fortsett");
    let page = user.get("/fortsett").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains(&format!("action=\"{PATH}\"")), "{text}");
    assert!(text.matches("avtalt\nnytt møte").count() == 2 && !text.contains("<legen>"), "{text}");
    let token = token_of(&page);
    assert_eq!(post(&user, "/fortsett", &[("_token", &token)]).await.status, 303);
    assert_eq!(user.get("/fortsett").await.status, 404, "it was thrown away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_a_stay_is_shown_again_by_the_form_itself() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Coordination]).await;
    let user = logged_in(&t, "kari").await;
    t.clock.set(t.now() + IDLE);
    let path = "/opphold/sak/skriv/tidligmelding";
    assert_eq!(post(&user, path, &[("gjor", "send"), ("f_status", "Stabil.")]).await.status, 303);
    log_in(&user, "kari", PASSWORD, "/fortsett").await;
    let text = user.get("/fortsett").await.text();
    let begin = format!("<form method=\"post\" action=\"{path}\">");
    let form = text.split(&begin).nth(1).and_then(|rest| rest.split("</form>").next()).unwrap();
    assert!(form.contains("name=\"gjor\" value=\"endre\"") && !form.contains("send"), "{form}");
    assert!(form.contains("name=\"f_status\"") && form.contains("Stabil."), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_typed_is_given_to_nobody_else() {
    let t = TestApp::new().await;
    for login in ["kari", "ola"] {
        account(&t, login, &[Role::Coordination]).await;
    }
    let user = logged_in(&t, "kari").await;
    assert_eq!(sent_late(&t, &user, &[("enhet", "Hemmelig")]).await.0, 303);
    log_in(&user, "ola", PASSWORD, "/fortsett").await;
    assert_eq!(user.get("/fortsett").await.status, 404);
    let other = logged_in(&t, "kari").await;
    assert!(other.get("/fortsett").await.text().contains("Hemmelig"));
    t.clock.set(t.now() + SignedDuration::from_hours(13));
    let later = logged_in(&t, "kari").await;
    assert_eq!(later.get("/fortsett").await.status, 404, "it isn't kept for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_who_logged_out_and_of_what_is_too_much() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Coordination]).await;
    let user = logged_in(&t, "kari").await;
    let much = "x".repeat(129 << 10);
    assert_eq!(sent_late(&t, &user, &[("enhet", &much)]).await.0, 401);
    let stranger = t.anonymous();
    assert_eq!(post(&stranger, PATH, &[("enhet", "Noe")]).await.status, 401);
}
