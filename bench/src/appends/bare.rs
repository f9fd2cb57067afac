//! The bare loop: it writes the rows that a store wrote, with the same statements, over one connection, and nothing else. It looks
//! nothing up, computes nothing and hashes nothing.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::recorded::{LogRow, Written};
use crate::Trouble;

/// The log of the first client.
const COMMUNITY: &str = "logg-0";

/// As the store adds an entry.
pub const ADD: &str = "INSERT INTO log \
    (community, position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// As the store writes a row of a projection.
pub const SET_ROW: &str = "INSERT INTO projection_row (community, name, case_name, row_key, row_json) VALUES (?1, ?2, ?3, ?4, ?5) \
    ON CONFLICT (community, name, case_name, row_key) DO UPDATE SET row_json = excluded.row_json";

/// As the store removes one.
pub const DROP_ROW: &str = "DELETE FROM projection_row \
    WHERE community = ?1 AND name = ?2 AND case_name = ?3 AND row_key = ?4";

/// As the store says how far its projections have come.
pub const MOVE: &str =
    "UPDATE projection SET position = ?2 WHERE community = ?1 AND name IN (?3, ?4, ?5, ?6)";

/// Opens a file as the store does.
pub fn connected(path: &Path) -> Result<Connection, Trouble> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON",
    )?;
    Ok(connection)
}

/// Writes what one append wrote, and commits it.
pub fn write(connection: &mut Connection, written: &Written, names: &[String]) -> Result<(), Trouble> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let LogRow { position, append_key, case_name, kind, recorded_us, entry, previous, hash } = &written.log;
    let mut add = tx.prepare_cached(ADD)?;
    add.execute(params![
        COMMUNITY,
        position,
        append_key,
        1,
        1,
        case_name,
        kind,
        recorded_us,
        entry,
        previous,
        hash
    ])?;
    drop(add);
    for row in &written.rows {
        match &row.json {
            Some(json) => {
                tx.prepare_cached(SET_ROW)?.execute(params![COMMUNITY, row.name, case_name, row.key, json])?
            }
            None => tx.prepare_cached(DROP_ROW)?.execute(params![COMMUNITY, row.name, case_name, row.key])?,
        };
    }
    move_on(&tx, *position, names)?;
    tx.commit()?;
    Ok(())
}

fn move_on(tx: &Transaction<'_>, position: i64, names: &[String]) -> Result<(), Trouble> {
    let Some(last) = names.last() else { return Ok(()) };
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|place| names.get(place).unwrap_or(last));
    tx.prepare_cached(MOVE)?.execute(params![COMMUNITY, position, first, second, third, fourth])?;
    Ok(())
}
