//! What somebody wants to be told by e-mail.

use samspill_service::{
    access::Role,
    notices::{Doing, NoticeState, Notices},
    people::SystemRandom,
};
use samspill_store::AccessFilter;
use samspill_web::front::OutgoingMail;

use crate::{
    browser::{account, logged_in, post, token_of},
    support::{Side, TestApp, User},
};

async fn with_mail() -> TestApp {
    TestApp::with(|settings| settings.mail = OutgoingMail::SetUp).await
}

fn notices(t: &TestApp) -> Notices {
    let parts = t.app.parts();
    Notices::new(parts.store.clone(), parts.community.clone(), parts.people_register.clone())
}

async fn id(t: &TestApp, login: &str) -> String {
    t.app.parts().accounts.by_login(login).await.unwrap().unwrap().id
}

/// Sends the form as the page has it, with these fields.
async fn save(user: &User, fields: &[(&str, &str)]) -> crate::support::Answer {
    let page = user.get("/konto/varsler").await;
    let text = page.text();
    let version =
        text.split("name=\"versjon\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let token = token_of(&page);
    let mut all = vec![("_token", token.as_str()), ("versjon", version.as_str())];
    all.extend(fields);
    post(user, "/konto/varsler", &all).await
}

const FORM: [(&str, &str); 7] = [
    ("pa", "ja"),
    ("epost", "kari@sykehus.example"),
    ("slag", "frist"),
    ("foran", "30"),
    ("hvem", "mine"),
    ("stille-fra", "23:30"),
    ("stille-til", "06:00"),
];

#[tokio::test]
async fn where_there_is_no_mail_server_the_page_says_so_and_nothing_can_be_chosen() {
    let t = TestApp::new().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    assert!(user.get("/konto").await.text().contains("href=\"/konto/varsler\""));
    let page = user.get("/konto/varsler").await;
    assert!(page.status == 200 && page.text().contains("E-post er ikke satt opp her"), "{}", page.text());
    assert!(!page.text().contains("name=\"epost\""));
    let token = token_of(&page);
    let mut fields = vec![("_token", token.as_str())];
    fields.extend(FORM);
    assert_eq!(post(&user, "/konto/varsler", &fields).await.status, 404);
}

#[tokio::test]
async fn nothing_is_sent_until_somebody_chose_and_proved_an_address() {
    let t = with_mail().await;
    account(&t, "kari", &[Role::Ward]).await;
    account(&t, "ola", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    assert!(user.get("/konto/varsler").await.text().contains("Ingen varsler sendes."));
    let answer = save(&user, &FORM).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto/varsler?gjort=lagret"));
    let page = user.get("/konto/varsler").await.text();
    for shown in [
        "En lenke sendes snart til kari@sykehus.example",
        "value=\"23:30\"",
        "value=\"30\" selected",
        "value=\"mine\" selected",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    let kept = notices(&t).of(&id(&t, "kari").await).await.unwrap();
    let (token, _) = notices(&t).make_link(&kept, &SystemRandom, t.now()).await.unwrap().unwrap();
    let path = format!("/konto/varsler/bekreft/{token}");
    // Another's link is as none; who isn't logged in comes back to it.
    let other = logged_in(&t, "ola").await;
    let gone = other.get(&path).await;
    assert!(gone.status == 404 && !gone.text().contains("kari@"), "{}", gone.text());
    assert_eq!(post(&other, &path, &[("_token", &token_of(&gone))]).await.status, 404);
    assert!(
        t.anonymous()
            .get(&path)
            .await
            .header("location")
            .starts_with("/logg-inn?til=%2Fkonto%2Fvarsler%2Fbekreft%2F")
    );
    // The page alone uses nothing up.
    let page = user.get(&path).await;
    assert!(page.status == 200 && page.text().contains("kari@sykehus.example"));
    let answer = post(&user, &path, &[("_token", &token_of(&page))]).await;
    assert_eq!(answer.header("location"), "/konto/varsler?gjort=bekreftet");
    assert!(user.get("/konto/varsler").await.text().contains("Varsler sendes til kari@sykehus.example."));
    assert_eq!(post(&user, &path, &[("_token", &token_of(&page))]).await.status, 404, "once");
}

#[tokio::test]
async fn a_form_without_an_address_comes_back_with_what_is_wrong() {
    let t = with_mail().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    for bad in ["", "kari", "kari@sykehus.example, ola@sykehus.example", "<script>@a.example"] {
        let mut form = FORM;
        form[1] = ("epost", bad);
        let answer = save(&user, &form).await;
        let text = answer.text();
        assert!(
            answer.status == 422 && text.contains("aria-invalid=\"true\"") && !text.contains("<script>@"),
            "{text}"
        );
        assert!(text.contains("value=\"23:30\""), "what was written stays");
    }
    // Off needs none.
    assert_eq!(save(&user, &[("epost", "")]).await.status, 303);
    assert_eq!(notices(&t).of(&id(&t, "kari").await).await.unwrap().version, 1);
}

#[tokio::test]
async fn of_two_windows_the_older_is_told_so() {
    let t = with_mail().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    let token = token_of(&user.get("/konto/varsler").await);
    let mut fields = vec![("_token", token.as_str()), ("versjon", "0")];
    fields.extend(FORM);
    assert_eq!(post(&user, "/konto/varsler", &fields).await.status, 303);
    assert_eq!(post(&user, "/konto/varsler", &fields).await.status, 409);
    fields[0] = ("_token", "en annens");
    assert!(post(&user, "/konto/varsler", &fields).await.status >= 400);
}

#[tokio::test]
async fn administrators_see_whether_and_not_where() {
    let t = with_mail().await;
    account(&t, "kari", &[Role::Ward]).await;
    let kari = logged_in(&t, "kari").await;
    save(&kari, &FORM).await;
    let path = format!("/admin/kontoer/{}", id(&t, "kari").await);
    let admin = t.user(Role::Administrator, Side::Trust);
    let page = admin.get(&path).await.text();
    assert!(
        page.contains("Varsler på e-post: venter på bekreftelse") && !page.contains("sykehus.example"),
        "{page}"
    );
    // The access log has the change, and no address.
    let filter = AccessFilter { account: Some(id(&t, "kari").await), ..AccessFilter::default() };
    let rows = t.app.parts().store.accesses(&t.app.parts().community, &filter, None, 99).await.unwrap();
    let shown = format!("{rows:?}");
    assert!(shown.contains("varsler på") && !shown.contains("sykehus.example"), "{shown}");
    // What is deleted is gone.
    let token = token_of(&kari.get("/konto/varsler").await);
    assert_eq!(post(&kari, "/konto/varsler/slett", &[("_token", &token)]).await.status, 303);
    assert!(!kari.get("/konto/varsler").await.text().contains("sykehus.example"));
    assert!(admin.get(&path).await.text().contains("Varsler på e-post: av"));
}

#[tokio::test]
async fn an_address_that_is_refused_is_said_and_another_link_asked_for() {
    let t = with_mail().await;
    account(&t, "kari", &[Role::Ward]).await;
    let user = logged_in(&t, "kari").await;
    save(&user, &FORM).await;
    let kept = notices(&t).of(&id(&t, "kari").await).await.unwrap();
    notices(&t).refuse(&kept, &SystemRandom, t.now()).await.unwrap();
    let page = user.get("/konto/varsler").await;
    assert!(page.text().contains("ingen tar imot e-post på kari@sykehus.example"), "{}", page.text());
    let answer = post(&user, "/konto/varsler/lenke", &[("_token", &token_of(&page))]).await;
    assert_eq!(answer.header("location"), "/konto/varsler?gjort=lenke");
    assert_eq!(notices(&t).state_of(&id(&t, "kari").await).await.unwrap(), NoticeState::Asked);
    let other = t.subject(Role::Ward, Side::Trust);
    let doing = Doing { by: &other, node: "prove", request: "", random: &SystemRandom, now: t.now() };
    assert!(notices(&t).ask_again(doing).await.is_err(), "who asked for none gets none");
}
