//! Goal 5: eight working hours added to instants of 2000–2030 in Norwegian office hours, clock changes included.
//!
//! `calendar make INSTANTS COUNT` writes instants to add to: whole seconds, as nanoseconds since 1970, which Arrow, pandas
//! and our columns hold; eight bytes each, little-endian.
//! `calendar INSTANTS ANSWERS RUNS` adds to them so many times, prints the seconds each time took, writes the answers.
//! `calendar oracle INSTANTS ANSWERS` checks those against a walk through every minute that knows none of our tables.

use std::time::Instant;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use samspill_base::calendar::{
    DayCalendar, DayPattern, HolidayDay, HolidayRule, Weekdays, Window, WindowRow,
};

type Trouble = Box<dyn std::error::Error>;

const ADDED_SECONDS: i64 = 8 * 3600;
const NANOS_PER_SECOND: i64 = 1_000_000_000;

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", instants, count] => write_nanos(instants, &made_instants(count.parse()?)),
        ["oracle", instants, answers] => check(&read_nanos(instants)?, &read_nanos(answers)?),
        [instants, answers, runs] => measure(&read_nanos(instants)?, answers, runs.parse()?),
        _ => Err("calendar make INSTANTS COUNT | INSTANTS ANSWERS RUNS | oracle INSTANTS ANSWERS".into()),
    }
}

/// Instants anywhere in the years; one in eight on a full hour, where it opens, closes and clocks change.
fn made_instants(count: usize) -> Vec<i64> {
    const FIRST: u64 = 946_684_800;
    const SECONDS: u64 = 978_307_200;
    let mut state = 0x5eed_2000_2030_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut instant = || {
        let second = FIRST + next() % SECONDS;
        let second = if next().is_multiple_of(8) { second - second % 3600 } else { second };
        second.cast_signed() * NANOS_PER_SECOND
    };
    (0..count).map(|_| instant()).collect()
}

/// Times the way from instants in memory to instants in memory.
fn measure(instants: &[i64], path: &str, runs: usize) -> Result<(), Trouble> {
    let office = office()?;
    let mut answers = vec![0; instants.len()];
    let mut seconds = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let outside = office.bulk_add(instants, ADDED_SECONDS * NANOS_PER_SECOND, &mut answers);
        if outside != 0 {
            return Err("an instant or its answer lies outside the calendar".into());
        }
        seconds.push(start.elapsed().as_secs_f64().to_string());
    }
    println!(r#"{{"name": "samspill", "seconds": [{}], "rows": {}}}"#, seconds.join(", "), instants.len());
    write_nanos(path, &answers)
}

/// Office hours, 08:00–15:00 on Norwegian working days.
fn office() -> Result<Window, Trouble> {
    let easter = EASTER.map(|offset_days| HolidayDay::Easter { offset_days });
    let fixed = FIXED.map(|(month, day)| HolidayDay::Fixed { month, day });
    let rules: Vec<HolidayRule> =
        easter.into_iter().chain(fixed).map(|day| HolidayRule::new("fridag", day)).collect();
    let weekdays = Weekdays::range(Weekday::Monday, Weekday::Friday);
    let days = DayCalendar::new(TimeZone::get("Europe/Oslo")?, weekdays, &rules, &[])?;
    Ok(Window::new(&days, &[WindowRow::new(DayPattern::WorkingDays, vec!["08:00-15:00".parse()?])])?)
}

const EASTER: [i16; 7] = [-3, -2, 0, 1, 39, 49, 50];
const FIXED: [(i8, i8); 5] = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];

