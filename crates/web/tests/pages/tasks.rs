use samspill_service::access::Role;

use crate::support::{Side, TestApp};

/// The value of a hidden field of the first task.
fn first(text: &str, name: &str) -> String {
    let (_, after) = text.split_once(&format!("name=\"{name}\" value=\"")).expect("a task");
    after.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn both_sides_have_their_own_duties_and_wait_for_the_others() {
    let test = TestApp::new().await;
    for (role, side, holder) in
        [(Role::Coordination, Side::Trust, "Kommunen"), (Role::CaseOffice, Side::First, "Sykehuset")]
    {
        let user = test.user(role, side);
        let (ours, theirs) =
            (user.get("/oppgaver").await.text(), user.get("/oppgaver?hvem=dem").await.text());
        assert!(ours.contains("Ta den") && !ours.contains(&format!("· {holder}</span>")), "{side:?}");
        assert!(theirs.contains(&format!("· {holder}</span>")) && !theirs.contains("Ta den"), "{side:?}");
    }
}

#[tokio::test]
async fn a_task_is_taken_and_let_go() {
    let test = TestApp::new().await;
    let user = test.user(Role::CaseOffice, Side::First);
    let page = user.get("/oppgaver").await.text();
    let (case, duty) = (first(&page, "opphold"), first(&page, "plikt"));
    let me = user.signed.as_ref().expect("somebody").subject.account.clone();
    let give = async |to: &str| {
        user.post_form("/oppgaver/tildel", &[("opphold", &case), ("plikt", &duty), ("til", to)]).await
    };
    assert_eq!(give(&me).await.header("location"), "/oppgaver?gjort=gitt");
    assert!(user.get("/oppgaver?hvem=mine").await.text().contains(&duty));
    assert_eq!(give("en-annen").await.status, 422);
    assert_eq!(give("").await.status, 303);
    assert!(!user.get("/oppgaver?hvem=mine").await.text().contains(&duty));
}

#[tokio::test]
async fn tasks_of_others_cannot_be_taken() {
    let test = TestApp::new().await;
    let others = test.case_of(Side::Second);
    let user = test.user(Role::CaseOffice, Side::First);
    let me = user.signed.as_ref().expect("somebody").subject.account.clone();
    let fields = [("opphold", others.as_str()), ("plikt", "x.1.1"), ("til", me.as_str())];
    assert_eq!(user.post_form("/oppgaver/tildel", &fields).await.status, 404);
    assert_eq!(user.get(&format!("/oppgaver/gi?opphold={others}&plikt=x.1.1")).await.status, 404);
}

#[tokio::test]
async fn who_looks_after_a_duty_is_its_own_sides_to_say_and_to_know() {
    let test = TestApp::new().await;
    let user = test.user(Role::CaseOffice, Side::First);
    let page = user.get("/oppgaver").await.text();
    let (case, duty) = (first(&page, "opphold"), first(&page, "plikt"));
    let subject = user.signed.as_ref().expect("somebody").subject.clone();
    let fields = [("opphold", case.as_str()), ("plikt", duty.as_str()), ("til", subject.account.as_str())];
    assert_eq!(user.post_form("/oppgaver/tildel", &fields).await.status, 303);
    let other = test.user(Role::Coordination, Side::Trust);
    let theirs = other.get("/oppgaver?hvem=dem").await.text();
    assert!(theirs.contains(&case) && !theirs.contains(&subject.name), "{theirs}");
    let account = other.signed.as_ref().expect("somebody").subject.account.clone();
    let not_ours = [duty.as_str(), "finnes-ikke.1.1", "melding-1-Et annet sted", ""];
    for key in not_ours {
        for to in [account.as_str(), ""] {
            let fields = [("opphold", case.as_str()), ("plikt", key), ("til", to)];
            assert_eq!(other.post_form("/oppgaver/tildel", &fields).await.status, 404, "{key}");
        }
    }
    assert!(user.get("/oppgaver?hvem=mine").await.text().contains(&duty), "it is still theirs");
}
