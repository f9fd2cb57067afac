//! The outbox, what messages wait for, and who is told.

use jiff::{SignedDuration, Timestamp};
use samspill_store::{
    Alert, AlertFilter, LifeRow, MessageNumber, NewOutgoing, OutboxState, Outgoing, QueueCount, Store,
    StoreError, Tx,
};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, on_both},
    samples::{at, nord, outgoing},
};

/// So many minutes after the time at which these tests begin.
fn minute(minutes: i64) -> Timestamp {
    at("2025-01-01T12:00:00Z") + SignedDuration::from_mins(minutes)
}

/// A parcel of the first message that is due at a minute.
fn parcel(id: &str, due: i64) -> NewOutgoing {
    NewOutgoing {
        id: id.to_owned(),
        message: MessageNumber(1),
        channel: "amqp".to_owned(),
        to: "HER:2".to_owned(),
        due: minute(due),
        made: minute(0),
    }
}

/// A transaction on a log with one message and these parcels.
async fn with_parcels(store: &Store, parcels: &[(&str, i64)]) -> Tx {
    let mut tx = store.begin(&nord()).await.unwrap();
    tx.keep_message(&outgoing("m")).await.unwrap();
    for (id, due) in parcels {
        assert!(tx.enqueue(&parcel(id, *due)).await.unwrap());
    }
    tx
}

/// What a holder gets at a minute, for five minutes.
async fn taken(tx: &mut Tx, holder: &str, now: i64, limit: usize) -> Vec<String> {
    let taken = tx.take_due("amqp", minute(now), minute(now + 5), holder, limit).await.unwrap();
    for parcel in &taken {
        assert_eq!(tx.outgoing(&parcel.id).await.unwrap().as_ref(), Some(parcel));
        assert_eq!(
            (parcel.state, parcel.holder.as_str(), parcel.until),
            (OutboxState::Sending, holder, Some(minute(now + 5)))
        );
    }
    taken.into_iter().map(|parcel| parcel.id).collect()
}

async fn state(tx: &mut Tx, id: &str) -> (OutboxState, u32, String) {
    let Outgoing { state, attempts, says, .. } = tx.outgoing(id).await.unwrap().unwrap();
    (state, attempts, says)
}

