//! The random agreements and logs reach everything that they are there for: each thing that a reading can say, and
//! each part of the language, without which some reading would be another.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use samspill_agreement::model::{Agreement, DeadlineRule, Duty, Pairing, Version};
use samspill_engine::{
    Dates, DayReason, Due, Engine, Evaluation, Missing, SetAsideWhy, Step,
    program::{Program, Verdicts},
};

use crate::{
    ablations::ABLATIONS,
    logs::{Reading, reading},
    parts::{agreements, logs},
    same::{DATES, verdicts},
    versions::{loaded, written},
    words::vocabulary,
};

/// The same agreements and logs in every run, made once.
fn sample() -> &'static [Sampled] {
    static SAMPLE: OnceLock<Vec<Sampled>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        (0..AGREEMENTS).map(|_| Sampled::new(&mut runner)).collect()
    })
}

const AGREEMENTS: usize = 64;
const LOGS: usize = 50;

/// An agreement with its logs and how they read.
struct Sampled {
    agreement: Agreement,
    program: Program,
    logs: Vec<(Reading, Verdicts)>,
}

impl Sampled {
    fn new(runner: &mut TestRunner) -> Self {
        let grown = (logs(LOGS), agreements()).new_tree(runner).expect("nothing is filtered").current();
        let files = written(&grown.1);
        let agreement = loaded(&files).unwrap_or_else(|mistake| panic!("{mistake}\n{files:#?}"));
        let program = Program::compile(&agreement, Dates::InForce);
        let words = vocabulary();
        let readings = grown.0.iter().map(|parts| reading(parts, &words, "sak"));
        let logs = readings.map(|reading| {
            let evaluation = Engine::new(&agreement).evaluate(&reading.log, reading.as_of[0]);
            let verdicts = verdicts(&program, &evaluation);
            (reading, verdicts)
        });
        let logs = logs.collect();
        Self { agreement, program, logs }
    }

    fn reads_otherwise(&self, take_out: fn(&mut Version)) -> bool {
        let mut without = self.agreement.clone();
        for version in &mut without.versions {
            take_out(Arc::make_mut(version));
        }
        without != self.agreement
            && self.logs.iter().any(|(reading, expected)| {
                let other = Engine::new(&without).evaluate(&reading.log, reading.as_of[0]);
                verdicts(&self.program, &other) != *expected
            })
    }
}

#[test]
fn without_any_part_of_the_language_some_random_case_reads_otherwise() {
    let without_effect: Vec<&str> = ABLATIONS
        .into_iter()
        .filter(|(_, take_out)| !sample().iter().any(|sampled| sampled.reads_otherwise(*take_out)))
        .map(|(part, _)| part)
        .collect();
    assert!(without_effect.is_empty(), "no random case shows these: {without_effect:?}");
}

#[test]
fn nearly_all_random_agreements_are_compiled_whole() {
    let compiled = sample().iter().filter(|sampled| sampled.program.is_compiled()).count();
    assert!(compiled >= AGREEMENTS - 2, "only {compiled} of {AGREEMENTS} are compiled");
}

#[test]
fn the_random_cases_reach_everything_that_a_reading_can_say() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for Sampled { agreement, logs, .. } in sample() {
        for (reading, _) in logs {
            for (dates, as_of) in DATES.iter().zip(&reading.as_of) {
                let evaluation = Engine::new(agreement).with_dates(*dates).evaluate(&reading.log, *as_of);
                let said: BTreeSet<String> = said(agreement, &evaluation).into_iter().collect();
                for word in said {
                    *counts.entry(word).or_default() += 1;
                }
            }
        }
    }
    for (word, count) in &counts {
        println!("{count:>6} {word}");
    }
    let never: Vec<&str> = EXPECTED.into_iter().filter(|word| !counts.contains_key(*word)).collect();
    assert!(never.is_empty(), "no random case says: {never:?}");
}

