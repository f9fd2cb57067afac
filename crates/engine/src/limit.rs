//! Time limits: from a start and the agreement's words to the last instant that is in time.
//!
//! Whole days run through their last instant, hours elapse, open hours are counted while they are open. Equal
//! to the limit is kept. A limit that would lie outside the years that calendars cover is "not yet known".

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
};
use samspill_agreement::model::{
    Amount, CutOff, DayKind, Deadline, DeadlineRule, FactName, GivenCutOff, KindId, Unit, Version,
};
use samspill_base::{
    Value,
    calendar::{
        AnnualDay, DayCalendar, OutOfCalendar, Window, add_calendar_days, add_months, add_weeks, add_years,
        last_day_of_month,
    },
};

use crate::{Due, Step, condition::View, marks::open_hours};

/// No limit can be computed: it lies outside the years that calendars cover, or hangs on hours that never open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoLimit;

impl From<OutOfCalendar> for NoLimit {
    fn from(_: OutOfCalendar) -> Self {
        Self
    }
}

/// A span in which the clock stood still; without an end, it still does.
pub(crate) type Pause = (Timestamp, Option<Timestamp>);

/// Where a limit is computed: the view of the trigger, the start of the count, and when the clock stood still.
pub(crate) struct Count<'c, 'v, 'a> {
    pub start: Timestamp,
    /// In order, none overlapping.
    pub pauses: &'c [Pause],
    /// From when on an entry counts that the limit is counted back from: the trigger, or what renewed or reset it.
    pub from: Timestamp,
    /// When facts are read that the limit is counted back from: when it was done, or when the case is read.
    pub read_at: Timestamp,
    pub view: &'c View<'v, 'a>,
}

/// How far a count has come: where it goes on from, what is spent of it, and how many days were lost.
struct Clock {
    start: Timestamp,
    spent: SignedDuration,
    days_lost: i32,
}

