//! People as JSON, exactly: rows of tables, cell by cell.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::people::{Cell, Cells, TABLES, Table};

/// A line of a community's people.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PeopleLine {
    /// They begin.
    Begin(PeopleBegin),
    /// A row of a table.
    Row(RowLine),
    /// They end: how many rows there were of each table.
    End(Vec<(String, u64)>),
}

/// The people of a community begin.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeopleBegin {
    pub(super) community: String,
}

/// A row of a table, without its community; bytes in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowLine {
    pub(super) table: String,
    cells: Vec<Value>,
}

/// How many rows were seen of each table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counted([u64; TABLES.len()]);

impl Default for Counted {
    fn default() -> Self {
        Self([0; TABLES.len()])
    }
}

impl Counted {
    pub(super) fn add(&mut self, table: &Table) {
        let counts = TABLES.iter().zip(&mut self.0);
        counts.filter(|(one, _)| one.name == table.name).for_each(|(_, count)| *count += 1);
    }

    /// Whether an end says the same. One of before a table was there says nothing of it.
    pub(super) fn is(&self, end: &[(String, u64)]) -> bool {
        let some = |counts: &[(String, u64)]| -> BTreeSet<(String, u64)> {
            counts.iter().filter(|(_, count)| *count > 0).cloned().collect()
        };
        some(end) == some(&self.end())
    }

    pub(super) fn end(&self) -> Vec<(String, u64)> {
        TABLES.iter().zip(self.0).map(|(table, count)| (table.name.to_owned(), count)).collect()
    }
}

impl RowLine {
    pub(super) fn of(table: &Table, cells: Cells) -> Self {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => Value::String(text),
            Cell::MaybeText(text) => text.map_or(Value::Null, Value::String),
            Cell::Int(number) => Value::from(number),
            Cell::MaybeInt(number) => number.map_or(Value::Null, Value::from),
            Cell::Bytes(bytes) => Value::String(STANDARD.encode(bytes)),
        });
        Self { table: table.name.to_owned(), cells: cells.collect() }
    }

    /// The table, and the row as it is to be written there.
    pub(super) fn read(&self) -> Result<(&'static Table, Cells), String> {
        let table = Table::called(&self.table).ok_or_else(|| format!("there is no table {}", self.table))?;
        if self.cells.len() != table.kinds.len() {
            return Err(format!("a row of {} has {} cells", table.name, table.kinds.len()));
        }
        let cells = self.cells.iter().zip(table.kinds.chars()).map(|(value, kind)| cell(kind, value));
        let cells: Option<Cells> = cells.collect();
        Ok((table, cells.ok_or_else(|| format!("a cell of {} is not of its kind", table.name))?))
    }
}

fn cell(kind: char, value: &Value) -> Option<Cell> {
    let text = || value.as_str().filter(|text| !text.contains('\0')).map(str::to_owned);
    match kind {
        'T' => text().map(Cell::Text),
        't' if value.is_null() => Some(Cell::MaybeText(None)),
        't' => text().map(|text| Cell::MaybeText(Some(text))),
        'I' => value.as_i64().map(Cell::Int),
        'i' if value.is_null() => Some(Cell::MaybeInt(None)),
        'i' => value.as_i64().map(|number| Cell::MaybeInt(Some(number))),
        _ => STANDARD.decode(value.as_str()?).ok().map(Cell::Bytes),
    }
}
