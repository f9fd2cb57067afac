use serde::Deserialize;

use super::{DiagnosisDraft, FileDraft, HeadDraft, PersonDraft, SectionDraft};

/// An epicrisis (1.2).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EpicrisisDraft {
    /// Who, to whom, about whom. An epicrisis has no conversation: changes and cancellations go by its document id.
    #[serde(rename = "hode")]
    pub head: HeadDraft,
    /// What it says.
    #[serde(rename = "innhold")]
    pub content: EpicrisisContent,
    /// Files.
    #[serde(rename = "vedlegg")]
    pub files: Vec<FileDraft>,
}

/// What an epicrisis says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EpicrisisContent {
    /// The document's id, the same in changes and cancellations. Left out of a new one, it is the id of the message.
    #[serde(rename = "dokument_id")]
    pub document_id: Option<String>,
    /// What kind of document it is, in words; left out, `Epikrise`.
    #[serde(rename = "beskrivelse")]
    pub description: String,
    /// Its state (table 7306); left out, F: final.
    #[serde(rename = "rapportstatus")]
    pub report_status: Option<String>,
    /// When it was approved.
    #[serde(rename = "godkjent")]
    pub approved: Option<String>,
    /// When the stay began.
    #[serde(rename = "fra")]
    pub from: Option<String>,
    /// When it ended.
    #[serde(rename = "til")]
    pub until: Option<String>,
    /// Type of contact (table 8240); left out, 1: around the clock.
    #[serde(rename = "kontakttype")]
    pub contact_type: Option<String>,
    /// Where to the patient went (table 7300).
    #[serde(rename = "ut_til")]
    pub outcome: Option<String>,
    /// Diagnoses.
    #[serde(rename = "diagnoser")]
    pub diagnoses: Vec<DiagnosisDraft>,
    /// Clinical information by type (table 8233): CAVE, FUNN, MEDB …
    #[serde(rename = "opplysninger")]
    pub information: Vec<InformationDraft>,
    /// Texts under headings of table 8311.
    #[serde(rename = "tekster")]
    pub sections: Vec<SectionDraft>,
    /// Responsible professionals; `rolle` is the relation of table 8254, left out AHP.
    #[serde(rename = "ansvarlige")]
    pub responsible: Vec<PersonDraft>,
}

/// A piece of clinical information.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InformationDraft {
    /// Its type (table 8233).
    #[serde(rename = "type")]
    pub kind: String,
    /// The text.
    #[serde(rename = "tekst")]
    pub text: String,
}