on_both! {
    async fn a_parcel_stands_in_the_outbox_once(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("a", 1)]).await;
        let other = NewOutgoing { channel: "mappe".to_owned(), ..parcel("a", 9) };
        assert!(!tx.enqueue(&other).await.unwrap(), "the same id again changes nothing");
        tx.commit().await.unwrap();
        let mut tx = store.begin(&nord()).await.unwrap();
        assert!(!tx.enqueue(&other).await.unwrap());
        let found = tx.outgoing("a").await.unwrap().unwrap();
        assert_eq!(found, Outgoing {
            id: "a".to_owned(),
            message: MessageNumber(1),
            channel: "amqp".to_owned(),
            to: "HER:2".to_owned(),
            due: minute(1),
            made: minute(0),
            state: OutboxState::Waiting,
            attempts: 0,
            holder: String::new(),
            until: None,
            ended: None,
            condition: String::new(),
            says: String::new(),
        });
        assert_eq!(tx.outgoing("b").await.unwrap(), None);
        for (wrong, number) in [(parcel("", 1), 1), (parcel("b", 1), 2), (parcel("b", 1), 0)] {
            let error = tx.enqueue(&NewOutgoing { message: MessageNumber(number), ..wrong }).await.unwrap_err();
            assert!(matches!(error, StoreError::Name(_) | StoreError::NoMessage(_)), "{error}");
        }
        tx.commit().await.unwrap();
    }

    async fn the_longest_due_is_taken_first_and_none_before_it_is_due(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("b", 10), ("d", 9), ("a", 10), ("e", 11)]).await;
        tx.enqueue(&NewOutgoing { channel: "mappe".to_owned(), ..parcel("x", 1) }).await.unwrap();
        assert_eq!(taken(&mut tx, "n1", 8, 9).await, [""; 0]);
        assert_eq!(taken(&mut tx, "n1", 9, 9).await, ["d"]);
        assert_eq!(taken(&mut tx, "n1", 10, 1).await, ["a"]);
        assert_eq!(taken(&mut tx, "n1", 10, 9).await, ["b"]);
        assert_eq!(taken(&mut tx, "n1", 11, 9).await, ["e"]);
        assert_eq!(taken(&mut tx, "n1", 12, 0).await, [""; 0]);
    }

    async fn what_is_taken_comes_again_at_the_instant_when_it_is_held_no_longer(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("a", 0)]).await;
        assert_eq!(taken(&mut tx, "n1", 0, 9).await, ["a"]);
        for minute in [0, 4, -60] {
            assert_eq!(taken(&mut tx, "n2", minute, 9).await, [""; 0], "a clock that is set back waits");
        }
        let before = minute(5) - SignedDuration::from_micros(1);
        assert_eq!(tx.take_due("amqp", before, minute(9), "n2", 9).await.unwrap(), []);
        assert_eq!(taken(&mut tx, "n2", 5, 9).await, ["a"]);
        assert_eq!(state(&mut tx, "a").await.1, 2);
        assert!(!tx.outgoing_later("a", "n1", minute(7), "").await.unwrap(), "it isn't the first holder's any more");
        assert!(tx.outgoing_sent("a", "n1", minute(6)).await.unwrap(), "but what is sent is sent");
        assert!(!tx.outgoing_sent("a", "n2", minute(7)).await.unwrap());
        assert_eq!(taken(&mut tx, "n2", 60, 9).await, [""; 0]);
        let sent = tx.outgoing("a").await.unwrap().unwrap();
        assert_eq!((sent.state, sent.ended, sent.until, sent.holder.as_str()), (OutboxState::Sent, Some(minute(6)), None, "n1"));
    }

    async fn what_fails_waits_and_is_given_up_and_released(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("a", 0)]).await;
        assert!(!tx.outgoing_later("a", "n1", minute(1), "nei").await.unwrap(), "nobody has taken it");
        assert_eq!(taken(&mut tx, "n1", 0, 9).await, ["a"]);
        assert!(!tx.outgoing_later("a", "n2", minute(1), "nei").await.unwrap());
        assert!(tx.outgoing_later("a", "n1", minute(3), "ikke svar").await.unwrap());
        assert_eq!(state(&mut tx, "a").await, (OutboxState::Waiting, 1, "ikke svar".to_owned()));
        assert_eq!(taken(&mut tx, "n1", 2, 9).await, [""; 0]);
        assert_eq!(taken(&mut tx, "n1", 3, 9).await, ["a"]);
        assert!(!tx.release("a", minute(4)).await.unwrap(), "only what was given up is released");
        assert!(tx.outgoing_dead("a", minute(4), "refused", "ukjent mottaker").await.unwrap());
        assert!(!tx.outgoing_dead("a", minute(5), "again", "").await.unwrap());
        assert!(!tx.outgoing_sent("a", "n1", minute(5)).await.unwrap());
        let dead = tx.outgoing("a").await.unwrap().unwrap();
        assert_eq!((dead.state, dead.attempts, dead.ended, dead.condition.as_str(), dead.says.as_str()), (OutboxState::Dead, 2, Some(minute(4)), "refused", "ukjent mottaker"));
        assert_eq!(taken(&mut tx, "n1", 60, 9).await, [""; 0]);
        assert!(tx.release("a", minute(70)).await.unwrap());
        assert!(!tx.release("a", minute(80)).await.unwrap());
        assert_eq!(state(&mut tx, "a").await, (OutboxState::Waiting, 0, String::new()));
        assert_eq!(taken(&mut tx, "n1", 69, 9).await, [""; 0]);
        assert_eq!(taken(&mut tx, "n1", 70, 9).await, ["a"]);
        assert!(tx.outgoing_sent("a", "n1", minute(71)).await.unwrap());
        assert!(tx.outgoing_dead("a", minute(72), "returned", "kom i retur").await.unwrap(), "it came back");
        assert!(tx.release_by("a", "mappe", minute(73)).await.unwrap());
        assert!(!tx.release_by("a", "amqp", minute(73)).await.unwrap(), "it waits already");
        assert_eq!(taken(&mut tx, "n1", 80, 9).await, [""; 0], "it goes another way");
        assert_eq!(tx.take_due("mappe", minute(73), minute(74), "n1", 9).await.unwrap().len(), 1);
        for id in ["b", ""] {
            assert!(!tx.release(id, minute(1)).await.unwrap());
            assert!(!tx.outgoing_sent(id, "n1", minute(1)).await.unwrap());
        }
    }

    /// Each parcel is handed over by one of those who take at once, and none is left.
    async fn two_holders_never_get_one_parcel_while_it_is_held(bench: Bench) {
        let (first, second) = (bench.open().await, bench.open().await);
        let parcels: Vec<String> = (0..60).map(|it| format!("p{it:02}")).collect();
        with_parcels(&first, &parcels.iter().map(|id| (id.as_str(), 0)).collect::<Vec<_>>()).await.commit().await.unwrap();
        let mut holders = JoinSet::new();
        for number in 0..6 {
            let store = if number % 2 == 0 { first.clone() } else { second.clone() };
            holders.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut tx = store.begin(&nord()).await.unwrap();
                    let some = taken(&mut tx, &format!("n{number}"), 1, 3).await;
                    tx.commit().await.unwrap();
                    if some.is_empty() {
                        return mine;
                    }
                    mine.extend(some);
                    tokio::task::yield_now().await;
                }
            });
        }
        let mut all: Vec<String> = holders.join_all().await.into_iter().flatten().collect();
        all.sort();
        assert_eq!(all, parcels);
    }

    async fn the_outbox_is_listed_and_counted(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("a", 3), ("b", 2), ("c", 1), ("d", 9), ("e", 8)]).await;
        assert_eq!(taken(&mut tx, "n1", 3, 2).await, ["c", "b"]);
        tx.outgoing_sent("c", "n1", minute(4)).await.unwrap();
        tx.outgoing_dead("a", minute(4), "x", "y").await.unwrap();
        tx.commit().await.unwrap();
        let ids = |found: Vec<Outgoing>| found.into_iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(ids(store.outbox(&nord(), None, "", 9).await.unwrap()), ["a", "b", "c", "d", "e"]);
        assert_eq!(ids(store.outbox(&nord(), None, "b", 2).await.unwrap()), ["c", "d"]);
        assert_eq!(ids(store.outbox(&nord(), Some(OutboxState::Waiting), "d", 9).await.unwrap()), ["e"]);
        assert_eq!(ids(store.outbox(&nord(), Some(OutboxState::Sent), "", 9).await.unwrap()), ["c"]);
        let count = |state, count, due, waits| QueueCount {
            channel: "amqp".to_owned(),
            state,
            count,
            oldest_due: minute(due),
            waits_since: minute(waits),
        };
        // What was tried has waited since it was made; what wasn't, since it was due.
        assert_eq!(store.queue_counts(&nord()).await.unwrap(), [
            count(OutboxState::Dead, 1, 3, 3),
            count(OutboxState::Sending, 1, 2, 0),
            count(OutboxState::Waiting, 2, 8, 8),
        ]);
    }

    async fn a_try_that_fails_moves_when_a_queue_is_due_and_not_how_long_it_has_waited(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[("a", 1)]).await;
        tx.enqueue(&NewOutgoing { made: minute(-3), ..parcel("b", 2) }).await.unwrap();
        tx.enqueue(&NewOutgoing { made: minute(-9), ..parcel("c", 2) }).await.unwrap();
        assert_eq!(taken(&mut tx, "n1", 2, 9).await, ["a", "b", "c"]);
        for id in ["a", "b"] {
            assert!(tx.outgoing_later(id, "n1", minute(60), "linjen brøt").await.unwrap());
        }
        assert!(tx.outgoing_sent("c", "n1", minute(3)).await.unwrap());
        tx.commit().await.unwrap();
        let counts = store.queue_counts(&nord()).await.unwrap();
        let [queue] = counts.as_slice() else { panic!("{counts:?}") };
        assert_eq!((queue.count, queue.oldest_due, queue.waits_since), (2, minute(60), minute(-3)));
    }

    async fn lives_are_due_in_the_order_of_their_deadlines(bench: Bench) {
        let store = bench.open().await;
        let mut tx = with_parcels(&store, &[]).await;
        let life = |id: &str, deadline: Option<i64>, json: &str| LifeRow {
            id: id.to_owned(),
            message: MessageNumber(1),
            deadline: deadline.map(minute),
            needs_person: id == "b",
            json: json.to_owned(),
        };
        for (id, deadline) in [("a", Some(5)), ("b", Some(3)), ("c", None), ("d", Some(5)), ("e", Some(6))] {
            tx.set_life(&life(id, deadline, "{}")).await.unwrap();
        }
        assert_eq!(tx.lives_due(minute(2), 9).await.unwrap(), [""; 0]);
        assert_eq!(tx.lives_due(minute(5), 9).await.unwrap(), ["b", "a", "d"]);
        assert_eq!(tx.lives_due(minute(9), 2).await.unwrap(), ["b", "a"]);
        tx.set_life(&life("b", None, "{\"x\":1}")).await.unwrap();
        assert_eq!(tx.lives_due(minute(5), 9).await.unwrap(), ["a", "d"]);
        assert_eq!(tx.life("b").await.unwrap(), Some(life("b", None, "{\"x\":1}")));
        assert_eq!(tx.life("f").await.unwrap(), None);
        let error = tx.set_life(&LifeRow { message: MessageNumber(2), ..life("g", None, "{}") }).await.unwrap_err();
        assert!(matches!(error, StoreError::NoMessage(MessageNumber(2))), "{error}");
        tx.commit().await.unwrap();
        let persons = store.lives_for_persons(&nord(), MessageNumber(0), 9).await.unwrap();
        assert_eq!(persons.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(store.lives_for_persons(&nord(), MessageNumber(1), 9).await.unwrap(), []);
    }

    async fn strays_are_taken_once_in_their_order(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        for (about, json) in [("a", "1"), ("b", "2"), ("a", "3")] {
            tx.add_stray(about, json).await.unwrap();
        }
        assert_eq!(tx.take_strays("a").await.unwrap(), ["1", "3"]);
        assert_eq!(tx.take_strays("a").await.unwrap(), [""; 0]);
        tx.add_stray("a", "4").await.unwrap();
        assert_eq!(tx.take_strays("b").await.unwrap(), ["2"]);
        assert_eq!(tx.take_strays("a").await.unwrap(), ["4"]);
    }

    async fn of_too_many_strays_the_oldest_go(bench: Bench) {
        let store = bench.open().await;
        let most = Tx::STRAYS_MAX;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.add_stray("første", "1").await.unwrap();
        tx.add_stray("andre", "2").await.unwrap();
        tx.commit().await.unwrap();
        let fill = format!(
            "WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) \
             INSERT INTO stray (community, number, about, stray_json) SELECT 'nord', i, 'fyll', '0' FROM n"
        );
        bench.raw(&fill).await.unwrap();
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.add_stray("ny", "3").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.take_strays("første").await.unwrap(), [""; 0]);
        assert_eq!(tx.take_strays("andre").await.unwrap(), ["2"]);
        assert_eq!(tx.take_strays("ny").await.unwrap(), ["3"]);
    }

    async fn an_alert_is_raised_once_and_cleared_once(bench: Bench) {
        let store = bench.open().await;
        let alert = |name: &str, minutes: i64| Alert { name: name.to_owned(), says: format!("{minutes}"), at: minute(minutes) };
        let mut tx = store.begin(&nord()).await.unwrap();
        assert!(!tx.clear("kø", minute(0)).await.unwrap());
        assert!(tx.raise(&alert("kø", 1)).await.unwrap());
        assert!(!tx.raise(&alert("kø", 2)).await.unwrap());
        assert!(tx.raise(&alert("disk", 2)).await.unwrap());
        assert!(tx.clear("kø", minute(3)).await.unwrap());
        assert!(!tx.clear("kø", minute(4)).await.unwrap());
        assert!(tx.raise(&alert("kø", 5)).await.unwrap());
        tx.commit().await.unwrap();
        let told = async |filter| {
            let alerts = store.alerts(&nord(), filter).await.unwrap();
            alerts.into_iter().map(|it| (it.name, it.says, it.raised, it.cleared)).collect::<Vec<_>>()
        };
        let first = ("kø".to_owned(), "1".to_owned(), minute(1), Some(minute(3)));
        let disk = ("disk".to_owned(), "2".to_owned(), minute(2), None);
        let second = ("kø".to_owned(), "5".to_owned(), minute(5), None);
        assert_eq!(told(AlertFilter::All).await, [first, disk.clone(), second.clone()]);
        assert_eq!(told(AlertFilter::Active).await, [disk, second]);
    }
}
