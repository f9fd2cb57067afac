use std::fmt::{self, Write};

use samspill_formats::messages::types::Message;
use sha2::{Digest, Sha256};

use super::{Known, sources::normal_id};

/// Whether a message was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newness {
    /// It is new.
    New,
    /// The same message again: it is let be. `to_other` where it came to another receiver, as primary and as copy.
    Duplicate {
        /// Whether it is addressed otherwise than the first.
        to_other: bool,
    },
    /// Another message with the same id: a person must say which one counts.
    Conflict,
}

/// Compares a message with what is known.
///
/// Messages are the same when they have the same id and say the same, whoever they are for: the same message can come to its
/// receiver and to a copy receiver. A message without an id is always new.
pub fn newness(message: &Message, known: &Known) -> Newness {
    newness_of(message, &Fingerprint::of(message), known)
}

pub(super) fn newness_of(message: &Message, print: &Fingerprint, known: &Known) -> Newness {
    let id = normal_id(&message.head.id);
    let Some(first) = known.messages.get(&id).filter(|_| !id.is_empty()) else { return Newness::New };
    if first.fingerprint.meaning != print.meaning {
        return Newness::Conflict;
    }
    Newness::Duplicate { to_other: first.fingerprint.addresses != print.addresses }
}

/// What stands for a message that isn't kept: SHA-256 over what was read of it, once over what it says and once over whom it is
/// for. Messages that say the same have the same one; two that differ have different ones.
///
/// It is taken over the values that were read, so white space and prefixes between elements don't count. It compares messages
/// read by one version of the program; it isn't kept in files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fingerprint {
    meaning: [u8; 32],
    addresses: [u8; 32],
}

impl Fingerprint {
    /// What it says, whoever it is for.
    pub(super) fn meaning(self) -> [u8; 32] {
        self.meaning
    }

    pub(super) fn of(message: &Message) -> Self {
        let head = &message.head;
        let mut meaning = Hashing(Sha256::new());
        meaning.add(&(message.kind, message.version, &head.type_code.value, &head.made));
        meaning.add(&(&head.conversation, &head.status, &head.sender, &head.patient));
        meaning.add(&message.body);
        for file in &message.attachments {
            let bytes = file.bytes.as_deref();
            meaning.add(&(&file.mime_type, file.detected, &file.description, bytes.map(<[u8]>::len)));
            meaning.0.update(bytes.unwrap_or_default());
        }
        let mut addresses = Hashing(Sha256::new());
        addresses.add(&(&head.receiver, &head.others));
        Self { meaning: meaning.0.finalize().into(), addresses: addresses.0.finalize().into() }
    }
}

/// Values told unambiguously (texts in quotes, parts by name), straight into a hash.
struct Hashing(Sha256);

impl Hashing {
    fn add(&mut self, value: &dyn fmt::Debug) {
        write!(self, "{value:?};").unwrap_or_default();
    }
}

impl Write for Hashing {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
