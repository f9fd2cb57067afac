//! What a program must say: the verdicts that the readable evaluation comes to, stated here once more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::test_runner::TestCaseError;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Columns};
use samspill_engine::{
    Dates, DutyReading, DutyStatus, Engine, EntryRef, Evaluation, Finding, FindingEffect, MeterReading,
    SetAsideWhy,
    program::{DayVerdict, DutyVerdict, FindingVerdict, MeterVerdict, Program, Verdicts},
};

use crate::{logs::Reading, shapes::Shape};

/// The verdicts of an evaluation.
pub(crate) fn verdicts(program: &Program, evaluation: &Evaluation) -> Verdicts {
    let namer = Namer { program };
    let days = evaluation.meters.iter().flat_map(|meter| &meter.days);
    let unknown = evaluation.set_aside.iter().filter(|aside| aside.why == SetAsideWhy::UnknownKind);
    let days = days.map(|day| DayVerdict {
        date: day.date,
        status: day.status,
        is_final: day.is_final,
        number: day.number,
        amount: day.amount,
    });
    Verdicts {
        duties: evaluation.duties.iter().map(|duty| namer.duty(duty)).collect(),
        findings: evaluation.findings.iter().map(|finding| namer.finding(finding)).collect(),
        meters: evaluation.meters.iter().map(|meter| namer.meter(meter)).collect(),
        days: days.collect(),
        unknown_kinds: unknown.map(|aside| aside.position).collect(),
        version: namer.version(&evaluation.version).expect("a case follows a version"),
    }
}

struct Namer<'p> {
    program: &'p Program,
}

impl Namer<'_> {
    /// The number of a version; none where the reading names none.
    fn version(&self, called: &str) -> Option<u32> {
        let versions = &self.program.agreement().versions;
        let found = versions.iter().position(|version| version.version == called);
        assert!(found.is_some() || called.is_empty(), "there is no version «{called}»");
        found.map(number)
    }

    fn duty(&self, duty: &DutyReading) -> DutyVerdict {
        let version = self.version(&duty.version);
        let is_it =
            |name: &samspill_engine::program::DutyName| Some(name.version) == version && name.id == duty.duty;
        let place = |entry: &EntryRef| (entry.position, entry.at);
        DutyVerdict {
            duty: number(self.program.duties().iter().position(is_it).expect("a duty of the program")),
            trigger: duty.trigger.position,
            triggered: duty.triggered,
            due: duty.due,
            status: duty.status,
            fulfilled: duty.fulfilled.as_ref().map(place),
            closed: duty.closed.as_ref().map(place),
        }
    }

    fn finding(&self, finding: &Finding) -> FindingVerdict {
        let version = self.version(&finding.version);
        let is_it =
            |name: &samspill_engine::program::RuleName| name.version == version && name.id == finding.rule;
        FindingVerdict {
            rule: number(self.program.rules().iter().position(is_it).expect("a rule of the program")),
            effect: finding.effect,
            entry: finding.entry.as_ref().map(|entry| entry.position),
            at: finding.at,
        }
    }

    fn meter(&self, meter: &MeterReading) -> MeterVerdict {
        let version = self.version(&meter.version);
        let is_it = |name: &samspill_engine::program::MeterName| {
            Some(name.version) == version && name.id == meter.meter
        };
        MeterVerdict {
            meter: number(self.program.meters().iter().position(is_it).expect("a meter of the program")),
            count: meter.count,
            amount: meter.amount,
            payer: meter.payer.clone(),
            days: number(meter.days.len()),
            waivers: number(meter.waived_by.len()),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("few")
}

/// Both ways of choosing versions.
pub(crate) const DATES: [Dates; 2] = [Dates::InForce, Dates::NewestAlways];

/// The sets of an evaluation: for each duty its statuses, then for each rule about entries whether one broke it.
fn sets(program: &Program, evaluation: &Evaluation) -> Vec<u8> {
    let namer = Namer { program };
    let duties = program.duties().iter().map(|name| {
        let own =
            |duty: &&DutyReading| namer.version(&duty.version) == Some(name.version) && duty.duty == name.id;
        evaluation.duties.iter().filter(own).fold(0, |set, duty| set | bit(duty.status))
    });
    let rules = program.sets().rules().iter().map(|(version, id)| {
        let own = |finding: &Finding| {
            namer.version(&finding.version) == Some(*version)
                && finding.rule.as_str() == id
                && is_about_an_entry(finding.effect)
        };
        u8::from(evaluation.findings.iter().any(own))
    });
    duties.chain(rules).collect()
}

fn bit(status: DutyStatus) -> u8 {
    match status {
        DutyStatus::Kept => 0b1,
        DutyStatus::Late => 0b10,
        DutyStatus::Missed => 0b100,
        DutyStatus::Open => 0b1000,
        DutyStatus::Waived => 0b1_0000,
    }
}

fn is_about_an_entry(effect: FindingEffect) -> bool {
    match effect {
        FindingEffect::Void | FindingEffect::Warn | FindingEffect::CountsFromNextOpening => true,
        FindingEffect::Contestable
        | FindingEffect::Undecided
        | FindingEffect::Unpriced
        | FindingEffect::CancelsNothing => false,
    }
}

/// Holds the program to the readable evaluator: all logs in one batch, the rows of the cases among each other.
///
/// # Errors
/// The first log that is read otherwise, with both readings.
pub(crate) fn is_read_the_same(agreement: &Agreement, readings: &[Reading]) -> Result<(), TestCaseError> {
    is_read_the_same_as(agreement, readings, Shape::Apart)
}

/// The same, the rows of the log in this shape.
pub(crate) fn is_read_the_same_as(
    agreement: &Agreement,
    readings: &[Reading],
    shape: Shape,
) -> Result<(), TestCaseError> {
    let columns = shape.columns(readings);
    let by_name: BTreeMap<&str, &Reading> =
        readings.iter().map(|reading| (reading.log.case.as_str(), reading)).collect();
    let cases: Vec<(CaseLog, &[Timestamp])> = columns
        .cases
        .iter()
        .enumerate()
        .map(|(case, name)| (shape.log(&columns, case, by_name[name]), by_name[name].as_of.as_slice()))
        .collect();
    for dates in DATES {
        hold_batch(&Program::compile(agreement, dates), dates, &columns, &cases)?;
    }
    Ok(())
}

fn hold_batch(
    program: &Program,
    dates: Dates,
    columns: &Columns,
    cases: &[(CaseLog, &[Timestamp])],
) -> Result<(), TestCaseError> {
    let engine = Engine::new(program.agreement()).with_dates(dates);
    let batch = program.bind(columns);
    // One reader for all cases: what it remembers of one must not be seen in the next.
    let mut reader = batch.reader();
    let mut found = Verdicts::default();
    let mut found_sets = vec![0xff; program.sets().width()];
    for (case, (log, instants)) in cases.iter().enumerate() {
        if batch.own_as_of(case) != log.as_of() {
            return Err(TestCaseError::fail(format!("{} is read as of another instant", log.case)));
        }
        for as_of in *instants {
            let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                reader.read(case, *as_of, &mut found);
                reader.read_sets(case..case + 1, *as_of, &mut found_sets);
            }))
            .is_err();
            let as_of = log.as_of().unwrap_or(*as_of);
            let evaluation = engine.evaluate(log, as_of);
            let expected = verdicts(program, &evaluation);
            if panicked || found != expected {
                let difference = difference(program, dates, log, as_of, &found, &expected);
                return Err(TestCaseError::fail(difference));
            }
            let expected = sets(program, &evaluation);
            if found_sets != expected {
                let both = format!("sets by the program: {found_sets:?}\nas they must be: {expected:?}");
                let text = format!("\n{} as of {as_of}, {dates:?}\n{}{both}", log.case, as_text(log));
                return Err(TestCaseError::fail(text));
            }
        }
    }
    Ok(())
}

