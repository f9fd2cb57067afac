//! What becomes of a message that was sent.

use crate::support::{message, opened};
use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, prelude::*};
use samspill_formats::{
    messages::{
        make::{Answering, ReceiptDraft, receipt},
        types::{Body, Code, Message, Version},
    },
    xml::write,
};
use samspill_service::exchange::receipts::{
    Change, Event, Final, Life, Lives, Outcome, Reason, ReceiptLimits, Refusal, Reported, Seen, Sent, State,
    event_of,
};

const HOUR: i64 = 3600;
const A: &str = "HER:8200101";
const B: &str = "HER:8200102";

fn limits() -> ReceiptLimits {
    ReceiptLimits::shipped().unwrap()
}

fn made() -> Timestamp {
    "2026-03-27T12:00:00Z".parse().unwrap()
}

/// This many seconds after the message was made.
fn after(seconds: i64) -> Timestamp {
    made() + SignedDuration::from_secs(seconds)
}

fn life_to(receivers: &[&str]) -> Life {
    let receivers = receivers.iter().map(|it| (*it).to_owned()).collect();
    Life::new(
        Sent { id: "faaf6577-d517-5021-adad-8de4860c0e3c".to_owned(), made: made(), receivers },
        &limits(),
    )
}

/// `yes`, `no`, `ack` or `nack` of a receiver after so many seconds; receipts have their time as id.
fn event(what: &str, receiver: &str, seconds: i64) -> Event {
    let (receiver, at) = (receiver.to_owned(), after(seconds));
    let seen = |says| {
        Event::Receipt(Seen {
            receiver: receiver.clone(),
            at,
            id: seconds.to_string(),
            says,
            reasons: vec![],
        })
    };
    match what {
        "yes" => seen(Final::Accepted),
        "no" => seen(Final::Rejected),
        "ack" => Event::Delivered { receiver, at },
        "nack" => Event::NotDelivered { receiver, at },
        other => panic!("no event {other}"),
    }
}

fn name(state: State) -> String {
    serde_json::to_value(state).unwrap().as_str().unwrap().to_owned()
}

/// Events as `what@hour±second`, when it is looked at, and the state then. HIS 80415:2012 3.3.4, HITS 1168:2016 4.1.
#[test]
fn a_message_is_waited_for_to_the_limit_and_not_longer() {
    check(
        "
                                | 0     | sent
                                | 96    | sent
                                | 96+1  | overdue
        ack@1                   | 0     | sent
        ack@1                   | 1     | delivered
        ack@1                   | 96    | delivered
        ack@1                   | 96+1  | overdue
        nack@1                  | 1     | not-delivered
        nack@1                  | 96+1  | overdue
        nack@1 ack@2            | 2     | delivered
        ack@1 nack@2            | 2     | not-delivered
        nack@1 ack@1            | 1     | delivered
        yes@1                   | 1     | accepted
        yes@1                   | 200   | accepted
        no@1                    | 1     | rejected
        yes@1                   | 0     | sent
        yes@96                  | 96    | accepted
        no@96                   | 97    | rejected
        yes@96+1                | 96+1  | completed-late
        yes@200                 | 97    | overdue
        yes@200                 | 200   | completed-late
        no@96+1                 | 96+1  | rejected-late
        ack@1 yes@2             | 3     | accepted
        yes@1 ack@2             | 3     | accepted
        yes@1 nack@2            | 3     | accepted
        yes@1 no@2              | 3     | accepted
        no@1 yes@2              | 3     | rejected
        yes@97 no@98            | 99    | completed-late
        no@97 yes@98            | 99    | rejected-late
        no@50 yes@97            | 98    | rejected
        yes@1 no@1              | 1     | rejected
    ",
    );
}

fn check(table: &str) {
    for row in table.trim().lines().map(str::trim) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let events: Vec<Event> = columns[0].split_whitespace().map(written).collect();
        let now = after(seconds(columns[1]));
        for order in [events.clone(), events.into_iter().rev().collect()] {
            let mut life = life_to(&[A]);
            for event in order {
                life.apply(event);
            }
            assert_eq!(name(life.state(A, now).unwrap()), columns[2], "{row}");
        }
    }
}

fn written(text: &str) -> Event {
    let (what, when) = text.split_once('@').unwrap();
    event(what, A, seconds(when))
}

fn seconds(text: &str) -> i64 {
    let (hours, more) = text.split_once('+').unwrap_or((text, "0"));
    hours.parse::<i64>().unwrap() * HOUR + more.parse::<i64>().unwrap()
}

/// Hours are elapsed hours: the message above was made two days before the clocks went forward.
#[test]
fn the_limit_is_elapsed_hours_from_the_time_of_the_message() {
    let life = life_to(&[A]);
    assert_eq!(life.deadline(), "2026-03-31T12:00:00Z".parse().unwrap());
    assert_eq!(life.made(), made());
}

