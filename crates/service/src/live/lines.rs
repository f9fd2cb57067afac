use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

use super::{Apart, Span};
use crate::{
    access::Involvement,
    projections::{DueRow, StayRow},
};

/// An open stay, as boards and lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayLine {
    /// Its row, as of when it was last read.
    pub row: StayRow,
    /// Who takes part.
    pub involvement: Arc<Involvement>,
    /// The ids of the persons that it is about, the latest named first: see [`persons_of`](crate::projections::persons_of).
    pub persons: Vec<String>,
    /// All whom entries name, also those that were cancelled.
    pub named: BTreeSet<String>,
    /// When the earliest entry happened.
    pub first: Timestamp,
    /// When the latest entry happened.
    pub last: Timestamp,
    /// Where the last of its entries lies in the log.
    pub last_position: u64,
    /// What of it lies between some of its parties.
    pub apart: Arc<Apart>,
}

/// How long a stay that is over is looked at as the others are, after what happened last in it and after its last limit: two weeks.
const LINGERS: SignedDuration = SignedDuration::from_hours(14 * 24);

impl StayLine {
    /// Whether only what wasn't done in its time keeps the stay open: the patient has left, and for more than two weeks nothing has happened
    /// in it and no limit was to come. A limit that isn't known counts from when its duty arose. Exactly two weeks after, it isn't yet.
    pub fn is_left_over(&self, now: Timestamp) -> bool {
        let since = now.checked_sub(LINGERS).unwrap_or(Timestamp::MIN);
        let mut undone = self.row.undone.iter().map(|duty| duty.due.instant().unwrap_or(duty.triggered));
        !self.row.is_going_on && self.last < since && undone.all(|limit| limit < since)
    }

    /// The same line with another row.
    pub fn with_row(&self, row: StayRow) -> Self {
        Self {
            row,
            involvement: Arc::clone(&self.involvement),
            persons: self.persons.clone(),
            named: self.named.clone(),
            first: self.first,
            last: self.last,
            last_position: self.last_position,
            apart: Arc::clone(&self.apart),
        }
    }

    /// The same line, as long as only these entries of it were there.
    #[must_use]
    pub fn within(self, span: Span) -> Self {
        let Span { first, last, last_position } = span;
        Self { first, last, last_position, ..self }
    }
}

/// Where a line stands in the list: those with something to do first, by limit; then by name.
type Place = (bool, Option<DueRow>, String);

/// The lines, in their order, and when time changes each.
#[derive(Debug, Default)]
pub(super) struct Lines {
    sorted: BTreeMap<Place, Arc<StayLine>>,
    /// Where each case stands, and when time alone changes it.
    kept: BTreeMap<String, (Place, Option<Timestamp>)>,
    wakes: BTreeSet<(Timestamp, String)>,
}

impl Lines {
    /// Puts a line in, instead of an earlier one of the case.
    pub(super) fn put(&mut self, line: StayLine, now: Timestamp) {
        let case = line.row.case.clone();
        self.take(&case);
        let due = line.row.next_duty(now).map(|duty| duty.due);
        let place = (due.is_none(), due, case.clone());
        let wakes = line.row.next_change(now);
        self.wakes.extend(wakes.map(|at| (at, case.clone())));
        self.kept.insert(case, (place.clone(), wakes));
        self.sorted.insert(place, Arc::new(line));
    }

    /// Takes the line of a case out.
    pub(super) fn take(&mut self, case: &str) {
        let Some((place, wakes)) = self.kept.remove(case) else { return };
        self.sorted.remove(&place);
        if let Some(at) = wakes {
            self.wakes.remove(&(at, case.to_owned()));
        }
    }

    /// The line of a case.
    pub(super) fn get(&self, case: &str) -> Option<Arc<StayLine>> {
        let (place, _) = self.kept.get(case)?;
        self.sorted.get(place).cloned()
    }

    /// Cases that time has changed by now, the earliest first, `limit` at the most.
    pub(super) fn changed_by(&self, now: Timestamp, limit: usize) -> Vec<String> {
        let due = self.wakes.iter().take_while(|(at, _)| *at <= now);
        due.take(limit).map(|(_, case)| case.clone()).collect()
    }

    /// All lines in order.
    pub(super) fn all(&self) -> Arc<[Arc<StayLine>]> {
        self.sorted.values().cloned().collect()
    }
}
