//! `samspill agreement test`: the test cases beside agreements.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    process::ExitCode,
};

use samspill_agreement::{
    CaseExpect, DaysStatus, ExpectedDue, ExpectedDuty, ExpectedFulfilment, ExpectedTotal, Outcome, Shows,
    TestCase,
    model::{Agreement, Version},
    parse_cases, render_diagnostics,
};
use samspill_engine::{DayStatus, Due, DutyReading, Engine, Evaluation, FindingEffect, MeterReading};
use samspill_shelf::{Found, load_all};

use crate::{agreements, output, trouble::Trouble};

/// Whether rules without cases are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    Named,
    Unsaid,
}

/// Runs the cases of every agreement; exit code 1 if any comes out otherwise than it says.
pub(crate) fn run(names: &[String], coverage: Coverage) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    let mut failed = 0;
    for (found, outcome) in load_all(names)? {
        failed += run_agreement(&mut out, &found, &outcome, coverage)?;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn run_agreement(
    out: &mut impl Write,
    found: &Found,
    outcome: &Outcome,
    coverage: Coverage,
) -> Result<usize, Trouble> {
    let Some(agreement) = &outcome.agreement else {
        let text = render_diagnostics(&outcome.diagnostics, &outcome.sources, agreements::look());
        writeln!(out, "{text}{}: the agreement has mistakes; its cases were not run", found.name)?;
        return Ok(1);
    };
    let (mut run, mut failed) = (0, 0);
    let mut shown = Shown::default();
    for version in &agreement.versions {
        for file in found.cases.get(&version.version).into_iter().flatten() {
            let (cases, mistakes) = parse_cases(file, version);
            if !mistakes.is_empty() {
                failed += mistakes.len();
                for mistake in &mistakes {
                    writeln!(out, "{}:{}: {}", file.name, mistake.at.place.line, mistake.message)?;
                }
            }
            for case in &cases {
                run += 1;
                shown.add(case);
                let wrong = wrong_in(agreement, version, case);
                failed += usize::from(!wrong.is_empty());
                for sentence in wrong {
                    writeln!(out, "{}:{}: «{}»: {sentence}", case.place.file, case.place.line, case.name)?;
                }
            }
        }
        let lacking = if coverage == Coverage::Named { shown.lacking(version) } else { Vec::new() };
        for rule in lacking {
            writeln!(out, "{} {}: note: {rule}", agreement.id, version.version)?;
        }
        shown = Shown::default();
    }
    writeln!(out, "{}: {run} cases, {failed} wrong", found.name)?;
    Ok(failed)
}

/// Which sides of which rules the cases show.
#[derive(Debug, Default)]
struct Shown {
    sides: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Shown {
    fn add(&mut self, case: &TestCase) {
        let side = match case.shows {
            Shows::Kept => "kept",
            Shows::Broken => "broken",
            Shows::Boundary => "boundary",
        };
        for rule in &case.rules {
            self.sides.entry(rule.clone()).or_default().insert(side);
        }
    }

    /// What no case shows of the version's rules.
    fn lacking(&self, version: &Version) -> Vec<String> {
        let duties = version.duties.iter().map(|rule| rule.id.to_string());
        let others = version.windows.iter().map(|rule| rule.id.to_string());
        let requirements = version.requirements.iter().map(|rule| rule.id.to_string());
        let contents = version.contents.iter().map(|rule| rule.id.to_string());
        let meters = version.meters.iter().map(|rule| rule.id.to_string());
        duties
            .chain(others)
            .chain(requirements)
            .chain(contents)
            .chain(meters)
            .filter_map(|rule| {
                let sides = self.sides.get(&rule).cloned().unwrap_or_default();
                let missing: Vec<_> =
                    ["kept", "broken", "boundary"].into_iter().filter(|side| !sides.contains(side)).collect();
                (!missing.is_empty()).then(|| format!("no case shows «{rule}» {}", missing.join(" or ")))
            })
            .collect()
    }
}

/// What comes out otherwise than the case says, as sentences.
fn wrong_in(agreement: &Agreement, version: &Version, case: &TestCase) -> Vec<String> {
    let evaluation = Engine::new(agreement).evaluate(&case.log, case.as_of);
    let mut wrong = Vec::new();
    wrong.extend(wrong_duties(&evaluation, &case.expect));
    wrong.extend(wrong_findings(&evaluation, &case.expect));
    wrong.extend(wrong_days(&evaluation, version, &case.expect));
    wrong
}

/// Expected duties stand in the order of the case; each takes the first reading after the one before that fits its id.
fn wrong_duties(evaluation: &Evaluation, expect: &CaseExpect) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for expected in &expect.duties {
        let place = taken.entry(expected.duty.as_str()).or_default();
        let reading = evaluation.duties.iter().filter(|duty| duty.duty.as_str() == expected.duty).nth(*place);
        *place += 1;
        match reading {
            None => wrong.push(format!("the duty {} isn't there", expected.duty)),
            Some(reading) => wrong.extend(wrong_duty(evaluation, expected, reading)),
        }
    }
    for duty in &expect.not_duties {
        if evaluation.duties.iter().any(|reading| reading.duty.as_str() == duty) {
            wrong.push(format!("the duty {duty} is there, and shouldn't be"));
        }
    }
    wrong
}

fn wrong_duty(evaluation: &Evaluation, expected: &ExpectedDuty, reading: &DutyReading) -> Vec<String> {
    let mut wrong = Vec::new();
    let id = &expected.duty;
    if !reading.status.is_in(expected.state) {
        wrong.push(format!("{id} is {}, not {}", reading.status.as_str(), expected.state.as_str()));
    }
    let time = |at: jiff::Timestamp| samspill_base::format_instant(at, &evaluation.zone);
    match (expected.due, reading.due) {
        (ExpectedDue::Any, _) | (ExpectedDue::None, Due::AtOnce | Due::NotYetKnown) => {}
        (ExpectedDue::At(expected), Due::At(due)) if is_same_limit(expected, due) => {}
        (ExpectedDue::At(expected), Due::At(due)) => {
            wrong.push(format!("{id} is due {}, not {}", time(due), time(expected)));
        }
        (ExpectedDue::None, Due::At(due)) => {
            wrong.push(format!("{id} is due {}, and should have no due time", time(due)));
        }
        (ExpectedDue::At(expected), Due::AtOnce | Due::NotYetKnown) => {
            wrong.push(format!("{id} has no due time, and should be due {}", time(expected)));
        }
    }
    match (expected.fulfilled, reading.fulfilled.as_ref().map(|done| done.at)) {
        (ExpectedFulfilment::Any, _) => {}
        (ExpectedFulfilment::At(expected), Some(done)) if expected == done => {}
        (ExpectedFulfilment::At(should), Some(done)) => {
            wrong.push(format!("{id} was fulfilled {}, not {}", time(done), time(should)));
        }
        (ExpectedFulfilment::At(_), None) => wrong.push(format!("{id} wasn't fulfilled")),
    }
    wrong
}

/// A case writes the last minute or second of a day for a limit that runs through it.
fn is_same_limit(expected: jiff::Timestamp, due: jiff::Timestamp) -> bool {
    let runs_through_day = due.subsec_nanosecond() == 999_999_999;
    let ahead = due.duration_since(expected);
    due == expected
        || (runs_through_day && !ahead.is_negative() && ahead < jiff::SignedDuration::from_mins(1))
}

fn wrong_findings(evaluation: &Evaluation, expect: &CaseExpect) -> Vec<String> {
    let found = |rule: &String| evaluation.findings.iter().any(|finding| finding.rule.as_str() == rule);
    let mut wrong = Vec::new();
    wrong.extend(
        expect.findings.iter().filter(|rule| !found(rule)).map(|rule| format!("no finding of {rule}")),
    );
    wrong.extend(
        expect
            .not_findings
            .iter()
            .filter(|rule| found(rule))
            .map(|rule| format!("a finding of {rule}, which shouldn't be there")),
    );
    if let Some(void) = &expect.void {
        let is: BTreeSet<_> = evaluation
            .findings
            .iter()
            .filter(|finding| finding.effect == FindingEffect::Void)
            .map(|finding| finding.at)
            .collect();
        if is != void.iter().copied().collect() {
            wrong.push(format!("void are {is:?}"));
        }
    }
    wrong
}

fn wrong_days(evaluation: &Evaluation, version: &Version, expect: &CaseExpect) -> Vec<String> {
    let Some(expected) = &expect.days else {
        return wrong_amount(meter_of(evaluation, version, expect), expect).into_iter().collect();
    };
    let meter = meter_of(evaluation, version, expect);
    let counted: Vec<_> =
        meter.map_or(&[][..], |meter| &meter.days).iter().filter(|day| day.status.counts()).collect();
    let is: Vec<_> = counted.iter().map(|day| day.date).collect();
    let mut should = Vec::new();
    for range in expected {
        let mut day = range.first;
        while day <= range.last {
            should.push(day);
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }
    let mut wrong = Vec::new();
    if is != should {
        let is = is.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let should = should.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        wrong.push(format!("the counted days are [{is}], not [{should}]"));
    }
    if let Some(status) = expect.status {
        let should = match status {
            DaysStatus::Payable => DayStatus::Payable,
            DaysStatus::Contestable => DayStatus::Contestable,
            DaysStatus::Provisional => DayStatus::Provisional,
        };
        let other = counted.iter().find(|day| day.status != should);
        wrong.extend(
            other.map(|day| format!("{} is {}, not {}", day.date, day.status.as_str(), should.as_str())),
        );
    }
    wrong.extend(wrong_amount(meter, expect));
    wrong
}

fn meter_of<'e>(
    evaluation: &'e Evaluation,
    version: &Version,
    expect: &CaseExpect,
) -> Option<&'e MeterReading> {
    let only = version.meters.first().map(|meter| meter.id.as_str());
    let id = expect.meter.as_deref().or(only)?;
    evaluation.meters.iter().find(|meter| meter.meter.as_str() == id)
}

fn wrong_amount(meter: Option<&MeterReading>, expect: &CaseExpect) -> Option<String> {
    let is = meter.map_or(Some(samspill_base::Ore::ZERO), |meter| meter.amount);
    match (expect.amount?, is) {
        (ExpectedTotal::Unpriced, None) => None,
        (ExpectedTotal::Amount(should), Some(is)) if should == is => None,
        (ExpectedTotal::Amount(should), Some(is)) => Some(format!("the amount is {is}, not {should}")),
        (ExpectedTotal::Unpriced, Some(is)) => Some(format!("the amount is {is}, and shouldn't be priced")),
        (ExpectedTotal::Amount(should), None) => {
            Some(format!("the amount can't be priced, and should be {should}"))
        }
    }
}