#[test]
fn a_local_limit_holds_where_it_is_stricter_and_never_stretches() {
    let rows = [
        (4 * HOUR, 4 * HOUR, None),
        (96 * HOUR, 96 * HOUR, Some("HIS 80415")),
        (200 * HOUR, 96 * HOUR, Some("HIS 80415")),
    ];
    for (local, expected, clause) in rows {
        let limits = limits().with_local(SignedDuration::from_secs(local));
        let (limit, found) = limits.at(made());
        assert_eq!(limit.as_secs(), expected);
        assert_eq!(found.map(|clause| &clause[..9]), clause);
    }
}

#[test]
fn limits_are_dated_and_a_file_without_any_is_refused() {
    let text = "[[limit]]\nin_force = \"2020-01-01\"\nhours = 10\nclause = \"a\"\n[[limit]]\nin_force = \"2021-01-01\"\nhours = 5\nclause = \"b\"\n";
    let limits = ReceiptLimits::parse(text).unwrap();
    let rows = [("2019-01-01T00:00:00Z", 10), ("2020-12-31T23:59:59Z", 10), ("2021-01-01T00:00:00Z", 5)];
    for (made, hours) in rows {
        assert_eq!(limits.at(made.parse().unwrap()).0.as_hours(), hours, "{made}");
    }
    for broken in [
        "",
        "limit = []",
        &text.replace("2021", "2019"),
        &text.replace("hours = 5", "hours = 0"),
        "[[limit]]\nhours = 1",
    ] {
        assert!(ReceiptLimits::parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn each_event_says_what_it_changed() {
    let mut life = life_to(&[A, B]);
    let state = |from, to| Change::State { from, to };
    let rows = [
        (event("ack", A, HOUR), state(State::Sent, State::Delivered)),
        (event("ack", A, HOUR), Change::Nothing),
        (event("yes", A, 2 * HOUR), state(State::Delivered, State::Accepted)),
        (event("yes", A, 2 * HOUR), Change::Reported(Reported::SameReceiptAgain)),
        (event("yes", A, 3 * HOUR), Change::Reported(Reported::SecondReceipt)),
        (event("no", A, 4 * HOUR), Change::Reported(Reported::ContradictingReceipt)),
        (event("yes", "HER:1", 5 * HOUR), Change::Reported(Reported::UnknownReceiver)),
        (event("yes", "HER:1", 5 * HOUR), Change::Reported(Reported::UnknownReceiver)),
        (event("no", B, 97 * HOUR), state(State::Overdue, State::RejectedLate)),
        (event("ack", B, 98 * HOUR), Change::Nothing),
    ];
    for (event, expected) in rows {
        assert_eq!(life.apply(event.clone()), expected, "{event:?}");
    }
    assert_eq!(life.receipts(A).len(), 3);
    assert_eq!(life.strays().len(), 1);
    let states: Vec<_> = life.states(after(100 * HOUR)).collect();
    assert_eq!(states, [(A, State::Accepted), (B, State::RejectedLate)]);
    assert_eq!(life.state("HER:1", after(0)), None);
}

#[test]
fn the_next_deadline_is_that_of_those_still_waited_for() {
    let mut life = life_to(&[A, B]);
    assert_eq!(life.next_deadline(after(0)), Some(life.deadline()));
    life.apply(event("yes", A, HOUR));
    assert_eq!(life.next_deadline(after(2 * HOUR)), Some(life.deadline()));
    assert_eq!(life.next_deadline(after(96 * HOUR)), Some(life.deadline()));
    assert_eq!(life.next_deadline(after(96 * HOUR + 1)), None);
    life.apply(event("no", B, 2 * HOUR));
    assert_eq!(life.next_deadline(after(3 * HOUR)), None);
}

#[test]
fn a_life_is_the_same_after_it_was_stored() {
    let mut life = life_to(&[A, B]);
    for event in [
        event("ack", A, 1),
        event("yes", A, 2),
        event("no", A, 3),
        event("nack", B, 4),
        event("yes", "HER:1", 5),
    ] {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        life.apply(event);
    }
    let text = serde_json::to_string(&life).unwrap();
    assert_eq!(serde_json::from_str::<Life>(&text).unwrap(), life);
}

/// The receipt that the primary receiver of a message makes, as it is read again.
fn answered(message: &Message, errors: &[Code], id: &str) -> Message {
    let draft = ReceiptDraft {
        original: &message.head,
        version: Version::Plo15,
        answering: Answering::Primary,
        errors,
        software: None,
        id,
        made: made(),
    };
    opened(write(&receipt(&draft)).as_bytes()).message.unwrap()
}

const ONE: &str = "0d4f7a51-7a52-4f0d-8a21-3cb6f5f0a001";
const OTHER: &str = "0d4f7a51-7a52-4f0d-8a21-3cb6f5f0a002";

#[test]
fn a_receipt_finds_its_message_and_its_receiver() {
    let message = opened(message("plo15-innlagt").as_bytes()).message.unwrap();
    let mut lives = Lives::default();
    assert_eq!(lives.receive(&answered(&message, &[], ONE), after(0)), Outcome::UnknownMessage);
    assert_eq!(lives.orphans().count(), 1);
    let sent = Sent::of(&message.head).unwrap();
    assert_eq!(sent.receivers.iter().collect::<Vec<_>>(), ["HER:8200101"]);
    lives.send(sent, &limits());
    assert_eq!(lives.orphans().count(), 0);
    let life = lives.get(&message.head.id.to_uppercase()).unwrap();
    // It was made on 9 March.
    assert_eq!(life.state("HER:8200101", after(0)), Some(State::CompletedLate));
    assert_eq!(lives.for_people(after(1)).count(), 0);
    assert_eq!(lives.next_deadline(after(0)), None);
    let reason = Refusal { reason: Reason::PatientInsufficient, text: "Fyll ut navn.".to_owned() };
    let no = answered(&message, &[reason.to_code()], OTHER);
    let (_, Event::Receipt(seen)) = event_of(&no, after(2)).unwrap() else { panic!() };
    assert_eq!(seen.reasons, ["E36 Pasientopplysninger er utilstrekkelige: Fyll ut navn."]);
    let reported = Outcome::Taken(Change::Reported(Reported::ContradictingReceipt));
    assert_eq!(lives.receive(&no, after(2)), reported);
}

#[test]
fn what_is_no_receipt_or_says_nothing_known_changes_nothing() {
    let message = opened(message("plo15-innlagt").as_bytes()).message.unwrap();
    let mut lives = Lives::default();
    lives.send(Sent::of(&message.head).unwrap(), &limits());
    let mut strange = answered(&message, &[], ONE);
    let Body::Receipt(body) = &mut strange.body else { panic!() };
    body.status.value = "73".to_owned();
    let before = lives.clone();
    for odd in [&message, &strange] {
        assert_eq!(lives.receive(odd, after(1)), Outcome::NotUnderstood);
    }
    assert_eq!(lives, before);
    assert_eq!(lives.for_people(after(1)).count(), 1);
}

fn any_event() -> impl Strategy<Value = Event> {
    let what = prop_oneof![Just("yes"), Just("no"), Just("ack"), Just("nack")];
    let receiver = prop_oneof![Just(A), Just(B), Just("HER:1")];
    // Around the limit, and often at the same moment.
    let seconds = prop_oneof![0..4_i64, (96 * HOUR - 2)..=(96 * HOUR + 2), 300 * HOUR..301 * HOUR];
    (what, receiver, seconds).prop_map(|(what, receiver, seconds)| event(what, receiver, seconds))
}

fn told(events: &[Event]) -> Life {
    let mut life = life_to(&[A, B]);
    for event in events {
        life.apply(event.clone());
    }
    life
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// In whatever order events are told, the state at every moment is that of their own order.
    #[test]
    fn the_order_of_telling_makes_no_difference(events in vec(any_event(), 0..12), seed in any::<u64>()) {
        let mut shuffled = events.clone();
        let mut state = seed;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
        }
        let (one, other) = (told(&events), told(&shuffled));
        for now in [0, 1, 2, 3, 96 * HOUR, 96 * HOUR + 1, 96 * HOUR + 2, 400 * HOUR] {
            prop_assert_eq!(one.states(after(now)).collect::<Vec<_>>(), other.states(after(now)).collect::<Vec<_>>());
        }
    }

    /// In the order of time, what is final stays, whatever comes.
    #[test]
    fn a_final_state_is_never_left(events in vec(any_event(), 0..12)) {
        let mut events = events;
        events.sort_by_key(|event| event.about().1);
        let mut life = life_to(&[A, B]);
        for event in events {
            let at = event.about().1;
            let before: Vec<(String, State)> = life.states(at).map(|(to, state)| (to.to_owned(), state)).collect();
            let is_tie = life.receipts(A).iter().chain(life.receipts(B)).any(|receipt| receipt.at == at);
            life.apply(event);
            for (to, state) in before {
                if state.is_final() && !is_tie {
                    prop_assert_eq!(life.state(&to, at), Some(state));
                }
            }
        }
    }

    /// Time alone takes a message from waiting to overdue, and nowhere else; and exactly after the deadline that is told.
    #[test]
    fn time_alone_only_makes_overdue(events in vec(any_event(), 0..8)) {
        let life = told(&events);
        let end = after(400 * HOUR);
        for (to, state) in life.states(end) {
            let has_receipt = !life.receipts(to).is_empty();
            prop_assert_eq!(state.is_final(), has_receipt);
            prop_assert_eq!(state == State::Overdue, !has_receipt);
        }
        let now = after(0);
        let is_waiting = life.states(now).any(|(_, state)| !state.is_final());
        prop_assert_eq!(life.next_deadline(now), is_waiting.then(|| life.deadline()));
    }

    /// One receipt counts, the first that came; the others are kept.
    #[test]
    fn one_receipt_is_final_and_none_is_lost(events in vec(any_event(), 0..12)) {
        let life = told(&events);
        let mut ids: Vec<(String, Final)> = events.iter().filter_map(|event| match event {
            Event::Receipt(seen) if seen.receiver == A => Some((seen.id.clone(), seen.says)),
            Event::Receipt(_) | Event::Delivered { .. } | Event::NotDelivered { .. } => None,
        }).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(life.receipts(A).len(), ids.len());
        prop_assert!(life.receipts(A).windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
