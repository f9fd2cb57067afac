use std::{path::Path, time::Duration};

use rusqlite::{
    OpenFlags, ToSql,
    config::DbConfig,
    params_from_iter,
    types::{ToSqlOutput, Type, ValueRef},
};

use super::statements::Statements;
use crate::database::{Param, Row, cells::Cell};

/// What a connection may do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Make it where it isn't there, and write.
    Create,
    /// Write.
    Write,
    /// Read.
    Read,
}

impl Access {
    fn flags(self) -> OpenFlags {
        let access = match self {
            Self::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Self::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Self::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        // A connection is with one thread at a time, by its type.
        access | OpenFlags::SQLITE_OPEN_NO_MUTEX
    }

    fn pragmas(self) -> &'static str {
        match self {
            Self::Create | Self::Write => {
                "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON"
            }
            Self::Read => "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL",
        }
    }
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// As a snapshot from its first read on.
    Deferred,
    /// Holding the whole file against all who write.
    Immediate,
}

/// One connection to the file. It never waits for another one, but where it is told to.
#[derive(Debug)]
pub(super) struct Connection {
    raw: rusqlite::Connection,
    statements: Statements,
    /// Whether the transaction ran anything that may write.
    wrote: bool,
}

impl Connection {
    /// Prepared statements that are kept. The store has some two hundred.
    const STATEMENTS_MAX: usize = 512;

    /// Opens the file.
    pub(super) fn open(path: &Path, access: Access) -> rusqlite::Result<Self> {
        let raw = rusqlite::Connection::open_with_flags(path, access.flags())?;
        raw.busy_timeout(Duration::ZERO)?;
        raw.set_prepared_statement_cache_capacity(Self::STATEMENTS_MAX);
        // Without this, a statement whose plan may depend on a value is prepared again each time that it is given one.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        raw.execute_batch(access.pragmas())?;
        Ok(Self { raw, statements: Statements::default(), wrote: false })
    }

    /// Does work that waits for other connections for so long. It keeps the thread meanwhile.
    pub(super) fn waiting<T>(
        &mut self,
        wait: Duration,
        work: impl FnOnce(&mut Self) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.raw.busy_timeout(wait)?;
        let done = work(self);
        self.raw.busy_timeout(Duration::ZERO)?;
        done
    }

    /// Whether a transaction is under way. Some errors end one without being asked: a full disk, no memory.
    pub(super) fn is_in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// Whether the transaction ran anything that may write, so that a commit goes to the disk.
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    pub(super) fn begin(&mut self, begin: Begin) -> rusqlite::Result<()> {
        self.wrote = false;
        self.step(match begin {
            Begin::Deferred => "BEGIN",
            Begin::Immediate => "BEGIN IMMEDIATE",
        })
    }

    /// Writes the transaction through to the disk, if it wrote.
    pub(super) fn commit(&mut self) -> rusqlite::Result<()> {
        self.step("COMMIT")
    }

    /// Takes back what the transaction wrote, if one is under way.
    pub(super) fn roll_back(&mut self) -> rusqlite::Result<()> {
        if self.is_in_transaction() { self.step("ROLLBACK") } else { Ok(()) }
    }

    /// Runs a statement; says how many rows it wrote.
    pub(super) fn run(&mut self, sql: &'static str, params: &[Param<'_>]) -> rusqlite::Result<u64> {
        let mut statement = self.raw.prepare_cached(self.statements.counted(sql))?;
        self.wrote |= !statement.readonly();
        let mut rows = statement.query(params_from_iter(params))?;
        while rows.next()?.is_some() {}
        drop(rows);
        drop(statement);
        Ok(self.raw.changes())
    }

    /// Runs a query.
    pub(super) fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.raw.prepare_cached(self.statements.counted(sql))?;
        self.wrote |= !statement.readonly();
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(params))?;
        let mut copied = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|column| cell(column, row.get_ref(column)?));
            copied.push(Row::of(cells.collect::<rusqlite::Result<_>>()?));
        }
        Ok(copied)
    }

    /// Runs a script of several statements.
    pub(super) fn script(&mut self, sql: &str) -> rusqlite::Result<()> {
        self.wrote = true;
        self.raw.execute_batch(sql)
    }

    /// Copies the whole of the file, as it is at one moment, into another.
    pub(super) fn copy_to(&mut self, path: &str) -> rusqlite::Result<()> {
        self.raw.execute("VACUUM INTO ?1", [path]).map(drop)
    }

    fn step(&mut self, sql: &'static str) -> rusqlite::Result<()> {
        self.raw.prepare_cached(sql)?.raw_execute().map(drop)
    }
}

fn cell(column: usize, value: ValueRef<'_>) -> rusqlite::Result<Cell> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            text.map(|text| Cell::Text(text.to_owned()))
                .map_err(|error| rusqlite::Error::Utf8Error(column, error))
        }
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => {
            Err(rusqlite::Error::InvalidColumnType(column, (column + 1).to_string(), Type::Real))
        }
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match *self {
            Self::Int(number) | Self::MaybeInt(Some(number)) => ValueRef::Integer(number),
            Self::Text(text) | Self::MaybeText(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) | Self::MaybeBytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::MaybeInt(None) | Self::MaybeText(None) | Self::MaybeBytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
