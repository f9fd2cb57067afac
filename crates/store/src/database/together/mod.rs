//! Transactions that wait for each other share a commit.
//!
//! A commit waits for the disk, longer than all else of a short transaction, and everybody who wants the same log waits with it. So
//! whoever is done while others wait leaves its transaction open to the first of them, which goes on in it after a savepoint, and so on; the
//! last commits for all. Nobody is told that something lasts before that commit has said so:
//!
//! - what fails, or is dropped, is taken back to its savepoint, and those before it are committed;
//! - where the commit fails, all of them fail: [`StoreError::OutcomeUnknown`] where nobody knows whether it took place;
//! - those who come later in a group read what those before them wrote. If that doesn't last, neither does what they write.
//!
//! Where nobody waits, nothing is different: one transaction, one commit, no savepoint. Long work begins alone ([`Company::Alone`]),
//! so that nobody waits for it who is done.

mod queue;
mod shared;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, sync::oneshot};

use super::{Database, Session};
use crate::StoreError;
use queue::{Held, Queue};
use shared::Shared;

/// Those who wait for logs, by the name of the lock.
#[derive(Debug)]
pub(crate) struct Together {
    queues: Mutex<BTreeMap<String, Arc<Queue>>>,
    /// How long to wait for one's turn.
    wait: Duration,
}

/// Whom a transaction may share its commit with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// With those who wait for the same log. For what takes milliseconds, and commits before it tells anybody of what it read.
    Others,
    /// With nobody: for work that others would have to wait for, and for what may end without a commit because of what it read.
    Alone,
}

/// A transaction under way, and those who are done in it and wait for its commit.
struct Group {
    session: Box<dyn Session>,
    members: Vec<oneshot::Sender<Fate>>,
    begun: Instant,
}

/// What became of the commit that somebody waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Lasts,
    /// Nobody knows.
    Unknown,
    /// It was taken back.
    Failed,
}

impl Group {
    /// Members at the most, the one who commits included.
    const MEMBERS_MAX: usize = 32;
    /// How long after its beginning a group still takes somebody in. It bounds how long the first waits.
    const OPEN: Duration = Duration::from_millis(25);

    fn has_room(&self) -> bool {
        self.members.len() + 1 < Self::MEMBERS_MAX && self.begun.elapsed() < Self::OPEN
    }

    /// Commits, and tells all members.
    async fn commit(self) -> Result<(), StoreError> {
        let done = self.session.commit().await;
        let fate = match &done {
            Ok(()) => Fate::Lasts,
            Err(StoreError::OutcomeUnknown { .. }) => Fate::Unknown,
            Err(_) => Fate::Failed,
        };
        tell(self.members, fate);
        done
    }

    /// Takes back what the last of them did, and commits for the others.
    async fn commit_without_last(mut self, is_marked: bool) {
        let taken_back = if is_marked {
            // What was put off and failed is taken back with the rest; it is no fault of the others.
            drop(self.session.settle().await);
            self.session.script("take back a part of a transaction", TAKE_BACK).await
        } else {
            Ok(())
        };
        match taken_back {
            // Whoever waits is told, and nobody else is there to hear of an error.
            Ok(()) => drop(self.commit().await),
            Err(_) => tell(self.members, Fate::Failed),
        }
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

fn tell(members: Vec<oneshot::Sender<Fate>>, fate: Fate) {
    for member in members {
        // Who went away asks again, with the same key.
        let _ = member.send(fate);
    }
}

const SAVEPOINT: &str = "SAVEPOINT one_more";
const TAKE_BACK: &str = "ROLLBACK TO SAVEPOINT one_more";

/// Sees to a transaction that nobody waits for any more but those who are done in it. Without a runtime it is dropped, and with it taken back.
fn finish(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(work);
    }
}

impl Together {
    pub(crate) fn new(wait: Duration) -> Self {
        Self { queues: Mutex::default(), wait }
    }

    /// A transaction that writes and holds the lock of this name. Waits until those before it are done, and goes on in the transaction that
    /// they leave open, if they do.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where they aren't done within the time to wait.
    pub(crate) async fn begin(
        &self,
        database: &dyn Database,
        name: &str,
        company: Company,
    ) -> Result<Box<dyn Session>, StoreError> {
        let (held, left) = self.queue(name).turn(company, self.wait).await?;
        let Some(left) = left else {
            let session = database.begin_holding(name).await?;
            let group = Group { session, members: Vec::new(), begun: Instant::now() };
            return Ok(Box::new(Shared::new(group, held, company)));
        };
        let mut shared = Shared::new(left, held, company);
        shared.mark().await?;
        Ok(Box::new(shared))
    }

    fn queue(&self, name: &str) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(name.to_owned()).or_default())
    }
}
