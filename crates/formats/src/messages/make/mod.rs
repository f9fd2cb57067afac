//! From plain data to messages that may be sent.
//!
//! ```text
//! JSON ──▶ draft ──build──▶ Element ──order──▶ schema ▸ profile ──▶ Made { element, xml, warnings }
//!                                                  └────────────▶ Refused { findings }
//! ```
//!
//! Refused is what would be invalid, or mean nothing to who gets it: a broken schema, a status that the kind can't have, no
//! patient, no receiver, a wrong type of attachment. A missing field is never in the way of a message that the law gives a time
//! limit: the message is made, and what is missing is told beside it. Which rules refuse, their files say
//! ([`profile`](super::profile)).
//!
//! `Anslag` is written as HIS 80704 reads it: true for an estimate. The day a patient is expected to be ready is written as code
//! 3 with `Anslag` true. A professional or unit without a known id gets a local one where the schema asks for an id.
//!
//! # From a draft to a message
//!
//! ```
//! use samspill_formats::messages::{make::{self, MakeContext}, types::Kind};
//!
//! let context = MakeContext {
//!     id: "0d3b1a52-7a64-4f0e-9d0f-3f1f7f3c0001",
//!     made: "2026-03-02T09:30:00Z".parse()?,
//! };
//! let json = r#"{
//!     "hode": {
//!         "avsender": {
//!             "virksomhet": { "navn": "Fjordheim HF", "her": "8000001" },
//!             "tjeneste": { "navn": "Medisinsk avdeling", "her": "8000002" }
//!         },
//!         "mottaker": {
//!             "virksomhet": { "navn": "Nesodal kommune", "her": "8000011" },
//!             "tjeneste": { "navn": "Sykepleietjenesten", "her": "8000012" }
//!         },
//!         "pasient": { "fornavn": "Ola", "etternavn": "Testmann", "fodt": "1950-03-01", "kjonn": "1" }
//!     },
//!     "innhold": { "hendelser": [{ "hva": "innlagt", "tid": "2026-03-02T08:15" }] }
//! }"#;
//! let made = make::from_json(Kind::Innlagt, json, &context).map_err(|refused| refused.to_string())?;
//! assert!(made.xml.contains("LOG_INNLAGT"));
//! // No id of the patient and nobody to ask: both can be mended, neither stops the notice.
//! assert_eq!(made.warnings.iter().map(|it| it.code).collect::<Vec<_>>(), ["pasient-id", "kontakt-oppgitt"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod any;
mod care;
mod clinical;
mod dialog;
mod draft;
mod edition;
mod epicrisis;
mod files;
mod finish;
mod json;
mod msghead;
mod parts;
mod people;
mod receipt;

pub use any::Draft;
pub use draft::*;
pub use json::from_json;
pub use receipt::{Answering, REASON_TABLE, ReceiptDraft, receipt, receipt_text, receipt_version};

use std::fmt;

use jiff::{Timestamp, Zoned};

use super::{Finding, norway, types::Kind};
use crate::xml::Element;
use parts::Coder;

/// What a message can't know by itself. Time and id are given, never made up here.
///
/// None of these formats has a place for the program that made the message; only receipts do.
#[derive(Clone, Copy, Debug)]
pub struct MakeContext<'a> {
    /// The message's own id, a GUID.
    pub id: &'a str,
    /// When it is made. Written to the second, with the offset of Norway at that time.
    pub made: Timestamp,
}

impl MakeContext<'_> {
    fn zoned(&self) -> Zoned {
        self.made.to_zoned(norway())
    }

    fn made_text(&self) -> String {
        date_time(self.made)
    }

    fn coder(&self) -> Coder {
        Coder { on: self.zoned().date() }
    }
}

/// An instant as messages write it: to the second, with the offset of Norway then.
fn date_time(at: Timestamp) -> String {
    at.to_zoned(norway()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A message that may be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The message, in the order of its schema.
    pub element: Element,
    /// The same as text, in UTF-8.
    pub xml: String,
    /// What could be better. None of it is in the way.
    pub warnings: Vec<Finding>,
}

/// Why a message isn't written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct Refused {
    /// The reasons, at least one. Paths are of the message, or of the draft where they begin with one of its parts.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Refused {
    /// One reason a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.findings.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

/// Makes a care message of this kind, by PLO 1.6 or the edition that the draft names.
///
/// # Errors
///
/// Why it mustn't be sent.
pub fn care(kind: Kind, draft: &CareDraft, context: &MakeContext<'_>) -> Result<Made, Refused> {
    let body = care::body(context, kind, draft)?;
    finish::finish(msghead::message(context, kind, &draft.head, body, &draft.files))
}

/// Makes a dialogue message of this kind: 1.1 for clinical dialogue, 1.0 for the others.
///
/// # Errors
///
/// Why it mustn't be sent.
pub fn dialog(kind: Kind, draft: &DialogDraft, context: &MakeContext<'_>) -> Result<Made, Refused> {
    let body = dialog::body(context, kind, draft)?;
    finish::finish(msghead::message(context, kind, &draft.head, body, &draft.files))
}

/// Makes an epicrisis (1.2).
///
/// # Errors
///
/// Why it mustn't be sent.
pub fn epicrisis(draft: &EpicrisisDraft, context: &MakeContext<'_>) -> Result<Made, Refused> {
    finish::finish(epicrisis::message(context, draft)?)
}
