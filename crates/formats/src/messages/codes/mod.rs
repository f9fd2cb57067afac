//! Code tables ("kodeverk") as dated data: which values a table has, what they are called and when they may be used.
//!
//! The tables stand in the folder `codes/`, one file each, and are read once. A table that isn't there, or a value that a
//! table doesn't have, is nothing wrong with the message: HIS 80415:2012 says that an invalid code is no ground for
//! refusing it. What is told about it, and how loudly, is for the caller.
//!
//! # From a coded value to what it means
//!
//! ```
//! use jiff::civil::date;
//! use samspill_formats::messages::codes::{self, CodeStatus};
//!
//! let table = codes::table_by_oid("2.16.578.1.12.4.1.1.9121").expect("the table of events is kept");
//! let CodeStatus::Known(code) = table.name("3", date(2026, 3, 1)) else { panic!("3 is a code") };
//! assert_eq!(code.name, "Pasient utskrivningsklar");
//! assert_eq!(table.name("33", date(2026, 3, 1)), CodeStatus::Unknown);
//! ```

mod file;
mod library;
mod suggest;
mod table;

pub use file::CodeFileError;
pub use library::{NotKept, not_kept, table_by_number, table_by_oid, table_of_field, tables};
pub use table::{Code, CodeStatus, Completeness, End, Table};
