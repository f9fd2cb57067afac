//! Limits that hang on the day they are counted from, and on whether that is past a cut-off: worked out once for each day.

use samspill_agreement::model::{CutOff, Edge};
use samspill_base::calendar::{DayCalendar, DayNumber};

use super::{
    case::Beyond,
    code::{LimitCode, VersionCode},
    limits::{Limit, clock_nanos, plain_limit},
};

/// The limits of a rule by the day that they are counted from, as far as they were asked for.
#[derive(Clone, Debug)]
pub(crate) struct DueDays {
    /// When in a day later limits begin; `None` where there is one for the whole day.
    cut_off: Option<i64>,
    /// By day, the place of its limits, from 1 on.
    places: Vec<u32>,
    days: Vec<DueDay>,
}

/// The limits that are counted from a day.
#[derive(Clone, Copy, Debug)]
struct DueDay {
    /// From this instant on, the later limit.
    cut_off: i64,
    early: i64,
    late: i64,
}

impl DueDays {
    /// For a rule that hangs on nothing else; none for others.
    pub(crate) fn of(rule: &LimitCode) -> Option<Self> {
        let cut_off = match rule {
            LimitCode::ClockOn { cut_off: Some(CutOff { at, edge: Edge::AtOrAfter }), .. } => {
                Some(clock_nanos(*at))
            }
            LimitCode::ClockOn { cut_off: Some(CutOff { at, edge: Edge::After }), .. }
            | LimitCode::ClockOn { at: Some(at), days_after: 0, cut_off: None, .. } => {
                Some(clock_nanos(*at) + 1)
            }
            LimitCode::ClockOn { .. }
            | LimitCode::Days { .. }
            | LimitCode::FirstWorkingDayOfNextMonth
            | LimitCode::LastDayOfMonth
            | LimitCode::DayOfNextMonth(_)
            | LimitCode::Annual { .. } => None,
            LimitCode::AtOnce
            | LimitCode::Elapsed(_)
            | LimitCode::Within(..)
            | LimitCode::BeforeKind(..)
            | LimitCode::BeforeFact(..) => return None,
        };
        let places = vec![0; DayNumber::LAST.number() as usize + 1];
        Some(Self { cut_off, places, days: Vec::new() })
    }

    /// The limit that is counted from an instant.
    ///
    /// # Errors
    /// As [`plain_limit`].
    #[inline]
    pub(crate) fn limit(
        &mut self,
        version: &VersionCode,
        rule: &LimitCode,
        start: i64,
    ) -> Result<Limit, Beyond> {
        let Ok(day) = version.version.calendar.days.day_of_nanos(start) else {
            return plain_limit(version, rule, start, None);
        };
        let place = self.places[day.number() as usize] as usize;
        let Some(due) = self.days.get(place.wrapping_sub(1)) else {
            return self.ask(version, rule, start, day);
        };
        Ok(Limit::At(if start < due.cut_off { due.early } else { due.late }))
    }

    /// Asks for the limit, and remembers those of the day, unless clocks change on it.
    #[cold]
    fn ask(
        &mut self,
        version: &VersionCode,
        rule: &LimitCode,
        start: i64,
        day: DayNumber,
    ) -> Result<Limit, Beyond> {
        const DAY: i64 = 86_400 * 1_000_000_000;
        let calendar: &DayCalendar = &version.version.calendar.days;
        let (first, last) = (calendar.start_of_day_nanos(day), calendar.end_of_day_nanos(day));
        if last - first == DAY - 1 {
            let cut_off = self.cut_off.map_or(i64::MAX, |nanos| first + nanos);
            let asked = |at: i64| plain_limit(version, rule, at, None);
            if let (Limit::At(early), Limit::At(late)) = (asked(first)?, asked(cut_off.min(last))?) {
                self.days.push(DueDay { cut_off, early, late });
                self.places[day.number() as usize] = u32::try_from(self.days.len()).unwrap_or(0);
            }
        }
        plain_limit(version, rule, start, None)
    }
}
