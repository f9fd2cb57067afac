//! Windows, requirements and contents.

use samspill_engine::{Evaluation, FindingEffect};

use crate::support::{agreement, at, duties, duty, read};

fn effects(evaluation: &Evaluation) -> Vec<(&str, FindingEffect)> {
    evaluation.findings.iter().map(|finding| (finding.rule.as_str(), finding.effect)).collect()
}

#[test]
fn outside_its_window_a_message_is_a_finding_or_counts_from_the_next_opening() {
    let rules = |effect: &str| {
        agreement(&format!(
            "[[window]]\nid = \"vindu\"\nclause = \"pkt. 2\"\nsays = \"…\"\nof = \"klar\"\nhours = \"kontor\"\neffect = \"{effect}\"\n{}",
            duty("svar", "must = \"svar\"\nafter = \"klar\"\nwithin = \"24 hours\"")
        ))
    };
    let (warn, moves) = (rules("warn"), rules("counts-from-next-opening"));
    for (sent, outside) in [
        ("2024-06-03T07:59", true),
        ("2024-06-03T08:00", false),
        ("2024-06-03T15:00", false),
        ("2024-06-03T15:01", true),
    ] {
        let evaluation = read(&warn, &format!("{sent} klar"), "2024-06-03T16:00");
        let expected: &[_] = if outside { &[("vindu", FindingEffect::Warn)] } else { &[] };
        assert_eq!(effects(&evaluation), expected, "{sent}");
    }
    let evaluation = read(&moves, "2024-06-03T15:01 klar", "2024-06-03T16:00");
    assert_eq!(effects(&evaluation), [("vindu", FindingEffect::CountsFromNextOpening)]);
    assert_eq!(duties(&evaluation), ["open due 2024-06-05T08:00"]);
    assert_eq!(evaluation.duties[0].triggered, at("2024-06-03T15:01"), "what triggered it stays as it was");
}

#[test]
fn what_fulfils_outside_its_window_counts_from_the_next_opening_too() {
    let agreement = agreement(&format!(
        "[[window]]\nid = \"vindu\"\nclause = \"pkt. 2\"\nsays = \"…\"\nof = \"varsel\"\nhours = \"kontor\"\neffect = \"counts-from-next-opening\"\n{}",
        duty("varsel", "must = \"varsel\"\nafter = \"inn\"\nwithin = \"24 hours\"")
    ));
    for (sent, expected) in [("2024-06-04T15:00", "kept"), ("2024-06-04T15:01", "late")] {
        let evaluation =
            read(&agreement, &format!("2024-06-03T20:00 inn\n{sent} varsel"), "2024-06-09T16:00");
        assert_eq!(evaluation.duties[0].status.as_str(), expected, "{sent}");
    }
}

#[test]
fn a_void_entry_starts_nothing() {
    let agreement = agreement(&format!(
        "[[requires]]\nid = \"opplysninger\"\nclause = \"pkt. 3\"\nsays = \"…\"\nof = \"klar\"\nneeds = \"opp\"\nsince = [\"inn\", \"av\"]\neffect = \"void\"\n{}",
        duty("svar", "must = \"svar\"\nafter = \"klar\"\nwithin = \"24 hours\"")
    ));
    for (events, void) in [
        ("2024-06-03T09:00 inn\n2024-06-03T11:00 klar", true),
        ("2024-06-03T09:00 inn\n2024-06-03T11:00 klar\n2024-06-03T11:00 opp", false),
        ("2024-06-03T09:00 inn\n2024-06-03T11:00 klar\n2024-06-03T11:01 opp", true),
        ("2024-06-03T09:00 inn\n2024-06-03T10:00 opp\n2024-06-03T10:30 av\n2024-06-03T11:00 klar", true),
        ("2024-06-03T09:00 inn\n2024-06-03T10:30 opp\n2024-06-03T10:30 av\n2024-06-03T11:00 klar", false),
        ("2024-06-03T08:00 opp\n2024-06-03T09:00 inn\n2024-06-03T11:00 klar", true),
    ] {
        let evaluation = read(&agreement, events, "2024-06-03T12:00");
        assert_eq!(effects(&evaluation) == [("opplysninger", FindingEffect::Void)], void, "{events}");
        assert_eq!(evaluation.duties.is_empty(), void, "{events}");
    }
}

#[test]
fn a_notice_can_be_required_some_time_before() {
    let agreement = agreement(
        "[[requires]]\nid = \"varsel-for\"\nclause = \"pkt. 3\"\nsays = \"…\"\nof = \"ut\"\nneeds = \"varsel\"\nahead = \"24 hours\"\neffect = \"warn\"\n",
    );
    let warned = |events: &str| !read(&agreement, events, "2024-06-09T12:00").findings.is_empty();
    assert!(!warned("2024-06-03T09:00 varsel\n2024-06-04T09:00 ut"));
    assert!(warned("2024-06-03T09:01 varsel\n2024-06-04T09:00 ut"));
}

#[test]
fn what_is_allowed_within_some_time_is_too_late_after() {
    let agreement = agreement(
        "[[requires]]\nid = \"i-tide\"\nclause = \"pkt. 6\"\nsays = \"…\"\nof = \"svar\"\nneeds = \"varsel\"\nwithin = \"30 days\"\neffect = \"void\"\n",
    );
    let void = |sent: &str| {
        !read(&agreement, &format!("2024-06-03T09:00 varsel\n{sent} svar"), "2024-12-09T12:00")
            .findings
            .is_empty()
    };
    assert!(!void("2024-07-03T23:59"), "the thirtieth day, through its end");
    assert!(void("2024-07-04T00:00"));
}

#[test]
fn missing_contents_are_findings_only_where_the_log_keeps_contents() {
    let agreement = agreement(
        "[[contents]]\nid = \"innhold\"\nclause = \"pkt. 4\"\nsays = \"…\"\nof = \"rapport\"\nneeds = [\"tekst\"]\n",
    );
    let found = |entry: &str| {
        read(&agreement, &format!("2024-06-03T09:00 {entry}"), "2024-06-09T12:00").findings.len()
    };
    assert_eq!(found("rapport .tekst=alt"), 0);
    assert_eq!(found("rapport .svar=ja"), 1);
    assert_eq!(found("rapport"), 0, "a log without bodies can't say");
}

#[test]
fn a_repeated_beginning_changes_nothing() {
    let agreement = agreement(&format!(
        "[[phase]]\nid = \"klar\"\nname = \"Klar\"\nfrom = [\"klar\"]\nuntil = [\"av\"]\nrestart = \"ignored\"\n{}",
        duty("svar", "must = \"svar\"\nafter = \"klar\"\nwithin = \"24 hours\"\nwaived_by = [\"av\"]")
    ));
    let count = |events: &str| read(&agreement, events, "2024-06-09T12:00").duties.len();
    assert_eq!(count("2024-06-03T09:00 klar\n2024-06-03T10:00 klar"), 1);
    assert_eq!(count("2024-06-03T09:00 klar\n2024-06-03T10:00 av\n2024-06-03T11:00 klar"), 2);
}
