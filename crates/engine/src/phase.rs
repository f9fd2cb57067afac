//! The phases of a case: when each began and ended.

use jiff::Timestamp;
use samspill_agreement::model::PhaseId;

use crate::{PhaseReading, case::Seen, evaluation::EntryRef};

/// The phases that have begun, in the order in which they did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phases {
    pub begun: Vec<PhaseReading>,
}

impl Phases {
    /// Whether the phase runs at the instant: it does from its beginning, and no longer at its end.
    pub(crate) fn runs_at(&self, phase: &PhaseId, at: Timestamp) -> bool {
        self.begun.iter().any(|run| {
            run.phase == *phase && run.from.at <= at && run.until.as_ref().is_none_or(|end| at < end.at)
        })
    }

    /// Whether the phase has begun and not ended among the entries so far.
    pub(crate) fn is_running(&self, phase: &PhaseId) -> bool {
        self.begun.iter().any(|run| run.phase == *phase && run.until.is_none())
    }

    pub(crate) fn begin(&mut self, phase: &PhaseId, by: &Seen<'_>) {
        let from = by.reference(by.happened());
        self.begun.push(PhaseReading { phase: phase.clone(), from, until: None });
    }

    pub(crate) fn end(&mut self, phase: &PhaseId, by: &Seen<'_>) {
        let end: EntryRef = by.reference(by.happened());
        for run in &mut self.begun {
            if run.phase == *phase && run.until.is_none() {
                run.until = Some(end.clone());
            }
        }
    }
}
