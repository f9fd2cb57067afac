//! What arrives: an entry that is lent.

use std::collections::BTreeMap;

use samspill_base::{
    Entry, Position, Value,
    columns::{NO_TIME, nanos},
};

/// An entry that arrives, lent by whoever read it. Persons and parties are left out: no rule reads them.
///
/// Times are nanoseconds since 1970, as in [`samspill_base::Columns`]; [`NO_TIME`] where the entry doesn't have it.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e> {
    /// The case it belongs to.
    pub case: &'e str,
    /// What it is, as the log names it.
    pub kind: &'e str,
    /// Its place in the log: what tells it from all others.
    pub position: Position,
    /// When it happened.
    pub happened: i64,
    /// Sent, received, acknowledged, recorded.
    pub clocks: [i64; 4],
    /// Its own id.
    pub id: Option<&'e str>,
    /// The facts that it sets.
    pub facts: Named<'e>,
    /// What it says; `None` where the log doesn't keep contents.
    pub body: Option<Named<'e>>,
    /// As of when the case asks to be read.
    pub as_of: i64,
}

/// Values by name, lent.
#[derive(Clone, Copy, Debug)]
pub enum Named<'e> {
    /// As entries hold them.
    Map(&'e BTreeMap<String, Value>),
    /// As pairs; of a name that comes twice, the first counts.
    Pairs(&'e [(&'e str, Value)]),
}

impl<'e> Named<'e> {
    /// Nothing said.
    pub const NONE: Self = Self::Pairs(&[]);

    /// Name and value, one after another.
    pub fn iter(self) -> impl Iterator<Item = (&'e str, &'e Value)> {
        let (map, pairs) = match self {
            Self::Map(map) => (Some(map), &[][..]),
            Self::Pairs(pairs) => (None, pairs),
        };
        let map = map.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        map.chain(pairs.iter().map(|(name, value)| (*name, value)))
    }
}

impl<'e> Event<'e> {
    /// An entry with nothing but a case, a kind, a place and a time.
    pub fn new(case: &'e str, kind: &'e str, position: Position, happened: i64) -> Self {
        Self {
            case,
            kind,
            position,
            happened,
            clocks: [NO_TIME; 4],
            id: None,
            facts: Named::NONE,
            body: None,
            as_of: NO_TIME,
        }
    }
}

impl<'e> From<&'e Entry> for Event<'e> {
    fn from(entry: &'e Entry) -> Self {
        let clocks = [entry.sent, entry.received, entry.acknowledged, entry.recorded];
        Self {
            clocks: clocks.map(|at| at.map_or(NO_TIME, nanos)),
            id: entry.id.as_deref(),
            facts: Named::Map(&entry.facts),
            body: entry.body.as_ref().map(Named::Map),
            as_of: entry.as_of.map_or(NO_TIME, nanos),
            ..Self::new(&entry.case, &entry.kind, entry.position, nanos(entry.happened))
        }
    }
}
