//! A program asked about some rules alone says of them what the whole program says; where it can, by plans.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Columns, Position};
use samspill_engine::{
    Dates,
    program::{Program, Verdicts},
};

use crate::{
    files::shipped,
    logs::{Reading, reading},
    parts::{AgreementParts, LogParts, agreements, logs},
    shipped::vocabulary_of,
    versions::{loaded_once, written},
    words::vocabulary,
};

/// Logs for each agreement.
const LOGS: usize = 60;

/// The log with what plans need: entries in the order of time, in years that calendars cover, known as they happen.
fn plain(mut log: CaseLog, first: u64) -> CaseLog {
    let years: std::ops::Range<Timestamp> =
        "2020-02-01T00:00Z".parse().expect("a time").."2030-01-01T00:00Z".parse().expect("a time");
    log.entries.retain(|entry| years.contains(&entry.happened));
    log.entries.sort_by_key(|entry| entry.happened);
    for (place, entry) in (first..).zip(&mut log.entries) {
        entry.position = Position(place);
        (entry.recorded, entry.as_of) = (None, None);
        let happened = entry.happened;
        for time in [&mut entry.sent, &mut entry.received, &mut entry.acknowledged] {
            *time = time.filter(|time| *time >= happened && years.contains(time));
        }
    }
    log
}

fn plain_logs(readings: Vec<Reading>) -> (Vec<CaseLog>, Timestamp) {
    let mut first = 1;
    let mut logs = Vec::new();
    for reading in readings {
        let log = plain(reading.log, first);
        first += log.entries.len() as u64;
        if !log.entries.is_empty() {
            logs.push(log);
        }
    }
    let times = logs.iter().flat_map(|log| &log.entries).flat_map(|entry| {
        [Some(entry.happened), entry.sent, entry.received, entry.acknowledged].into_iter().flatten()
    });
    let last = times.max().unwrap_or(Timestamp::UNIX_EPOCH);
    (logs, last)
}

/// Reads all cases with programs asked about each rule alone and all at once; how many such programs made plans.
fn holds(agreement: &Agreement, logs: &[CaseLog], as_of: Timestamp) -> Result<u32, TestCaseError> {
    let mut planned = 0;
    let columns = Columns::of_cases(logs);
    for dates in [Dates::InForce, Dates::NewestAlways] {
        let whole = Program::compile(agreement, dates);
        let ids = |program: &Program| -> Vec<String> {
            let duties = program.duties().iter().map(|name| name.id.to_string());
            duties.chain(program.meters().iter().map(|name| name.id.to_string())).collect()
        };
        let all = ids(&whole);
        let asked: Vec<Vec<&str>> = all
            .iter()
            .map(|id| vec![id.as_str()])
            .chain([all.iter().map(String::as_str).collect()])
            .collect();
        for asked in asked {
            let part = whole.clone().only(&asked);
            planned += u32::from(part.bind(&columns).is_planned());
            hold(&whole, &part, &asked, &columns, as_of)?;
        }
    }
    Ok(planned)
}

fn hold(
    whole: &Program,
    part: &Program,
    asked: &[&str],
    columns: &Columns,
    as_of: Timestamp,
) -> Result<(), TestCaseError> {
    let (batch, part) = (whole.bind(columns), part.bind(columns));
    let (mut all, mut only) = (batch.reader(), part.reader());
    let (mut expected, mut found) = (Verdicts::default(), Verdicts::default());
    for case in 0..batch.cases() {
        all.read(case, as_of, &mut expected);
        only.read(case, as_of, &mut found);
        keep(whole, asked, &mut expected);
        if found != expected {
            let log = batch.case_log(case);
            let text =
                format!("asked about {asked:?} as of {as_of}\n{log:#?}\n{found:#?}\nmust be\n{expected:#?}");
            return Err(TestCaseError::fail(text));
        }
    }
    Ok(())
}

/// Leaves in the verdicts only what is asked about.
fn keep(program: &Program, asked: &[&str], verdicts: &mut Verdicts) {
    verdicts.findings.clear();
    verdicts.duties.retain(|duty| asked.contains(&program.duties()[duty.duty as usize].id.as_str()));
    let mut days = std::mem::take(&mut verdicts.days).into_iter();
    verdicts.meters.retain(|meter| {
        let own: Vec<_> = days.by_ref().take(meter.days as usize).collect();
        let is_asked = asked.contains(&program.meters()[meter.meter as usize].id.as_str());
        verdicts.days.extend(own.into_iter().filter(|_| is_asked));
        is_asked
    });
}

fn holds_for(agreement: &AgreementParts, logs: &[LogParts]) -> Result<u32, TestCaseError> {
    let files = written(agreement);
    let loaded = loaded_once(&files).map_err(TestCaseError::fail)?;
    let words = vocabulary();
    let readings =
        logs.iter().zip(1..).map(|(parts, number)| reading(parts, &words, &format!("sak-{number}")));
    let (logs, last) = plain_logs(readings.collect());
    let text: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    let later = last.saturating_add(SignedDuration::from_hours(100)).expect("a time");
    let planned = holds(&loaded, &logs, last).and_then(|planned| Ok(planned + holds(&loaded, &logs, later)?));
    planned.map_err(|difference| TestCaseError::fail(format!("{difference}\n{}", text.join("\n# ----\n"))))
}

#[test]
fn some_rules_alone_say_what_they_say_among_all() {
    let usual = ProptestConfig::default();
    let cases = (usual.cases / 8).max(1);
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_time: 90_000, ..usual };
    let planned = Cell::new(0);
    let result = TestRunner::new(config).run(&(logs(LOGS), agreements()), |(logs, agreement)| {
        planned.set(planned.get() + holds_for(&agreement, &logs)?);
        Ok(())
    });
    match result {
        Ok(()) => println!("{} programs made plans", planned.get()),
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

#[test]
fn shipped_rules_alone_say_what_they_say_among_all() {
    for shipped in shipped() {
        let words = vocabulary_of(&shipped.agreement);
        let planned = Cell::new(0);
        let config = ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() };
        let result = TestRunner::new(config).run(&logs(LOGS), |logs| {
            let readings =
                logs.iter().zip(1..).map(|(parts, number)| reading(parts, &words, &number.to_string()));
            let (logs, last) = plain_logs(readings.collect());
            planned.set(planned.get() + holds(&shipped.agreement, &logs, last)?);
            Ok(())
        });
        match result {
            Ok(()) => println!("{}: {} programs made plans", shipped.name, planned.get()),
            Err(TestError::Fail(reason, _)) => panic!("{}: {reason}", shipped.name),
            Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
        }
    }
}
