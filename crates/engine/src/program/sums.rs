//! Carrying out plans for totals: limits, comparisons of instants, and stretches of days.

use std::sync::Arc;

use samspill_base::{
    calendar::{DayCalendar, DayNumber},
    columns::NO_TIME,
};

use super::{
    bind::{Binding, BoundCase},
    case::Beyond,
    code::{Code, VersionCode},
    day_costs::{DayCosts, Stretch},
    due_days::DueDays,
    duty::{NOTHING, status},
    lower::status_bit,
    only::Only,
    plan::{Limits, PlannedDuty, clocks_hold},
    run_plan::planned_due,
    source::Source,
    sum_days::SumMeter,
    sum_plan::SumPlan,
    totals::{MeterTotal, Totals},
};

/// Sums up cases of a bound log.
#[derive(Debug)]
pub(crate) struct SumReader<'b> {
    version: &'b VersionCode,
    /// By place of the meter in the version; none where days must be gone through.
    meters: Vec<Option<SumMeter<'b>>>,
    /// The same.
    costs: Arc<[Option<DayCosts>]>,
    /// By place of the duty in the version; none where limits hang on more than their day.
    dues: Vec<Option<DueDays>>,
    /// Of the case being read: the bits of the statuses of its instances.
    statuses: Vec<u8>,
    yesterday: Yesterday,
}

/// The day before the as-of instant.
#[derive(Clone, Copy, Debug)]
struct Yesterday {
    as_of: i64,
    day: Option<DayNumber>,
}

/// What days cost together, by place of the meter in the first version.
pub(crate) fn day_costs(code: &Code) -> Arc<[Option<DayCosts>]> {
    let first = &code.versions[..code.versions.len().min(1)];
    let meters = first.iter().flat_map(|version| {
        version.meters.iter().map(|meter| DayCosts::of(meter, &version.version.calendar.days))
    });
    meters.collect()
}

impl<'b> SumReader<'b> {
    pub(crate) fn new(code: &'b Code, only: &Only, binding: &Binding<'b>) -> Self {
        let version = &code.versions[0];
        Self {
            version,
            meters: version.meters.iter().map(|meter| SumMeter::of(meter, binding)).collect(),
            costs: only.costs().clone(),
            dues: version.duties.iter().map(|duty| DueDays::of(&duty.deadline.rule)).collect(),
            statuses: Vec::new(),
            yesterday: Yesterday { as_of: NO_TIME, day: None },
        }
    }

    /// Sums up a case of the plan's shape into cleared totals.
    ///
    /// # Errors
    /// [`Beyond`] where the case is not what was planned for; what the totals then hold means nothing.
    #[inline]
    pub(crate) fn run(
        &mut self,
        plan: &SumPlan,
        source: &BoundCase<'_>,
        as_of: i64,
        totals: &mut Totals,
    ) -> Result<(), Beyond> {
        if !plan.clocked.is_empty() {
            clocks_hold(source, &plan.clocked, as_of, self.version.in_force.1)?;
        }
        self.statuses.clear();
        for duty in &plan.duties {
            let bit = self.status_bit(&duty.planned, source, as_of)?;
            self.statuses.push(bit);
            totals.statuses[duty.number as usize] |= bit & duty.told;
        }
        if plan.runs.is_empty() { Ok(()) } else { self.meters(plan, source, as_of, totals) }
    }

    /// How an instance of a duty went, as a bit.
    #[inline]
    fn status_bit(
        &mut self,
        planned: &PlannedDuty,
        source: &BoundCase<'_>,
        as_of: i64,
    ) -> Result<u8, Beyond> {
        let duty = &self.version.duties[usize::from(planned.duty)];
        let at = source.time(planned.trigger as usize, duty.counts_from);
        let due = match (&mut self.dues[usize::from(planned.duty)], planned.deadline) {
            (Some(dues), Some(Limits::Own)) => dues.limit(self.version, &duty.deadline.rule, at)?,
            (_, None | Some(Limits::Own | Limits::Exception(_))) => {
                planned_due(self.version, source, planned, at)?
            }
        };
        let ended = |entry: Option<u32>| entry.map_or(NOTHING, |entry| (1, source.happened(entry as usize)));
        Ok(status_bit(status(due, ended(planned.fulfilled), ended(planned.closed), as_of)))
    }

    #[inline]
    fn meters(
        &mut self,
        plan: &SumPlan,
        source: &BoundCase<'_>,
        as_of: i64,
        totals: &mut Totals,
    ) -> Result<(), Beyond> {
        let calendar: &DayCalendar = &self.version.version.calendar.days;
        if self.yesterday.as_of != as_of {
            let day = super::meter::yesterday(calendar, as_of);
            self.yesterday = Yesterday { as_of, day: day.and_then(|day| DayNumber::of(day).ok()) };
        }
        let Some(yesterday) = self.yesterday.day else { return Ok(()) };
        let mut before: Option<(u16, DayNumber)> = None;
        for run in plan.runs.iter().filter(|run| run.liable.holds(&self.statuses)) {
            let place = usize::from(run.meter);
            let (Some(meter), Some(costs)) = (&self.meters[place], &self.costs[place]) else {
                return Err(Beyond);
            };
            let (first, last) = meter.span(&run.run, source, calendar, yesterday)?;
            let Some(stretch) = costs.stretch(first, last) else { continue };
            // Days that two runs count are counted once: which of the two, those who list them say.
            if before.is_some_and(|(meter, last)| meter == run.meter && stretch.first <= last) {
                return Err(Beyond);
            }
            before = Some((run.meter, stretch.last));
            add(&mut totals.meters[meter.number], stretch);
        }
        Ok(())
    }
}

fn add(total: &mut MeterTotal, stretch: Stretch) {
    total.count += stretch.days;
    total.amount = total.amount.zip(stretch.amount).and_then(|(sum, more)| sum.checked_add(more));
}
