//! The five times of an entry, and how times are read.

use samspill_formats::messages::types::Kind;
use samspill_service::exchange::meaning::{Context, Known, QuestionKind, RemarkKind, entries};

use crate::builder::{admission, alone, at, directory, local, message, one_by_one, receipt, time};

/// When it happened, of a discharge message made at 2026-03-09T15:05; and whether the day alone was written.
fn discharged(written: &str) -> (String, bool) {
    let mapped = alone(message(Kind::Utskrevet, "m1", "2026-03-09T15:05:00").event("2", written).done());
    let day_only = mapped.remarks.iter().any(|remark| remark.what == RemarkKind::DayOnly);
    (local(mapped.entries[0].happened), day_only)
}

#[test]
fn a_day_alone_is_the_end_of_that_day_or_the_moment_it_was_told() {
    let day = |text: &str| (text.to_owned(), true);
    assert_eq!(discharged("2026-03-08"), day("2026-03-08T23:59:59+01:00"), "the day before");
    assert_eq!(discharged("2026-03-09"), day("2026-03-09T15:05:00+01:00"), "the same day");
    assert_eq!(discharged("2026-03-10"), day("2026-03-10T23:59:59+01:00"), "the day after");
    assert_eq!(discharged("2026-03-09T12:00:00"), ("2026-03-09T12:00:00+01:00".to_owned(), false));
}

#[test]
fn local_times_follow_the_clock_and_offsets_are_kept() {
    assert_eq!(discharged("2026-03-09T12:00:00+00:00").0, "2026-03-09T13:00:00+01:00");
    assert_eq!(discharged("2025-07-09T12:00:00").0, "2025-07-09T12:00:00+02:00");
    // The clocks went back on 26 October 2025 at three, and forward on 30 March 2025 at two.
    assert_eq!(discharged("2025-10-26T02:30:00").0, "2025-10-26T02:30:00+02:00", "the first of two");
    assert_eq!(discharged("2025-10-26T03:00:00").0, "2025-10-26T03:00:00+01:00");
    assert_eq!(discharged("2025-03-30T02:30:00").0, "2025-03-30T03:30:00+02:00", "moved forward");
    for twice_or_never in ["2025-10-26T02:30:00", "2025-03-30T02:30:00"] {
        let made = message(Kind::Utskrevet, "m1", "2026-03-09T15:05:00").event("2", twice_or_never);
        assert!(alone(made.done()).remarks.iter().any(|remark| remark.what == RemarkKind::ClockChange));
    }
}

#[test]
fn all_five_times_are_kept_apart() {
    let known = &mut Known::default();
    one_by_one(known, &[receipt("k", "2026-03-09T15:20:00", "M1", "1")]);
    let directory = directory();
    let context =
        Context::new(known, &directory).at(Some(at("2026-03-09T15:10")), Some(at("2026-03-09T16:00")));
    let mapped = entries(&admission("m1", "2026-03-09T15:05:00", "2026-03-09T14:20:00").done(), &context);
    for entry in &mapped.entries {
        assert_eq!(entry.received, Some(at("2026-03-09T15:10")));
        assert_eq!(entry.acknowledged, Some(at("2026-03-09T15:20")));
        assert_eq!(entry.recorded, Some(at("2026-03-09T16:00")));
    }
    assert_eq!(mapped.entries[0].happened, at("2026-03-09T14:20"));
    assert_eq!(mapped.entries[0].sent, Some(at("2026-03-09T15:05")));
    assert_eq!(mapped.entries[1].happened, at("2026-03-09T15:05"));
    assert_eq!(mapped.entries[1].sent, None, "it happened by being sent");
}

#[test]
fn a_positive_receipt_stands_in_for_when_it_was_received() {
    let known = &mut Known::default();
    let mapped = one_by_one(
        known,
        &[
            receipt("k1", "2026-03-09T15:30:00", "m1", "2"),
            receipt("k2", "2026-03-09T15:25:00", "m1", "1"),
            receipt("k3", "2026-03-09T15:20:00", "m1", "1"),
            message(Kind::Avmelding, "m1", "2026-03-09T15:05:00").done(),
        ],
    );
    assert_eq!(mapped[3].entries[0].received, Some(at("2026-03-09T15:20")), "the first");
    assert!(!known.is_rejected("m1"), "one receiver has it");
}

#[test]
fn a_copy_receivers_receipt_says_nothing_of_the_receiver() {
    let copy = |name: &str, status: &str| {
        let mut copy = receipt(name, "2026-03-09T15:10:00", "m1", status);
        if let samspill_formats::messages::types::Body::Receipt(receipt) = &mut copy.body {
            receipt.sender_role = Some(crate::builder::code("COP", ""));
        }
        copy
    };
    let known = &mut Known::default();
    one_by_one(known, &[copy("k1", "1")]);
    assert_eq!(known.acknowledged("m1"), Some(at("2026-03-09T15:10")), "nobody else has answered");
    one_by_one(known, &[receipt("k2", "2026-03-09T15:20:00", "m1", "2")]);
    assert_eq!((known.acknowledged("m1"), known.is_rejected("m1")), (None, true));
}

#[test]
fn a_message_made_after_it_was_received_has_a_wrong_clock() {
    let (known, directory) = (Known::default(), directory());
    let received = |text| Context::new(&known, &directory).at(Some(at(text)), None);
    let message = message(Kind::Avmelding, "m1", "2026-03-09T15:05:00").done();
    let told = |context| {
        entries(&message, &context).remarks.iter().any(|it| it.what == RemarkKind::MadeAfterReceived)
    };
    assert!(!told(received("2026-03-09T15:05")));
    assert!(told(received("2026-03-09T15:04")));
}

#[test]
fn a_message_without_a_time_is_asked_about() {
    let mut without = message(Kind::Avmelding, "m1", "2026-03-09T15:05:00").done();
    without.head.made = time("i går");
    let mapped = alone(without.clone());
    assert!(mapped.entries.is_empty());
    assert_eq!(mapped.questions[0].what, QuestionKind::When);
    let (known, directory) = (Known::default(), directory());
    let context = Context::new(&known, &directory).at(Some(at("2026-03-09T15:10")), None);
    assert_eq!(entries(&without, &context).entries[0].happened, at("2026-03-09T15:10"));
    let no_event = alone(message(Kind::Utskrevet, "m2", "2026-03-09T15:05:00").done());
    assert_eq!(no_event.questions[0].what, QuestionKind::When);
}
