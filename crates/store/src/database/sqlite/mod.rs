//! SQLite: statements run in the task that asks for them.
//!
//! | file | is about |
//! |---|---|
//! | `connection.rs` | one connection: how it is opened, what it runs |
//! | `statements.rs` | `$1` of the store's SQL as SQLite counts |
//! | `pool.rs` | connections for whoever comes next, each lent to one at a time |
//! | `patience.rs` | waiting for other programs, without a thread |
//! | `session.rs` | a transaction |
//! | `trouble.rs` | what SQLite's errors mean |
//!
//! A statement takes microseconds and runs right where it is asked for. What waits for the disk or goes through the whole file
//! (opening, committing what was written, copying, steps of the schema, closing) runs on a thread that may wait.

mod connection;
mod patience;
mod pool;
mod session;
mod statements;
#[cfg(test)]
mod tests;
mod trouble;

use std::{path::Path, pin::Pin, sync::Arc};

use self::{
    connection::{Access, Begin},
    pool::Pool,
    session::SqliteSession,
};
use super::{Database, Doing, Session};
use crate::{
    StoreError,
    migrate::{self, Migration},
    options::{IfMissing, Options},
};

/// One file. One connection writes, others read.
///
/// Readers stand first and so are closed first: the last connection that closes puts the write-ahead log into the file, and must be
/// able to.
#[derive(Debug)]
pub(crate) struct Sqlite {
    readers: Arc<Pool>,
    writer: Arc<Pool>,
}

impl Sqlite {
    /// Connections that read at the most.
    const READERS_MAX: u32 = 4;

    /// Opens the file, and makes it if that is wished.
    pub(crate) async fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let access = match options.if_missing {
            IfMissing::Refuse if !path.exists() => return Err(StoreError::Missing(path.to_owned())),
            IfMissing::Refuse => Access::Write,
            IfMissing::Create => Access::Create,
        };
        let readers = Pool::new(path, Access::Read, Self::READERS_MAX, options.wait);
        let writer = Pool::new(path, Access::Write, 1, options.wait);
        let first = pool::opened("open the file", path, access, &mut writer.patience()).await?;
        Ok(Self { readers: Arc::new(readers), writer: Arc::new(writer.with(first)) })
    }
}

impl Database for Sqlite {
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(begun(&self.readers, "begin to read", Begin::Deferred))
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        Box::pin(begun(&self.writer, "begin to write", Begin::Immediate))
    }

    fn migrations(&self) -> &'static [Migration] {
        migrate::SQLITE
    }

    fn copy_to<'a>(&'a self, path: &'a Path) -> Doing<'a, ()> {
        Box::pin(async move {
            let doing = "copy itself to another file";
            let path = path.to_str().ok_or(StoreError::Unsupported("give the copy a path in UTF-8"))?;
            let path = path.to_owned();
            let mut reader = self.readers.lend(doing, &mut self.readers.patience()).await?;
            reader.elsewhere(doing, move |connection| connection.copy_to(&path)).await
        })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            self.readers.close().await;
            self.writer.close().await;
        })
    }
}

/// Begins a transaction as soon as nobody is in its way.
async fn begun(pool: &Arc<Pool>, doing: &'static str, begin: Begin) -> Result<Box<dyn Session>, StoreError> {
    let mut patience = pool.patience();
    let mut lent = pool.lend(doing, &mut patience).await?;
    lent.patiently(doing, &mut patience, |connection| connection.begin(begin)).await?;
    Ok(Box::new(SqliteSession::new(lent, pool.wait())))
}
