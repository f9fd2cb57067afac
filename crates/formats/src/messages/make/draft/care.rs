use serde::Deserialize;

use super::{
    AidDraft, AppointmentDraft, CriticalDraft, DiagnosisDraft, FileDraft, GivenDraft, HeadDraft, HelpDraft,
    MedicineDraft, PersonDraft, RequestDraft, SectionDraft, UnitDraft,
};

/// A care message (PLO 1.6 or 1.5) of any kind.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CareDraft {
    /// Which edition of the standard it is written by. Left out, it is 1.6; a message about absence, which only 1.5 has, is 1.5.
    #[serde(rename = "utgave")]
    pub edition: Option<CareEdition>,
    /// Who, to whom, about whom.
    #[serde(rename = "hode")]
    pub head: HeadDraft,
    /// What it says.
    #[serde(rename = "innhold")]
    pub content: CareContent,
    /// Files.
    #[serde(rename = "vedlegg")]
    pub files: Vec<FileDraft>,
}

/// An edition of the care messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum CareEdition {
    /// PLO 1.5, of 2009 (HIS 80704:2009).
    #[serde(rename = "1.5")]
    Plo15,
    /// PLO 1.6, of 2012 (HIS 80704:2014).
    #[serde(rename = "1.6")]
    Plo16,
}

/// What care messages say. Each kind has a place for some of it; what it has no place for is refused.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CareContent {
    /// Whether the message answers a request; the request goes in `foresporsel`.
    #[serde(rename = "svar_pa_foresporsel")]
    pub answers_request: Option<bool>,
    /// The request that is answered.
    #[serde(rename = "foresporsel")]
    pub request: Option<RequestDraft>,
    /// More about the patient.
    #[serde(rename = "om_pasienten")]
    pub patient_more: Option<PatientMoreDraft>,
    /// Next of kin, children under 18 among them.
    #[serde(rename = "parorende")]
    pub relatives: Vec<RelativeDraft>,
    /// Units to contact.
    #[serde(rename = "enheter")]
    pub units: Vec<UnitDraft>,
    /// Professionals to contact.
    #[serde(rename = "kontaktpersoner")]
    pub contacts: Vec<PersonDraft>,
    /// Who answers for the message, and decided what it tells.
    #[serde(rename = "ansvarlige")]
    pub responsible: Vec<PersonDraft>,
    /// The type of contents: of table 9140, 9139, 9138 or 9137, as the kind has it. Left out, it is 1 for the first
    /// helseopplysninger and 2 for later ones, and 11 for an utskrivningsrapport.
    #[serde(rename = "type_innhold")]
    pub content_type: Option<String>,
    /// What has changed since the message before.
    #[serde(rename = "endringer")]
    pub changes: String,
    /// What happened or is expected.
    #[serde(rename = "hendelser")]
    pub events: Vec<EventDraft>,
    /// Where the patient was discharged to.
    #[serde(rename = "utskrevet_til")]
    pub outcome: Option<OutcomeDraft>,
    /// Texts, under headings.
    #[serde(rename = "tekster")]
    pub sections: Vec<SectionDraft>,
    /// Allergies and other critical information.
    #[serde(rename = "kritisk")]
    pub critical: CriticalDraft,
    /// Diagnoses.
    #[serde(rename = "diagnoser")]
    pub diagnoses: Vec<DiagnosisDraft>,
    /// Medicines in use, and stopped ones.
    #[serde(rename = "legemidler")]
    pub medicines: Vec<MedicineDraft>,
    /// Medicines given today.
    #[serde(rename = "legemidler_gitt")]
    pub given: Vec<GivenDraft>,
    /// Help with medicines.
    #[serde(rename = "legemiddelhjelp")]
    pub help: Option<HelpDraft>,
    /// Services the patient has.
    #[serde(rename = "tjenester")]
    pub services: Vec<ServiceDraft>,
    /// Services the patient needs.
    #[serde(rename = "tjenestebehov")]
    pub needs: Vec<NeedDraft>,
    /// What the patient can do.
    #[serde(rename = "funksjoner")]
    pub functions: Option<FunctionsDraft>,
    /// Appointments for control.
    #[serde(rename = "kontrolltimer")]
    pub appointments: Vec<AppointmentDraft>,
    /// Aids.
    #[serde(rename = "hjelpemidler")]
    pub aids: Vec<AidDraft>,
    /// Reports of other professions.
    #[serde(rename = "andre_faggrupper")]
    pub other_professions: Vec<String>,
    /// The need for an interpreter.
    #[serde(rename = "tolk")]
    pub interpreter: Option<InterpreterDraft>,
    /// What is said of the patient's own application for services.
    #[serde(rename = "soknad")]
    pub application: Option<ApplicationDraft>,
    /// That the receiver is away, and who has the message now.
    #[serde(rename = "fravar")]
    pub absence: Option<AbsenceDraft>,
}

