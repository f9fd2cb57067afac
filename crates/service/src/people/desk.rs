use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::Position;
use samspill_store::{Assignment, CommunityId, Draft, PeopleTx, Store, StoreError};

/// What people do with stays beside the log: how far they have seen, who does what, what they began to write. Clones are the same.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) store: Store,
    pub(super) community: CommunityId,
}

/// The duty of an assignment, as its party knows it: in one stay several parties have the same duty, and who looks after it at one of them
/// is nothing to the others.
pub fn duty_at(duty: &str, party: &str) -> String {
    format!("{duty}@{party}")
}

/// The duty of an assignment, if it is one of this party.
pub fn duty_of<'a>(assigned: &'a str, party: &str) -> Option<&'a str> {
    assigned.strip_suffix(party)?.strip_suffix('@')
}

impl Desk {
    /// The desk of a community in a store.
    pub fn new(store: Store, community: CommunityId) -> Self {
        Self { store, community }
    }

    /// How far an account has seen its cases: the last position that it saw. A case that isn't named, it never opened.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn seen(&self, account: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let seen = self.store.seen(&self.community, account).await?;
        Ok(seen.into_iter().map(|(case, position)| (case, position.0)).collect())
    }

    /// Says how far an account has seen a case. It never goes back.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn mark_seen(&self, account: &str, case: &str, position: u64) -> Result<(), StoreError> {
        let work = async |tx: &mut PeopleTx| tx.mark_seen(account, case, Position(position)).await;
        self.store.write_people(&self.community, work).await
    }

    /// Says how far an account has seen some cases, all of it or none. It never goes back.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn mark_all_seen(&self, account: &str, seen: &[(String, u64)]) -> Result<(), StoreError> {
        let work = async |tx: &mut PeopleTx| {
            for (case, position) in seen {
                tx.mark_seen(account, case, Position(*position)).await?;
            }
            Ok(())
        };
        self.store.write_people(&self.community, work).await
    }

    /// Who does what in some cases, or in all where none is named.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn assignments(&self, cases: &BTreeSet<String>) -> Result<Vec<Assignment>, StoreError> {
        self.store.assignments(&self.community, cases).await
    }

    /// Says who does something, in place of who did.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn assign(&self, assignment: &Assignment) -> Result<(), StoreError> {
        let work = async |tx: &mut PeopleTx| tx.assign(assignment).await;
        self.store.write_people(&self.community, work).await
    }

    /// Says that nobody in particular does something. `false` where nobody did.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn unassign(&self, case: &str, duty: &str) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| tx.unassign(case, duty).await;
        self.store.write_people(&self.community, work).await
    }

    /// When an account last said that it had seen the tasks of a role; none where it never did.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn looked_at_tasks(&self, account: &str, role: &str) -> Result<Option<Timestamp>, StoreError> {
        self.store.looked_at_tasks(&self.community, account, role).await
    }

    /// Says that an account has seen the tasks of a role, as they were at an instant. It never goes back.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn look_at_tasks(&self, account: &str, role: &str, at: Timestamp) -> Result<(), StoreError> {
        let work = async |tx: &mut PeopleTx| tx.look_at_tasks(account, role, at).await;
        self.store.write_people(&self.community, work).await
    }

    /// The drafts of an account, the newest first.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn drafts(&self, account: &str) -> Result<Vec<Draft>, StoreError> {
        self.store.drafts(&self.community, account).await
    }

    /// A draft of an account.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn draft(&self, account: &str, id: &str) -> Result<Option<Draft>, StoreError> {
        self.store.draft(&self.community, account, id).await
    }

    /// Keeps a draft in place of the version that it was made from: 0, if it is new. Gives its version now; `None` where another
    /// window kept another one meanwhile, or threw it away: then nothing was written.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn save_draft(&self, draft: &Draft) -> Result<Option<u64>, StoreError> {
        let work = async |tx: &mut PeopleTx| tx.set_draft(draft).await;
        let is_kept = self.store.write_people(&self.community, work).await?;
        Ok(is_kept.then_some(draft.version + 1))
    }

    /// Throws a draft away. `false` where the account has no such draft.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn drop_draft(&self, account: &str, id: &str) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| tx.drop_draft(account, id).await;
        self.store.write_people(&self.community, work).await
    }
}
