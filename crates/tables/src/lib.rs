//! Logs and reports as Arrow tables, and as Parquet files.
//!
//! ```text
//! record batches ── LogTable ──▶ Columns ── engine ──▶ Evaluation ── ReportTable ──▶ record batches ── write_csv ──▶ CSV
//! ```
//!
//! A log table has the columns that a log in CSV has: `case`, `kind`, `at`, the other times and texts of an entry,
//! `fact:NAME` and `body:NAME`. Besides, `position` is the place of the entry in its log, and `facts` and `body` hold
//! JSON. A report table has the columns of `samspill check --format csv` with types, and three that CSV leaves out; see
//! [`report_schema`].
//!
//! Texts of all Arrow's layouts are read where they lie. What the engine needs is written into [`samspill_base::Columns`]:
//! a number for each text, nanoseconds for each time.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "Arrow has types that no log or report has, and gets more: all but those that are read are refused"
)]

mod cases;
mod error;
#[cfg(feature = "parquet")]
pub mod file;
mod log;
mod log_out;
mod places;
mod report;
mod report_csv;
mod shape;
mod text;
mod time;
mod value;

pub use cases::{Cases, TableCase};
pub use error::{RowTrouble, TableError};
pub use log::LogTable;
pub use log_out::LogRows;
pub use report::{Fineness, ReportTable, report_schema, zone_name};
pub use report_csv::write_csv;
pub use shape::Shape;
pub use text::same_text;
