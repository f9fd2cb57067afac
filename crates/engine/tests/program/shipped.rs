//! The shipped agreements: the compiled program says of their logs what the readable evaluator says.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};
use samspill_agreement::model::{Agreement, Condition, FactType, Operand, Test, Version, WaiverTest};
use samspill_base::Value;
use samspill_engine::program::Program;

use crate::{
    files::{beside, example_logs, instants, named, shipped, stays, xes},
    logs::{Holds, Reading, Vocabulary, reading},
    parts::logs,
    same::{DATES, is_read_the_same},
};

fn hold(agreement: &Agreement, readings: &[Reading], what: &str) {
    if let Err(difference) = is_read_the_same(agreement, readings) {
        panic!("{what}: {difference}");
    }
}

#[test]
fn every_agreement_is_compiled_whole() {
    for shipped in shipped() {
        for dates in DATES {
            assert!(Program::compile(&shipped.agreement, dates).is_compiled(), "{}", shipped.name);
        }
    }
}

#[test]
fn a_program_says_of_the_test_cases_of_each_agreement_what_the_evaluator_says() {
    let mut cases = 0;
    for shipped in shipped() {
        cases += shipped.cases.len();
        hold(&shipped.agreement, &shipped.cases, &shipped.name);
    }
    assert!(cases > 100, "only {cases} test cases were found");
}

#[test]
fn a_program_says_of_the_example_logs_what_the_evaluator_says() {
    let examples = example_logs().into_iter().map(|log| {
        let last = log.entries.last().expect("an entry").happened;
        Reading { as_of: instants(&log, last), log }
    });
    let mut readings: Vec<Reading> = examples.collect();
    readings.extend(stays().into_iter().flatten());
    let readings = named(readings);
    let mut read_once = readings.clone();
    for reading in &mut read_once {
        let earlier = reading.as_of.len() - 1;
        reading.as_of.drain(..earlier);
    }
    for shipped in shipped() {
        // The logs are in the words of two of the agreements; under the others most of it is unknown.
        let is_theirs = ["unn", "hmr"].contains(&shipped.name.as_str());
        hold(&shipped.agreement, if is_theirs { &readings } else { &read_once }, &shipped.name);
    }
}

#[test]
fn a_program_says_of_real_logs_what_the_evaluator_says() {
    for (name, log, every) in
        [("trafikkboter", "logs/traffic_fines.xes.gz", 20), ("sepsis", "logs/sepsis_cases.xes.gz", 1)]
    {
        let Some(path) = beside(log) else { continue };
        let shipped = shipped().into_iter().find(|shipped| shipped.name == name).expect("an example");
        let readings = xes(&path, every);
        assert!(readings.len() > 1_000, "{name} has only {} cases", readings.len());
        hold(&shipped.agreement, &readings, name);
    }
}

#[test]
fn a_program_says_of_random_logs_in_the_words_of_each_agreement_what_the_evaluator_says() {
    let usual = ProptestConfig::default();
    let cases = (usual.cases / 80).max(1);
    for shipped in shipped() {
        let words = vocabulary_of(&shipped.agreement);
        let config = ProptestConfig {
            cases,
            failure_persistence: None,
            max_shrink_iters: 20_000,
            max_shrink_time: 90_000,
            ..usual.clone()
        };
        let result = TestRunner::new(config).run(&logs(40), |logs| {
            let readings: Vec<Reading> = logs
                .iter()
                .zip(1..)
                .map(|(parts, number)| reading(parts, &words, &number.to_string()))
                .collect();
            is_read_the_same(&shipped.agreement, &readings)
                .map_err(|difference| TestCaseError::fail(format!("{}: {difference}", shipped.name)))
        });
        match result {
            Ok(()) => {}
            Err(TestError::Fail(reason, _)) => panic!("{reason}"),
            Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
        }
    }
}

