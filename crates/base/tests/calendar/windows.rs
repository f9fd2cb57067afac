//! Open hours.

use super::norway::{at, calendar_in, day, monday_to_friday, office, oslo, row};
use jiff::{
    SignedDuration,
    civil::{Weekday, date},
    tz::TimeZone,
};
use samspill_base::{
    calendar::{
        Closes, DayCalendar, DayPattern, HolidayDay, HolidayRule, Hours, Weekdays, Window, WindowError,
        WindowRow,
    },
    format_instant,
};

/// From, duration to add (negative: taken), to; all in Oslo.
#[track_caller]
fn check_add(window: &Window, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let open: SignedDuration = words[1].parse().unwrap();
        let found = window.add(at(words[0]), open).unwrap();
        assert_eq!(found, at(words[2]), "{row}: {}", format_instant(found, window.calendar().zone()));
        assert_eq!(window.sub(at(words[0]), -open).unwrap(), found, "{row}");
    }
}

#[test]
fn opening_and_closing_are_both_within() {
    let office = office(&oslo());
    for (instant, open) in [
        ("2024-08-16T07:59:59.999999999", false),
        ("2024-08-16T08:00", true),
        ("2024-08-16T15:00", true),
        ("2024-08-16T15:00:00.000000001", false),
        ("2024-08-17T12:00", false),
        ("2024-12-24T12:00", true),
        ("2024-12-24T12:01", false),
        ("2024-03-28T12:00", false),
    ] {
        assert_eq!(office.is_open(at(instant)).unwrap(), open, "{instant}");
    }
}

#[test]
fn open_hours_run_on_over_closed_ones() {
    check_add(
        &office(&oslo()),
        "
        2024-08-16T08:00  3h    2024-08-16T11:00
        2024-08-16T06:00  3h    2024-08-16T11:00
        2024-08-16T11:59  3h    2024-08-16T14:59
        2024-08-16T12:00  3h    2024-08-16T15:00
        2024-08-16T12:01  3h    2024-08-19T08:01
        2024-08-16T15:00  3h    2024-08-19T11:00
        2024-08-17T10:00  3h    2024-08-19T11:00
        2024-08-16T08:00  7h    2024-08-16T15:00
        2024-08-16T08:00  14h   2024-08-19T15:00
        2024-03-27T14:00  2h    2024-04-02T09:00
        2024-12-24T11:00  2h    2024-12-27T09:00
        2024-12-24T11:00  1h    2024-12-24T12:00
        2024-08-16T15:00  1ns   2024-08-19T08:00:00.000000001
        2024-08-16T06:00  0s    2024-08-16T06:00
        2024-08-16T12:00  0s    2024-08-16T12:00
    ",
    );
}

#[test]
fn open_hours_are_taken_back_over_closed_ones() {
    check_add(
        &office(&oslo()),
        "
        2024-08-16T11:00  -3h   2024-08-16T08:00
        2024-08-16T10:59  -3h   2024-08-15T14:59
        2024-08-19T08:00  -1h   2024-08-16T14:00
        2024-08-18T12:00  -7h   2024-08-16T08:00
        2024-04-02T09:00  -2h   2024-03-27T14:00
        2024-12-27T08:00  -4h   2024-12-24T08:00
        2024-12-27T08:00  -5h   2024-12-23T14:00
    ",
    );
}

/// Instant, the open instant at or after it, at or before it.
#[test]
fn the_nearest_open_instant_can_be_the_instant_itself() {
    let office = office(&oslo());
    for [instant, after, before] in [
        ["2024-08-16T07:59", "2024-08-16T08:00", "2024-08-15T15:00"],
        ["2024-08-16T08:00", "2024-08-16T08:00", "2024-08-16T08:00"],
        ["2024-08-16T15:00", "2024-08-16T15:00", "2024-08-16T15:00"],
        ["2024-08-16T15:01", "2024-08-19T08:00", "2024-08-16T15:00"],
        ["2024-12-24T12:30", "2024-12-27T08:00", "2024-12-24T12:00"],
    ] {
        assert_eq!(office.opening_at_or_after(at(instant)).unwrap(), at(after), "{instant}");
        assert_eq!(office.closing_at_or_before(at(instant)).unwrap(), at(before), "{instant}");
    }
}

