//! Log formats: bytes to entries and back.
//!
//! In: JSONL, CSV with a column mapping, XES and OCEL 2.0 JSON, each plain or packed with gzip.
//! Out: JSONL, XES and OCEL 2.0 JSON.
//!
//! Readers are iterators over [`Item`]s. A line or event that can't be understood is a [`ReadTrouble`] with
//! line, column and what to write instead, and reading goes on; only a source that breaks off, a document that
//! isn't one, or a size past [`Limits`] is a [`ReadError`], and ends it.
//!
//! Nothing here opens a file or asks a clock: bytes, zone and limits are arguments.

mod columnar;
mod columns;
mod csv;
mod draft;
mod format;
mod group;
mod gzip;
mod item;
mod json;
mod jsonl;
mod limits;
mod lines;
pub mod messages;
mod ocel;
mod ocel_out;
mod row;
mod times;
mod tracked;
mod written;
mod xes;
mod xes_event;
mod xes_out;
mod xes_tokens;
pub mod xml;

pub use columnar::{ColumnsRead, CsvChunk, CsvPlan, Names, Part, Wanted, read_columns};
pub use columns::{ColumnMap, ColumnMapError, Rest};
pub use csv::CsvReader;
pub use format::{Format, LogReader, OpenedLog, ReadOptions, open_log};
pub use group::{CaseCounts, GroupItem, GroupedLog, Groups, group_all, group_by_trace, group_streaming};
pub use gzip::{Head, MaybeGz, maybe_gz};
pub use item::{Effect, Item, Place, ReadError, ReadTrouble};
pub use jsonl::{JsonlReader, write_jsonl};
pub use limits::Limits;
pub use ocel::OcelReader;
pub use ocel_out::write_ocel;
pub use xes::XesReader;
pub use xes_out::write_xes;
