//! Conditions: yes, no, and undecided for want of a fact.

use samspill_engine::{FindingEffect, Missing};

use crate::support::{agreement, duty, read};

/// How many duties and undecided findings a condition gives with these facts on the trigger.
fn outcome(when: &str, facts: &str) -> (usize, usize) {
    let rule = duty(
        "plikt",
        &format!("must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nwhen = \"{when}\""),
    );
    let evaluation = read(
        &agreement(&rule),
        &format!("2024-06-03T10:00 inn\n2024-06-03T11:00 melding {facts}"),
        "2024-06-03T12:00",
    );
    let undecided = evaluation.findings.iter().filter(|finding| finding.effect == FindingEffect::Undecided);
    (evaluation.duties.len(), undecided.count())
}

#[test]
fn a_missing_fact_makes_a_condition_undecided_unless_it_cannot_matter() {
    for (when, facts, expected) in [
        ("behov", "behov=ja!", (1, 0)),
        ("behov", "behov=nei!", (0, 0)),
        ("behov", "", (0, 1)),
        ("not behov", "", (0, 1)),
        ("behov and fag is psyk", "fag=soma", (0, 0)),
        ("behov or fag is psyk", "fag=psyk", (1, 0)),
        ("behov or fag is psyk", "fag=soma", (0, 1)),
        ("behov is known", "", (0, 0)),
        ("not (behov is known)", "", (1, 0)),
    ] {
        assert_eq!(outcome(when, facts), expected, "{when} with {facts}");
    }
}

#[test]
fn facts_entries_and_fields_are_asked_for() {
    for (when, facts, expected) in [
        ("alder < 67", "alder=66.9", 1),
        ("alder < 67", "alder=67", 0),
        ("alder <= 67", "alder=67.0", 1),
        ("alder > 67", "alder=67", 0),
        ("alder >= 67", "alder=67", 1),
        ("fag is one of [soma, psyk]", "fag=Psyk", 1),
        ("fag is not psyk", "fag=soma", 1),
        ("has inn", "", 1),
        ("has ut", "", 0),
        ("has inn since [melding]", "", 0),
        ("body svar is ja", ".svar=ja", 1),
        ("body svar is ja", ".svar=nei", 0),
        ("body svar is ja", "", 0),
        ("body svar is known", ".svar=ja", 1),
    ] {
        assert_eq!(outcome(when, facts), (expected, 0), "{when} with {facts}");
    }
}

#[test]
fn an_undecided_finding_names_what_is_missing() {
    let rule = duty(
        "plikt",
        "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nwhen = \"behov or fag is psyk\"",
    );
    let evaluation = read(&agreement(&rule), "2024-06-03T11:00 melding", "2024-06-03T12:00");
    assert_eq!(evaluation.findings[0].missing, Missing::Facts(vec!["behov".into(), "fag".into()]));
}

#[test]
fn a_fact_holds_from_when_it_was_said_and_before_that_as_first_said() {
    let rule =
        duty("plikt", "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nwhen = \"behov\"");
    let agreement = agreement(&rule);
    let count = |events: &str| read(&agreement, events, "2024-06-09T12:00").duties.len();
    assert_eq!(count("2024-06-03T11:00 melding\n2024-06-04T11:00 spor behov=ja!"), 1, "said only later");
    assert_eq!(
        count("2024-06-02T11:00 spor behov=nei!\n2024-06-03T11:00 melding\n2024-06-04T11:00 spor behov=ja!"),
        0
    );
}

#[test]
fn a_value_that_is_not_of_its_type_counts_as_not_said_and_is_a_finding() {
    for (said, expected) in
        [("behov=1", (1, 0)), ("behov=0", (0, 0)), ("behov=kanskje", (0, 2)), ("behov=7", (0, 2))]
    {
        assert_eq!(outcome("behov", said), expected, "{said}");
    }
    assert_eq!(outcome("fag is psyk", "fag=Psyk"), (1, 0), "written with a capital");
    assert_eq!(outcome("fag is psyk", "fag=kirurgi"), (0, 2));
}
