//! What goes out.

use jiff::{SignedDuration, Timestamp};
use samspill_service::exchange::{
    mailroom::{MailError, Retry, Routes},
    monitor::{flows, tracked},
    receipts::State,
};
use samspill_store::{AlertFilter, MessageFilter, MessageNumber};
use samspill_transport::{FaultReport, SendFault};

use crate::support::{Side, altered, at, document, hospital, municipality, settings};

async fn states(side: &Side, now: &str) -> Vec<State> {
    let all = tracked(&side.room, &MessageFilter::default(), MessageNumber(0), 100, at(now)).await.unwrap();
    all.iter().flat_map(|it| &it.receivers).map(|it| it.state).collect()
}

#[tokio::test]
async fn a_message_that_is_sent_is_in_the_log_and_goes_out_once() {
    let side = Side::new(vec![hospital()]).await;
    let sent = side.room.send(&document("01"), at("2026-03-09T15:05:12")).await.unwrap();
    assert_eq!((sent.entries, sent.is_again), (2, false));
    assert!(side.room.send(&document("01"), at("2026-03-09T15:07:00")).await.unwrap().is_again);
    let parcels = side.hand_over("2026-03-09T15:08:00").await;
    assert_eq!(parcels.len(), 1);
    assert_eq!(parcels[0].bytes, document("01"));
    assert_eq!((parcels[0].kind.as_str(), parcels[0].to.as_str()), ("LOG_INNLAGT", "8200101"));
    assert_eq!(states(&side, "2026-03-09T15:09:00").await, [State::Delivered]);
    assert!(side.hand_over("2026-03-09T15:10:00").await.is_empty());
}

#[tokio::test]
async fn what_isnt_ours_or_cant_be_told_apart_isnt_sent() {
    let side = Side::new(vec![hospital()]).await;
    let now = at("2026-03-09T15:05:12");
    let refused = |result: Result<_, MailError>| result.unwrap_err().to_string();
    assert!(refused(side.room.send(&document("02"), now).await).contains("none of our parties"));
    assert!(refused(side.room.send(b"<a>", now).await).contains("can't be read"));
    side.room.send(&document("01"), now).await.unwrap();
    let other = altered("01", "2026-03-09T14:20", "2026-03-09T11:20");
    assert!(refused(side.room.send(&other, now).await).contains("another message with the id"));
    assert_eq!(side.entries().await.len(), 2);
}

#[tokio::test]
async fn a_channel_that_fails_is_tried_again_later_with_the_same_parcel() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    *side.line.fault.lock().unwrap() = Some(SendFault::Unknown { says: "linjen brøt".to_owned() });
    let first = side.hand_over("2026-03-09T15:00:00").await;
    assert_eq!(first.len(), 1);
    assert!(side.hand_over("2026-03-09T15:00:14").await.is_empty(), "the first wait is 15 s");
    *side.line.fault.lock().unwrap() = None;
    let second = side.hand_over("2026-03-09T15:00:15").await;
    assert_eq!(second[0].id, first[0].id);
    assert_eq!(states(&side, "2026-03-09T15:01:00").await, [State::Delivered]);
}

#[tokio::test]
async fn a_parcel_that_cant_be_opened_here_waits_and_holds_up_none_behind_it() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    // The keys are being changed: the next message is sealed with the new one, and this node has lost the old one.
    let own = || settings(vec![hospital()]);
    let side = side.with_keys(own(), &[3, 1]).await;
    let other = document("03");
    side.room.send(&other, at("2026-03-09T15:01:00")).await.unwrap();
    let side = side.with_keys(own(), &[3]).await;
    let parcels = side.hand_over("2026-03-09T15:02:00").await;
    assert_eq!(parcels.iter().map(|parcel| &parcel.bytes).collect::<Vec<_>>(), [&other]);
    let side = side.with_keys(own(), &[3, 1]).await;
    let parcels = side.hand_over("2026-03-10T15:02:00").await;
    assert_eq!(parcels.iter().map(|parcel| parcel.bytes.clone()).collect::<Vec<_>>(), [document("01")]);
}

