//! The official samples and acceptance messages, where they are there.

use std::path::Path;

use samspill_formats::{
    messages::{
        read::MessageLimits,
        types::{Body, Detected, Kind, Message, Version},
    },
    xml::{XmlLimits, parse},
};

use crate::{files_in, read_text, shared, text_of};

fn read_file(path: &Path) -> Option<(Message, Vec<&'static str>)> {
    let text = text_of(path)?;
    parse(&text, &XmlLimits::default()).ok()?;
    let (message, findings) = read_text(&text, &MessageLimits::default());
    Some((message, findings.iter().map(|finding| finding.code).collect()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// What the name of a sample says that it is.
const NAMED: [(&str, Kind); 25] = [
    ("Helseopplysninger_til_lege", Kind::TilLege),
    ("Helseopplysninger_", Kind::Helseopplysninger),
    ("Innleggelsesrapport", Kind::Innleggelsesrapport),
    ("Medisinske_opplysninger", Kind::MedisinskeOpplysninger),
    ("Orientering_om_tjenestetilbud", Kind::Tjenestetilbud),
    ("Pasientlogistikk_Avmelding", Kind::Avmelding),
    ("Pasientlogistikk_Innlagt", Kind::Innlagt),
    ("Pasientlogistikk_Melding_om_utskrevet", Kind::Utskrevet),
    ("Pasientlogistikk_Orientering_om_dodsfall", Kind::Dodsfall),
    ("Pasientlogistikk_Utskrivningsklar", Kind::Utskrivningsklar),
    ("Utskrivningsrapport", Kind::Utskrivningsrapport),
    ("Dialogmelding_avvik", Kind::Avvik),
    ("Dialogmelding_foresporsel", Kind::Foresporsel),
    ("Dialogmelding_svar", Kind::Svar),
    ("Helsefaglig dialog", Kind::HelsefagligDialog),
    ("Status_paa_henvisning", Kind::Annen),
    ("Tilbakemelding_utskrivningsklar_HELSEFAGLIG", Kind::HelsefagligDialog),
    ("Tilbakemelding_utskrivningsklar_NOTAT", Kind::Notat),
    ("epikrise", Kind::Epikrise),
    ("all-data", Kind::Kvittering),
    ("example-avvist", Kind::Kvittering),
    ("example-ok-feil-i-delmelding", Kind::Kvittering),
    ("example-ok", Kind::Kvittering),
    ("unknown-status", Kind::Kvittering),
    ("", Kind::Annen),
];

const FOLDERS: [(&str, Option<Version>); 8] = [
    ("plo-1.5", Some(Version::Plo15)),
    ("plo-1.6", Some(Version::Plo16)),
    ("dialogmelding-1.0", Some(Version::Dialog10)),
    ("dialogmelding-1.1", Some(Version::Dialog11)),
    ("epikrise-1.2", Some(Version::Epikrise12)),
    ("apprec-1.0", Some(Version::AppRec10)),
    ("apprec-1.1", Some(Version::AppRec11)),
    ("made-here", None),
];

#[test]
fn every_sample_is_read_without_a_finding() {
    for (folder, version) in FOLDERS {
        let Some(folder) = shared(&format!("standards/plo/samples/{folder}")) else { return };
        let files = files_in(&folder);
        assert!(!files.is_empty());
        for path in files {
            let name = name(&path);
            let (message, findings) = read_file(&path).unwrap();
            assert!(findings.is_empty(), "{name}: {findings:?}");
            let kind = NAMED.iter().find(|(start, _)| name.starts_with(start)).unwrap().1;
            assert_eq!(message.kind, kind, "{name}");
            assert!(
                version.is_none_or(|version| version == message.version),
                "{name}: {:?}",
                message.version
            );
            let is_known = message.kind != Kind::Annen || name.starts_with("Status_paa");
            assert!(is_known && !message.head.id.is_empty() && message.head.made.value.is_some(), "{name}");
            // Of a receipt the units can be left out.
            let levels = if kind == Kind::Kvittering { 1 } else { 2 };
            let parties = [&message.head.sender, &message.head.receiver];
            assert!(parties.iter().all(|party| party.levels.len() >= levels), "{name}");
            assert!(message.body != Body::Other, "{name}");
        }
    }
}

/// Envelopes of transport aren't messages, and that is said.
#[test]
fn an_envelope_is_told_to_be_no_message() {
    let Some(folder) = shared("standards/plo/samples/ebxml") else { return };
    let mut envelopes = 0;
    for path in files_in(&folder) {
        let (message, findings) = read_file(&path).unwrap();
        if message.kind == Kind::Annen {
            envelopes += 1;
            assert_eq!(findings, ["unknown-document"], "{}", name(&path));
        }
    }
    assert!(envelopes > 5);
}

/// Messages made with faults on purpose: all that is well-formed is read, and what is told of is in the faulty place.
#[test]
fn acceptance_messages_are_read() {
    let Some(folder) = shared("standards/plo/conformance") else { return };
    let mut told = Vec::new();
    let mut count = 0;
    for path in files_in(&folder) {
        let Some((message, findings)) = read_file(&path) else { continue };
        count += 1;
        assert_ne!(message.kind, Kind::Annen, "{}", name(&path));
        told.extend(findings.iter().map(|code| format!("{} {code}", name(&path))));
    }
    assert!(count >= 70, "{count}");
    assert_eq!(told, TOLD);
}

const TOLD: [&str; 0] = [];

#[track_caller]
fn sample(path: &str) -> Option<Message> {
    let path = shared(&format!("standards/plo/samples/{path}"))?;
    Some(read_file(&path).unwrap().0)
}

#[test]
fn fields_of_a_ready_notice_are_read() {
    let path = "plo-1.6/Pasientlogistikk_Utskrivningsklar_pasient_v1-6_Ny.xml";
    let Some(message) = sample(path) else { return };
    let Body::Care(care) = message.body else { panic!() };
    let events: Vec<_> = care
        .events
        .iter()
        .map(|event| (event.code.as_ref().unwrap().value.as_str(), event.at.text.as_str(), event.is_estimate))
        .collect();
    assert_eq!(events, [("1", "2018-01-29T10:00:00", Some(false)), ("3", "2018-01-31", Some(true))]);
    assert_eq!(care.units[0].telecoms, ["tel:73555555"]);
    let responsible = &care.responsible[0];
    assert_eq!((responsible.name.as_str(), responsible.ids[0].value.as_str()), ("Gunn Omsorg", "9876543"));
    assert_eq!(message.head.status.unwrap().value, "N");
}

#[test]
fn the_attachment_of_a_dialogue_is_a_pdf() {
    let Some(message) = sample("dialogmelding-1.1/Helsefaglig dialog.xml") else { return };
    let [attachment] = &message.attachments[..] else { panic!() };
    assert_eq!((attachment.mime_type.as_str(), attachment.detected), ("application/pdf", Detected::Pdf));
    assert_eq!(attachment.description, "EKG-2017-06-12");
    assert!(attachment.bytes.as_ref().unwrap().len() > 1_000_000);
}

#[test]
fn fields_of_an_epicrisis_are_read() {
    let Some(message) = sample("epikrise-1.2/epikrise_v1.2_n.xml") else { return };
    let patient = message.head.patient.unwrap();
    assert_eq!((patient.family_name.as_str(), patient.given_name.as_str()), ("Danser", "Line"));
    assert_eq!(message.head.status.unwrap().value, "N");
    assert_eq!(message.head.others.len(), 1);
    let Body::Epicrisis(epicrisis) = message.body else { panic!() };
    assert_eq!(epicrisis.from.unwrap().text, "2017-04-27T09:00:10");
    assert_eq!(
        epicrisis.diagnoses.iter().map(|it| it.is_main).collect::<Vec<_>>(),
        [Some(true), Some(false), Some(false)]
    );
    let cave = epicrisis.sections.iter().find(|section| section.heading.as_ref().unwrap().value == "CAVE");
    assert_eq!(cave.unwrap().text, "Sulfa (exanthem 1999)");
}