/// Everything that a reading can say, and the limits that deadlines must come to.
const EXPECTED: [&str; 94] = [
    "because after the last day",
    "because before the first day",
    "because contestable",
    "because free",
    "because liability undecided",
    "because not counted",
    "because not liable",
    "because not yet liable",
    "because priced",
    "because provisional",
    "because runs",
    "because unpriced",
    "because waived",
    "day contestable",
    "day final",
    "day not final",
    "day not payable",
    "day payable",
    "day provisional",
    "due at a time",
    "due at once",
    "due at the end of a day",
    "due not yet known",
    "duties under 1 versions",
    "duties under 2 versions",
    "duties under 3 versions",
    "duty kept",
    "duty late",
    "duty missed",
    "duty open",
    "duty waived",
    "finding cancels-nothing",
    "finding contestable",
    "finding counts-from-next-opening",
    "finding undecided",
    "finding unpriced",
    "finding void",
    "finding warn",
    "finding without a version",
    "meter priced",
    "meter unpriced",
    "missing days",
    "missing entry",
    "missing facts",
    "missing fields",
    "missing hours that never open",
    "missing kinds",
    "missing misfits",
    "missing not so",
    "missing out of time",
    "missing outside hours",
    "missing prices",
    "pairing by reference",
    "pairing one each",
    "pairing shared",
    "pairing shared, period by period",
    "payer known",
    "payer unknown",
    "set aside cancelled",
    "set aside outside the calendar",
    "set aside repeats",
    "set aside unknown kind",
    "step counted back from a fact",
    "step counted back from an entry",
    "step excepted",
    "step limited",
    "step moved by cut-off",
    "step moved by window",
    "step renewed",
    "step reset",
    "step suspended",
    "step suspended still",
    "step triggered",
    "step undecided",
    "waivers 0",
    "waivers 1",
    "waivers 2",
    "limit at once at once",
    "limit elapsed at a time",
    "limit within at a time",
    "limit days at the end of a day",
    "limit days at at a time",
    "limit day at the end of a day",
    "limit clock at a time",
    "limit before kind at a time",
    "limit before kind at the end of a day",
    "limit before kind not yet known",
    "limit before fact at a time",
    "limit before fact at the end of a day",
    "limit before fact not yet known",
    "limit first working day at the end of a day",
    "limit last day at the end of a day",
    "limit day of next month at the end of a day",
    "limit annual at the end of a day",
];

fn said(agreement: &Agreement, evaluation: &Evaluation) -> Vec<String> {
    let mut said = Vec::new();
    for duty in &evaluation.duties {
        said.push(format!("duty {}", duty.status.as_str()));
        said.push(format!("due {}", due(duty.due)));
        said.extend(duty.steps.iter().map(|step| format!("step {}", self::step(step))));
        let version = agreement.versions.iter().find(|version| version.version == duty.version);
        let rule = version.and_then(|version| version.duty(&duty.duty));
        let is_own =
            !duty.steps.iter().any(|step| matches!(step, Step::Excepted { .. } | Step::Undecided(..)));
        let own = rule.filter(|_| is_own).map(|rule| deadline(&rule.deadline.rule));
        said.extend(own.map(|own| format!("limit {own} {}", due(duty.due))));
        said.extend(
            rule.filter(|_| duty.fulfilled.is_some()).map(|rule| format!("pairing {}", pairing(rule))),
        );
    }
    for finding in &evaluation.findings {
        said.push(format!("finding {}", finding.effect.as_str()));
        said.push(format!("missing {}", missing(&finding.missing)));
        if finding.version.is_empty() {
            said.push("finding without a version".to_owned());
        }
    }
    for meter in &evaluation.meters {
        said.push(format!("meter {}", if meter.amount.is_some() { "priced" } else { "unpriced" }));
        said.push(format!("payer {}", if meter.payer.is_some() { "known" } else { "unknown" }));
        said.push(format!("waivers {}", meter.waived_by.len()));
        for day in &meter.days {
            said.push(format!("day {}", day.status.as_str()));
            said.push(format!("day {}", if day.is_final { "final" } else { "not final" }));
            said.extend(day.because.iter().map(|reason| format!("because {}", because(reason))));
        }
    }
    said.extend(evaluation.set_aside.iter().map(|aside| format!("set aside {}", set_aside(aside.why))));
    let versions: BTreeSet<&str> = evaluation.duties.iter().map(|duty| duty.version.as_str()).collect();
    said.push(format!("duties under {} versions", versions.len()));
    said
}