/// Day, open day on or before it, on or after it, after it.
#[test]
fn the_nearest_open_day_can_be_the_day_itself() {
    let office = office(&oslo());
    for row in [
        ["2024-03-27", "2024-03-27", "2024-03-27", "2024-04-02"],
        ["2024-03-28", "2024-03-27", "2024-04-02", "2024-04-02"],
        ["2024-04-01", "2024-03-27", "2024-04-02", "2024-04-02"],
        ["2024-04-02", "2024-04-02", "2024-04-02", "2024-04-03"],
    ] {
        let [from, on_or_before, on_or_after, after] = row.map(day);
        assert_eq!(office.opening_day_on_or_before(from).unwrap(), on_or_before);
        assert_eq!(office.opening_day_on_or_after(from).unwrap(), on_or_after);
        assert_eq!(office.next_opening_day(from).unwrap(), after);
        assert_eq!(office.is_open_on(from).unwrap(), from == on_or_before);
    }
}

#[test]
fn a_later_row_replaces_an_earlier_one_on_its_days() {
    let calendar = oslo();
    let weekend = Weekdays::range(Weekday::Saturday, Weekday::Sunday);
    let notices = Window::new(
        &calendar,
        &[
            row(DayPattern::WorkingDays, "08:00-15:00"),
            row(DayPattern::Weekdays(weekend), "10:00-12:00 13:00-14:00"),
            row(DayPattern::Holidays, "09:00-10:00"),
            row(DayPattern::named(["forste-juledag", "paskeaften"]), "08:00-15:00"),
            WindowRow::closed(DayPattern::named(["syttende-mai"])),
        ],
    )
    .unwrap();
    for (date, hours) in [
        ("2024-08-16", "08:00-15:00"),
        ("2024-08-17", "10:00-12:00 13:00-14:00"),
        ("2024-03-29", "09:00-10:00"),
        ("2024-03-30", "08:00-15:00"),
        ("2024-03-31", "09:00-10:00"),
        ("2024-12-25", "08:00-15:00"),
        ("2024-12-26", "09:00-10:00"),
        ("2024-05-17", ""),
        ("2027-05-17", ""),
    ] {
        let found: Vec<String> =
            notices.hours_on(day(date)).unwrap().iter().map(|hours| shown(&calendar, *hours)).collect();
        assert_eq!(found.join(" "), hours, "{date}");
    }
}

fn shown(calendar: &DayCalendar, (opens, closes): (jiff::Timestamp, jiff::Timestamp)) -> String {
    let clock = |instant| calendar.local(instant).time();
    Hours::new(clock(opens), Closes::At(clock(closes))).unwrap().to_string()
}

#[test]
fn a_window_through_midnight_is_open_all_along() {
    let night = Window::new(&oslo(), &[row(DayPattern::EveryDay, "00:00-06:00 22:00-24:00")]).unwrap();
    check_add(
        &night,
        "
        2024-08-16T23:00  1h    2024-08-17T00:00
        2024-08-16T23:00  7h    2024-08-17T06:00
        2024-08-16T23:00  8h    2024-08-17T23:00
        2024-08-17T01:00  -2h   2024-08-16T23:00
    ",
    );
    assert!(night.is_open(at("2024-08-17")).unwrap());
    let evening = Window::new(&oslo(), &[row(DayPattern::WorkingDays, "22:00-24:00")]).unwrap();
    check_add(&evening, "2024-08-16T22:00  2h  2024-08-17T00:00");
    assert!(evening.is_open(at("2024-08-17T00:00")).unwrap());
    assert!(!evening.is_open(at("2024-08-17T00:00:01")).unwrap());
}

#[test]
fn a_window_that_is_always_open_counts_elapsed_time() {
    let always = Window::new(&oslo(), &[WindowRow::new(DayPattern::EveryDay, vec![Hours::ALL_DAY])]).unwrap();
    check_add(
        &always,
        "
        2024-03-30T18:00  24h   2024-03-31T19:00
        2024-10-26T18:00  24h   2024-10-27T17:00
        2024-10-27T17:00  -24h  2024-10-26T18:00
    ",
    );
    for (date, hours) in [("2024-03-31", 23), ("2024-10-27", 25), ("2024-10-28", 24)] {
        let open = always.hours_on(day(date)).unwrap();
        assert_eq!(open, [(at(date), at(date) + SignedDuration::from_hours(hours))]);
    }
}

#[test]
fn an_hour_that_comes_twice_is_open_twice_and_a_skipped_one_never() {
    let night = Window::new(&oslo(), &[row(DayPattern::EveryDay, "01:30-02:30")]).unwrap();
    let open_on = |date| -> SignedDuration {
        night.hours_on(date).unwrap().iter().map(|(opens, closes)| closes.duration_since(*opens)).sum()
    };
    assert_eq!(open_on(date(2024, 3, 31)), SignedDuration::from_mins(30));
    assert_eq!(open_on(date(2024, 10, 27)), SignedDuration::from_mins(90));
    assert_eq!(open_on(date(2024, 10, 28)), SignedDuration::from_mins(60));
    assert!(night.is_open(at("2024-10-27T02:15:00+02:00")).unwrap());
    assert!(!night.is_open(at("2024-10-27T02:45:00+02:00")).unwrap());
    assert!(night.is_open(at("2024-10-27T02:15:00+01:00")).unwrap());
    let skipped = Window::new(&oslo(), &[row(DayPattern::EveryDay, "02:15-02:45")]).unwrap();
    assert!(!skipped.is_open_on(date(2024, 3, 31)).unwrap());
    assert_eq!(skipped.next_opening_day(date(2024, 3, 30)).unwrap(), date(2024, 4, 1));
}

