use jiff::Timestamp;
use samspill_formats::{
    messages::{
        make::{self, Answering, ReceiptDraft},
        types::{Code, Message},
    },
    xml::Element,
};

use super::{reason::Refusal, silence::Silence};

/// What is to be sent for a message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A receipt for each receiver of ours, in the order that they stand in the message. There is at least one.
    Receipts(Vec<Answer>),
    /// No receipt.
    None(Silence),
}

/// What one receiver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which receiver.
    pub answering: Answering,
    /// As what it got the message.
    pub role: Role,
    /// What it answers.
    pub verdict: Verdict,
    /// What its people should know beside that. Nothing of it goes to the sender.
    pub remarks: Vec<Remark>,
}

/// As what a receiver got a message (table 8112, HIS 80415:2012 3.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// `PRIM`: the one it is for. In AppRec 1.0 written `SPR` or `REQ`.
    Primary,
    /// `COP`: one who gets a copy, or any other in `OtherReceiver`.
    Copy,
}

/// What is answered. It is final: once sent it is never changed and never sent again (HITS 1168:2016 5.1, 5.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The message is taken in.
    Accept,
    /// It isn't, for these reasons; there is at least one.
    Reject(Vec<Refusal>),
    /// A person decides first, as the policy asks: look the patient up, and decide again.
    Ask,
}

/// Something for the receiver's own people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// The patient has no record here.
    NoJournal,
    /// The message breaks its schema and was taken in all the same.
    SchemaFaults,
    /// The service isn't known, and the message was taken in all the same: somebody must pass it on.
    UnknownService,
    /// The patient's number is synthetic, where real ones alone may come.
    SyntheticNumber,
    /// The patient's number may be a real person's, where synthetic ones alone may come.
    RealNumber,
}

impl Decision {
    /// What is decided and why, a sentence a line, in Norwegian. Nothing of the patient is in it.
    pub fn explain(&self) -> Vec<String> {
        match self {
            Self::None(silence) => {
                vec![format!("Ingen kvittering ({}): {}", silence.clause(), silence.text())]
            }
            Self::Receipts(answers) => answers.iter().flat_map(Answer::explain).collect(),
        }
    }
}

impl Answer {
    fn explain(&self) -> Vec<String> {
        let who = match self.answering {
            Answering::Primary => "Hovedmottaker".to_owned(),
            Answering::Other(place) => format!("Kopimottaker (nr. {})", place + 1),
        };
        let verdict = match &self.verdict {
            Verdict::Accept => vec![format!("{who}: kvitteres OK.")],
            Verdict::Ask => {
                vec![format!("{who}: en person må avgjøre om meldingen tas inn, før det kvitteres.")]
            }
            Verdict::Reject(refusals) => {
                refusals.iter().map(|it| format!("{who}: {}", it.explain())).collect()
            }
        };
        let remarks = self.remarks.iter().map(|remark| format!("{who}: {}", remark.text()));
        verdict.into_iter().chain(remarks).collect()
    }

    /// The receipt to send, AppRec 1.0 or 1.1 as the message asks for; none while a person is to decide.
    ///
    /// `software` is the name and version of the program, `id` a new GUID, `made` the time now.
    pub fn receipt(
        &self,
        message: &Message,
        software: Option<(&str, &str)>,
        id: &str,
        made: Timestamp,
    ) -> Option<Element> {
        self.written(message, software, (id, made), make::receipt)
    }

    /// The same as text, as it is sent: byte for byte what is written of the element.
    pub fn receipt_text(
        &self,
        message: &Message,
        software: Option<(&str, &str)>,
        id: &str,
        made: Timestamp,
    ) -> Option<String> {
        self.written(message, software, (id, made), make::receipt_text)
    }

    fn written<T>(
        &self,
        message: &Message,
        software: Option<(&str, &str)>,
        (id, made): (&str, Timestamp),
        write: impl FnOnce(&ReceiptDraft<'_>) -> T,
    ) -> Option<T> {
        let errors: Vec<Code> = match &self.verdict {
            Verdict::Ask => return None,
            Verdict::Accept => Vec::new(),
            Verdict::Reject(refusals) => refusals.iter().map(Refusal::to_code).collect(),
        };
        Some(write(&ReceiptDraft {
            original: &message.head,
            version: message.version,
            answering: self.answering,
            errors: &errors,
            software,
            id,
            made,
        }))
    }
}

impl Remark {
    /// What to tell the receiver's own people, in Norwegian.
    pub fn text(self) -> &'static str {
        match self {
            Self::NoJournal => "Pasienten har ikke journal her.",
            Self::SchemaFaults => "Meldingen følger ikke skjemaet, men er tatt inn.",
            Self::UnknownService => "Tjenesten meldingen er til, er ikke kjent; noen må gi den videre.",
            Self::SyntheticNumber => {
                "Pasienten har et syntetisk nummer, og her skal bare ekte komme: se etter testdata på avveie."
            }
            Self::RealNumber => {
                "Nummeret kan være en ekte persons, og her skal bare syntetiske komme: sjekk om meldingen skal være her."
            }
        }
    }
}
