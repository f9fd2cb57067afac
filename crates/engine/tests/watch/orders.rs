//! Any order of arrival, under any agreement: at any time the same as a reading of the whole log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};
use samspill_base::Entry;
use samspill_engine::{
    Dates,
    program::Program,
    watch::{Arrival, Event, Watch},
};

use crate::{
    logs::{Reading, reading},
    parts::{AgreementParts, LogParts, agreements, logs},
    stated::{Logs, holds},
    tape::{Seed, Tape},
    versions::{loaded_once, written},
    words::vocabulary,
};

const LOGS: usize = 12;

#[test]
fn whatever_the_order_of_arrival_a_watch_says_what_a_reading_of_all_says() {
    let usual = ProptestConfig::default();
    let config = ProptestConfig {
        cases: (usual.cases / 32).max(1),
        failure_persistence: None,
        max_shrink_time: 60_000,
        ..usual
    };
    let order = proptest::collection::vec(any::<u8>(), 600);
    let result = TestRunner::new(config)
        .run(&(logs(LOGS), agreements(), order), |(logs, agreement, order)| taken(&agreement, &logs, &order));
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

fn taken(agreement: &AgreementParts, logs: &[LogParts], order: &Seed) -> Result<(), TestCaseError> {
    let loaded = loaded_once(&written(agreement)).map_err(TestCaseError::fail)?;
    let words = vocabulary();
    let readings: Vec<Reading> =
        logs.iter().zip(1..).map(|(log, number)| reading(log, &words, &format!("sak-{number}"))).collect();
    let mut times: Vec<Timestamp> = readings.iter().flat_map(|reading| reading.as_of.clone()).collect();
    times.sort();
    for dates in [Dates::InForce, Dates::NewestAlways] {
        let mut tape = Tape::of(order);
        let program = Program::compile(&loaded, dates);
        let mut watch = Watch::new(program.clone());
        let mut so_far = Logs::new();
        let arrivals = shuffled(&readings, &mut tape);
        let part = (arrivals.len() / 4).max(1);
        for (number, some) in arrivals.chunks(part).enumerate() {
            for entry in some {
                let change = watch.take(&Event::from(entry));
                prop_assert_eq!(change.arrival, Arrival::New);
                so_far.entry(entry.case.clone()).or_default().push(entry.clone());
                if tape.once_in(8) {
                    let change = watch.take(&Event::from(entry));
                    prop_assert_eq!((change.arrival, change.duties.len()), (Arrival::Again, 0));
                }
            }
            holds(&mut watch, &so_far, "after entries")?;
            let at = times[(number * times.len() / 5).min(times.len() - 1)];
            watch.advance(at, |_, _| ());
            holds(&mut watch, &so_far, "after time")?;
            let mut bytes = Vec::new();
            watch.write_snapshot(&mut bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let again = Watch::read_snapshot(program.clone(), bytes.as_slice());
            watch = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
            holds(&mut watch, &so_far, "after a snapshot")?;
        }
    }
    Ok(())
}

/// The entries of all cases, in any order.
fn shuffled(readings: &[Reading], tape: &mut Tape<'_>) -> Vec<Entry> {
    let mut all: BTreeMap<(usize, usize), Entry> = BTreeMap::new();
    for entry in readings.iter().flat_map(|reading| &reading.log.entries) {
        all.insert((tape.number(256), all.len()), entry.clone());
    }
    all.into_values().collect()
}
