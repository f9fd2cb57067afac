//! Taking back what was just done: as it was, once, and not over what another did since.

use jiff::{SignedDuration, Timestamp};
use samspill_service::people::{Assignment, Desk, Draft, Offer, UNDO_FOR, Undone};

use crate::support::{House, at};

fn offer(id: &str, now: Timestamp) -> Offer<'_> {
    Offer { id, account: "kari", now }
}

fn given(to: &str, at: Timestamp) -> Assignment {
    let [case, duty, by] = ["sak", "svar", "Kari"].map(str::to_owned);
    Assignment { case, duty, to: to.to_owned(), to_name: format!("Navn {to}"), by, at }
}

async fn who(desk: &Desk) -> Option<String> {
    desk.assignments(&[].into()).await.unwrap().pop().map(|it| it.to)
}

#[tokio::test]
async fn who_had_it_before_has_it_again() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    assert!(desk.assign_for_now(&given("ola", at(0)), offer("a", at(0))).await.unwrap());
    assert!(desk.assign_for_now(&given("per", at(1)), offer("b", at(1))).await.unwrap());
    assert_eq!(desk.undo("kari", "b", at(2)).await.unwrap(), Undone::Done);
    assert_eq!(desk.assignments(&[].into()).await.unwrap(), [given("ola", at(0))]);
    assert_eq!(desk.undo("kari", "b", at(2)).await.unwrap(), Undone::Gone, "once");
    assert!(desk.unassign_for_now("sak", "svar", offer("c", at(3))).await.unwrap());
    assert!(!desk.unassign_for_now("sak", "svar", offer("d", at(3))).await.unwrap(), "nobody had it");
    assert_eq!(desk.undo("kari", "c", at(4)).await.unwrap(), Undone::Done);
    assert_eq!(who(&desk).await.as_deref(), Some("ola"));
    assert_eq!(desk.undo("kari", "a", at(5)).await.unwrap(), Undone::Done, "it is as the first act left it");
    assert_eq!(who(&desk).await, None);
}

#[tokio::test]
async fn what_another_did_since_stays_and_the_offer_with_it() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    desk.assign_for_now(&given("ola", at(0)), offer("a", at(0))).await.unwrap();
    desk.assign(&given("per", at(1))).await.unwrap();
    for _ in 0..2 {
        assert_eq!(desk.undo("kari", "a", at(2)).await.unwrap(), Undone::Changed);
        assert_eq!(who(&desk).await.as_deref(), Some("per"));
    }
    // The same person again, but said anew, is another's word too.
    desk.assign(&given("ola", at(3))).await.unwrap();
    assert_eq!(desk.undo("kari", "a", at(4)).await.unwrap(), Undone::Changed);
}

#[tokio::test]
async fn it_is_for_who_did_it_and_until_its_last_instant() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    desk.assign_for_now(&given("ola", at(0)), offer("a", at(0))).await.unwrap();
    assert_eq!(desk.undo("per", "a", at(1)).await.unwrap(), Undone::Gone);
    let last = at(0) + UNDO_FOR;
    let after = last + SignedDuration::from_micros(1);
    assert!(desk.offered("kari", "a", last).await.unwrap().is_some());
    assert!(desk.offered("kari", "a", after).await.unwrap().is_none());
    assert_eq!(desk.undo("kari", "a", after).await.unwrap(), Undone::Gone);
    assert_eq!(who(&desk).await.as_deref(), Some("ola"));
    // The next act, whoever does it, forgets what is over.
    desk.assign_for_now(&given("per", after), offer("b", after)).await.unwrap();
    assert_eq!(house.store.undo(&house.community, "kari", "a").await.unwrap(), None);
}

#[tokio::test]
async fn of_two_who_press_at_once_one_takes_it_back() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    desk.assign_for_now(&given("ola", at(0)), offer("a", at(0))).await.unwrap();
    let (one, other) = tokio::join!(desk.undo("kari", "a", at(1)), desk.undo("kari", "a", at(1)));
    let mut both = [one.unwrap(), other.unwrap()];
    both.sort_by_key(|it| *it != Undone::Done);
    assert_eq!(both, [Undone::Done, Undone::Gone]);
}

#[tokio::test]
async fn what_was_seen_is_new_again_but_not_what_was_read_since() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    desk.mark_seen("kari", "b", 2).await.unwrap();
    let marks: Vec<(String, u64)> =
        [("a", 1), ("b", 3), ("c", 9)].map(|(case, to)| (case.to_owned(), to)).into();
    assert!(desk.mark_seen_for_now(&marks, offer("1", at(0))).await.unwrap());
    assert!(!desk.mark_seen_for_now(&marks, offer("2", at(0))).await.unwrap(), "all were seen");
    desk.mark_seen("kari", "c", 10).await.unwrap();
    assert_eq!(desk.undo("kari", "1", at(1)).await.unwrap(), Undone::Done);
    let seen: Vec<(String, u64)> = desk.seen("kari").await.unwrap().into_iter().collect();
    assert_eq!(seen, [("b".to_owned(), 2), ("c".to_owned(), 10)]);
}

#[tokio::test]
async fn a_draft_comes_back_with_its_version_and_never_over_another() {
    let house = House::new().await;
    let desk = Desk::new(house.store.clone(), house.community.clone());
    let draft = Draft {
        id: "d".to_owned(),
        account: "kari".to_owned(),
        case: "sak".to_owned(),
        kind: "svar".to_owned(),
        json: "[[\"f_a\",\"æ \\\"ø\\\"\"]]".to_owned(),
        version: 0,
        at: at(0),
    };
    let kept = |version| Draft { version, ..draft.clone() };
    desk.save_draft(&kept(0)).await.unwrap();
    desk.save_draft(&kept(1)).await.unwrap();
    assert!(!desk.drop_draft_for_now("annet", offer("0", at(1))).await.unwrap());
    assert!(desk.drop_draft_for_now("d", offer("1", at(1))).await.unwrap());
    assert_eq!(desk.undo("kari", "1", at(2)).await.unwrap(), Undone::Done);
    assert_eq!(desk.draft("kari", "d").await.unwrap(), Some(kept(2)));
    desk.drop_draft_for_now("d", offer("2", at(3))).await.unwrap();
    let anew = Draft { json: "[]".to_owned(), ..kept(0) };
    desk.save_draft(&anew).await.unwrap();
    assert_eq!(desk.undo("kari", "2", at(4)).await.unwrap(), Undone::Changed);
    assert_eq!(desk.draft("kari", "d").await.unwrap(), Some(Draft { version: 1, ..anew }));
}
