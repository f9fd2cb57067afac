//! Random logs in the words of an agreement.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use samspill_base::{CaseLog, Decimal, Entry, Position, Value};

use crate::{parts::LogParts, tape::Tape};

/// A log and the instants as of which it is read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub log: CaseLog,
    pub as_of: Vec<Timestamp>,
}

/// What logs say under an agreement.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    /// The names of kinds, each with the fields that it may have.
    pub kinds: Vec<(String, Vec<(String, Holds)>)>,
    /// The facts.
    pub facts: Vec<(String, Holds)>,
    /// The days on which logs begin.
    pub starts: Vec<DateTime>,
}

/// What a fact or field holds, mostly.
#[derive(Clone, Debug)]
pub(crate) enum Holds {
    YesNo,
    Number(Vec<String>),
    Text(Vec<String>),
    /// A day or a time.
    Day,
}

/// In local time, at and beside what deadlines and hours ask for.
const CLOCKS: [&str; 16] = [
    "08:00:00",
    "14:00:00",
    "12:00:00",
    "00:00:00",
    "15:00:00",
    "02:30:00",
    "14:00:00.000000001",
    "15:00:00.000000001",
    "07:59:59",
    "15:00:01",
    "23:59:59.999999999",
    "11:30:00",
    "03:00:00",
    "14:00:01",
    "13:59:59",
    "10:15:30.5",
];
/// Seconds from one entry to the next.
const STEPS: [i64; 20] = [
    0, 3_600, 86_400, 10_800, 5_400, 1, 28_800, 86_399, 86_401, 172_800, 172_801, 10_801, 10_799, 259_200,
    604_800, 28_801, 28_799, 300, 5_401, -3_600,
];
/// Seconds from when something happened to another of its times.
const DELAYS: [i64; 10] = [0, 1, 3_600, 5_400, 86_400, 28_800, 259_200, -3_600, 86_399, 691_200];
/// Far from everything, in years that calendars cover and in years that they don't.
const FAR: [&str; 3] = ["1850-06-01", "2250-06-01", "2024-12-31"];
const IDS: [&str; 6] = ["m1", "m2", "m3", "35", "m1 ", ""];
const DAYS: [&str; 12] = [
    "2024-03-29",
    "2024-04-02",
    "2024-03-29T14:00",
    "2024-03-31T02:30",
    "2024-04-01T10:00",
    " 2024-03-30 ",
    "2024-03-31",
    "2024-04-01T08:00:00Z",
    "2024-10-27T02:30",
    "2024-02-30",
    "2024-04-01 12:00",
    "2024-04-05",
];

/// The log that grows from these seeds, as a case of this name.
pub(crate) fn reading(parts: &LogParts, words: &Vocabulary, case: &str) -> Reading {
    let tape = &mut Tape::of(&parts.head);
    let start = tape.pick(&words.starts);
    let backwards = tape.once_in(12);
    let count = parts.entries.len() as u64;
    let mut at = in_oslo(start);
    let mut entries = Vec::new();
    for (seed, number) in parts.entries.iter().zip(0..) {
        // The places of a log need not follow the order of its rows.
        let position = if backwards { count - number } else { number + 1 };
        let tape = &mut Tape::of(seed);
        at = next_time(tape, start, at);
        entries.push(entry(tape, words, case, Position(position), at));
    }
    if let (true, Some(twin)) = (tape.once_in(10), entries.last().cloned()) {
        entries.push(Entry { position: Position(count + 1), ..twin });
    }
    if let (true, Some(first)) = (tape.once_in(16), entries.first_mut()) {
        first.as_of = Some(first.happened + days(tape.number(9)));
    }
    let as_of = (0..3).map(|_| as_of(tape, &entries, start)).collect();
    Reading { log: CaseLog { case: case.to_owned(), entries }, as_of }
}

fn days(count: usize) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::try_from(count).expect("few"))
}

pub(crate) fn in_oslo(local: DateTime) -> Timestamp {
    let zone = TimeZone::get("Europe/Oslo").expect("bundled");
    local.to_zoned(zone).expect("in range").timestamp()
}

fn next_time(tape: &mut Tape<'_>, start: DateTime, last: Timestamp) -> Timestamp {
    match tape.number(80) {
        0..=34 => last + SignedDuration::from_secs(tape.pick(&STEPS)),
        79 => in_oslo(tape.pick(&FAR).parse().expect("a day")),
        _ => {
            let day = start.date() + days(tape.number(14));
            in_oslo(day.to_datetime(tape.pick(&CLOCKS).parse().expect("a time")))
        }
    }
}

