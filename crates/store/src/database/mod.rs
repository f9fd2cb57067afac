//! What the store asks of a database. Two answer it: [`sqlite`] and [`postgres`].
//!
//! The SQL is the same for both and stands in [`sql`](crate::sql). All that differs is here and in those two:
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | a writing transaction | `BEGIN IMMEDIATE`: one in the whole file | `BEGIN`, then an advisory lock for the community's log |
//! | a reading one | `BEGIN` on a read-only connection: a snapshot from its first read | `REPEATABLE READ, READ ONLY` |
//! | lasting | WAL, `synchronous = FULL` | `synchronous_commit = on`, if it was off |
//! | statements that need no answer | run at once | go out with the next that needs one |
//! | waiting for a lock | asking again, without a thread | `lock_timeout` |
//! | schema | `migrations/sqlite` | `migrations/postgres` |
//! | a statement runs | in the task that asks for it | on the server |
//! | what errors mean | result codes | SQLSTATE |

mod cells;
mod place;
mod postgres;
mod sqlite;
mod together;
mod trouble;

use std::{fmt::Debug, path::Path, pin::Pin};

pub(crate) use cells::{Param, Row};
pub use place::Place;
pub(crate) use place::Where;
pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;
pub(crate) use together::{Company, Together};

use crate::{StoreError, migrate::Migration};

/// Something on its way.
pub(crate) type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A database: transactions to read and to write.
pub(crate) trait Database: Debug + Send + Sync {
    /// A transaction that reads one state of all tables.
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>>;

    /// A transaction that writes. Nothing of what two of them append to one log may interleave once each has the lock
    /// of [`Session::lock`].
    fn begin_write(&self) -> Doing<'_, Box<dyn Session>>;

    /// The same, with the lock of this name, as [`Session::lock`] takes it.
    fn begin_holding<'a>(&'a self, name: &'a str) -> Doing<'a, Box<dyn Session>> {
        Box::pin(async move {
            let mut session = self.begin_write().await?;
            session.lock(name).await?;
            Ok(session)
        })
    }

    /// The schema, step by step from the first.
    fn migrations(&self) -> &'static [Migration];

    /// Makes a copy of the database in a new file, while others write.
    fn copy_to<'a>(&'a self, path: &'a Path) -> Doing<'a, ()>;

    /// Closes all connections, when they are free.
    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// A query and what it is given.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Param<'a>>,
}

/// A transaction. Dropping it takes back what was written in it.
///
/// `doing` says what the statement is for and ends up in the error: "the database was to {doing}".
pub(crate) trait Session: Send {
    /// Runs a statement; says how many rows it wrote.
    fn run<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, u64>;

    /// Runs a query.
    fn rows<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, Vec<Row>>;

    /// Runs queries of which none hangs on what another finds: together, where the database takes several at once. Gives the rows of
    /// each.
    fn rows_all<'a>(
        &'a mut self,
        doing: &'static str,
        questions: &'a [Question<'a>],
    ) -> Doing<'a, Vec<Vec<Row>>> {
        Box::pin(async move {
            let mut all = Vec::with_capacity(questions.len());
            for question in questions {
                all.push(self.rows(doing, question.sql, &question.params).await?);
            }
            Ok(all)
        })
    }

    /// Writes something, at the latest when something else is asked for: several such statements may go to the database together.
    /// Where one fails, the next question, [`Session::settle`] or [`Session::commit`] says so.
    fn put<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, ()>;

    /// Writes what [`Session::put`] put off.
    fn settle(&mut self) -> Doing<'_, ()>;

    /// Runs a script of several statements. Where what was put before it failed, it says so,
    /// unless it takes back to a savepoint before that.
    fn script(&mut self, doing: &'static str, sql: &'static str) -> Doing<'_, ()>;

    /// Waits until no other transaction holds the lock of this name, and holds it until the end of the transaction.
    ///
    /// The next statement reads all that earlier holders committed. Where the lock isn't given in time, the next question or
    /// [`Session::commit`] says so at the latest.
    fn lock<'a>(&'a mut self, name: &'a str) -> Doing<'a, ()>;

    /// Makes what was written last.
    fn commit(self: Box<Self>) -> Doing<'static, ()>;
}
