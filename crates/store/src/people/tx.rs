use std::ops::AsyncFnOnce;

use crate::{
    CommunityId, Store, StoreError,
    database::{Company, Session},
    mail::Desk,
};

/// A transaction on the people of a community. Others who write about its people wait; those who write to its log don't.
///
/// Do in it only what must hang together, and never wait for a network, a person, or the hashing of a password. Dropped without
/// [`PeopleTx::commit`], it leaves nothing behind.
pub struct PeopleTx {
    community: CommunityId,
    session: Box<dyn Session>,
    /// Whether something was begun that wasn't wholly written.
    is_half: bool,
}

impl std::fmt::Debug for PeopleTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PeopleTx").field("community", &self.community).finish_non_exhaustive()
    }
}

impl Store {
    /// Begins a transaction on the people of a community.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where others aren't done within [`crate::Options::wait`].
    pub async fn begin_people(&self, community: &CommunityId) -> Result<PeopleTx, StoreError> {
        self.people(community, Company::Alone).await
    }

    async fn people(&self, community: &CommunityId, company: Company) -> Result<PeopleTx, StoreError> {
        let session = self.holding(&format!("people {community}"), company).await?;
        Ok(PeopleTx { community: community.clone(), session, is_half: false })
    }

    /// Does work in a transaction on the people of a community, and commits it if the work succeeds.
    ///
    /// # Errors
    ///
    /// Those of the work, which leave nothing behind, and those of [`PeopleTx::commit`].
    pub async fn write_people<T, E: From<StoreError>>(
        &self,
        community: &CommunityId,
        work: impl AsyncFnOnce(&mut PeopleTx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.people(community, Company::Others).await?;
        let done = work(&mut tx).await?;
        tx.commit().await?;
        Ok(done)
    }
}

impl PeopleTx {
    /// Makes all of it last. When this returns, it is on disk.
    ///
    /// # Errors
    ///
    /// After [`StoreError::OutcomeUnknown`] it may have been committed all the same. After other errors it was not.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.whole()?;
        self.session.commit().await
    }

    /// The tables of the community. What is begun with it is half written until [`PeopleTx::done`] is said.
    pub(super) fn desk(&mut self) -> Result<Desk<'_>, StoreError> {
        self.whole()?;
        self.is_half = true;
        Ok(Desk::new(self.session.as_mut(), &self.community))
    }

    /// Says that what was begun with [`PeopleTx::desk`] is wholly written.
    pub(super) fn done<T>(&mut self, value: T) -> T {
        self.is_half = false;
        value
    }

    fn whole(&self) -> Result<(), StoreError> {
        if self.is_half { Err(StoreError::Broken) } else { Ok(()) }
    }
}
