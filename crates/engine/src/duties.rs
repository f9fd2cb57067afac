//! The duties of a case, found by name and by what triggered them.

use std::collections::{BTreeMap, BTreeSet};

use samspill_agreement::model::DutyState;
use samspill_base::Position;

use crate::{DutyReading, DutyStatus};

/// Readings of duties that conditions ask about.
#[derive(Debug)]
pub(crate) struct Duties<'d> {
    by_trigger: BTreeMap<&'d str, BTreeMap<Position, Vec<&'d DutyReading>>>,
    statuses: BTreeMap<&'d str, BTreeSet<DutyStatus>>,
}

impl<'d> Duties<'d> {
    pub(crate) fn of(readings: &'d [DutyReading]) -> Self {
        let mut duties = Self { by_trigger: BTreeMap::new(), statuses: BTreeMap::new() };
        for reading in readings {
            let id = reading.duty.as_str();
            let of_duty = duties.by_trigger.entry(id).or_default();
            of_duty.entry(reading.trigger.position).or_default().push(reading);
            duties.statuses.entry(id).or_default().insert(reading.status);
        }
        duties
    }

    /// The instances that this entry triggered.
    pub(crate) fn triggered_by(&self, duty: &str, trigger: Position) -> &[&'d DutyReading] {
        self.by_trigger.get(duty).and_then(|of_duty| of_duty.get(&trigger)).map_or(&[], Vec::as_slice)
    }

    /// Whether an instance is in the state: one that the entry triggered, where there are any; otherwise any of the case.
    pub(crate) fn is_any_in(&self, duty: &str, trigger: Option<Position>, state: DutyState) -> bool {
        let own = trigger.map_or(&[][..], |trigger| self.triggered_by(duty, trigger));
        if own.is_empty() {
            self.statuses.get(duty).into_iter().flatten().any(|status| status.is_in(state))
        } else {
            own.iter().any(|reading| reading.status.is_in(state))
        }
    }

    /// The first instance of a duty that is fulfilled.
    pub(crate) fn first_fulfilled(&self, duty: &str) -> Option<&'d DutyReading> {
        self.by_trigger.get(duty)?.values().flatten().find(|reading| reading.fulfilled.is_some()).copied()
    }
}
