//! Whom a stay is about.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use samspill_agreement::model::{Agreement, CancelsBy};
use samspill_base::{Entry, Position};

use super::Agreements;

impl Agreements {
    /// [`persons_of`] by these agreements.
    pub fn persons_of(&self, entries: &[Entry]) -> Vec<String> {
        persons_of(self.all(), entries)
    }
}

/// The persons that a stay is about, whom the latest entry names first, each once. What was cancelled says nothing of it any more, nor do
/// cancellations, which name whom the cancelled entry named. Latest is last in the log: an entry that puts an earlier one right is
/// believed whenever that happened. Nobody where no entry that counts names anybody.
pub fn persons_of(agreements: &[Agreement], entries: &[Entry]) -> Vec<String> {
    let cancelled = cancelled(agreements, entries);
    let counts = |entry: &&Entry| {
        !cancelled.contains(&entry.position) && cancels_by(agreements, &entry.kind).is_none()
    };
    let mut counting: Vec<&Entry> = entries.iter().filter(counts).collect();
    counting.sort_by_key(|entry| Reverse(entry.position));
    let mut persons: Vec<String> = Vec::new();
    for person in counting.into_iter().filter_map(|entry| entry.person.as_ref()) {
        if !person.is_empty() && !persons.contains(person) {
            persons.push(person.clone());
        }
    }
    persons
}

/// Where the entries lie that were cancelled, by cancellations that weren't: as an evaluation takes them out.
fn cancelled(agreements: &[Agreement], entries: &[Entry]) -> BTreeSet<Position> {
    let mut in_order: Vec<&Entry> = entries.iter().collect();
    in_order.sort_by_key(|entry| Reverse((entry.happened, entry.position)));
    let mut by_id: BTreeMap<&str, Position> = BTreeMap::new();
    for entry in &in_order {
        by_id.extend(entry.id.as_deref().map(|id| (id, entry.position)));
    }
    let mut cancelled = BTreeSet::new();
    for entry in in_order {
        let Some(by) = cancels_by(agreements, &entry.kind) else { continue };
        if !cancelled.contains(&entry.position) {
            let named = entry.field(&by.field).map(ToString::to_string).unwrap_or_default();
            cancelled.extend(by_id.get(named.as_str()));
        }
    }
    cancelled
}

/// How entries of a kind cancel others, by the first agreement that says so: it needn't be known which one the stay follows.
fn cancels_by<'a>(agreements: &'a [Agreement], kind: &str) -> Option<&'a CancelsBy> {
    agreements.iter().find_map(|agreement| agreement.newest().kind_called(kind)?.cancels.as_ref())
}
