use std::fmt;

use jiff::civil::Date;

use super::{CalendarError, OutOfCalendar, day_number::number_of, holiday::check_month_day};

/// A day that comes every year, such as 1 July.
///
/// 29 February is 28 February in common years: the last day of the month, as when months are added, so that
/// no year goes by without the day and none has it later than its name says.
///
/// # The day itself
/// ```
/// # use samspill_base::calendar::AnnualDay;
/// use jiff::civil::date;
/// let first_of_july = AnnualDay::new(7, 1)?;
/// assert_eq!(first_of_july.on_or_after(date(2024, 7, 1))?, date(2024, 7, 1));
/// assert_eq!(first_of_july.after(date(2024, 7, 1))?, date(2025, 7, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnualDay {
    month: i8,
    day: i8,
}

impl AnnualDay {
    /// The day with these numbers.
    ///
    /// # Errors
    /// [`CalendarError::NoSuchDay`] if not even leap years have it.
    pub fn new(month: i8, day: i8) -> Result<Self, CalendarError> {
        check_month_day("a yearly day", month, day).map(|()| Self { month, day })
    }

    /// The day in this year.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for years the calendar doesn't cover.
    pub fn in_year(self, year: i16) -> Result<Date, OutOfCalendar> {
        let side = if year < super::FIRST_DAY.year() { OutOfCalendar::BEFORE } else { OutOfCalendar::AFTER };
        let first = Date::new(year, self.month, 1).map_err(|_| side)?;
        let date = Date::new(year, self.month, self.day.min(first.days_in_month())).map_err(|_| side)?;
        number_of(date).map(|_| date)
    }

    /// The first such day on `date` or after it.
    pub fn on_or_after(self, date: Date) -> Result<Date, OutOfCalendar> {
        let this_year = self.in_year(date.year())?;
        if this_year >= date { Ok(this_year) } else { self.in_year(date.year() + 1) }
    }

    /// The first such day after `date`; a year later when `date` is the day.
    pub fn after(self, date: Date) -> Result<Date, OutOfCalendar> {
        let this_year = self.in_year(date.year())?;
        if this_year > date { Ok(this_year) } else { self.in_year(date.year() + 1) }
    }

    /// The last such day on `date` or before it.
    pub fn on_or_before(self, date: Date) -> Result<Date, OutOfCalendar> {
        let this_year = self.in_year(date.year())?;
        if this_year <= date { Ok(this_year) } else { self.in_year(date.year() - 1) }
    }
}

/// Month and day, `07-01`.
impl fmt::Display for AnnualDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(month: i8, day: i8, from: Date, expected: [Date; 3]) {
        let annual = AnnualDay::new(month, day).unwrap();
        let found = [annual.on_or_before(from), annual.on_or_after(from), annual.after(from)];
        assert_eq!(found.map(Result::unwrap), expected);
    }

    #[test]
    fn a_yearly_day_is_found_before_on_and_after_itself() {
        check(7, 1, date(2024, 6, 30), [date(2023, 7, 1), date(2024, 7, 1), date(2024, 7, 1)]);
        check(7, 1, date(2024, 7, 1), [date(2024, 7, 1), date(2024, 7, 1), date(2025, 7, 1)]);
        check(7, 1, date(2024, 7, 2), [date(2024, 7, 1), date(2025, 7, 1), date(2025, 7, 1)]);
    }

    #[test]
    fn the_leap_day_is_the_last_of_february_in_common_years() {
        check(2, 29, date(2023, 2, 27), [date(2022, 2, 28), date(2023, 2, 28), date(2023, 2, 28)]);
        check(2, 29, date(2023, 2, 28), [date(2023, 2, 28), date(2023, 2, 28), date(2024, 2, 29)]);
        check(2, 29, date(2024, 2, 28), [date(2023, 2, 28), date(2024, 2, 29), date(2024, 2, 29)]);
    }

    #[test]
    fn days_no_year_has_and_years_no_calendar_has_are_refused() {
        AnnualDay::new(2, 30).unwrap_err();
        AnnualDay::new(13, 1).unwrap_err();
        AnnualDay::new(6, 0).unwrap_err();
        let july = AnnualDay::new(7, 1).unwrap();
        assert_eq!(july.on_or_after(date(2199, 7, 1)).unwrap(), date(2199, 7, 1));
        july.after(date(2199, 7, 1)).unwrap_err();
        july.on_or_before(date(1900, 6, 30)).unwrap_err();
        july.in_year(i16::MAX).unwrap_err();
    }
}
