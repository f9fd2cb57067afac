use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use samspill_formats::messages::{digest, types::Message};

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
    newness_of(message, &normal_id(&message.head.id), known)
}

/// The same of a message whose id as it is compared is known. What it says is looked at only where its id was there before.
pub(super) fn newness_of(message: &Message, id: &str, known: &Known) -> Newness {
    let Some(first) = known.messages.get(id).filter(|_| !id.is_empty()) else { return Newness::New };
    let (first, print) = (first.said.print(), Fingerprint::of(message));
    if first.meaning != print.meaning {
        return Newness::Conflict;
    }
    Newness::Duplicate { to_other: first.addresses != print.addresses }
}

/// What a message said, for when another comes with its id. That is seldom, and nothing is worked out before.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// What stands for a message that isn't kept.
    Print(Fingerprint),
    /// The message itself, which somebody keeps anyway.
    Message(Arc<Message>),
}

impl Said {
    fn print(&self) -> Fingerprint {
        match self {
            Self::Print(print) => *print,
            Self::Message(message) => Fingerprint::of(message),
        }
    }
}

/// What stands for a message that isn't kept: a digest over what was read of it, once over what it says and once over whom it is
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
        let mut meaning = Hashing(Vec::with_capacity(4096));
        (message.kind, message.version, &head.type_code.value, &head.made).hash(&mut meaning);
        (&head.conversation, &head.status, &head.sender, &head.patient).hash(&mut meaning);
        message.body.hash(&mut meaning);
        for file in &message.attachments {
            (&file.mime_type, file.detected, &file.description).hash(&mut meaning);
            file.bytes.as_deref().map(digest).hash(&mut meaning);
        }
        let mut addresses = Hashing(Vec::with_capacity(1024));
        (&head.receiver, &head.others).hash(&mut addresses);
        Self { meaning: meaning.digest(), addresses: addresses.digest() }
    }
}

/// Values as the standard library hands them to any hash: texts with an end, lists with their lengths, so that different values
/// give different bytes. What they come to is a [`digest`], because a sender must not be able to make two messages pass for one.
struct Hashing(Vec<u8>);

impl Hashing {
    fn digest(&self) -> [u8; 32] {
        digest(&self.0)
    }
}

impl Hasher for Hashing {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Lengths, and which of its cases a value is: nearly always a small number, which is one byte.
    fn write_usize(&mut self, number: usize) {
        match u8::try_from(number) {
            Ok(small) if small < u8::MAX => self.0.push(small),
            Ok(_) | Err(_) => {
                self.0.push(u8::MAX);
                self.0.extend_from_slice(&number.to_ne_bytes());
            }
        }
    }

    fn write_isize(&mut self, number: isize) {
        self.write_usize(number.cast_unsigned());
    }

    fn write_u8(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Never asked for: the digest is all of it.
    fn finish(&self) -> u64 {
        0
    }
}
