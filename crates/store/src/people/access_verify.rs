use super::access::StoredAccess;
use crate::{CommunityId, EntryHash, Fault, Store, StoreError, mail::Desk};

/// What walking the access log from end to end has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessVerification {
    /// How many rows there are.
    pub rows: u64,
    /// The number of the last one. Somebody with all rights can delete the last ones unseen: compare with a number and digest that
    /// are kept elsewhere.
    pub last: u64,
    /// The digest of the last one.
    pub digest: EntryHash,
    /// The first thing that is wrong; none where the log is what was written, as far as can be told.
    pub broken: Option<Fault>,
}

impl Store {
    /// Walks the access log of a community from its first row to its last, as it is at this moment.
    ///
    /// # Errors
    ///
    /// A database that can't be read. What is wrong with the log is no error but the answer.
    pub async fn verify_accesses(&self, community: &CommunityId) -> Result<AccessVerification, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let mut walk = AccessWalk::default();
        let mut broken = None;
        loop {
            let (count, faults) = walk.next(&mut desk).await?;
            broken = broken.or_else(|| faults.into_iter().next());
            if count == 0 {
                let AccessWalk { rows, last, digest } = walk;
                return Ok(AccessVerification { rows, last, digest, broken });
            }
        }
    }
}

/// Walks along the access log, so many rows at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessWalk {
    rows: u64,
    /// The last number that was seen.
    pub(crate) last: u64,
    digest: EntryHash,
}

impl Default for AccessWalk {
    fn default() -> Self {
        Self { rows: 0, last: 0, digest: EntryHash::START }
    }
}

/// Rows that are read at a time.
const AT_ONCE: usize = 1000;

const ACCESS: &str = "access row";

impl AccessWalk {
    /// The next rows: how many, and what is wrong with them. None, when all were seen.
    pub(crate) async fn next(&mut self, desk: &mut Desk<'_>) -> Result<(usize, Vec<Fault>), StoreError> {
        let found = StoredAccess::from(desk, self.last + 1, AT_ONCE).await?;
        let mut faults = Vec::new();
        for stored in &found {
            faults.extend(self.step(stored));
        }
        Ok((found.len(), faults))
    }

    fn step(&mut self, stored: &StoredAccess) -> Option<Fault> {
        let (number, before) = (stored.kept.number, self.last);
        let is_next = number == before + 1;
        let is_own = stored.own_digest() == stored.digest && (!is_next || stored.previous == self.digest);
        (self.last, self.digest) = (number, stored.digest);
        self.rows += 1;
        if !is_next {
            return Some(Fault::MailMissing { what: ACCESS, from: before + 1, to: number.saturating_sub(1) });
        }
        (!is_own).then_some(Fault::MailChanged { what: ACCESS, number })
    }
}