fn entry(
    tape: &mut Tape<'_>,
    words: &Vocabulary,
    case: &str,
    position: Position,
    happened: Timestamp,
) -> Entry {
    let (kind, fields) = tape.pick(&words.kinds);
    let kind = if tape.once_in(40) { "ukjent".to_owned() } else { kind };
    let mut entry = Entry::new(case, kind, position, happened);
    if tape.once_in(2) {
        entry.id = Some(tape.pick(&IDS).to_owned());
    }
    if tape.once_in(2) {
        entry.body = Some(said(tape, &fields, 5).collect());
    }
    if tape.once_in(2) {
        entry.facts = said(tape, &words.facts, 4).collect();
    }
    let mut time =
        |times| tape.once_in(times).then(|| happened + SignedDuration::from_secs(tape.pick(&DELAYS)));
    entry.sent = time(8);
    entry.received = time(5);
    entry.acknowledged = time(8);
    entry.recorded = time(6);
    entry
}

/// A few of these, and what an entry says of them.
fn said<'t>(
    tape: &'t mut Tape<'_>,
    among: &'t [(String, Holds)],
    most: usize,
) -> impl Iterator<Item = (String, Value)> + 't {
    let count = if among.is_empty() { 0 } else { tape.number(most) };
    (0..count).map(|_| {
        let (name, holds) = tape.pick(among);
        let value = value(tape, &holds);
        (if tape.once_in(20) { "annet".to_owned() } else { name }, value)
    })
}

fn value(tape: &mut Tape<'_>, holds: &Holds) -> Value {
    if tape.once_in(10) {
        return odd_value(tape);
    }
    match holds {
        Holds::YesNo => yes_no(tape),
        Holds::Number(among) => number(tape, among),
        Holds::Text(words) => Value::text(tape.pick(words)),
        Holds::Day => Value::text(tape.pick(&DAYS)),
    }
}

fn yes_no(tape: &mut Tape<'_>) -> Value {
    match tape.number(8) {
        0..=2 => Value::Bool(true),
        3 | 4 => Value::Bool(false),
        5 => Value::text(tape.pick(&["ja", "Nei", " X ", "true", "0", "n", "kanskje"])),
        6 => Value::Number(Decimal::whole(1)),
        _ => Value::from_number_text(tape.pick(&["0", "2", "1.0"])),
    }
}

fn number(tape: &mut Tape<'_>, among: &[String]) -> Value {
    match tape.number(4) {
        0..=2 => Value::from_number_text(&tape.pick(among)),
        _ => Value::text(tape.pick(&["35,0", " 67 ", "35.0", "1e2", "mange", "35"])),
    }
}

fn odd_value(tape: &mut Tape<'_>) -> Value {
    match tape.number(9) {
        0 => Value::Empty,
        1 => Value::text(""),
        2 => Value::text("  "),
        3 => Value::Bool(true),
        4 => Value::Number(Decimal::whole(35)),
        5 => Value::List(Vec::new()),
        6 => Value::List(vec![Value::text("psyk")]),
        7 => Value::Map([("svar".to_owned(), Value::Bool(false))].into()),
        _ => Value::text("1"),
    }
}

/// An instant to read as of: at or beside a time that the log has, or some days later, or long before and after.
fn as_of(tape: &mut Tape<'_>, entries: &[Entry], start: DateTime) -> Timestamp {
    match tape.number(16) {
        0..=5 => in_oslo(start) + days(18) + SignedDuration::from_hours(7),
        6..=8 => some_time(tape, entries, start),
        9 => some_time(tape, entries, start) - SignedDuration::from_nanos(1),
        10 => some_time(tape, entries, start) + SignedDuration::from_secs(tape.pick(&STEPS)),
        11..=13 => some_time(tape, entries, start) + days(tape.number(12)),
        14 => in_oslo(start) + days(70),
        _ => in_oslo(tape.pick(&["1850-01-01", "2024-03-22", "2024-04-20"]).parse().expect("a day")),
    }
}

/// A time of some entry near the start: in far years, days are too many to count in each run.
fn some_time(tape: &mut Tape<'_>, entries: &[Entry], start: DateTime) -> Timestamp {
    let start = in_oslo(start);
    let times: Vec<Timestamp> = entries
        .iter()
        .flat_map(|entry| [Some(entry.happened), entry.recorded, entry.received])
        .flatten()
        .filter(|at| at.duration_since(start).abs() < days(60))
        .collect();
    if times.is_empty() { start } else { times[tape.number(times.len().min(256))] }
}
