//! The example drafts, and messages made of them.
#![allow(dead_code, reason = "each test file uses a part of it")]

use samspill_formats::messages::{
    make::{self, Made, MakeContext},
    read::{MessageLimits, read},
    types::{Kind, Message},
};
use samspill_formats::xml::{XmlLimits, parse};
use serde_json::Value;

/// Every example under `tests/data/make`, with the kind it is of.
pub(crate) const DRAFTS: [(&str, Kind); 22] = [
    ("innlagt", Kind::Innlagt),
    ("innlagt-kansellering", Kind::Innlagt),
    ("innleggelsesrapport", Kind::Innleggelsesrapport),
    ("helseopplysninger", Kind::Helseopplysninger),
    ("helseopplysninger-endring", Kind::Helseopplysninger),
    ("utskrivningsklar", Kind::Utskrivningsklar),
    ("avmelding", Kind::Avmelding),
    ("utskrevet", Kind::Utskrevet),
    ("utskrivningsrapport", Kind::Utskrivningsrapport),
    ("dodsfall", Kind::Dodsfall),
    ("helseopplysninger-til-lege", Kind::TilLege),
    ("tjenestetilbud", Kind::Tjenestetilbud),
    ("medisinske-opplysninger", Kind::MedisinskeOpplysninger),
    ("fravar", Kind::Fravar),
    ("foresporsel", Kind::Foresporsel),
    ("svar", Kind::Svar),
    ("notat", Kind::Notat),
    ("avvik", Kind::Avvik),
    ("helsefaglig-dialog", Kind::HelsefagligDialog),
    ("helsefaglig-dialog-tilbakemelding", Kind::HelsefagligDialog),
    ("epikrise", Kind::Epikrise),
    ("epikrise-kansellering", Kind::Epikrise),
];

/// The id and time of every message here.
pub(crate) fn context() -> MakeContext<'static> {
    MakeContext {
        id: "7c9e6a10-1b2d-4e3f-8a4b-5c6d7e8f9001",
        made: "2026-03-09T09:30:00Z".parse().expect("an instant"),
    }
}

/// The text of an example.
#[expect(clippy::disallowed_methods, reason = "a test may open files")]
pub(crate) fn text(name: &str) -> String {
    let path = format!("{}/tests/data/make/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An example, to be changed.
pub(crate) fn draft(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect("JSON")
}

/// The message of an example.
pub(crate) fn made(name: &str, kind: Kind) -> Made {
    make::from_json(kind, &text(name), &context()).unwrap_or_else(|refused| panic!("{name}: {refused}"))
}

/// The examples of care messages that both editions have, as they are written in PLO 1.5: without what it has no place for.
pub(crate) fn in_15() -> impl Iterator<Item = (&'static str, Kind, Value)> {
    DRAFTS.into_iter().take_while(|(_, kind)| *kind != Kind::Fravar).map(|(name, kind)| {
        let mut value = draft(name);
        value["utgave"] = "1.5".into();
        let content = value["innhold"].as_object_mut().expect("contents");
        for relative in content.get_mut("parorende").and_then(Value::as_array_mut).into_iter().flatten() {
            relative.as_object_mut().map(|it| it.remove("fodselsar"));
        }
        content.get_mut("legemiddelhjelp").and_then(Value::as_object_mut).map(|it| it.remove("merknad"));
        if let Some(appointments) = content.get_mut("kontrolltimer").and_then(Value::as_array_mut) {
            appointments.retain(|it| it.get("tentativt").is_none());
        }
        if kind == Kind::Helseopplysninger {
            for part in ["hendelser", "type_innhold", "endringer"] {
                content.remove(part);
            }
        }
        (name, kind, value)
    })
}

/// What a receiver reads.
pub(crate) fn read_back(made: &Made) -> Message {
    let document = parse(&made.xml, &XmlLimits::default()).expect("XML");
    let (message, findings) = read(&document, &MessageLimits::default());
    assert!(findings.is_empty(), "{findings:?}");
    message
}