impl Count<'_, '_, '_> {
    /// The limit, and the steps that led to it.
    pub(crate) fn limit(&self, deadline: &Deadline) -> (Due, Vec<Step>) {
        let mut steps = Vec::new();
        let due = self.try_limit(deadline, &mut steps).unwrap_or(Due::NotYetKnown);
        steps.push(Step::Limited(deadline.text.clone(), due));
        (due, steps)
    }

    fn try_limit(&self, deadline: &Deadline, steps: &mut Vec<Step>) -> Result<Due, NoLimit> {
        let start = match &deadline.given {
            Some(given) => self.after_cut_off(given)?,
            None => self.start,
        };
        if start != self.start {
            steps.push(Step::MovedByCutOff(start));
        }
        match &deadline.rule {
            DeadlineRule::AtOnce => Ok(Due::AtOnce),
            DeadlineRule::BeforeKind(amount, kind) => self.before_kind(*amount, kind, steps),
            DeadlineRule::BeforeFact(amount, fact) => self.before_fact(*amount, fact, steps),
            rule @ (DeadlineRule::Elapsed(_)
            | DeadlineRule::Within(..)
            | DeadlineRule::Days { .. }
            | DeadlineRule::ClockOn { .. }
            | DeadlineRule::FirstWorkingDayOfNextMonth
            | DeadlineRule::LastDayOfMonth
            | DeadlineRule::DayOfNextMonth(_)
            | DeadlineRule::Annual { .. }) => {
                Ok(self.with_pauses(rule, start)?.map_or(Due::NotYetKnown, Due::At))
            }
        }
    }

    fn days(&self) -> &DayCalendar {
        &self.view.version.calendar.days
    }

    /// The limit of a forward rule; `None` while the clock stands still.
    fn with_pauses(&self, rule: &DeadlineRule, start: Timestamp) -> Result<Option<Timestamp>, NoLimit> {
        let mut clock = Clock { start, spent: SignedDuration::ZERO, days_lost: 0 };
        for (from, until) in self.pauses {
            let due = self.forward(rule, &clock)?;
            match until {
                // What comes after the limit, or at it, no longer moves it.
                _ if due <= *from => return Ok(Some(due)),
                None => return Ok(None),
                Some(until) if *until > clock.start => {
                    self.stand_still(rule, &mut clock, (*from, *until), due)?;
                }
                Some(_) => {}
            }
        }
        self.forward(rule, &clock).map(Some)
    }

    /// What a pause does to the count: spent time is kept, days are added, and a limit at a time of the calendar is
    /// counted anew from the end of a pause that it falls into.
    fn stand_still(
        &self,
        rule: &DeadlineRule,
        clock: &mut Clock,
        (from, until): (Timestamp, Timestamp),
        due: Timestamp,
    ) -> Result<(), NoLimit> {
        let from = from.max(clock.start);
        match rule {
            DeadlineRule::Elapsed(_) => clock.spent += from.duration_since(clock.start),
            DeadlineRule::Within(_, hours) => {
                clock.spent += self.hours(hours).ok_or(NoLimit)?.between(clock.start, from)?;
            }
            DeadlineRule::Days { amount, .. } => {
                clock.days_lost += self.days_between(amount.unit, from, until)?;
                return Ok(());
            }
            DeadlineRule::AtOnce
            | DeadlineRule::ClockOn { .. }
            | DeadlineRule::BeforeKind(..)
            | DeadlineRule::BeforeFact(..)
            | DeadlineRule::FirstWorkingDayOfNextMonth
            | DeadlineRule::LastDayOfMonth
            | DeadlineRule::DayOfNextMonth(_)
            | DeadlineRule::Annual { .. } => {
                if due >= until {
                    return Ok(());
                }
            }
        }
        clock.start = until;
        Ok(())
    }

    fn days_between(&self, unit: Unit, from: Timestamp, until: Timestamp) -> Result<i32, NoLimit> {
        let (from, until) = (self.days().date_of(from)?, self.days().date_of(until)?);
        match unit {
            Unit::WorkingDay => Ok(self.days().working_days_between(from, until)?),
            Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month | Unit::Year => {
                Ok(from.until(until).map_or(0, |span| span.get_days()))
            }
        }
    }

    /// The limit of a forward rule, as the clock stands.
    fn forward(&self, rule: &DeadlineRule, clock: &Clock) -> Result<Timestamp, NoLimit> {
        let Clock { start, spent, days_lost } = *clock;
        let days = self.days();
        let today = days.date_of(start)?;
        match rule {
            DeadlineRule::Elapsed(amount) => later(start, elapsed(*amount)? - spent),
            DeadlineRule::Within(amount, hours) => match self.hours(hours) {
                Some(open) => Ok(open.add(start, elapsed(*amount)? - spent)?),
                None => Err(NoLimit),
            },
            DeadlineRule::Days { amount, at } => {
                let day = days_after(days, today, *amount)?;
                let day = match amount.unit {
                    Unit::WorkingDay => days.add_working_days(day, days_lost)?,
                    Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month | Unit::Year => {
                        add_calendar_days(day, days_lost)?
                    }
                };
                end_on(days, day, *at)
            }
            DeadlineRule::ClockOn { at, day, days_after, cut_off } => {
                self.clock_on(start, *at, day, *days_after, *cut_off)
            }
            DeadlineRule::FirstWorkingDayOfNextMonth => {
                Ok(days.end_of_day(days.first_working_day_of_next_month(today)?)?)
            }
            DeadlineRule::LastDayOfMonth => Ok(days.end_of_day(last_day_of_month(today))?),
            DeadlineRule::DayOfNextMonth(number) => {
                let month = add_months(today.first_of_month(), 1)?;
                let day = i8::try_from(*number).unwrap_or(i8::MAX).min(month.days_in_month());
                Ok(days.end_of_day(add_calendar_days(month, i32::from(day) - 1)?)?)
            }
            DeadlineRule::Annual { month, day } => match AnnualDay::new(*month, *day) {
                Ok(annual) => Ok(days.end_of_day(annual.on_or_after(today)?)?),
                Err(_) => Err(NoLimit),
            },
            DeadlineRule::AtOnce | DeadlineRule::BeforeKind(..) | DeadlineRule::BeforeFact(..) => Ok(start),
        }
    }

    fn hours(&self, hours: &str) -> Option<&Window> {
        open_hours(self.view, hours)
    }

    /// `15:00 same working day, next if at or after 14:00`.
    fn clock_on(
        &self,
        start: Timestamp,
        at: Option<Time>,
        kind: &DayKind,
        days_after: u32,
        cut_off: Option<CutOff>,
    ) -> Result<Timestamp, NoLimit> {
        let local = self.days().local(start);
        let past = match cut_off {
            Some(cut_off) => cut_off.is_past(local.time()),
            None => days_after == 0 && at.is_some_and(|at| local.time() > at),
        };
        let mut day = self.day_on_or_after(local.date(), kind)?;
        // On a day that doesn't count, the one that does is already the next: nothing there is past its cut-off.
        let is_such_a_day = day == local.date();
        let steps = if is_such_a_day { days_after + u32::from(past) } else { days_after.saturating_sub(1) };
        for _ in 0..steps {
            day = self.next_day(day, kind)?;
        }
        end_on(self.days(), day, at)
    }

    fn day_on_or_after(&self, day: Date, kind: &DayKind) -> Result<Date, NoLimit> {
        day_on_or_after(self.view, day, kind)
    }

    fn next_day(&self, day: Date, kind: &DayKind) -> Result<Date, NoLimit> {
        day_on_or_after(self.view, add_calendar_days(day, 1)?, kind)
    }

    fn after_cut_off(&self, given: &GivenCutOff) -> Result<Timestamp, NoLimit> {
        let local = self.days().local(self.start);
        if given.cut_off.is_past(local.time()) {
            Ok(self.days().start_of_day(self.next_day(local.date(), &given.next)?)?)
        } else {
            Ok(self.start)
        }
    }

    /// Back from the first entry of the kind at or after the trigger.
    fn before_kind(
        &self,
        amount: Option<Amount>,
        kind: &KindId,
        steps: &mut Vec<Step>,
    ) -> Result<Due, NoLimit> {
        let case = self.view.case;
        let places = case.of_kind(kind);
        let from = places.partition_point(|place| case.seen[*place].happened() < self.from);
        let target = places[from..].iter().map(|place| &case.seen[*place]).find(|seen| seen.counts());
        let Some(target) = target else { return Ok(Due::NotYetKnown) };
        steps.push(Step::CountedBackFrom(target.reference(target.happened())));
        match amount {
            None => Ok(Due::At(target.happened())),
            Some(amount) => back_from(self.view.version, target.happened(), amount).map(Due::At),
        }
    }

    /// Back from the day or instant that a fact holds, as it stood when it was done, or stands when the case is read.
    fn before_fact(
        &self,
        amount: Option<Amount>,
        fact: &FactName,
        steps: &mut Vec<Step>,
    ) -> Result<Due, NoLimit> {
        let value = self.view.case.facts.at(self.view.version, fact, self.read_at);
        let Some(value) = value else { return Ok(Due::NotYetKnown) };
        let Some((at, whole_day)) = instant_of(self.view.version, &value) else {
            return Ok(Due::NotYetKnown);
        };
        steps.push(Step::CountedBackFromFact(fact.clone(), value));
        let days = self.days();
        match amount {
            None if whole_day => Ok(Due::At(days.end_of_day(days.date_of(at)?)?)),
            None => Ok(Due::At(at)),
            Some(amount) => back_from(self.view.version, at, amount).map(Due::At),
        }
    }
}

