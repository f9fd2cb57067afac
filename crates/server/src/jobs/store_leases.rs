use jiff::Timestamp;
use samspill_store::{CommunityId, Store};
use samspill_transport::Doing;

use super::{Fence, LeaseTrouble, Leases};

/// Leases in the store that nodes share. Each community has its own.
#[derive(Clone, Debug)]
pub struct StoreLeases {
    store: Store,
    community: CommunityId,
}

impl StoreLeases {
    /// The leases of a community's jobs.
    pub fn new(store: Store, community: CommunityId) -> Self {
        Self { store, community }
    }

    fn name_of(&self, name: &str) -> String {
        format!("{}/{name}", self.community)
    }
}

impl Leases for StoreLeases {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        until: Timestamp,
    ) -> Doing<'a, Result<Option<Fence>, LeaseTrouble>> {
        Box::pin(async move {
            let taken = self.store.lease(&self.name_of(name), holder, now, until).await;
            taken
                .map(|lease| lease.map(|lease| Fence(lease.fence)))
                .map_err(|error| LeaseTrouble(error.to_string()))
        })
    }

    fn give_back<'a>(&'a self, name: &'a str, holder: &'a str) -> Doing<'a, Result<(), LeaseTrouble>> {
        Box::pin(async move {
            let given = self.store.unlease(&self.name_of(name), holder).await;
            given.map(|_| ()).map_err(|error| LeaseTrouble(error.to_string()))
        })
    }
}
