//! Which entries each kind of message gives.

use samspill_base::Value;
use samspill_formats::messages::types::{Function, Kind, Service};
use samspill_service::exchange::meaning::{QuestionKind, RemarkKind, Table};

use crate::builder::{admission, alone, code, lines, local, message, reply};

fn check(made: samspill_formats::messages::types::Message, expected: &[&str]) {
    assert_eq!(lines(&alone(made).entries), expected);
}

#[test]
fn each_message_gives_the_entries_of_the_stay_process() {
    let care = |kind| message(kind, "m1", "2026-03-09T15:05:00");
    check(
        admission("m1", "2026-03-09T15:05:00", "2026-03-09T14:20:00").done(),
        &[
            "innlagt 2026-03-09T14:20:00+01:00 m1#innlagt",
            "melding-om-innlagt-pasient 2026-03-09T15:05:00+01:00 m1",
        ],
    );
    check(care(Kind::Innleggelsesrapport).done(), &["innleggelsesrapport 2026-03-09T15:05:00+01:00 m1"]);
    check(care(Kind::Helseopplysninger).content("1").done(), &["tidligmelding 2026-03-09T15:05:00+01:00 m1"]);
    check(
        care(Kind::Helseopplysninger).content("2").done(),
        &["helseopplysninger 2026-03-09T15:05:00+01:00 m1"],
    );
    check(care(Kind::Helseopplysninger).done(), &["helseopplysninger 2026-03-09T15:05:00+01:00 m1"]);
    check(
        care(Kind::Utskrivningsklar).event("1", "2026-03-01T10:00:00").event("3", "2026-03-09").done(),
        &["innlagt 2026-03-01T10:00:00+01:00 m1#innlagt", "utskrivningsklar 2026-03-09T15:05:00+01:00 m1"],
    );
    check(care(Kind::Avmelding).event("4", "2026-03-09").done(), &["avmelding 2026-03-09T15:05:00+01:00 m1"]);
    check(
        care(Kind::Utskrevet).event("2", "2026-03-09T12:00:00").done(),
        &["utskrevet 2026-03-09T12:00:00+01:00 m1"],
    );
    check(care(Kind::Utskrivningsrapport).done(), &["utskrivningsrapport 2026-03-09T15:05:00+01:00 m1"]);
    check(care(Kind::Epikrise).done(), &["epikrise 2026-03-09T15:05:00+01:00 m1"]);
}

#[test]
fn a_death_in_hospital_is_a_death_and_no_discharge() {
    let care = || message(Kind::Utskrevet, "m1", "2026-03-09T15:05:00");
    check(care().event("13", "2026-03-09T12:00:00").done(), &["dodsfall 2026-03-09T12:00:00+01:00 m1"]);
    let by_state =
        care().event("2", "2026-03-09T12:00:00").care(|it| it.discharge_state = Some(code("2", "8431")));
    check(by_state.done(), &["dodsfall 2026-03-09T12:00:00+01:00 m1"]);
    let alive =
        care().event("2", "2026-03-09T12:00:00").care(|it| it.discharge_state = Some(code("1", "8431")));
    check(alive.done(), &["utskrevet 2026-03-09T12:00:00+01:00 m1"]);
}

#[test]
fn what_belongs_to_no_stay_gives_nothing_and_is_told() {
    for kind in [Kind::TilLege, Kind::Tjenestetilbud, Kind::MedisinskeOpplysninger, Kind::Fravar, Kind::Annen]
    {
        let mapped = alone(message(kind, "m1", "2026-03-09T15:05:00").done());
        assert!(mapped.entries.is_empty() && mapped.questions.is_empty(), "{kind:?}");
        assert_eq!(mapped.remarks[0].what, RemarkKind::Outside, "{kind:?}");
    }
    let death = message(Kind::Dodsfall, "m1", "2026-03-09T15:05:00").event("13", "2026-03-09");
    assert!(alone(death.done()).entries.is_empty(), "a death that no stay was going on for");
}

#[test]
fn fields_of_the_body_come_from_the_parts_that_the_table_names() {
    let early = message(Kind::Helseopplysninger, "m1", "2026-03-09T15:05:00")
        .content("1")
        .section("9145", "1", "Stabil.")
        .section("9145", "2", "Trenger opptrening.")
        .section("9142", "AAI", "Fall.")
        .section("9141", "88", "Noe annet.");
    let entry = alone(early.clone().event_marked("3", "2026-03-16", Some(true)).done()).entries.remove(0);
    let text = |name: &str| entry.field(name).and_then(Value::as_text).map(str::to_owned);
    assert_eq!(text("arsak").as_deref(), Some("Fall."));
    assert_eq!(text("status").as_deref(), Some("Stabil."));
    assert_eq!(text("forventet-forlop").as_deref(), Some("Trenger opptrening."));
    assert_eq!(text("forventet-utskrivning").as_deref(), Some("2026-03-16"));
    let by_five = early.event("3", "2026-03-16").event("5", "2026-03-17");
    let entry = alone(by_five.done()).entries.remove(0);
    assert_eq!(entry.field("forventet-utskrivning"), Some(&Value::text("2026-03-17")), "9121/5 goes first");
}

#[test]
fn whether_a_time_is_an_estimate_decides_nothing() {
    let ready = |is_estimate| {
        let made = message(Kind::Utskrivningsklar, "m1", "2026-03-09T10:00:00");
        let made = made.event_marked("1", "2026-03-01T10:00:00", is_estimate);
        alone(made.event_marked("3", "2026-03-09", is_estimate).done()).entries
    };
    assert_eq!(ready(Some(true)), ready(Some(false)));
    assert_eq!(ready(Some(true)), ready(None));
}

