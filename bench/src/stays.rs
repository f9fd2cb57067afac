//! Made hospital stays: what they hold, how they are made, and their verdicts as bytes.

use std::{fs, path::Path};

use jiff::{Timestamp, ToSpan, civil::Date, civil::date, tz::TimeZone};
use samspill_base::{
    Columns, Entry, Position, Value,
    columns::{Bodies, NO_TIME, NO_VALUE, ValueColumn, instant, nanos},
};
use samspill_engine::program::{Batch, MeterTotal, Program, Totals};

use crate::{
    Trouble,
    random::Random,
    rows::{read_i32, read_i64, read_u32, write_i32, write_i64, write_u32},
};

/// The agreement on stays.
pub const AGREEMENT: &str = "agreements/troms-og-ofoten/unn";

/// The duty and the meter whose verdicts are compared: nothing else is read.
pub const ASKED: [&str; 2] = ["svar-utskrivningsklar", "betalingsdogn"];

/// Bytes for each stay: the statuses of the reply duty, how many days are paid, and what they cost.
pub const WIDTH: usize = 11;

/// The instant as of which stays are read: 15 January 2026 at noon in Oslo. Days of 2026 have no known price.
pub fn as_of() -> Timestamp {
    Timestamp::constant(1_768_474_800, 0)
}

/// The kinds of entry, by number.
pub const KINDS: [&str; 10] = [
    "innlagt",
    "tidligmelding",
    "helseopplysninger",
    "samarbeidsmote",
    "moteoppsummering",
    "utskrivningsklar",
    "svar-utskrivningsklar",
    "avmelding",
    "utskrevet",
    "dodsfall",
];

/// The numbers of the kinds.
mod kind {
    pub(super) const ADMITTED: u8 = 0;
    pub(super) const EARLY_NOTICE: u8 = 1;
    pub(super) const INFORMATION: u8 = 2;
    pub(super) const MEETING: u8 = 3;
    pub(super) const SUMMARY: u8 = 4;
    pub(super) const READY: u8 = 5;
    pub(super) const REPLY: u8 = 6;
    pub(super) const WITHDRAWN: u8 = 7;
    pub(super) const DISCHARGED: u8 = 8;
    pub(super) const DEATH: u8 = 9;
}

/// No word of a small dictionary.
pub const NO_WORD: u8 = u8::MAX;

/// No day.
pub const NO_DAY: i32 = i32::MIN;

const FIELDS_OF_CARE: [&str; 3] = ["somatikk", "phv", "tsb"];
const ANSWERS: [&str; 2] = ["kan-ta-imot", "kan-ikke-ta-imot"];

/// Municipalities of stay; their number stands for their name.
const MUNICIPALITIES: u8 = 30;

/// Stays as columns, a row for each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// The stay, from 0 on.
    pub case: Vec<u32>,
    /// The kind: a place in [`KINDS`].
    pub kind: Vec<u8>,
    /// When it happened, in nanoseconds since 1970.
    pub at: Vec<i64>,
    /// When it was received, or [`NO_TIME`].
    pub received: Vec<i64>,
    /// The field of care, said at admission: a place in a list, or [`NO_WORD`].
    pub care: Vec<u8>,
    /// The municipality of stay, said at admission, or [`NO_WORD`].
    pub municipality: Vec<u8>,
    /// Whether municipal services are expected to be needed, said at admission (0, 1), or [`NO_WORD`].
    pub need: Vec<u8>,
    /// What a reply says: a place in a list, or [`NO_WORD`].
    pub answer: Vec<u8>,
    /// From which day a reply says that the municipality can receive, in days since 1970, or [`NO_DAY`].
    pub from: Vec<i32>,
}

