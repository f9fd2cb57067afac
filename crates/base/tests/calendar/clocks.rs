//! Days and times of day where clocks change.

use super::norway::{at, calendar_in, oslo};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, date, time},
};
use samspill_base::calendar::{FIRST_DAY, LAST_DAY};

#[track_caller]
fn check(found: Timestamp, expected: &str) {
    assert_eq!(found, expected.parse().unwrap());
}

#[test]
fn a_time_that_clocks_skip_is_moved_forward() {
    let (calendar, night) = (oslo(), date(2024, 3, 31));
    for latest in [false, true] {
        let at_clock = |hour, minute| {
            let time = time(hour, minute, 0, 0);
            if latest { calendar.at_clock_latest(night, time) } else { calendar.at_clock(night, time) }
                .unwrap()
        };
        check(at_clock(1, 59), "2024-03-31T01:59:00+01:00");
        check(at_clock(2, 0), "2024-03-31T03:00:00+02:00");
        check(at_clock(2, 30), "2024-03-31T03:30:00+02:00");
        check(at_clock(3, 0), "2024-03-31T03:00:00+02:00");
    }
}

#[test]
fn of_a_time_that_comes_twice_a_deadline_takes_the_second() {
    let (calendar, night) = (oslo(), date(2024, 10, 27));
    for (clock, first, second) in [
        (time(1, 59, 0, 0), "2024-10-27T01:59:00+02:00", "2024-10-27T01:59:00+02:00"),
        (time(2, 0, 0, 0), "2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"),
        (time(2, 30, 0, 0), "2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"),
        (time(3, 0, 0, 0), "2024-10-27T03:00:00+01:00", "2024-10-27T03:00:00+01:00"),
    ] {
        check(calendar.at_clock(night, clock).unwrap(), first);
        check(calendar.at_clock_latest(night, clock).unwrap(), second);
    }
    check(calendar.same_clock(at("2024-10-20T02:30"), night).unwrap(), "2024-10-27T02:30:00+01:00");
}

#[test]
fn elapsed_hours_pass_over_clock_changes() {
    let calendar = oslo();
    let day = SignedDuration::from_hours(24);
    check(calendar.add_elapsed(at("2024-10-26T18:00"), day).unwrap(), "2024-10-27T17:00:00+01:00");
    check(calendar.add_elapsed(at("2024-03-30T18:00"), day).unwrap(), "2024-03-31T19:00:00+02:00");
    check(calendar.add_elapsed(at("2024-03-31T19:00"), -day).unwrap(), "2024-03-30T18:00:00+01:00");
    calendar.add_elapsed(at("2199-12-31T12:00"), day).unwrap_err();
    calendar.add_elapsed(at("1900-01-01T12:00"), -day).unwrap_err();
    calendar.add_elapsed(at("2024-01-01"), SignedDuration::MAX).unwrap_err();
}

#[test]
fn a_day_ends_a_nanosecond_before_the_next() {
    let calendar = oslo();
    for (day, start, end) in [
        (date(2024, 3, 31), "2024-03-31T00:00:00+01:00", "2024-03-31T23:59:59.999999999+02:00"),
        (date(2024, 10, 27), "2024-10-27T00:00:00+02:00", "2024-10-27T23:59:59.999999999+01:00"),
        (FIRST_DAY, "1900-01-01T00:00:00+01:00", "1900-01-01T23:59:59.999999999+01:00"),
        (LAST_DAY, "2199-12-31T00:00:00+01:00", "2199-12-31T23:59:59.999999999+01:00"),
    ] {
        check(calendar.start_of_day(day).unwrap(), start);
        check(calendar.end_of_day(day).unwrap(), end);
        assert_eq!(calendar.date_of(start.parse().unwrap()).unwrap(), day);
        assert_eq!(calendar.date_of(end.parse().unwrap()).unwrap(), day);
    }
    let nanosecond = SignedDuration::from_nanos(1);
    let beyond = [
        calendar.start_of_day(FIRST_DAY).unwrap() - nanosecond,
        calendar.end_of_day(LAST_DAY).unwrap() + nanosecond,
        Timestamp::MIN,
        Timestamp::MAX,
    ];
    for instant in beyond {
        calendar.date_of(instant).unwrap_err();
    }
}

#[test]
fn midnight_that_clocks_skip_or_repeat_begins_the_day_once() {
    let sao_paulo = calendar_in("America/Sao_Paulo");
    check(sao_paulo.start_of_day(date(2018, 11, 4)).unwrap(), "2018-11-04T01:00:00-02:00");
    check(sao_paulo.start_of_day(date(2018, 2, 18)).unwrap(), "2018-02-18T00:00:00-03:00");
    let havana = calendar_in("America/Havana");
    check(havana.start_of_day(date(2024, 11, 3)).unwrap(), "2024-11-03T00:00:00-04:00");
    let toronto = calendar_in("America/Toronto");
    check(toronto.start_of_day(date(1919, 3, 31)).unwrap(), "1919-03-31T00:30:00-04:00");
}

#[test]
fn the_repeated_end_of_an_evening_belongs_to_the_new_day() {
    let st_johns = calendar_in("America/St_Johns");
    let before_change = "2010-11-07T00:00:30-02:30".parse().unwrap();
    let after_change = "2010-11-06T23:30:00-03:30".parse().unwrap();
    assert_eq!(st_johns.date_of(before_change).unwrap(), date(2010, 11, 7));
    assert_eq!(st_johns.date_of(after_change).unwrap(), date(2010, 11, 7));
}

#[test]
fn a_day_that_a_land_left_out_has_no_length() {
    let apia = calendar_in("Pacific/Apia");
    let left_out = date(2011, 12, 30);
    assert_eq!(apia.start_of_day(left_out), apia.start_of_day(date(2011, 12, 31)));
    let midnight = apia.start_of_day(left_out).unwrap();
    assert_eq!(apia.date_of(midnight).unwrap(), date(2011, 12, 31));
    assert_eq!(apia.date_of(midnight - SignedDuration::from_nanos(1)).unwrap(), date(2011, 12, 29));
}

#[test]
fn days_begin_and_instants_fall_where_the_zone_says_in_three_centuries() {
    for zone in ["Europe/Oslo", "Europe/London", "Australia/Lord_Howe", "UTC"] {
        let calendar = calendar_in(zone);
        let mut day = FIRST_DAY;
        while day < LAST_DAY {
            let start = day.to_zoned(calendar.zone().clone()).unwrap().timestamp();
            assert_eq!(calendar.start_of_day(day).unwrap(), start, "{zone} {day}");
            for instant in [start, start + SignedDuration::from_mins(22 * 60 + 59)] {
                assert_eq!(calendar.date_of(instant).unwrap(), shown(&calendar, instant), "{zone} {instant}");
            }
            let just_before = start - SignedDuration::from_nanos(1);
            if day > FIRST_DAY {
                assert_eq!(calendar.date_of(just_before).unwrap(), shown(&calendar, just_before), "{zone}");
            }
            day = day.tomorrow().unwrap();
        }
    }
}

fn shown(calendar: &samspill_base::calendar::DayCalendar, instant: Timestamp) -> Date {
    calendar.local(instant).date()
}
