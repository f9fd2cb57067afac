//! Which stay a message belongs to.

use samspill_formats::messages::types::{Kind, Message};
use samspill_service::exchange::meaning::{Known, Mapped, Placement, QuestionKind};

use crate::builder::{HOSPITAL, Make, OLA, OTHER_HOSPITAL, admission, message, one_by_one, reply};

/// `ny`, `sikker 1` (the stay that the first message is in), `velg 1/ny`, `ukjent`, `utenfor` or `venter`, for each message.
fn check(messages: Vec<Make>, expected: &[&str]) -> Vec<Mapped> {
    let messages: Vec<Message> = messages.into_iter().map(Make::done).collect();
    let mapped = one_by_one(&mut Known::default(), &messages);
    let mut cases: Vec<String> = Vec::new();
    let told: Vec<String> = mapped.iter().map(|it| told(&it.placement, &mut cases)).collect();
    assert_eq!(told, expected);
    mapped
}

fn told(placement: &Placement, cases: &mut Vec<String>) -> String {
    let number =
        |case: &String, cases: &[String]| cases.iter().position(|it| it == case).map_or(0, |at| at + 1);
    match placement {
        Placement::New { case, reasons } => {
            assert!(!reasons.is_empty());
            cases.push(case.clone());
            "ny".to_owned()
        }
        Placement::Certain { case, reasons } => {
            assert!(!reasons.is_empty());
            format!("sikker {}", number(case, cases))
        }
        Placement::Ambiguous { candidates, reasons } => {
            assert!(!reasons.is_empty() && candidates.iter().all(|it| !it.reasons.is_empty()));
            let names = candidates
                .iter()
                .map(|it| if it.is_new { "ny".to_owned() } else { number(&it.case, cases).to_string() });
            format!("velg {}", names.collect::<Vec<_>>().join("/"))
        }
        Placement::UnknownPerson { .. } => "ukjent".to_owned(),
        Placement::Outside { .. } => "utenfor".to_owned(),
        Placement::Waits { .. } => "venter".to_owned(),
    }
}

fn admitted(name: &str, at: &str) -> Make {
    admission(name, at, at)
}

fn ready(name: &str, made: &str, admitted: &str) -> Make {
    message(Kind::Utskrivningsklar, name, made).event("1", admitted).event("3", &made[..10])
}

fn left(name: &str, made: &str, at: &str) -> Make {
    message(Kind::Utskrevet, name, made).event("2", at)
}

fn early(name: &str, made: &str) -> Make {
    message(Kind::Helseopplysninger, name, made).content("1")
}

fn report(name: &str, made: &str) -> Make {
    message(Kind::Innleggelsesrapport, name, made)
}

#[test]
fn a_stay_is_followed_by_person_hospital_and_admission() {
    let mapped = check(
        vec![
            admitted("a", "2026-03-02T10:00:00"),
            report("b", "2026-03-02T12:00:00"),
            early("c", "2026-03-03T09:00:00"),
            ready("d", "2026-03-05T10:00:00", "2026-03-02T10:00:00"),
            reply("e", "2026-03-05T11:00:00", "d", "Kan ta imot"),
            left("f", "2026-03-06T12:00:00", "2026-03-06T12:00:00"),
            message(Kind::Utskrivningsrapport, "g", "2026-03-06T13:00:00"),
            message(Kind::Epikrise, "h", "2026-03-09T13:00:00"),
        ],
        &["ny", "sikker 1", "sikker 1", "sikker 1", "sikker 1", "sikker 1", "sikker 1", "sikker 1"],
    );
    assert_eq!(mapped[0].placement.case(), Some("opphold-2026-03-02-a"));
}

#[test]
fn another_patient_or_another_hospital_is_another_stay() {
    check(
        vec![
            admitted("a", "2026-03-02T10:00:00"),
            admitted("b", "2026-03-02T10:00:00").about(OLA),
            admitted("c", "2026-03-02T16:00:00").by_hospital(OTHER_HOSPITAL),
            ready("d", "2026-03-05T10:00:00", "2026-03-02T16:00:00").by_hospital(OTHER_HOSPITAL),
            ready("e", "2026-03-05T10:00:00", "2026-03-02T10:00:00").by_hospital(HOSPITAL),
        ],
        &["ny", "ny", "ny", "sikker 3", "sikker 1"],
    );
}

#[test]
fn a_message_before_the_admission_notice_begins_the_stay() {
    check(
        vec![
            report("a", "2026-03-02T09:00:00"),
            early("b", "2026-03-02T09:30:00"),
            admission("c", "2026-03-02T11:00:00", "2026-03-02T08:40:00"),
        ],
        &["ny", "sikker 1", "sikker 1"],
    );
    check(
        vec![report("a", "2026-03-02T09:00:00"), admitted("b", "2026-03-05T09:00:00")],
        &["ny", "sikker 1"],
    );
    check(vec![report("a", "2026-03-02T09:00:00"), admitted("b", "2026-03-05T09:00:01")], &["ny", "ny"]);
}

