use std::{fmt, sync::Arc};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::{
    CalendarError, HolidayRule, NamedDay, OutOfCalendar, Weekdays, civil,
    day_number::{DAYS, DayNumber, date_at, number_of, weekday_at},
    local_days::{LocalDays, to_instant},
    named_days::NamedDays,
};

/// Every day from 1900-01-01 through 2199-12-31 in one time zone: when it begins and ends, what it is called
/// and whether it is a working day.
///
/// A clone shares the tables and costs nothing.
///
/// # Thursday before Easter to the working day after it
/// ```
/// # use samspill_base::calendar::{DayCalendar, HolidayDay, HolidayRule, Weekdays};
/// use jiff::{civil::{Weekday, date}, tz::TimeZone};
/// let easter = [("skjaertorsdag", -3), ("langfredag", -2), ("andre-paskedag", 1)]
///     .map(|(id, offset_days)| HolidayRule::new(id, HolidayDay::Easter { offset_days }));
/// let office = Weekdays::range(Weekday::Monday, Weekday::Friday);
/// let days = DayCalendar::new(TimeZone::get("Europe/Oslo")?, office, &easter, &[])?;
/// assert_eq!(days.add_working_days(date(2024, 3, 27), 1)?, date(2024, 4, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct DayCalendar {
    tables: Arc<Tables>,
}

struct Tables {
    days: LocalDays,
    named: NamedDays,
    closed: Vec<bool>,
    /// How many working days come before each day; one more at the end for them all.
    working_before: Vec<u32>,
    /// The working days in order.
    working: Vec<u32>,
}

impl DayCalendar {
    /// Applies the rules to every year and counts the working days: those on `working_weekdays` that no rule closes.
    ///
    /// `holidays` are the land's; `extra` are what an agreement adds. They are treated alike.
    ///
    /// # Errors
    /// [`CalendarError`] for rules that can't be meant, such as 31 June.
    pub fn new(
        zone: TimeZone,
        working_weekdays: Weekdays,
        holidays: &[HolidayRule],
        extra: &[HolidayRule],
    ) -> Result<Self, CalendarError> {
        if working_weekdays.is_empty() {
            return Err(CalendarError::NoWorkingWeekday);
        }
        let rules: Vec<&HolidayRule> = holidays.iter().chain(extra).collect();
        rules.iter().try_for_each(|rule| rule.check())?;
        let named = NamedDays::new(&rules, working_weekdays);
        let closed = named.closed_days();
        let (working_before, working) = count_working_days(&closed, working_weekdays);
        let days = LocalDays::new(zone);
        Ok(Self { tables: Arc::new(Tables { days, named, closed, working_before, working }) })
    }

    /// The time zone the days are in.
    pub fn zone(&self) -> &TimeZone {
        self.tables.days.zone()
    }

    /// Whether the day is a working day.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for days the tables don't have, or when the answer would be one; so everywhere here.
    pub fn is_working(&self, date: Date) -> Result<bool, OutOfCalendar> {
        DayNumber::of(date).map(|day| self.is_working_day(day))
    }

    /// Whether a holiday rule closes the day. Weekends are not holidays; a Sunday that is Easter is.
    pub fn is_holiday(&self, date: Date) -> Result<bool, OutOfCalendar> {
        number_of(date).map(|day| self.is_holiday_at(day))
    }

    /// The ids of all rules that name the day, sorted; those that don't close it too.
    pub fn ids_on(&self, date: Date) -> Result<Vec<&str>, OutOfCalendar> {
        let day = number_of(date)?;
        Ok(self.tables.named.in_range(day..day + 1).map(|named| named.id).collect())
    }

