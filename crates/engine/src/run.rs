//! A run of a meter: from what starts it to what stops it.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use samspill_agreement::model::{
    CutOff, DayExpr, DayKind, DayOffset, KindId, LastDay, Meter, MeterStop, StopEffect, Version,
};
use samspill_base::{ClauseRef, calendar::add_calendar_days};

use crate::{
    case::{Case, Seen},
    condition::View,
    limit::day_on_or_after,
    pairing::order,
    phase::Phases,
    undecided::Undecided,
};

/// A run: when it starts, its first day, and the last day that counts.
#[derive(Debug)]
pub(crate) struct Run<'v, 'a> {
    pub version: &'a Arc<Version>,
    pub meter: &'a Meter,
    pub start: &'v Seen<'a>,
    /// The day the start counts as given.
    pub given: Date,
    /// The first day that counts.
    pub first: Date,
    /// The last day that counts by what stopped it; `None`: nothing has.
    pub stop: Option<Stop<'v, 'a>>,
    /// The day of the entry that ended the run.
    pub ended: Option<Date>,
}

/// What stopped a count.
#[derive(Clone, Debug)]
pub(crate) struct Stop<'v, 'a> {
    pub last: Date,
    pub by: &'v Seen<'a>,
    pub clause: &'a ClauseRef,
}

/// The runs of a meter that follow this version, in the order of time.
pub(crate) fn runs<'v, 'a>(
    case: &'v Case<'a>,
    phases: &'v Phases,
    version: &'a Arc<Version>,
    meter: &'a Meter,
    undecided: &mut Undecided,
) -> Vec<Run<'v, 'a>> {
    let stopping: Vec<KindId> = meter.stops.iter().flat_map(|stop| &stop.kinds).cloned().collect();
    let stopping = case.of_kinds(&stopping);
    case.of_kinds(&meter.start.kinds)
        .into_iter()
        .filter(|seen| seen.counts())
        .filter(|seen| case.follows(seen.happened(), version))
        .filter_map(|start| {
            let verdict = View::of_entry(case, phases, version, start).read(&meter.start.when);
            let starts = undecided.is_yes(&meter.id, &meter.start.clause, verdict);
            starts.then(|| run_from(case, phases, version, meter, start, &stopping, undecided)).flatten()
        })
        .collect()
}

fn run_from<'v, 'a>(
    case: &'v Case<'a>,
    phases: &'v Phases,
    version: &'a Arc<Version>,
    meter: &'a Meter,
    start: &'v Seen<'a>,
    stopping: &[&'v Seen<'a>],
    undecided: &mut Undecided,
) -> Option<Run<'v, 'a>> {
    let given = version.calendar.days.date_of(start.given()).ok()?;
    let view = View::of_entry(case, phases, version, start);
    let first = latest_day(&view, start, given, &meter.start.first_day).unwrap_or(given);
    let mut run = Run { version, meter, start, given, first, stop: None, ended: None };
    run.look_for_stops(case, phases, stopping, undecided);
    Some(run)
}

impl<'v, 'a> Run<'v, 'a> {
    /// Goes through what comes after the start, until something ends the run.
    fn look_for_stops(
        &mut self,
        case: &'v Case<'a>,
        phases: &'v Phases,
        stopping: &[&'v Seen<'a>],
        undecided: &mut Undecided,
    ) {
        let after = order(self.start);
        let first = stopping.partition_point(|seen| order(seen) <= after);
        for seen in stopping[first..].iter().copied().filter(|seen| seen.was_given()) {
            for stop in self.meter.stops.iter().filter(|stop| seen.is_any(&stop.kinds)) {
                let view = View::of_entry(case, phases, self.version, seen);
                if !undecided.is_yes(&self.meter.id, &stop.clause, view.read(&stop.when)) {
                    continue;
                }
                self.stop_at(&view, seen, stop);
                if self.ended.is_some() {
                    return;
                }
            }
        }
    }

    fn stop_at(&mut self, view: &View<'v, 'a>, seen: &'v Seen<'a>, stop: &'a MeterStop) {
        let Ok(own_day) = self.version.calendar.days.date_of(seen.happened()) else { return };
        let day = latest_day(view, seen, own_day, &stop.day).unwrap_or(own_day);
        let last = match stop.last {
            LastDay::SameDay => Some(day),
            LastDay::DayBefore => add_calendar_days(day, -1).ok(),
        };
        let Some(last) = last else { return };
        if self.stop.as_ref().is_none_or(|earlier| last < earlier.last) {
            self.stop = Some(Stop { last, by: seen, clause: &stop.clause });
        }
        if stop.effect == StopEffect::EndsRun {
            self.ended = Some(own_day);
        }
    }
}

/// The latest of the days that the expressions give; `None` where none of them gives any.
fn latest_day(view: &View<'_, '_>, seen: &Seen<'_>, own_day: Date, days: &[DayExpr]) -> Option<Date> {
    days.iter().filter_map(|expr| day_of(view, seen, own_day, expr)).max()
}

fn day_of(view: &View<'_, '_>, seen: &Seen<'_>, own_day: Date, expr: &DayExpr) -> Option<Date> {
    match expr {
        DayExpr::FromEntry(offset) => {
            let time = view.version.calendar.days.local(seen.given()).time();
            offset_day(view, own_day, time, offset)
        }
        DayExpr::FromKind(offset, kind) => {
            let from = view.at(view.case.as_of).latest(kind, &[])?;
            let local = view.version.calendar.days.local(from.given());
            offset_day(view, local.date(), local.time(), offset)
        }
        DayExpr::Field(offset, field) => {
            offset_day(view, as_date(seen.entry.field(field)?.as_text()?)?, Time::midnight(), offset)
        }
        DayExpr::Fact(offset, name) => {
            let fact = view.case.facts.at(view.version, name, view.case.as_of)?;
            offset_day(view, as_date(fact.as_text()?)?, Time::midnight(), offset)
        }
    }
}

/// The date that a text begins with: a day, or the day of a local time.
pub(crate) fn as_date(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

fn offset_day(view: &View<'_, '_>, day: Date, time: Time, offset: &DayOffset) -> Option<Date> {
    let is_past = offset.cut_off.is_some_and(|cut_off: CutOff| cut_off.is_past(time));
    let day = if is_past { add_calendar_days(day, 1).ok()? } else { day };
    let count = i32::try_from(offset.count).ok()?;
    match &offset.of {
        DayKind::Any => add_calendar_days(day, count).ok(),
        DayKind::Working if count > 0 => view.version.calendar.days.add_working_days(day, count).ok(),
        kind @ (DayKind::Working | DayKind::OpenIn(_)) => {
            let mut day = day_on_or_after(view, day, kind).ok()?;
            for _ in 0..count {
                day = day_on_or_after(view, add_calendar_days(day, 1).ok()?, kind).ok()?;
            }
            Some(day)
        }
    }
}
