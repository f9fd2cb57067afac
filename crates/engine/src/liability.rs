//! Whether somebody is liable for the days of a run.

use samspill_agreement::model::{Condition, DutyId, FactName};
use samspill_base::{ClauseRef, Position};

use crate::{
    DayReason, DutyReading, DutyStatus,
    condition::{Verdict, View},
    run::Run,
};

/// Whether somebody is liable for the days of a run.
pub(crate) struct Liability {
    pub clause: ClauseRef,
    /// Why nobody is, if so.
    pub refusal: Option<DayReason>,
    /// The entries that the duties concerned used.
    pub used: Vec<Position>,
}

impl Liability {
    /// Read as the case stands at the view. Duties that the run's start triggers are the ones meant: while such a duty
    /// has not begun (the start is sent and not received), or is open, nobody is liable yet.
    pub(crate) fn of(view: &View<'_, '_>, run: &Run<'_, '_>) -> Self {
        let meter = run.meter;
        let clause = meter.liable_clause.clone();
        let start = run.start.entry.position;
        let own_duties: Vec<&DutyId> = named_duties(&meter.liable)
            .into_iter()
            .filter(|duty| run.version.duty(duty).is_some_and(|rule| rule.after.contains(&run.start.kind.id)))
            .collect();
        let concerned: Vec<&DutyReading> = own_duties
            .iter()
            .flat_map(|duty| view.duties.map_or(&[][..], |duties| duties.triggered_by(duty, start)))
            .copied()
            .collect();
        let is_open = concerned.iter().any(|reading| reading.status == DutyStatus::Open);
        let not_begun = !own_duties.is_empty()
            && concerned.is_empty()
            && own_duties
                .iter()
                .filter_map(|duty| run.version.duty(duty))
                .any(|duty| run.start.entry.time(duty.counts_from) > view.at);
        let refusal = if not_begun {
            Some(DayReason::NotYetLiable(clause.clone()))
        } else {
            match (View { trigger: Some(start), ..*view }).read(&meter.liable) {
                Verdict::Yes => None,
                Verdict::No if is_open => Some(DayReason::NotYetLiable(clause.clone())),
                Verdict::No => Some(DayReason::NotLiable(clause.clone())),
                Verdict::Undecided(facts) => {
                    let facts: Vec<FactName> = facts.into_iter().collect();
                    Some(DayReason::LiabilityUndecided(clause.clone(), facts))
                }
            }
        };
        let used = concerned.iter().flat_map(|reading| reading.used()).collect();
        Self { clause, refusal, used }
    }
}

/// The duties that a condition asks about.
pub(crate) fn named_duties(condition: &Condition) -> Vec<&DutyId> {
    match condition {
        Condition::Duty(_, duty) => vec![duty],
        Condition::Not(inner) => named_duties(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(named_duties).collect(),
        Condition::Always
        | Condition::Fact(..)
        | Condition::Field(..)
        | Condition::Has { .. }
        | Condition::InPhase(_) => Vec::new(),
    }
}
