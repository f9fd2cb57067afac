//! What a watch must say, stated from whole readings.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::test_runner::TestCaseError;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Columns, Entry, Position};
use samspill_engine::{
    Dates, Due, DutyStatus,
    program::{Program, Verdicts},
    watch::{Passed, Watch},
};

/// A duty with its limit: when, case, duty, trigger, how it stands, and whether it is neither done nor closed.
pub(crate) type Told = (Timestamp, String, u32, Position, Passed, bool);

/// The logs as they are so far, by case.
pub(crate) type Logs = BTreeMap<String, Vec<Entry>>;

/// The verdicts on each case, by a batch over the entries in the order of their positions.
pub(crate) fn batch(program: &Program, logs: &Logs, as_of: Timestamp) -> BTreeMap<String, Verdicts> {
    let logs: Vec<CaseLog> = logs
        .iter()
        .map(|(case, entries)| {
            let mut entries = entries.clone();
            entries.sort_by_key(|entry| entry.position);
            CaseLog { case: case.clone(), entries }
        })
        .collect();
    let columns = Columns::of_cases(&logs);
    let batch = program.bind(&columns);
    let read = |(case, name): (usize, &str)| {
        let mut verdicts = Verdicts::default();
        batch.read(case, as_of, &mut verdicts);
        (name.to_owned(), verdicts)
    };
    columns.cases.iter().enumerate().map(read).collect()
}

/// All that isn't done in time, found by looking at every verdict.
pub(crate) fn scan(verdicts: &BTreeMap<String, Verdicts>) -> Vec<Told> {
    let mut told = Vec::new();
    for (case, verdicts) in verdicts {
        for duty in &verdicts.duties {
            let Due::At(due) = duty.due else { continue };
            let passed = match duty.status {
                DutyStatus::Open => Passed::NotYet,
                DutyStatus::Missed => Passed::Missed,
                DutyStatus::Late => Passed::Late,
                DutyStatus::Kept | DutyStatus::Waived => continue,
            };
            let is_undone = duty.fulfilled.is_none() && duty.closed.is_none();
            told.push((due, case.clone(), duty.duty, duty.trigger, passed, is_undone));
        }
    }
    told.sort();
    told
}

/// Holds a watch to the logs it has taken.
///
/// # Errors
/// What is otherwise.
pub(crate) fn holds(watch: &mut Watch, logs: &Logs, what: &str) -> Result<(), TestCaseError> {
    let now = watch.now();
    let verdicts = batch(&watch.program().clone(), logs, now);
    let mut names: Vec<String> = watch.cases().map(str::to_owned).collect();
    names.sort();
    is_same(what, "cases", &names, &logs.keys().cloned().collect::<Vec<_>>())?;
    for (case, expected) in &verdicts {
        let mut found = Verdicts::default();
        if !watch.read(case, now, &mut found) || found != *expected {
            let log = watch.log(case);
            let told = format!(
                "{what}: {case} as of {now}\n{found:#?}\nmust be\n{expected:#?}\n{log:#?}\n{:#?}",
                logs[case]
            );
            return Err(TestCaseError::fail(told));
        }
    }
    holds_due(watch, &scan(&verdicts), now, what)
}

const SPANS: usize = 96;

/// Holds the index of limits to a scan of all verdicts, over many spans of time.
fn holds_due(watch: &mut Watch, all: &[Told], now: Timestamp, what: &str) -> Result<(), TestCaseError> {
    let instants: Vec<Timestamp> = all.iter().map(|told| told.0).chain([now]).collect();
    // A log with many limits costs much for each span: some thirty are enough to meet every kind of end.
    let step = 1 + instants.len() / SPANS;
    let spans = instants.iter().step_by(3 * step).zip(instants.iter().rev().step_by(2 * step));
    let whole = (Timestamp::MIN, Timestamp::MAX);
    for (from, until) in spans.map(|(from, until)| (*from, *until)).chain([whole]) {
        let within = |told: &&Told| from <= told.0 && told.0 < until;
        let due = |passed: bool| {
            all.iter()
                .filter(within)
                .filter(move |told| if passed { told.4 != Passed::NotYet } else { told.5 })
        };
        let tell = |due: samspill_engine::watch::DueDuty<'_>| {
            (due.due, due.case.to_owned(), due.duty, due.trigger, due.passed)
        };
        let short = |told: &Told| (told.0, told.1.clone(), told.2, told.3, told.4);
        let mut found: Vec<_> = watch.due_between(from, until).map(tell).collect();
        if !found.is_sorted_by_key(|told| told.0) {
            return Err(TestCaseError::fail(format!("{what}: not in the order of limits")));
        }
        found.sort();
        is_same(what, "due", &found, &due(false).map(short).collect::<Vec<_>>())?;
        let mut found: Vec<_> = watch.became_late(from, until).map(tell).collect();
        found.sort();
        let expected: Vec<_> = due(true).filter(|told| told.0 < now).map(short).collect();
        is_same(what, "late", &found, &expected)?;
    }
    Ok(())
}

fn is_same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    of: &str,
    found: &T,
    expected: &T,
) -> Result<(), TestCaseError> {
    if found == expected {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what}, {of}: {found:#?}\nmust be\n{expected:#?}")))
}

/// A watch under an agreement.
pub(crate) fn watch(agreement: &Agreement) -> Watch {
    Watch::new(Program::compile(agreement, Dates::InForce))
}
