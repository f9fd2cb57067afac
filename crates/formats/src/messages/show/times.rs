//! Times as people write them: `31. januar 2018 kl. 10.20`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::Language;
use super::labels;
use crate::messages::norway;

/// Whether seconds are told when there are some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Minutes,
    Seconds,
}

/// A time in words; `None` if the text isn't one of the forms that messages write.
///
/// A time with an offset is told by the clock in Norway. If its offset isn't the one Norway had, or the day alone has an offset,
/// the text as written follows in brackets.
pub(super) fn in_words(text: &str, detail: Detail, language: Language) -> Option<String> {
    let teller = TimeTeller { detail, language };
    match text.len() {
        4 if is_digits(text) => Some(text.to_owned()),
        7 => teller.month(text),
        8 if text.as_bytes()[2] == b':' => text.parse().ok().map(|time| teller.time(time)),
        10 => text.parse().ok().filter(|_| is_plain_date(text)).map(|date| teller.date(date)),
        _ => teller.longer(text),
    }
}

#[derive(Clone, Copy)]
struct TimeTeller {
    detail: Detail,
    language: Language,
}

impl TimeTeller {
    fn month(self, text: &str) -> Option<String> {
        let date: Date = format!("{text}-01").parse().ok().filter(|_| text.as_bytes()[4] == b'-')?;
        Some(format!("{} {}", self.month_name(date), date.year()))
    }

    fn longer(self, text: &str) -> Option<String> {
        let day = text.get(..10).filter(|day| is_plain_date(day))?;
        let Some((local, zone)) = text.get(10..)?.strip_prefix('T').and_then(split_zone) else {
            zone_of(text.get(10..)?)?;
            return Some(format!("{} ({} {text})", self.date(day.parse().ok()?), self.word("written_as")));
        };
        let written: DateTime = format!("{day}T{local}").parse().ok()?;
        match zone {
            None => Some(self.date_time(written)),
            Some(offset) => self.with_offset(text, written, offset),
        }
    }

    fn with_offset(self, text: &str, written: DateTime, offset: Offset) -> Option<String> {
        let norway = norway();
        let instant = offset.to_timestamp(written).ok()?;
        let told = self.date_time(norway.to_datetime(instant));
        if norway.to_offset(instant) == offset {
            return Some(told);
        }
        Some(format!("{told} ({} {text})", self.word("written_as")))
    }

    fn date_time(self, at: DateTime) -> String {
        format!("{} {}", self.date(at.date()), self.time(at.time()))
    }

    fn date(self, date: Date) -> String {
        let dot = if self.language == Language::English { "" } else { "." };
        format!("{}{dot} {} {}", date.day(), self.month_name(date), date.year())
    }

    fn time(self, time: Time) -> String {
        let mark = if self.language == Language::English { ':' } else { '.' };
        let minutes = format!("{} {:02}{mark}{:02}", self.word("at"), time.hour(), time.minute());
        if self.detail == Detail::Minutes || (time.second() == 0 && time.subsec_nanosecond() == 0) {
            return minutes;
        }
        let seconds = format!("{minutes}{mark}{:02}", time.second());
        if time.subsec_nanosecond() == 0 {
            return seconds;
        }
        let part = format!("{:09}", time.subsec_nanosecond());
        let comma = if self.language == Language::English { '.' } else { ',' };
        format!("{seconds}{comma}{}", part.trim_end_matches('0'))
    }

    fn month_name(self, date: Date) -> &'static str {
        labels::known_word(&format!("month_{}", date.month()), self.language).unwrap_or_default()
    }

    fn word(self, key: &'static str) -> &'static str {
        labels::word(key, self.language)
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_plain_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && is_digits(&text[..4])
}

/// A time of day and its offset, if it has one.
fn split_zone(text: &str) -> Option<(&str, Option<Offset>)> {
    match text.find(['Z', '+', '-']) {
        None => Some((text, None)),
        Some(place) => Some((&text[..place], Some(zone_of(&text[place..])?))),
    }
}

/// `Z`, `+01:00`, `-02:30`.
fn zone_of(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 || !is_digits(hours) || !is_digits(minutes) {
        return None;
    }
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    match text.as_bytes().first()? {
        b'+' => Offset::from_seconds(seconds).ok(),
        b'-' => Offset::from_seconds(-seconds).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_write_them() {
        let rows = [
            ("2018-01-31T10:20:00", "31. januar 2018 kl. 10.20"),
            ("2018-01-31T10:20:11", "31. januar 2018 kl. 10.20.11"),
            ("2018-01-31T10:20:11.50", "31. januar 2018 kl. 10.20.11,5"),
            ("2018-01-31T09:20:00Z", "31. januar 2018 kl. 10.20 (skrevet 2018-01-31T09:20:00Z)"),
            ("2018-01-31T10:20:00+01:00", "31. januar 2018 kl. 10.20"),
            ("2018-07-31T10:20:00+01:00", "31. juli 2018 kl. 11.20 (skrevet 2018-07-31T10:20:00+01:00)"),
            ("2018-01-31", "31. januar 2018"),
            ("2018-01-31Z", "31. januar 2018 (skrevet 2018-01-31Z)"),
            ("2018-01", "januar 2018"),
            ("2018", "2018"),
            ("10:20:00", "kl. 10.20"),
        ];
        for (text, words) in rows {
            assert_eq!(in_words(text, Detail::Seconds, Language::Bokmal).as_deref(), Some(words), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_isnt_made_one() {
        for text in [
            "",
            "31.01.2018",
            "2018-02-30",
            "2018-01-31T25:00:00",
            "2018-1-1",
            "i morgen",
            "2018-01-31T",
            "2018-01-31T10:20:00+1",
        ] {
            assert_eq!(in_words(text, Detail::Seconds, Language::Bokmal), None, "{text}");
        }
    }

    #[test]
    fn english_has_its_own_way() {
        let words = in_words("2018-01-31T10:20:11", Detail::Minutes, Language::English);
        assert_eq!(words.as_deref(), Some("31 January 2018 at 10:20"));
    }
}
