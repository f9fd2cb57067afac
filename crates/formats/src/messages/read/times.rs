//! The times of messages: `2026`, `2026-01`, `2026-01-31` and `2026-01-31T10:20:11.5+01:00`, the zone left out mostly.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};

use crate::messages::types::{Precision, TimeValue};

/// The greatest offset that a time can be written with (XML Schema 1.0, 3.2.7.3): 14 hours.
const OFFSET_MINUTES_MAX: i32 = 14 * 60;

/// What a time means; none if it isn't one, as 30 February, or if it is a time of day alone.
///
/// `24:00:00` is midnight at the end of the day. Seconds can be left out. Of a fraction nine digits count.
pub(super) fn parse(text: &str) -> Option<TimeValue> {
    let (local, offset) = split_offset(text)?;
    let (date, time) = match local.bytes().position(|byte| byte == b'T') {
        Some(end) => (&local[..end], Some(&local[end + 1..])),
        None => (local, None),
    };
    let (date, precision) = parse_date(date)?;
    let (local, precision) = match time {
        None => (date.to_datetime(Time::midnight()), precision),
        Some(time) if precision == Precision::Day => (with_time(date, time)?, Precision::Time),
        Some(_) => return None,
    };
    Some(TimeValue { local, precision, offset })
}

/// Whether a text is a time of day without its day.
pub(super) fn is_time_of_day(text: &str) -> bool {
    split_offset(text).is_some_and(|(local, _)| parse_time(local).is_some())
}

/// The text before the zone, and the zone; none if it is written wrongly.
fn split_offset(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, Some(Offset::UTC)));
    }
    let Some((local, zone)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at)) else {
        return Some((text, None));
    };
    let sign = match zone.as_bytes()[0] {
        b'+' => 1,
        b'-' if zone.as_bytes()[3] == b':' => -1,
        _ => return Some((text, None)),
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    let (hours, minutes) = (digits::<2>(hours)?, digits::<2>(minutes)?);
    let total = hours * 60 + minutes;
    if minutes > 59 || total > OFFSET_MINUTES_MAX {
        return None;
    }
    Some((local, Some(Offset::from_seconds(sign * total * 60).ok()?)))
}

fn parse_date(text: &str) -> Option<(Date, Precision)> {
    let part = |range| text.get(range).and_then(digits::<2>);
    let is_dash = |at: usize| text.as_bytes()[at] == b'-';
    let year = text.get(..4).and_then(digits::<4>)?;
    let (month, day, precision) = match text.len() {
        4 => (1, 1, Precision::Year),
        7 if is_dash(4) => (part(5..7)?, 1, Precision::Month),
        10 if is_dash(4) && is_dash(7) => (part(5..7)?, part(8..10)?, Precision::Day),
        _ => return None,
    };
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some((date, precision))
}

fn with_time(date: Date, text: &str) -> Option<DateTime> {
    match parse_time(text)? {
        TimeOfDay::Within(time) => Some(date.to_datetime(time)),
        TimeOfDay::End => Some(date.tomorrow().ok()?.to_datetime(Time::midnight())),
    }
}

enum TimeOfDay {
    Within(Time),
    /// `24:00:00`.
    End,
}

fn parse_time(text: &str) -> Option<TimeOfDay> {
    // A fraction is of the seconds, which are behind eight characters then.
    let (clock, fraction) = match text.as_bytes().get(8) {
        Some(b'.') => (text.get(..8)?, text.get(9..)),
        Some(_) => return None,
        None => (text, None),
    };
    let is_colon = |at: usize| clock.as_bytes()[at] == b':';
    let part = |range| clock.get(range).and_then(digits::<2>);
    let second = match clock.len() {
        5 if is_colon(2) => 0,
        8 if is_colon(2) && is_colon(5) => part(6..8)?,
        _ => return None,
    };
    let (hour, minute) = (part(0..2)?, part(3..5)?);
    let nanosecond = fraction.map_or(Some(0), nanoseconds)?;
    if (hour, minute, second, nanosecond) == (24, 0, 0, 0) {
        return Some(TimeOfDay::End);
    }
    let time = Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, nanosecond);
    time.ok().map(TimeOfDay::Within)
}

/// The digits after the point, as nanoseconds.
fn nanoseconds(text: &str) -> Option<i32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = text.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(padded.fold(0, |all, byte| all * 10 + i32::from(byte - b'0')))
}

/// The number that exactly so many digits are.
fn digits<const N: usize>(text: &str) -> Option<i32> {
    let is_number = text.len() == N && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.bytes().fold(0, |all, byte| all * 10 + i32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = match parse(text) {
            Some(TimeValue { local, precision, offset }) => match offset {
                Some(offset) => format!("{local} {precision:?} {offset}"),
                None => format!("{local} {precision:?}"),
            },
            None if is_time_of_day(text) => "time of day".to_owned(),
            None => "none".to_owned(),
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn dates_keep_how_much_was_written() {
        check("2026", "2026-01-01T00:00:00 Year");
        check("2026-03", "2026-03-01T00:00:00 Month");
        check("2026-03-29", "2026-03-29T00:00:00 Day");
        check("2026Z", "2026-01-01T00:00:00 Year +00");
        check("2026-03+01:00", "2026-03-01T00:00:00 Month +01");
        check("2026-03-29-05:00", "2026-03-29T00:00:00 Day -05");
        check("2028-02-29", "2028-02-29T00:00:00 Day");
    }

    #[test]
    fn times_keep_fraction_and_zone() {
        check("2026-03-29T02:30:00", "2026-03-29T02:30:00 Time");
        check("2026-03-29T02:30", "2026-03-29T02:30:00 Time");
        check("2026-03-29T02:30:00.5", "2026-03-29T02:30:00.5 Time");
        check("2026-03-29T02:30:00.1234567891", "2026-03-29T02:30:00.123456789 Time");
        check("2026-03-29T02:30:00Z", "2026-03-29T02:30:00 Time +00");
        check("2026-03-29T02:30:00.25+02:00", "2026-03-29T02:30:00.25 Time +02");
        check("2026-03-29T02:30:00-03:30", "2026-03-29T02:30:00 Time -03:30");
        check("2026-03-29T02:30:00+14:00", "2026-03-29T02:30:00 Time +14");
        check("2026-12-31T24:00:00", "2027-01-01T00:00:00 Time");
    }

    #[test]
    fn what_is_no_time_isnt_one() {
        for text in [
            "",
            "i dag",
            "31.01.2026",
            "2026-1-31",
            "2026-02-29",
            "2026-13-01",
            "2026-01-32",
            "202",
            "20261",
            "-2026",
            "2026-01-31T",
            "2026-01-31T25:00:00",
            "2026-01-31T24:00:01",
            "2026-01-31T10:60:00",
            "2026-01-31T10:20:60",
            "2026-01-31T10:20:00.",
            "2026-01-31T10:20.5",
            "2026-01-31T10",
            "2026-01-31 10:20:00",
            "2026-01T10:20:00",
            "2026-01-31T10:20:00+14:01",
            "2026-01-31T10:20:00+01:60",
            "2026-01-31T10:20:00+1",
            "2026-01-31T1æ:20:00",
            "2026-01-31T10:20:00:00",
            "ææææ",
            "9999-12-31T24:00:00",
            "+01:00",
            "+2026-01-31",
        ] {
            check(text, "none");
        }
    }

    #[test]
    fn a_time_of_day_alone_is_told_apart() {
        check("10:20:00", "time of day");
        check("10:20:00.5+01:00", "time of day");
        check("24:00:00", "time of day");
        check("25:00:00", "none");
    }
}
