use std::fmt;

/// Why a table can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A column that must be there isn't.
    #[error("the table has no column «{column}»: rename the one that holds it; the table has {available}")]
    NoColumn {
        /// The column.
        column: &'static str,
        /// The columns that are there.
        available: String,
    },
    /// The table has two columns of this name.
    #[error("the table has two columns «{column}»: rename or drop one of them")]
    SameName {
        /// The name.
        column: String,
    },
    /// A column is of a type that it can't be read from.
    #[error("column «{column}» is of type {found}: make it {instead}, or drop it")]
    BadType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// Types that are read.
        instead: &'static str,
    },
    /// The zone that the table's times name isn't known.
    #[error("there is no time zone «{zone}»: write one as Europe/Oslo")]
    Zone {
        /// The zone.
        zone: String,
    },
    /// The versions of an agreement count in different zones, and a column of times has one.
    #[error(
        "the agreement counts in {one} and in {other}, and a table's times have one zone: name one version, or write CSV"
    )]
    Zones {
        /// A zone.
        one: String,
        /// Another.
        other: String,
    },
    /// Arrow refused to put a table together.
    #[error("putting a table together failed: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// A Parquet file couldn't be read or written.
    #[cfg(feature = "parquet")]
    #[error("Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Writing CSV failed.
    #[error("writing CSV failed: {0}")]
    Csv(#[from] csv::Error),
}

/// A row of a log table that can't be an entry, and was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowTrouble {
    /// The number of the row in the table, from 1.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What is wrong and what to do, as a sentence without a full stop.
    pub message: String,
}

impl fmt::Display for RowTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, column «{}»: {}", self.row, self.column, self.message)
    }
}
