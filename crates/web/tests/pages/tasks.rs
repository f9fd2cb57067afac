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
    let given = give(&me).await;
    assert!(given.header("location").starts_with("/oppgaver?gjort=gitt&angre="), "{:?}", given.headers);
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

#[tokio::test]
async fn what_came_since_somebody_looked_is_said_until_they_say_that_they_saw_it() {
    let test = TestApp::new().await;
    let user = test.user(Role::CaseOffice, Side::First);
    let page = user.get("/oppgaver").await.text();
    assert!(
        page.contains("role=\"status\" aria-live=\"polite\"") && page.contains("Siden du så sist: "),
        "{page}"
    );
    let until = first(&page, "til");
    assert_eq!(
        user.post_form("/oppgaver/sett", &[("til", &until)]).await.header("location"),
        "/oppgaver?gjort=sett"
    );
    assert!(!user.get("/oppgaver").await.text().contains("Siden du så sist: "));
    // A look from before, or from a time to come, changes nothing; a text is none.
    assert_eq!(user.post_form("/oppgaver/sett", &[("til", "0")]).await.status, 303);
    assert_eq!(user.post_form("/oppgaver/sett", &[("til", "i går")]).await.status, 422);
    assert!(!user.get("/oppgaver").await.text().contains("Siden du så sist: "));
    let stays = test.app.live().stays();
    let theirs =
        stays.iter().filter(|stay| stay.involvement.has(&test.first)).flat_map(|stay| &stay.row.undone);
    let limits = theirs.filter(|duty| duty.holder == "kommune").filter_map(|duty| duty.due.instant());
    let limit = limits.filter(|due| *due > test.now()).min().expect("a limit to come");
    test.clock.set(limit + jiff::SignedDuration::from_mins(1));
    let page = user.get("/oppgaver").await.text();
    assert!(page.contains("Siden du så sist: 0 nye, "), "what became late is news: {page}");
    let other = test.user(Role::CaseOffice, Side::Second);
    assert!(other.get("/oppgaver").await.text().contains("Siden du så sist: "));
    let admin = test.user(Role::Administrator, Side::First);
    assert_eq!(admin.post_form("/oppgaver/sett", &[("til", &until)]).await.status, 404);
}