#[tokio::test]
async fn what_a_channel_refuses_is_a_dead_letter_until_somebody_releases_it() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    let refused =
        SendFault::Refused { condition: "amqp:not-found".to_owned(), says: "ingen slik kø".to_owned() };
    *side.line.fault.lock().unwrap() = Some(refused);
    side.hand_over("2026-03-09T15:00:01").await;
    assert_eq!(states(&side, "2026-03-09T15:01:00").await, [State::NotDelivered]);
    let ticked = side.room.tick(at("2026-03-09T15:02:00")).await.unwrap();
    assert_eq!(ticked.raised, ["gitt opp:linje"]);
    assert!(side.room.tick(at("2026-03-09T15:03:00")).await.unwrap().raised.is_empty(), "told once");
    *side.line.fault.lock().unwrap() = None;
    assert!(side.hand_over("2026-03-09T19:00:00").await.is_empty());
    let parcel = {
        let dead = side
            .room
            .store()
            .outbox(side.room.community(), Some(samspill_store::OutboxState::Dead), "", 10)
            .await;
        dead.unwrap()[0].id.clone()
    };
    assert!(side.room.release(&parcel, at("2026-03-09T19:01:00")).await.unwrap());
    assert_eq!(side.hand_over("2026-03-09T19:01:00").await.len(), 1);
    let ticked = side.room.tick(at("2026-03-09T19:02:00")).await.unwrap();
    assert_eq!((ticked.raised.len(), ticked.cleared.as_slice()), (0, &["gitt opp:linje".to_owned()][..]));
}

#[tokio::test]
async fn a_fault_that_the_receiver_tells_of_makes_a_dead_letter() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    let parcel = side.hand_over("2026-03-09T15:00:01").await.remove(0);
    let fault = FaultReport {
        about: parcel.id,
        condition: "transport:invalid-signature".to_owned(),
        says: "signaturen stemmer ikke".to_owned(),
        at: None,
    };
    assert!(side.room.take_fault(&fault, at("2026-03-09T15:05:00")).await.unwrap());
    assert_eq!(states(&side, "2026-03-09T15:06:00").await, [State::NotDelivered]);
    let unknown = FaultReport { about: "nei".to_owned(), ..fault };
    assert!(!side.room.take_fault(&unknown, at("2026-03-09T15:05:00")).await.unwrap());
}

#[tokio::test]
async fn a_receiver_without_channel_holds_nothing_up_and_goes_when_there_is_one() {
    let side = Side::new(vec![hospital()]).await;
    let side = {
        let mut settings = settings(vec![hospital()]);
        settings.routes = Routes::default();
        side.restarted(settings).await
    };
    let sent = side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    assert_eq!(sent.entries, 2);
    assert!(sent.remarks[0].contains("Ingen kanal"), "{:?}", sent.remarks);
    let dead = side
        .room
        .store()
        .outbox(side.room.community(), Some(samspill_store::OutboxState::Dead), "", 10)
        .await;
    let parcel = dead.unwrap()[0].id.clone();
    let side = side.restarted(settings(vec![hospital()])).await;
    assert!(side.room.release(&parcel, at("2026-03-09T16:00:00")).await.unwrap());
    assert_eq!(side.hand_over("2026-03-09T16:00:00").await.len(), 1);
}

#[tokio::test]
async fn a_queue_that_stands_still_raises_one_alert_and_clears_it_when_it_moves() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    let raised = |now: &'static str| {
        let room = side.room.clone();
        async move { room.tick(at(now)).await.unwrap().raised }
    };
    assert!(raised("2026-03-09T15:10:00").await.is_empty(), "exactly as long is no alert");
    assert_eq!(raised("2026-03-09T15:10:01").await, ["kø:linje"]);
    assert!(raised("2026-03-09T15:11:00").await.is_empty());
    side.hand_over("2026-03-09T15:12:00").await;
    assert_eq!(side.room.tick(at("2026-03-09T15:13:00")).await.unwrap().cleared, ["kø:linje"]);
    let active = side.room.store().alerts(side.room.community(), AlertFilter::Active).await.unwrap();
    assert!(active.is_empty());
}