fn due(due: Due) -> &'static str {
    match due {
        Due::At(_) if due.is_whole_day() => "at the end of a day",
        Due::At(_) => "at a time",
        Due::AtOnce => "at once",
        Due::NotYetKnown => "not yet known",
    }
}

fn deadline(rule: &DeadlineRule) -> &'static str {
    match rule {
        DeadlineRule::AtOnce => "at once",
        DeadlineRule::Elapsed(_) => "elapsed",
        DeadlineRule::Within(..) => "within",
        DeadlineRule::Days { at: None, .. } => "days",
        DeadlineRule::Days { at: Some(_), .. } => "days at",
        DeadlineRule::ClockOn { at: None, .. } => "day",
        DeadlineRule::ClockOn { at: Some(_), .. } => "clock",
        DeadlineRule::BeforeKind(..) => "before kind",
        DeadlineRule::BeforeFact(..) => "before fact",
        DeadlineRule::FirstWorkingDayOfNextMonth => "first working day",
        DeadlineRule::LastDayOfMonth => "last day",
        DeadlineRule::DayOfNextMonth(_) => "day of next month",
        DeadlineRule::Annual { .. } => "annual",
    }
}

fn pairing(duty: &Duty) -> &'static str {
    match &duty.pairing {
        Pairing::Shared if duty.each.is_some() => "shared, period by period",
        Pairing::Shared => "shared",
        Pairing::OneEach => "one each",
        Pairing::ByReference(_) => "by reference",
    }
}

fn step(step: &Step) -> &'static str {
    match step {
        Step::Triggered(..) => "triggered",
        Step::Renewed(_) => "renewed",
        Step::MovedByWindow { .. } => "moved by window",
        Step::MovedByCutOff(_) => "moved by cut-off",
        Step::Excepted { .. } => "excepted",
        Step::Undecided(..) => "undecided",
        Step::Reset(_) => "reset",
        Step::Suspended(_, None) => "suspended still",
        Step::Suspended(_, Some(_)) => "suspended",
        Step::Limited(..) => "limited",
        Step::CountedBackFrom(_) => "counted back from an entry",
        Step::CountedBackFromFact(..) => "counted back from a fact",
    }
}

fn missing(missing: &Missing) -> &'static str {
    match missing {
        Missing::Kinds(_) => "kinds",
        Missing::NotSo => "not so",
        Missing::OutsideHours(None) => "hours that never open",
        Missing::OutsideHours(Some(_)) => "outside hours",
        Missing::Fields(_) => "fields",
        Missing::Facts(_) => "facts",
        Missing::Prices(_) => "prices",
        Missing::Days(_) => "days",
        Missing::Entry(_) => "entry",
        Missing::OutOfTime(_) => "out of time",
        Missing::Misfits(_) => "misfits",
    }
}

fn because(reason: &DayReason) -> &'static str {
    match reason {
        DayReason::Runs(..) => "runs",
        DayReason::BeforeFirstDay(..) => "before the first day",
        DayReason::AfterLastDay(..) => "after the last day",
        DayReason::NotLiable(_) => "not liable",
        DayReason::NotYetLiable(_) => "not yet liable",
        DayReason::LiabilityUndecided(..) => "liability undecided",
        DayReason::Waived(..) => "waived",
        DayReason::Free(..) => "free",
        DayReason::NotCounted(_) => "not counted",
        DayReason::Contestable(..) => "contestable",
        DayReason::Provisional(..) => "provisional",
        DayReason::Priced(..) => "priced",
        DayReason::Unpriced(_) => "unpriced",
    }
}

fn set_aside(why: SetAsideWhy) -> &'static str {
    match why {
        SetAsideWhy::UnknownKind => "unknown kind",
        SetAsideWhy::Cancelled { .. } => "cancelled",
        SetAsideWhy::OutsideCalendar => "outside the calendar",
        SetAsideWhy::Repeats => "repeats",
    }
}
