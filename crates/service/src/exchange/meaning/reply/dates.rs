//! Days in a reply, relative to the day on which it was sent.

use jiff::civil::{Date, Weekday};

use super::words::{Words, matched};

/// A day that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Which words name it.
    pub from: usize,
    pub until: usize,
    pub day: Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    On(Date),
    /// A day that can be more than one, and why.
    Unclear(Why),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// «neste uke», «snart».
    Vague,
    /// «neste mandag», and a weekday said on that weekday.
    WhichWeek,
    /// The weekday and the date are not the same day.
    WeekdayAndDate,
    /// It is no day of the calendar.
    NoDay,
    /// It lies before the day on which the reply was sent.
    Past,
}

impl Why {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Vague => "Teksten sier ikke hvilken dag.",
            Self::WhichWeek => "Ukedagen kan være i denne eller neste uke.",
            Self::WeekdayAndDate => "Ukedagen og datoen er ikke samme dag.",
            Self::NoDay => "Datoen finnes ikke i kalenderen.",
            Self::Past => "Datoen ligger før svaret ble sendt.",
        }
    }
}

/// The days that the words name, in order. A weekday and a date that stand together are one.
pub(super) fn days(words: &[&str], sent: Date, list: &Words) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match named_at(words, at, sent, list) {
            Some(named) => {
                at = named.until;
                all.push(named);
            }
            None => at += 1,
        }
    }
    all
}

fn named_at(words: &[&str], at: usize, sent: Date, list: &Words) -> Option<Named> {
    let phrase = |phrases: &[String]| {
        phrases.iter().find_map(|phrase| matched(&phrase.split(' ').collect::<Vec<_>>(), words, at))
    };
    let named = |until, day| Some(Named { from: at, until, day });
    if let Some(until) = phrase(&list.day_after) {
        return named(until, Day::On(later(sent, 2)?));
    }
    if let Some(until) = phrase(&list.tomorrow) {
        return named(until, Day::On(later(sent, 1)?));
    }
    if let Some(until) = phrase(&list.today) {
        return named(until, Day::On(sent));
    }
    if let Some((weekday, after)) = weekday(words, at, sent, list) {
        // «torsdag 5.3», «torsdag den 5. mars»
        let skipped = after + usize::from(words.get(after) == Some(&"den"));
        return match date(words, skipped, sent, list) {
            Some((until, day)) => named(until, agreeing(weekday, day)),
            None => named(after, weekday.day),
        };
    }
    if let Some((until, day)) = date(words, at, sent, list) {
        return named(until, day);
    }
    phrase(&list.vague).and_then(|until| named(until, Day::Unclear(Why::Vague)))
}

#[derive(Clone, Copy)]
struct WeekdayRead {
    weekday: Weekday,
    day: Day,
}

/// A weekday: the next one after the day it was sent. Said on that day, or with «neste», it can be either of two.
fn weekday(words: &[&str], at: usize, sent: Date, list: &Words) -> Option<(WeekdayRead, usize)> {
    let has_next = words.get(at).is_some_and(|word| list.next.iter().any(|next| next == word));
    let at = at + usize::from(has_next);
    let number = list.weekday(words.get(at)?)?;
    let weekday = Weekday::from_monday_zero_offset(number).ok()?;
    let ahead = sent.weekday().until(weekday);
    let day = match (has_next, ahead) {
        (true, _) | (_, 0) => Day::Unclear(Why::WhichWeek),
        (false, days) => Day::On(later(sent, i64::from(days))?),
    };
    Some((WeekdayRead { weekday, day }, at + 1))
}

fn agreeing(weekday: WeekdayRead, day: Day) -> Day {
    match day {
        Day::On(date) if date.weekday() != weekday.weekday => Day::Unclear(Why::WeekdayAndDate),
        Day::On(_) | Day::Unclear(_) => day,
    }
}

/// A date: `5.3`, `5/3-26`, `05.03.2026`, `2026-03-05`, `5. mars`, `den 5.`. Without a year it is the one nearest to when it was sent.
fn date(words: &[&str], at: usize, sent: Date, list: &Words) -> Option<(usize, Day)> {
    let word = words.get(at)?;
    if let Ok(date) = word.parse::<Date>() {
        return Some((at + 1, not_past(Some(date), sent)));
    }
    let parts: Vec<&str> = word.split(['.', '/', '-']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<i16>().ok().filter(|_| part.len() <= 4);
    match parts.as_slice() {
        [day, month] => {
            let month = number(month).or_else(|| list.month(month).map(i16::from))?;
            Some((at + 1, without_year(number(day)?, month, sent)))
        }
        [day, month, year] => {
            let (day, month, year) = (number(day)?, number(month)?, number(year)?);
            Some((at + 1, not_past(on(year + if year < 100 { 2000 } else { 0 }, month, day), sent)))
        }
        [day] => {
            let day = number(day)?;
            let month = words.get(at + 1).and_then(|word| list.month(word));
            match month {
                Some(month) => {
                    let year = words.get(at + 2).and_then(|word| number(word)).filter(|year| *year > 2000);
                    Some(match year {
                        Some(year) => (at + 3, not_past(on(year, month.into(), day), sent)),
                        None => (at + 2, without_year(day, month.into(), sent)),
                    })
                }
                None if at > 0 && words[at - 1] == "den" => Some((at + 1, day_of_month(day, sent))),
                None => None,
            }
        }
        _ => None,
    }
}

fn on(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn without_year(day: i16, month: i16, sent: Date) -> Day {
    let years = [sent.year(), sent.year() + 1, sent.year() - 1];
    let near = years.into_iter().filter_map(|year| on(year, month, day)).min_by_key(|date| {
        let days = sent.until(*date).map_or(i32::MAX, |span| span.get_days());
        days.abs()
    });
    not_past(near, sent)
}

/// «den 3.»: this month's, or the next one's where that has passed.
fn day_of_month(day: i16, sent: Date) -> Day {
    let month = i16::from(sent.month());
    let this = on(sent.year(), month, day).filter(|date| *date >= sent);
    let (year, next) = if month == 12 { (sent.year() + 1, 1) } else { (sent.year(), month + 1) };
    match this.or_else(|| on(year, next, day)) {
        Some(date) => Day::On(date),
        None => Day::Unclear(Why::NoDay),
    }
}

fn not_past(date: Option<Date>, sent: Date) -> Day {
    match date {
        None => Day::Unclear(Why::NoDay),
        Some(date) if date < sent => Day::Unclear(Why::Past),
        Some(date) => Day::On(date),
    }
}

fn later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().days(days)).ok()
}
