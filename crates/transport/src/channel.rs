use std::{fmt::Debug, future::Future, pin::Pin};

use jiff::Timestamp;

use crate::{FaultReport, Parcel, SendFault};

/// Work under way.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A way to other systems.
pub trait Channel: Debug + Send + Sync {
    /// The name that the configuration gives it.
    fn name(&self) -> &str;

    /// Hands a parcel over. `Ok` means that the other side of the channel keeps it, as safely as it keeps anything.
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>>;

    /// Waits for the next parcel. Connects and connects again by itself, for as long as it takes, and tells of it in
    /// [`Channel::health`]. Dropped while it waits, it loses nothing.
    fn receive(&self) -> Doing<'_, Arrival>;

    /// How it is with the line.
    fn health(&self) -> Health;

    /// Lets go of the line in good order. Parcels that were not settled come again the next time.
    fn close(&self) -> Doing<'_, ()>;
}

/// Something that came, and stays with its channel until it is settled. Dropped without a word, it comes again.
#[derive(Debug)]
pub struct Arrival {
    /// What came.
    pub received: Received,
    settlement: Box<dyn Settlement>,
}

impl Arrival {
    /// An arrival whose settling is done by `settlement`.
    pub fn new(received: Received, settlement: impl Settlement + 'static) -> Self {
        Self { received, settlement: Box::new(settlement) }
    }

    /// Tells the channel what became of it. Where that fails the parcel comes again, which an inbox must bear anyhow: so
    /// there is no error to handle, and the channel tells of it in its health.
    pub async fn settle(self, settle: Settle) {
        self.settlement.settle(settle).await;
    }
}

/// What a channel brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A message or a receipt.
    Parcel(Parcel),
    /// A fault of transport about a parcel of ours.
    Fault(FaultReport),
}

/// How a channel ends a parcel's stay with it.
pub trait Settlement: Debug + Send {
    /// Ends it.
    fn settle(self: Box<Self>, settle: Settle) -> Doing<'static, ()>;
}

/// What became of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settle {
    /// It is kept on our side: the channel can forget it.
    Taken,
    /// We can't now: it must come again.
    Later,
    /// It can't be unpacked: the sender is told by the channel's own means, where it has any.
    Refused(FaultReport),
}

/// How it is with a channel's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nothing was tried yet.
    Unknown,
    /// It works, or did when it was last used.
    Up,
    /// It has not worked since `since`.
    Down {
        /// When it stopped working.
        since: Timestamp,
        /// What happened, without a word of what any message says.
        says: String,
    },
}
