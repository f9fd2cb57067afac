use jiff::Timestamp;

/// Why a parcel was not handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendFault {
    /// The other side was out of reach or busy, and certainly doesn't have it. Try again later with the same id.
    #[error("{says}")]
    Later {
        /// What happened, without a word of what the message says.
        says: String,
    },
    /// Nobody knows whether the other side has it: the line broke before the answer. Try again with the same id.
    #[error("{says}")]
    Unknown {
        /// What happened.
        says: String,
    },
    /// The other side will never take it as it is: no such queue, no right to send, too large. A person must look.
    #[error("{says}")]
    Refused {
        /// What the other side calls it, for programs (`amqp:not-found`).
        condition: String,
        /// What happened, and what can be done.
        says: String,
    },
}

/// A receiving system's word that a parcel of ours could not be unpacked (the error queue of HITS 1216 section 2.2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultReport {
    /// [`Parcel::id`](crate::Parcel::id) of the parcel that it is about.
    pub about: String,
    /// Its condition, for programs: `transport:invalid-signature`.
    pub condition: String,
    /// What happened, for people.
    pub says: String,
    /// When the receiver tried.
    pub at: Option<Timestamp>,
}
