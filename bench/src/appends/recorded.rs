//! What a store wrote, append by append, so that a bare loop can write the same.

use std::{collections::BTreeMap, path::Path};

use rusqlite::Connection;
use samspill_store::{Append, Store};

use super::{Derived, bare, log, opened, projections};
use crate::Trouble;

/// What one append wrote.
#[derive(Clone, Debug)]
pub struct Written {
    /// The row of the log.
    pub log: LogRow,
    /// Rows of projections.
    pub rows: Vec<DerivedRow>,
}

/// A row of the log, by its columns.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "they are the columns of the store's table")]
pub struct LogRow {
    pub position: i64,
    pub append_key: String,
    pub case_name: String,
    pub kind: String,
    pub recorded_us: i64,
    pub entry: Vec<u8>,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

/// A row of a projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedRow {
    /// The projection.
    pub name: String,
    /// The row's key.
    pub key: String,
    /// What it holds; nothing where the row went.
    pub json: Option<String>,
}

impl Written {
    /// Bytes of all that it wrote.
    pub fn bytes(&self) -> usize {
        let rows = self.rows.iter().map(|row| row.json.as_ref().map_or(0, String::len));
        self.log.entry.len() + rows.sum::<usize>()
    }
}

/// The names of the projections.
pub fn names() -> Result<Vec<String>, Trouble> {
    Ok(projections()?.all().iter().map(|one| one.name().to_owned()).collect())
}

/// What appends write in a file that is opened for them already.
pub async fn recorded(path: &Path, appends: &[Append], derived: Derived) -> Result<Vec<Written>, Trouble> {
    let store = opened(path, derived).await?;
    let names = if derived == Derived::Kept { names()? } else { Vec::new() };
    let head = store.head(&log(0)?).await?.position;
    let mut changes = Vec::new();
    for append in appends {
        let case = &append.entries[0].case;
        let before = rows_of(&store, &names, case).await?;
        store.append(&log(0)?, append).await?;
        changes.push(changed(&before, &rows_of(&store, &names, case).await?));
    }
    store.close().await;
    let log = log_rows(path, i64::try_from(head.0)?)?;
    Ok(log.into_iter().zip(changes).map(|(log, rows)| Written { log, rows }).collect())
}

type Rows = BTreeMap<(String, String), String>;

async fn rows_of(store: &Store, names: &[String], case: &str) -> Result<Rows, Trouble> {
    let mut all = Rows::new();
    for name in names {
        let rows = store.projected(&log(0)?, name, case).await?;
        all.extend(rows.into_iter().map(|(key, json)| ((name.clone(), key), json)));
    }
    Ok(all)
}

fn changed(before: &Rows, after: &Rows) -> Vec<DerivedRow> {
    let row =
        |(name, key): &(String, String), json| DerivedRow { name: name.clone(), key: key.clone(), json };
    let set = after.iter().filter(|(at, json)| before.get(*at) != Some(json));
    let set = set.map(|(at, json)| row(at, Some(json.clone())));
    let gone = before.keys().filter(|at| !after.contains_key(*at)).map(|at| row(at, None));
    set.chain(gone).collect()
}

fn log_rows(path: &Path, after: i64) -> Result<Vec<LogRow>, Trouble> {
    let connection = bare::connected(path)?;
    let mut query = connection.prepare(
        "SELECT position, append_key, case_name, kind, recorded_us, entry, previous, hash \
         FROM log WHERE position > ?1 ORDER BY position",
    )?;
    let rows = query.query_map([after], |row| {
        Ok(LogRow {
            position: row.get(0)?,
            append_key: row.get(1)?,
            case_name: row.get(2)?,
            kind: row.get(3)?,
            recorded_us: row.get(4)?,
            entry: row.get(5)?,
            previous: row.get(6)?,
            hash: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All that a file holds: the hash at the end of its log, which covers every entry, and the rows of projections.
pub fn held(path: &Path) -> Result<Vec<u8>, Trouble> {
    let connection = bare::connected(path)?;
    let end = "SELECT hash FROM log ORDER BY position DESC LIMIT 1";
    let mut held: Vec<u8> = connection.query_row(end, [], |row| row.get(0))?;
    held.extend(derived_rows(&connection)?);
    Ok(held)
}

fn derived_rows(connection: &Connection) -> Result<Vec<u8>, Trouble> {
    let mut query = connection.prepare(
        "SELECT name || ' ' || case_name || ' ' || row_key || ' ' || row_json || '\n' \
         FROM projection_row ORDER BY name, case_name, row_key",
    )?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<Vec<String>, _>>()?.concat().into_bytes())
}
