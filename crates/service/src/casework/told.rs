//! What was told by other means while systems were down: it is registered with its true times, and goes nowhere.

use samspill_base::Entry;

use super::{Plan, Step};
use crate::downtime::{AfterwardsFinding, AfterwardsRefusal, Periods, Told, Way, afterwards};

impl Plan {
    /// The same, of what was told already, as `told` says: nothing of it is sent, who was told knew at once, and each
    /// entry has a note on it in the case of the downtime. The plan is one that was made as if it were then.
    ///
    /// What happened outside the downtime is registered as well, with a finding.
    ///
    /// # Errors
    ///
    /// Where the times can't be so, where something is missing, and where there is no such downtime.
    pub fn told_otherwise(
        self,
        told: &Told,
        periods: &Periods,
    ) -> Result<(Self, Vec<AfterwardsFinding>), AfterwardsRefusal> {
        let (mut steps, mut findings) = (Vec::new(), Vec::new());
        let told = Told { way: if self.is_sent() { told.way } else { Way::Event }, ..told.clone() };
        for entry in self.told() {
            let written = afterwards(entry, &told, periods)?;
            findings.extend(written.findings);
            // The note first: a plan is about its last step.
            steps.extend(written.entries.into_iter().rev().map(Step::Register));
        }
        findings.dedup();
        Ok((Self { steps }, findings))
    }

    /// The entries as they were told. What would only have carried what is meant is left out: that was told itself.
    fn told(mut self) -> Vec<Entry> {
        let is_sent = self.is_sent();
        if is_sent && matches!(self.steps.last(), Some(Step::Register(_))) {
            self.steps.drain(..self.steps.len() - 1);
        }
        let entries = self.steps.into_iter().map(|step| match step {
            Step::Send(entry) | Step::Register(entry) => entry,
        });
        let told = |entry: Entry| {
            let at = is_sent.then(|| entry.sent.unwrap_or(entry.happened));
            Entry { sent: at, received: at, ..entry }
        };
        entries.map(told).collect()
    }
}
