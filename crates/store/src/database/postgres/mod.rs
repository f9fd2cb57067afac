//! PostgreSQL.
//!
//! [`address`] says where the server is ([`uri`] takes it apart), [`pool`] keeps connections to it, [`link`] is one of them, [`session`] a transaction on one,
//! [`values`] what goes over it, [`silence`] how long the server may say nothing, and [`trouble`] what goes wrong.

mod address;
mod link;
mod passwords;
mod pool;
mod session;
mod silence;
mod tls;
mod trouble;
mod uri;
mod values;

use std::{
    collections::BTreeMap,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

pub(crate) use self::address::Address;
use self::{
    link::Wanted,
    pool::Pool,
    session::{Opening, PostgresSession, lock_number},
    tls::Tls,
    trouble::{closed, out_of_time, trouble},
};
use super::{Database, Doing, Session};
use crate::{
    StoreError,
    migrate::{self, Migration},
    options::{Fsync, Options},
};

/// A database of a server, whose search path leads to one schema for the store.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
    /// How many may write at a time, or wait for another to have written. The other connections are for those who read: whoever holds
    /// the log and reads beside it must never wait for those who wait for the log.
    writers: Arc<Semaphore>,
    /// Those of this process who wait for a lock, by its name: only the first of them has a turn and a connection. Otherwise those who wait
    /// for one log would have all turns, and nobody could write anything else.
    queues: StdMutex<BTreeMap<String, Arc<Mutex<()>>>>,
    wait: Duration,
}

/// What whoever writes has beside its connection; it is given back after the transaction.
#[derive(Debug)]
pub(super) struct Turn {
    _writer: OwnedSemaphorePermit,
    _first: Option<OwnedMutexGuard<()>>,
}

const TO_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE";
const TO_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

impl Postgres {
    /// Connects.
    pub(crate) async fn open(place: &Address, options: &Options) -> Result<Self, StoreError> {
        let config = place.config(options.wait);
        let tls = Tls::of(place).map_err(|source| StoreError::Gone { doing: "connect", source })?;
        let pool = Pool::new(config, tls, options.wait, options.connections_max);
        let writers = Semaphore::new(usize::try_from(options.connections_max / 2).unwrap_or(1).max(1));
        let (writers, queues) = (Arc::new(writers), StdMutex::default());
        let postgres = Self { pool, writers, queues, wait: options.wait };
        let writes_through = postgres.writes_through().await?;
        if options.fsync == Fsync::Required && !writes_through {
            return Err(StoreError::NotLasting);
        }
        Ok(postgres)
    }

    /// Whether the server writes through to its disk.
    async fn writes_through(&self) -> Result<bool, StoreError> {
        let doing = "read the server's settings";
        let mut lent = self.pool.take("connect").await?;
        let sql = "SELECT 1::bigint WHERE current_setting('fsync') = 'on'";
        let prepared = lent.link.prepare(sql, &[]).await.map_err(|error| trouble(doing, error))?;
        lent.link.send(doing, prepared, Vec::new(), Wanted::Rows);
        let answer = match lent.link.next_answer().await {
            Some((_, answer)) => answer.map_err(|error| trouble(doing, error))?,
            None => return Err(StoreError::Broken),
        };
        lent.give_back();
        Ok(!answer.rows.is_empty())
    }

    /// Waits until one more may write.
    async fn turn(&self, first: Option<OwnedMutexGuard<()>>) -> Result<Turn, StoreError> {
        const DOING: &str = "wait for its turn to write";
        let turn = timeout(self.wait, Arc::clone(&self.writers).acquire_owned()).await;
        let writer = turn.map_err(|_| out_of_time(DOING))?.map_err(|_| closed(DOING))?;
        Ok(Turn { _writer: writer, _first: first })
    }

    /// Waits until nobody else of this process waits for the lock of this name, or has it.
    async fn first(&self, name: &str) -> Result<OwnedMutexGuard<()>, StoreError> {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(name.to_owned()).or_default())
        };
        timeout(self.wait, queue.lock_owned()).await.map_err(|_| out_of_time("wait for the log"))
    }

    async fn begin(&self, turn: Option<Turn>, opening: Opening) -> Result<Box<dyn Session>, StoreError> {
        let lent = self.pool.take(opening.doing()).await?;
        Ok(Box::new(PostgresSession::begin(lent, turn, opening)))
    }
}

impl Database for Postgres {
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(self.begin(None, Opening::new("begin to read", TO_READ)))
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async {
            let turn = self.turn(None).await?;
            self.begin(Some(turn), Opening::new("begin to write", TO_WRITE)).await
        })
    }

    fn begin_holding<'a>(&'a self, name: &'a str) -> Doing<'a, Box<dyn Session>> {
        Box::pin(async move {
            let first = self.first(name).await?;
            let turn = self.turn(Some(first)).await?;
            let opening = Opening::new("begin to write", TO_WRITE).locking(lock_number(name));
            self.begin(Some(turn), opening).await
        })
    }

    fn migrations(&self) -> &'static [Migration] {
        migrate::POSTGRES
    }

    fn copy_to<'a>(&'a self, _: &'a Path) -> Doing<'a, ()> {
        let says = "PostgreSQL doesn't lie in one file: make a backup, or use pg_basebackup";
        Box::pin(async move { Err(StoreError::Unsupported(says)) })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.pool.close())
    }
}

#[cfg(test)]
mod tests;
