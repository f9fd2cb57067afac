//! Cancellation: from then on as if never sent; before, as it was.

use samspill_engine::FindingEffect;

use crate::support::{agreement, duties, duty, read};

fn plain() -> samspill_agreement::model::Agreement {
    agreement(&duty("rapport", "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\""))
}

const EVENTS: &str =
    "2024-06-03T10:00 melding\n2024-06-03T11:00 rapport id r1\n2024-06-05T10:00 kansellering .gjelder=r1";

#[test]
fn a_cancelled_report_never_was_and_before_that_it_was() {
    assert_eq!(duties(&read(&plain(), EVENTS, "2024-06-05T09:59")), ["kept due 2024-06-04T10:00"]);
    assert_eq!(duties(&read(&plain(), EVENTS, "2024-06-05T10:00")), ["missed due 2024-06-04T10:00"]);
}

#[test]
fn a_cancellation_can_be_cancelled_and_can_come_first() {
    let back = format!("{EVENTS} id k1\n2024-06-06T10:00 kansellering .gjelder=k1");
    assert_eq!(duties(&read(&plain(), &back, "2024-06-07T00:00")), ["kept due 2024-06-04T10:00"]);
    let first =
        "2024-06-03T10:00 melding\n2024-06-03T10:30 kansellering .gjelder=r1\n2024-06-03T11:00 rapport id r1";
    assert_eq!(duties(&read(&plain(), first, "2024-06-07T00:00")), ["missed due 2024-06-04T10:00"]);
}

#[test]
fn a_cancellation_of_nothing_is_a_finding() {
    let evaluation = read(&plain(), "2024-06-03T10:00 kansellering .gjelder=x", "2024-06-07T00:00");
    assert_eq!(evaluation.findings[0].effect, FindingEffect::CancelsNothing);
}

#[test]
fn what_a_cancelled_entry_said_was_never_said() {
    let agreement = agreement(&duty(
        "rapport",
        "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nwhen = \"behov\"",
    ));
    let events = "2024-06-03T10:00 melding behov=nei!\n2024-06-03T09:00 spor id s1 behov=ja!\n2024-06-03T09:30 kansellering .gjelder=s1";
    assert!(read(&agreement, events, "2024-06-10T00:00").duties.is_empty());
}