/// Holds the sets of all cases, read at once as of one instant, to the readable evaluator.
///
/// # Errors
/// The first case with other sets.
pub(crate) fn has_the_same_sets(
    agreement: &Agreement,
    readings: &[Reading],
    shape: Shape,
    as_of: Timestamp,
) -> Result<(), TestCaseError> {
    let columns = shape.columns(readings);
    for dates in DATES {
        let program = Program::compile(agreement, dates);
        let batch = program.bind(&columns);
        let width = program.sets().width();
        let mut found = vec![0xff; width * batch.cases()];
        batch.reader().read_sets(0..batch.cases(), as_of, &mut found);
        for case in 0..batch.cases() {
            let log = batch.case_log(case);
            let as_of = log.as_of().unwrap_or(as_of);
            let expected = sets(&program, &Engine::new(agreement).with_dates(dates).evaluate(&log, as_of));
            let found = &found[case * width..][..width];
            if found != expected {
                let both = format!("sets by the program: {found:?}\nas they must be: {expected:?}");
                let text = format!("\n{} as of {as_of}, {dates:?}\n{}{both}", log.case, as_text(&log));
                return Err(TestCaseError::fail(text));
            }
        }
    }
    Ok(())
}

fn difference(
    program: &Program,
    dates: Dates,
    log: &CaseLog,
    as_of: Timestamp,
    found: &Verdicts,
    expected: &Verdicts,
) -> String {
    let mut text = format!("\n{} as of {as_of}, {dates:?}\n{}", log.case, as_text(log));
    let mut compare = |what: &str, found: String, expected: String| {
        if found != expected {
            text.push_str(&format!("{what}, by the program: {found}\n{what}, as it must be: {expected}\n"));
        }
    };
    compare("duties", format!("{:#?}", found.duties), format!("{:#?}", expected.duties));
    compare("findings", format!("{:#?}", found.findings), format!("{:#?}", expected.findings));
    compare("meters", format!("{:#?}", found.meters), format!("{:#?}", expected.meters));
    compare("days", format!("{:#?}", found.days), format!("{:#?}", expected.days));
    compare("unknown kinds", format!("{:?}", found.unknown_kinds), format!("{:?}", expected.unknown_kinds));
    compare("version", found.version.to_string(), expected.version.to_string());
    let named = |verdicts: &Verdicts| -> Vec<String> {
        let duties = verdicts.duties.iter().map(|duty| format!("{:?}", program.duties()[duty.duty as usize]));
        let rules =
            verdicts.findings.iter().map(|finding| format!("{:?}", program.rules()[finding.rule as usize]));
        duties.chain(rules).collect()
    };
    text + &format!("named: {:?}\n", named(expected))
}

/// A log as lines that a person can read.
pub(crate) fn as_text(log: &CaseLog) -> String {
    let mut text = String::new();
    for entry in &log.entries {
        text.push_str(&format!("  {} {} {:?}", entry.position.0, entry.happened, entry.kind));
        let times = [
            ("sent", entry.sent),
            ("received", entry.received),
            ("acknowledged", entry.acknowledged),
            ("recorded", entry.recorded),
            ("as of", entry.as_of),
        ];
        for (name, at) in times {
            text.push_str(&at.map(|at| format!(" {name} {at}")).unwrap_or_default());
        }
        let id = entry.id.as_ref().map(|id| format!(" id {id:?}")).unwrap_or_default();
        text.push_str(&format!("{id} facts {:?} body {:?}\n", entry.facts, entry.body));
    }
    text
}
