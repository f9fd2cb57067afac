use samspill_formats::messages::{make::REASON_TABLE, types::Code};

/// Why a message is rejected: the reasons of table 8221 that are given here, the most exact one that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Reason {
    /// `T01`: not XML, or not well-formed.
    NotXml,
    /// `T02`: the schema isn't followed.
    NotValid,
    /// `T10`: a message, or a version of one, that isn't received here.
    FormatNotSupported,
    /// `T99`: another fault of form, such as a file that can't be read.
    OtherFormat,
    /// `S01`: the personal signature is wrong.
    WrongSignature,
    /// `S02`: the personal certificate isn't valid.
    InvalidCertificate,
    /// `S03`: the personal certificate is withdrawn.
    WithdrawnCertificate,
    /// `E10`: the message's id isn't a GUID.
    BadMessageId,
    /// `E20`: the doctor isn't here.
    DoctorUnknown,
    /// `E21`: the receiver isn't here.
    ReceiverUnknown,
    /// `E30`: the patient's fødselsnummer is missing.
    NumberMissing,
    /// `E31`: the patient's fødselsnummer is wrong.
    NumberWrong,
    /// `E32`: the patient's name is missing.
    NameMissing,
    /// `E35`: the patient has no record here and is to have none.
    PatientUnknown,
    /// `E36`: the patient isn't sufficiently identified.
    PatientInsufficient,
}

/// How strongly the standard asks for a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// `SKAL`: always rejected.
    Must,
    /// `KAN`: rejected unless the receiver can use the message all the same, and then it says so by accepting.
    May,
    /// Only where the parties' business process says that this code is used.
    WhenAgreed,
}

impl Reason {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 15] = [
        Self::NotXml,
        Self::NotValid,
        Self::FormatNotSupported,
        Self::OtherFormat,
        Self::WrongSignature,
        Self::InvalidCertificate,
        Self::WithdrawnCertificate,
        Self::BadMessageId,
        Self::DoctorUnknown,
        Self::ReceiverUnknown,
        Self::NumberMissing,
        Self::NumberWrong,
        Self::NameMissing,
        Self::PatientUnknown,
        Self::PatientInsufficient,
    ];

    fn row(self) -> (&'static str, &'static str, Force, &'static str) {
        use Force::{May, Must, WhenAgreed};
        match self {
            Self::NotXml => ("T01", "Ikke XML / ikke 'well formed' / uleselig", May, "HIS 80415:2012 3.3.4"),
            Self::NotValid => ("T02", "XML validerer ikke", May, "HIS 80415:2012 3.3.4"),
            Self::FormatNotSupported => ("T10", "Støtter ikke meldingsformatet", May, "HIS 80415:2012 3.3.4"),
            Self::OtherFormat => ("T99", "Annen feil på format", Must, "HITS 1168:2016 4.4"),
            Self::WrongSignature => ("S01", "Feil på signatur", Must, "HIS 80415:2012 3.3.4"),
            Self::InvalidCertificate => ("S02", "Ugyldig sertifikat", Must, "HIS 80415:2012 3.3.4"),
            Self::WithdrawnCertificate => ("S03", "Tilbaketrukket sertifikat", Must, "HIS 80415:2012 3.3.4"),
            Self::BadMessageId => ("E10", "Ugyldig meldingsidentifikator", Must, "HIS 80415:2012 3.3.4"),
            Self::DoctorUnknown => ("E20", "Lege finnes ikke", WhenAgreed, "HIS 80415:2012 6.3"),
            Self::ReceiverUnknown => ("E21", "Mottaker finnes ikke", May, "HIS 80415:2012 3.3.4"),
            Self::NumberMissing => {
                ("E30", "Pasientens fødselsnummer mangler", WhenAgreed, "HIS 80415:2012 6.3")
            }
            Self::NumberWrong => {
                ("E31", "Pasientens fødselsnummer er feil", WhenAgreed, "HIS 80415:2012 6.3")
            }
            Self::NameMissing => ("E32", "Pasientens navn mangler", WhenAgreed, "HIS 80415:2012 6.3"),
            Self::PatientUnknown => {
                ("E35", "Pasienten finnes ikke i mottakersystemet", Must, "HIS 80415:2012 3.3.4 og 6.3")
            }
            Self::PatientInsufficient => {
                ("E36", "Pasientopplysninger er utilstrekkelige", Must, "HIS 80415:2012 3.3.4")
            }
        }
    }

    /// Its value in table 8221: `E36`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// Its name there.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// How strongly the standard asks for it.
    pub fn force(self) -> Force {
        self.row().2
    }

    /// Where the standard says so.
    pub fn clause(self) -> &'static str {
        self.row().3
    }
}

/// A reason with the text that tells the sender what to correct. It holds no number or name of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// What is wrong and what to do, in Norwegian: `@OT` of the receipt, which the sender's system always shows.
    pub text: String,
}

impl Refusal {
    pub(super) fn new(reason: Reason, text: impl Into<String>) -> Self {
        Self { reason, text: text.into() }
    }

    /// Code, name, clause, force and text as a sentence.
    pub(super) fn explain(&self) -> String {
        let force = match self.reason.force() {
            Force::Must => "skal",
            Force::May => "kan",
            Force::WhenAgreed => "etter avtale",
        };
        let (code, name, clause) = (self.reason.code(), self.reason.name(), self.reason.clause());
        format!("avvises med {code} {name} ({clause}, {force}): {}", self.text)
    }

    /// As it is written in a receipt.
    pub fn to_code(&self) -> Code {
        Code {
            value: self.reason.code().to_owned(),
            name: self.reason.name().to_owned(),
            table: REASON_TABLE.to_owned(),
            original: self.text.clone(),
        }
    }
}
