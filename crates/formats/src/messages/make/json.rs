//! Drafts from JSON, and mistakes in it told so that they can be mended.

use serde::de::DeserializeOwned;

use super::{Made, MakeContext, Refused, care, dialog, epicrisis, finish};
use crate::{
    Place,
    messages::{Finding, Severity, types::Kind},
};

/// Makes a message of a kind from its draft in JSON.
///
/// # Errors
///
/// What the draft says wrong, or why the message mustn't be sent.
pub fn from_json(kind: Kind, json: &str, context: &MakeContext<'_>) -> Result<Made, Refused> {
    match kind {
        Kind::Innlagt
        | Kind::Innleggelsesrapport
        | Kind::Helseopplysninger
        | Kind::Utskrivningsklar
        | Kind::Avmelding
        | Kind::Utskrevet
        | Kind::Utskrivningsrapport
        | Kind::Dodsfall
        | Kind::TilLege
        | Kind::Tjenestetilbud
        | Kind::MedisinskeOpplysninger
        | Kind::Fravar => care(kind, &draft(json)?, context),
        Kind::Foresporsel | Kind::Svar | Kind::Notat | Kind::Avvik | Kind::HelsefagligDialog => {
            dialog(kind, &draft(json)?, context)
        }
        Kind::Epikrise => epicrisis(&draft(json)?, context),
        Kind::Kvittering | Kind::Annen => {
            let text = format!("messages of kind {} aren't written from a draft", kind.slug());
            Err(finish::refusal("wrong-kind", "/", text))
        }
    }
}

fn draft<D: DeserializeOwned>(json: &str) -> Result<D, Refused> {
    serde_json::from_str(json).map_err(|error| Refused { findings: vec![told(&error)] })
}

fn told(error: &serde_json::Error) -> Finding {
    let whole = error.to_string();
    let message = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(message, _)| message);
    let (code, text) = match unknown_name(message) {
        Some((name, known)) => ("unknown-field", unknown(name, &known)),
        None => ("bad-draft", format!("the draft can't be read: {message}")),
    };
    let place = Place { line: error.line() as u64, column: error.column() as u64 };
    Finding { severity: Severity::Error, code, path: "/".to_owned(), place, text, clause: None }
}

/// The name that isn't known, and those that are: of a field, or of a value with fixed names.
fn unknown_name(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `").or(message.strip_prefix("unknown variant `"))?;
    let (name, rest) = rest.split_once('`')?;
    Some((name, rest.split('`').skip(1).step_by(2).collect()))
}

fn unknown(name: &str, known: &[&str]) -> String {
    const NEAR: f64 = 0.75;
    let likeness = |other: &&&str| strsim::jaro_winkler(name, other);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|other| likeness(other) >= NEAR) {
        Some(nearest) => {
            format!("`{name}` isn't known here: write `{nearest}`? Known are {}", known.join(", "))
        }
        None => format!("`{name}` isn't known here: known are {}", known.join(", ")),
    }
}
