//! Changes, cancellations and duplicates.

use std::sync::Arc;

use samspill_base::Value;
use samspill_formats::messages::types::{Kind, Message};
use samspill_service::exchange::meaning::{
    Context, Known, Newness, Placement, QuestionKind, RemarkKind, entries, newness,
};

use crate::builder::{admission, alone, directory, lines, message, one_by_one, reply};

fn original() -> Message {
    admission("a1", "2026-03-09T15:05:00", "2026-03-09T14:20:00").done()
}

fn cancellation() -> Message {
    admission("a2", "2026-03-09T16:00:00", "2026-03-09T14:20:00").status("C").answers("A1").done()
}

const CANCELLED: [&str; 2] =
    ["kansellering 2026-03-09T16:00:00+01:00 a2#a1#innlagt", "kansellering 2026-03-09T16:00:00+01:00 a2#a1"];

#[test]
fn a_cancellation_names_each_entry_that_the_message_gave() {
    let mapped = one_by_one(&mut Known::default(), &[original(), cancellation()]);
    assert_eq!(lines(&mapped[1].entries), CANCELLED);
    let named: Vec<_> = mapped[1].entries.iter().map(|entry| entry.field("gjelder").cloned()).collect();
    assert_eq!(named, [Some(Value::text("a1#innlagt")), Some(Value::text("a1"))]);
    assert_eq!(mapped[1].entries[0].case, mapped[0].entries[0].case);
}

#[test]
fn a_cancellation_before_its_original_waits_and_takes_effect_when_that_comes() {
    let mapped = one_by_one(&mut Known::default(), &[cancellation(), original()]);
    assert!(mapped[0].entries.is_empty());
    assert!(matches!(&mapped[0].placement, Placement::Waits { named } if named[0] == "a1"));
    assert_eq!(mapped[0].remarks[0].what, RemarkKind::Waits);
    let given = lines(&mapped[1].entries);
    assert_eq!(&given[2..], CANCELLED);
    assert_eq!(given.len(), 4, "the original and what undoes it");
    assert!(
        mapped[1]
            .entries
            .iter()
            .all(|entry| !entry.case.is_empty() && entry.case == mapped[1].entries[0].case)
    );
}

#[test]
fn a_cancellation_undoes_the_whole_series_and_nothing_else_in_the_conversation() {
    let report = |id: &str, made| message(Kind::Innleggelsesrapport, id, made);
    let known = &mut Known::default();
    let mapped = one_by_one(
        known,
        &[
            original(),
            report("r1", "2026-03-09T16:00:00").answers("a1").done(),
            report("r2", "2026-03-09T17:00:00").in_conversation("r1", "a1").status("M").done(),
            report("r3", "2026-03-09T18:00:00").in_conversation("r2", "a1").status("C").done(),
            report("r4", "2026-03-09T17:30:00").in_conversation("r1", "a1").status("M").done(),
            report("r5", "2026-03-09T19:00:00").in_conversation("r3", "a1").done(),
        ],
    );
    assert_eq!(
        lines(&mapped[3].entries),
        ["kansellering 2026-03-09T18:00:00+01:00 r3#r1", "kansellering 2026-03-09T18:00:00+01:00 r3#r2"]
    );
    assert_eq!(mapped[4].remarks[0].what, RemarkKind::CancelledBefore, "a change on its way comes too late");
    assert_eq!(lines(&mapped[5].entries).len(), 1, "what was made after the cancellation stands");
}

#[test]
fn a_change_gives_the_entry_anew_and_names_what_it_replaces() {
    let report = message(Kind::Innleggelsesrapport, "r1", "2026-03-09T16:00:00").done();
    let change =
        message(Kind::Innleggelsesrapport, "r2", "2026-03-09T17:00:00").status("M").answers("r1").done();
    let mapped = one_by_one(&mut Known::default(), &[report, change]);
    assert_eq!(lines(&mapped[1].entries), ["innleggelsesrapport 2026-03-09T17:00:00+01:00 r2"]);
    assert_eq!(mapped[1].entries[0].field("erstatter"), Some(&Value::text("r1")));
    assert!(mapped[1].questions.is_empty());
}

#[test]
fn a_changed_admission_is_asked_about_and_its_event_replaced() {
    let change =
        admission("a2", "2026-03-09T16:00:00", "2026-03-09T13:00:00").status("M").answers("a1").done();
    let mapped = one_by_one(&mut Known::default(), &[original(), change]);
    assert_eq!(mapped[1].questions[0].what, QuestionKind::WhetherMeant);
    assert_eq!(
        lines(&mapped[1].entries),
        [
            "kansellering 2026-03-09T16:00:00+01:00 a2#a1#innlagt",
            "innlagt 2026-03-09T13:00:00+01:00 a2#innlagt",
            "melding-om-innlagt-pasient 2026-03-09T16:00:00+01:00 a2",
        ]
    );
}

