use serde::Deserialize;

/// A text under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SectionDraft {
    /// The table of the heading: `9142`. In an epicrisis it is always 8311.
    #[serde(rename = "kodeverk")]
    pub table: Option<String>,
    /// The heading's code: `AAI`; none for a text without heading.
    #[serde(rename = "overskrift")]
    pub heading: Option<String>,
    /// The text.
    #[serde(rename = "tekst")]
    pub text: String,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// Critical information.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CriticalDraft {
    /// In catchwords.
    #[serde(rename = "stikkord")]
    pub catchwords: Vec<String>,
    /// Allergies.
    #[serde(rename = "allergier")]
    pub allergies: Vec<AllergyDraft>,
}

/// An allergy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AllergyDraft {
    /// What it is against.
    #[serde(rename = "mot")]
    pub against: String,
    /// The substance (ATC).
    pub atc: Option<String>,
    /// Whether to heed it when medicines are prescribed.
    #[serde(rename = "ved_forskrivning")]
    pub when_prescribing: Option<bool>,
    /// Whether to heed it with food and drink.
    #[serde(rename = "ved_mat_og_drikke")]
    pub with_food: Option<bool>,
}

/// A diagnosis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiagnosisDraft {
    /// Its code.
    #[serde(rename = "kode")]
    pub code: Option<String>,
    /// The table of the code: 7110 (ICD-10, also when left out) or 7170 (ICPC-2).
    #[serde(rename = "kodeverk")]
    pub table: Option<String>,
    /// What it is called.
    #[serde(rename = "navn")]
    pub name: String,
    /// More about it.
    #[serde(rename = "beskrivelse")]
    pub text: String,
    /// Whether it is the main one.
    #[serde(rename = "hoved")]
    pub is_main: Option<bool>,
}

/// A medicine in use or stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MedicineDraft {
    /// Its name.
    #[serde(rename = "navn")]
    pub name: String,
    /// ATC code.
    pub atc: Option<String>,
    /// The form (table 7448) and what it is called.
    pub form: Option<String>,
    /// What the form is called.
    pub form_navn: Option<String>,
    /// The strength: `2.5`.
    #[serde(rename = "styrke")]
    pub strength: Option<String>,
    /// Its unit: `mg`.
    #[serde(rename = "enhet")]
    pub unit: Option<String>,
    /// How it is used (table 9101): 1 regularly, 2 for a time, 3 if needed.
    #[serde(rename = "bruk")]
    pub usage: Option<String>,
    /// How much and when.
    #[serde(rename = "dosering")]
    pub dosage: String,
    /// What for.
    #[serde(rename = "bruksomrade")]
    pub purpose: String,
    /// The first day.
    #[serde(rename = "fra")]
    pub from: Option<String>,
    /// The last day.
    #[serde(rename = "til")]
    pub until: Option<String>,
    /// The state of the prescription (table 9104): 2 for stopped.
    pub status: Option<String>,
    /// Whether it is in multidose (table 9103).
    pub multidose: Option<String>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// A medicine given today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GivenDraft {
    /// Its name.
    #[serde(rename = "navn")]
    pub name: String,
    /// When it was given.
    #[serde(rename = "tid")]
    pub at: String,
    /// How much.
    #[serde(rename = "dosering")]
    pub dosage: String,
    /// The strength: `2.5`.
    #[serde(rename = "styrke")]
    pub strength: Option<String>,
    /// Its unit: `mg`.
    #[serde(rename = "enhet")]
    pub unit: Option<String>,
}

/// Help with medicines, and what else is relevant for care afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HelpDraft {
    /// Whether help with medicines is needed.
    #[serde(rename = "trenger_hjelp")]
    pub needs_help: Option<bool>,
    /// A remark on it.
    #[serde(rename = "merknad")]
    pub note: String,
    /// What has changed in what the patient can do.
    #[serde(rename = "endret_funksjon")]
    pub changed_function: String,
}

/// An appointment for control: with a time, with a time that isn't fixed, or one that the patient is to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppointmentDraft {
    /// When, with date and time of day.
    #[serde(rename = "tid")]
    pub at: Option<String>,
    /// How long, in minutes.
    #[serde(rename = "varighet")]
    pub minutes: Option<i64>,
    /// Where.
    #[serde(rename = "sted")]
    pub place: String,
    /// When, in words, if it isn't fixed.
    #[serde(rename = "tentativt")]
    pub tentative: String,
    /// Whether the patient or a relative is to make it.
    #[serde(rename = "pasienten_bestiller")]
    pub patient_books: Option<bool>,
}

/// An aid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AidDraft {
    /// What it is called.
    #[serde(rename = "navn")]
    pub name: String,
    /// Its state (table 8230). Left out, it is 6, in use.
    pub status: Option<String>,
}
