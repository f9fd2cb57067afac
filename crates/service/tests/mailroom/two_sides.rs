//! Hospital and municipality, each with its own log, exchange a whole stay.

use samspill_service::exchange::{compare::compare, meaning::Table};
use samspill_store::{MessageFilter, MessageNumber, Standing};

use crate::support::{Side, document, hospital, municipality};

/// Who sends which document, and when.
const STAY: [(&str, From, &str); 9] = [
    ("01", From::Hospital, "2026-03-09T15:05:12"),
    ("02", From::Municipality, "2026-03-09T18:41:00"),
    ("03", From::Hospital, "2026-03-10T09:32:00"),
    ("04", From::Hospital, "2026-03-13T11:10:00"),
    ("05", From::Hospital, "2026-03-17T12:15:00"),
    ("06", From::Municipality, "2026-03-17T13:52:00"),
    ("07", From::Municipality, "2026-03-18T14:30:00"),
    ("08", From::Hospital, "2026-03-19T10:45:00"),
    ("09", From::Hospital, "2026-03-19T11:25:00"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Hospital,
    Municipality,
}

/// Everything that is due goes over, both ways, until nothing is left.
async fn exchange(one: &Side, other: &Side, now: &str) {
    loop {
        let (there, back) = (one.hand_over(now).await, other.hand_over(now).await);
        if there.is_empty() && back.is_empty() {
            return;
        }
        for parcel in there {
            other.take(&parcel.id, &parcel.bytes, now).await;
        }
        for parcel in back {
            one.take(&parcel.id, &parcel.bytes, now).await;
        }
    }
}

#[tokio::test]
async fn both_logs_say_the_same_of_a_whole_stay() {
    let (ours, theirs) = (Side::new(vec![hospital()]).await, Side::new(vec![municipality()]).await);
    for (name, from, now) in STAY {
        let sender = if from == From::Hospital { &ours } else { &theirs };
        sender.room.send(&document(name), crate::support::at(now)).await.unwrap();
        exchange(&ours, &theirs, now).await;
    }
    assert_eq!(compare(&ours.cases().await, &theirs.cases().await, Table::shipped()), []);
    assert_eq!(ours.cases().await.len(), 1);
}

#[tokio::test]
async fn the_message_that_one_side_lacks_is_named() {
    let (ours, theirs) = (Side::new(vec![hospital()]).await, Side::new(vec![municipality()]).await);
    for (name, from, now) in STAY {
        let sender = if from == From::Hospital { &ours } else { &theirs };
        sender.room.send(&document(name), crate::support::at(now)).await.unwrap();
        if name == "05" {
            ours.hand_over(now).await; // Lost on the way.
        }
        exchange(&ours, &theirs, now).await;
    }
    let found = compare(&ours.cases().await, &theirs.cases().await, Table::shipped());
    assert_eq!(found.len(), 1, "{found:?}");
    let missing: Vec<_> = found[0].only_first.iter().map(|it| it.kind.as_str()).collect();
    assert!(missing.contains(&"utskrivningsklar"), "{found:?}");
    assert!(found[0].only_second.is_empty(), "{found:?}");
}

/// A community with one node for both: messages go from one party to the other inside it.
#[tokio::test]
async fn two_parties_of_one_node_have_receipts_too() {
    let both = Side::new(vec![hospital(), municipality()]).await;
    for (name, _, now) in STAY {
        both.room.send(&document(name), crate::support::at(now)).await.unwrap();
        let now = crate::support::at(now);
        while both.room.hand_over_here("node", &move || now).await.unwrap().is_something() {}
    }
    let apart = {
        let (ours, theirs) = (Side::new(vec![hospital()]).await, Side::new(vec![municipality()]).await);
        for (name, from, now) in STAY {
            let sender = if from == From::Hospital { &ours } else { &theirs };
            sender.room.send(&document(name), crate::support::at(now)).await.unwrap();
            exchange(&ours, &theirs, now).await;
        }
        theirs.cases().await
    };
    assert_eq!(compare(&both.cases().await, &apart, Table::shipped()), []);
    let (store, all) = (both.room.store(), MessageFilter::default());
    let lines = store.messages(both.room.community(), &all, MessageNumber(0), 100).await.unwrap();
    let odd = lines
        .iter()
        .filter(|line| !matches!(line.standing, Standing::Taken | Standing::Question | Standing::Settled));
    // The discharge has a copy receiver in the same municipality: it comes twice, and is answered for both the first time.
    let odd: Vec<_> = odd.map(|line| (line.kind.as_str(), line.standing)).collect();
    assert_eq!(odd, [("LOG_UTSKREVET", Standing::Duplicate)]);
}