    /// All named days from `first` through `last`, in order; none when they stand the wrong way round.
    pub fn named_days(
        &self,
        first: Date,
        last: Date,
    ) -> Result<impl Iterator<Item = NamedDay<'_>>, OutOfCalendar> {
        Ok(self.tables.named.in_range(number_of(first)?..number_of(last)? + 1))
    }

    /// The ids of all rules, sorted, each once.
    pub fn holiday_ids(&self) -> &[String] {
        self.tables.named.ids()
    }

    /// The first working day after `date`, never `date` itself.
    pub fn next_working_after(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.add_working_days(date, 1)
    }

    /// The last working day before `date`, never `date` itself.
    pub fn last_working_before(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.add_working_days(date, -1)
    }

    /// `date` if it is a working day, else the first after it.
    pub fn working_on_or_after(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.working_day_on_or_after(DayNumber::of(date)?).map(DayNumber::date)
    }

    /// `date` if it is a working day, else the last before it.
    pub fn working_on_or_before(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.working_day_on_or_before(DayNumber::of(date)?).map(DayNumber::date)
    }

    /// The day so many working days later, or earlier when negative.
    ///
    /// Nought is `date` itself, working day or not. From a day that isn't, one is the next working day, and
    /// minus one the last before it.
    pub fn add_working_days(&self, date: Date, days: i32) -> Result<Date, OutOfCalendar> {
        self.add_working_days_to(DayNumber::of(date)?, days).map(DayNumber::date)
    }

    /// How many working days come after `from`, through `to`; negative when `to` is the earlier.
    ///
    /// So many working days added to `from` give `to`, if `to` is a working day. Backwards, the days from `to`
    /// to the day before `from` count.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i32, OutOfCalendar> {
        let to = DayNumber::of(to)?;
        Ok(self.working_days_from(DayNumber::of(from)?, to))
    }

    /// The first working day of the month after the one `date` is in.
    pub fn first_working_day_of_next_month(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.working_on_or_after(civil::add_months(date.first_of_month(), 1)?)
    }

    /// The last working day of the month `date` is in.
    pub fn last_working_day_of_month(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.working_on_or_before(civil::last_day_of_month(date))
    }

    /// The day that an instant is in: its last nanosecond too, but not the next midnight.
    ///
    /// Where clocks have gone back across midnight, the repeated end of the old day is already the new one.
    pub fn date_of(&self, instant: Timestamp) -> Result<Date, OutOfCalendar> {
        self.tables.days.locate(instant).map(|(day, _)| date_at(day))
    }

    /// The instant so much later, or earlier when negative: elapsed time, whatever the clocks on the wall do.
    pub fn add_elapsed(
        &self,
        instant: Timestamp,
        elapsed: SignedDuration,
    ) -> Result<Timestamp, OutOfCalendar> {
        let outside = if elapsed.is_negative() { OutOfCalendar::BEFORE } else { OutOfCalendar::AFTER };
        let moved = instant.checked_add(elapsed).map_err(|_| outside)?;
        self.tables.days.locate(moved).map(|_| moved)
    }

    /// What calendar and clock on the wall show at an instant.
    pub fn local(&self, instant: Timestamp) -> DateTime {
        self.zone().to_datetime(instant)
    }

    /// The first instant of the day: midnight, or where clocks that skip midnight land.
    pub fn start_of_day(&self, date: Date) -> Result<Timestamp, OutOfCalendar> {
        to_instant(self.start_of_day_nanos(DayNumber::of(date)?))
    }

    /// The last instant of the day: one nanosecond before the next day begins.
    pub fn end_of_day(&self, date: Date) -> Result<Timestamp, OutOfCalendar> {
        to_instant(self.end_of_day_nanos(DayNumber::of(date)?))
    }

    /// When clocks show `time` on the day: the first time, if twice; if never, as much later as was skipped.
    pub fn at_clock(&self, date: Date, time: Time) -> Result<Timestamp, OutOfCalendar> {
        self.nanos_at_clock(DayNumber::of(date)?, time).and_then(to_instant)
    }

    /// Like [`Self::at_clock`], but the second if clocks show the time twice.
    ///
    /// A deadline takes this one: who must act by half past two is in time at either of them.
    pub fn at_clock_latest(&self, date: Date, time: Time) -> Result<Timestamp, OutOfCalendar> {
        self.nanos_at_clock_latest(DayNumber::of(date)?, time).and_then(to_instant)
    }

    /// The instant on another day when clocks show what they show at `instant`: an appointment moved by days,
    /// weeks or months. Times that come twice or never are as in [`Self::at_clock_latest`].
    pub fn same_clock(&self, instant: Timestamp, date: Date) -> Result<Timestamp, OutOfCalendar> {
        self.at_clock_latest(date, self.local(instant).time())
    }

    #[inline]
    pub(super) fn days(&self) -> &LocalDays {
        &self.tables.days
    }

    pub(super) fn named(&self) -> &NamedDays {
        &self.tables.named
    }

    #[inline]
    pub(super) fn is_working_at(&self, day: usize) -> bool {
        self.tables.working_before[day] < self.tables.working_before[day + 1]
    }

    pub(super) fn is_holiday_at(&self, day: usize) -> bool {
        self.tables.closed[day]
    }

    /// How many working days come before a place in the tables.
    #[inline]
    pub(super) fn working_count(&self, day: usize) -> i32 {
        self.tables.working_before[day].cast_signed()
    }

    /// The same, to count on with.
    #[inline]
    pub(super) fn working_before(&self, day: usize) -> i64 {
        i64::from(self.tables.working_before[day])
    }

    /// The working day with this number, from nought.
    #[inline]
    pub(super) fn working_at(&self, number: i64) -> Result<DayNumber, OutOfCalendar> {
        let number = usize::try_from(number).map_err(|_| OutOfCalendar::BEFORE)?;
        self.tables.working.get(number).map(|day| DayNumber::at(*day as usize)).ok_or(OutOfCalendar::AFTER)
    }
}

/// The zone alone: the tables are long.
impl fmt::Debug for DayCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DayCalendar").field("zone", self.zone()).finish_non_exhaustive()
    }
}

/// The running count of working days before each day, and the working days.
fn count_working_days(closed: &[bool], working_weekdays: Weekdays) -> (Vec<u32>, Vec<u32>) {
    let mut before = Vec::with_capacity(DAYS + 1);
    let mut working = Vec::with_capacity(DAYS);
    let mut count = 0;
    for (day, number) in (0..).take(DAYS).enumerate() {
        before.push(count);
        if !closed[day] && working_weekdays.contains(weekday_at(day)) {
            working.push(number);
            count += 1;
        }
    }
    before.push(count);
    (before, working)
}
