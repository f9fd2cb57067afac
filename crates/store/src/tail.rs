use std::time::Duration;

use samspill_base::Position;

use crate::{CommunityId, LogEntry, Store, StoreError};

/// Reads a log as it grows. It gives every entry once and in order: none is passed over, however many write.
///
/// Positions are committed in their order, so an entry that can be read has all before it in the same reading. A tail that
/// is dropped and made anew from [`Tail::last`] goes on where it was.
#[derive(Clone, Debug)]
pub struct Tail {
    store: Store,
    community: CommunityId,
    last: Position,
}

impl Tail {
    pub(crate) fn new(store: Store, community: CommunityId, last: Position) -> Self {
        Self { store, community, last }
    }

    /// The last position that was given: where to go on after a restart.
    pub fn last(&self) -> Position {
        self.last
    }

    /// What has come since the last call, `limit` entries at the most; nothing if nothing has.
    ///
    /// # Errors
    ///
    /// As [`Store::read`]. Nothing is given then, and the next call asks for the same again.
    pub async fn next(&mut self, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
        let entries = self.store.read(&self.community, Position(self.last.0 + 1), limit).await?;
        if let Some(last) = entries.last() {
            self.last = last.entry.position;
        }
        Ok(entries)
    }

    /// What comes next, asking `every` so often until something has come. A `limit` of 0 is read as 1.
    ///
    /// # Errors
    ///
    /// As [`Tail::next`].
    pub async fn wait(&mut self, limit: usize, every: Duration) -> Result<Vec<LogEntry>, StoreError> {
        loop {
            let entries = self.next(limit.max(1)).await?;
            if !entries.is_empty() {
                return Ok(entries);
            }
            tokio::time::sleep(every).await;
        }
    }
}
