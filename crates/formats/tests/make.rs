//! Messages made from drafts: each kind is valid, says what the draft says, and what mustn't be sent isn't made.

mod make_support;

use make_support::{DRAFTS, context, draft, in_15, made, read_back};
use samspill_formats::messages::{
    Severity,
    make::{self, Refused},
    model,
    types::{Body, Detected, Kind, Precision, Version},
};
use samspill_formats::xml::{XmlLimits, parse};
use serde_json::{Value, json};

#[test]
fn every_kind_made_from_its_example_follows_its_schema() {
    for (name, kind) in DRAFTS {
        let made = made(name, kind);
        let document = parse(&made.xml, &XmlLimits::default()).expect("what is made is XML");
        assert_eq!(model::check(&document), [], "{name}");
    }
}

#[test]
fn our_own_messages_break_no_rule_of_their_profile() {
    for (name, kind) in DRAFTS {
        let warnings = made(name, kind).warnings;
        let told: Vec<_> = warnings.iter().filter(|it| it.severity > Severity::Note).collect();
        assert!(told.is_empty(), "{name}: {told:#?}");
    }
}

#[test]
fn a_message_that_was_made_is_read_as_the_kind_it_was_made_as() {
    for (name, kind) in DRAFTS {
        let message = read_back(&made(name, kind));
        assert_eq!(message.kind, kind, "{name}");
        assert_ne!(message.version, Version::Unknown, "{name}");
        assert_eq!(message.head.id, context().id, "{name}");
        assert_eq!(message.head.made.text, "2026-03-09T10:30:00+01:00", "{name}");
        let patient = message.head.patient.expect("a patient");
        assert_eq!((&*patient.family_name, &*patient.ids[0].value), ("Testesen", "12835030448"), "{name}");
        assert_eq!(message.head.sender.levels.len(), 2, "{name}");
        assert_eq!(message.head.receiver.levels.len(), 2, "{name}");
    }
}

