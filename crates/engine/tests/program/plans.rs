//! A program asked about some rules alone says of them what the whole program says; where it can, by plans.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};
use samspill_agreement::model::{Agreement, Rate};
use samspill_base::{CaseLog, Columns, Ore, Position};
use samspill_engine::{
    Dates,
    program::{MeterTotal, Program, SetLayout, Totals, Verdicts},
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

/// What the sample reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reached {
    /// Programs that made plans.
    planned: u32,
    /// Programs that summed days up by plans, of which some counted.
    summed: u32,
}

impl std::ops::AddAssign for Reached {
    fn add_assign(&mut self, other: Self) {
        self.planned += other.planned;
        self.summed += other.summed;
    }
}

/// Reads all cases with programs asked about each rule alone and all at once.
fn holds(agreement: &Agreement, logs: &[CaseLog], as_of: Timestamp) -> Result<Reached, TestCaseError> {
    let mut reached = Reached::default();
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
            reached += hold(&whole, &part, &asked, &columns, as_of)?;
        }
    }
    Ok(reached)
}

fn hold(
    whole: &Program,
    part: &Program,
    asked: &[&str],
    columns: &Columns,
    as_of: Timestamp,
) -> Result<Reached, TestCaseError> {
    let (batch, part) = (whole.bind(columns), part.bind(columns));
    let (mut all, mut only, mut totals) = (batch.reader(), part.reader(), part.totals());
    let (mut expected, mut found) = (Verdicts::default(), Verdicts::default());
    let (mut sums, mut counted) = (Totals::default(), 0);
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
        totals.read(case, as_of, &mut sums);
        let must_be = summed(whole, &expected);
        if sums != must_be {
            let log = batch.case_log(case);
            let text = format!(
                "totals of {asked:?} as of {as_of}\n{log:#?}\n{sums:#?}\nmust be\n{must_be:#?}\nas these\n{expected:#?}"
            );
            return Err(TestCaseError::fail(text));
        }
        counted += sums.meters.iter().map(|meter| meter.count).sum::<u32>();
    }
    let summed = u32::from(totals.shapes() > 0 && counted > 0);
    Ok(Reached { planned: u32::from(part.is_planned()), summed })
}

/// The totals of verdicts, stated here once more: from the days that are listed, not from their count.
pub(crate) fn summed(program: &Program, verdicts: &Verdicts) -> Totals {
    let mut totals = Totals {
        statuses: vec![0; program.duties().len()],
        meters: vec![MeterTotal { count: 0, amount: Some(Ore::ZERO) }; program.meters().len()],
    };
    for duty in &verdicts.duties {
        totals.statuses[duty.duty as usize] |= SetLayout::bit(duty.status);
    }
    let mut days = verdicts.days.iter();
    for meter in &verdicts.meters {
        let listed: Vec<_> = days.by_ref().take(meter.days as usize).collect();
        let counting = || listed.iter().filter(|day| day.status.counts());
        let name = &program.meters()[meter.meter as usize];
        let version = &program.agreement().versions[name.version as usize];
        let has_price = version.meters.iter().any(|meter| meter.id == name.id && meter.rate != Rate::None);
        let cost = || counting().try_fold(Ore::ZERO, |sum, day| sum.checked_add(day.amount?));
        totals.meters[meter.meter as usize] = MeterTotal {
            count: u32::try_from(counting().count()).expect("few days"),
            amount: if has_price { cost() } else { Some(Ore::ZERO) },
        };
    }
    totals
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

/// As of after all is known, later, and at each edge of an entry in the middle.
fn instants(logs: &[CaseLog], last: Timestamp) -> [Timestamp; 5] {
    let hours = |hours: i64| last.saturating_add(SignedDuration::from_hours(hours)).expect("a time");
    let mut all: Vec<Timestamp> =
        logs.iter().flat_map(|log| &log.entries).map(|entry| entry.happened).collect();
    all.sort_unstable();
    let middle = all.get(all.len() / 2).copied().unwrap_or(last);
    let before = middle.saturating_sub(SignedDuration::from_nanos(1)).expect("a time");
    [last, hours(100), hours(24 * 40), middle, before]
}

fn holds_at_all(agreement: &Agreement, logs: &[CaseLog], last: Timestamp) -> Result<Reached, TestCaseError> {
    let mut reached = Reached::default();
    for as_of in instants(logs, last) {
        reached += holds(agreement, logs, as_of)?;
    }
    Ok(reached)
}

fn holds_for(agreement: &AgreementParts, logs: &[LogParts]) -> Result<Reached, TestCaseError> {
    let files = written(agreement);
    let loaded = loaded_once(&files).map_err(TestCaseError::fail)?;
    let words = vocabulary();
    let readings =
        logs.iter().zip(1..).map(|(parts, number)| reading(parts, &words, &format!("sak-{number}")));
    let (logs, last) = plain_logs(readings.collect());
    let text: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    let reached = holds_at_all(&loaded, &logs, last);
    reached.map_err(|difference| TestCaseError::fail(format!("{difference}\n{}", text.join("\n# ----\n"))))
}

/// Runs a property, and tells what its sample reached.
fn reached<S: Strategy>(
    cases: u32,
    strategy: &S,
    of: &str,
    property: impl Fn(S::Value) -> Result<Reached, TestCaseError>,
) -> Reached {
    let usual = ProptestConfig::default();
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_time: 90_000, ..usual };
    let reached = Cell::new(Reached::default());
    let result = TestRunner::new(config).run(strategy, |sample| {
        let mut all = reached.get();
        all += property(sample)?;
        reached.set(all);
        Ok(())
    });
    match result {
        Ok(()) => println!("{of}: {:?}", reached.get()),
        Err(TestError::Fail(reason, _)) => panic!("{of}: {reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
    reached.get()
}

#[test]
fn some_rules_alone_say_what_they_say_among_all() {
    let cases = (ProptestConfig::default().cases / 8).max(1);
    let sample = (logs(LOGS), prop_oneof![agreements(), agreements().prop_map(with_few_sorts_of_rules)]);
    let reached =
        reached(cases, &sample, "random agreements", |(logs, agreement)| holds_for(&agreement, &logs));
    assert!(reached.planned > 0 || cases < 16, "random rules make plans: {reached:?}");
}

/// The agreement without what keeps plans from being made for any of its duties and meters.
fn with_few_sorts_of_rules(mut agreement: AgreementParts) -> AgreementParts {
    agreement.versions.truncate(1);
    for version in &mut agreement.versions {
        version.windows.clear();
        version.requirements.clear();
    }
    agreement
}

#[test]
fn shipped_rules_alone_say_what_they_say_among_all() {
    let mut has_unn = false;
    for shipped in shipped() {
        let words = vocabulary_of(&shipped.agreement);
        let reached = reached(4, &logs(LOGS), &shipped.name, |logs| {
            let readings =
                logs.iter().zip(1..).map(|(parts, number)| reading(parts, &words, &number.to_string()));
            let (logs, last) = plain_logs(readings.collect());
            holds_at_all(&shipped.agreement, &logs, last)
        });
        if shipped.agreement.id.as_str() == "unn" {
            has_unn = true;
            assert!(reached.planned > 100, "rules of an agreement in use make plans: {reached:?}");
        }
    }
    assert!(has_unn, "the agreement that must make plans is among those shipped");
}
