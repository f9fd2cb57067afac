//! The days of meters as totals need them: as numbers, from texts that were read once.

use samspill_agreement::model::{LastDay, StopEffect};
use samspill_base::{
    Value,
    calendar::{DayCalendar, DayNumber},
};

use super::{
    bind::{Binding, BoundCase},
    case::Beyond,
    code::{DayExprCode, DayKindCode, MeterCode, OffsetCode},
    plan::PlannedRun,
    source::Source,
};
use crate::run::as_date;

/// A meter, for a bound log.
#[derive(Debug)]
pub(crate) struct SumMeter<'b> {
    /// Its number in verdicts.
    pub number: usize,
    first: Vec<SumDay<'b>>,
    /// By place of the stop in the meter.
    stops: Vec<SumStop<'b>>,
}

/// What stops a run.
#[derive(Debug)]
struct SumStop<'b> {
    effect: StopEffect,
    last: LastDay,
    days: Vec<SumDay<'b>>,
}

/// A day that is worked out from an entry.
#[derive(Debug)]
struct SumDay<'b> {
    from: From<'b>,
    offset: Offset,
}

/// What a day is counted from.
#[derive(Debug)]
enum From<'b> {
    /// The day of the entry.
    Entry,
    Field(FieldDays<'b>),
}

/// How far on.
#[derive(Clone, Copy, Debug)]
enum Offset {
    Days(i32),
    /// So many working days later; none: on the first working day from there on.
    WorkingDays(i32),
}

/// A field's column, and the days that its values name.
#[derive(Debug)]
struct FieldDays<'b> {
    /// Empty where the log has no such field.
    codes: &'b [u32],
    days: Vec<FieldDay>,
}

/// What a value says of a day.
#[derive(Clone, Copy, Debug)]
enum FieldDay {
    Day(DayNumber),
    /// It names none.
    None,
    /// One that no calendar covers.
    Outside,
}

impl<'b> SumMeter<'b> {
    /// The meter, if its days hang on the entries themselves alone.
    pub(crate) fn of(meter: &MeterCode, binding: &Binding<'b>) -> Option<Self> {
        let days = |days: &[DayExprCode]| {
            days.iter().map(|day| SumDay::of(day, binding)).collect::<Option<Vec<_>>>()
        };
        let stops = meter
            .stops
            .iter()
            .map(|stop| Some(SumStop { effect: stop.effect, last: stop.last, days: days(&stop.day)? }));
        Some(Self {
            number: meter.number as usize,
            first: days(&meter.first_day)?,
            stops: stops.collect::<Option<_>>()?,
        })
    }

    /// The first and the last day of a run that can count, until yesterday.
    ///
    /// # Errors
    /// [`Beyond`] where a day lies outside the calendar.
    #[inline]
    pub(crate) fn span(
        &self,
        run: &PlannedRun,
        source: &BoundCase<'_>,
        calendar: &DayCalendar,
        yesterday: DayNumber,
    ) -> Result<(DayNumber, DayNumber), Beyond> {
        let given = day_of(run.start, source, calendar)?;
        let first = given.max(latest(&self.first, run.start, given, source, calendar)?);
        let mut last = yesterday;
        for (entry, number) in &run.stops {
            let stop = &self.stops[usize::from(*number)];
            let own = day_of(*entry, source, calendar)?;
            if stop.effect == StopEffect::EndsRun {
                last = last.min(own);
            }
            let day = latest(&stop.days, *entry, own, source, calendar)?;
            last = last.min(match stop.last {
                LastDay::SameDay => day,
                LastDay::DayBefore => day.add_days(-1).map_err(|_| Beyond)?,
            });
        }
        Ok((first, last))
    }
}

#[inline]
fn day_of(entry: u32, source: &BoundCase<'_>, calendar: &DayCalendar) -> Result<DayNumber, Beyond> {
    calendar.day_of_nanos(source.happened(entry as usize)).map_err(|_| Beyond)
}

/// The latest of some days of an entry; its own where there are none.
#[inline]
fn latest(
    days: &[SumDay<'_>],
    entry: u32,
    own: DayNumber,
    source: &BoundCase<'_>,
    calendar: &DayCalendar,
) -> Result<DayNumber, Beyond> {
    if days.is_empty() {
        return Ok(own);
    }
    let mut latest = None;
    for day in days {
        let from = match &day.from {
            From::Entry => own,
            From::Field(field) => match field.of_row(source.row(entry as usize)) {
                FieldDay::Day(day) => day,
                FieldDay::None => continue,
                FieldDay::Outside => return Err(Beyond),
            },
        };
        latest = latest.max(Some(day.offset.after(from, calendar)?));
    }
    Ok(latest.unwrap_or(own))
}

impl<'b> SumDay<'b> {
    fn of(day: &DayExprCode, binding: &Binding<'b>) -> Option<Self> {
        match day {
            DayExprCode::FromEntry(offset) => Some(Self { from: From::Entry, offset: Offset::of(*offset)? }),
            DayExprCode::Field(offset, field) => {
                let from = From::Field(FieldDays::of(*field, binding));
                Some(Self { from, offset: Offset::of(*offset)? })
            }
            DayExprCode::FromKind(..) | DayExprCode::Fact(..) => None,
        }
    }
}

impl Offset {
    fn of(offset: OffsetCode) -> Option<Self> {
        let count = i32::try_from(offset.count).ok()?;
        if offset.cut_off.is_some() {
            return None;
        }
        match offset.of {
            DayKindCode::Any => Some(Self::Days(count)),
            DayKindCode::Working => Some(Self::WorkingDays(count)),
            DayKindCode::OpenIn(_) => None,
        }
    }

    #[inline]
    fn after(self, day: DayNumber, calendar: &DayCalendar) -> Result<DayNumber, Beyond> {
        let found = match self {
            Self::Days(0) => return Ok(day),
            Self::Days(count) => day.add_days(count),
            Self::WorkingDays(0) => calendar.working_day_on_or_after(day),
            Self::WorkingDays(count) => calendar.add_working_days_to(day, count),
        };
        found.map_err(|_| Beyond)
    }
}

impl<'b> FieldDays<'b> {
    fn of(field: u16, binding: &Binding<'b>) -> Self {
        let Some(column) = binding.field_column(field) else { return Self { codes: &[], days: Vec::new() } };
        Self { codes: &column.codes, days: column.values.iter().map(FieldDay::of).collect() }
    }

    #[inline]
    fn of_row(&self, row: usize) -> FieldDay {
        let code = self.codes.get(row).and_then(|code| self.days.get(*code as usize));
        code.copied().unwrap_or(FieldDay::None)
    }
}

impl FieldDay {
    fn of(value: &Value) -> Self {
        match value.as_text().and_then(as_date).map(DayNumber::of) {
            None => Self::None,
            Some(Ok(day)) => Self::Day(day),
            Some(Err(_)) => Self::Outside,
        }
    }
}
