use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    DayCalendar, OutOfCalendar, WindowError, WindowRow,
    day_kinds::DayKinds,
    day_number::{DayNumber, number_of},
    local_days::{nanos_of, to_instant},
    open_tables::OpenTables,
    window_nanos::{back, forward},
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
        if tables.is_never_open() {
            Err(WindowError::NeverOpen)
        } else {
            Ok(Self { tables: Arc::new(tables) })
        }
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
        self.is_open_at_nanos(nanos_of(instant)?)
    }

    /// Whether it is open at any time of the day.
    pub fn is_open_on(&self, date: Date) -> Result<bool, OutOfCalendar> {
        DayNumber::of(date).map(|day| self.is_open_on_day(day))
    }

    /// The hours of the day as opening and closing instants, in order; none when closed.
    pub fn hours_on(&self, date: Date) -> Result<Vec<(Timestamp, Timestamp)>, OutOfCalendar> {
        let day = number_of(date)?;
        self.tables.spans(day).map(|span| Ok((to_instant(span.opens)?, to_instant(span.closes)?))).collect()
    }

    /// The instant itself if open, else the next opening.
    pub fn opening_at_or_after(&self, instant: Timestamp) -> Result<Timestamp, OutOfCalendar> {
        self.opening_nanos_at_or_after(nanos_of(instant)?).and_then(to_instant)
    }

    /// The instant itself if open, else the last closing before it.
    pub fn closing_at_or_before(&self, instant: Timestamp) -> Result<Timestamp, OutOfCalendar> {
        self.closing_nanos_at_or_before(nanos_of(instant)?).and_then(to_instant)
    }

    /// The first day after `date`, never itself, on which it is open.
    pub fn next_opening_day(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.next_open_day(DayNumber::of(date)?).map(DayNumber::date)
    }

    /// `date` if it is open then at all, else the first day after it on which it is.
    pub fn opening_day_on_or_after(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.open_day_on_or_after(DayNumber::of(date)?).map(DayNumber::date)
    }

    /// `date` if it is open then at all, else the last day before it on which it is.
    pub fn opening_day_on_or_before(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.open_day_on_or_before(DayNumber::of(date)?).map(DayNumber::date)
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
        let open_before = |instant| {
            nanos_of(instant)
                .and_then(|nanos| self.tables.position(nanos))
                .map(|position| i128::from(position.open))
        };
        let to = open_before(to)?;
        Ok(SignedDuration::from_nanos_i128(to - open_before(from)?))
    }

    pub(super) fn tables(&self) -> &OpenTables {
        &self.tables
    }

    /// Moves by open nanoseconds, forward or back; by more than there are in the calendar, out of it.
    fn shift(&self, instant: Timestamp, open: i128) -> Result<Timestamp, OutOfCalendar> {
        let nanos = nanos_of(instant)?;
        let magnitude = u64::try_from(open.unsigned_abs()).unwrap_or(u64::MAX);
        let moved = if open < 0 { back } else { forward }(&self.tables, nanos, magnitude);
        moved.and_then(to_instant)
    }
}

/// The calendar alone: the tables are long.
impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window").field("calendar", self.calendar()).finish_non_exhaustive()
    }
}
