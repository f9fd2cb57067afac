use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{Decimal, Entry, Position, Value};
use samspill_store::{Append, AppendKey, CommunityId, Direction, NewDecision, NewMessage};

pub(crate) fn community(name: &str) -> CommunityId {
    CommunityId::new(name).unwrap()
}

pub(crate) fn nord() -> CommunityId {
    community("nord")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When these entries are recorded, where nothing else is said.
pub(crate) fn now() -> Timestamp {
    at("2025-03-30T01:00:00.123456789Z")
}

pub(crate) fn entry(case: &str, kind: &str) -> Entry {
    Entry::new(case, kind, Position(0), at("2025-03-28T14:00:00Z"))
}

pub(crate) fn append(key: &str, entries: &[Entry]) -> Append {
    Append { key: AppendKey::new(key).unwrap(), recorded: now(), entries: entries.to_vec() }
}

/// An append of one entry, about a case, with a kind.
pub(crate) fn one(key: &str, case: &str, kind: &str) -> Append {
    append(key, &[entry(case, kind)])
}

/// An entry with something in all fields, of what is hard to keep: a character that PostgreSQL's texts can't hold, the
/// ends of the calendar, and numbers that no floating number holds.
pub(crate) fn hard() -> Entry {
    let number = |text: &str| Value::Number(Decimal::parse(text).unwrap());
    let inner = BTreeMap::from([
        (String::new(), Value::Empty),
        ("\u{0}".to_owned(), Value::text("a\u{0}b\u{1F600}\"\\\n")),
        ("tall".to_owned(), number("9223372036.854775807")),
    ]);
    Entry {
        sent: Some(Timestamp::MIN),
        received: Some(Timestamp::MAX),
        acknowledged: Some(at("1969-12-31T23:59:59.999999999Z")),
        recorded: None,
        id: Some("urn:uuid:1".to_owned()),
        person: Some("\u{0}".to_owned()),
        from: Some(String::new()),
        to: Some("kommune-1".to_owned()),
        facts: BTreeMap::from([
            ("minst".to_owned(), Value::Number(Decimal::whole(i64::MIN))),
            ("brøk".to_owned(), number("0.000000001")),
        ]),
        body: Some(BTreeMap::from([(
            "liste".to_owned(),
            Value::List(vec![
                Value::Bool(true),
                Value::Map(inner),
                Value::List(Vec::new()),
                Value::text("12"),
            ]),
        )])),
        as_of: Some(at("9999-12-30T00:00:00Z")),
        ..entry("sak ø", "melding")
    }
}

pub(crate) fn ties(ties: &[&str]) -> BTreeSet<String> {
    ties.iter().map(|tie| (*tie).to_owned()).collect()
}

/// A message that came, with its id as its tie.
pub(crate) fn incoming(id: &str) -> NewMessage {
    NewMessage {
        direction: Direction::In,
        id: id.to_owned(),
        kind: "60".to_owned(),
        from: "HER:1".to_owned(),
        to: "HER:2".to_owned(),
        case: None,
        about: None,
        made: Some(at("2025-03-28T14:00:00Z")),
        at: at("2025-03-28T14:00:01Z"),
        channel: "amqp".to_owned(),
        parcel: "p".to_owned(),
        bytes: vec![1, 2, 3],
        ties: Some(id.to_owned()).into_iter().filter(|id| !id.is_empty()).collect(),
    }
}

/// A message that goes.
pub(crate) fn outgoing(id: &str) -> NewMessage {
    NewMessage { direction: Direction::Out, from: "HER:2".to_owned(), to: "HER:1".to_owned(), ..incoming(id) }
}

pub(crate) fn decision(what: &str, subject: &str, value: &str) -> NewDecision {
    NewDecision {
        what: what.to_owned(),
        subject: subject.to_owned(),
        value: value.to_owned(),
        by: "Kari".to_owned(),
        at: at("2025-03-28T15:00:00Z"),
        why: "spurt på telefon".to_owned(),
    }
}