/// Whether the patient has applied for services (`OpplysningerTilSoknad`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationDraft {
    /// Whether the patient has sent an application.
    #[serde(rename = "egen_sendt")]
    pub is_sent: bool,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// That somebody is away (`Fraversassistent`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AbsenceDraft {
    /// Whether the receiver is away; left out, it is.
    #[serde(rename = "mottaker_fravarende")]
    pub is_away: Option<bool>,
    /// Whether the message was sent on.
    #[serde(rename = "videresendt")]
    pub is_forwarded: Option<bool>,
    /// The first day away.
    #[serde(rename = "fra")]
    pub from: Option<String>,
    /// The last day away.
    #[serde(rename = "til")]
    pub until: Option<String>,
    /// Whom the message was sent on to.
    #[serde(rename = "videresendt_til")]
    pub forwarded_to: Option<PersonDraft>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// Something that happened or is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventDraft {
    /// What; none if only words say it.
    #[serde(rename = "hva")]
    pub what: Option<HappeningDraft>,
    /// What, in words.
    #[serde(rename = "beskrivelse")]
    pub description: String,
    /// When. Empty if it isn't known: the message can be sent all the same, with a warning.
    #[serde(rename = "tid")]
    pub at: String,
    /// Whether the time is an estimate (HIS 80704:2014 13.2.7). Left out, it is so only for what is expected.
    #[serde(rename = "anslag")]
    pub is_estimate: Option<bool>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
    /// Where; of an admission, from where.
    #[serde(rename = "sted")]
    pub place: String,
}

/// What can happen (table 9121).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HappeningDraft {
    /// Admitted, code 1.
    Innlagt,
    /// Discharged, code 2.
    Utskrevet,
    /// Ready for discharge, code 3.
    Utskrivningsklar,
    /// Expected to be ready, written as code 3 with `Anslag` true.
    ForventetUtskrivningsklar,
    /// Not ready after all, code 4.
    Avmeldt,
    /// Dead, code 13.
    Dod,
}

/// Where a patient was discharged to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutcomeDraft {
    /// The place (table 8408). Left out, it is 98 (unknown), since the schema asks for one.
    #[serde(rename = "sted")]
    pub place: Option<String>,
    /// The condition (table 8431).
    #[serde(rename = "tilstand")]
    pub state: Option<String>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// More about the patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PatientMoreDraft {
    /// Marital status (table 8724).
    #[serde(rename = "sivilstatus")]
    pub marital_status: Option<String>,
    /// Whether the patient lives alone.
    #[serde(rename = "bor_alene")]
    pub lives_alone: Option<bool>,
    /// Language (table 3303).
    #[serde(rename = "sprak")]
    pub language: Option<String>,
}

/// One of the next of kin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RelativeDraft {
    /// Given name.
    #[serde(rename = "fornavn")]
    pub given_name: String,
    /// Family name.
    #[serde(rename = "etternavn")]
    pub family_name: String,
    /// Relation (table 9033).
    #[serde(rename = "slektskap")]
    pub relation: Option<String>,
    /// Care function (table 9050).
    #[serde(rename = "omsorgsfunksjon")]
    pub care_function: Option<String>,
    /// The year a child under 18 was born.
    #[serde(rename = "fodselsar")]
    pub birth_year: Option<String>,
    /// Telephone numbers.
    #[serde(rename = "telefon")]
    pub telephones: Vec<String>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// A service the patient has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceDraft {
    /// The IPLOS type (table 9151).
    #[serde(rename = "kode")]
    pub code: Option<String>,
    /// Its name.
    #[serde(rename = "navn")]
    pub name: String,
    /// Whether it is private.
    #[serde(rename = "privat")]
    pub is_private: bool,
    /// Who gives it.
    #[serde(rename = "levert_av")]
    pub given_by: String,
    /// More about it.
    #[serde(rename = "opplysninger")]
    pub text: String,
    /// How many units: `2.5`.
    #[serde(rename = "antall")]
    pub amount: Option<String>,
    /// The unit: `timer hver uke`.
    #[serde(rename = "enhet")]
    pub unit: String,
    /// The first day.
    #[serde(rename = "fra")]
    pub from: Option<String>,
    /// The last day.
    #[serde(rename = "til")]
    pub until: Option<String>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// A service the patient needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NeedDraft {
    /// The IPLOS type (table 9151).
    #[serde(rename = "kode")]
    pub code: Option<String>,
    /// Its name.
    #[serde(rename = "navn")]
    pub name: String,
    /// At which institution.
    #[serde(rename = "institusjon")]
    pub institution: String,
    /// More about it.
    #[serde(rename = "beskrivelse")]
    pub text: String,
}

/// What the patient can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FunctionsDraft {
    /// When it was assessed; written as a remark, where the profile wants it.
    #[serde(rename = "vurdert")]
    pub assessed: String,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
    /// The scores.
    #[serde(rename = "kartlagt")]
    pub scores: Vec<ScoreDraft>,
}

/// A function and its score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScoreDraft {
    /// Which (table 9111).
    #[serde(rename = "kode")]
    pub code: String,
    /// The score, 1 to 5, or 9.
    #[serde(rename = "vurdering")]
    pub score: Option<i64>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}

/// The need for an interpreter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterpreterDraft {
    /// The language (table 3303).
    #[serde(rename = "sprak")]
    pub language: Option<String>,
    /// Whether hearing is impaired.
    #[serde(rename = "horselssvikt")]
    pub hearing: Option<bool>,
    /// Whether sight is impaired.
    #[serde(rename = "synssvikt")]
    pub sight: Option<bool>,
    /// A remark.
    #[serde(rename = "merknad")]
    pub note: String,
}
