use std::fmt;

use jiff::civil::{Date, Weekday, date};

use super::OutOfCalendar;

/// The first day that calendars know.
pub const FIRST_DAY: Date = date(1900, 1, 1);

/// The last day that calendars know.
pub const LAST_DAY: Date = date(2199, 12, 31);

/// A day of the calendar as a number: 1900-01-01 is 0, 2199-12-31 the last. The number is the same in all zones.
///
/// There are no numbers for other days, so what is asked of one always has an answer.
///
/// # Numbers are days apart
/// ```
/// # use samspill_base::calendar::DayNumber;
/// use jiff::civil::date;
/// let leap_day = DayNumber::of(date(2024, 2, 29))?;
/// assert_eq!(leap_day.add_days(1)?.date(), date(2024, 3, 1));
/// assert_eq!(leap_day.days_until(DayNumber::of(date(2024, 2, 1))?), -28);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayNumber(u32);

impl DayNumber {
    /// [`FIRST_DAY`].
    pub const FIRST: Self = Self(0);

    /// [`LAST_DAY`].
    pub const LAST: Self = Self(LAST_NUMBER);

    /// The number of a date.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for days before the first and after the last.
    #[inline]
    pub fn of(date: Date) -> Result<Self, OutOfCalendar> {
        number_of(date).map(Self::at)
    }

    /// The day with this number; none for numbers past the last day's.
    #[inline]
    pub fn new(number: u32) -> Option<Self> {
        (number <= LAST_NUMBER).then_some(Self(number))
    }

    /// Days since 1900-01-01.
    #[inline]
    pub fn number(self) -> u32 {
        self.0
    }

    /// The date with this number.
    #[inline]
    pub fn date(self) -> Date {
        date_at(self.place())
    }

    /// The day of the week.
    #[inline]
    pub fn weekday(self) -> Weekday {
        weekday_at(self.place())
    }

    /// The day so many calendar days later, or earlier when negative.
    ///
    /// # Errors
    /// [`OutOfCalendar`] when it lies before the first day or after the last.
    #[inline]
    pub fn add_days(self, days: i32) -> Result<Self, OutOfCalendar> {
        let outside = if days < 0 { OutOfCalendar::BEFORE } else { OutOfCalendar::AFTER };
        self.0.checked_add_signed(days).and_then(Self::new).ok_or(outside)
    }

    /// How many calendar days from here to `other`; negative when that is the earlier.
    #[inline]
    pub fn days_until(self, other: Self) -> i32 {
        other.0.cast_signed() - self.0.cast_signed()
    }

    /// The day at a place in the tables; places past the end are the last day.
    #[inline]
    pub(super) fn at(place: usize) -> Self {
        Self(u32::try_from(place).unwrap_or(LAST_NUMBER).min(LAST_NUMBER))
    }

    /// Its place in the tables.
    #[inline]
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// The date.
impl fmt::Display for DayNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// The number of [`LAST_DAY`].
const LAST_NUMBER: u32 = 109_572;

/// How many days calendars know.
pub(super) const DAYS: usize = 109_573;

/// 1900-01-01, counted from 1970-01-01.
const FIRST_EPOCH_DAY: i32 = -25_567;

/// A day's place in the tables: 0 is [`FIRST_DAY`].
pub(super) fn number_of(day: Date) -> Result<usize, OutOfCalendar> {
    match usize::try_from(epoch_day(day) - FIRST_EPOCH_DAY) {
        Ok(number) if number < DAYS => Ok(number),
        _ => Err(OutOfCalendar::at(day)),
    }
}

/// The day at a place in the tables; places past the end are the last day.
pub(super) fn date_at(number: usize) -> Date {
    let days = i32::try_from(number.min(DAYS - 1)).unwrap_or(i32::MAX);
    from_epoch_day(days + FIRST_EPOCH_DAY)
}

/// The weekday of a place in the tables.
pub(super) fn weekday_at(number: usize) -> Weekday {
    /// 1900 began on a Monday.
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    WEEK[number % 7]
}

/// Seconds from 1970-01-01 to midnight at a place in the tables, as if there were no zones.
pub(super) fn civil_seconds(number: usize) -> i64 {
    (i64::try_from(number).unwrap_or(i64::MAX) + i64::from(FIRST_EPOCH_DAY)) * SECONDS_PER_DAY
}

pub(super) const SECONDS_PER_DAY: i64 = 86_400;
pub(super) const NANOS_PER_SECOND: i64 = 1_000_000_000;
pub(super) const NANOS_PER_DAY: i64 = SECONDS_PER_DAY * NANOS_PER_SECOND;

/// Days since 1970-01-01 in the Gregorian calendar: years are counted from March, so that the day that comes
/// and goes is the last of its year.
fn epoch_day(day: Date) -> i32 {
    let march_month = (i32::from(day.month()) + 9) % 12;
    let year = i32::from(day.year()) - i32::from(day.month() <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * march_month + 2) / 5 + i32::from(day.day()) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The way back from [`epoch_day`].
fn from_epoch_day(epoch_day: i32) -> Date {
    let shifted = epoch_day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    small_date(year, month, day)
}

/// A date from numbers that are known to be one.
fn small_date(year: i32, month: i32, day: i32) -> Date {
    let small = |number: i32| i8::try_from(number).unwrap_or(1);
    Date::new(i16::try_from(year).unwrap_or(0), small(month), small(day)).unwrap_or(FIRST_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_table_has_its_number_date_and_weekday() {
        let mut day = FIRST_DAY;
        for number in 0..DAYS {
            assert_eq!(number_of(day).unwrap(), number);
            assert_eq!(date_at(number), day);
            assert_eq!(weekday_at(number), day.weekday());
            assert_eq!(DayNumber::of(day).unwrap(), DayNumber::at(number));
            day = day.tomorrow().unwrap();
        }
        assert_eq!(day, date(2200, 1, 1));
        assert_eq!(DayNumber::LAST.place() + 1, DAYS);
        assert_eq!(civil_seconds(number_of(date(1970, 1, 2)).unwrap()), SECONDS_PER_DAY);
    }

    #[test]
    fn numbers_go_from_the_first_day_to_the_last() {
        assert_eq!(DayNumber::FIRST.date(), FIRST_DAY);
        assert_eq!(DayNumber::LAST.date(), LAST_DAY);
        assert_eq!(DayNumber::new(LAST_NUMBER), Some(DayNumber::LAST));
        assert_eq!(DayNumber::new(LAST_NUMBER + 1), None);
        assert_eq!(DayNumber::new(u32::MAX), None);
        assert_eq!(DayNumber::FIRST.add_days(109_572).unwrap(), DayNumber::LAST);
        assert_eq!(DayNumber::LAST.add_days(-109_572).unwrap(), DayNumber::FIRST);
        assert_eq!(DayNumber::LAST.days_until(DayNumber::FIRST), -109_572);
        for (from, days) in [(DayNumber::LAST, 1), (DayNumber::FIRST, -1), (DayNumber::LAST, i32::MAX)] {
            from.add_days(days).unwrap_err();
        }
        DayNumber::LAST.add_days(i32::MIN).unwrap_err();
        assert_eq!(DayNumber::LAST.to_string(), "2199-12-31");
    }

    #[test]
    fn the_days_just_outside_are_refused() {
        number_of(date(1899, 12, 31)).unwrap_err();
        number_of(date(2200, 1, 1)).unwrap_err();
        number_of(Date::MIN).unwrap_err();
        number_of(Date::MAX).unwrap_err();
    }
}
