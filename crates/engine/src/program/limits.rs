//! Time limits, in nanoseconds. Equal to the limit is kept.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use samspill_agreement::model::{Amount, CutOff, Edge, Unit};
use samspill_base::{
    calendar::{
        AnnualDay, DayCalendar, DayNumber, OutOfCalendar, Window, add_calendar_days, add_months,
        last_day_of_month,
    },
    columns::{instant, nanos},
};

use super::{
    case::{Beyond, Case},
    code::{DayKindCode, DeadlineCode, Kinds, LimitCode, VersionCode},
    cond::View,
    source::Source,
};
use crate::limit::{NoLimit, back_from, days_after, elapsed, end_on, instant_of};

/// A limit that was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    At(i64),
    AtOnce,
    NotYetKnown,
}

impl Limit {
    /// Whether the instant is past the limit.
    pub(crate) fn is_past(self, at: i64) -> bool {
        matches!(self, Self::At(due) if at > due)
    }
}

/// A span in which the clock stood still; `i64::MAX`: it still does.
pub(crate) type Pause = (i64, i64);

/// Where a limit is computed.
pub(crate) struct Count<'k> {
    pub view: View<'k>,
    pub start: i64,
    pub pauses: &'k [Pause],
    pub from: i64,
    pub read_at: i64,
}

/// Why there is no limit.
enum Stop {
    /// None can be computed.
    NoLimit,
    /// Not by a program.
    Beyond,
}

impl From<NoLimit> for Stop {
    fn from(_: NoLimit) -> Self {
        Self::NoLimit
    }
}

impl From<OutOfCalendar> for Stop {
    fn from(_: OutOfCalendar) -> Self {
        Self::NoLimit
    }
}

/// How far a count has come.
struct Progress {
    start: i64,
    spent: i64,
    days_lost: i32,
}

impl<'c, S: Source> Case<'c, S> {
    /// The limit.
    pub(crate) fn limit(&self, count: &Count<'_>, deadline: &DeadlineCode) -> Result<Limit, Beyond> {
        match self.try_limit(count, deadline) {
            Ok(limit) => Ok(limit),
            Err(Stop::NoLimit) => Ok(Limit::NotYetKnown),
            Err(Stop::Beyond) => Err(Beyond),
        }
    }

    fn try_limit(&self, count: &Count<'_>, deadline: &DeadlineCode) -> Result<Limit, Stop> {
        let start = match &deadline.given {
            Some((given, next)) => self.after_cut_off(count, given.cut_off, *next)?,
            None => count.start,
        };
        match &deadline.rule {
            LimitCode::AtOnce => Ok(Limit::AtOnce),
            LimitCode::BeforeKind(amount, kind) => self.before_kind(count, *amount, *kind),
            LimitCode::BeforeFact(amount, slot) => self.before_fact(count, *amount, *slot),
            rule @ (LimitCode::Elapsed(_)
            | LimitCode::Within(..)
            | LimitCode::Days { .. }
            | LimitCode::ClockOn { .. }
            | LimitCode::FirstWorkingDayOfNextMonth
            | LimitCode::LastDayOfMonth
            | LimitCode::DayOfNextMonth(_)
            | LimitCode::Annual { .. }) => {
                Ok(self.with_pauses(count, rule, start)?.map_or(Limit::NotYetKnown, Limit::At))
            }
        }
    }

