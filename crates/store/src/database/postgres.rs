use std::{path::Path, pin::Pin};

use sha2::{Digest, Sha256};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
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
}

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
            .after_connect(|connection, _| Box::pin(async move { make_commits_last(connection).await }));
        let pool = pool.connect_with(place).await.map_err(|error| trouble("connect", error))?;
        if options.fsync == Fsync::Required && !writes_through(&pool).await? {
            return Err(StoreError::NotLasting);
        }
        Ok(Self { pool })
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
            let transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await;
            transaction.map(boxed).map_err(|error| trouble("begin to read", error))
        })
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(async {
            let transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE").await;
            transaction.map(boxed).map_err(|error| trouble("begin to write", error))
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

fn boxed(transaction: sqlx::Transaction<'static, sqlx::Postgres>) -> Box<dyn Session> {
    Box::new(PostgresSession::new(transaction))
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