/// The instant that a value names, and whether it names a whole day (then its first instant).
pub(crate) fn instant_of(version: &Version, value: &Value) -> Option<(Timestamp, bool)> {
    let text = value.as_text()?.trim();
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return Some((version.calendar.days.start_of_day(day).ok()?, true));
    }
    Some((samspill_base::parse_instant(text, &version.calendar.zone).ok()?, false))
}

pub(crate) fn back_from(version: &Version, at: Timestamp, amount: Amount) -> Result<Timestamp, NoLimit> {
    match amount.unit {
        Unit::Minute | Unit::Hour => later(at, -elapsed(amount)?),
        Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Month | Unit::Year => {
            days_before(version, at, amount)
        }
    }
}

/// The end of the day that lies so many days before the day of `at`.
pub(crate) fn days_before(version: &Version, at: Timestamp, amount: Amount) -> Result<Timestamp, NoLimit> {
    let days = &version.calendar.days;
    let day = days.date_of(at)?;
    let back = -i32::try_from(amount.count).unwrap_or(i32::MAX);
    let day = match amount.unit {
        Unit::WorkingDay => days.add_working_days(day, back)?,
        Unit::Minute | Unit::Hour | Unit::Day => add_calendar_days(day, back)?,
        Unit::Week => add_weeks(day, back)?,
        Unit::Month => add_months(day, back)?,
        Unit::Year => add_years(day, back)?,
    };
    Ok(days.end_of_day(day)?)
}

