use std::sync::Arc;

use samspill_service::{exchange::mailroom::Mailroom, projections::Projections};
use samspill_store::{CommunityId, Store};

/// What requests are answered from. Clones are the same.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// What an [`App`] is put together from.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The community whose log is shown.
    pub community: CommunityId,
    /// What the store keeps beside the log.
    pub projections: Projections,
    /// What sends and takes messages.
    pub mailroom: Mailroom,
}

impl App {
    /// The application of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Its parts.
    pub fn parts(&self) -> &Parts {
        &self.0
    }
}