#[test]
fn a_cancellation_that_names_nothing_is_asked_about() {
    let known = &mut Known::default();
    let blind = admission("a2", "2026-03-09T16:00:00", "2026-03-09T14:20:00").status("C").done();
    let mapped = one_by_one(known, &[original(), blind]);
    let question = &mapped[1].questions[0];
    assert_eq!((question.what, question.choices[0].value.as_str()), (QuestionKind::WhichMessage, "a1"));
    assert!(mapped[1].entries.is_empty());
}

#[test]
fn an_unknown_status_is_read_as_new_and_told() {
    let mapped = alone(message(Kind::Avmelding, "m", "2026-03-09T16:00:00").status("H").done());
    assert_eq!(mapped.entries.len(), 1);
    assert_eq!(mapped.remarks[0].what, RemarkKind::UnknownStatus);
}

#[test]
fn the_same_message_again_is_let_be() {
    let mut shouted = original();
    shouted.head.id = "{A1}".to_owned();
    let mapped = one_by_one(&mut Known::default(), &[original(), shouted]);
    assert_eq!(mapped[1].newness, Newness::Duplicate { to_other: false });
    assert!(mapped[1].entries.is_empty() && mapped[1].questions.is_empty());
}

#[test]
fn the_same_message_to_receiver_and_copy_receiver_is_one() {
    let primary = message(Kind::Utskrevet, "m", "2026-03-09T16:00:00")
        .event("2", "2026-03-09T12:00:00")
        .copy_to("8200103");
    let copy = primary.clone().at_unit("8200103");
    let mapped = one_by_one(&mut Known::default(), &[primary.done(), copy.done()]);
    assert_eq!(mapped[1].newness, Newness::Duplicate { to_other: true });
}

#[test]
fn the_same_id_with_other_content_is_a_conflict_for_a_person() {
    let other = admission("a1", "2026-03-09T15:05:00", "2026-03-09T13:20:00").done();
    let known = &mut Known::default();
    let mapped = one_by_one(known, &[original(), other]);
    assert_eq!(mapped[1].newness, Newness::Conflict);
    assert!(mapped[1].entries.is_empty());
    assert_eq!(mapped[1].questions[0].what, QuestionKind::WhichContent);
    let again = one_by_one(known, &[original()]);
    assert_eq!(again[0].newness, Newness::Duplicate { to_other: false }, "the first is kept");
}

#[test]
fn a_message_that_the_caller_keeps_is_compared_as_its_digests_are() {
    let leaving = || message(Kind::Utskrevet, "m", "2026-03-09T16:00:00").event("2", "2026-03-09T12:00:00");
    let first = Arc::new(leaving().done());
    let (directory, mut shared, mut digested) = (directory(), Known::default(), Known::default());
    let (mapped, zone) = {
        let context = Context::new(&shared, &directory);
        (entries(&first, &context), context.zone.clone())
    };
    shared.learn_kept(&first, &mapped, &zone);
    digested.learn(&first, &mapped, &zone);
    let later = message(Kind::Utskrevet, "m", "2026-03-09T16:00:00").event("2", "2026-03-09T13:00:00");
    for (again, expected) in [
        (leaving().done(), Newness::Duplicate { to_other: false }),
        (leaving().at_unit("8200103").done(), Newness::Duplicate { to_other: true }),
        (later.done(), Newness::Conflict),
        (message(Kind::Utskrevet, "n", "2026-03-09T16:00:00").done(), Newness::New),
    ] {
        assert_eq!((newness(&again, &shared), newness(&again, &digested)), (expected.clone(), expected));
    }
}

#[test]
fn messages_without_an_id_are_never_the_same() {
    let nameless = || message(Kind::Avmelding, "", "2026-03-09T16:00:00").done();
    let mapped = one_by_one(&mut Known::default(), &[nameless(), nameless()]);
    assert!(mapped.iter().all(|it| it.newness == Newness::New && it.entries[0].id.is_none()));
}

#[test]
fn a_cancelled_stay_ending_leaves_the_stay_going_on() {
    let left = message(Kind::Utskrevet, "u1", "2026-03-12T12:00:00").event("2", "2026-03-12T11:00:00").done();
    let undone = message(Kind::Utskrevet, "u2", "2026-03-12T13:00:00")
        .event("2", "2026-03-12T11:00:00")
        .status("C")
        .answers("u1");
    let known = &mut Known::default();
    let mapped = one_by_one(
        known,
        &[original(), left, undone.done(), reply("s", "2026-03-13T10:00:00", "a1", "Ja").done()],
    );
    let case = mapped[0].placement.case().unwrap().to_owned();
    assert!(known.stay(&case).unwrap().ended.is_none());
    assert_eq!(mapped[3].placement.case(), Some(case.as_str()));
}