#[test]
fn an_agreement_that_lasts_some_years_has_an_end_to_wait_for() {
    let one_day = HolidayRule::new("apen-dag", HolidayDay::Date(date(2024, 6, 4))).name_only();
    let calendar = DayCalendar::new(TimeZone::UTC, monday_to_friday(), &[one_day], &[]).unwrap();
    let window = Window::new(&calendar, &[row(DayPattern::named(["apen-dag"]), "10:00-11:00")]).unwrap();
    let instant = |text: &str| text.parse().unwrap();
    let hour = SignedDuration::from_hours(1);
    assert_eq!(window.add(instant("2000-01-01T00:00Z"), hour).unwrap(), instant("2024-06-04T11:00Z"));
    assert_eq!(window.sub(instant("2100-01-01T00:00Z"), hour).unwrap(), instant("2024-06-04T10:00Z"));
    window.add(instant("2024-06-04T10:00:01Z"), hour).unwrap_err();
    window.sub(instant("2024-06-04T10:59:59Z"), hour).unwrap_err();
    assert_eq!(
        window.opening_at_or_after(instant("2000-01-01T00:00Z")).unwrap(),
        instant("2024-06-04T10:00Z")
    );
    assert_eq!(
        window.opening_at_or_after(instant("2024-06-04T11:00Z")).unwrap(),
        instant("2024-06-04T11:00Z")
    );
    window.opening_at_or_after(instant("2024-06-04T11:00:01Z")).unwrap_err();
    window.closing_at_or_before(instant("2024-06-04T09:59:59Z")).unwrap_err();
    window.next_opening_day(date(2024, 6, 4)).unwrap_err();
    window.opening_day_on_or_before(date(2024, 6, 3)).unwrap_err();
    assert_eq!(window.opening_day_on_or_after(date(1900, 1, 1)).unwrap(), date(2024, 6, 4));
}

#[test]
fn rows_that_make_no_window_are_refused_with_the_way_out() {
    let calendar = oslo();
    let refused = |rows: &[WindowRow]| Window::new(&calendar, rows).unwrap_err();
    assert_eq!(refused(&[]), WindowError::NeverOpen);
    let opened_and_closed =
        [row(DayPattern::WorkingDays, "08:00-15:00"), WindowRow::closed(DayPattern::EveryDay)];
    assert_eq!(refused(&opened_and_closed), WindowError::NeverOpen);
    assert_eq!(refused(&[row(DayPattern::Weekdays(Weekdays::NONE), "08:00-15:00")]), WindowError::NeverOpen);
    assert!(
        refused(&[row(DayPattern::named(["juleaften"]), "08:00-12:00")])
            .to_string()
            .starts_with("no holiday is called \"juleaften\": the calendar knows andre-juledag, ")
    );
    assert_eq!(
        refused(&[row(DayPattern::EveryDay, "12:00-15:00 08:00-12:01")]).to_string(),
        "the hours 08:00-12:01 and 12:00-15:00 of one row overlap: write them as one"
    );
    let touching = Window::new(&calendar, &[row(DayPattern::EveryDay, "12:00-15:00 08:00-12:00")]).unwrap();
    check_add(&touching, "2024-08-16T11:00 2h 2024-08-16T13:00");
}

#[test]
fn instants_outside_the_years_are_refused() {
    let office = office(&calendar_in("UTC"));
    let last_closing = "2199-12-31T15:00:00Z".parse().unwrap();
    let hour = SignedDuration::from_hours(1);
    assert!(office.is_open(last_closing).unwrap());
    assert_eq!(office.sub(last_closing, hour).unwrap(), "2199-12-31T14:00:00Z".parse().unwrap());
    office.add(last_closing, hour).unwrap_err();
    office.add(last_closing, SignedDuration::MAX).unwrap_err();
    office.add(last_closing, SignedDuration::MIN).unwrap_err();
    office.sub("1900-01-02T08:30:00Z".parse().unwrap(), hour).unwrap_err();
    office.is_open("2200-01-01T00:00:00Z".parse().unwrap()).unwrap_err();
    office.is_open("1899-12-31T23:59:59Z".parse().unwrap()).unwrap_err();
}
