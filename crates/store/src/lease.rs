use jiff::Timestamp;

use crate::{
    LogEntry, Store, StoreError,
    database::{Param, Session},
    entry::microseconds,
    names::{named, within},
    sql,
};

/// The right to do, alone among all nodes, what a lease is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lease {
    /// Larger for each new holder, and for one who comes back after its lease was over. Whoever takes orders from holders
    /// can refuse one with a smaller fence than it has seen.
    pub fence: i64,
}

impl Store {
    /// Takes a lease, or prolongs one's own, until an instant. `None` while somebody else holds it: until the very instant that
    /// they were promised, and not longer.
    ///
    /// Of several nodes that ask at once, one gets it. Only the instant that stands in the database counts, beside the asker's
    /// `now`. So a clock that is behind, or set back, makes its node wait longer, and two never hold the lease by it. A
    /// clock that is ahead takes the lease while the holder still counts on it: by as much as the clocks differ, two may
    /// think that they hold it. Keep clocks together, give up a lease in good time before it ends, and let the
    /// fence tell the two apart where that isn't enough. What parcels are sent and what is appended is safe all the same, as each stands
    /// once in the database.
    ///
    /// # Errors
    ///
    /// A name or holder that is empty, has U+0000 or more than 1000 bytes; a database that fails.
    pub async fn lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreError> {
        fits(name, "name of a lease")?;
        fits(holder, "holder of a lease")?;
        let (now, until) = (Param::Int(microseconds(now)), Param::Int(microseconds(until)));
        let mut session = self.database().begin_write().await?;
        let params = [Param::Text(name), Param::Text(holder), now, until];
        let rows = session.rows("take a lease", sql::mail::LEASE, &params).await?;
        let fence = rows.into_iter().next().map(|mut row| row.int("lease", 0)).transpose()?;
        session.commit().await?;
        Ok(fence.map(|fence| Lease { fence }))
    }

    /// Gives a lease back, so that others needn't wait for its end. `false` where this holder doesn't have it.
    ///
    /// # Errors
    ///
    /// A database that fails.
    pub async fn unlease(&self, name: &str, holder: &str) -> Result<bool, StoreError> {
        fits(name, "name of a lease")?;
        fits(holder, "holder of a lease")?;
        let mut session = self.database().begin_write().await?;
        let params = [Param::Text(name), Param::Text(holder), Param::Int(i64::MIN)];
        let written = session.run("give a lease back", sql::mail::UNLEASE, &params).await?;
        session.commit().await?;
        Ok(written == 1)
    }
}

/// All leases by their names, with their fences.
pub(crate) async fn leases(session: &mut dyn Session) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = session.rows("read the leases", sql::mail::LEASES, &[]).await?;
    rows.into_iter().map(|mut row| Ok((row.text("lease", 0)?, row.int("lease", 1)?))).collect()
}

/// Writes a lease that nobody holds, so that its next holder gets a larger fence.
pub(crate) async fn add_lease(session: &mut dyn Session, name: &str, fence: i64) -> Result<(), StoreError> {
    fits(name, "name of a lease")?;
    let params = [Param::Text(name), Param::Int(fence), Param::Int(i64::MIN)];
    session.put("write a lease", sql::mail::ADD_LEASE, &params).await
}

fn fits(text: &str, what: &'static str) -> Result<(), StoreError> {
    named(text, what)?;
    within(text, what, LogEntry::NAME_BYTES_MAX).map_err(StoreError::from)
}
