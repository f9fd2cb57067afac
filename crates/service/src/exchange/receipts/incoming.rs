use samspill_formats::{
    messages::{
        Finding, Severity,
        read::{self, MessageLimits},
        types::{Kind, Message, Version},
    },
    xml::{self, XmlError, XmlLimits},
};

use super::salvage::{salvage, salvage_bytes};

/// A message as it came in: read as far as it can be.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it says. Of a broken document, only the head, if that could be made out; none otherwise.
    pub message: Option<Message>,
    /// Why it isn't XML that is read here.
    pub fault: Option<XmlError>,
    /// Where its schema isn't followed.
    pub schema: Vec<Finding>,
    /// What reading found beside that.
    pub findings: Vec<Finding>,
}

/// Reads what came in. Never fails: a document that is broken, or past a limit, has a fault, and as much of its head as could
/// be made out, so that its sender can be told.
pub fn open(bytes: &[u8], xml: &XmlLimits, limits: &MessageLimits) -> Opened {
    let text = match xml::decode(bytes, xml) {
        Ok(text) => text,
        Err(fault) => return Opened::broken(fault, salvage_bytes(bytes, xml, limits)),
    };
    match xml::parse(&text, xml) {
        Ok(document) => {
            let (message, findings, mut schema) = read::read_and_check(&document, limits);
            schema.retain(|finding| finding.severity == Severity::Error);
            Opened { message: Some(message), fault: None, schema, findings }
        }
        Err(fault) => Opened::broken(fault, salvage(&text, xml, limits)),
    }
}

impl Opened {
    fn broken(fault: XmlError, message: Option<Message>) -> Self {
        Self { message, fault: Some(fault), schema: Vec::new(), findings: Vec::new() }
    }

    /// Whether it is a message of a kind and version that is read here.
    pub(super) fn is_supported(&self) -> bool {
        self.message.as_ref().is_some_and(|it| it.kind != Kind::Annen && it.version != Version::Unknown)
    }
}

/// A message that came, with what is known about it here.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// What it says.
    pub opened: &'a Opened,
    /// Whether it came before.
    pub earlier: Earlier,
    /// What is known of the patient.
    pub journal: Journal,
    /// What became of its personal signature.
    pub signature: Signature,
}

impl<'a> Incoming<'a> {
    /// The first time that a message comes, about a patient who hasn't been looked up.
    pub fn first(opened: &'a Opened) -> Self {
        Self {
            opened,
            earlier: Earlier::None,
            journal: Journal::NotLookedUp,
            signature: Signature::NotChecked,
        }
    }
}

/// Whether a message with the same id came before.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Earlier {
    /// None did.
    #[default]
    None,
    /// The same one did.
    Same,
    /// One with other content did.
    Other,
}

impl Earlier {
    /// What a message is to the one of the same id that came before, if one did: the same if their bytes are, or if their
    /// documents are but for prefixes, comments and encoding. One that can't be read is another.
    pub fn of(now: &[u8], before: Option<&[u8]>, limits: &XmlLimits) -> Self {
        let Some(before) = before else { return Self::None };
        let is_same =
            now == before || canonical(now, limits).is_some_and(|now| Some(now) == canonical(before, limits));
        if is_same { Self::Same } else { Self::Other }
    }
}

fn canonical(bytes: &[u8], limits: &XmlLimits) -> Option<String> {
    let text = xml::decode(bytes, limits).ok()?;
    let document = xml::parse(&text, limits).ok()?;
    Some(xml::write_document(&document))
}

/// What is known of the patient here.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Journal {
    /// Nobody has looked.
    #[default]
    NotLookedUp,
    /// The patient has a record here, under whatever id.
    Has,
    /// The patient has none, but may get one.
    HasNone,
    /// The patient has none and isn't to have one.
    IsNotToHave,
}

/// What became of a personal signature, for messages that have one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// None is asked for, or it wasn't checked.
    #[default]
    NotChecked,
    /// It is valid.
    Valid,
    /// It isn't.
    Wrong,
    /// The certificate isn't valid.
    InvalidCertificate,
    /// The certificate is withdrawn.
    WithdrawnCertificate,
}
