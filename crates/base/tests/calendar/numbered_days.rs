//! Days as numbers, against the zone's own rules and a walk from day to day.

use super::norway::{Numbers, calendar_in, oslo, zone};
use jiff::{
    Timestamp,
    civil::{Time, time},
};
use samspill_base::calendar::{DayCalendar, DayNumber, FIRST_DAY, LAST_DAY, add_calendar_days};

const ZONES: [&str; 9] = [
    "Europe/Oslo",
    "UTC",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "America/Toronto",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
];

fn all_days() -> impl Iterator<Item = DayNumber> {
    (0..).map_while(DayNumber::new)
}

fn nanos(instant: Timestamp) -> i64 {
    i64::try_from(instant.as_nanosecond()).unwrap()
}

#[test]
fn days_follow_each_other_without_a_gap_and_know_their_nanoseconds() {
    for zone_name in ZONES {
        let calendar = calendar_in(zone_name);
        for day in all_days() {
            let (start, end) = (calendar.start_of_day_nanos(day), calendar.end_of_day_nanos(day));
            if start <= end {
                assert_eq!(calendar.day_of_nanos(start), Ok(day), "{zone_name} {day}");
                assert_eq!(calendar.day_of_nanos(end), Ok(day), "{zone_name} {day}");
            }
            if let Ok(next) = day.add_days(1) {
                assert_eq!(calendar.start_of_day_nanos(next), end + 1, "{zone_name} {day}");
            }
        }
        let (first, last) =
            (calendar.start_of_day_nanos(DayNumber::FIRST), calendar.end_of_day_nanos(DayNumber::LAST));
        for outside in [first - 1, last + 1, i64::MIN, i64::MAX] {
            let refused = calendar.day_of_nanos(outside).unwrap_err();
            let instant = Timestamp::from_nanosecond(outside.into()).unwrap();
            assert_eq!(calendar.date_of(instant), Err(refused));
            assert!(
                refused.to_string().ends_with("is outside the calendar, which covers the years 1900 to 2199")
            );
        }
    }
}

const CLOCKS: [Time; 10] = [
    time(0, 0, 0, 0),
    time(0, 0, 30, 0),
    time(0, 30, 0, 0),
    time(1, 59, 59, 999_999_999),
    time(2, 0, 0, 0),
    time(2, 30, 0, 0),
    time(3, 0, 0, 0),
    time(12, 0, 0, 1),
    time(23, 30, 0, 0),
    time(23, 59, 59, 999_999_999),
];

/// The days of three years round the strangest clock changes, and some of all others.
#[test]
fn clocks_show_a_time_when_the_zone_says() {
    for zone_name in ZONES {
        let calendar = calendar_in(zone_name);
        for day in all_days() {
            let year = day.date().year();
            let strange = matches!(year, 1919 | 1969 | 1993 | 2010 | 2011 | 2018 | 2024);
            if strange || day.number() % 97 == 0 {
                for clock in CLOCKS {
                    check_clock(&calendar, day, clock);
                }
            }
        }
    }
}

#[track_caller]
fn check_clock(calendar: &DayCalendar, day: DayNumber, clock: Time) {
    let ambiguous = || calendar.zone().to_ambiguous_timestamp(day.date().to_datetime(clock));
    let (first, latest) = (ambiguous().compatible().unwrap(), ambiguous().later().unwrap());
    assert_eq!(calendar.nanos_at_clock(day, clock), Ok(nanos(first)), "{calendar:?} {day} {clock}");
    assert_eq!(calendar.nanos_at_clock_latest(day, clock), Ok(nanos(latest)), "{calendar:?} {day} {clock}");
    assert_eq!(calendar.at_clock(day.date(), clock), Ok(first));
    assert_eq!(calendar.at_clock_latest(day.date(), clock), Ok(latest));
}

