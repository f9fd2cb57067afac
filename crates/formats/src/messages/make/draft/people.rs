use serde::{Deserialize, Serialize};

/// An organisation, a service or a department.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnitDraft {
    /// Its name, for parties as in the address register.
    #[serde(rename = "navn")]
    pub name: String,
    /// Its HER-id.
    pub her: Option<String>,
    /// Its organisation number.
    #[serde(rename = "orgnr")]
    pub organisation_number: Option<String>,
    /// Another id, of table 9051.
    pub id: Option<IdDraft>,
    /// Telephone numbers.
    #[serde(rename = "telefon")]
    pub telephones: Vec<String>,
    /// The address.
    #[serde(rename = "adresse")]
    pub address: Option<AddressDraft>,
    /// A remark; only for units in the contents.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// A health professional.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonDraft {
    /// Given name.
    #[serde(rename = "fornavn")]
    pub given_name: String,
    /// Middle name.
    #[serde(rename = "mellomnavn")]
    pub middle_name: String,
    /// Family name.
    #[serde(rename = "etternavn")]
    pub family_name: String,
    /// Profession (table 9060).
    #[serde(rename = "profesjon")]
    pub profession: Option<String>,
    /// Role to the patient (table 9034).
    #[serde(rename = "rolle")]
    pub role: Option<String>,
    /// HPR number.
    pub hpr: Option<String>,
    /// HER-id.
    pub her: Option<String>,
    /// Another id, of table 8116.
    pub id: Option<IdDraft>,
    /// Telephone numbers.
    #[serde(rename = "telefon")]
    pub telephones: Vec<String>,
    /// When a responsible person approved the message, a date.
    #[serde(rename = "godkjent")]
    pub approved: Option<String>,
    /// A remark; only for people in the contents of care messages.
    #[serde(rename = "merknad")]
    pub note: String,
}

impl PersonDraft {
    /// The names in the order they are said, one space between.
    pub fn full_name(&self) -> String {
        let names = [&self.given_name, &self.middle_name, &self.family_name];
        names
            .into_iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// An id and its type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdDraft {
    /// The type: `RSH`, `HNR`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id.
    #[serde(rename = "verdi")]
    pub value: String,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct AddressDraft {
    /// Street and number.
    #[serde(rename = "gate")]
    pub street: String,
    /// Postal code.
    #[serde(rename = "postnummer")]
    pub postal_code: String,
    /// Place.
    #[serde(rename = "poststed")]
    pub city: String,
    /// The municipality's number (table 3402).
    #[serde(rename = "kommune")]
    pub municipality: Option<String>,
}
