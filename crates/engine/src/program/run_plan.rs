//! Carrying out a plan: limits, comparisons of instants, and days.

use jiff::civil::Date;
use samspill_agreement::model::{LastDay, StopEffect};
use samspill_base::{
    calendar::{DayCalendar, DayNumber, add_calendar_days},
    columns::instant,
};

use super::{
    case::Beyond,
    code::{Code, DayExprCode, DayKindCode, DeadlineCode, DutyCode, MeterCode, OffsetCode, VersionCode},
    cond::Verdict,
    duty::{Instance, NOTHING, status},
    limits::{Limit, plain_limit},
    lower::status_bit,
    meter::{MeterDays, Refusal, Standing},
    plan::{Limits, Plan, PlannedDuty, PlannedMeter, PlannedPayer, PlannedRun, Rest, all, clocks_hold},
    source::Source,
    verdict::Verdicts,
};
use crate::{DutyStatus, run::as_date};

/// Carries out a plan for a case of its shape.
///
/// # Errors
/// [`Beyond`] where a time of the case is beyond what was planned for.
pub(crate) fn run_plan<S: Source>(
    code: &Code,
    source: &S,
    plan: &Plan,
    as_of: i64,
    (instances, verdicts): (&mut Vec<Instance>, &mut Verdicts),
) -> Result<(), Beyond> {
    let runner = Runner { version: &code.versions[0], source, as_of };
    clocks_hold(source, &plan.clocked, as_of, runner.version.in_force.1)?;
    instances.clear();
    for duty in &plan.duties {
        instances.push(runner.duty(duty)?);
    }
    for meter in &plan.meters {
        runner.meter(meter, instances, verdicts)?;
    }
    verdicts.duties.extend(instances.iter().map(super::read::duty_verdict));
    let position = |entry: &u32| samspill_base::Position(source.position(*entry as usize));
    verdicts.unknown_kinds.extend(plan.unknown.iter().map(position));
    Ok(())
}

struct Runner<'r, S> {
    version: &'r VersionCode,
    source: &'r S,
    as_of: i64,
}