#[test]
fn several_stays_on_one_day_are_told_apart_by_their_times() {
    check(
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            left("b", "2026-03-02T12:05:00", "2026-03-02T12:00:00"),
            admitted("c", "2026-03-02T18:00:00"),
            ready("d", "2026-03-05T10:00:00", "2026-03-02T18:00:00"),
            early("e", "2026-03-03T09:00:00"),
        ],
        &["ny", "sikker 1", "ny", "sikker 2", "sikker 2"],
    );
}

#[test]
fn a_readmission_after_a_discharge_without_a_clock_time_is_asked_about_on_that_day_only() {
    let stay = |next: &str| {
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            left("b", "2026-03-06T12:05:00", "2026-03-06"),
            report("c", next),
        ]
    };
    check(stay("2026-03-06T18:00:00"), &["ny", "sikker 1", "velg 1/ny"]);
    check(stay("2026-03-07T00:00:00"), &["ny", "sikker 1", "ny"]);
}

#[test]
fn an_admission_near_that_of_an_open_stay_may_be_the_same_one_mended() {
    let second = |at: &str| vec![admitted("a", "2026-03-02T08:00:00"), admitted("b", at)];
    let mapped = check(second("2026-03-03T08:00:00"), &["ny", "velg 1/ny"]);
    assert_eq!(mapped[1].questions[0].what, QuestionKind::WhichStay);
    assert!(mapped[1].entries.iter().all(|entry| entry.case.is_empty()), "not in the log until settled");
    assert!(mapped[1].in_case("x").iter().all(|entry| entry.case == "x"));
    check(second("2026-03-03T08:00:01"), &["ny", "ny"]);
}

#[test]
fn an_admission_sent_anew_after_its_cancellation_goes_on_in_the_same_stay() {
    check(
        vec![
            admission("a", "2026-03-02T10:00:00", "2026-03-02T08:00:00"),
            admission("b", "2026-03-02T10:05:00", "2026-03-02T08:00:00").status("C").answers("a"),
            admission("c", "2026-03-02T10:10:00", "2026-03-02T07:00:00"),
            ready("d", "2026-03-05T10:00:00", "2026-03-02T07:00:00"),
        ],
        &["ny", "sikker 1", "sikker 1", "sikker 1"],
    );
}

#[test]
fn a_report_after_discharge_belongs_to_the_stay_for_a_month() {
    let stay = |made: &str| {
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            left("b", "2026-03-06T12:00:00", "2026-03-06T12:00:00"),
            message(Kind::Utskrivningsrapport, "c", made),
        ]
    };
    check(stay("2026-04-05T13:00:00"), &["ny", "sikker 1", "sikker 1"]);
    check(stay("2026-04-05T13:00:01"), &["ny", "sikker 1", "ny"]);
}

#[test]
fn a_second_end_of_a_stay_is_asked_about() {
    let ends = |second: &str| {
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            left("b", "2026-03-06T12:00:00", "2026-03-06T12:00:00"),
            left("c", "2026-03-12T12:00:00", second),
        ]
    };
    check(ends("2026-03-06T12:00:00"), &["ny", "sikker 1", "sikker 1"]);
    check(ends("2026-03-12T11:00:00"), &["ny", "sikker 1", "velg 1/ny"]);
}

#[test]
fn a_report_between_two_stays_is_asked_about() {
    check(
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            left("b", "2026-03-06T12:00:00", "2026-03-06T12:00:00"),
            admitted("c", "2026-03-07T08:00:00"),
            message(Kind::Epikrise, "d", "2026-03-08T10:00:00"),
        ],
        &["ny", "sikker 1", "ny", "velg 1/2"],
    );
}

#[test]
fn the_conversation_goes_before_time() {
    check(
        vec![
            admitted("a", "2026-03-02T08:00:00"),
            ready("r", "2026-03-05T10:00:00", "2026-03-02T08:00:00"),
            left("b", "2026-03-06T12:00:00", "2026-03-06T12:00:00"),
            admitted("c", "2026-03-20T08:00:00"),
            reply("s", "2026-03-20T10:00:00", "r", "Kan ta imot"),
            reply("t", "2026-03-20T10:00:00", "ukjent", "Kan ta imot"),
        ],
        &["ny", "sikker 1", "sikker 1", "ny", "sikker 1", "sikker 2"],
    );
}

