use samspill_store::StoreError;

use crate::{audit::persons::RegisterError, exchange::meaning::SendError};

/// Why the mailroom did nothing.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No message could be made of an entry.
    #[error(transparent)]
    Write(#[from] SendError),
    /// That somebody is protected can't be written where other stays would know it from.
    #[error("that the person is protected can't be kept, so nothing was: {0}")]
    Protection(RegisterError),
    /// What was to be sent can't be read.
    #[error("the document can't be sent, for it can't be read as a message: {0}")]
    Unreadable(String),
    /// What was to be sent is of a kind that isn't sent by itself.
    #[error("a {0} isn't sent by hand: receipts are sent by themselves when a message has been taken in")]
    NotByHand(&'static str),
    /// The sender is none of ours.
    #[error("the sender of the message is none of our parties: check the HER-ids under `[[own]]`")]
    NotFromUs,
    /// The message has no id, no time or no receiver that receipts could be told by.
    #[error("the message needs an id (MsgId), a time (GenDate) and a receiver with an id")]
    Incomplete,
    /// Another message with the same id was sent before.
    #[error("another message with the id {0} was sent before: give this one an id of its own")]
    SameId(String),
    /// There is no such message.
    #[error("there is no message number {0}")]
    NoMessage(u64),
    /// What was answered is none of the answers.
    #[error("«{said}» is no answer to what is asked about the message number {number}: {instead}")]
    NoAnswer {
        /// Which message.
        number: u64,
        /// What was answered.
        said: String,
        /// What to answer instead.
        instead: String,
    },
    /// The question isn't open.
    #[error("the message number {number} has no open question of this kind: {says}")]
    NoQuestion {
        /// Which message.
        number: u64,
        /// What was looked for.
        says: &'static str,
    },
}
