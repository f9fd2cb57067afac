//! The whole reading of a case.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Version};
use samspill_base::CaseLog;

use crate::{
    Evaluation, Finding,
    case::{Case, Dates},
    checklist::checklists,
    duties::Duties,
    duty::duties,
    marks::mark,
    meter::meters,
};

/// Reads a case against an agreement as of an instant, each version on the days it is in force.
///
/// Entries that happened or were recorded after `as_of` are not known; equal to it is known.
///
/// # Errors
/// None: whatever cannot be used is in [`Evaluation::set_aside`], whatever cannot be decided is a finding.
pub fn evaluate(agreement: &Agreement, log: &CaseLog, as_of: Timestamp) -> Evaluation {
    Engine::new(agreement).evaluate(log, as_of)
}

/// Reads many cases against one agreement.
#[derive(Clone, Copy, Debug)]
pub struct Engine<'a> {
    agreement: &'a Agreement,
    dates: Dates,
}

impl<'a> Engine<'a> {
    /// An engine that holds each version to the days it is in force.
    pub fn new(agreement: &'a Agreement) -> Self {
        Self { agreement, dates: Dates::InForce }
    }

    /// The same with another way of choosing versions.
    #[must_use]
    pub fn with_dates(self, dates: Dates) -> Self {
        Self { dates, ..self }
    }

    /// The agreement.
    pub fn agreement(&self) -> &'a Agreement {
        self.agreement
    }

    /// Reads a case as of an instant; see [`evaluate`].
    pub fn evaluate(&self, log: &CaseLog, as_of: Timestamp) -> Evaluation {
        let mut case = Case::known_at(self.agreement, log, as_of, self.dates);
        let phases = mark(&mut case);
        let mut findings = std::mem::take(&mut case.findings);
        let main = main_version(&case);
        let mut evaluation = Evaluation {
            case: log.case.clone(),
            agreement: self.agreement.id.clone(),
            version: main.version.clone(),
            as_of,
            zone: main.calendar.zone.clone(),
            duties: Vec::new(),
            findings: Vec::new(),
            meters: Vec::new(),
            facts: case.facts.all_at(main, as_of),
            phases: Vec::new(),
            checklists: Vec::new(),
            set_aside: Vec::new(),
        };
        for version in case.versions() {
            evaluation.duties.extend(duties(&case, &phases, version, &mut findings));
        }
        let read = Duties::of(&evaluation.duties);
        let mut counted = BTreeSet::new();
        for version in case.versions() {
            let found = meters(&case, &phases, version, &read, &mut counted, &mut findings);
            evaluation.meters.extend(found);
        }
        evaluation.checklists = checklists(&case, &phases, main, &read);
        evaluation.phases = phases.begun;
        evaluation.findings = in_order(findings);
        evaluation.set_aside = case.set_aside;
        evaluation.set_aside.sort_by_key(|aside| aside.position);
        evaluation
    }
}

/// The version in force at the first entry that any version covers; the newest where none does.
fn main_version<'a>(case: &Case<'a>) -> &'a Arc<Version> {
    case.seen.iter().find_map(|seen| seen.version).unwrap_or_else(|| case.agreement.newest())
}

/// By the instant they are about, then by rule; a rule that several readings found undecided says so once an entry.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.at, finding.entry.as_ref().map(|entry| entry.position));
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.effect.cmp(&b.effect))
    });
    findings.dedup();
    findings
}