    pub(crate) fn days(&self, version: usize) -> &'c DayCalendar {
        &self.code.versions[version].version.calendar.days
    }

    /// The limit of a forward rule; `None` while the clock stands still.
    fn with_pauses(&self, count: &Count<'_>, rule: &LimitCode, start: i64) -> Result<Option<i64>, Stop> {
        let mut progress = Progress { start, spent: 0, days_lost: 0 };
        for (from, until) in count.pauses {
            let due = self.forward(count, rule, &progress)?;
            if due <= *from {
                return Ok(Some(due));
            }
            if *until == i64::MAX {
                return Ok(None);
            }
            if *until > progress.start {
                self.stand_still(count, rule, &mut progress, (*from, *until), due)?;
            }
        }
        self.forward(count, rule, &progress).map(Some)
    }

    /// What a pause does to the count: see the readable evaluator.
    fn stand_still(
        &self,
        count: &Count<'_>,
        rule: &LimitCode,
        progress: &mut Progress,
        (from, until): (i64, i64),
        due: i64,
    ) -> Result<(), Stop> {
        let from = from.max(progress.start);
        match rule {
            LimitCode::Elapsed(_) => progress.spent += from - progress.start,
            LimitCode::Within(_, hours) => {
                let open = self.open_hours(&count.view, *hours).ok_or(Stop::NoLimit)?;
                let spent = open.between(instant(progress.start), instant(from))?;
                progress.spent += i64::try_from(spent.as_nanos()).map_err(|_| Stop::Beyond)?;
            }
            LimitCode::Days { amount, .. } => {
                progress.days_lost += self.days_between(count.view.version, amount.unit, from, until)?;
                return Ok(());
            }
            LimitCode::AtOnce
            | LimitCode::ClockOn { .. }
            | LimitCode::BeforeKind(..)
            | LimitCode::BeforeFact(..)
            | LimitCode::FirstWorkingDayOfNextMonth
            | LimitCode::LastDayOfMonth
            | LimitCode::DayOfNextMonth(_)
            | LimitCode::Annual { .. } => {
                if due >= until {
                    return Ok(());
                }
            }
        }
        progress.start = until;
        Ok(())
    }

    fn days_between(&self, version: usize, unit: Unit, from: i64, until: i64) -> Result<i32, Stop> {
        let days = self.days(version);
        let (from, until) = (days.date_of(instant(from))?, days.date_of(instant(until))?);
        match unit {
            Unit::WorkingDay => Ok(days.working_days_between(from, until)?),
            Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month | Unit::Year => {
                Ok(from.until(until).map_or(0, |span| span.get_days()))
            }
        }
    }

    /// The limit of a forward rule, as the count stands.
    fn forward(&self, count: &Count<'_>, rule: &LimitCode, progress: &Progress) -> Result<i64, Stop> {
        let Progress { start, spent, days_lost } = *progress;
        let days = self.days(count.view.version);
        let today = days.date_of(instant(start))?;
        let due = match rule {
            LimitCode::Elapsed(amount) => return later(start, elapsed_nanos(*amount)? - spent),
            LimitCode::Within(amount, hours) => {
                let open = self.open_hours(&count.view, *hours).ok_or(Stop::NoLimit)?;
                let left = elapsed_nanos(*amount)? - spent;
                open.add(instant(start), jiff::SignedDuration::from_nanos(left))?
            }
            LimitCode::Days { amount, at } => {
                let day = days_after(days, today, *amount)?;
                let day = match amount.unit {
                    Unit::WorkingDay => days.add_working_days(day, days_lost)?,
                    Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month | Unit::Year => {
                        add_calendar_days(day, days_lost)?
                    }
                };
                end_on(days, day, *at)?
            }
            LimitCode::ClockOn { at, day, days_after, cut_off } => {
                self.clock_on(count, start, *at, *day, *days_after, *cut_off)?
            }
            LimitCode::FirstWorkingDayOfNextMonth
            | LimitCode::LastDayOfMonth
            | LimitCode::DayOfNextMonth(_)
            | LimitCode::Annual { .. } => {
                days.end_of_day(due_day(days, rule, today).ok_or(Stop::NoLimit)?)?
            }
            LimitCode::AtOnce | LimitCode::BeforeKind(..) | LimitCode::BeforeFact(..) => return Ok(start),
        };
        Ok(nanos(due))
    }

    /// `15:00 same working day, next if at or after 14:00`.
    fn clock_on(
        &self,
        count: &Count<'_>,
        start: i64,
        at: Option<Time>,
        kind: DayKindCode,
        days_after: u32,
        cut_off: Option<CutOff>,
    ) -> Result<Timestamp, Stop> {
        let on_or_after =
            |day: DayNumber| Ok(DayNumber::of(self.day_on_or_after(&count.view, day.date(), kind)?)?);
        clock_on(self.days(count.view.version), start, (at, days_after, cut_off), on_or_after).map(instant)
    }

    fn after_cut_off(&self, count: &Count<'_>, cut_off: CutOff, next: DayKindCode) -> Result<i64, Stop> {
        let days = self.days(count.view.version);
        let local = days.local(instant(count.start));
        if !cut_off.is_past(local.time()) {
            return Ok(count.start);
        }
        let day = self.day_on_or_after(&count.view, add_calendar_days(local.date(), 1)?, next)?;
        Ok(nanos(days.start_of_day(day)?))
    }

    /// The first day of a kind on or after a day.
    pub(crate) fn day_on_or_after(
        &self,
        view: &View<'_>,
        day: Date,
        kind: DayKindCode,
    ) -> Result<Date, NoLimit> {
        match kind {
            DayKindCode::Any => Ok(day),
            DayKindCode::Working => Ok(self.days(view.version).working_on_or_after(day)?),
            DayKindCode::OpenIn(hours) => match self.open_hours(view, hours) {
                Some(open) => Ok(open.opening_day_on_or_after(day)?),
                None => Err(NoLimit),
            },
        }
    }

    /// The open hours as they are for this case: the rows whose condition holds here.
    pub(crate) fn open_hours(&self, view: &View<'_>, hours: Option<u16>) -> Option<&'c Window> {
        let version = &self.code.versions[view.version];
        let code = &version.hours[usize::from(hours?)];
        let mut rows = 0;
        for (bit, condition) in code.conditions.iter().enumerate() {
            rows |= usize::from(self.read(view, condition).is_yes()) << bit;
        }
        version.version.hours.get(code.id.as_str())?.window_of(self.days(view.version), rows).ok()
    }

    fn before_kind(&self, count: &Count<'_>, amount: Option<Amount>, kind: Kinds) -> Result<Limit, Stop> {
        let seen = &self.memory.seen;
        let target =
            self.of_kinds(kind).find(|place| seen[*place].happened >= count.from && seen[*place].counts());
        let Some(target) = target.map(|place| seen[place].happened) else { return Ok(Limit::NotYetKnown) };
        match amount {
            None => Ok(Limit::At(target)),
            Some(amount) => self.back(count, instant(target), amount),
        }
    }

    fn before_fact(&self, count: &Count<'_>, amount: Option<Amount>, slot: u16) -> Result<Limit, Stop> {
        let version = count.view.version;
        let code = &self.code.versions[version].version;
        let named = self.with_fact(version, slot, count.read_at, |value| instant_of(code, value));
        let Some((at, whole_day)) = named.flatten() else { return Ok(Limit::NotYetKnown) };
        match amount {
            None if whole_day => {
                let days = self.days(version);
                Ok(Limit::At(nanos(days.end_of_day(days.date_of(at)?)?)))
            }
            None => within_reach(at),
            Some(amount) => self.back(count, at, amount),
        }
    }

    fn back(&self, count: &Count<'_>, at: Timestamp, amount: Amount) -> Result<Limit, Stop> {
        within_reach(back_from(&self.code.versions[count.view.version].version, at, amount)?)
    }
}

