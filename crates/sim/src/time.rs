//! Days and hours of people at work, in Norwegian time.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use samspill_formats::messages::norway;

/// Norwegian time.
#[derive(Clone, Debug)]
pub(crate) struct Wall(TimeZone);

impl Wall {
    pub(crate) fn new() -> Self {
        Self(norway())
    }

    /// The instant of a time on a day. Where clocks skip it, the one after; where it comes twice, the first.
    pub(crate) fn at(&self, day: Date, time: Time) -> Timestamp {
        self.0.to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn day(&self, at: Timestamp) -> Date {
        self.0.to_datetime(at).date()
    }

    /// So many days later, at a time of day.
    pub(crate) fn days_on(&self, from: Timestamp, days: u32, time: Time) -> Timestamp {
        self.at(later(self.day(from), days), time)
    }

    /// The first instant, from this one on, at which people in an office work: Monday to Friday from 8 to 15. Holidays are no
    /// different here: whoever is away then answers late, or somebody sits in.
    pub(crate) fn in_office(&self, at: Timestamp) -> Timestamp {
        let now = self.0.to_datetime(at);
        let opens = Time::constant(8, 0, 0, 0);
        let closes = Time::constant(15, 0, 0, 0);
        let begins = if now.time() >= closes { later(now.date(), 1) } else { now.date() };
        let day = workday(begins);
        if day == now.date() && now.time() >= opens { at } else { self.at(day, opens) }
    }
}

/// The day itself, or the Monday after it if it is a Saturday or Sunday.
pub(crate) fn workday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => later(day, 2),
        Weekday::Sunday => later(day, 1),
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => day,
    }
}

pub(crate) fn is_weekend(day: Date) -> bool {
    workday(day) != day
}

pub(crate) fn later(day: Date, days: u32) -> Date {
    day.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

pub(crate) fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(count))
}

pub(crate) fn hours(count: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(count))
}

/// So much later; the end of time where there is no such instant.
pub(crate) fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// So much earlier; the beginning of time where there is no such instant.
pub(crate) fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When somebody who is told at the first of the times sits in the office next.
    #[track_caller]
    fn check(told: &str, works: &str) {
        let wall = Wall::new();
        let at = |text: &str| wall.0.to_timestamp(text.parse::<jiff::civil::DateTime>().unwrap()).unwrap();
        assert_eq!(wall.in_office(at(told)), at(works), "{told}");
    }

    #[test]
    fn offices_are_open_on_weekdays_from_eight_to_three() {
        check("2025-03-03T07:59:59", "2025-03-03T08:00:00");
        check("2025-03-03T08:00:00", "2025-03-03T08:00:00");
        check("2025-03-03T14:59:59", "2025-03-03T14:59:59");
        check("2025-03-03T15:00:00", "2025-03-04T08:00:00");
        check("2025-03-07T15:00:00", "2025-03-10T08:00:00");
        check("2025-03-08T10:00:00", "2025-03-10T08:00:00");
        check("2025-03-09T23:59:59", "2025-03-10T08:00:00");
    }
}
