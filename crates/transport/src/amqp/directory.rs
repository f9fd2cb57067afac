use std::fmt::Debug;

use crate::{FaultReport, Parcel};

/// The names of queues, as an address register has them, and what an agreement says of a process.
pub trait Directory: Debug + Send + Sync {
    /// The queue on which this HER-id receives messages.
    fn receive_queue(&self, her_id: &str) -> String {
        format!("{her_id}_async")
    }

    /// The queue on which this HER-id wants to hear of faults.
    fn error_queue(&self, her_id: &str) -> String {
        format!("{her_id}_error")
    }

    /// What the agreement (CPA) with the receiver says of messages like this one. Left out where there is none.
    fn process(&self, parcel: &Parcel) -> Process {
        let _ = parcel;
        Process::default()
    }
}

/// Queues named after the HER-id, and no agreements.
#[derive(Clone, Copy, Debug)]
pub struct HerIdQueues;

impl Directory for HerIdQueues {}

/// The optional fields of a message that come from an agreement (CPA). An empty one is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// `cpaId`.
    pub agreement: Option<String>,
    /// `Service`: `S-LOG_INNLAGT`.
    pub service: Option<String>,
    /// `Action`: `LOG_INNLAGT`, `APPREC`.
    pub action: Option<String>,
    /// `fromRole`: `LOG_INNLAGTsender`.
    pub from_role: Option<String>,
    /// `toRole`: `LOG_INNLAGTreceiver`.
    pub to_role: Option<String>,
}

/// What is done to a document between the outbox and the wire. Here signing and encrypting (CMS, HITS 1216 section 2.1.5)
/// belong; nothing of it is done in this crate.
pub trait Envelope: Debug + Send + Sync {
    /// The bytes to send, and their content type. An error says what to do about it, and the parcel is refused.
    fn seal(&self, parcel: &Parcel) -> Result<Sealed, String>;

    /// The document in what came from `from`. An error is told to the sender.
    fn open(&self, from: &str, content_type: &str, bytes: Vec<u8>) -> Result<Vec<u8>, FaultReport>;
}

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// `contentType`.
    pub content_type: String,
    /// The application data.
    pub bytes: Vec<u8>,
}

/// No envelope: documents travel as they are, for closed test nets and for a message service that signs and encrypts on our
/// behalf. What comes encrypted or signed can't be opened, and the sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The content type of what is sent.
    pub content_type: String,
}

impl Default for Plain {
    fn default() -> Self {
        Self { content_type: "application/xml".to_owned() }
    }
}

impl Envelope for Plain {
    fn seal(&self, parcel: &Parcel) -> Result<Sealed, String> {
        Ok(Sealed { content_type: self.content_type.clone(), bytes: parcel.bytes.clone() })
    }

    fn open(&self, _from: &str, content_type: &str, bytes: Vec<u8>) -> Result<Vec<u8>, FaultReport> {
        if !content_type.starts_with("application/pkcs7-mime") {
            return Ok(bytes);
        }
        Err(FaultReport {
            about: String::new(),
            condition: "transport:decryption-failed".to_owned(),
            says: "This receiver takes messages that are neither signed nor encrypted.".to_owned(),
            at: None,
        })
    }
}
