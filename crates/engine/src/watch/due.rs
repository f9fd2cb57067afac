//! What falls due, and what became late.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{
    Position,
    columns::{instant, nanos},
};

use super::{Watch, items::Item, kept::KeptCase};
use crate::DutyStatus;

/// An instance of a duty with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueDuty<'w> {
    /// The limit.
    pub due: Timestamp,
    /// The case.
    pub case: &'w str,
    /// The duty: a number of [`Program::duties`](crate::program::Program::duties).
    pub duty: u32,
    /// The entry that triggered it.
    pub trigger: Position,
    /// How it stands.
    pub passed: Passed,
}

/// How an instance with a limit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// Neither done nor closed, and the limit hasn't passed.
    NotYet,
    /// Missed: not done, or closed after the limit.
    Missed,
    /// Done after the limit.
    Late,
}

impl Watch {
    /// What isn't done and has its limit at `from` or later and before `until`, in the order of limits: both what can still
    /// be done in time and what is overdue as of [`Self::now`].
    pub fn due_between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = DueDuty<'_>> {
        self.with_limits(from, until).filter(|(item, _)| item.is_undone()).map(|(_, due)| due)
    }

    /// What became late after `since` and no later than `until`, as the log says now ([`Self::now`]): its limit lies at
    /// `since` or later and before `until`, and it wasn't done or closed by then. A duty is late the moment after its limit.
    ///
    /// What was done since is told too, as late.
    pub fn became_late(&self, since: Timestamp, until: Timestamp) -> impl Iterator<Item = DueDuty<'_>> {
        let until = instant(nanos(until).min(self.now));
        self.with_limits(since, until).map(|(_, due)| due).filter(|due| due.passed != Passed::NotYet)
    }

    fn with_limits(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = (Item, DueDuty<'_>)> + '_ {
        let span = (nanos(from), nanos(until));
        self.due.stretches(span).flat_map(move |(first, until, cases)| {
            let is_within = |due: i64| first <= due && due < until;
            let mut told: Vec<_> = cases.into_iter().flat_map(|case| self.limits_of(case)).collect();
            told.retain(|(item, _)| item.indexed().is_some_and(is_within));
            told.sort_by_key(|(_, due)| due.due);
            told.into_iter()
        })
    }

    /// What of a case isn't done in time.
    fn limits_of(&self, case: u32) -> impl Iterator<Item = (Item, DueDuty<'_>)> + '_ {
        let open = self.cases.get(case);
        let entries = self.entries.get(open.entries);
        let own = KeptCase::of(&self.words, &self.extras, entries).own_as_of();
        let as_of = own.unwrap_or(self.now);
        self.items.get(open.items).iter().filter_map(move |item| {
            let told = DueDuty {
                due: instant(item.indexed()?),
                case: self.name(case),
                duty: u32::from(item.duty),
                trigger: Position(entries[item.trigger as usize].position),
                passed: match item.status(as_of) {
                    DutyStatus::Open => Passed::NotYet,
                    DutyStatus::Late => Passed::Late,
                    DutyStatus::Missed | DutyStatus::Kept | DutyStatus::Waived => Passed::Missed,
                },
            };
            Some((*item, told))
        })
    }
}

/// The cases with limits, by hour: few steps to find, whether limits lie at one instant or at many.
#[derive(Clone, Debug, Default)]
pub(super) struct Hours {
    hours: BTreeMap<i64, BTreeSet<u32>>,
    len: usize,
}

/// The hour of an instant: a little over an hour, as shifting bits gives it.
pub(super) fn hour_of(at: i64) -> i64 {
    at >> HOUR_BITS
}

/// The first instant of an hour of [`hour_of`].
fn start_of(hour: i64) -> i64 {
    hour << HOUR_BITS
}

const HOUR_BITS: u32 = 42;

impl Hours {
    pub(super) fn insert(&mut self, hour: i64, case: u32) {
        self.len += usize::from(self.hours.entry(hour).or_default().insert(case));
    }

    pub(super) fn remove(&mut self, hour: i64, case: u32) {
        let Some(cases) = self.hours.get_mut(&hour) else { return };
        self.len -= usize::from(cases.remove(&case));
        if cases.is_empty() {
            self.hours.remove(&hour);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// A span of time in stretches, one after the other: where each begins and ends, and the cases with limits in its
    /// hours, if not in the stretch itself.
    ///
    /// The first stretch holds one hour with limits, the next two, then four: what falls due first is soon told, and a case
    /// with a limit in each of `n` hours is looked at about log `n` times.
    fn stretches(&self, (from, until): (i64, i64)) -> impl Iterator<Item = (i64, i64, BTreeSet<u32>)> {
        let last = hour_of(until.max(from));
        let mut hours = self.hours.range(hour_of(from)..=last).peekable();
        let (mut first, mut wanted) = (from, 1_usize);
        std::iter::from_fn(move || {
            hours.peek()?;
            let cases = hours.by_ref().take(wanted).flat_map(|(_, cases)| cases.iter().copied()).collect();
            wanted = wanted.saturating_mul(2);
            let next = hours.peek().map_or(until, |(hour, _)| until.min(start_of(**hour)));
            let stretch = (first, next, cases);
            first = next;
            Some(stretch)
        })
    }
}
