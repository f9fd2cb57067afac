//! Emergency forms.

use std::{fs, path::PathBuf};

use samspill_agreement::model::{Agreement, Language};
use samspill_base::{CaseLog, Value};
use samspill_engine::evaluate;
use samspill_formats::{
    messages::make::PatientDraft,
    xml::{XmlLimits, parse},
};
use samspill_service::downtime::{
    Periods,
    forms::{Print, StayNow, blank_forms, emergency_forms, form_kinds, open_kinds},
};

use crate::given::{Kept, PATIENT, agreement, at, book, planned, stay};

const AS_OF: &str = "2024-06-10T11:00";

pub(crate) fn patient() -> PatientDraft {
    PatientDraft {
        given_name: "Alma".to_owned(),
        middle_name: "Tind".to_owned(),
        family_name: "Nordvik".to_owned(),
        born: Some("1941-11-23".to_owned()),
        ..PatientDraft::default()
    }
}

fn log_of(agreement: &Agreement) -> CaseLog {
    let mut log = stay(
        agreement,
        &["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T10:00 utskrivningsklar"],
    );
    log.entries[1].body = Some([("forventet-utskrivning".to_owned(), Value::text("2024-06-11"))].into());
    log
}

fn forms(agreement: &Agreement, log: &CaseLog, kinds: &[&str], language: Language) -> String {
    let evaluation = evaluate(agreement, log, at(AS_OF));
    let (patient, book) = (patient(), book());
    let stay =
        StayNow { agreement, log, evaluation: &evaluation, patient: Some(&patient), unit: Some("Medisin 2") };
    let kinds: Vec<_> = kinds.iter().map(|kind| (*kind).into()).collect();
    let print = Print { book: &book, periods: &Periods::default(), as_of: at(AS_OF), language };
    emergency_forms(&stay, &kinds, &print)
}

/// The page is XML, has a language, a title, one main heading a form, and every table says what its cells are about.
#[track_caller]
pub(crate) fn check_page(page: &str, language: &str) {
    let page = page.strip_prefix("<!DOCTYPE html>\n").expect("a page begins with its type");
    let document = parse(page, &XmlLimits::default()).unwrap_or_else(|error| panic!("{error}\n{page}"));
    assert_eq!(document.root().attribute("lang"), Some(language));
    assert!(document.root().descend(&["head", "title"]).is_some_and(|title| !title.text().is_empty()));
    let mut waiting = vec![document.root()];
    while let Some(element) = waiting.pop() {
        match element.local() {
            "table" => assert!(element.child("caption").is_some_and(|caption| !caption.text().is_empty())),
            "th" => assert!(element.attribute("scope").is_some()),
            "script" | "link" | "img" | "iframe" => panic!("{} on a page", element.local()),
            _ => {}
        }
        waiting.extend(element.children());
    }
}

/// Compares with a page that somebody has read. A missing one is written, and is a failure once.
#[track_caller]
pub(crate) fn check_recorded(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/downtime/recorded").join(name);
    // The style is the same on all pages.
    let (head, rest) = found.split_once("<style>").unwrap();
    let body = rest.split_once("</style>\n").unwrap().1;
    let found = format!("{head}{body}");
    let Ok(recorded) = fs::read_to_string(&path) else {
        fs::write(&path, found).unwrap();
        panic!("{} was missing: it is written now, read it", path.display());
    };
    assert_eq!(recorded, found, "{} reads otherwise", path.display());
}