/// Compares each answer with the one that counting open minutes gives.
fn check(instants: &[i64], answers: &[i64]) -> Result<(), Trouble> {
    if instants.len() != answers.len() {
        return Err(format!("{} instants and {} answers", instants.len(), answers.len()).into());
    }
    let minutes = Minutes::walked()?;
    for (instant, answer) in instants.iter().zip(answers) {
        let expected = minutes.add(*instant / NANOS_PER_SECOND, ADDED_SECONDS);
        if expected.map(|second| second * NANOS_PER_SECOND) != Some(*answer) {
            return Err(format!(
                "from {instant}: {answer}, but a walk through the minutes gives {expected:?}"
            )
            .into());
        }
    }
    println!(r#"{{"checked": {}, "minutes": {}}}"#, instants.len(), minutes.open.len());
    Ok(())
}

/// Whether each minute is open, as the clock on the wall and an almanac say, and how many open ones came before it.
struct Minutes {
    first_second: i64,
    open: Vec<bool>,
    open_before: Vec<i64>,
    /// The open minutes in order.
    reached: Vec<usize>,
}

impl Minutes {
    /// Looks at the clock in Oslo once for every minute of 2000–2030 and a month more.
    fn walked() -> Result<Self, Trouble> {
        let oslo = TimeZone::get("Europe/Oslo")?;
        let free_days = free_days()?;
        let first = "2000-01-01T00:00Z".parse::<Timestamp>()?.as_second();
        let last = "2031-02-01T00:00Z".parse::<Timestamp>()?.as_second();
        let mut minutes =
            Self { first_second: first, open: Vec::new(), open_before: vec![0], reached: Vec::new() };
        for minute in 0..usize::try_from((last - first) / 60)? {
            let shown = oslo.to_datetime(Timestamp::from_second(first + i64::try_from(minute)? * 60)?);
            let weekend = matches!(shown.weekday(), Weekday::Saturday | Weekday::Sunday);
            let open = (8..15).contains(&shown.hour())
                && !weekend
                && free_days.binary_search(&shown.date()).is_err();
            minutes.open.push(open);
            minutes.open_before.push(minutes.open_before[minute] + i64::from(open));
            if open {
                minutes.reached.push(minute);
            }
        }
        Ok(minutes)
    }

    /// The second by which so many open seconds have passed, if the walk went that far.
    fn add(&self, second: i64, open: i64) -> Option<i64> {
        let since = second.checked_sub(self.first_second)?;
        let minute = usize::try_from(since.div_euclid(60)).ok()?;
        let in_minute = if *self.open.get(minute)? { since.rem_euclid(60) } else { 0 };
        let last_second = self.open_before[minute] * 60 + in_minute + open - 1;
        let minute = *self.reached.get(usize::try_from(last_second / 60).ok()?)?;
        Some(self.first_second + i64::try_from(minute).ok()? * 60 + last_second % 60 + 1)
    }
}

/// Norwegian holidays from the dates of Easter in printed almanacs, sorted.
fn free_days() -> Result<Vec<Date>, Trouble> {
    let mut days = Vec::new();
    for (year, (month, day)) in (2000..).zip(EASTER_SUNDAYS) {
        let easter = date(year, month, day);
        for offset in EASTER {
            days.push(easter.checked_add(i64::from(offset).days())?);
        }
        days.extend(FIXED.map(|(month, day)| date(year, month, day)));
    }
    days.sort_unstable();
    Ok(days)
}

/// Easter Sunday of 2000–2031.
const EASTER_SUNDAYS: [(i8, i8); 32] = [
    (4, 23),
    (4, 15),
    (3, 31),
    (4, 20),
    (4, 11),
    (3, 27),
    (4, 16),
    (4, 8),
    (3, 23),
    (4, 12),
    (4, 4),
    (4, 24),
    (4, 8),
    (3, 31),
    (4, 20),
    (4, 5),
    (3, 27),
    (4, 16),
    (4, 1),
    (4, 21),
    (4, 12),
    (4, 4),
    (4, 17),
    (4, 9),
    (3, 31),
    (4, 20),
    (4, 5),
    (3, 28),
    (4, 16),
    (4, 1),
    (4, 21),
    (4, 13),
];

fn read_nanos(path: &str) -> Result<Vec<i64>, Trouble> {
    let bytes = std::fs::read(path)?;
    let (nanos, rest) = bytes.as_chunks::<8>();
    if rest.is_empty() {
        Ok(nanos.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect())
    } else {
        Err(format!("{path} ends within a number: write eight bytes for each").into())
    }
}

fn write_nanos(path: &str, nanos: &[i64]) -> Result<(), Trouble> {
    let bytes: Vec<u8> = nanos.iter().flat_map(|nanos| nanos.to_le_bytes()).collect();
    Ok(std::fs::write(path, bytes)?)
}