impl Stays {
    /// Writes them to a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Trouble> {
        fs::create_dir_all(folder)?;
        write_u32(&folder.join("case.u32"), &self.case)?;
        write_i64(&folder.join("at.i64"), &self.at)?;
        write_i64(&folder.join("received.i64"), &self.received)?;
        write_i32(&folder.join("from.i32"), &self.from)?;
        for (name, column) in [
            ("kind", &self.kind),
            ("care", &self.care),
            ("municipality", &self.municipality),
            ("need", &self.need),
            ("answer", &self.answer),
        ] {
            fs::write(folder.join(format!("{name}.u8")), column)?;
        }
        fs::write(folder.join("kinds.txt"), KINDS.join("\n") + "\n")?;
        Ok(())
    }

    /// Reads them from a folder.
    pub fn read(folder: &Path) -> Result<Self, Trouble> {
        let small = |name: &str| fs::read(folder.join(format!("{name}.u8")));
        Ok(Self {
            case: read_u32(&folder.join("case.u32"))?,
            kind: small("kind")?,
            at: read_i64(&folder.join("at.i64"))?,
            received: read_i64(&folder.join("received.i64"))?,
            care: small("care")?,
            municipality: small("municipality")?,
            need: small("need")?,
            answer: small("answer")?,
            from: read_i32(&folder.join("from.i32"))?,
        })
    }

    /// A row as an entry of a log, recorded when it happened, or when it was received.
    pub fn entry(&self, row: usize) -> Entry {
        let name = |what: &str, number: u8| Value::text(format!("{what}-{number}"));
        let case = self.case[row];
        let happened = instant(self.at[row]);
        let kind = KINDS[usize::from(self.kind[row])];
        let mut entry = Entry::new(format!("opphold-{case}"), kind, Position(0), happened);
        entry.received = (self.received[row] != NO_TIME).then(|| instant(self.received[row]));
        entry.recorded = entry.received.or(Some(happened));
        entry.id = Some(format!("melding-{row}"));
        entry.person = Some(format!("pasient-{case}"));
        (entry.from, entry.to) = (Some("sykehus".to_owned()), Some("kommune".to_owned()));
        let facts = [
            ("fagomrade", FIELDS_OF_CARE.get(usize::from(self.care[row])).map(|care| Value::text(*care))),
            (
                "oppholdskommune",
                (self.municipality[row] != NO_WORD).then(|| name("kommune", self.municipality[row])),
            ),
            ("kommunalt-behov", (self.need[row] != NO_WORD).then(|| Value::Bool(self.need[row] == 1))),
        ];
        entry.facts.extend(facts.into_iter().filter_map(|(fact, value)| Some((fact.to_owned(), value?))));
        if self.kind[row] == kind::REPLY {
            let from = (self.from[row] != NO_DAY).then(|| Value::text(day(self.from[row]).to_string()));
            let answer = ANSWERS.get(usize::from(self.answer[row])).map(|answer| Value::text(*answer));
            let said = [("svar", answer), ("fra", from)];
            let said = said.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)));
            entry.body = Some(said.collect());
        }
        entry
    }

    /// As columns that the engine reads.
    pub fn columns(&self) -> Columns {
        let mut columns =
            Columns { case: self.case.clone(), happened: self.at.clone(), ..Columns::default() };
        for kind in KINDS {
            columns.kinds.push(kind);
        }
        for case in 0..self.case.last().map_or(0, |last| last + 1) {
            columns.cases.push(&format!("O{case}"));
        }
        columns.kind = self.kind.iter().map(|kind| u32::from(*kind)).collect();
        columns.received.clone_from(&self.received);
        let municipalities = (0..MUNICIPALITIES).map(|number| Value::text(format!("kommune-{number}")));
        columns.facts = vec![
            words("fagomrade", FIELDS_OF_CARE.map(Value::text).to_vec(), &self.care),
            words("oppholdskommune", municipalities.collect(), &self.municipality),
            words("kommunalt-behov", vec![Value::Bool(false), Value::Bool(true)], &self.need),
        ];
        columns.body =
            vec![words("svar", ANSWERS.map(Value::text).to_vec(), &self.answer), days("fra", &self.from)];
        columns.bodies = Bodies::Some(self.kind.iter().map(|kind| *kind == kind::REPLY).collect());
        columns
    }
}

fn words(name: &str, values: Vec<Value>, codes: &[u8]) -> ValueColumn {
    let code = |code: &u8| if *code == NO_WORD { NO_VALUE } else { u32::from(*code) };
    ValueColumn { name: name.to_owned(), values, codes: codes.iter().map(code).collect() }
}

