use std::sync::Arc;

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Kind, Version};
use samspill_base::{CaseLog, Entry};
use samspill_engine::Evaluation;

use crate::projections::Agreements;

/// A stay as it is read at an instant.
#[derive(Clone, Debug)]
pub struct StayView<'a> {
    /// The agreement that it follows.
    pub agreement: &'a Agreement,
    /// The version that what is written now follows: the one in force today, or else the newest.
    pub version: &'a Arc<Version>,
    /// Its log.
    pub log: &'a CaseLog,
    /// What it is read as.
    pub evaluation: Evaluation,
    /// As of when.
    pub now: Timestamp,
}

impl<'a> StayView<'a> {
    /// A stay as of an instant; none where no agreement can be told for it.
    pub fn of(agreements: &'a Agreements, log: &'a CaseLog, now: Timestamp) -> Option<Self> {
        let agreement = agreements.of(log, now)?;
        let evaluation = agreements.evaluate(log, now)?;
        let today = now.to_zoned(evaluation.zone.clone()).date();
        let version = agreement.in_force_on(today).unwrap_or_else(|| agreement.newest());
        Some(Self { agreement, version, log, evaluation, now })
    }

    /// The kind that the log calls this.
    pub fn kind(&self, name: &str) -> Option<&'a Kind> {
        self.version.kind_called(name)
    }

    /// The entries that count, in the order of the log: not cancelled, not cancellations themselves.
    pub fn counting(&self) -> impl Iterator<Item = &'a Entry> {
        let log: &'a CaseLog = self.log;
        let is_aside =
            |entry: &Entry| self.evaluation.set_aside.iter().any(|aside| aside.position == entry.position);
        let cancels = |entry: &Entry| self.kind(&entry.kind).is_some_and(|kind| kind.cancels.is_some());
        let aside: Vec<_> = log.entries.iter().map(|entry| is_aside(entry) || cancels(entry)).collect();
        log.entries.iter().zip(aside).filter(|(_, aside)| !aside).map(|(entry, _)| entry)
    }

    /// The latest entry of a kind that counts.
    pub fn latest(&self, kind: &str) -> Option<&'a Entry> {
        self.counting()
            .filter(|entry| entry.kind == kind)
            .max_by_key(|entry| (entry.happened, entry.position))
    }

    /// Whether a phase runs.
    pub fn is_running(&self, phase: &str) -> bool {
        self.evaluation.phases.iter().any(|it| it.phase.as_str() == phase && it.until.is_none())
    }

    /// Whether a phase has ever begun.
    pub fn has_begun(&self, phase: &str) -> bool {
        self.evaluation.phases.iter().any(|it| it.phase.as_str() == phase)
    }
}
