//! Checks that look at several rules at once.

mod conflicts;
mod cycles;
mod domain;
mod exceptions;
mod reach;
mod satisfy;
mod versions;

use std::collections::BTreeMap;

pub(crate) use exceptions::{StatedException, in_order};
pub(crate) use versions::check_versions;

use crate::{
    diagnostic::Report,
    model::{
        Checklist, Content, Duty, Fact, FactName, Kind, KindId, MessageWindow, Meter, Phase, PhaseId,
        Requirement, Settlement,
    },
    source::Spot,
};

/// A rule and where its id stands.
#[derive(Clone, Debug)]
pub(crate) struct Spotted<T> {
    pub(crate) item: T,
    pub(crate) spot: Spot,
}

impl<T> Spotted<T> {
    pub(crate) fn items(all: Vec<Self>) -> Vec<T> {
        all.into_iter().map(|spotted| spotted.item).collect()
    }
}

/// The rules of a version.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) duties: Vec<Spotted<Duty>>,
    pub(crate) windows: Vec<MessageWindow>,
    pub(crate) requirements: Vec<Spotted<Requirement>>,
    pub(crate) contents: Vec<Content>,
    pub(crate) meters: Vec<Meter>,
    pub(crate) settlements: Vec<Settlement>,
    pub(crate) checklists: Vec<Checklist>,
    /// Where the version's own phases stand.
    pub(crate) phase_spots: BTreeMap<PhaseId, Spot>,
}

/// Looks for rules that can't work, alone or together.
pub(crate) fn check_rules(
    rules: &Rules,
    phases: &[Phase],
    kinds: &BTreeMap<KindId, Kind>,
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) {
    reach::check_senders(&rules.duties, kinds, report);
    reach::check_phases(phases, &rules.phase_spots, report);
    cycles::check_cycles(rules, facts, report);
    conflicts::check_conflicts(&rules.duties, facts, report);
}