fn days(name: &str, days: &[i32]) -> ValueColumn {
    let mut said: Vec<i32> = days.iter().copied().filter(|day| *day != NO_DAY).collect();
    said.sort_unstable();
    said.dedup();
    let code = |day: &i32| {
        said.binary_search(day).ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(NO_VALUE)
    };
    let text = |number: &i32| Value::text(day(*number).to_string());
    ValueColumn {
        name: name.to_owned(),
        values: said.iter().map(text).collect(),
        codes: days.iter().map(code).collect(),
    }
}

fn day(number: i32) -> Date {
    date(1970, 1, 1).saturating_add(i64::from(number).days())
}

/// Makes so many stays.
///
/// Admissions from July 2023 to January 2026, entries at all hours, some exactly at 14:00 and 15:00. Of a hundred stays about
/// six lack the early notice, ten the health information, six are mental health or addiction care, seven have their
/// ready notice withdrawn and given again, three have it given twice, and a few entries come after the reading.
pub fn made(cases: u32, seed: u64) -> Stays {
    let mut maker = Maker {
        random: Random::new(seed),
        zone: TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC),
        stays: Stays::default(),
        case: 0,
        now: Timestamp::UNIX_EPOCH,
    };
    for case in 0..cases {
        maker.case = case;
        maker.stay();
    }
    maker.stays
}

struct Maker {
    random: Random,
    zone: TimeZone,
    stays: Stays,
    case: u32,
    /// The time of the entry before: the next comes later.
    now: Timestamp,
}

impl Maker {
    fn stay(&mut self) {
        let admitted = date(2023, 7, 1).saturating_add(self.random.between(0, 925).days());
        self.now = Timestamp::UNIX_EPOCH;
        let care = u8::try_from(self.random.weighted([94, 4, 2].into_iter())).unwrap_or(0);
        self.entry(kind::ADMITTED, admitted, Hours::Any);
        let row = self.stays.kind.len() - 1;
        self.stays.care[row] = care;
        self.stays.municipality[row] =
            u8::try_from(self.random.between(0, i64::from(MUNICIPALITIES) - 1)).unwrap_or(0);
        self.stays.need[row] = u8::from(self.random.in_a_thousand(900));
        if self.random.in_a_thousand(940) {
            let late = i64::from(self.random.in_a_thousand(150));
            self.later(kind::EARLY_NOTICE, late, late + 1, Hours::Any);
        }
        if care > 0 && self.random.in_a_thousand(900) {
            self.later(kind::MEETING, 1, 4, Hours::Day);
            if self.random.in_a_thousand(900) {
                self.later(kind::SUMMARY, 0, 2, Hours::Day);
            }
        }
        if self.random.in_a_thousand(70) {
            self.ready_and_replies();
            self.later(kind::WITHDRAWN, 0, 3, Hours::Any);
        }
        self.ready_and_replies();
        self.departure();
    }

    fn ready_and_replies(&mut self) {
        if self.random.in_a_thousand(900) {
            self.later(kind::INFORMATION, 0, 3, Hours::Any);
        }
        self.later(kind::READY, 0, 5, Hours::Day);
        if self.random.in_a_thousand(400) {
            let row = self.stays.kind.len() - 1;
            let after = self.random.between(1, 150) * 60_000_000_000;
            self.stays.received[row] = self.stays.at[row] + after;
        }
        if self.random.in_a_thousand(30) {
            self.later(kind::READY, 0, 2, Hours::Day);
        }
        if self.random.in_a_thousand(930) {
            let in_time = self.random.weighted([70, 20, 10].into_iter());
            let (least, most) = [(0, 0), (0, 1), (1, 5)][in_time];
            self.reply(least, most);
        }
        if self.random.in_a_thousand(150) {
            self.reply(1, 6);
        }
    }

