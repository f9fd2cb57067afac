use std::io::BufRead;

use samspill_base::Columns;

use super::{
    csv_stream::{BLOCK_BYTES, read_csv},
    table::Table,
    wanted::Wanted,
    xes::read_xes,
};
use crate::{
    Format, LogReader, ReadError, ReadOptions, ReadTrouble,
    format::{Opened, open_source},
};

/// A whole log as columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnsRead {
    /// Its entries.
    pub columns: Columns,
    /// What isn't as it should be in it, in the order of the log.
    pub troubles: Vec<ReadTrouble>,
    /// How many cases the log itself said to be complete: in XES its traces, some of which can be empty, or of the same
    /// name. 0 for formats that don't keep the entries of a case together.
    pub cases_ended: u64,
}

/// Reads a whole log into columns: packed or not, of the format in `options` or else of the one that its first bytes
/// look like.
///
/// Rows and troubles are those of [`open_log`](crate::open_log), in the same order; cases and kinds are numbered in the
/// order in which they first appear. Times outside the years 1677 to 2262 become the nearest that fit.
///
/// # Errors
/// The first [`ReadError`] that [`open_log`](crate::open_log) and its reader give; and [`ReadError::TooLarge`] for a
/// log in which some thousands of different facts and fields are wanted, since each costs memory in every row.
///
/// # What rules ask for, and no more
/// ```
/// # use samspill_formats::{Names, ReadOptions, Wanted, read_columns};
/// let table = b"case,kind,at,amount,note\nA,fine,2024-01-01T08:00Z,35.0,x\n";
/// let wanted = Wanted { body: Names::Only(["amount".to_owned()].into()), ..Wanted::least() };
/// let read = read_columns(&table[..], &ReadOptions::new(jiff::tz::TimeZone::UTC), &wanted)?;
/// assert_eq!(read.columns.body.len(), 1);
/// # Ok::<(), samspill_formats::ReadError>(())
/// ```
pub fn read_columns<R: BufRead>(
    reader: R,
    options: &ReadOptions,
    wanted: &Wanted,
) -> Result<ColumnsRead, ReadError> {
    let Opened { input, format } = open_source(reader, options)?;
    match format {
        Format::Csv => read_csv(input, options, wanted, BLOCK_BYTES),
        Format::Xes => read_xes(input, options, wanted),
        Format::Jsonl | Format::Ocel => {
            let mut table = Table::new(wanted);
            LogReader::new(input, format, options).try_for_each(|item| table.push_item(item?))?;
            Ok(table.finish())
        }
    }
}
