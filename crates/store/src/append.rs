use jiff::Timestamp;
use samspill_base::{Entry, Position};

use crate::{
    AppendKey, CommunityId, EntryError, Head, LogEntry, StoreError,
    canonical::entry_bytes,
    entry::{Stored, check},
};

/// Entries to add to the end of a log, all or none of them, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// What makes it the same append when it is asked for again.
    pub key: AppendKey,
    /// When this is: what [`Entry::recorded`] becomes where an entry leaves it open. An entry that says when it was
    /// recorded, as one of an older system's log does, keeps that.
    pub recorded: Timestamp,
    /// The entries in their order, one at least. Their positions are passed over: the log gives them new ones.
    pub entries: Vec<Entry>,
}

/// Where an append stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The position of its first entry.
    pub first: Position,
    /// The position of its last entry. There is no other append's entry between the two.
    pub last: Position,
    /// Whether it was there already.
    pub outcome: Outcome,
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was written now.
    Appended,
    /// It was written earlier under the same key, and nothing was written now.
    AlreadyThere,
}

impl Append {
    /// One entry.
    pub fn one(key: AppendKey, recorded: Timestamp, entry: Entry) -> Self {
        Self { key, recorded, entries: vec![entry] }
    }

    /// How many entries there are.
    ///
    /// # Errors
    ///
    /// No entry, too many, or one that can't be kept.
    pub(crate) fn checked(&self) -> Result<u32, EntryError> {
        if self.entries.is_empty() {
            return Err(EntryError::Nothing);
        }
        let entries = self.entries.len();
        let parts = u32::try_from(entries).ok().filter(|_| entries <= LogEntry::PARTS_MAX);
        let parts = parts.ok_or(EntryError::Many { entries })?;
        for (entry, part) in self.entries.iter().zip(1..) {
            check(entry, part)?;
        }
        Ok(parts)
    }

    /// The rows that follow on `head`, of the entries as they are written.
    ///
    /// # Errors
    ///
    /// An entry that is too large.
    pub(crate) fn rows(
        &self,
        community: &CommunityId,
        mut head: Head,
        parts: u32,
        entries: &[Entry],
    ) -> Result<Vec<Stored>, EntryError> {
        let mut rows = Vec::with_capacity(entries.len());
        for (entry, part) in entries.iter().zip(1..) {
            let entry = Entry { recorded: entry.recorded.or(Some(self.recorded)), ..entry.clone() };
            let row = Stored::following(head, community, &self.key, (part, parts), &entry);
            let bytes = row.entry.len();
            if bytes > LogEntry::BYTES_MAX {
                return Err(EntryError::Large { part, bytes });
            }
            head = row.head();
            rows.push(row);
        }
        Ok(rows)
    }

    /// Where it stands, if `there` is what was written under its key: as the log has it, or as it is read.
    ///
    /// When an entry was recorded is compared only where the append says it: it is another time when it is asked for again.
    ///
    /// # Errors
    ///
    /// What stands there differs.
    pub(crate) fn receipt_of(
        &self,
        community: &CommunityId,
        there: &There,
        written: &[Entry],
    ) -> Result<Option<Receipt>, StoreError> {
        let (Some(first), Some(last)) = (there.stored.first(), there.stored.last()) else { return Ok(None) };
        let (first, last) = (first.entry.position, last.entry.position);
        let as_written = difference(written, &there.stored);
        match as_written.and_then(|_| difference(&self.entries, &there.opened)) {
            None => Ok(Some(Receipt { first, last, outcome: Outcome::AlreadyThere })),
            Some((part, differs)) => {
                let (community, key) = (community.clone(), self.key.clone());
                Err(StoreError::KeyTaken { community, key, first, last, part, differs })
            }
        }
    }
}

/// What stands under an append's key.
#[derive(Debug, Default)]
pub(crate) struct There {
    /// As the log has it: a person is a mark, where persons were sealed when it was written.
    pub(crate) stored: Vec<LogEntry>,
    /// As it is read.
    pub(crate) opened: Vec<LogEntry>,
}

/// The first part in which entries differ from what is there, and in what.
fn difference(entries: &[Entry], there: &[LogEntry]) -> Option<(u32, &'static str)> {
    for ((now, before), part) in entries.iter().zip(there).zip(1..) {
        if let Some(field) = differing_field(now, &before.entry) {
            return Some((part, field));
        }
    }
    let shorter = entries.len().min(there.len());
    let longer = entries.len().max(there.len());
    (shorter < longer).then(|| (u32::try_from(shorter).map_or(u32::MAX, |parts| parts + 1), "length"))
}

/// The first field in which an entry that is to be appended differs from one in the log.
fn differing_field(now: &Entry, before: &Entry) -> Option<&'static str> {
    let compared =
        Entry { position: before.position, recorded: now.recorded.or(before.recorded), ..now.clone() };
    if entry_bytes(&compared) == entry_bytes(before) {
        return None;
    }
    let fields = [
        ("case", compared.case == before.case),
        ("kind", compared.kind == before.kind),
        ("happened", compared.happened == before.happened),
        ("sent", compared.sent == before.sent),
        ("received", compared.received == before.received),
        ("acknowledged", compared.acknowledged == before.acknowledged),
        ("recorded", compared.recorded == before.recorded),
        ("as_of", compared.as_of == before.as_of),
        ("id", compared.id == before.id),
        ("person", compared.person == before.person),
        ("from", compared.from == before.from),
        ("to", compared.to == before.to),
        ("facts", compared.facts == before.facts),
    ];
    fields.into_iter().find(|(_, same)| !same).map_or(Some("body"), |(field, _)| Some(field))
}
