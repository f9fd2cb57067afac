use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    DayCalendar, OutOfCalendar, WindowError, WindowRow,
    day_kinds::DayKinds,
    day_number::{date_at, number_of},
    open_tables::OpenTables,
};

/// The hours something is open, on every day of a calendar.
///
/// Opening and closing themselves are within: at 15:00:00 sharp a window until 15:00 is open, a nanosecond
/// later it isn't. What counts is the clock on the wall, so an hour that comes twice is open twice, and one
/// that is skipped is not open; the time that passes is counted as it elapses.
///
/// # Three hours before closing time reach into the next working day
/// ```
/// # use samspill_base::calendar::{DayCalendar, DayPattern, Weekdays, Window, WindowRow};
/// use jiff::{SignedDuration, civil::Weekday, tz::TimeZone};
/// # let weekdays = Weekdays::range(Weekday::Monday, Weekday::Friday);
/// # let days = DayCalendar::new(TimeZone::get("Europe/Oslo")?, weekdays, &[], &[])?;
/// let rows = [WindowRow::new(DayPattern::WorkingDays, vec!["08:00-15:00".parse()?])];
/// let office = Window::new(&days, &rows)?;
/// let friday = "2024-08-16T13:30:00+02:00".parse()?;
/// assert_eq!(office.add(friday, SignedDuration::from_hours(3))?, "2024-08-19T09:30:00+02:00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone shares the tables and costs nothing.
#[derive(Clone)]
pub struct Window {
    tables: Arc<OpenTables>,
}

impl Window {
    /// Fills the tables: each day has the hours of the last row that matches it, and is closed if none does.
    ///
    /// # Errors
    /// [`WindowError`] for hours that overlap, days with an unknown name, and a window that is never open.
    pub fn new(calendar: &DayCalendar, rows: &[WindowRow]) -> Result<Self, WindowError> {
        let tables = OpenTables::new(DayKinds::new(calendar, rows)?, calendar);
        if tables.total() == 0 { Err(WindowError::NeverOpen) } else { Ok(Self { tables: Arc::new(tables) }) }
    }

    /// The days it is laid on.
    pub fn calendar(&self) -> &DayCalendar {
        self.tables.calendar()
    }

    /// Whether it is open at the instant; both opening and closing are.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for instants the calendar doesn't cover, or when the answer would be one; so everywhere here.
    pub fn is_open(&self, instant: Timestamp) -> Result<bool, OutOfCalendar> {
        self.tables.position(instant).map(|position| self.tables.is_open_at(position))
    }

    /// Whether it is open at any time of the day.
    pub fn is_open_on(&self, date: Date) -> Result<bool, OutOfCalendar> {
        number_of(date).map(|day| self.tables.open_before(day) < self.tables.open_before(day + 1))
    }

    /// The hours of the day as opening and closing instants, in order; none when closed.
    pub fn hours_on(&self, date: Date) -> Result<Vec<(Timestamp, Timestamp)>, OutOfCalendar> {
        let day = number_of(date)?;
        self.tables.spans(day).map(|span| Ok((to_instant(span.opens)?, to_instant(span.closes)?))).collect()
    }

    /// The instant itself if open, else the next opening.
    pub fn opening_at_or_after(&self, instant: Timestamp) -> Result<Timestamp, OutOfCalendar> {
        let position = self.tables.position(instant)?;
        if self.tables.is_open_at(position) {
            return Ok(instant);
        }
        to_instant(self.tables.last_moment_after(position.open).ok_or(OutOfCalendar::AFTER)?)
    }

    /// The instant itself if open, else the last closing before it.
    pub fn closing_at_or_before(&self, instant: Timestamp) -> Result<Timestamp, OutOfCalendar> {
        let position = self.tables.position(instant)?;
        if self.tables.is_open_at(position) {
            return Ok(instant);
        }
        to_instant(self.tables.first_moment_after(position.open).ok_or(OutOfCalendar::BEFORE)?)
    }

    /// The first day after `date`, never itself, on which it is open.
    pub fn next_opening_day(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.day_open_after(self.tables.open_before(number_of(date)? + 1))
    }

    /// `date` if it is open then at all, else the first day after it on which it is.
    pub fn opening_day_on_or_after(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.day_open_after(self.tables.open_before(number_of(date)?))
    }

    /// `date` if it is open then at all, else the last day before it on which it is.
    pub fn opening_day_on_or_before(&self, date: Date) -> Result<Date, OutOfCalendar> {
        let open = self.tables.open_before(number_of(date)? + 1);
        self.tables.day_reaching(open).map(date_at).ok_or(OutOfCalendar::BEFORE)
    }

    /// The instant by which so much open time has passed.
    ///
    /// Time that is used up exactly at closing ends there, not at the next opening. Nothing added is the instant
    /// itself, open or not. Negative durations go back, as [`Self::sub`] does.
    pub fn add(&self, instant: Timestamp, open: SignedDuration) -> Result<Timestamp, OutOfCalendar> {
        self.shift(instant, open.as_nanos())
    }

    /// The latest instant from which so much open time is left until `instant`.
    ///
    /// Time that is used up exactly at opening begins there, not at the closing before. Nothing taken is the
    /// instant itself, open or not. Negative durations go forward, as [`Self::add`] does.
    pub fn sub(&self, instant: Timestamp, open: SignedDuration) -> Result<Timestamp, OutOfCalendar> {
        self.shift(instant, -open.as_nanos())
    }

    /// The open time from one instant to another; negative when `to` is the earlier.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Result<SignedDuration, OutOfCalendar> {
        let nanos = i128::from(self.tables.position(to)?.open) - i128::from(self.tables.position(from)?.open);
        Ok(SignedDuration::from_nanos_i128(nanos))
    }

    /// Moves by open nanoseconds, forward or back.
    fn shift(&self, instant: Timestamp, nanos: i128) -> Result<Timestamp, OutOfCalendar> {
        let position = self.tables.position(instant)?;
        let outside = if nanos < 0 { OutOfCalendar::BEFORE } else { OutOfCalendar::AFTER };
        let target = u64::try_from(i128::from(position.open) + nanos).map_err(|_| outside)?;
        match nanos {
            0 => Ok(instant),
            1.. => to_instant(self.tables.first_moment_after(target).ok_or(outside)?),
            ..0 => to_instant(self.tables.last_moment_after(target).ok_or(outside)?),
        }
    }

    fn day_open_after(&self, open: u64) -> Result<Date, OutOfCalendar> {
        self.tables.day_passing(open).map(date_at).ok_or(OutOfCalendar::AFTER)
    }
}

/// The calendar alone: the tables are long.
impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window").field("calendar", self.calendar()).finish_non_exhaustive()
    }
}

fn to_instant(nanos: i64) -> Result<Timestamp, OutOfCalendar> {
    Timestamp::from_nanosecond(i128::from(nanos)).map_err(|_| OutOfCalendar::AFTER)
}
