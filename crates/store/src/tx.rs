use std::collections::BTreeMap;

use samspill_base::Position;

use crate::{
    Append, CommunityId, Head, LogEntry, Outcome, Receipt, Store, StoreError,
    database::{Param, Session},
    entry::{Stored, head_of},
    projection, sql,
};

/// A transaction on a community's log: all that is written in it becomes visible at once, or none of it does.
///
/// It holds the log from [`Store::begin`] on, and others who append to the same log wait. So do in it only what must
/// hang together, and never wait for a network or a person. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    store: Store,
    community: CommunityId,
    session: Box<dyn Session>,
    head: Head,
    state: State,
}

/// Whether the transaction may be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// All that was asked for is written.
    Whole,
    /// Something is half written: its writing failed, or its future was dropped on the way.
    Half,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("community", &self.community)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) async fn begin(store: &Store, community: &CommunityId) -> Result<Self, StoreError> {
        let mut session = store.database().begin_write().await?;
        session.lock(&format!("log {community}")).await?;
        let head = head_of(session.as_mut(), community).await?;
        Ok(Self { store: store.clone(), community: community.clone(), session, head, state: State::Whole })
    }

    /// The end of the log as it is in this transaction.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Adds entries to the end of the log, and brings the projections up to them.
    ///
    /// The same append again, in this transaction or years later, writes nothing and gives the positions it had.
    ///
    /// # Errors
    ///
    /// [`StoreError::KeyTaken`] where the key stands for other entries, and [`StoreError::Entry`] for an entry that can't
    /// be kept; the transaction goes on without it. After any other error it can only be dropped.
    pub async fn append(&mut self, append: &Append) -> Result<Receipt, StoreError> {
        self.whole()?;
        let parts = append.checked()?;
        self.state = State::Half;
        let done = self.append_once(append, parts).await;
        if matches!(done, Ok(_) | Err(StoreError::KeyTaken { .. } | StoreError::Entry(_))) {
            self.state = State::Whole;
        }
        done
    }

    /// The rows of a case in a projection, by their keys, with all that this transaction appended.
    ///
    /// # Errors
    ///
    /// A projection that the store was not opened with.
    pub async fn projected(
        &mut self,
        name: &str,
        case: &str,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        self.whole()?;
        let projection = self.store.projection(name)?;
        self.state = State::Half;
        let (session, position) = (self.session.as_mut(), self.head.position);
        projection::bring_up(session, &self.community, projection.as_ref(), position).await?;
        self.state = State::Whole;
        projection::readable(session, &self.community, projection.as_ref(), position).await?;
        projection::rows_of_case(session, &self.community, name, case).await
    }

    /// Makes all of it last. When this returns, it is on disk.
    ///
    /// # Errors
    ///
    /// After [`StoreError::OutcomeUnknown`] it may have been committed all the same: do all of it again in another
    /// transaction, with the same keys. After other errors it was not.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.whole()?;
        self.session.commit().await
    }

    pub(crate) fn session(&mut self) -> &mut dyn Session {
        self.session.as_mut()
    }

    fn whole(&self) -> Result<(), StoreError> {
        match self.state {
            State::Whole => Ok(()),
            State::Half => Err(StoreError::Broken),
        }
    }

    async fn append_once(&mut self, append: &Append, parts: u32) -> Result<Receipt, StoreError> {
        let there = self.under_key(append).await?;
        if let Some(receipt) = append.receipt_of(&self.community, &there)? {
            return Ok(receipt);
        }
        let first = Position(self.head.position.0 + 1);
        let rows = append.rows(&self.community, self.head, parts)?;
        for row in &rows {
            row.write(self.session.as_mut(), &self.community).await?;
            self.head = row.head();
        }
        self.bring_projections_up().await?;
        Ok(Receipt { first, last: self.head.position, outcome: Outcome::Appended })
    }

    async fn under_key(&mut self, append: &Append) -> Result<Vec<LogEntry>, StoreError> {
        let params = [Param::Text(self.community.as_str()), Param::Text(append.key.as_str())];
        let rows = self.session.rows("look for the append key", sql::BY_KEY, &params).await?;
        rows.into_iter().map(|row| Stored::read(row)?.entry(&self.community)).collect()
    }

    pub(crate) async fn bring_projections_up(&mut self) -> Result<(), StoreError> {
        for projection in self.store.projections() {
            let session = self.session.as_mut();
            projection::bring_up(session, &self.community, projection.as_ref(), self.head.position).await?;
        }
        Ok(())
    }
}