#[tokio::test]
async fn a_queue_in_which_each_try_fails_stands_still_too() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    let store = side.room.store();
    for (now, next) in
        [("2026-03-09T15:01:00", "2026-03-09T15:05:00"), ("2026-03-09T15:05:00", "2026-03-09T15:20:00")]
    {
        let mut tx = store.begin(side.room.community()).await.unwrap();
        let taken = tx.take_due("linje", at(now), at("2026-03-09T15:06:00"), "node", 1).await.unwrap();
        assert!(tx.outgoing_later(&taken[0].id, "node", at(next), "Nede.").await.unwrap());
        tx.commit().await.unwrap();
    }
    assert!(side.room.tick(at("2026-03-09T15:10:00")).await.unwrap().raised.is_empty());
    assert_eq!(side.room.tick(at("2026-03-09T15:10:01")).await.unwrap().raised, ["kø:linje"]);
}

#[tokio::test]
async fn tries_that_fail_dont_make_a_queue_younger() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    *side.line.fault.lock().unwrap() = Some(SendFault::Unknown { says: "linjen brøt".to_owned() });
    for minute in 0..=10 {
        side.hand_over(&format!("2026-03-09T15:{minute:02}:00")).await;
        let ticked = side.room.tick(at(&format!("2026-03-09T15:{minute:02}:00"))).await.unwrap();
        assert!(ticked.raised.is_empty(), "minute {minute}");
    }
    assert_eq!(side.room.tick(at("2026-03-09T15:10:01")).await.unwrap().raised, ["kø:linje"]);
    side.hand_over("2026-03-09T15:30:00").await;
    let ticked = side.room.tick(at("2026-03-09T15:30:01")).await.unwrap();
    assert!(ticked.cleared.is_empty(), "still out");
    *side.line.fault.lock().unwrap() = None;
    side.hand_over("2026-03-09T17:00:00").await;
    assert_eq!(side.room.tick(at("2026-03-09T17:00:01")).await.unwrap().cleared, ["kø:linje"]);
}

#[tokio::test]
async fn a_receipt_that_doesnt_come_is_overdue_after_the_limit_and_may_come_late() {
    let side = Side::new(vec![hospital()]).await;
    let other = Side::new(vec![municipality()]).await;
    side.room.send(&document("01"), at("2026-03-09T15:05:12")).await.unwrap();
    let parcel = side.hand_over("2026-03-09T15:06:00").await.remove(0);
    assert!(side.room.tick(at("2026-03-13T15:05:12")).await.unwrap().overdue.is_empty(), "at the limit");
    let ticked = side.room.tick(at("2026-03-13T15:05:13")).await.unwrap();
    assert_eq!(ticked.overdue.len(), 1);
    assert!(side.room.tick(at("2026-03-13T15:06:00")).await.unwrap().overdue.is_empty(), "told once");
    assert_eq!(states(&side, "2026-03-13T15:06:00").await, [State::Overdue]);
    other.take(&parcel.id, &parcel.bytes, "2026-03-14T08:00:00").await;
    let receipt = other.hand_over("2026-03-14T08:00:01").await.remove(0);
    side.take(&receipt.id, &receipt.bytes, "2026-03-14T08:00:02").await;
    assert_eq!(states(&side, "2026-03-14T08:01:00").await, [State::CompletedLate]);
}

