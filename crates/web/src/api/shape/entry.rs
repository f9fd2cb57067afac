use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::Value;
use samspill_service::{access::Shown, projections::EntryRow};
use serde::Serialize;
use utoipa::ToSchema;

/// An entry that a rule used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct UsedEntry {
    /// Its position in the log.
    pub(crate) position: u64,
    /// Its kind, as the agreement names it.
    pub(crate) kind: String,
    /// The time of it that was used.
    pub(crate) at: Timestamp,
}

impl UsedEntry {
    pub(crate) fn of(row: &EntryRow) -> Self {
        Self { position: row.position, kind: row.kind.clone(), at: row.at }
    }
}

/// A message or event in the log of a stay. Entries are never changed: a correction is a new entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Its position in the log of the community. Positions only grow.
    pub(crate) position: u64,
    /// The stay.
    pub(crate) case: String,
    /// What it is.
    #[schema(example = "utskrivningsklar")]
    pub(crate) kind: String,
    /// When it happened.
    pub(crate) happened: Timestamp,
    /// When it was sent, if that is another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<Timestamp>,
    /// When the receiver had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) received: Option<Timestamp>,
    /// When the receiver's receipt came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledged: Option<Timestamp>,
    /// When it was written into the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recorded: Option<Timestamp>,
    /// Its own id, by which corrections and cancellations name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The person that it is about, as the log calls them; left out where the identity is protected from the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
    /// Who sent or registered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    /// Whom it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// Facts of the stay that it sets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    pub(crate) facts: BTreeMap<String, Value>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    pub(crate) body: Option<BTreeMap<String, Value>>,
}

impl Entry {
    /// An entry as it is given out: without its person, where the identity is protected from who asks.
    pub(crate) fn of(entry: samspill_base::Entry, shown: Shown) -> Self {
        Self {
            position: entry.position.0,
            case: entry.case,
            kind: entry.kind,
            happened: entry.happened,
            sent: entry.sent,
            received: entry.received,
            acknowledged: entry.acknowledged,
            recorded: entry.recorded,
            id: entry.id,
            person: entry.person.filter(|_| shown.name),
            from: entry.from,
            to: entry.to,
            facts: entry.facts,
            body: entry.body,
        }
    }
}
