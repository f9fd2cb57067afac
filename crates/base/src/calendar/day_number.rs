use jiff::civil::{Date, Weekday, date};

use super::OutOfCalendar;

/// The first day that calendars know.
pub const FIRST_DAY: Date = date(1900, 1, 1);

/// The last day that calendars know.
pub const LAST_DAY: Date = date(2199, 12, 31);

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
            day = day.tomorrow().unwrap();
        }
        assert_eq!(day, date(2200, 1, 1));
        assert_eq!(civil_seconds(number_of(date(1970, 1, 2)).unwrap()), SECONDS_PER_DAY);
    }

    #[test]
    fn the_days_just_outside_are_refused() {
        number_of(date(1899, 12, 31)).unwrap_err();
        number_of(date(2200, 1, 1)).unwrap_err();
        number_of(Date::MIN).unwrap_err();
        number_of(Date::MAX).unwrap_err();
    }
}
