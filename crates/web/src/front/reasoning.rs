//! Reasoning as far as the reader may know of what it rests on.

use std::collections::BTreeSet;

use samspill_base::{CaseLog, Entry, Position};
use samspill_engine::{DayReason, DutyReading, EntryRef, MeterDay, Step};
use samspill_service::access::Ends;

use crate::{App, Signed};

/// The messages of a stay between others than the reader's party: reasoning that cites them would say that they are there.
pub(crate) struct BetweenOthers(BTreeSet<Position>);

impl BetweenOthers {
    /// Those of the whole log of a stay.
    pub(crate) fn of(app: &App, signed: &Signed, log: &CaseLog) -> Self {
        let is_hidden =
            |entry: &&Entry| entry.to.is_some() && !Ends::of(entry, app.book()).has(&signed.subject.party);
        Self(log.entries.iter().filter(is_hidden).map(|entry| entry.position).collect())
    }

    /// A duty without the steps that rest on any of them.
    pub(crate) fn out_of(&self, reading: &DutyReading) -> DutyReading {
        let is_seen = |entry: &EntryRef| !self.0.contains(&entry.position);
        let mut reading = reading.clone();
        reading.steps.retain(|step| match step {
            Step::Triggered(entry, _) | Step::Reset(entry) | Step::CountedBackFrom(entry) => is_seen(entry),
            Step::Suspended(from, until) => is_seen(from) && until.as_ref().is_none_or(is_seen),
            Step::Renewed(_)
            | Step::MovedByWindow { .. }
            | Step::MovedByCutOff(_)
            | Step::Excepted { .. }
            | Step::Undecided(..)
            | Step::Limited(..)
            | Step::CountedBackFromFact(..) => true,
        });
        reading
    }

    /// A day without those of the entries that it used, and without the reasons that name one of them.
    pub(crate) fn out_of_day(&self, day: &MeterDay) -> MeterDay {
        let mut day = day.clone();
        day.used.retain(|position| !self.0.contains(position));
        day.because.retain(|reason| {
            let (DayReason::Runs(_, entry) | DayReason::AfterLastDay(_, entry)) = reason else { return true };
            !self.0.contains(&entry.position)
        });
        day
    }
}
