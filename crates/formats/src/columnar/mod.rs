//! Logs read at once into columns.
//!
//! The readers that give [`Item`](crate::Item)s define what a log says. Those here give the same, as
//! [`Columns`], and faster: they recognise what is written in the plain way that nearly all of a log is written in,
//! and hand everything else to those readers.

mod csv_merge;
mod csv_plan;
mod csv_rows;
mod csv_stream;
mod dictionary;
mod fields;
mod instants;
mod marks;
mod read;
mod table;
mod wanted;
mod xes;
mod xes_keys;

#[cfg(test)]
mod agreement;

pub use csv_merge::CsvChunk;
pub use csv_plan::CsvPlan;
pub use read::{ColumnsRead, read_columns};
pub use wanted::{Names, Part, Wanted};