/// What the calendar shows at an instant, and the clock on the wall, in nanoseconds since it showed midnight. On a day like
/// most it is reckoned; on one that clocks change, asked of the zone.
#[inline]
fn clock(days: &DayCalendar, at: i64) -> Result<(DayNumber, i64), OutOfCalendar> {
    const DAY: i64 = 86_400 * 1_000_000_000;
    let day = days.day_of_nanos(at)?;
    let start = days.start_of_day_nanos(day);
    if days.end_of_day_nanos(day) - start == DAY - 1 {
        return Ok((day, at - start));
    }
    let local = days.local(instant(at));
    Ok((DayNumber::of(local.date())?, clock_nanos(local.time())))
}

/// Nanoseconds that a clock that shows this has gone since it showed midnight.
#[inline]
pub(crate) fn clock_nanos(time: Time) -> i64 {
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    (minutes * 60 + i64::from(time.second())) * 1_000_000_000 + i64::from(time.subsec_nanosecond())
}

/// The limit of a rule that hangs on its start alone, or on the instant of the entry that it is counted back from.
///
/// # Errors
/// [`Beyond`] where nanoseconds don't reach it.
pub(crate) fn plain_limit(
    version: &VersionCode,
    rule: &LimitCode,
    start: i64,
    target: Option<i64>,
) -> Result<Limit, Beyond> {
    let days = &version.version.calendar.days;
    let limit = match rule {
        LimitCode::AtOnce => Ok(Limit::AtOnce),
        LimitCode::BeforeKind(amount, _) => plain_before(version, target, *amount),
        LimitCode::Elapsed(amount) => {
            in_calendar(days, start).and_then(|_| later(start, elapsed_nanos(*amount)?)).map(Limit::At)
        }
        LimitCode::ClockOn { at, day, days_after, cut_off } => {
            clock_on(days, start, (*at, *days_after, *cut_off), |on| plain_day_on_or_after(days, on, *day))
                .map(Limit::At)
        }
        LimitCode::Days { amount, at: Some(at) } => in_calendar(days, start).and_then(|today| {
            let day = days_after(days, today.date(), *amount)?;
            Ok(Limit::At(nanos(end_on(days, day, Some(*at))?)))
        }),
        LimitCode::Days { at: None, .. }
        | LimitCode::FirstWorkingDayOfNextMonth
        | LimitCode::LastDayOfMonth
        | LimitCode::DayOfNextMonth(_)
        | LimitCode::Annual { .. } => in_calendar(days, start).and_then(|today| {
            let day = due_day(days, rule, today.date()).ok_or(Stop::NoLimit)?;
            Ok(Limit::At(days.end_of_day_nanos(DayNumber::of(day)?)))
        }),
        // No plan is made for these.
        LimitCode::Within(..) | LimitCode::BeforeFact(..) => Err(Stop::Beyond),
    };
    match limit {
        Ok(limit) => Ok(limit),
        Err(Stop::NoLimit) => Ok(Limit::NotYetKnown),
        Err(Stop::Beyond) => Err(Beyond),
    }
}