impl<S: Source> Runner<'_, S> {
    fn days(&self) -> &DayCalendar {
        &self.version.version.calendar.days
    }

    fn happened(&self, entry: u32) -> i64 {
        self.source.happened(entry as usize)
    }

    fn duty(&self, planned: &PlannedDuty) -> Result<Instance, Beyond> {
        let duty: &DutyCode = &self.version.duties[usize::from(planned.duty)];
        let at = self.source.time(planned.trigger as usize, duty.counts_from);
        let (from, until) = self.version.in_force;
        if at < from || at >= until {
            return Err(Beyond);
        }
        let due = planned_due(self.version, self.source, planned, at)?;
        let ended = |entry: Option<u32>| {
            entry.map_or(NOTHING, |entry| (self.source.position(entry as usize), self.happened(entry)))
        };
        let (fulfilled, closed) = (ended(planned.fulfilled), ended(planned.closed));
        Ok(Instance {
            number: duty.number,
            id: duty.id,
            status: status(due, fulfilled, closed, self.as_of),
            trigger: self.source.position(planned.trigger as usize),
            triggered: at,
            due,
            fulfilled,
            closed,
        })
    }

    fn meter(
        &self,
        planned: &PlannedMeter,
        instances: &[Instance],
        verdicts: &mut Verdicts,
    ) -> Result<(), Beyond> {
        let meter: &MeterCode = &self.version.meters[usize::from(planned.meter)];
        let read = |rest: &Rest| read_rest(rest, instances, None);
        let holds = |rests: &[Rest]| rests.iter().any(|rest| read(rest).is_yes());
        let is_open = |rests: &[Rest]| rests.iter().any(|rest| matches!(read(rest), Verdict::Undecided(_)));
        let yesterday = super::meter::yesterday(self.days(), self.as_of);
        let standing = Standing {
            waivers: planned.waivers,
            is_contestable: holds(&planned.contestable),
            is_provisional: holds(&planned.provisional),
            is_undecided: planned.is_undecided
                || is_open(&planned.contestable)
                || is_open(&planned.provisional),
            yesterday,
        };
        let first = verdicts.days.len();
        for run in &planned.runs {
            self.run(meter, planned, run, &standing, instances, (&mut *verdicts, first))?;
        }
        let payer = match planned.payer {
            None => None,
            Some(payer) => self.payer(meter, payer),
        };
        super::meter::push_meter(meter, planned.waivers, payer, verdicts, first);
        Ok(())
    }

    fn payer(&self, meter: &MeterCode, payer: PlannedPayer) -> Option<String> {
        let slot = meter.payer?;
        let mut said = None;
        match payer {
            PlannedPayer::Nobody => {}
            PlannedPayer::Always(value) => said = Some(value),
            PlannedPayer::Entry(entry) => self.source.said(entry as usize, |fact, value| {
                if fact == slot {
                    said = Some(value);
                }
            }),
        }
        let value = self.version.slots[usize::from(slot)].value(said.map(|said| self.source.value(said)))?;
        Some(value.to_string())
    }

    fn run(
        &self,
        meter: &MeterCode,
        planned: &PlannedMeter,
        run: &PlannedRun,
        standing: &Standing,
        instances: &[Instance],
        (verdicts, from): (&mut Verdicts, usize),
    ) -> Result<(), Beyond> {
        let given = self.days().date_of(instant(self.happened(run.start))).map_err(|_| Beyond)?;
        let first = self.latest_day(run.start, given, &meter.first_day).unwrap_or(given);
        let (mut stop, mut ended): (Option<Date>, Option<Date>) = (None, None);
        for (entry, number) in &run.stops {
            let code = &meter.stops[usize::from(*number)];
            let own_day = self.days().date_of(instant(self.happened(*entry))).map_err(|_| Beyond)?;
            let day = self.latest_day(*entry, own_day, &code.day).unwrap_or(own_day);
            let last = match code.last {
                LastDay::SameDay => Some(day),
                LastDay::DayBefore => add_calendar_days(day, -1).ok(),
            };
            let Some(last) = last else { continue };
            stop = Some(stop.map_or(last, |earlier| earlier.min(last)));
            if code.effect == StopEffect::EndsRun {
                ended = Some(own_day);
            }
        }
        let refusal = self.refusal(meter, planned, run, instances);
        let days = MeterDays { given, first, stop, ended, refusal };
        let is_day = |day: DayNumber| meter.counts == DayKindCode::Any || self.days().is_working_day(day);
        days.count(meter, standing, is_day, |_| false, &mut verdicts.days, from);
        Ok(())
    }

    fn refusal(
        &self,
        meter: &MeterCode,
        planned: &PlannedMeter,
        run: &PlannedRun,
        instances: &[Instance],
    ) -> Option<Refusal> {
        let start = self.source.position(run.start as usize);
        match read_rest(&planned.liable, instances, Some(start)) {
            Verdict::Yes => None,
            Verdict::Undecided(_) => Some(Refusal::CanChange),
            Verdict::No => {
                let is_own = |instance: &&Instance| {
                    instance.trigger == start && meter.liable_duties.iter().any(|duty| duty.id == instance.id)
                };
                let mut own = instances.iter().filter(is_own);
                let is_open = own.any(|instance| instance.status == DutyStatus::Open);
                Some(if is_open { Refusal::CanChange } else { Refusal::Stands })
            }
        }
    }

    fn latest_day(&self, entry: u32, own_day: Date, days: &[DayExprCode]) -> Option<Date> {
        let day = |expr: &DayExprCode| match expr {
            DayExprCode::FromEntry(offset) => self.offset_day(own_day, *offset),
            DayExprCode::Field(offset, field) => {
                let text = self.source.field(entry as usize, *field)?.as_text()?;
                self.offset_day(as_date(text)?, *offset)
            }
            DayExprCode::FromKind(..) | DayExprCode::Fact(..) => None,
        };
        days.iter().filter_map(day).max()
    }

    fn offset_day(&self, day: Date, offset: OffsetCode) -> Option<Date> {
        let count = i32::try_from(offset.count).ok()?;
        match offset.of {
            DayKindCode::Working if count > 0 => {
                let day = DayNumber::of(day).ok()?;
                self.days().add_working_days_to(day, count).ok().map(DayNumber::date)
            }
            DayKindCode::Working => self.days().working_on_or_after(day).ok(),
            // A day that no calendar covers is none, even where nothing is added.
            DayKindCode::Any | DayKindCode::OpenIn(_) => add_calendar_days(day, count).ok(),
        }
    }
}

/// The limit of an instance that is counted from this instant.
///
/// # Errors
/// [`Beyond`] where nanoseconds don't reach it.
#[inline]
pub(crate) fn planned_due<S: Source>(
    version: &VersionCode,
    source: &S,
    planned: &PlannedDuty,
    at: i64,
) -> Result<Limit, Beyond> {
    let duty: &DutyCode = &version.duties[usize::from(planned.duty)];
    let deadline: Option<&DeadlineCode> = match planned.deadline {
        None => None,
        Some(Limits::Own) => Some(&duty.deadline),
        Some(Limits::Exception(place)) => duty.exceptions[usize::from(place)].deadline.as_ref(),
    };
    let target = planned.target.map(|entry| source.happened(entry as usize));
    deadline.map_or(Ok(Limit::NotYetKnown), |deadline| plain_limit(version, &deadline.rule, at, target))
}

/// What is left of a condition, as the duties went.
fn read_rest(rest: &Rest, instances: &[Instance], trigger: Option<u64>) -> Verdict {
    match rest {
        Rest::Settled(verdict) => *verdict,
        Rest::Duty { states, duty } => {
            let of_duty = || instances.iter().filter(|instance| instance.id == *duty);
            let in_state = |instance: &Instance| status_bit(instance.status) & states != 0;
            let own = |instance: &&Instance| trigger == Some(instance.trigger);
            let has_own = of_duty().any(|instance| own(&instance));
            Verdict::of(of_duty().filter(|instance| !has_own || own(instance)).any(in_state))
        }
        Rest::Not(inner) => read_rest(inner, instances, trigger).not(),
        Rest::All(parts) => all(parts.iter().map(|part| read_rest(part, instances, trigger))),
        Rest::Any(parts) => all(parts.iter().map(|part| read_rest(part, instances, trigger).not())).not(),
    }
}