    fn reply(&mut self, least: i64, most: i64) {
        self.later(kind::REPLY, least, most, Hours::Day);
        let row = self.stays.kind.len() - 1;
        let can = self.random.in_a_thousand(600);
        self.stays.answer[row] = u8::from(!can);
        if can && self.random.in_a_thousand(700) {
            let from = self.day().saturating_add(self.random.between(-1, 6).days());
            self.stays.from[row] = day_number(from);
        }
    }

    /// Nearly everybody leaves; those who came of late may still be there.
    fn departure(&mut self) {
        if self.day() > date(2025, 12, 1) && self.random.in_a_thousand(300) {
            return;
        }
        match self.random.weighted([985, 15].into_iter()) {
            0 => self.later(kind::DISCHARGED, 0, 9, Hours::Day),
            _ => self.later(kind::DEATH, 0, 9, Hours::Any),
        }
    }

    /// An entry so many days after the one before.
    fn later(&mut self, kind: u8, least: i64, most: i64, hours: Hours) {
        let day = self.day().saturating_add(self.random.between(least, most).days());
        self.entry(kind, day, hours);
    }

    fn day(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// An entry at some time of a day, after the entry before.
    fn entry(&mut self, kind: u8, day: Date, hours: Hours) {
        let seconds = self.second_of_day(hours);
        let midnight = day.to_zoned(self.zone.clone()).map(|at| at.timestamp()).unwrap_or_default();
        let wall = day.at(0, 0, 0, 0).saturating_add(seconds.seconds());
        let at = wall.to_zoned(self.zone.clone()).map_or(midnight, |at| at.timestamp());
        if at <= self.now {
            self.now += self.random.between(1, 7_200).seconds();
        } else {
            self.now = at;
        }
        self.push(kind);
    }

    fn second_of_day(&mut self, hours: Hours) -> i64 {
        let (least, most) = match hours {
            Hours::Day if self.random.in_a_thousand(850) => (8 * 3600, 16 * 3600),
            Hours::Day | Hours::Any => (0, 86_399),
        };
        match self.random.between(0, 99) {
            0..=2 => 14 * 3600,
            3..=5 => 15 * 3600,
            6 => 15 * 3600 + 1,
            _ => self.random.between(least, most),
        }
    }

    fn push(&mut self, kind: u8) {
        let stays = &mut self.stays;
        stays.case.push(self.case);
        stays.kind.push(kind);
        stays.at.push(nanos(self.now));
        stays.received.push(NO_TIME);
        stays.care.push(NO_WORD);
        stays.municipality.push(NO_WORD);
        stays.need.push(NO_WORD);
        stays.answer.push(NO_WORD);
        stays.from.push(NO_DAY);
    }
}

/// When in the day an entry comes.
#[derive(Clone, Copy)]
enum Hours {
    /// At any time.
    Any,
    /// Mostly while people are at work.
    Day,
}

fn day_number(day: Date) -> i32 {
    day.since(date(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Reads all stays; the bytes of each follow those of the one before.
///
/// # Errors
/// Where the program has no reply duty or no meter.
pub fn read_all(program: &Program, batch: &Batch<'_>, into: &mut Vec<u8>) -> Result<(), Trouble> {
    let [duty_id, meter_id] = ASKED;
    let duty = program.duties().iter().position(|name| name.id.as_str() == duty_id).ok_or("no reply duty")?;
    let meter = program.meters().iter().position(|name| name.id.as_str() == meter_id).ok_or("no meter")?;
    into.clear();
    into.resize(batch.cases() * WIDTH, 0);
    let mut reader = batch.totals();
    let mut totals = Totals::default();
    let as_of = as_of();
    for (case, bytes) in into.chunks_exact_mut(WIDTH).enumerate() {
        reader.read(case, as_of, &mut totals);
        put(totals.statuses[duty], totals.meters[meter], bytes);
    }
    Ok(())
}

fn put(statuses: u8, days: MeterTotal, bytes: &mut [u8]) {
    bytes[0] = statuses;
    bytes[1..3].copy_from_slice(&u16::try_from(days.count).unwrap_or(u16::MAX).to_le_bytes());
    // Without a known price: less than nothing.
    bytes[3..].copy_from_slice(&days.amount.map_or(-1, |amount| amount.0).to_le_bytes());
}
