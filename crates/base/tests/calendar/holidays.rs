//! Which days are holidays, under which names.

use super::norway::{calendar_in, day, eves, holidays, monday_to_friday, oslo};
use jiff::{
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use samspill_base::calendar::{
    CalendarError, Closure, DayCalendar, FIRST_DAY, HolidayDay, HolidayRule, InLieu, LAST_DAY, Weekdays,
};

/// Date, working or free, holiday or not, ids.
#[track_caller]
fn check(calendar: &DayCalendar, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let date = day(words[0]);
        assert_eq!(calendar.is_working(date).unwrap(), words[1] == "working", "{row}");
        assert_eq!(calendar.is_holiday(date).unwrap(), words[2] == "holiday", "{row}");
        assert_eq!(calendar.ids_on(date).unwrap(), words[3..], "{row}");
    }
}

fn with_rules(rules: &[HolidayRule]) -> DayCalendar {
    DayCalendar::new(TimeZone::UTC, monday_to_friday(), rules, &[]).unwrap()
}

#[test]
fn the_days_round_easter_and_christmas_have_their_names() {
    check(
        &oslo(),
        "
        2024-03-27 working -
        2024-03-28 free holiday skjaertorsdag
        2024-03-29 free holiday langfredag
        2024-03-30 free - paskeaften
        2024-03-31 free holiday forste-paskedag
        2024-04-01 free holiday andre-paskedag
        2024-04-02 working -
        2024-05-01 free holiday forste-mai
        2024-05-09 free holiday kristi-himmelfartsdag
        2024-05-10 working -
        2024-05-17 free holiday syttende-mai
        2024-05-18 free -
        2024-12-24 working - julaften
        2024-12-25 free holiday forste-juledag
        2024-12-26 free holiday andre-juledag
        2024-12-27 working -
        2025-01-01 free holiday forste-nyttarsdag
    ",
    );
}

#[test]
fn a_day_that_is_two_holidays_has_both_names() {
    check(
        &oslo(),
        "
        2027-05-16 free holiday forste-pinsedag
        2027-05-17 free holiday andre-pinsedag syttende-mai
        2008-05-01 free holiday forste-mai kristi-himmelfartsdag
    ",
    );
}

#[test]
fn a_rule_holds_from_its_first_year_through_its_last() {
    check(
        &oslo(),
        "
        1946-05-17 working -
        1947-05-17 free holiday syttende-mai
    ",
    );
    let some_years = HolidayRule::new("x", HolidayDay::Fixed { month: 6, day: 5 });
    check(
        &with_rules(&[some_years.from_year(2001).until_year(2002)]),
        "
        2000-06-05 working -
        2001-06-05 free holiday x
        2002-06-05 free holiday x
        2003-06-05 working -
    ",
    );
}

#[test]
fn a_weekday_of_a_month_is_counted_from_either_end() {
    let monday = Weekday::Monday;
    let calendar = with_rules(&[
        HolidayRule::new("first", HolidayDay::Nth { nth: 1, weekday: monday, month: 5 }),
        HolidayRule::new("fifth", HolidayDay::Nth { nth: 5, weekday: monday, month: 5 }),
        HolidayRule::new("last", HolidayDay::Nth { nth: -1, weekday: monday, month: 5 }),
    ]);
    check(
        &calendar,
        "
        2024-05-06 free holiday first
        2024-05-27 free holiday last
        2023-05-01 free holiday first
        2023-05-29 free holiday fifth last
    ",
    );
}

#[test]
fn a_weekday_on_or_after_a_date_can_be_the_date() {
    let midsummer = HolidayDay::OnOrAfter { weekday: Weekday::Saturday, month: 6, day: 20 };
    let calendar =
        DayCalendar::new(TimeZone::UTC, Weekdays::ALL, &[HolidayRule::new("midsommar", midsummer)], &[]);
    check(
        &calendar.unwrap(),
        "
        2020-06-19 working -
        2020-06-20 free holiday midsommar
        2021-06-20 working -
        2021-06-26 free holiday midsommar
        2024-06-22 free holiday midsommar
    ",
    );
}

#[test]
fn the_leap_day_is_a_holiday_only_when_there_is_one() {
    let calendar = with_rules(&[HolidayRule::new("leap", HolidayDay::Fixed { month: 2, day: 29 })]);
    check(
        &calendar,
        "
        2023-02-28 working -
        2023-03-01 working -
        2024-02-29 free holiday leap
        2100-02-28 free -
        2100-03-01 working -
    ",
    );
}

#[test]
fn days_lost_to_a_weekend_are_given_back_in_order() {
    let substituted = |id: &str, month, day| {
        HolidayRule::new(id, HolidayDay::Fixed { month, day }).in_lieu(InLieu::NextFreeDay)
    };
    let calendar = with_rules(&[
        substituted("boxing", 12, 26),
        substituted("christmas", 12, 25),
        substituted("new", 1, 1),
    ]);
    check(
        &calendar,
        "
        2020-12-25 free holiday christmas
        2020-12-26 free holiday boxing
        2020-12-28 free holiday boxing
        2020-12-29 working -
        2021-12-24 working -
        2021-12-25 free holiday christmas
        2021-12-26 free holiday boxing
        2021-12-27 free holiday christmas
        2021-12-28 free holiday boxing
        2021-12-29 working -
        2022-01-01 free holiday new
        2022-01-03 free holiday new
        2022-01-04 working -
        2022-12-25 free holiday christmas
        2022-12-26 free holiday boxing
        2022-12-27 free holiday christmas
        2022-12-28 working -
        2024-12-27 working -
    ",
    );
}

