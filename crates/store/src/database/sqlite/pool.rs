use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout_at,
};

use super::{
    connection::{Access, Connection},
    patience::Patience,
    trouble::{NoConnection, at_commit, is_busy, trouble},
};
use crate::StoreError;

/// Connections of one kind, each lent to one transaction at a time. Those who wait get one in the order in which they came.
#[derive(Debug)]
pub(super) struct Pool {
    path: PathBuf,
    access: Access,
    size: u32,
    wait: Duration,
    /// As many as may be lent yet.
    turns: Arc<Semaphore>,
    /// Connections that are open and with nobody.
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// So many connections at the most, each opened when it is first needed.
    pub(super) fn new(path: &Path, access: Access, size: u32, wait: Duration) -> Self {
        let turns = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Self { path: path.to_owned(), access, size, wait, turns, idle: Mutex::default() }
    }

    /// The same with one that is open already.
    pub(super) fn with(self, connection: Connection) -> Self {
        self.idle().push(connection);
        self
    }

    /// How long to wait for others.
    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// Patience for so long.
    pub(super) fn patience(&self) -> Patience {
        Patience::of(self.wait)
    }

    /// Waits for a connection.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where others keep them for longer than is waited; [`StoreError::Gone`] for a pool that was closed.
    pub(super) async fn lend(
        self: &Arc<Self>,
        doing: &'static str,
        patience: &mut Patience,
    ) -> Result<Lent, StoreError> {
        let turn = timeout_at(patience.last(), Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| NoConnection::AllLent.told(doing))?;
        let turn = turn.map_err(|_| NoConnection::Closed.told(doing))?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => opened(doing, &self.path, self.access, patience).await?,
        };
        Ok(Lent { pool: Arc::clone(self), held: Some(Held { connection, turn }) })
    }

    /// Waits until all are back, and closes them.
    pub(super) async fn close(&self) {
        let Ok(all) = self.turns.acquire_many(self.size).await else { return };
        self.turns.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle());
        // Closing the last connection writes. It goes on where nobody waits for it any more.
        let _ = spawn_blocking(move || drop(idle)).await;
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a connection. SQLite gives up at once where another program is just turning the file into one with a write-ahead log: that is
/// waited for here.
pub(super) async fn opened(
    doing: &'static str,
    path: &Path,
    access: Access,
    patience: &mut Patience,
) -> Result<Connection, StoreError> {
    loop {
        let path = path.to_owned();
        match spawn_blocking(move || Connection::open(&path, access)).await {
            Ok(Err(error)) if is_busy(&error) && patience.is_left() => patience.pause().await,
            Ok(opened) => return opened.map_err(|error| trouble(doing, error)),
            Err(lost) => return Err(StoreError::Gone { doing, source: lost.into() }),
        }
    }
}

/// A connection on loan. Dropping it takes back what its transaction wrote, and gives it to whoever comes next.
#[derive(Debug)]
pub(super) struct Lent {
    pool: Arc<Pool>,
    /// Nothing once it was taken elsewhere.
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    connection: Connection,
    turn: OwnedSemaphorePermit,
}

impl Lent {
    /// The connection with its transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Broken`] where the database has ended it: what comes now would be a transaction of its own.
    pub(super) fn in_transaction(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = self.connection()?;
        if connection.is_in_transaction() { Ok(connection) } else { Err(StoreError::Broken) }
    }

    /// Does work here, and again while another program is in the way and the transaction is what it was.
    pub(super) async fn patiently<T>(
        &mut self,
        doing: &'static str,
        patience: &mut Patience,
        mut work: impl FnMut(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let before = self.connection()?.is_in_transaction();
        loop {
            let connection = self.connection()?;
            let done = work(connection);
            let as_before = connection.is_in_transaction() == before;
            match done {
                Err(error) if is_busy(&error) && as_before && patience.is_left() => patience.pause().await,
                done => return done.map_err(|error| trouble(doing, error)),
            }
        }
    }

    /// Does work on a thread that may wait, and takes the connection back. Whoever stops waiting doesn't stop the work; the connection
    /// goes to whoever comes next when it is done.
    pub(super) async fn elsewhere<T: Send + 'static>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut taken = Self { pool: Arc::clone(&self.pool), held: self.held.take() };
        let wait = self.pool.wait;
        let done = spawn_blocking(move || {
            let done = taken.connection().map(|connection| connection.waiting(wait, work));
            (taken, done)
        });
        let (back, done) = done.await.map_err(|lost| StoreError::Gone { doing, source: lost.into() })?;
        *self = back;
        done?.map_err(|error| trouble(doing, error))
    }

    /// Makes the transaction last. What was written goes through to the disk on a thread that may wait, also where nobody waits for it
    /// any more.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let connection = self.in_transaction()?;
        if !connection.wrote() {
            return connection.commit().map_err(at_commit);
        }
        let committed = spawn_blocking(move || {
            let wait = self.pool.wait;
            self.in_transaction()?.waiting(wait, Connection::commit).map_err(at_commit)
        });
        committed.await.unwrap_or_else(|lost| Err(StoreError::OutcomeUnknown { source: lost.into() }))
    }

    /// The connection, whether a transaction is under way or not.
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.held.as_mut().map(|held| &mut held.connection).ok_or(StoreError::Broken)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(Held { mut connection, turn }) = self.held.take() else { return };
        // One that can't take back what was written is closed, which takes it back too; another is opened for whoever comes next.
        match connection.roll_back() {
            Ok(()) => self.pool.idle().push(connection),
            Err(_) => drop(connection),
        }
        drop(turn);
    }
}
