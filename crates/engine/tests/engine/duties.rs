//! Which duties there are, and how they went.

use crate::support::{agreement, duties, duty, read};

fn report(more: &str) -> samspill_agreement::model::Agreement {
    agreement(&duty(
        "rapport",
        &format!("must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\n{more}"),
    ))
}

/// Rows of minutes to the report (or `-`) and to the reading, and how it went.
#[test]
fn equal_to_the_limit_is_kept() {
    let agreement = report("");
    for (report, reading, expected) in [
        ("2024-06-03T10:05", "2024-06-04T11:00", "kept"),
        ("2024-06-04T10:00", "2024-06-04T11:00", "kept"),
        ("2024-06-04T10:01", "2024-06-04T11:00", "late"),
        ("", "2024-06-04T10:00", "open"),
        ("", "2024-06-04T10:01", "missed"),
    ] {
        let events = format!(
            "2024-06-03T10:00 melding\n{}",
            if report.is_empty() { String::new() } else { format!("{report} rapport") }
        );
        let evaluation = read(&agreement, &events, reading);
        assert_eq!(evaluation.duties[0].status.as_str(), expected, "{report} {reading}");
    }
}

#[test]
fn lateness_is_elapsed_time_or_whole_days() {
    let hours = read(&report(""), "2024-06-03T10:00 melding\n2024-06-04T11:30 rapport", "2024-07-01T00:00");
    assert_eq!(hours.duties[0].late_by(&hours).map(|late| late.as_mins()), Some(90));
    let days = agreement(&duty("rapport", "must = \"rapport\"\nafter = \"melding\"\nwithin = \"2 days\""));
    let days = read(&days, "2024-06-03T10:00 melding\n2024-06-06T00:00 rapport", "2024-07-01T00:00");
    assert_eq!(days.duties[0].late_by(&days).map(|late| late.as_hours()), Some(24));
}

#[test]
fn the_count_runs_from_the_time_the_agreement_names() {
    let events = "2024-06-03T10:00 melding received 2024-06-03T12:00";
    assert_eq!(
        duties(&read(&report("counts_from = \"received\""), events, "2024-06-03T13:00")),
        ["open due 2024-06-04T12:00"]
    );
    assert_eq!(
        duties(&read(&report("counts_from = \"happened\""), events, "2024-06-03T13:00")),
        ["open due 2024-06-04T10:00"]
    );
    assert!(
        read(&report("counts_from = \"received\""), events, "2024-06-03T11:59").duties.is_empty(),
        "not received yet"
    );
}

#[test]
fn what_is_done_before_counts_only_where_it_may_precede() {
    let events = "2024-06-03T09:00 rapport\n2024-06-03T10:00 melding";
    assert_eq!(
        duties(&read(&report("may_precede = true"), events, "2024-06-05T00:00")),
        ["kept due 2024-06-04T10:00"]
    );
    assert_eq!(duties(&read(&report(""), events, "2024-06-05T00:00")), ["missed due 2024-06-04T10:00"]);
}

#[test]
fn every_first_latest_and_preferred_triggers_differ() {
    let events = "2024-06-03T10:00 melding\n2024-06-05T10:00 melding\n2024-06-07T10:00 melding";
    let due =
        |which: &str| duties(&read(&report(&format!("which = \"{which}\"")), events, "2024-06-07T11:00"));
    assert_eq!(
        due("every"),
        ["missed due 2024-06-04T10:00", "missed due 2024-06-06T10:00", "open due 2024-06-08T10:00"]
    );
    assert_eq!(due("first"), ["missed due 2024-06-04T10:00"]);
    assert_eq!(due("latest"), ["open due 2024-06-08T10:00"]);
    let preferred = agreement(&duty(
        "rapport",
        "must = \"rapport\"\nafter = [\"opp\", \"inn\"]\nwhich = \"preferred\"\nwithin = \"24 hours\"",
    ));
    let dues = |events: &str| duties(&read(&preferred, events, "2024-06-03T13:00"));
    assert_eq!(dues("2024-06-03T10:00 inn"), ["open due 2024-06-04T10:00"]);
    assert_eq!(dues("2024-06-03T10:00 inn\n2024-06-03T12:00 opp"), ["open due 2024-06-04T12:00"]);
}

#[test]
fn one_answer_fulfils_all_or_one_by_the_pairing() {
    let events =
        "2024-06-03T10:00 melding id a\n2024-06-03T11:00 melding id b\n2024-06-03T12:00 rapport .gjelder=b";
    let statuses = |pairing: &str| -> Vec<&'static str> {
        let evaluation = read(&report(&format!("pairing = {pairing}")), events, "2024-06-03T13:00");
        evaluation.duties.iter().map(|duty| duty.status.as_str()).collect()
    };
    assert_eq!(statuses("\"shared\""), ["kept", "kept"]);
    assert_eq!(statuses("\"one-each\""), ["kept", "open"]);
    assert_eq!(statuses("{ by = \"gjelder\" }"), ["open", "kept"]);
}

