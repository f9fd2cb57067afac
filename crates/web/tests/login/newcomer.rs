//! What is news to somebody who is new in a role.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;
use samspill_service::{access::Role, live::StayLine, people::Desk};

use crate::{
    browser::{PASSWORD, account, log_in, logged_in, post, token_of},
    support::TestApp,
};

fn desk(t: &TestApp) -> Desk {
    let parts = t.app.parts();
    Desk::new(parts.store.clone(), parts.community.clone())
}

/// The open stays of the trust in which nothing happened for a day and a night, and the others.
fn old_and_new(t: &TestApp) -> (Vec<Arc<StayLine>>, Vec<Arc<StayLine>>) {
    let day_ago = t.now() - SignedDuration::from_hours(24);
    let stays = t.app.live().stays();
    let of_trust = stays.iter().filter(|line| line.involvement.has(&t.trust)).cloned();
    of_trust.partition(|line| line.last < day_ago)
}

#[tokio::test]
async fn who_is_new_begins_with_what_came_in_the_last_day_and_night() {
    let t = TestApp::new().await;
    let made = account(&t, "kari", &[Role::Coordination]).await;
    let user = logged_in(&t, "kari").await;
    let (old, new) = old_and_new(&t);
    assert!(
        !old.is_empty() && !new.is_empty(),
        "there are {} old stays and {} new ones",
        old.len(),
        new.len()
    );
    let of_old = old.iter().map(|line| (line.row.case.clone(), line.last_position)).collect();
    assert_eq!(desk(&t).seen(&made.id).await.unwrap(), of_old);
    let board = user.get("/tavle").await.text();
    assert!(board.contains(&format!("{} uleste", new.len())), "{board}");
}

#[tokio::test]
async fn who_has_worked_with_stays_of_the_role_finds_unread_what_they_did_not_open() {
    let t = TestApp::new().await;
    let made = account(&t, "kari", &[Role::Coordination]).await;
    let (old, _) = old_and_new(&t);
    desk(&t).mark_seen(&made.id, &old[0].row.case, 1).await.unwrap();
    logged_in(&t, "kari").await;
    assert_eq!(desk(&t).seen(&made.id).await.unwrap(), BTreeMap::from([(old[0].row.case.clone(), 1)]));
}

#[tokio::test]
async fn a_role_that_reads_no_messages_marks_none() {
    let t = TestApp::new().await;
    let made = account(&t, "kari", &[Role::Member]).await;
    logged_in(&t, "kari").await;
    assert!(desk(&t).seen(&made.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_chooses_among_roles_begins_so_in_the_role_that_is_chosen() {
    let t = TestApp::new().await;
    let made = account(&t, "kari", &[Role::Coordination, Role::Member]).await;
    let user = t.anonymous();
    let answer = log_in(&user, "kari", PASSWORD, "").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/velg-rolle"));
    assert!(desk(&t).seen(&made.id).await.unwrap().is_empty(), "no role is chosen yet");
    let page = user.get("/velg-rolle").await;
    let role = format!("{}:{}", Role::Coordination.as_str(), t.trust);
    let chosen = post(&user, "/velg-rolle", &[("_token", &token_of(&page)), ("rolle", &role)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    assert!(!desk(&t).seen(&made.id).await.unwrap().is_empty());
}