#[tokio::test]
async fn the_monitor_sums_up_by_party_and_kind() {
    let side = Side::new(vec![hospital()]).await;
    let other = Side::new(vec![municipality()]).await;
    for (name, sent, came) in [
        ("01", "2026-03-09T15:05:12", "2026-03-09T15:05:42"),
        ("03", "2026-03-10T09:32:00", "2026-03-10T09:35:00"),
        ("05", "2026-03-17T12:15:00", ""),
    ] {
        side.room.send(&document(name), at(sent)).await.unwrap();
        let parcel = side.hand_over(sent).await.remove(0);
        if !came.is_empty() {
            other.take(&parcel.id, &parcel.bytes, came).await;
            let receipt = other.hand_over(came).await.remove(0);
            side.take(&receipt.id, &receipt.bytes, came).await;
        }
    }
    let (all, now) = (MessageFilter::default(), at("2026-03-17T13:00:00"));
    let flows = flows(&tracked(&side.room, &all, MessageNumber(0), 100, now).await.unwrap());
    let flow = |kind: &str| flows.iter().find(|flow| flow.kind == kind).unwrap();
    let told = flow("LOG_INNLAGT");
    assert_eq!((told.messages, told.accepted, told.waiting, told.median_seconds), (1, 1, 0, Some(30)));
    let told = flow("LOG_UTSKRIVNINGSKLAR");
    assert_eq!((told.messages, told.accepted, told.waiting, told.median_seconds), (1, 0, 1, None));
}

#[tokio::test]
async fn it_gives_up_after_a_while() {
    let side = Side::new(vec![hospital()]).await;
    let mut settings = settings(vec![hospital()]);
    settings.retry = Retry { attempts_max: 3, ..Retry::default() };
    let side = side.restarted(settings).await;
    let start = at("2026-03-09T15:00:00");
    side.room.send(&document("01"), start).await.unwrap();
    *side.line.fault.lock().unwrap() = Some(SendFault::Later { says: "nede".to_owned() });
    let after = |seconds: i64| -> Timestamp { start + SignedDuration::from_secs(seconds) };
    for (seconds, dead) in [(0, 0), (15, 0), (45, 1)] {
        let now = after(seconds);
        let done = side.room.hand_over(&side.line, "node", &move || now).await.unwrap();
        assert_eq!(done.dead, dead, "after {seconds} s");
    }
}

/// A clock that stands at an instant and jumps ahead each time the line has been used.
#[tokio::test]
async fn a_parcel_whose_lease_ended_while_others_were_sent_is_left_to_the_next() {
    let side = Side::new(vec![hospital()]).await;
    let start = at("2026-03-09T15:00:00");
    side.room.send(&document("01"), start).await.unwrap();
    side.room.send(&document("03"), start).await.unwrap();
    let carried = || i64::try_from(side.line.carried.lock().unwrap().len()).unwrap();
    let slow = || start + SignedDuration::from_mins(2) * i32::try_from(carried()).unwrap();
    let first = side.room.hand_over(&side.line, "node", &slow).await.unwrap();
    assert_eq!((first.sent, carried()), (1, 1), "the other one's lease is over");
    let second = side.room.hand_over(&side.line, "another", &slow).await.unwrap();
    assert_eq!((second.sent, carried()), (1, 2));
}

#[tokio::test]
async fn a_parcel_that_fails_at_our_end_holds_up_none_behind_it_and_is_given_up() {
    let side = Side::new(vec![hospital()]).await;
    let mut settings = settings(vec![hospital()]);
    settings.retry = Retry { attempts_max: 2, ..Retry::default() };
    let side = side.restarted(settings).await;
    side.room.send(&document("01"), at("2026-03-09T15:00:00")).await.unwrap();
    side.room.send(&document("03"), at("2026-03-09T15:00:00")).await.unwrap();
    // No database keeps what the channel says.
    *side.line.fault.lock().unwrap() = Some(SendFault::Later { says: "nede\0".to_owned() });
    for (now, later, dead) in [("2026-03-09T15:00:00", 2, 0), ("2026-03-09T15:00:15", 0, 2)] {
        let now = at(now);
        let done = side.room.hand_over(&side.line, "node", &move || now).await.unwrap();
        assert_eq!((done.later, done.dead), (later, dead), "{now}");
    }
    assert_eq!(states(&side, "2026-03-09T15:01:00").await, [State::NotDelivered, State::NotDelivered]);
}
