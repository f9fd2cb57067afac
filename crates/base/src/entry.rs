use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Value;

/// An entry's place in its log, counted from 1. Explanations name entries by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// One message or event in the log of a case.
///
/// Five times are kept apart. `happened` is always there; the others are there when the log has them, and
/// [`Entry::time`](crate::Entry::time) says what stands in for a missing one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The case it belongs to (a stay, a fine).
    pub case: String,
    /// What it is, as the log names it: `utskrivningsklar`.
    pub kind: String,
    /// Its place in the log.
    pub position: Position,
    /// When it happened or was sent.
    pub happened: Timestamp,
    /// When it was sent, if that is another time than it happened.
    pub sent: Option<Timestamp>,
    /// When the receiver had it.
    pub received: Option<Timestamp>,
    /// When the receiver's receipt came.
    pub acknowledged: Option<Timestamp>,
    /// When it was written into the log. Before this, nobody can have known of it.
    pub recorded: Option<Timestamp>,
    /// Its own id, which corrections and cancellations name.
    pub id: Option<String>,
    /// The person it is about.
    pub person: Option<String>,
    /// Who sent it.
    pub from: Option<String>,
    /// Whom it was for.
    pub to: Option<String>,
    /// Facts of the case that it sets, from when it happened on.
    pub facts: BTreeMap<String, Value>,
    /// What it says; `None` where the log doesn't keep contents.
    pub body: Option<BTreeMap<String, Value>>,
    /// On a case's first entry: read this case as of then.
    pub as_of: Option<Timestamp>,
}

impl Entry {
    /// An entry with nothing but a case, a kind and a time.
    pub fn new(
        case: impl Into<String>,
        kind: impl Into<String>,
        position: Position,
        happened: Timestamp,
    ) -> Self {
        Self {
            case: case.into(),
            kind: kind.into(),
            position,
            happened,
            sent: None,
            received: None,
            acknowledged: None,
            recorded: None,
            id: None,
            person: None,
            from: None,
            to: None,
            facts: BTreeMap::new(),
            body: None,
            as_of: None,
        }
    }

    /// A field of the body, by name.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.body.as_ref()?.get(name)
    }
}

/// All entries of one case, in the order of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseLog {
    /// The case's name.
    pub case: String,
    /// Its entries, in the order in which the log holds them (which need not be the order of time).
    pub entries: Vec<Entry>,
}

impl CaseLog {
    /// The instant as of which the log itself asks to be read: the first one that an entry gives.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.entries.iter().find_map(|entry| entry.as_of)
    }
}