/// Back from the instant of an entry, if there is one.
fn plain_before(version: &VersionCode, target: Option<i64>, amount: Option<Amount>) -> Result<Limit, Stop> {
    match (target, amount) {
        (None, _) => Ok(Limit::NotYetKnown),
        (Some(target), None) => Ok(Limit::At(target)),
        (Some(target), Some(amount)) => within_reach(back_from(&version.version, instant(target), amount)?),
    }
}

fn in_calendar(days: &DayCalendar, at: i64) -> Result<DayNumber, Stop> {
    Ok(days.day_of_nanos(at)?)
}

/// `15:00 same working day, next if at or after 14:00`; `on_or_after` finds the days that count.
fn clock_on(
    days: &DayCalendar,
    start: i64,
    (at, days_after, cut_off): (Option<Time>, u32, Option<CutOff>),
    on_or_after: impl Fn(DayNumber) -> Result<DayNumber, Stop>,
) -> Result<i64, Stop> {
    let (today, time) = clock(days, start)?;
    let past = match cut_off {
        Some(CutOff { at, edge: Edge::After }) => time > clock_nanos(at),
        Some(CutOff { at, edge: Edge::AtOrAfter }) => time >= clock_nanos(at),
        None => days_after == 0 && at.is_some_and(|at| time > clock_nanos(at)),
    };
    let mut day = on_or_after(today)?;
    // On a day that doesn't count, the one that does is already the next: nothing there is past its cut-off.
    let steps = if day == today { days_after + u32::from(past) } else { days_after.saturating_sub(1) };
    for _ in 0..steps {
        day = on_or_after(day.add_days(1)?)?;
    }
    match at {
        Some(at) => Ok(days.nanos_at_clock_latest(day, at)?),
        None => Ok(days.end_of_day_nanos(day)),
    }
}

/// The days of a kind that hangs on no hours.
fn plain_day_on_or_after(days: &DayCalendar, day: DayNumber, kind: DayKindCode) -> Result<DayNumber, Stop> {
    match kind {
        DayKindCode::Any => Ok(day),
        DayKindCode::Working => Ok(days.working_day_on_or_after(day)?),
        DayKindCode::OpenIn(_) => Err(Stop::Beyond),
    }
}

/// The day through whose end a rule runs that hangs on the day it starts alone.
pub(crate) fn due_day(days: &DayCalendar, rule: &LimitCode, today: Date) -> Option<Date> {
    match rule {
        LimitCode::Days { amount, at: None } => days_after(days, today, *amount).ok(),
        LimitCode::FirstWorkingDayOfNextMonth => days.first_working_day_of_next_month(today).ok(),
        LimitCode::LastDayOfMonth => Some(last_day_of_month(today)),
        LimitCode::DayOfNextMonth(number) => {
            let month = add_months(today.first_of_month(), 1).ok()?;
            let day = i8::try_from(*number).unwrap_or(i8::MAX).min(month.days_in_month());
            add_calendar_days(month, i32::from(day) - 1).ok()
        }
        LimitCode::Annual { month, day } => AnnualDay::new(*month, *day).ok()?.on_or_after(today).ok(),
        LimitCode::AtOnce
        | LimitCode::Elapsed(_)
        | LimitCode::Within(..)
        | LimitCode::Days { at: Some(_), .. }
        | LimitCode::ClockOn { .. }
        | LimitCode::BeforeKind(..)
        | LimitCode::BeforeFact(..) => None,
    }
}

/// A limit at an instant, if nanoseconds reach it.
fn within_reach(at: Timestamp) -> Result<Limit, Stop> {
    if instant(nanos(at)) == at { Ok(Limit::At(nanos(at))) } else { Err(Stop::Beyond) }
}

fn later(at: i64, more: i64) -> Result<i64, Stop> {
    at.checked_add(more).ok_or(Stop::Beyond)
}

fn elapsed_nanos(amount: Amount) -> Result<i64, Stop> {
    i64::try_from(elapsed(amount)?.as_nanos()).map_err(|_| Stop::Beyond)
}
