//! The bare loop: it writes the rows that a store wrote, with the same statements, over one connection, and nothing else. It looks
//! nothing up, computes nothing and hashes nothing.

use std::path::Path;

use sqlx::{
    Connection, Sqlite, SqliteConnection, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::recorded::{LogRow, Written};
use crate::Trouble;

/// The log of the first client.
const COMMUNITY: &str = "logg-0";

/// As the store adds an entry.
pub const ADD: &str = "INSERT INTO log \
    (community, position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// As the store writes a row of a projection.
pub const SET_ROW: &str = "INSERT INTO projection_row (community, name, case_name, row_key, row_json) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (community, name, case_name, row_key) DO UPDATE SET row_json = excluded.row_json";

/// As the store removes one.
pub const DROP_ROW: &str = "DELETE FROM projection_row \
    WHERE community = $1 AND name = $2 AND case_name = $3 AND row_key = $4";

/// As the store says how far its projections have come.
pub const MOVE: &str =
    "UPDATE projection SET position = $2 WHERE community = $1 AND name IN ($3, $4, $5, $6)";

/// Opens a file as the store does.
pub async fn connected(path: &Path) -> Result<SqliteConnection, Trouble> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("recursive_triggers", "ON");
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Writes what one append wrote, and commits it.
pub async fn write(
    connection: &mut SqliteConnection,
    written: &Written,
    names: &[String],
) -> Result<(), Trouble> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let LogRow { position, append_key, case_name, kind, recorded_us, entry, previous, hash } = &written.log;
    let add = sqlx::query(ADD).bind(COMMUNITY).bind(position).bind(append_key).bind(1).bind(1);
    let add = add.bind(case_name).bind(kind).bind(recorded_us).bind(entry).bind(previous).bind(hash);
    add.execute(&mut *tx).await?;
    for row in &written.rows {
        let query = sqlx::query(if row.json.is_some() { SET_ROW } else { DROP_ROW });
        let query = query.bind(COMMUNITY).bind(&row.name).bind(case_name).bind(&row.key);
        let query = match &row.json {
            Some(json) => query.bind(json),
            None => query,
        };
        query.execute(&mut *tx).await?;
    }
    move_on(&mut tx, *position, names).await?;
    tx.commit().await?;
    Ok(())
}

async fn move_on(tx: &mut Transaction<'_, Sqlite>, position: i64, names: &[String]) -> Result<(), Trouble> {
    let Some(last) = names.last() else { return Ok(()) };
    let mut query = sqlx::query(MOVE).bind(COMMUNITY).bind(position);
    for place in 0..4 {
        query = query.bind(names.get(place).unwrap_or(last));
    }
    query.execute(&mut **tx).await?;
    Ok(())
}