#[test]
fn a_conversation_about_another_patient_is_asked_about() {
    check(
        vec![admitted("a", "2026-03-02T08:00:00"), reply("s", "2026-03-05T10:00:00", "a", "Nei").about(OLA)],
        &["ny", "velg 1"],
    );
}

#[test]
fn a_patient_whose_id_changed_is_known_by_both_or_asked_about() {
    const TEMPORARY: &str = "52885012345";
    let before = admitted("a", "2026-03-02T08:00:00").about(TEMPORARY).named("Kari", "1950-08-12");
    let after =
        |name: &str| ready(name, "2026-03-05T10:00:00", "2026-03-02T08:00:00").named("Kari", "1950-08-12");
    check(vec![before.clone(), after("b").also_known_as(TEMPORARY)], &["ny", "sikker 1"]);
    check(vec![before.clone(), after("b")], &["ny", "velg 1/ny"]);
    check(vec![before.clone(), after("b").answers("a")], &["ny", "sikker 1"]);
    check(vec![before.clone(), after("b").named("Kari", "1950-08-13")], &["ny", "ny"]);
    let mut known = Known::default();
    known.same_person(TEMPORARY, crate::builder::KARI);
    let mapped = one_by_one(&mut known, &[before.done(), after("b").done()]);
    assert_eq!(mapped[1].placement.case(), mapped[0].placement.case(), "a person said so");
}

#[test]
fn nobody_known_is_asked_about_and_the_unknown_never_matched() {
    let mapped = check(vec![admitted("a", "2026-03-02T08:00:00").without_id()], &["ukjent"]);
    assert_eq!(mapped[0].questions[0].what, QuestionKind::WhichPerson);
    check(
        vec![
            admitted("a", "2026-03-02T08:00:00").named("Kari", "1950-08-12"),
            ready("b", "2026-03-05T10:00:00", "2026-03-02T08:00:00").without_id().named("Kari", "1950-08-12"),
        ],
        &["ny", "velg 1/ny"],
    );
}

#[test]
fn dialogue_outside_any_stay_stays_outside() {
    let question = |made: &str| message(Kind::HelsefagligDialog, "d", made).note("7322", "6", "Et spørsmål");
    check(vec![question("2026-03-02T08:00:00")], &["utenfor"]);
    check(vec![admitted("a", "2026-03-02T08:00:00"), question("2026-03-03T08:00:00")], &["ny", "sikker 1"]);
}

#[test]
fn a_stay_long_without_word_is_not_taken_up_without_asking() {
    let later = |made: &str| vec![admitted("a", "2026-03-02T08:00:00"), early("b", made)];
    check(later("2026-05-31T09:00:01"), &["ny", "velg 1/ny"]);
    check(later("2026-05-31T09:00:00"), &["ny", "sikker 1"]);
}

#[test]
fn what_a_person_chose_goes_before_all_else() {
    let mut known = Known::default();
    let first = [admitted("a", "2026-03-02T08:00:00").done()];
    let case = one_by_one(&mut known, &first)[0].placement.case().unwrap().to_owned();
    known.choose("B", &case);
    let mapped = one_by_one(&mut known, &[admitted("b", "2026-03-03T08:00:00").done()]);
    assert_eq!(mapped[0].placement.case(), Some(case.as_str()));
    assert!(
        mapped[0].questions.iter().any(|it| it.what == QuestionKind::WhichAdmission),
        "two times of admission"
    );
}

#[test]
fn a_message_that_a_person_placed_is_followed_by_those_after_it() {
    let mut known = Known::default();
    let first = [admitted("a", "2026-03-02T08:00:00").done(), admitted("b", "2026-03-02T20:00:00").done()];
    let doubtful = one_by_one(&mut known, &first).remove(1);
    let answer = [reply("s", "2026-03-03T10:00:00", "b", "Ja").done()];
    known.settle(&doubtful, "opphold-valgt");
    let mapped = one_by_one(&mut known, &answer);
    assert_eq!(mapped[0].placement.case(), Some("opphold-valgt"));
}

#[test]
fn two_admissions_told_for_one_stay_are_one_event() {
    let mapped = check(
        vec![
            ready("a", "2026-03-05T10:00:00", "2026-03-02T08:00:00"),
            admission("b", "2026-03-05T11:00:00", "2026-03-02T08:00:00"),
            message(Kind::Avmelding, "c", "2026-03-05T12:00:00").event("1", "2026-03-02T08:00:00"),
        ],
        &["ny", "sikker 1", "sikker 1"],
    );
    let kinds: Vec<&str> = mapped.iter().flat_map(|it| &it.entries).map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["innlagt", "utskrivningsklar", "melding-om-innlagt-pasient", "avmelding"]);
}
