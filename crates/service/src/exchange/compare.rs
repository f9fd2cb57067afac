//! Two logs of the same stays, one on each side: whether they say the same, and which message makes the difference.
//!
//! Hospital and municipality each keep a log, and each reads it against the same agreement. Where both know the same messages they
//! find the same duties and days. Where they don't, it is because a message is in one log and not in the other, or has other times
//! there: this finds it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Position, Value};

use super::meaning::{Table, message_in};

/// How two logs of one stay differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The case, as the first log calls it; as the second does where the first doesn't have it.
    pub case: String,
    /// Messages that only the first log has.
    pub only_first: Vec<Told>,
    /// Messages that only the second has.
    pub only_second: Vec<Told>,
    /// Messages that both have and that say something else in each.
    pub otherwise: Vec<(Told, Told)>,
}

/// What a log tells by a message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Told {
    /// The message's id; that of the entry where no message told of it.
    pub message: String,
    /// What it is.
    pub kind: String,
    /// When it happened.
    pub happened: Timestamp,
    /// When the receiver had it, as far as this log knows: the receipt stands in for it on the sender's side.
    pub received: Option<Timestamp>,
    /// What it says that the other log's doesn't, as `field = value`.
    pub says: Vec<String>,
}

/// The differences between two logs of the same stays, case by case. Empty where they say the same.
///
/// Entries are compared by what they say and when: when they were written down, in what order, how often they were corrected, and
/// what the cases are called is each side's own. What is cancelled in a log doesn't count there.
pub fn compare(first: &[CaseLog], second: &[CaseLog], table: &Table) -> Vec<Difference> {
    let (one, other) = (counting(first, table), counting(second, table));
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let mut found: BTreeMap<&str, Difference> = BTreeMap::new();
    for key in keys {
        let (mine, theirs) = (one.get(key), other.get(key));
        let Some(case) = mine.or(theirs).map(|entry| entry.case.as_str()) else { continue };
        let difference = || Difference { case: case.to_owned(), ..Difference::default() };
        match (mine, theirs) {
            (Some(mine), Some(theirs)) if says_same(mine, theirs) => {}
            (Some(mine), Some(theirs)) => {
                let pair = (told(mine, Some(theirs)), told(theirs, Some(mine)));
                found.entry(case).or_insert_with(difference).otherwise.push(pair);
            }
            (Some(mine), None) => {
                found.entry(case).or_insert_with(difference).only_first.push(told(mine, None));
            }
            (None, Some(theirs)) => {
                found.entry(case).or_insert_with(difference).only_second.push(told(theirs, None));
            }
            (None, None) => {}
        }
    }
    found.into_values().collect()
}

/// The entries that count, by what they are told by: the message, and which of its entries.
fn counting<'l>(log: &'l [CaseLog], table: &Table) -> BTreeMap<String, &'l Entry> {
    let all = || log.iter().flat_map(|case| &case.entries);
    let cancelled: BTreeSet<&str> = all().filter_map(|entry| table.cancels(entry)).collect();
    let counts = all().filter(|entry| {
        table.cancels(entry).is_none() && entry.id.as_deref().is_none_or(|id| !cancelled.contains(id))
    });
    counts.map(|entry| (key(entry), entry)).collect()
}

fn key(entry: &Entry) -> String {
    match entry.id.as_deref() {
        Some(id) => format!("{} {}", message_in(id), entry.kind),
        None => format!("{} {} {}", entry.case, entry.kind, entry.happened),
    }
}

/// Whether two entries say the same, wherever they stand.
fn says_same(one: &Entry, other: &Entry) -> bool {
    bare(one) == bare(other) && received(one) == received(other)
}

fn bare(entry: &Entry) -> Entry {
    Entry {
        case: String::new(),
        position: Position(0),
        received: None,
        acknowledged: None,
        recorded: None,
        id: None,
        as_of: None,
        ..entry.clone()
    }
}

/// When the receiver had it: on the sender's side, the receipt says so.
fn received(entry: &Entry) -> Option<Timestamp> {
    entry.received.or(entry.acknowledged)
}

fn told(entry: &Entry, other: Option<&Entry>) -> Told {
    Told {
        message: entry.id.as_deref().map(message_in).unwrap_or_default().to_owned(),
        kind: entry.kind.clone(),
        happened: entry.happened,
        received: received(entry),
        says: other.map(|other| differing(entry, other)).unwrap_or_default(),
    }
}

fn differing(entry: &Entry, other: &Entry) -> Vec<String> {
    let all = |entry: &Entry| -> BTreeMap<String, Value> {
        let fields = entry.facts.iter().chain(entry.body.iter().flatten());
        fields.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let theirs = all(other);
    let differs = |(name, value): &(String, Value)| theirs.get(name) != Some(value);
    let fields = all(entry).into_iter().filter(differs).map(|(name, value)| format!("{name} = {value:?}"));
    let ends = [
        ("fra", &entry.from, &other.from),
        ("til", &entry.to, &other.to),
        ("sak", &entry.person, &other.person),
    ];
    let ends = ends.into_iter().filter(|(_, mine, theirs)| mine != theirs);
    ends.map(|(name, mine, _)| format!("{name} = {}", mine.as_deref().unwrap_or("-"))).chain(fields).collect()
}