#[test]
fn a_duty_falls_away_in_time_and_stays_missed_after() {
    let agreement = report("waived_by = [\"av\"]");
    for (events, expected) in [
        ("2024-06-03T10:00 melding\n2024-06-04T10:00 av", "waived due 2024-06-04T10:00"),
        ("2024-06-03T10:00 melding\n2024-06-04T10:01 av", "missed due 2024-06-04T10:00"),
        (
            "2024-06-03T10:00 melding\n2024-06-03T11:00 av\n2024-06-03T12:00 rapport",
            "waived due 2024-06-04T10:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-03T11:00 rapport\n2024-06-03T12:00 av",
            "kept due 2024-06-04T10:00",
        ),
    ] {
        assert_eq!(duties(&read(&agreement, events, "2024-06-10T00:00")), [expected], "{events}");
    }
}

#[test]
fn a_duty_due_at_once_is_missed_when_it_is_closed_undone() {
    let agreement = agreement(&duty(
        "rapport",
        "must = \"rapport\"\nafter = \"melding\"\nwithin = \"at once\"\nwaived_by = [\"ut\"]",
    ));
    for (events, expected) in [
        ("2024-06-03T10:00 melding", "open due -"),
        ("2024-06-03T10:00 melding\n2024-06-05T10:00 rapport", "kept due -"),
        ("2024-06-03T10:00 melding\n2024-06-05T10:00 ut", "missed due -"),
    ] {
        assert_eq!(duties(&read(&agreement, events, "2024-06-10T00:00")), [expected], "{events}");
    }
}

#[test]
fn a_reset_starts_the_count_anew_unless_it_comes_too_late() {
    let agreement = report("reset_by = [\"opp\"]");
    for (events, expected) in [
        (
            "2024-06-03T10:00 melding\n2024-06-04T09:00 opp\n2024-06-05T08:00 rapport",
            "kept due 2024-06-05T09:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-04T10:01 opp\n2024-06-05T08:00 rapport",
            "late due 2024-06-04T10:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-03T12:00 rapport\n2024-06-04T09:00 opp",
            "kept due 2024-06-04T10:00",
        ),
    ] {
        assert_eq!(duties(&read(&agreement, events, "2024-06-10T00:00")), [expected], "{events}");
    }
}

#[test]
fn a_periodic_duty_is_renewed_until_it_is_closed() {
    let agreement = agreement(&duty(
        "manedsrapport",
        "must = \"rapport\"\nafter = \"inn\"\neach = \"month\"\nwithin = \"first working day of next month\"\nwaived_by = [\"ut\"]",
    ));
    let events =
        "2024-01-15T10:00 inn\n2024-02-01T12:00 rapport\n2024-03-05T12:00 rapport\n2024-03-20T10:00 ut";
    assert_eq!(
        duties(&read(&agreement, events, "2024-06-01T00:00")),
        ["kept due 2024-02-01", "late due 2024-03-01", "waived due 2024-04-01"]
    );
}

#[test]
fn an_exception_sets_another_limit_or_none() {
    let agreement = report(
        "[[duty.exception]]\nid = \"gammel\"\nclause = \"pkt. 2\"\nsays = \"…\"\nwhen = \"alder >= 67\"\nwithin = \"4 hours\"\n\
         [[duty.exception]]\nid = \"psyk\"\nclause = \"pkt. 3\"\nsays = \"…\"\nwhen = \"fag is psyk\"\nno_duty = true\nbefore = [\"gammel\"]",
    );
    let dues = |facts: &str| {
        duties(&read(&agreement, &format!("2024-06-03T10:00 melding {facts}"), "2024-06-03T11:00"))
    };
    assert_eq!(dues("alder=66 fag=soma"), ["open due 2024-06-04T10:00"]);
    assert_eq!(dues("alder=67 fag=soma"), ["open due 2024-06-03T14:00"]);
    assert!(dues("alder=67 fag=psyk").is_empty(), "the first of two that hold goes first");
}

#[test]
fn an_undecided_exception_leaves_the_limit_untold() {
    let agreement = report(
        "[[duty.exception]]\nid = \"gammel\"\nclause = \"pkt. 2\"\nsays = \"…\"\nwhen = \"alder >= 67\"\nwithin = \"4 hours\"",
    );
    let evaluation = read(&agreement, "2024-06-03T10:00 melding", "2024-06-10T00:00");
    assert_eq!(
        duties(&evaluation),
        ["open due -"],
        "missed under both limits or not: nobody can say by which"
    );
    assert_eq!(evaluation.findings.len(), 1);
}

#[test]
fn what_was_received_first_fulfils_where_receipt_counts() {
    let agreement = report("fulfilled_at = \"received\"");
    let events = "2024-06-03T10:00 melding\n2024-06-03T11:00 rapport received 2024-06-04T20:00\n2024-06-03T12:00 rapport received 2024-06-03T13:00";
    assert_eq!(duties(&read(&agreement, events, "2024-06-10T00:00")), ["kept due 2024-06-04T10:00"]);
}
