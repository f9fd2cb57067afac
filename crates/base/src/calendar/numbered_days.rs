use jiff::civil::Time;

use super::{
    DayCalendar, DayNumber, OutOfCalendar,
    hours::clock_nanos,
    local_days::{nanos_of, to_instant},
};

/// The same questions in nanoseconds since 1970 and day numbers, for whoever asks millions of them.
///
/// Each costs a few steps: a division and a look into a table, or two. Answers and edges are those of the questions
/// in instants and dates.
impl DayCalendar {
    /// The day that a nanosecond is in, as [`Self::date_of`]: not yet the next day a nanosecond before midnight.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for nanoseconds before the first day and from the end of the last day on.
    #[inline]
    pub fn day_of_nanos(&self, at: i64) -> Result<DayNumber, OutOfCalendar> {
        self.days().day_of_nanos(at).map(DayNumber::at)
    }

    /// The first nanosecond of the day: midnight, or where clocks that skip midnight land.
    #[inline]
    pub fn start_of_day_nanos(&self, day: DayNumber) -> i64 {
        self.days().start_nanos(day.place())
    }

    /// The last nanosecond of the day: the one before the next day begins.
    #[inline]
    pub fn end_of_day_nanos(&self, day: DayNumber) -> i64 {
        self.days().start_nanos(day.place() + 1) - 1
    }

    /// When clocks show `time` on the day: the first time, if twice; if never, as much later as was skipped.
    ///
    /// # Half past two on the night clocks go forward
    /// ```
    /// # use samspill_base::calendar::{DayCalendar, DayNumber, Weekdays};
    /// # use jiff::{Timestamp, civil::{date, time}, tz::TimeZone};
    /// let days = DayCalendar::new(TimeZone::get("Europe/Oslo")?, Weekdays::ALL, &[], &[])?;
    /// let night = DayNumber::of(date(2024, 3, 31))?;
    /// let shown = "2024-03-31T03:30:00+02:00".parse::<Timestamp>()?;
    /// assert_eq!(i128::from(days.nanos_at_clock(night, time(2, 30, 0, 0))?), shown.as_nanosecond());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn nanos_at_clock(&self, day: DayNumber, time: Time) -> Result<i64, OutOfCalendar> {
        match self.plain_clock(day, time) {
            Some(nanos) => Ok(nanos),
            None => self.searched_clock(day, time, Twice::First),
        }
    }

    /// Like [`Self::nanos_at_clock`], but the second if clocks show the time twice, as a deadline takes.
    #[inline]
    pub fn nanos_at_clock_latest(&self, day: DayNumber, time: Time) -> Result<i64, OutOfCalendar> {
        match self.plain_clock(day, time) {
            Some(nanos) => Ok(nanos),
            None => self.searched_clock(day, time, Twice::Second),
        }
    }

    /// The nanosecond on another day when clocks show what they show at `at`, as [`Self::same_clock`].
    ///
    /// # Errors
    /// [`OutOfCalendar`] only when the answer is; `at` itself may lie outside.
    #[inline]
    pub fn same_clock_nanos(&self, at: i64, day: DayNumber) -> Result<i64, OutOfCalendar> {
        if let Ok(from) = self.day_of_nanos(at)
            && self.days().is_plain(from.place())
            && self.days().is_plain(day.place())
        {
            return Ok(self.start_of_day_nanos(day) + (at - self.start_of_day_nanos(from)));
        }
        self.nanos_at_clock_latest(day, self.local(to_instant(at)?).time())
    }

    /// Whether the day is a working day.
    #[inline]
    pub fn is_working_day(&self, day: DayNumber) -> bool {
        self.is_working_at(day.place())
    }

    /// `day` if it is a working day, else the first after it.
    ///
    /// # Errors
    /// [`OutOfCalendar`] when the answer is; so everywhere below.
    #[inline]
    pub fn working_day_on_or_after(&self, day: DayNumber) -> Result<DayNumber, OutOfCalendar> {
        self.working_at(self.working_before(day.place()))
    }

    /// `day` if it is a working day, else the last before it.
    #[inline]
    pub fn working_day_on_or_before(&self, day: DayNumber) -> Result<DayNumber, OutOfCalendar> {
        self.working_at(self.working_before(day.place() + 1) - 1)
    }

    /// The day so many working days later, or earlier when negative, as [`Self::add_working_days`]: nought is
    /// `day` itself, working day or not.
    #[inline]
    pub fn add_working_days_to(&self, day: DayNumber, days: i32) -> Result<DayNumber, OutOfCalendar> {
        match days {
            0 => Ok(day),
            1.. => self.working_at(self.working_before(day.place() + 1) + i64::from(days) - 1),
            ..0 => self.working_at(self.working_before(day.place()) + i64::from(days)),
        }
    }

    /// How many working days come after `from`, through `to`; negative when `to` is the earlier, and then the days
    /// from `to` to the day before `from` count.
    #[inline]
    pub fn working_days_from(&self, from: DayNumber, to: DayNumber) -> i32 {
        let edge = usize::from(from <= to);
        self.working_count(to.place() + edge) - self.working_count(from.place() + edge)
    }

    /// When clocks show the time on a day on which they show the time since it began.
    #[inline]
    fn plain_clock(&self, day: DayNumber, time: Time) -> Option<i64> {
        self.days().is_plain(day.place()).then(|| self.start_of_day_nanos(day) + clock_nanos(time))
    }

    /// When clocks show the time on any day, as the zone's rules say.
    #[cold]
    fn searched_clock(&self, day: DayNumber, time: Time, twice: Twice) -> Result<i64, OutOfCalendar> {
        let date = day.date();
        let ambiguous = self.zone().to_ambiguous_timestamp(date.to_datetime(time));
        let found = match twice {
            Twice::First => ambiguous.compatible(),
            Twice::Second => ambiguous.later(),
        };
        found.map_err(|_| OutOfCalendar::at(date)).and_then(nanos_of)
    }
}

/// Which of two is meant when clocks show a time twice.
#[derive(Clone, Copy)]
enum Twice {
    First,
    Second,
}
