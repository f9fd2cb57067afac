use serde::Deserialize;

use super::{AddressDraft, IdDraft, PersonDraft, UnitDraft};

/// Who sends what to whom, about whom (`hode`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadDraft {
    /// Who sends it.
    #[serde(rename = "avsender")]
    pub sender: PartyDraft,
    /// Whom it is for.
    #[serde(rename = "mottaker")]
    pub receiver: PartyDraft,
    /// Who gets a copy.
    #[serde(rename = "kopimottakere")]
    pub copies: Vec<PartyDraft>,
    /// Whom it is about.
    #[serde(rename = "pasient")]
    pub patient: PatientDraft,
    /// New, changed or cancelled. Dialogue messages are always new.
    pub status: StatusDraft,
    /// The conversation it goes on with; none for a first message.
    #[serde(rename = "samtale")]
    pub conversation: Option<ConversationDraft>,
    /// Whether a receipt is asked for (table 7304: J, N, F). None leaves it out, which means yes.
    #[serde(rename = "kvittering")]
    pub ack: Option<String>,
    /// P for production, D for debugging (table 8113). None leaves it out.
    #[serde(rename = "prosesstatus")]
    pub processing: Option<String>,
}

/// New, changed or cancelled (table 7309).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum StatusDraft {
    /// `N`.
    #[default]
    #[serde(rename = "ny")]
    New,
    /// `M`: says everything again.
    #[serde(rename = "endring")]
    Change,
    /// `C`: takes back all messages of the series.
    #[serde(rename = "kansellering")]
    Cancellation,
}

impl StatusDraft {
    /// The value in table 7309.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "N",
            Self::Change => "M",
            Self::Cancellation => "C",
        }
    }
}

/// Where in a conversation a message stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationDraft {
    /// The id of the message before.
    #[serde(rename = "forrige")]
    pub parent: String,
    /// The id of the first message; left out, it is the message before.
    #[serde(rename = "forste", default)]
    pub first: Option<String>,
}

/// A sender or receiver on two levels: the organisation, and a service or a person in it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartyDraft {
    /// The organisation.
    #[serde(rename = "virksomhet")]
    pub organisation: UnitDraft,
    /// The service in it.
    #[serde(rename = "tjeneste")]
    pub service: Option<UnitDraft>,
    /// Or the person in it, a fastlege.
    pub person: Option<PersonDraft>,
}

/// The patient.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatientDraft {
    /// Given name.
    #[serde(rename = "fornavn")]
    pub given_name: String,
    /// Middle name.
    #[serde(rename = "mellomnavn")]
    pub middle_name: String,
    /// Family name.
    #[serde(rename = "etternavn")]
    pub family_name: String,
    /// Date of birth.
    #[serde(rename = "fodt")]
    pub born: Option<String>,
    /// Sex (table 3101).
    #[serde(rename = "kjonn")]
    pub sex: Option<String>,
    /// Fødselsnummer.
    pub fnr: Option<String>,
    /// D-number.
    pub dnr: Option<String>,
    /// Felles hjelpenummer.
    pub fhn: Option<String>,
    /// Other ids.
    #[serde(rename = "andre_id")]
    pub other_ids: Vec<IdDraft>,
    /// The address.
    #[serde(rename = "adresse")]
    pub address: Option<AddressDraft>,
    /// Telephone numbers.
    #[serde(rename = "telefon")]
    pub telephones: Vec<String>,
}

/// A file to go with the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDraft {
    /// Its MIME type: `application/pdf`, `image/jpeg` or `image/png`.
    #[serde(rename = "type")]
    pub mime_type: String,
    /// What it is, in few words.
    #[serde(rename = "beskrivelse", default)]
    pub description: String,
    /// When it was made; left out, it is the time of the message.
    #[serde(rename = "dato", default)]
    pub dated: Option<String>,
    /// Its bytes as base64.
    #[serde(rename = "innhold")]
    pub content: String,
}
