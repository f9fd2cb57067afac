use std::{path::Path, pin::Pin, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::{Instant, sleep};

use super::{Database, Doing, Param, Session, session::session, trouble};
use crate::{
    StoreError,
    migrate::{self, Migration},
    options::{IfMissing, Options},
};

/// One file. One connection writes, others read.
#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    /// Connections that read at the most.
    const READERS_MAX: u32 = 4;

    /// Opens the file, and makes it if that is wished.
    pub(crate) async fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        if options.if_missing == IfMissing::Refuse && !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let common = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(options.wait)
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full);
        let write = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("recursive_triggers", "ON");
        let writer = writer(options, &write).await?;
        let readers = pool(options).max_connections(Self::READERS_MAX);
        let readers = readers.connect_lazy_with(common.read_only(true));
        Ok(Self { writer, readers })
    }
}

/// How long to wait before asking again for a file that another program is just opening.
const AGAIN: Duration = Duration::from_millis(20);

/// The connection that writes. SQLite waits for locks, but not for another program that is just turning the file into one with a
/// write-ahead log: that is waited for here.
async fn writer(options: &Options, connect: &SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let last = Instant::now() + options.wait;
    loop {
        let opened = pool(options).max_connections(1).connect_with(connect.clone()).await;
        match opened.map_err(|error| trouble("open the file", error)) {
            Err(StoreError::Locked { .. }) if Instant::now() < last => sleep(AGAIN).await,
            opened => return opened,
        }
    }
}

/// A file doesn't go away between two transactions, so connections aren't asked whether they are still there.
fn pool(options: &Options) -> SqlitePoolOptions {
    SqlitePoolOptions::new().acquire_timeout(options.wait).test_before_acquire(false)
}

impl Database for Sqlite {
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async {
            let transaction = self.readers.begin_with("BEGIN").await;
            transaction.map(boxed).map_err(|error| trouble("begin to read", error))
        })
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async {
            let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await;
            transaction.map(boxed).map_err(|error| trouble("begin to write", error))
        })
    }

    fn migrations(&self) -> &'static [Migration] {
        migrate::SQLITE
    }

    fn copy_to<'a>(&'a self, path: &'a Path) -> Doing<'a, ()> {
        Box::pin(async move {
            let doing = "copy itself to another file";
            let path = path.to_str().ok_or(StoreError::Unsupported("give the copy a path in UTF-8"))?;
            let copied = sqlx::query("VACUUM INTO $1").bind(path).execute(&self.readers).await;
            copied.map(drop).map_err(|error| trouble(doing, error))
        })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        // Readers first: the last connection that closes puts the write-ahead log into the file, and must be able to.
        Box::pin(async {
            self.readers.close().await;
            self.writer.close().await;
        })
    }
}

session!(SqliteSession, sqlx::Sqlite, lock: held_already, put: put_off);

fn boxed(transaction: sqlx::Transaction<'static, sqlx::Sqlite>) -> Box<dyn Session> {
    Box::new(SqliteSession::new(transaction, None))
}

/// `BEGIN IMMEDIATE` holds the whole file.
async fn held_already(_: &mut SqliteSession, _: &str) -> Result<(), StoreError> {
    Ok(())
}

/// SQLite takes several statements at once.
async fn put_off(
    session: &mut SqliteSession,
    doing: &'static str,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<(), StoreError> {
    if session.waiting.is_full() {
        session.settle().await?;
    }
    session.waiting.add(doing, sql, params);
    Ok(())
}
