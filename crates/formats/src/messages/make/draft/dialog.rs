use serde::Deserialize;

use super::{FileDraft, HeadDraft, PersonDraft, UnitDraft};

/// A dialogue message: request, answer, note, deviation or clinical dialogue.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DialogDraft {
    /// Who, to whom, about whom.
    #[serde(rename = "hode")]
    pub head: HeadDraft,
    /// What it says.
    #[serde(rename = "innhold")]
    pub content: DialogContent,
    /// Files.
    #[serde(rename = "vedlegg")]
    pub files: Vec<FileDraft>,
}

/// What a dialogue message says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DialogContent {
    /// The theme's code: of table 7322 in clinical dialogue (7 answers about a patient who is ready), 9155 in a note (1 does
    /// the same), 9069 in an answer, 8117 in a deviation. Left out, it is 6, 1, 5 and 9.
    #[serde(rename = "temakode")]
    pub theme: Option<String>,
    /// The theme in words.
    #[serde(rename = "tema")]
    pub theme_text: String,
    /// The text.
    #[serde(rename = "tekst")]
    pub text: String,
    /// The request: what is asked for, or repeated in an answer.
    #[serde(rename = "foresporsel")]
    pub request: Option<RequestDraft>,
    /// Professionals with a role in it: who answers for it (21), whom it is meant for (24).
    #[serde(rename = "helsepersonell")]
    pub people: Vec<PersonDraft>,
    /// Units with a role in it; in clinical dialogue only.
    #[serde(rename = "enheter")]
    pub units: Vec<UnitDraft>,
}

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestDraft {
    /// What is asked for.
    #[serde(rename = "type")]
    pub kind: String,
    /// The table of it: 9152 (from care services, also when left out), 9153 (from a doctor), 9154 (from a hospital).
    #[serde(rename = "kodeverk")]
    pub table: Option<String>,
    /// The question.
    #[serde(rename = "sporsmal")]
    pub question: String,
    /// Why.
    #[serde(rename = "begrunnelse")]
    pub reason: String,
    /// From which day.
    #[serde(rename = "fra")]
    pub from: Option<String>,
    /// Until which day.
    #[serde(rename = "til")]
    pub until: Option<String>,
}
