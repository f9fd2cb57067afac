//! The phases of a case: when each began and ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_agreement::model::PhaseId;

use crate::{PhaseReading, case::Seen};

/// The phases that have begun, in the order in which they did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phases {
    pub begun: Vec<PhaseReading>,
    /// Where the runs of each phase stand in `begun`. They never overlap: only the last can be running.
    runs: BTreeMap<PhaseId, Vec<usize>>,
}

impl Phases {
    /// Whether the phase runs at the instant: it does from its beginning, and no longer at its end.
    pub(crate) fn runs_at(&self, phase: &PhaseId, at: Timestamp) -> bool {
        let runs = self.runs.get(phase).map_or(&[][..], Vec::as_slice);
        let begun = runs.partition_point(|run| self.begun[*run].from.at <= at);
        begun
            .checked_sub(1)
            .is_some_and(|last| self.begun[runs[last]].until.as_ref().is_none_or(|end| at < end.at))
    }

    /// Whether the phase has begun and not ended among the entries so far.
    pub(crate) fn is_running(&self, phase: &PhaseId) -> bool {
        self.last(phase).is_some_and(|run| self.begun[run].until.is_none())
    }

    pub(crate) fn begin(&mut self, phase: &PhaseId, by: &Seen<'_>) {
        let from = by.reference(by.happened());
        self.runs.entry(phase.clone()).or_default().push(self.begun.len());
        self.begun.push(PhaseReading { phase: phase.clone(), from, until: None });
    }

    pub(crate) fn end(&mut self, phase: &PhaseId, by: &Seen<'_>) {
        if let Some(run) = self.last(phase) {
            self.begun[run].until.get_or_insert_with(|| by.reference(by.happened()));
        }
    }

    fn last(&self, phase: &PhaseId) -> Option<usize> {
        self.runs.get(phase)?.last().copied()
    }
}
