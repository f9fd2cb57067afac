use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A calendar month: `2025-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month of an instant, where clocks show this zone's time.
    pub fn at(instant: Timestamp, zone: &TimeZone) -> Self {
        Self::of(instant.to_zoned(zone.clone()).date())
    }

    /// The twelve months of a year.
    pub fn of_year(year: i16) -> impl Iterator<Item = Self> {
        (1..=12).map(move |month| Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
