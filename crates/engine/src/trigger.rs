//! Which entries trigger a duty, and when its count starts.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::{Duty, Period, Version, Which};
use samspill_base::calendar::add_calendar_days;

use crate::{
    Finding, Step,
    case::{Case, Seen},
    condition::{Verdict, View},
    marks::About,
    phase::Phases,
};

/// One instance of a duty before its limit is known.
pub(crate) struct Triggered<'v, 'a> {
    pub by: &'v Seen<'a>,
    /// When the count starts, for the reader.
    pub at: Timestamp,
    /// From when the limit is counted: a window can have moved it.
    pub start: Timestamp,
    pub steps: Vec<Step>,
    pub origin: Origin,
}

/// What an instance's count starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Its trigger.
    Trigger,
    /// A new period of a duty that comes back.
    Renewal,
}

/// The instances of a duty in a case that follow this version, and the findings about those that can't be decided.
pub(crate) fn triggers<'v, 'a>(
    case: &'v Case<'a>,
    phases: &'v Phases,
    version: &'a Arc<Version>,
    duty: &Duty,
    findings: &mut Vec<Finding>,
) -> Vec<Triggered<'v, 'a>> {
    let mut chosen: Vec<&'v Seen<'a>> = Vec::new();
    for seen in candidates(case, duty) {
        let at = seen.entry.time(duty.counts_from);
        let view = View::of_entry(case, phases, version, seen).at(at);
        match view.read(&duty.when) {
            Verdict::Yes => chosen.push(seen),
            Verdict::No => {}
            Verdict::Undecided(facts) => {
                if case.follows(at, version) {
                    let about = About::of(&view, seen, &duty.id, &duty.clause, duty.severity);
                    findings.push(about.undecided(facts));
                }
            }
        }
    }
    keep(&mut chosen, duty.which);
    chosen
        .into_iter()
        .flat_map(|seen| instances(case, version, duty, seen))
        .filter(|instance| case.follows(instance.at, version))
        .collect()
}

/// The entries that can trigger the duty and whose time that counts has come, in order.
fn candidates<'v, 'a>(case: &'v Case<'a>, duty: &Duty) -> Vec<&'v Seen<'a>> {
    let has_come = |seen: &&Seen<'a>| seen.counts() && seen.entry.time(duty.counts_from) <= case.as_of;
    if duty.which == Which::Preferred {
        return duty
            .after
            .iter()
            .find_map(|kind| case.seen.iter().filter(has_come).find(|seen| seen.kind.id == *kind))
            .into_iter()
            .collect();
    }
    case.seen.iter().filter(|seen| seen.is_any(&duty.after)).filter(has_come).collect()
}

fn keep(chosen: &mut Vec<&Seen<'_>>, which: Which) {
    match which {
        Which::Every | Which::Preferred => {}
        Which::First => chosen.truncate(1),
        Which::Latest => {
            let earlier = chosen.len().saturating_sub(1);
            chosen.drain(..earlier);
        }
    }
}

fn instances<'v, 'a>(
    case: &'v Case<'a>,
    version: &'a Arc<Version>,
    duty: &Duty,
    seen: &'v Seen<'a>,
) -> Vec<Triggered<'v, 'a>> {
    let at = seen.entry.time(duty.counts_from);
    let mut steps = vec![Step::Triggered(seen.reference(at), duty.counts_from)];
    let start = moved_by_window(seen, at, &mut steps);
    let first = Triggered { by: seen, at, start, steps, origin: Origin::Trigger };
    match duty.each {
        None => vec![first],
        Some(period) => renewed(case, version, duty, first, period),
    }
}

/// A window whose entries count from its next opening moves the start of the count there.
fn moved_by_window(seen: &Seen<'_>, at: Timestamp, steps: &mut Vec<Step>) -> Timestamp {
    match (seen.given.filter(|given| *given > at), seen.moved_by) {
        (Some(to), Some(rule)) => {
            steps.push(Step::MovedByWindow { rule: rule.id.clone(), clause: rule.clause.clone(), to });
            to
        }
        (Some(_), None) | (None, _) => at,
    }
}

/// One instance for each period from the trigger's until the duty is closed or the case is read.
fn renewed<'v, 'a>(
    case: &Case<'a>,
    version: &Version,
    duty: &Duty,
    first: Triggered<'v, 'a>,
    period: Period,
) -> Vec<Triggered<'v, 'a>> {
    let days = &version.calendar.days;
    let closed = case
        .of_kinds(&duty.waived_by)
        .into_iter()
        .find(|seen| seen.happened() > first.by.happened() && seen.was_given())
        .map_or(case.as_of, Seen::happened);
    let until = closed.min(case.as_of);
    let next_of = |at: Timestamp| -> Option<Timestamp> {
        days.start_of_day(next_period(days.date_of(at).ok()?, period)?).ok()
    };
    let trigger_step = Step::Triggered(first.by.reference(first.at), duty.counts_from);
    let by = first.by;
    let mut next = next_of(first.at);
    let mut all = vec![first];
    while let Some(at) = next.filter(|at| *at <= until) {
        next = next_of(at);
        let steps = vec![trigger_step.clone(), Step::Renewed(at)];
        all.push(Triggered { by, at, start: at, steps, origin: Origin::Renewal });
    }
    all
}

/// The first day of the period after the one that `day` is in.
pub(crate) fn next_period(day: Date, period: Period) -> Option<Date> {
    match period {
        Period::Day => add_calendar_days(day, 1).ok(),
        Period::Week => add_calendar_days(day, 7 - i32::from(day.weekday().to_monday_zero_offset())).ok(),
        Period::Month => add_calendar_days(day.last_of_month(), 1).ok(),
        Period::Quarter => {
            let last_month = (day.month() + 2) / 3 * 3;
            add_calendar_days(Date::new(day.year(), last_month, 1).ok()?.last_of_month(), 1).ok()
        }
        Period::Year => Date::new(day.year() + 1, 1, 1).ok(),
    }
}
