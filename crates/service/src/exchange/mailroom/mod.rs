//! The mailroom: takes messages in, sends messages out, and never loses one or counts it twice.
//!
//! ```text
//!   channel ──▶ take ──┬─▶ message, as it came           ┐
//!                      ├─▶ entries of its stay           │ one transaction
//!                      ├─▶ receipts, into the outbox     │
//!                      └─▶ questions for a person        ┘
//!
//!   send ──────────────┬─▶ message, entries              ┐ one transaction
//!                      └─▶ life, outbox                  ┘
//!   hand_over:  outbox ──▶ channel ──▶ sent, later, or a dead letter with its reason
//!   tick:       receipts that didn't come, queues that stand still
//! ```
//!
//! Time is an argument everywhere, and ids follow from the messages (`ids`). So the same steps in the same order give the same
//! rows, whoever takes them: a server with a clock, or a simulation with a seed.
//!
//! A message is read together with all that it hangs together with (`past`), found in the store each time. Nothing is
//! remembered between two messages, so any node of several can take any message.

mod append;
mod carry_out;
mod decide;
mod error;
mod hand_in;
mod hand_over;
mod ids;
mod never;
mod notes;
mod past;
mod persons;
mod receive;
mod ruling;
mod send;
mod settings;
mod settle;
mod take;
mod tick;

use std::sync::Arc;

use samspill_store::{CommunityId, Store};

use crate::addresses::Changes;

pub use carry_out::{Against, CarriedOut, FormDone, FormStands, Rehearsed};
pub use decide::Settling;
pub use error::MailError;
pub use hand_in::{Handed, HandedIn};
pub use hand_over::HandedOver;
pub use ids::id_of_part;
pub use notes::{Handled, Notes};
pub use persons::PersonFeed;
pub use ruling::Ruled;
pub use send::{Sent, SentEntry};
pub use settings::{Retry, Routes, Settings};
pub use settle::Settled;
pub use take::Taken;
pub use tick::Ticked;

/// The channel of messages between two parties of the same node.
pub const HERE: &str = "internt";

/// The channel of messages that no channel is configured for. They wait there as dead letters.
pub const NOWHERE: &str = "ingen";

/// What takes messages in and sends them out for the parties of a node. Clones are the same mailroom.
#[derive(Clone, Debug)]
pub struct Mailroom {
    store: Store,
    community: CommunityId,
    settings: Arc<Settings>,
}

impl Mailroom {
    /// A mailroom over a community's log in a store.
    pub fn new(store: Store, community: CommunityId, settings: Settings) -> Self {
        Self { store, community, settings: Arc::new(settings) }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The community whose log it writes.
    pub fn community(&self) -> &CommunityId {
        &self.community
    }

    /// The same mailroom with what administrators changed in the address book.
    #[must_use]
    pub fn changed_by(&self, changes: &Changes) -> Self {
        Self { settings: Arc::new(self.settings.changed_by(changes)), ..self.clone() }
    }

    /// What it goes by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