/// What logs say under an agreement: its kinds by all their names, its fields and facts by their types and the
/// words that its conditions ask for.
pub(crate) fn vocabulary_of(agreement: &Agreement) -> Vocabulary {
    let mut asked = Asked::default();
    for version in &agreement.versions {
        asked.look_at_version(version);
    }
    let mut kinds = Vec::new();
    let mut facts = Vec::new();
    for version in &agreement.versions {
        for kind in version.kinds.values() {
            let fields =
                kind.fields.iter().map(|(name, field)| (name.clone(), asked.holds(&field.field_type)));
            let fields: Vec<_> = fields.collect();
            kinds.extend(kind.also_called.iter().map(|name| (name.clone(), fields.clone())));
            kinds.push((kind.id.to_string(), fields));
        }
        facts.extend(version.facts.values().map(|fact| (fact.id.to_string(), asked.holds(&fact.fact_type))));
    }
    if kinds.is_empty() {
        kinds.push(("ukjent".to_owned(), Vec::new()));
    }
    let starts = agreement.versions.iter().map(|version| version.in_force.to_string());
    let usual = ["2024-03-22", "2024-05-06", "2024-12-18", "2012-06-01"].map(str::to_owned);
    let starts = starts.chain(usual).map(|day| day.parse().expect("a day")).collect();
    Vocabulary { kinds, facts, starts }
}

/// The values that conditions compare with.
#[derive(Default)]
struct Asked {
    texts: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Asked {
    fn holds(&self, of_type: &FactType) -> Holds {
        match of_type {
            FactType::Bool => Holds::YesNo,
            FactType::Number => Holds::Number(
                self.numbers.iter().cloned().chain(["1", "35", "66.5"].map(str::to_owned)).collect(),
            ),
            FactType::Date | FactType::Time => Holds::Day,
            FactType::OneOf(words) => {
                Holds::Text(words.iter().cloned().chain(["annet".to_owned()]).collect())
            }
            FactType::Text => {
                Holds::Text(self.texts.iter().cloned().chain(["m1", "m2", "35"].map(str::to_owned)).collect())
            }
        }
    }

    fn look_at_version(&mut self, version: &Version) {
        let mut all: Vec<&Condition> = Vec::new();
        for duty in &version.duties {
            all.extend([&duty.when, &duty.must_where]);
            all.extend(duty.exceptions.iter().map(|exception| &exception.when));
        }
        all.extend(version.windows.iter().map(|window| &window.when));
        all.extend(version.requirements.iter().flat_map(|rule| [&rule.when, &rule.that]));
        all.extend(version.contents.iter().flat_map(|rule| [&rule.when, &rule.that]));
        all.extend(version.hours.values().flat_map(|hours| hours.rows.iter().map(|row| &row.when)));
        for meter in &version.meters {
            all.extend([&meter.start.when, &meter.liable]);
            all.extend(meter.stops.iter().map(|stop| &stop.when));
            all.extend(meter.contestable.iter().chain(&meter.provisional).map(|mark| &mark.when));
            for waiver in &meter.waivers {
                all.push(&waiver.when);
                if let WaiverTest::IfWithin(_, _, condition) = &waiver.test {
                    all.push(condition);
                }
            }
        }
        for condition in all {
            self.look_at(condition);
        }
    }

    fn look_at(&mut self, condition: &Condition) {
        match condition {
            Condition::Fact(_, test) | Condition::Field(_, test) => self.look_at_test(test),
            Condition::Not(inner) => self.look_at(inner),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.look_at(part)),
            Condition::Always | Condition::Has { .. } | Condition::InPhase(_) | Condition::Duty(..) => {}
        }
    }

    fn look_at_test(&mut self, test: &Test) {
        match test {
            Test::Is(Operand::Value(value)) | Test::IsNot(Operand::Value(value)) => self.look_at_value(value),
            Test::OneOf(values) => values.iter().for_each(|value| self.look_at_value(value)),
            Test::Below(limit) | Test::AtMost(limit) | Test::Above(limit) | Test::AtLeast(limit) => {
                self.numbers.insert(limit.to_string());
            }
            Test::IsYes | Test::IsKnown | Test::Is(Operand::Fact(_)) | Test::IsNot(Operand::Fact(_)) => {}
        }
    }

    fn look_at_value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => drop(self.texts.insert(text.clone())),
            Value::Number(number) => drop(self.numbers.insert(number.to_string())),
            Value::Empty | Value::Bool(_) | Value::List(_) | Value::Map(_) => {}
        }
    }
}