#[test]
fn the_same_clock_on_another_day_is_what_the_zone_says() {
    let mut numbers = Numbers::from_seed(7);
    let mut below = |limit: u32| u32::try_from(numbers.below(limit as usize)).unwrap();
    for zone_name in ZONES {
        let (calendar, rules) = (calendar_in(zone_name), zone(zone_name));
        let first_of_2010 = DayNumber::of(jiff::civil::date(2010, 1, 1)).unwrap().number();
        for round in 0..3_000 {
            let second = 1_262_304_000 + i64::from(below(15 * 365 * 86_400 / 60)) * 60;
            let at = Timestamp::from_second(second).unwrap();
            // Half of the time a day near it: nights of clock changes meet more often.
            let near = calendar.date_of(at).unwrap();
            let day = match round % 2 {
                0 => DayNumber::new(first_of_2010 + below(5_000)).unwrap(),
                _ => DayNumber::of(near).unwrap().add_days(i32::try_from(below(5)).unwrap() - 2).unwrap(),
            };
            let shown = rules.to_datetime(at).time();
            let expected = rules.to_ambiguous_timestamp(day.date().to_datetime(shown)).later().unwrap();
            assert_eq!(
                calendar.same_clock_nanos(nanos(at), day),
                Ok(nanos(expected)),
                "{zone_name} {at} {day}"
            );
            assert_eq!(calendar.same_clock(at, day.date()), Ok(expected));
        }
    }
    let far_away = Timestamp::from_second(-8_000_000_000).unwrap();
    let calendar = calendar_in("UTC");
    let noon = calendar.same_clock_nanos(nanos(far_away), DayNumber::FIRST).unwrap();
    assert_eq!(calendar.day_of_nanos(noon), Ok(DayNumber::FIRST));
}

#[test]
fn working_days_by_number_are_those_of_a_walk() {
    let calendar = oslo();
    let working: Vec<DayNumber> = all_days().filter(|day| calendar.is_working(day.date()).unwrap()).collect();
    for (count, day) in all_days().enumerate().filter(|(count, _)| count % 7 < 3) {
        let before = working.partition_point(|working| *working < day);
        let through = working.partition_point(|working| *working <= day);
        let at = |place: Option<usize>| place.and_then(|place| working.get(place)).copied();
        assert_eq!(calendar.is_working_day(day), before < through);
        assert_eq!(calendar.working_day_on_or_after(day).ok(), at(Some(before)));
        assert_eq!(calendar.working_day_on_or_before(day).ok(), at(through.checked_sub(1)));
        let days = 1 + count % 400;
        let signed = i32::try_from(days).unwrap();
        assert_eq!(calendar.add_working_days_to(day, 0), Ok(day));
        assert_eq!(calendar.add_working_days_to(day, signed).ok(), at(Some(through + days - 1)));
        assert_eq!(calendar.add_working_days_to(day, -signed).ok(), at(before.checked_sub(days)));
        if let Ok(later) = day.add_days(signed) {
            let after = working.iter().skip(through).take_while(|working| **working <= later).count();
            let from = working.iter().skip(before).take_while(|working| **working < later).count();
            assert_eq!(calendar.working_days_from(day, later), i32::try_from(after).unwrap());
            assert_eq!(calendar.working_days_from(later, day), -i32::try_from(from).unwrap());
        }
    }
    for extreme in [i32::MIN, i32::MAX] {
        calendar.add_working_days_to(DayNumber::FIRST, extreme).unwrap_err();
        calendar.add_working_days_to(DayNumber::LAST, extreme).unwrap_err();
    }
}

#[test]
fn calendar_days_by_number_are_those_by_date() {
    for (day, days) in
        [(FIRST_DAY, 0), (FIRST_DAY, 109_572), (LAST_DAY, -109_572), (FIRST_DAY, -1), (LAST_DAY, 1)]
    {
        let by_number = DayNumber::of(day).unwrap().add_days(days).map(DayNumber::date).ok();
        assert_eq!(by_number, add_calendar_days(day, days).ok(), "{day} {days}");
    }
}
