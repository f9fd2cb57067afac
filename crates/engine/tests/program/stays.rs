//! Stays as hospitals have them, under an agreement in use: totals by plans equal the days that the readable evaluator lists.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};
use samspill_base::{CaseLog, Columns, Entry, Position, Value};
use samspill_engine::{
    Dates,
    program::{Program, Totals},
};

use crate::{files::shipped, plans::summed, same::verdicts, tape::Tape};

const ASKED: [&str; 2] = ["svar-utskrivningsklar", "betalingsdogn"];

/// Days around Easter, clock changes, and years whose price is known or isn't.
const STARTS: [&str; 6] =
    ["2024-03-26", "2024-10-25", "2023-12-27", "2025-12-22", "2024-05-14", "2024-03-30"];

/// Clock times at and beside what the reply duty asks for.
const CLOCKS: [&str; 12] = [
    "10:00:00",
    "14:00:00",
    "13:59:59.999999999",
    "14:00:00.000000001",
    "15:00:00",
    "15:00:00.000000001",
    "00:00:00",
    "23:59:59.999999999",
    "02:30:00",
    "02:00:00",
    "03:00:00",
    "08:00:00",
];

/// What replies say of the day from which the municipality can receive; some of it is no day, or beyond all calendars.
const FROM: [&str; 12] = [
    "2024-04-02",
    "2024-10-28T12:00",
    "2024-04-08",
    "2024-01-02",
    "2023-12-29",
    "2026-01-05",
    "2024-05-21",
    "snarest",
    "1850-01-01",
    "2250-01-01",
    "9999-12-31",
    "1900-01-01",
];

/// What may come after a stay has begun, the usual things first and more than once.
const KINDS: [&str; 16] = [
    "utskrivningsklar",
    "svar-utskrivningsklar",
    "avmelding",
    "helseopplysninger",
    "utskrivningsklar",
    "svar-utskrivningsklar",
    "utskrevet",
    "svar-utskrivningsklar",
    "helseopplysninger",
    "utskrivningsklar",
    "samarbeidsmote",
    "moteoppsummering",
    "dodsfall",
    "tidligmelding",
    "innlagt",
    "noe-ukjent",
];

fn oslo(day: DateTime) -> Timestamp {
    day.to_zoned(TimeZone::get("Europe/Oslo").expect("a zone")).expect("a time").timestamp()
}

/// A stay in the order of time; some entries share an instant.
fn stay(seed: &[u8], case: &str, position: &mut u64) -> CaseLog {
    let seed = seed.to_vec();
    let mut tape = Tape::of(&seed);
    let mut day: DateTime = format!("{}T00:00", tape.pick(&STARTS)).parse().expect("a day");
    let mut last = Timestamp::MIN;
    let mut log = CaseLog { case: case.to_owned(), entries: Vec::new() };
    let begun = ["innlagt", "tidligmelding", "helseopplysninger"].map(str::to_owned);
    let more = (0..tape.number(9)).map(|_| tape.pick(&KINDS).to_owned()).collect::<Vec<_>>();
    for kind in begun.into_iter().chain(more) {
        let clock = format!("{}T{}", day.date(), tape.pick(&CLOCKS)).parse().expect("a time");
        let at = oslo(clock).max(last);
        let mut entry = Entry::new(case, kind, Position(*position), at);
        say(&mut tape, &mut entry);
        *position += 1;
        last = at;
        log.entries.push(entry);
        day = day.saturating_add(SignedDuration::from_hours(24 * [0, 1, 0, 3, 0, 11][tape.number(6)]));
    }
    // Without the early notice, or the information, a ready notice is void.
    if tape.once_in(8) {
        log.entries.remove(1 + tape.number(2));
    }
    log
}

fn say(tape: &mut Tape<'_>, entry: &mut Entry) {
    match entry.kind.as_str() {
        "innlagt" => {
            let care = tape.pick(&["somatikk", "somatikk", "phv", "tsb", ""]);
            entry.facts.insert("fagomrade".to_owned(), Value::text(care));
            entry.facts.insert("oppholdskommune".to_owned(), Value::text("kommune-1"));
        }
        "svar-utskrivningsklar" => {
            let body = entry.body.get_or_insert_default();
            body.insert("svar".to_owned(), Value::text(tape.pick(&["kan-ta-imot", "kan-ikke-ta-imot"])));
            if tape.once_in(2) {
                body.insert("fra".to_owned(), Value::text(tape.pick(&FROM)));
            }
        }
        "utskrivningsklar" if tape.once_in(2) => {
            let delay = [0, 1, 3_600, 86_400, -60][tape.number(5)];
            entry.received = Some(entry.happened + SignedDuration::from_secs(delay));
        }
        _ => {}
    }
}

/// At and just before each entry, at midnight after the last, and much later.
fn instants(logs: &[CaseLog]) -> Vec<Timestamp> {
    let mut all: Vec<Timestamp> = Vec::new();
    for entry in logs.iter().flat_map(|log| &log.entries).step_by(7) {
        all.extend([entry.happened, entry.happened - SignedDuration::from_nanos(1)]);
        all.extend(entry.received);
    }
    let later = ["2024-06-01T00:00", "2024-05-31T23:59:59.999999999", "2026-02-01T12:00"];
    all.extend(later.map(|at| oslo(at.parse().expect("a time"))));
    all
}

/// Reads stays both ways; how many days counted by plans.
fn holds(program: &Program, logs: &[CaseLog]) -> Result<u32, TestCaseError> {
    let columns = Columns::of_cases(logs);
    let batch = program.bind(&columns);
    let mut totals = batch.totals();
    let (mut found, mut counted) = (Totals::default(), 0);
    for as_of in instants(logs) {
        for (case, log) in logs.iter().enumerate() {
            let mut listed = verdicts(program, &program.explain(log, as_of));
            listed.duties.retain(|duty| ASKED.contains(&program.duties()[duty.duty as usize].id.as_str()));
            let expected = summed(program, &listed);
            totals.read(case, as_of, &mut found);
            if found != expected {
                let text =
                    format!("as of {as_of}\n{log:#?}\n{found:#?}\nmust be\n{expected:#?}\n{listed:#?}");
                return Err(TestCaseError::fail(text));
            }
            counted += found.meters.iter().map(|meter| meter.count).sum::<u32>();
        }
    }
    Ok(if totals.shapes() > 0 { counted } else { 0 })
}

#[test]
fn totals_of_stays_are_those_of_the_days_listed() {
    let shipped = shipped();
    let unn = shipped.iter().find(|shipped| shipped.agreement.id.as_str() == "unn").expect("it is shipped");
    let program = Program::compile(&unn.agreement, Dates::InForce).only(&ASKED);
    let counted = Cell::new(0);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let seeds = vec(vec(any::<u8>(), 60..=60), 1..=24);
    let outcome = TestRunner::new(config).run(&seeds, |seeds| {
        let mut position = 1;
        let logs: Vec<CaseLog> = (1..)
            .zip(&seeds)
            .map(|(number, seed)| stay(seed, &format!("opphold-{number}"), &mut position))
            .collect();
        counted.set(counted.get() + holds(&program, &logs)?);
        Ok(())
    });
    match outcome {
        Ok(()) => assert!(counted.get() > 10_000, "plans count days: {}", counted.get()),
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
    println!("{} days counted", counted.get());
}
