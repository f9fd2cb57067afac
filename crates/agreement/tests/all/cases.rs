//! Test cases are read into data.

use jiff::civil::date;
use samspill_agreement::model::DutyState;
use samspill_agreement::{
    DayRange, ExpectedDue, ExpectedDuty, ExpectedFulfilment, ExpectedTotal, Shows, SourceFile, TestCase,
    parse_cases,
};
use samspill_base::{Ore, Value};

use crate::common::{complete, entries, file, fjordhelse};

fn read(text: &str) -> TestCase {
    let agreement = fjordhelse();
    let (mut cases, diagnostics) = parse_cases(&SourceFile::new("x.toml", text), agreement.newest());
    assert_eq!(diagnostics, []);
    cases.pop().unwrap()
}

fn minimal(log: &str, expect: &str) -> String {
    format!(
        "[[case]]\nname = \"x\"\nrule = \"innleggelsesrapport\"\nshows = \"broken\"\nas_of = \"2024-06-10T12:00\"\nlog = {log}\n[case.expect]\n{expect}"
    )
}

#[test]
fn the_case_of_the_complete_example_is_read() {
    let root = complete().root;
    let path = entries(&root.join("agreements/fjordhelse/2023-06-01/cases")).pop().unwrap();
    let case = read(&file(&root, &path).text);
    assert_eq!(case.shows, Shows::Boundary);
    assert_eq!(case.as_of.to_string(), "2024-06-10T10:00:00Z");
    assert_eq!(case.log.entries.len(), 3);
    let [first, notice, report] = case.log.entries.as_slice() else { panic!("three entries") };
    assert_eq!(first.facts["kommunalt-behov"], Value::Bool(true));
    assert!(notice.facts.is_empty());
    assert_eq!(notice.received.unwrap().to_string(), "2024-06-03T09:00:00Z");
    assert_eq!(notice.id.as_deref(), Some("n1"));
    assert_eq!(report.field("svar-til"), Some(&Value::text("n1")));
    let at = "2024-06-04T09:00:00Z".parse().unwrap();
    let duty = ExpectedDuty {
        duty: "innleggelsesrapport".into(),
        state: DutyState::Kept,
        due: ExpectedDue::At(at),
        fulfilled: ExpectedFulfilment::At(at),
    };
    assert_eq!(case.expect.duties, [duty]);
    assert_eq!(case.expect.days, Some(vec![]));
    assert_eq!(case.expect.amount, Some(ExpectedTotal::Amount(Ore(0))));
}

#[test]
fn what_is_not_named_may_be_anything() {
    let case = read(&minimal("[]", "duties = [\"innleggelsesrapport open due -\"]"));
    assert_eq!(case.expect.duties[0].due, ExpectedDue::None);
    assert_eq!(case.expect.duties[0].fulfilled, ExpectedFulfilment::Any);
    assert_eq!((case.expect.void, case.expect.days, case.expect.amount), (None, None, None));
}

#[test]
fn days_are_spans_with_both_ends() {
    let case =
        read(&minimal("[]", "days = [\"2024-06-10..2024-06-12\", \"2024-06-15\"]\namount = \"unpriced\""));
    let days = [(10, 12), (15, 15)]
        .map(|(first, last)| DayRange { first: date(2024, 6, first), last: date(2024, 6, last) });
    assert_eq!(case.expect.days, Some(days.to_vec()));
    assert_eq!(case.expect.amount, Some(ExpectedTotal::Unpriced));
}

#[test]
fn facts_are_set_by_the_entry_that_happened_first() {
    let text = minimal("[\"2024-06-04T10:00 innlagt\", \"2024-06-03T10:00 Admission notice\"]", "");
    let text = text
        .replace("Admission notice", "melding-om-innlagt-pasient")
        .replace("log =", "facts = { tvang = true }\nlog =");
    let case = read(&text);
    assert!(case.log.entries[0].facts.is_empty());
    assert_eq!(case.log.entries[1].facts["tvang"], Value::Bool(true));
}