#[test]
fn names_of_codes_are_filled_in() {
    let xml = made("utskrivningsklar", Kind::Utskrivningsklar).xml;
    assert!(xml.contains(r#"V="LOG_UTSKRIVNINGSKLAR" DN="Melding om utskrivningsklar pasient""#), "{xml}");
    assert!(xml.contains(r#"V="3" DN="Pasient utskrivningsklar" S="2.16.578.1.12.4.1.1.9121""#), "{xml}");
}

#[test]
fn what_has_happened_is_no_estimate_and_what_is_expected_is() {
    let message = read_back(&made("helseopplysninger", Kind::Helseopplysninger));
    let Body::Care(care) = message.body else { panic!("a care message") };
    let told: Vec<_> = care
        .events
        .iter()
        .map(|it| (it.code.as_ref().map(|code| code.value.as_str()), it.is_estimate, it.at.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [(Some("1"), Some(false), "2026-03-02T08:15:00"), (Some("3"), Some(true), "2026-03-06"),]
    );
    assert_eq!(care.content_type.expect("a type").value, "1");
    assert_eq!(care.events[1].at.value.expect("a time").precision, Precision::Day);
}

#[test]
fn a_later_notice_is_an_update() {
    let message = read_back(&made("helseopplysninger-endring", Kind::Helseopplysninger));
    assert_eq!(message.head.status.expect("a status").value, "M");
    let conversation = message.head.conversation.expect("a conversation");
    assert_ne!(conversation.parent, conversation.first);
    let Body::Care(care) = message.body else { panic!("a care message") };
    assert_eq!(care.content_type.expect("a type").value, "2");
}

#[test]
fn both_forms_of_the_municipality_s_answer_are_written() {
    let forms = [
        ("notat", Kind::Notat, Version::Dialog10, "1", "2.16.578.1.12.4.1.1.9155"),
        (
            "helsefaglig-dialog-tilbakemelding",
            Kind::HelsefagligDialog,
            Version::Dialog11,
            "7",
            "2.16.578.1.12.4.1.1.7322",
        ),
    ];
    for (name, kind, version, theme, table) in forms {
        let message = read_back(&made(name, kind));
        assert_eq!(message.version, version);
        let Body::Dialog(dialog) = message.body else { panic!("a dialogue message") };
        assert_eq!((&*dialog.notes[0].theme.value, &*dialog.notes[0].theme.table), (theme, table));
        assert!(dialog.notes[0].text.starts_with("Kommunen kan"));
        assert_eq!(
            message.head.conversation.expect("tied to the notice").parent,
            "0d3b1a52-7a64-4f0e-9d0f-3f1f7f3c1002"
        );
    }
}

#[test]
fn a_file_goes_with_the_message_and_comes_out_again() {
    for (name, kind) in [("helsefaglig-dialog", Kind::HelsefagligDialog), ("epikrise", Kind::Epikrise)] {
        let message = read_back(&made(name, kind));
        assert_eq!(message.attachments.len(), 1, "{name}");
        assert_eq!(message.attachments[0].detected, Detected::Pdf, "{name}");
        assert!(message.attachments[0].bytes.as_deref().expect("bytes").starts_with(b"%PDF-1.4"));
    }
}

#[test]
fn an_epicrisis_says_its_stay_and_keeps_its_own_id() {
    let message = read_back(&made("epikrise", Kind::Epikrise));
    let Body::Epicrisis(epicrisis) = message.body else { panic!("an epicrisis") };
    assert_eq!(epicrisis.until.expect("an end").text, "2026-03-11T13:00:00");
    assert_eq!(epicrisis.diagnoses.len(), 2);
    assert!(
        made("epikrise-kansellering", Kind::Epikrise).xml.contains("0d3b1a52-7a64-4f0e-9d0f-3f1f7f3c1001")
    );
}

#[test]
fn people_and_units_without_id_get_a_local_one_where_the_schema_asks_for_it() {
    let mut value = draft("innlagt");
    value["innhold"]["ansvarlige"][0]["hpr"] = Value::Null;
    let made = make::from_json(Kind::Innlagt, &value.to_string(), &context()).expect("made");
    assert!(made.xml.contains("Anders Prøvesen"), "{}", made.xml);
    assert!(made.xml.contains(r#"V="XXX""#) && made.xml.contains(r#"V="LAV""#), "{}", made.xml);
}

/// What is changed in a draft, and what it is refused for.
#[test]
fn a_status_that_the_kind_cannot_have_is_not_written() {
    check_refused(
        "utskrivningsklar",
        Kind::Utskrivningsklar,
        "/hode/status",
        json!("endring"),
        "status-uten-endring",
    );
    check_refused(
        "tjenestetilbud",
        Kind::Tjenestetilbud,
        "/hode/status",
        json!("endring"),
        "status-uten-endring",
    );
    check_refused(
        "helseopplysninger",
        Kind::Helseopplysninger,
        "/hode/status",
        json!("endring"),
        "endring-samtale",
    );
    check_refused("innlagt", Kind::Innlagt, "/hode/status", json!("kansellering"), "kansellering-samtale");
    check_refused("epikrise", Kind::Epikrise, "/hode/status", json!("endring"), "epikrise-serie");
    check_refused("svar", Kind::Svar, "/hode/status", json!("kansellering"), "status-uten-endring");
}

#[test]
fn what_names_no_patient_and_no_receiver_or_says_nothing_is_not_written() {
    check_refused("innlagt", Kind::Innlagt, "/hode/pasient", json!({}), "pasient-identifisert");
    check_refused(
        "innlagt",
        Kind::Innlagt,
        "/hode/pasient",
        json!({"etternavn": "Uten id"}),
        "pasient-identifisert",
    );
    check_refused(
        "epikrise",
        Kind::Epikrise,
        "/hode/pasient",
        json!({"etternavn": "Uten id"}),
        "epikrise-pasient-id",
    );
    check_refused("innlagt", Kind::Innlagt, "/hode/mottaker", json!({}), "mottaker-adressert");
    check_refused("epikrise", Kind::Epikrise, "/hode/mottaker", json!({}), "epikrise-mottaker-adressert");
    check_refused("innlagt", Kind::Innlagt, "/innhold/hendelser", json!([]), "innlagt-hendelse");
    check_refused("avvik", Kind::Avvik, "/hode/samtale", Value::Null, "avvik-referanse");
    check_refused("notat", Kind::Notat, "/innhold/tekst", json!(" "), "tilbakemelding-innhold");
    let own = json!({"forrige": context().id});
    check_refused("avmelding", Kind::Avmelding, "/hode/samtale", own, "samtale-egen-id");
}

#[test]
fn what_a_kind_has_no_place_for_is_refused_rather_than_dropped() {
    let meds = json!([{"navn": "Furix"}]);
    check_refused("helseopplysninger", Kind::Helseopplysninger, "/innhold/legemidler", meds, "no-place-for");
    check_refused("innlagt", Kind::Innlagt, "/innhold/kontrolltimer", json!([{}]), "no-place-for");
    check_refused("notat", Kind::Notat, "/innhold/enheter", json!([{"navn": "Sone"}]), "no-place-for");
    check_refused("epikrise", Kind::Epikrise, "/hode/samtale", json!({"forrige": "x"}), "no-place-for");
}

#[test]
fn a_file_that_may_not_go_with_it_is_refused() {
    let name = "helsefaglig-dialog";
    let kind = Kind::HelsefagligDialog;
    check_refused(name, kind, "/vedlegg/0/type", json!("image/png"), "attachment-type");
    check_refused(name, kind, "/vedlegg/0/type", json!("text/plain"), "vedlegg-format");
    check_refused(name, kind, "/vedlegg/0/innhold", json!("dette er ikke base64"), "not-base64");
    let word = json!("0M8R4KGxGuEAAAAA");
    let mut value = draft("utskrivningsrapport");
    value["vedlegg"] = json!([{"type": "application/msword", "innhold": word}]);
    let refused =
        make::from_json(Kind::Utskrivningsrapport, &value.to_string(), &context()).expect_err("refused");
    assert!(refused.findings.iter().any(|it| it.code == "vedlegg-avtalt"), "{refused}");
}

/// What is left out of a draft, and what is told of it.
#[rustfmt::skip]
fn missing() -> Vec<(&'static str, Kind, &'static str, Value, &'static str)> {
    vec![
        ("innlagt", Kind::Innlagt, "/innhold/hendelser/0/tid", json!(""), "innlagt-klokkeslett"),
        ("innlagt", Kind::Innlagt, "/innhold/hendelser/0/tid", json!("2026-03-02"), "innlagt-klokkeslett"),
        ("helseopplysninger", Kind::Helseopplysninger, "/innhold/hendelser", json!([]), "forventet-utskrivning"),
        ("helseopplysninger", Kind::Helseopplysninger, "/innhold/tekster", json!([]), "pasientens-status"),
        ("helseopplysninger", Kind::Helseopplysninger, "/innhold/enheter", json!([]), "kontakt-oppgitt"),
        ("utskrivningsklar", Kind::Utskrivningsklar, "/innhold/ansvarlige", json!([]), "utskrivningsklar-ansvarlig"),
        ("utskrivningsklar", Kind::Utskrivningsklar, "/innhold/hendelser/1/tid", json!(""), "utskrivningsklar-dato"),
        ("avmelding", Kind::Avmelding, "/innhold/hendelser/2/tid", json!(""), "avmelding-dato"),
        ("notat", Kind::Notat, "/hode/samtale", Value::Null, "tilbakemelding-knytning"),
        ("innlagt", Kind::Innlagt, "/hode/avsender/tjeneste", Value::Null, "avsender-tjeneste"),
    ]
}

/// A notice that the law gives a time limit goes out though much is unknown.
#[test]
fn a_missing_field_is_told_and_is_not_in_the_way() {
    for (name, kind, at, to, warned) in missing() {
        let mut value = draft(name);
        if warned == "kontakt-oppgitt" {
            value["innhold"]["ansvarlige"] = json!([]);
        }
        change(&mut value, at, to);
        let made = make::from_json(kind, &value.to_string(), &context())
            .unwrap_or_else(|refused| panic!("{name}: {refused}"));
        let codes: Vec<_> = made.warnings.iter().map(|it| it.code).collect();
        assert!(codes.contains(&warned), "{name} {at}: {codes:?}");
    }
}

#[test]
fn where_a_patient_went_is_unknown_rather_than_in_the_way() {
    let mut value = draft("utskrevet");
    value["innhold"]["utskrevet_til"] = Value::Null;
    let made = make::from_json(Kind::Utskrevet, &value.to_string(), &context()).expect("made");
    assert!(
        made.xml.contains(r#"UtTil V="98" DN="Ukjent""#) || made.xml.contains(":UtTil V=\"98\""),
        "{}",
        made.xml
    );
}

#[test]
fn a_name_that_is_not_known_is_refused_with_the_one_that_was_meant() {
    let refused = refused_text(Kind::Innlagt, r#"{"hode": {"pasientt": {}}}"#);
    assert_eq!(refused.findings[0].code, "unknown-field");
    assert_eq!(refused.findings[0].place.line, 1);
    assert!(refused.to_string().contains("`pasientt` isn't known here: write `pasient`?"), "{refused}");
    let refused = refused_text(Kind::Innlagt, r#"{"innhold": {"hendelser": [{"hva": "inlagt"}]}}"#);
    assert!(refused.to_string().contains("write `innlagt`?"), "{refused}");
    let refused = refused_text(Kind::Innlagt, "{\n \"hode\": 3}");
    assert_eq!((refused.findings[0].code, refused.findings[0].place.line), ("bad-draft", 2));
    assert_eq!(refused_text(Kind::Kvittering, "{}").findings[0].code, "wrong-kind");
}

fn refused_text(kind: Kind, json: &str) -> Refused {
    make::from_json(kind, json, &context()).expect_err("refused")
}

fn check_refused(name: &str, kind: Kind, at: &str, to: Value, code: &str) {
    let mut value = draft(name);
    change(&mut value, at, to);
    match make::from_json(kind, &value.to_string(), &context()) {
        Ok(made) => panic!("{name} {at} isn't refused: {}", made.xml),
        Err(refused) => {
            assert!(refused.findings.iter().any(|it| it.code == code), "{name} {at}: {refused}");
            assert!(refused.findings.iter().all(|it| it.severity == Severity::Error));
        }
    }
}

/// Puts a value at a place of a draft, also one that isn't there.
fn change(value: &mut Value, at: &str, to: Value) {
    let (parent, name) = at.rsplit_once('/').expect("a place");
    let parent = value.pointer_mut(parent).expect("the place around it");
    match name.parse::<usize>() {
        Ok(index) => parent[index] = to,
        Err(_) => parent[name] = to,
    }
}

/// A receiver reads the same of both.
#[test]
fn an_edition_is_another_namespace_around_the_same_contents() {
    for (name, kind, mut value) in in_15() {
        let older = make::from_json(kind, &value.to_string(), &context())
            .unwrap_or_else(|refused| panic!("{name}: {refused}"));
        value["utgave"] = "1.6".into();
        let newer = make::from_json(kind, &value.to_string(), &context()).expect("made");
        let (older, newer) = (read_back(&older), read_back(&newer));
        assert_eq!((older.kind, older.version), (kind, Version::Plo15), "{name}");
        assert_eq!((newer.kind, newer.version), (kind, Version::Plo16), "{name}");
        // Helseopplysninger of 1.6 have a type and an expected day beside.
        if kind != Kind::Helseopplysninger {
            let (Body::Care(older), Body::Care(mut newer)) = (older.body, newer.body) else {
                panic!("{name}")
            };
            // 1.5 must say whether a diagnosis is the main one.
            newer.diagnoses.iter_mut().for_each(|it| it.is_main = it.is_main.or(Some(false)));
            assert_eq!(older, newer, "{name}");
        }
    }
}

#[test]
fn what_only_one_edition_has_is_told_with_its_place() {
    let refused = |name: &str, kind, at: &str, to: Value| {
        let mut value = draft(name);
        value["utgave"] = "1.5".into();
        change(&mut value, at, to);
        let refused = make::from_json(kind, &value.to_string(), &context()).expect_err("refused");
        refused.findings.into_iter().map(|it| (it.code, it.path)).collect::<Vec<_>>()
    };
    let relative = json!([{ "fornavn": "Tore", "etternavn": "Testesen", "fodselsar": "2015" }]);
    let no_place = |path: &str| vec![("no-place-for", path.to_owned())];
    assert_eq!(
        refused("innlagt", Kind::Innlagt, "/innhold/parorende", relative),
        no_place("/innhold/parorende/fodselsar")
    );
    let absence = json!({ "fravar": {} });
    let found = refused("innlagt", Kind::Innlagt, "/innhold", absence);
    assert!(found.contains(&("no-place-for", "/innhold/fravar".to_owned())), "{found:?}");
    let mut value = draft("fravar");
    value["utgave"] = "1.6".into();
    let refused = make::from_json(Kind::Fravar, &value.to_string(), &context()).expect_err("refused");
    assert_eq!(refused.findings[0].code, "wrong-kind", "{refused}");
}

/// Helseopplysninger go out in 1.5 though nobody has said whether the patient applied.
#[test]
fn an_application_that_nobody_spoke_of_is_said_to_be_unknown() {
    let (_, kind, value) = in_15().find(|(name, ..)| *name == "helseopplysninger").expect("an example");
    let made = make::from_json(kind, &value.to_string(), &context()).expect("made");
    assert!(
        made.xml.contains("EgensoknadSendt>false<") && made.xml.contains("Merknad>Ikke oppgitt<"),
        "{}",
        made.xml
    );
}

#[test]
fn an_absence_says_who_has_the_message_now() {
    let Body::Care(care) = read_back(&made("fravar", Kind::Fravar)).body else { panic!("a care message") };
    let absence = care.absence.expect("an absence");
    assert_eq!((absence.is_away, absence.is_forwarded), (Some(true), Some(true)));
    assert_eq!(absence.from.map(|from| from.text).as_deref(), Some("2026-03-09"));
    assert_eq!(absence.forwarded_to.map(|to| to.name).as_deref(), Some("Anders Prøvesen"));
}
