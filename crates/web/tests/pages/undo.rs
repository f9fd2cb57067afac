//! What was just done is taken back: once, by who did it, and only if nobody changed it since.

use jiff::SignedDuration;
use samspill_service::access::Role;

use super::well_formed::check;
use crate::support::{Answer, Side, TestApp, User};

/// The value of the first hidden field of this name; empty where there is none.
fn hidden(text: &str, name: &str) -> String {
    let found = text.split_once(&format!("name=\"{name}\" value=\""));
    found.and_then(|(_, after)| after.split('"').next()).unwrap_or_default().to_owned()
}

/// The page that an answer leads to.
async fn followed(user: &User, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.text());
    user.get(answer.header("location")).await
}

/// A task of the case office, and what gives it to somebody.
struct Task {
    user: User,
    case: String,
    duty: String,
}

impl Task {
    async fn of(test: &TestApp) -> Self {
        let user = test.user(Role::CaseOffice, Side::First);
        let page = user.get("/oppgaver").await.text();
        Self { case: hidden(&page, "opphold"), duty: hidden(&page, "plikt"), user }
    }

    fn me(&self) -> String {
        self.user.signed.as_ref().expect("somebody").subject.account.clone()
    }

    async fn give(&self, user: &User, to: &str) -> Answer {
        let fields = [("opphold", &*self.case), ("plikt", &*self.duty), ("til", to)];
        user.post_form("/oppgaver/tildel", &fields).await
    }

    async fn is_mine(&self) -> bool {
        self.user.get("/oppgaver?hvem=mine").await.text().contains(&self.duty)
    }
}

#[tokio::test]
async fn a_task_that_was_taken_is_free_again_and_one_that_was_let_go_is_back() {
    let test = TestApp::new().await;
    let task = Task::of(&test).await;
    let next = followed(&task.user, &task.give(&task.user, &task.me()).await).await;
    check("/oppgaver with something to undo", &next);
    assert!(next.text().contains("Du kan angre til kl."), "{}", next.text());
    let taken = hidden(&next.text(), "angre");
    let undone = task.user.post_form("/angre", &[("angre", &taken)]).await;
    assert_eq!(undone.header("location"), "/oppgaver?angret=ja");
    assert!(followed(&task.user, &undone).await.text().contains("Det er angret."));
    assert!(!task.is_mine().await);
    // Pressed twice, it says so, and the page it came from offers it no more.
    let twice = task.user.post_form("/angre", &[("angre", &taken)]).await;
    assert_eq!(twice.status, 410);
    check("undone already", &twice);
    assert!(!task.user.get(&format!("/oppgaver?gjort=gitt&angre={taken}")).await.text().contains("/angre"));

    task.give(&task.user, &task.me()).await;
    let next = followed(&task.user, &task.give(&task.user, "").await).await;
    assert!(!task.is_mine().await);
    let dropped = hidden(&next.text(), "angre");
    assert_eq!(task.user.post_form("/angre", &[("angre", &dropped)]).await.status, 303);
    assert!(task.is_mine().await);
}

#[tokio::test]
async fn letting_go_of_what_nobody_has_offers_nothing() {
    let test = TestApp::new().await;
    let task = Task::of(&test).await;
    assert_eq!(task.give(&task.user, "").await.header("location"), "/oppgaver?gjort=sluppet");
}

#[tokio::test]
async fn what_somebody_changed_since_stays_and_a_page_says_so() {
    let test = TestApp::new().await;
    let task = Task::of(&test).await;
    let next = followed(&task.user, &task.give(&task.user, &task.me()).await).await;
    let offered = hidden(&next.text(), "angre");
    // Another window lets go of it, and takes it anew a minute later.
    test.clock.set(test.now() + SignedDuration::from_mins(1));
    task.give(&task.user, "").await;
    task.give(&task.user, &task.me()).await;
    let answer = task.user.post_form("/angre", &[("angre", &offered)]).await;
    assert_eq!(answer.status, 409);
    check("changed since", &answer);
    let name = task.user.signed.as_ref().expect("somebody").subject.name.clone();
    assert!(answer.text().contains(&format!("Nå: {name}")), "{}", answer.text());
    assert!(task.is_mine().await, "it stands as it was left");
}

#[tokio::test]
async fn only_who_did_it_may_take_it_back_and_only_for_a_while() {
    let test = TestApp::new().await;
    let task = Task::of(&test).await;
    let next = followed(&task.user, &task.give(&task.user, &task.me()).await).await;
    let offered = hidden(&next.text(), "angre");
    let other = test.user(Role::CaseOffice, Side::Second);
    assert_eq!(other.post_form("/angre", &[("angre", &offered)]).await.status, 410);
    let shown = other.get(&format!("/oppgaver?angre={offered}")).await.text();
    assert!(!shown.contains("action=\"/angre\""));
    for nonsense in ["", "x", "00000000-0000-4000-8000-000000000000"] {
        let status = other.post_form("/angre", &[("angre", nonsense)]).await.status;
        assert!([410, 422].contains(&status), "{nonsense}: {status}");
    }
    test.clock.set(test.now() + samspill_service::people::UNDO_FOR);
    let at_last = format!("/oppgaver?gjort=gitt&angre={offered}");
    assert!(
        task.user.get(&at_last).await.text().contains("action=\"/angre\""),
        "at the last instant it is there"
    );
    test.clock.set(test.now() + SignedDuration::from_micros(1));
    assert!(!task.user.get(&at_last).await.text().contains("action=\"/angre\""));
    assert_eq!(task.user.post_form("/angre", &[("angre", &offered)]).await.status, 410);
    assert!(task.is_mine().await);
}

#[tokio::test]
async fn stays_that_were_marked_as_seen_are_new_again() {
    let test = TestApp::new().await;
    let user = test.user(Role::CaseOffice, Side::First);
    let page = user.get("/innboks").await.text();
    let marks: Vec<String> = page
        .split("name=\"vist\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .collect();
    assert!(marks.len() > 1, "{page}");
    let mut fields: Vec<(&str, &str)> = marks.iter().map(|mark| ("vist", mark.as_str())).collect();
    fields.push(("gjor", "alle"));
    let next = followed(&user, &user.post_form("/innboks", &fields).await).await.text();
    assert!(!next.contains(&format!("value=\"{}\"", marks[0])), "{next}");
    let offered = hidden(&next, "angre");
    let undone = followed(&user, &user.post_form("/angre", &[("angre", &offered)]).await).await.text();
    assert!(marks.iter().all(|mark| undone.contains(&format!("value=\"{mark}\""))), "{undone}");
}

#[tokio::test]
async fn every_language_has_the_button() {
    let test = TestApp::new().await;
    for (code, button) in [("nb", ">Angre</button>"), ("nn", ">Angre</button>"), ("en", ">Undo</button>")] {
        let mut task = Task::of(&test).await;
        let me = task.me();
        task.user.signed.as_mut().expect("somebody").language =
            samspill_web::pages::language_called(code).expect("a language");
        let next = followed(&task.user, &task.give(&task.user, &me).await).await;
        check(code, &next);
        assert!(next.text().contains(button), "{code}");
    }
}