/// The instant so much elapsed time later.
fn later(at: Timestamp, elapsed: SignedDuration) -> Result<Timestamp, NoLimit> {
    at.checked_add(elapsed).map_err(|_| NoLimit)
}

/// The last instant that is within this time after `at`: elapsed hours, or through the end of the day.
pub(crate) fn after(version: &Version, at: Timestamp, amount: Amount) -> Result<Timestamp, NoLimit> {
    match amount.unit {
        Unit::Minute | Unit::Hour => later(at, elapsed(amount)?),
        Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Month | Unit::Year => {
            let days = &version.calendar.days;
            Ok(days.end_of_day(days_after(days, days.date_of(at)?, amount)?)?)
        }
    }
}

/// The day that lies so many days after `day`; `day` itself isn't counted.
pub(crate) fn days_after(days: &DayCalendar, day: Date, amount: Amount) -> Result<Date, NoLimit> {
    let count = i32::try_from(amount.count).unwrap_or(i32::MAX);
    match amount.unit {
        Unit::WorkingDay => Ok(days.add_working_days(day, count)?),
        Unit::Minute | Unit::Hour | Unit::Day => Ok(add_calendar_days(day, count)?),
        Unit::Week => Ok(add_weeks(day, count)?),
        Unit::Month => Ok(add_months(day, count)?),
        Unit::Year => Ok(add_years(day, count)?),
    }
}

/// The first day of a kind on or after a day.
pub(crate) fn day_on_or_after(view: &View<'_, '_>, day: Date, kind: &DayKind) -> Result<Date, NoLimit> {
    match kind {
        DayKind::Any => Ok(day),
        DayKind::Working => Ok(view.version.calendar.days.working_on_or_after(day)?),
        DayKind::OpenIn(hours) => match open_hours(view, hours) {
            Some(open) => Ok(open.opening_day_on_or_after(day)?),
            None => Err(NoLimit),
        },
    }
}

/// Whether a day is of a kind.
pub(crate) fn is_day_of(view: &View<'_, '_>, day: Date, kind: &DayKind) -> bool {
    day_on_or_after(view, day, kind).is_ok_and(|first| first == day)
}

pub(crate) fn end_on(days: &DayCalendar, day: Date, at: Option<Time>) -> Result<Timestamp, NoLimit> {
    match at {
        Some(time) => Ok(days.at_clock_latest(day, time)?),
        None => Ok(days.end_of_day(day)?),
    }
}

/// Hours or minutes as elapsed time. The grammar gives elapsed rules no other unit; another has no limit.
pub(crate) fn elapsed(amount: Amount) -> Result<SignedDuration, NoLimit> {
    let count = i64::from(amount.count);
    match amount.unit {
        Unit::Minute => Ok(SignedDuration::from_mins(count)),
        Unit::Hour => Ok(SignedDuration::from_hours(count)),
        Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Month | Unit::Year => Err(NoLimit),
    }
}
