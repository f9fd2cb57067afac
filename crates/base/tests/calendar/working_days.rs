//! Counting working days.

use super::norway::{Numbers, day, monday_to_friday, oslo};
use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use samspill_base::calendar::{DayCalendar, FIRST_DAY, HolidayDay, HolidayRule, LAST_DAY};

/// From, working days to add, to.
#[test]
fn working_days_are_added_forward_and_backward() {
    let calendar = oslo();
    for (from, days, to) in [
        ("2024-03-27", 0, "2024-03-27"),
        ("2024-03-27", 1, "2024-04-02"),
        ("2024-03-27", 2, "2024-04-03"),
        ("2024-03-28", 0, "2024-03-28"),
        ("2024-03-28", 1, "2024-04-02"),
        ("2024-03-31", 1, "2024-04-02"),
        ("2024-04-02", -1, "2024-03-27"),
        ("2024-04-01", -1, "2024-03-27"),
        ("2024-04-02", -2, "2024-03-26"),
        ("2024-12-23", 1, "2024-12-24"),
        ("2024-12-24", 1, "2024-12-27"),
        ("2024-08-16", 5, "2024-08-23"),
        ("2024-08-17", 5, "2024-08-23"),
        ("2024-08-18", -5, "2024-08-12"),
    ] {
        assert_eq!(calendar.add_working_days(day(from), days).unwrap(), day(to), "{from} {days}");
    }
}

/// Day, the working day on or before it, on or after it, before it, after it.
#[test]
fn the_nearest_working_day_can_be_the_day_itself() {
    let calendar = oslo();
    for row in [
        ["2024-03-27", "2024-03-27", "2024-03-27", "2024-03-26", "2024-04-02"],
        ["2024-03-28", "2024-03-27", "2024-04-02", "2024-03-27", "2024-04-02"],
        ["2024-04-01", "2024-03-27", "2024-04-02", "2024-03-27", "2024-04-02"],
        ["2024-04-02", "2024-04-02", "2024-04-02", "2024-03-27", "2024-04-03"],
    ] {
        let [from, on_or_before, on_or_after, before, after] = row.map(day);
        assert_eq!(calendar.working_on_or_before(from).unwrap(), on_or_before);
        assert_eq!(calendar.working_on_or_after(from).unwrap(), on_or_after);
        assert_eq!(calendar.last_working_before(from).unwrap(), before);
        assert_eq!(calendar.next_working_after(from).unwrap(), after);
    }
}

/// From, to, working days between.
#[test]
fn working_days_between_leave_out_the_first_and_take_in_the_last() {
    let calendar = oslo();
    for (from, to, days) in [
        ("2024-03-27", "2024-03-27", 0),
        ("2024-03-27", "2024-04-01", 0),
        ("2024-03-27", "2024-04-02", 1),
        ("2024-03-28", "2024-04-02", 1),
        ("2024-04-02", "2024-03-27", -1),
        ("2024-04-02", "2024-03-28", 0),
        ("2024-04-01", "2024-03-27", -1),
        ("2024-08-16", "2024-08-17", 0),
    ] {
        assert_eq!(calendar.working_days_between(day(from), day(to)).unwrap(), days, "{from} {to}");
    }
}

#[test]
fn months_begin_and_end_on_working_days() {
    let calendar = oslo();
    for (from, first_of_next, last) in [
        ("2024-03-01", "2024-04-02", "2024-03-27"),
        ("2024-03-31", "2024-04-02", "2024-03-27"),
        ("2024-04-30", "2024-05-02", "2024-04-30"),
        ("2024-12-31", "2025-01-02", "2024-12-31"),
        ("2024-08-31", "2024-09-02", "2024-08-30"),
    ] {
        assert_eq!(calendar.first_working_day_of_next_month(day(from)).unwrap(), day(first_of_next));
        assert_eq!(calendar.last_working_day_of_month(day(from)).unwrap(), day(last));
    }
}

#[test]
fn the_tables_agree_with_a_walk_from_day_to_day() {
    let calendar = oslo();
    let mut numbers = Numbers::from_seed(0x1900_2199);
    for _ in 0..3_000 {
        let from = date(1905, 1, 1)
            .checked_add(jiff::Span::new().days(i64::try_from(numbers.below(104_000)).unwrap()))
            .unwrap();
        let days = i32::try_from(numbers.below(81)).unwrap() - 40;
        let to = walk(&calendar, from, days);
        assert_eq!(calendar.add_working_days(from, days).unwrap(), to, "{from} {days}");
        if calendar.is_working(to).unwrap() && (days > 0 || calendar.is_working(from).unwrap()) {
            assert_eq!(calendar.working_days_between(from, to).unwrap(), days, "{from} {to}");
        }
    }
}

fn walk(calendar: &DayCalendar, from: Date, days: i32) -> Date {
    let mut here = from;
    let mut left = days;
    while left != 0 {
        here = if days > 0 { here.tomorrow() } else { here.yesterday() }.unwrap();
        if calendar.is_working(here).unwrap() {
            left -= days.signum();
        }
    }
    here
}

#[test]
fn what_lies_outside_the_years_is_refused_and_says_which_there_are() {
    let calendar = oslo();
    assert_eq!(calendar.add_working_days(date(2199, 12, 30), 1).unwrap(), LAST_DAY);
    assert_eq!(
        calendar.next_working_after(LAST_DAY).unwrap_err().to_string(),
        "the answer lies after the calendar ends, which covers the years 1900 to 2199"
    );
    assert_eq!(calendar.working_on_or_after(FIRST_DAY).unwrap(), date(1900, 1, 2));
    assert_eq!(
        calendar.working_on_or_before(FIRST_DAY).unwrap_err().to_string(),
        "the answer lies before the calendar begins, which covers the years 1900 to 2199"
    );
    assert_eq!(
        calendar.is_working(date(1899, 12, 31)).unwrap_err().to_string(),
        "1899-12-31 is outside the calendar, which covers the years 1900 to 2199"
    );
    calendar.add_working_days(date(2024, 1, 2), i32::MAX).unwrap_err();
    calendar.add_working_days(date(2024, 1, 2), i32::MIN).unwrap_err();
    calendar.first_working_day_of_next_month(LAST_DAY).unwrap_err();
    calendar.working_days_between(LAST_DAY, date(2200, 1, 1)).unwrap_err();
    assert!(calendar.working_days_between(FIRST_DAY, LAST_DAY).unwrap() > 0);
}

#[test]
fn a_calendar_with_all_days_closed_answers_with_an_error_and_not_with_a_wait() {
    let closed: Vec<HolidayRule> = (1..=12)
        .flat_map(|month| (1..=31).map(move |day| (month, day)))
        .filter(|(month, day)| Date::new(2000, *month, *day).is_ok())
        .map(|(month, day)| HolidayRule::new("closed", HolidayDay::Fixed { month, day }))
        .collect();
    let calendar = DayCalendar::new(TimeZone::UTC, monday_to_friday(), &closed, &[]).unwrap();
    calendar.next_working_after(date(2024, 1, 1)).unwrap_err();
    calendar.working_on_or_before(date(2024, 1, 1)).unwrap_err();
}
