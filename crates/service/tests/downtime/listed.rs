//! The list of open stays.

use samspill_agreement::model::{Agreement, Language};
use samspill_base::CaseLog;
use samspill_engine::{Evaluation, evaluate};
use samspill_service::downtime::{
    Periods,
    forms::{Print, StayNow, status_list},
};

use crate::{
    given::{Kept, agreement, at, book, planned, stay},
    paper::{check_page, check_recorded, patient},
};

const AS_OF: &str = "2024-06-10T11:00";
const READY: [&str; 3] =
    ["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T10:00 utskrivningsklar"];

/// A stay with a name and a unit.
fn named(agreement: &Agreement, case: &str, lines: &[&str]) -> (CaseLog, Evaluation) {
    let mut log = stay(agreement, lines);
    case.clone_into(&mut log.case);
    for entry in &mut log.entries {
        case.clone_into(&mut entry.case);
    }
    let evaluation = evaluate(agreement, &log, at(AS_OF));
    (log, evaluation)
}

fn list(party: &str, agreement: &Agreement, read: &[(CaseLog, Evaluation, Option<&str>)]) -> String {
    list_in(party, agreement, read, &Periods::default(), Language::Bokmal)
}

fn list_in(
    party: &str,
    agreement: &Agreement,
    read: &[(CaseLog, Evaluation, Option<&str>)],
    periods: &Periods,
    language: Language,
) -> String {
    let (patient, book) = (patient(), book());
    let stays: Vec<StayNow<'_>> = read
        .iter()
        .map(|(log, evaluation, unit)| StayNow {
            agreement,
            log,
            evaluation,
            patient: Some(&patient),
            unit: *unit,
        })
        .collect();
    let print = Print { book: &book, periods, as_of: at(AS_OF), language };
    status_list(party, &stays, &print)
}

fn with_unit(
    (log, evaluation): (CaseLog, Evaluation),
    unit: Option<&str>,
) -> (CaseLog, Evaluation, Option<&str>) {
    (log, evaluation, unit)
}

#[test]
fn the_list_is_as_recorded_in_three_languages() {
    let agreement = agreement("hmr");
    let read = [
        with_unit(named(&agreement, "opphold-1", &READY), Some("Medisin 2")),
        with_unit(named(&agreement, "opphold-2", &READY[..2]), None),
    ];
    let down = Kept::with(&planned("2024-06-10T12:00", None)).known(at(AS_OF));
    for (language, code) in [(Language::Bokmal, "nb"), (Language::Nynorsk, "nn"), (Language::English, "en")] {
        let page = list_in("Lindvik", &agreement, &read, &down, language);
        check_page(&page, code);
        check_recorded(&format!("apne-opphold.{code}.html"), &page);
    }
}

#[test]
fn an_empty_list_says_so() {
    let page = list("Lindvik", &agreement("hmr"), &[]);
    check_page(&page, "nb");
    assert!(page.contains("<p>Ingen opphold er åpne.</p>"));
}

#[test]
fn a_stay_leaves_the_list_when_the_patient_does_and_nothing_is_left_to_do() {
    let agreement = agreement("hmr");
    let lines = ["2024-06-03T10:00 innlagt", "2024-06-10T10:00 dodsfall"];
    let shows = |lines: &[&str]| {
        let read = [with_unit(named(&agreement, "opphold-7", lines), None)];
        list("Lindvik", &agreement, &read).contains("opphold-7")
    };
    assert!(shows(&["2024-06-03T10:00 innlagt", "2024-06-03T11:00 tidligmelding"]));
    assert!(!shows(&lines));
}

#[test]
fn only_the_partys_own_stays_are_listed() {
    let agreement = agreement("hmr");
    let read = || [with_unit(named(&agreement, "opphold-1", &READY), None)];
    assert!(list("Lindvik", &agreement, &read()).contains("opphold-1"));
    assert!(list("Fjordheim", &agreement, &read()).contains("opphold-1"));
    assert!(!list("Nesodal", &agreement, &read()).contains("opphold-1"));
}

#[test]
fn stays_come_by_unit_and_then_by_what_is_due_first() {
    let agreement = agreement("hmr");
    let earlier =
        ["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T09:00 utskrivningsklar"];
    let read = [
        with_unit(named(&agreement, "opphold-1", &READY), Some("B")),
        with_unit(named(&agreement, "opphold-2", &earlier), Some("B")),
        with_unit(named(&agreement, "opphold-3", &earlier), None),
        with_unit(named(&agreement, "opphold-4", &READY), Some("A")),
    ];
    let page = list("Lindvik", &agreement, &read);
    let place = |case: &str| page.find(case).unwrap();
    let order = ["opphold-4", "opphold-2", "opphold-1", "opphold-3"].map(place);
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn hostile_units_and_parties_are_text() {
    let agreement = agreement("hmr");
    let read = [with_unit(named(&agreement, "<script>1</script>", &READY), Some("<b onclick='x'>"))];
    let page = list("Lindvik", &agreement, &read);
    check_page(&page, "nb");
    assert!(!page.contains("<script") && !page.contains("<b "));
    check_page(&list("<script>", &agreement, &[]), "nb");
}