#[test]
fn an_agreement_adds_days_of_its_own() {
    let planning = HolidayRule::new("planleggingsdag", HolidayDay::Date(date(2024, 8, 15)));
    let calendar =
        DayCalendar::new(TimeZone::UTC, monday_to_friday(), &holidays(), std::slice::from_ref(&planning));
    check(
        &calendar.unwrap(),
        "
        2023-08-15 working -
        2024-08-15 free holiday planleggingsdag
        2025-08-15 working -
    ",
    );
}

#[test]
fn a_day_with_one_id_twice_is_closed_if_either_rule_closes_it() {
    let fixed = || HolidayRule::new("x", HolidayDay::Fixed { month: 6, day: 4 });
    for rules in [[fixed(), fixed().name_only()], [fixed().name_only(), fixed()]] {
        check(&with_rules(&rules), "2024-06-04 free holiday x");
    }
    check(&with_rules(&[fixed().name_only()]), "2024-06-04 working - x");
}

#[test]
fn named_days_come_in_order_with_what_they_close() {
    let calendar = oslo();
    let christmas: Vec<_> = calendar
        .named_days(date(2024, 12, 1), date(2025, 1, 1))
        .unwrap()
        .map(|named| (named.date.day(), named.id, named.closed))
        .collect();
    assert_eq!(
        christmas,
        [
            (24, "julaften", Closure::Never),
            (25, "forste-juledag", Closure::Day),
            (26, "andre-juledag", Closure::Day),
            (1, "forste-nyttarsdag", Closure::Day),
        ]
    );
    let wrong_way = calendar.named_days(date(2025, 1, 1), date(2024, 1, 1)).unwrap();
    assert_eq!(wrong_way.count(), 0);
    assert_eq!(calendar.holiday_ids().len(), holidays().len() + eves().len());
}

/// Gauss' way to Easter, with his constants for 1900–2199, beside the one that the calendar uses.
fn easter_by_gauss(year: i16) -> Date {
    let y = i32::from(year);
    let (moon, sun) = if y < 2100 { (24, 5) } else { (24, 6) };
    let full_moon = (19 * (y % 19) + moon) % 30;
    let to_sunday = (2 * (y % 4) + 4 * (y % 7) + 6 * full_moon + sun) % 7;
    let march = match 22 + full_moon + to_sunday {
        57 => 50,
        56 if full_moon == 28 && to_sunday == 6 && y % 19 > 10 => 49,
        march => march,
    };
    date(year, 3, 1).checked_add(jiff::Span::new().days(march - 1)).unwrap()
}

#[test]
fn every_day_of_three_centuries_is_named_as_a_walk_through_the_years_finds() {
    let calendar = oslo();
    let mut today = FIRST_DAY;
    loop {
        let since_easter = easter_by_gauss(today.year()).until(today).unwrap().get_days();
        let by_easter = super::norway::EASTER.iter().filter(|(_, days)| i32::from(*days) == since_easter);
        let by_date = super::norway::FIXED.iter().filter(|(_, month, day, from)| {
            (*month, *day) == (today.month(), today.day()) && from.is_none_or(|from| from <= today.year())
        });
        let mut ids: Vec<&str> = by_easter.map(|rule| rule.0).chain(by_date.map(|rule| rule.0)).collect();
        ids.sort_unstable();
        assert_eq!(calendar.is_holiday(today).unwrap(), !ids.is_empty(), "{today}");
        let weekend = matches!(today.weekday(), Weekday::Saturday | Weekday::Sunday);
        assert_eq!(calendar.is_working(today).unwrap(), ids.is_empty() && !weekend, "{today}");
        let named = calendar.ids_on(today).unwrap();
        assert!(named.iter().filter(|id| !id.ends_with("aften")).eq(ids.iter()), "{today} {named:?}");
        if today == LAST_DAY {
            break;
        }
        today = today.tomorrow().unwrap();
    }
}

#[test]
fn rules_that_cannot_be_meant_are_refused_with_the_way_out() {
    let refusal = |rule: HolidayRule| {
        DayCalendar::new(TimeZone::UTC, monday_to_friday(), &[], &[rule]).unwrap_err().to_string()
    };
    let fixed = HolidayDay::Fixed { month: 6, day: 31 };
    assert_eq!(
        refusal(HolidayRule::new("x", fixed)),
        "holiday \"x\" is set to month 6, day 31, which no year has"
    );
    let nth = |nth| HolidayDay::Nth { nth, weekday: Weekday::Monday, month: 6 };
    for wrong in [-6, 0, 6] {
        assert!(refusal(HolidayRule::new("x", nth(wrong))).contains("write 1 to 5"));
    }
    assert!(refusal(HolidayRule::new("", nth(1))).contains("no id"));
    assert!(
        refusal(HolidayRule::new("x", nth(1)).from_year(2001).until_year(2000)).contains("2001 until 2000")
    );
    let outside = refusal(HolidayRule::new("x", HolidayDay::Date(date(2200, 1, 1))));
    assert_eq!(
        outside,
        "holiday \"x\": 2200-01-01 is outside the calendar, which covers the years 1900 to 2199"
    );
    assert_eq!(
        DayCalendar::new(TimeZone::UTC, Weekdays::NONE, &[], &[]).unwrap_err(),
        CalendarError::NoWorkingWeekday
    );
}

#[test]
fn a_calendar_of_another_zone_has_the_same_days() {
    let (here, there) = (oslo(), calendar_in("Pacific/Auckland"));
    for year in [1900, 2024, 2199] {
        let days = |calendar: &DayCalendar| {
            let named = calendar.named_days(date(year, 1, 1), date(year, 12, 31)).unwrap();
            named.map(|named| (named.date, named.id.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(days(&here), days(&there));
    }
}
