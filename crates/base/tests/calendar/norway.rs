//! Norwegian holidays as test data, and what the tests share.

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use samspill_base::calendar::{
    DayCalendar, DayPattern, HolidayDay, HolidayRule, Hours, Weekdays, Window, WindowRow,
};

pub(crate) const EASTER: [(&str, i16); 7] = [
    ("skjaertorsdag", -3),
    ("langfredag", -2),
    ("forste-paskedag", 0),
    ("andre-paskedag", 1),
    ("kristi-himmelfartsdag", 39),
    ("forste-pinsedag", 49),
    ("andre-pinsedag", 50),
];

pub(crate) const FIXED: [(&str, i8, i8, Option<i16>); 5] = [
    ("forste-nyttarsdag", 1, 1, None),
    ("forste-mai", 5, 1, Some(1947)),
    ("syttende-mai", 5, 17, Some(1947)),
    ("forste-juledag", 12, 25, None),
    ("andre-juledag", 12, 26, None),
];

pub(crate) fn holidays() -> Vec<HolidayRule> {
    let easter =
        EASTER.map(|(id, offset_days)| HolidayRule::new(id, HolidayDay::Easter { offset_days })).into_iter();
    let fixed = FIXED.into_iter().map(|(id, month, day, from_year)| HolidayRule {
        from_year,
        ..HolidayRule::new(id, HolidayDay::Fixed { month, day })
    });
    easter.chain(fixed).collect()
}

/// Days that have a name and are working days all the same.
pub(crate) fn eves() -> Vec<HolidayRule> {
    vec![
        HolidayRule::new("julaften", HolidayDay::Fixed { month: 12, day: 24 }).name_only(),
        HolidayRule::new("paskeaften", HolidayDay::Easter { offset_days: -1 }).name_only(),
    ]
}

pub(crate) fn monday_to_friday() -> Weekdays {
    Weekdays::range(Weekday::Monday, Weekday::Friday)
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

pub(crate) fn calendar_in(name: &str) -> DayCalendar {
    DayCalendar::new(zone(name), monday_to_friday(), &holidays(), &eves()).unwrap()
}

pub(crate) fn oslo() -> DayCalendar {
    calendar_in("Europe/Oslo")
}

/// A row of open hours, such as `row(DayPattern::EveryDay, "08:00-12:00 13:00-15:00")`.
pub(crate) fn row(days: DayPattern, hours: &str) -> WindowRow {
    WindowRow::new(days, hours.split_whitespace().map(|hours| hours.parse::<Hours>().unwrap()).collect())
}

pub(crate) fn office(calendar: &DayCalendar) -> Window {
    Window::new(
        calendar,
        &[row(DayPattern::WorkingDays, "08:00-15:00"), row(DayPattern::named(["julaften"]), "08:00-12:00")],
    )
    .unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    samspill_base::parse_instant(text, &zone("Europe/Oslo")).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Numbers that look random and are the same in every run (xorshift).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from nought up to `limit`, itself not included.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}
