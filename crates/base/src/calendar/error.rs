use std::fmt;

use jiff::{Timestamp, civil::Date};

use super::{FIRST_DAY, LAST_DAY};

/// A day or an instant outside the years that calendars cover.
///
/// The tables run from [`FIRST_DAY`] to [`LAST_DAY`], both included. A question about another day, or one
/// whose answer lies there, is this error and never a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfCalendar {
    reached: Reached,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    Day(Date),
    Instant(Timestamp),
    Before,
    After,
}

impl OutOfCalendar {
    /// This day is outside.
    pub(super) fn at(day: Date) -> Self {
        Self { reached: Reached::Day(day) }
    }

    /// This instant is outside.
    pub(super) fn at_instant(instant: Timestamp) -> Self {
        Self { reached: Reached::Instant(instant) }
    }

    /// The instant so many nanoseconds since 1970 is outside.
    #[cold]
    pub(super) fn at_nanos(nanos: i64) -> Self {
        Timestamp::from_nanosecond(i128::from(nanos)).map_or(Self::AFTER, Self::at_instant)
    }

    /// The answer lies before the first day.
    pub(super) const BEFORE: Self = Self { reached: Reached::Before };

    /// The answer lies after the last day.
    pub(super) const AFTER: Self = Self { reached: Reached::After };
}

impl fmt::Display for OutOfCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reached {
            Reached::Day(day) => write!(f, "{day} is outside the calendar")?,
            Reached::Instant(instant) => write!(f, "{instant} is outside the calendar")?,
            Reached::Before => f.write_str("the answer lies before the calendar begins")?,
            Reached::After => f.write_str("the answer lies after the calendar ends")?,
        }
        write!(f, ", which covers the years {} to {}", FIRST_DAY.year(), LAST_DAY.year())
    }
}

impl std::error::Error for OutOfCalendar {}

/// Why holiday rules don't make a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A rule without an id could never be named.
    #[error("a holiday rule has no id: give it one, such as \"1-mai\"")]
    EmptyId,
    /// A month and day that no year has.
    #[error("{what} is set to month {month}, day {day}, which no year has")]
    NoSuchDay {
        /// The holiday, or what else was set to it.
        what: String,
        /// As written.
        month: i8,
        /// As written.
        day: i8,
    },
    /// No month has a sixth Monday, or a nought'th.
    #[error(
        "holiday \"{id}\" is number {nth} of its weekday: write 1 to 5, or -1 to -5 from the end of the month"
    )]
    NoSuchNth {
        /// The holiday.
        id: String,
        /// As written.
        nth: i8,
    },
    /// A rule that ends before it begins.
    #[error("holiday \"{id}\" runs from {from} until {until}: the first year must not come after the last")]
    YearsReversed {
        /// The holiday.
        id: String,
        /// First year.
        from: i16,
        /// Last year.
        until: i16,
    },
    /// A single date outside the tables.
    #[error("holiday \"{id}\": {outside}")]
    DateOutside {
        /// The holiday.
        id: String,
        /// The date and what is covered.
        outside: OutOfCalendar,
    },
    /// A calendar on which no day could ever be a working day.
    #[error("no weekday is a working day: name at least one")]
    NoWorkingWeekday,
}

/// Why rows of open hours don't make a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Not `08:00-15:00`.
    #[error("\"{text}\" is not open hours: write them as 08:00-15:00, with 24:00 for the end of the day")]
    NotHours {
        /// As written.
        text: String,
    },
    /// Closing at or before opening.
    #[error(
        "the hours {hours} end before they begin: hours past midnight are two rows, until 24:00 and from 00:00"
    )]
    HoursReversed {
        /// As written.
        hours: String,
    },
    /// Two hours of one row that share time.
    #[error("the hours {first} and {second} of one row overlap: write them as one")]
    HoursOverlap {
        /// The earlier.
        first: String,
        /// The later.
        second: String,
    },
    /// A row for a day that no holiday rule names.
    #[error("no holiday is called \"{id}\": the calendar knows {known}")]
    UnknownHoliday {
        /// As written.
        id: String,
        /// The ids there are, with commas.
        known: String,
    },
    /// A window without a single open hour, on which waiting would never end.
    #[error("the window is never open: give it hours on some day")]
    NeverOpen,
}
