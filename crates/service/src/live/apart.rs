//! What of a stay lies between some of its parties, and so is no part of its line to others.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_base::CaseLog;

use crate::{
    access::{End, Ends, Involvement},
    exchange::meaning::AddressBook,
    projections::FindingRow,
};

/// So few parties that all that lies between them is theirs all.
const SEE_ALL: usize = 2;

/// The entries of a stay by their ends, and what its findings are about: by these, what of its line is for whom.
///
/// It is read with the line and kept with it, so that a list asks nothing of the store for each of its lines. Of a stay of two parties or
/// fewer it is empty, unless a third was written to that has no part in it, as by mistake. Of others it has a number or two for each entry and finding, and the ends that differ, of which a stay has few: some
/// kilobytes where many write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// The pairs of ends that there are.
    ends: Vec<Ends>,
    entries: Vec<Place>,
    findings: Vec<FindingPlace>,
}

/// An entry of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Its place in the log.
    position: u64,
    happened: Timestamp,
    /// The number of its ends.
    ends: usize,
}

/// Of some entries of a stay, when they happened, and where the last of them lies in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When the earliest happened.
    pub first: Timestamp,
    /// When the latest happened.
    pub last: Timestamp,
    /// The last place in the log.
    pub last_position: u64,
}

/// What a finding is about, by places in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingPlace {
    entry: Option<u64>,
    used: Vec<u64>,
}

impl Apart {
    pub(super) fn of(
        log: &CaseLog,
        findings: &[FindingRow],
        involvement: &Involvement,
        book: &AddressBook,
    ) -> Self {
        let mut apart = Self::default();
        for entry in &log.entries {
            let ends = apart.number_of(Ends::of(entry, book));
            apart.entries.push(Place { position: entry.position.0, happened: entry.happened, ends });
        }
        let takes_part = |end: &End| involvement.parties.contains(&end.party);
        if involvement.parties.len() <= SEE_ALL && apart.ends.iter().flat_map(Ends::both).all(takes_part) {
            return Self::default();
        }
        apart.findings = findings.iter().map(FindingPlace::from).collect();
        apart
    }

    /// The places of entries that somebody doesn't see, as is decided by their ends. None of a stay of two parties or fewer that wrote to
    /// nobody else: whoever may read it sees all of it.
    pub fn hidden(&self, is_seen: impl Fn(&Ends) -> bool) -> BTreeSet<u64> {
        let seen: Vec<bool> = self.ends.iter().map(is_seen).collect();
        let hidden = self.entries.iter().filter(|entry| !seen[entry.ends]);
        hidden.map(|entry| entry.position).collect()
    }

    /// Of the entries that aren't hidden, when they happened and where they end; none where all are hidden, and of a stay in which
    /// nothing can be.
    pub fn span_but(&self, hidden: &BTreeSet<u64>) -> Option<Span> {
        let seen = || self.entries.iter().filter(|entry| !hidden.contains(&entry.position));
        Some(Span {
            first: seen().map(|entry| entry.happened).min()?,
            last: seen().map(|entry| entry.happened).max()?,
            last_position: seen().map(|entry| entry.position).max()?,
        })
    }

    /// How many findings are not about what is hidden.
    pub fn findings_but(&self, hidden: &BTreeSet<u64>) -> u64 {
        self.findings.iter().filter(|finding| !finding.is_about(hidden)).count() as u64
    }

    fn number_of(&mut self, ends: Ends) -> usize {
        let known = self.ends.iter().position(|it| *it == ends);
        known.unwrap_or_else(|| {
            self.ends.push(ends);
            self.ends.len() - 1
        })
    }
}

impl From<&FindingRow> for FindingPlace {
    fn from(finding: &FindingRow) -> Self {
        Self { entry: finding.entry.as_ref().map(|entry| entry.position), used: finding.used.clone() }
    }
}

impl FindingPlace {
    /// The places of what it is about and rests on.
    pub fn positions(self) -> impl Iterator<Item = u64> {
        self.entry.into_iter().chain(self.used)
    }

    /// Whether a finding is about an entry that is hidden, or about the case by nothing but such entries.
    pub fn is_about(&self, hidden: &BTreeSet<u64>) -> bool {
        match self.entry {
            Some(entry) => hidden.contains(&entry),
            None => !self.used.is_empty() && self.used.iter().all(|position| hidden.contains(position)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_hidden_with_its_entry_or_with_all_that_it_used() {
        let place = |entry, used: &[u64]| FindingPlace { entry, used: used.to_vec() };
        let rows = [
            (place(Some(3), &[]), true),
            (place(Some(1), &[3]), false),
            (place(None, &[3]), true),
            (place(None, &[3, 4]), true),
            (place(None, &[1, 3]), false),
            (place(None, &[]), false),
        ];
        let hidden = [3, 4].into();
        for (finding, expected) in &rows {
            assert_eq!(finding.is_about(&hidden), *expected, "{finding:?}");
            assert!(!finding.is_about(&[].into()), "{finding:?}");
        }
        let apart = Apart { findings: rows.map(|(finding, _)| finding).into(), ..Apart::default() };
        assert_eq!((apart.findings_but(&hidden), apart.findings_but(&[].into())), (3, 6));
    }
}
