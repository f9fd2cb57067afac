use std::{
    collections::BTreeMap,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};
use sqlx::{
    Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Database, Doing, Session, session::session, trouble};
use crate::{
    StoreError,
    migrate::{self, Migration},
    options::{Fsync, Options},
};

/// A database of a server, whose search path leads to one schema for the store.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: PgPool,
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

/// How long a connection may have been idle before it is asked whether it is still there. One that was used a moment ago isn't: asking is
/// a round trip for each transaction.
const IDLE: Duration = Duration::from_secs(1);

impl Postgres {
    /// Connects.
    pub(crate) async fn open(place: &PgConnectOptions, options: &Options) -> Result<Self, StoreError> {
        let wait_ms = options.wait.as_millis().max(1).to_string();
        let place = place
            .clone()
            .application_name("samspill")
            .options([("lock_timeout", wait_ms.as_str()), ("idle_in_transaction_session_timeout", "60000")]);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections_max)
            .acquire_timeout(options.wait)
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    let is_there = about.idle_for < IDLE || connection.ping().await.is_ok();
                    Ok(is_there)
                })
            })
            .after_connect(|connection, _| Box::pin(async move { make_commits_last(connection).await }));
        let pool = pool.connect_with(place).await.map_err(|error| trouble("connect", error))?;
        if options.fsync == Fsync::Required && !writes_through(&pool).await? {
            return Err(StoreError::NotLasting);
        }
        let writers = Semaphore::new(usize::try_from(options.connections_max / 2).unwrap_or(1).max(1));
        Ok(Self { pool, writers: Arc::new(writers), queues: StdMutex::default(), wait: options.wait })
    }

    /// Begins a transaction. Connections that broke while nobody used them are found out here, one by one, and nothing was done yet: each is
    /// left for another, as many as there are.
    async fn begin(&self, doing: &'static str, sql: &'static str) -> Result<Begun, StoreError> {
        let mut broken = self.pool.size();
        loop {
            match self.pool.begin_with(sql).await.map_err(|error| trouble(doing, error)) {
                Err(StoreError::Gone { .. }) if broken > 0 => broken -= 1,
                begun => return begun,
            }
        }
    }

    /// Waits until one more may write.
    async fn turn(&self, first: Option<OwnedMutexGuard<()>>) -> Result<Turn, StoreError> {
        let turn = timeout(self.wait, Arc::clone(&self.writers).acquire_owned()).await;
        let turn = turn
            .map_err(|_| sqlx::Error::PoolTimedOut)
            .and_then(|turn| turn.map_err(|_| sqlx::Error::PoolClosed));
        let writer = turn.map_err(|error| trouble("wait for its turn to write", error))?;
        Ok(Turn { _writer: writer, _first: first })
    }

    /// Waits until nobody else of this process waits for the lock of this name, or has it.
    async fn first(&self, name: &str) -> Result<OwnedMutexGuard<()>, StoreError> {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(name.to_owned()).or_default())
        };
        let first = timeout(self.wait, queue.lock_owned()).await;
        first.map_err(|_| trouble("wait for the log", sqlx::Error::PoolTimedOut))
    }

    async fn begin_to_write(&self, turn: Turn) -> Result<Box<dyn Session>, StoreError> {
        let begun = self.begin("begin to write", "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE").await?;
        Ok(boxed(begun, Some(turn)))
    }
}

/// Whether the server writes through to its disk.
async fn writes_through(pool: &PgPool) -> Result<bool, StoreError> {
    let sql = "SELECT current_setting('fsync')";
    let setting: String = sqlx::query_scalar(sql)
        .fetch_one(pool)
        .await
        .map_err(|error| trouble("read the server's settings", error))?;
    Ok(setting == "on")
}

/// A commit is acknowledged when it is on disk. A stricter setting of the server (`remote_apply`) is left as it is.
async fn make_commits_last(connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
    let sql = "SELECT set_config('synchronous_commit', 'on', false) \
               WHERE current_setting('synchronous_commit') IN ('off', 'local')";
    sqlx::query(sql).execute(connection).await.map(drop)
}

impl Database for Postgres {
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async {
            let begun =
                self.begin("begin to read", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
            Ok(boxed(begun, None))
        })
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async { self.begin_to_write(self.turn(None).await?).await })
    }

    fn begin_holding<'a>(&'a self, name: &'a str) -> Doing<'a, Box<dyn Session>> {
        Box::pin(async move {
            let first = self.first(name).await?;
            let mut session = self.begin_to_write(self.turn(Some(first)).await?).await?;
            session.lock(name).await?;
            Ok(session)
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

session!(PostgresSession, sqlx::Postgres, lock: advisory_lock, put: put_at_once);

type Begun = sqlx::Transaction<'static, sqlx::Postgres>;

fn boxed(begun: Begun, turn: Option<Turn>) -> Box<dyn Session> {
    Box::new(PostgresSession::new(begun, turn))
}

/// Takes the transaction's advisory lock of this name.
///
/// Each later statement sees what is committed when it begins (`READ COMMITTED`), and a commit is seen before its locks
/// are given up. So positions are committed in their order, and whoever reads up to one has read all before it.
async fn advisory_lock(session: &mut PostgresSession, name: &str) -> Result<(), StoreError> {
    let sql = "SELECT pg_advisory_xact_lock($1)";
    session.run("wait for the log", sql, &[super::Param::Int(lock_number(name))]).await.map(drop)
}

/// PostgreSQL takes one statement with parameters at a time.
async fn put_at_once(
    session: &mut PostgresSession,
    doing: &'static str,
    sql: &'static str,
    params: &[super::Param<'_>],
) -> Result<(), StoreError> {
    session.run(doing, sql, params).await.map(drop)
}

/// The first 64 bits of a SHA-256 of the name. Two names with one number would wait for each other, and no more.
fn lock_number(name: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(format!("samspill {name}")).into();
    digest.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}