#[test]
fn forms_hold_every_field_that_either_agreement_asks_for() {
    for name in ["unn", "hmr"] {
        let agreement = agreement(name);
        let version = agreement.newest();
        let log = log_of(&agreement);
        for (language, code) in
            [(Language::Bokmal, "nb"), (Language::Nynorsk, "nn"), (Language::English, "en")]
        {
            for content in &version.contents {
                for kind in &content.of {
                    assert!(form_kinds(version).contains(kind), "{name}: no form for {kind}");
                    let page = forms(&agreement, &log, &[kind.as_str()], language);
                    check_page(&page, code);
                    assert!(page.contains(content.clause.as_str()), "{name} {kind}: {}", content.clause);
                    for field in &content.needs {
                        let label = version.kinds[kind].fields[field].name.in_language(language);
                        assert!(page.contains(&format!("<th scope=\"row\">{label}</th>")), "{kind} {label}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_message_that_a_duty_asks_for_has_a_form() {
    for name in ["unn", "hmr"] {
        let agreement = agreement(name);
        let kinds = form_kinds(agreement.newest());
        for kind in ["melding-om-innlagt-pasient", "avmelding", "utskrivningsklar", "epikrise"] {
            assert!(kinds.iter().any(|known| known.as_str() == kind), "{name}: {kind}");
        }
    }
}

#[test]
fn a_form_is_filled_in_with_what_is_known() {
    let agreement = agreement("hmr");
    let page = forms(&agreement, &log_of(&agreement), &["tidligmelding"], Language::Bokmal);
    for known in
        ["Alma Tind Nordvik", PATIENT, "1941-11-23", "opphold-1", "Medisin 2", "+4757000120", "2024-06-11"]
    {
        assert!(page.contains(known), "{known}");
    }
    let reply = forms(&agreement, &log_of(&agreement), &["svar-utskrivningsklar"], Language::Bokmal);
    assert!(reply.contains("mandag 10. juni 2024 kl. 13.00"), "the limit of the open duty");
    assert!(reply.contains("☐ kan ta imot") && reply.contains("☐ per telefon"));
}

#[test]
fn a_form_names_the_downtime_that_is_not_over() {
    let agreement = agreement("hmr");
    let log = log_of(&agreement);
    let (evaluation, book) = (evaluate(&agreement, &log, at(AS_OF)), book());
    let stay =
        StayNow { agreement: &agreement, log: &log, evaluation: &evaluation, patient: None, unit: None };
    let shows = |until: Option<&str>| {
        let periods = Kept::with(&planned("2024-06-10T08:00", until)).known(at(AS_OF));
        let print = Print { book: &book, periods: &periods, as_of: at(AS_OF), language: Language::Bokmal };
        emergency_forms(&stay, &["avmelding".into()], &print).contains("Lindvik: planlagt nedetid")
    };
    assert!(shows(None) && shows(Some("2024-06-10T11:00:01")));
    assert!(!shows(Some("2024-06-10T11:00")));
}

#[test]
fn the_kinds_to_print_ahead_are_those_of_duties_not_done() {
    let agreement = agreement("hmr");
    let log = log_of(&agreement);
    let kinds = |as_of: &str| -> Vec<String> {
        let evaluation = evaluate(&agreement, &log, at(as_of));
        open_kinds(agreement.newest(), &evaluation).iter().map(ToString::to_string).collect()
    };
    assert!(!kinds("2024-06-10T09:59:59").contains(&"svar-utskrivningsklar".to_owned()));
    assert!(kinds("2024-06-10T10:00").contains(&"svar-utskrivningsklar".to_owned()));
    assert!(!kinds("2024-06-10T10:00").contains(&"tidligmelding".to_owned()), "that was done");
}

#[test]
fn hostile_names_are_text_and_nothing_else() {
    let agreement = agreement("hmr");
    let mut log = log_of(&agreement);
    let evil = "</td><script>alert('x')</script>&\"\u{0}\u{1b}";
    log.case = evil.to_owned();
    for entry in &mut log.entries {
        (entry.from, entry.person) = (Some(evil.to_owned()), Some(evil.to_owned()));
    }
    log.entries[0].facts.insert("problem".to_owned(), Value::text(evil));
    let page = forms(&agreement, &log, &["utskrivningsklar", "tidligmelding"], Language::Bokmal);
    check_page(&page, "nb");
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;alert('x')"));
    assert!(!page.contains(['\u{0}', '\u{1b}']));
}

#[test]
fn a_long_word_is_wrapped() {
    let agreement = agreement("hmr");
    let mut log = log_of(&agreement);
    log.case = "x".repeat(5_000);
    let page = forms(&agreement, &log, &["avmelding"], Language::Bokmal);
    check_page(&page, "nb");
    assert!(page.contains("overflow-wrap: anywhere"));
}

#[test]
fn the_form_for_the_reply_is_as_recorded() {
    let agreement = agreement("hmr");
    let page = forms(&agreement, &log_of(&agreement), &["svar-utskrivningsklar"], Language::Bokmal);
    check_recorded("svar.nb.html", &page);
}

#[test]
fn a_blank_form_is_as_recorded() {
    let (agreement, book) = (agreement("unn"), book());
    let print =
        Print { book: &book, periods: &Periods::default(), as_of: at(AS_OF), language: Language::Nynorsk };
    let page = blank_forms(agreement.newest(), &["tidligmelding".into()], &print);
    check_page(&page, "nn");
    check_recorded("tidligmelding.nn.html", &page);
}
