use jiff::{Span, civil::Date};

use super::{OutOfCalendar, day_number::number_of};

/// The day so many calendar days later, or earlier when negative.
///
/// # Errors
/// [`OutOfCalendar`] when the answer is; the same holds for the other functions here.
pub fn add_calendar_days(date: Date, days: i32) -> Result<Date, OutOfCalendar> {
    shift(date, Span::new().try_days(days), days)
}

/// The same weekday so many weeks later, or earlier when negative.
pub fn add_weeks(date: Date, weeks: i32) -> Result<Date, OutOfCalendar> {
    shift(date, Span::new().try_weeks(weeks), weeks)
}

/// The same day of the month so many months later, or earlier when negative; the last day of a month that
/// is too short: 31 January and one month is 28 February, 29 in leap years.
pub fn add_months(date: Date, months: i32) -> Result<Date, OutOfCalendar> {
    shift(date, Span::new().try_months(months), months)
}

/// The same date so many years later, or earlier when negative; 29 February becomes 28 in common years.
pub fn add_years(date: Date, years: i32) -> Result<Date, OutOfCalendar> {
    shift(date, Span::new().try_years(years), years)
}

/// The last day of the month that `date` is in.
pub fn last_day_of_month(date: Date) -> Date {
    date.last_of_month()
}

fn shift(date: Date, span: Result<Span, jiff::Error>, amount: i32) -> Result<Date, OutOfCalendar> {
    let moved = span
        .and_then(|span| date.checked_add(span))
        .map_err(|_| if amount < 0 { OutOfCalendar::BEFORE } else { OutOfCalendar::AFTER })?;
    number_of(moved).map(|_| moved)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_stop_at_the_end_of_a_shorter_month() {
        for (from, months, to) in [
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2024, 1, 30), 1, date(2024, 2, 29)),
            (date(2024, 1, 29), 1, date(2024, 2, 29)),
            (date(2024, 1, 28), 1, date(2024, 2, 28)),
            (date(2024, 2, 29), -1, date(2024, 1, 29)),
            (date(2024, 12, 31), 2, date(2025, 2, 28)),
            (date(2024, 3, 31), -1, date(2024, 2, 29)),
            (date(2024, 3, 31), 0, date(2024, 3, 31)),
        ] {
            assert_eq!(add_months(from, months).unwrap(), to, "{from} {months}");
        }
        assert_eq!(add_years(date(2024, 2, 29), 1).unwrap(), date(2025, 2, 28));
        assert_eq!(add_years(date(2024, 2, 29), -4).unwrap(), date(2020, 2, 29));
        assert_eq!(last_day_of_month(date(2024, 2, 1)), date(2024, 2, 29));
        assert_eq!(last_day_of_month(date(2023, 12, 31)), date(2023, 12, 31));
    }

    #[test]
    fn days_and_weeks_go_both_ways_up_to_the_edge_of_the_calendar() {
        assert_eq!(add_calendar_days(date(2024, 2, 28), 2).unwrap(), date(2024, 3, 1));
        assert_eq!(add_weeks(date(2024, 3, 1), -1).unwrap(), date(2024, 2, 23));
        assert_eq!(add_calendar_days(date(2199, 12, 30), 1).unwrap(), date(2199, 12, 31));
        assert_eq!(
            add_calendar_days(date(2199, 12, 31), 1).unwrap_err().to_string(),
            "2200-01-01 is outside the calendar, which covers the years 1900 to 2199"
        );
        assert_eq!(
            add_years(date(2024, 1, 1), i32::MIN).unwrap_err().to_string(),
            "the answer lies before the calendar begins, which covers the years 1900 to 2199"
        );
        add_calendar_days(date(1900, 1, 1), -1).unwrap_err();
        add_months(date(2024, 1, 1), i32::MAX).unwrap_err();
        add_weeks(date(2024, 1, 1), i32::MAX).unwrap_err();
    }
}
