use jiff::Timestamp;

use crate::{StoreError, chain::EntryHash};

/// What a statement is given for `$1`, `$2`, …
#[derive(Clone, Copy, Debug)]
pub(crate) enum Param<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// A whole number that may be missing.
    MaybeInt(Option<i64>),
    /// A text that may be missing.
    MaybeText(Option<&'a str>),
    /// Bytes that may be missing.
    MaybeBytes(Option<&'a [u8]>),
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Null,
}

/// A row that a query gave, column by column. Taking a column leaves nothing behind.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    cells: Vec<Cell>,
}

impl Row {
    /// A row of these columns.
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self { cells }
    }

    /// A whole number that can't be missing.
    pub(crate) fn int(&mut self, table: &'static str, column: usize) -> Result<i64, StoreError> {
        match self.take(column) {
            Cell::Int(number) => Ok(number),
            other @ (Cell::Text(_) | Cell::Bytes(_) | Cell::Null) => {
                Err(other.unlike("a whole number", table, column))
            }
        }
    }

    /// A whole number from 0 on.
    pub(crate) fn count(&mut self, table: &'static str, column: usize) -> Result<u64, StoreError> {
        let number = self.int(table, column)?;
        u64::try_from(number).map_err(|_| Cell::Int(number).unlike("a number from 0 on", table, column))
    }

    /// A whole number from 0 on, of 32 bits.
    pub(crate) fn small(&mut self, table: &'static str, column: usize) -> Result<u32, StoreError> {
        let number = self.int(table, column)?;
        u32::try_from(number).map_err(|_| Cell::Int(number).unlike("a number of 32 bits", table, column))
    }

    /// A text that can't be missing.
    pub(crate) fn text(&mut self, table: &'static str, column: usize) -> Result<String, StoreError> {
        match self.take(column) {
            Cell::Text(text) => Ok(text),
            other @ (Cell::Int(_) | Cell::Bytes(_) | Cell::Null) => Err(other.unlike("text", table, column)),
        }
    }

    /// Bytes that can't be missing.
    pub(crate) fn bytes(&mut self, table: &'static str, column: usize) -> Result<Vec<u8>, StoreError> {
        match self.take(column) {
            Cell::Bytes(bytes) => Ok(bytes),
            other @ (Cell::Int(_) | Cell::Text(_) | Cell::Null) => Err(other.unlike("bytes", table, column)),
        }
    }

    /// A hash.
    pub(crate) fn hash(&mut self, table: &'static str, column: usize) -> Result<EntryHash, StoreError> {
        let bytes = self.bytes(table, column)?;
        EntryHash::from_bytes(&bytes).ok_or_else(|| Cell::Bytes(bytes).unlike("32 bytes", table, column))
    }

    /// A whole number that may be missing.
    pub(crate) fn maybe_int(
        &mut self,
        table: &'static str,
        column: usize,
    ) -> Result<Option<i64>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.int(table, column).map(Some) }
    }

    /// A text that may be missing.
    pub(crate) fn maybe_text(
        &mut self,
        table: &'static str,
        column: usize,
    ) -> Result<Option<String>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.text(table, column).map(Some) }
    }

    /// An instant, kept as microseconds since 1970.
    pub(crate) fn instant(&mut self, table: &'static str, column: usize) -> Result<Timestamp, StoreError> {
        let number = self.int(table, column)?;
        Timestamp::from_microsecond(number)
            .map_err(|_| Cell::Int(number).unlike("an instant of the calendar", table, column))
    }

    /// An instant that may be missing.
    pub(crate) fn maybe_instant(
        &mut self,
        table: &'static str,
        column: usize,
    ) -> Result<Option<Timestamp>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.instant(table, column).map(Some) }
    }

    /// A hash that may be missing.
    pub(crate) fn maybe_hash(
        &mut self,
        table: &'static str,
        column: usize,
    ) -> Result<Option<EntryHash>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.hash(table, column).map(Some) }
    }

    fn is_null(&self, column: usize) -> bool {
        self.cells.get(column).is_none_or(|cell| *cell == Cell::Null)
    }

    fn take(&mut self, column: usize) -> Cell {
        self.cells.get_mut(column).map_or(Cell::Null, |cell| std::mem::replace(cell, Cell::Null))
    }

    /// A row of these cells.
    pub(super) fn of(cells: Vec<Cell>) -> Self {
        Self { cells }
    }
}

impl Cell {
    fn unlike(&self, wanted: &str, table: &'static str, column: usize) -> StoreError {
        let found = match self {
            Self::Int(number) => number.to_string(),
            Self::Text(_) => "text".to_owned(),
            Self::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Self::Null => "nothing".to_owned(),
        };
        StoreError::Row { table, says: format!("column {} holds {found} in place of {wanted}", column + 1) }
    }
}