#[test]
fn a_report_tells_services_scores_and_the_remarks_to_them() {
    let report = message(Kind::Innleggelsesrapport, "m1", "2026-03-09T15:05:00").care(|care| {
        let service = |code: samspill_formats::messages::types::Code, name: &str, text: &str| Service {
            code: Some(code),
            name: name.to_owned(),
            is_needed: false,
            text: text.to_owned(),
        };
        care.services.push(service(code("15", "9151"), "Hjemmesykepleie", "daglig"));
        care.services.push(service(code("20", "9151"), "Korttidsopphold", ""));
        let function = |value: &str, score: &str, note: &str| Function {
            code: Some(code(value, "9111")),
            score: score.to_owned(),
            note: note.to_owned(),
        };
        care.functions.push(function("15", "3", "glemmer"));
        care.functions.push(function("5", "2", ""));
        care.has_medicines = true;
    });
    let entry = alone(report.done()).entries.remove(0);
    let said = |name: &str| entry.field(name).map(ToString::to_string).unwrap_or_default();
    assert_eq!(said("tjenester"), "Hjemmesykepleie\nKorttidsopphold");
    assert_eq!(said("hyppighet"), "daglig");
    assert_eq!(said("funksjon-kognitiv"), "glemmer");
    assert_eq!(said("iplos"), "3\n2");
    assert_eq!(said("plass"), "korttid");
    assert_eq!(entry.field("fra-institusjon"), Some(&Value::Bool(true)));
    assert_eq!(said("funksjon-fysisk"), "", "a score without a remark tells nothing");
}

#[test]
fn parties_are_named_by_the_directory_and_facts_come_with_them() {
    let early = message(Kind::Helseopplysninger, "m1", "2026-03-09T15:05:00").content("1");
    let entry = alone(early.clone().done()).entries.remove(0);
    assert_eq!(
        (entry.from.as_deref(), entry.to.as_deref()),
        (Some("Ortopedisk avdeling"), Some("Tildelingskontoret"))
    );
    assert_eq!(entry.facts.get("oppholdskommune"), Some(&Value::text("Storvik")));
    assert_eq!(entry.facts.get("fagomrade"), Some(&Value::text("somatikk")));
    assert_eq!(entry.facts.get("kommunalt-behov"), Some(&Value::Bool(true)));
    let unlisted = alone(early.clone().at_unit("8200999").done()).entries.remove(0);
    assert_eq!(unlisted.to.as_deref(), Some("8200999"), "as written");
    let shared = alone(early.at_unit("8200103").done());
    assert_eq!(shared.entries[0].facts.get("oppholdskommune"), None, "one of two: nobody knows which");
    assert_eq!(shared.questions[0].what, QuestionKind::WhichMunicipality);
}

#[test]
fn a_notice_that_names_another_day_is_told_and_stands() {
    let ready = message(Kind::Utskrivningsklar, "m1", "2026-03-09T10:00:00").event("3", "2026-03-10");
    let mapped = alone(ready.done());
    assert_eq!(local(mapped.entries[0].happened), "2026-03-09T10:00:00+01:00");
    assert_eq!(mapped.remarks[0].what, RemarkKind::OtherDay);
}

#[test]
fn both_forms_of_the_reply_are_replies_without_an_answer_until_confirmed() {
    let mut known = samspill_service::exchange::meaning::Known::default();
    let ready =
        message(Kind::Utskrivningsklar, "r", "2026-03-09T10:00:00").event("1", "2026-03-01T10:00:00").done();
    let old = message(Kind::Notat, "s1", "2026-03-09T11:00:00").back().answers("r").note(
        "9155",
        "1",
        "Kan ikke ta imot",
    );
    let new = reply("s2", "2026-03-09T12:00:00", "r", "Kan ta imot i morgen");
    let mapped = crate::builder::one_by_one(&mut known, &[ready, old.done(), new.done()]);
    for reply in &mapped[1..] {
        assert_eq!(reply.entries[0].kind, "svar-utskrivningsklar");
        assert_eq!(reply.entries[0].field("svar"), None);
        assert_eq!(reply.questions[0].what, QuestionKind::WhichAnswer);
        assert!(reply.suggestion.as_ref().is_some_and(|it| it.answer.is_some()));
    }
    let theme_six = message(Kind::HelsefagligDialog, "d", "2026-03-09T12:00:00").answers("r").note(
        "7322",
        "6",
        "Kan ta imot",
    );
    let mapped = crate::builder::one_by_one(&mut known, &[theme_six.done()]);
    assert_eq!(mapped[0].entries[0].kind, "helsefaglig-dialog");
    assert!(mapped[0].suggestion.is_none());
}

#[test]
fn a_table_with_a_mistake_is_refused_with_the_place() {
    let shipped = include_str!("../../data/meaning.toml");
    assert!(Table::read(shipped).is_ok());
    for (good, bad, says) in [
        ("[\"section 9145/1\"]", "[\"sektion 9145/1\"]", "sektion"),
        ("message = \"EPIKRISE\"", "message = \"EPIKRISEN\"", "EPIKRISEN"),
        ("at = \"event 2\"", "at = \"event\"", "event"),
        ("where = [\"content 9140/1\"]", "where = [\"content 9140\"]", "9140"),
        ("lead_hours = 72", "lead_hours = \"72\"", "lead_hours"),
        ("events = [\"1 admitted\"]", "events = [\"1 admited\"]", "1 admited"),
        ("events = [\"2 happened\"]", "events = [\"7 happened\"]", "code 7"),
        ("to = \"sykepleie\"", "till = \"sykepleie\"", "till"),
    ] {
        let error = Table::read(&shipped.replacen(good, bad, 1)).expect_err(bad).to_string();
        assert!(error.contains(says), "{error}");
    }
}
