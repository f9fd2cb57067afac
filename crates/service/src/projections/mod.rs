//! What is derived from the log of a case and kept beside it: duties, findings, days, and what a search finds.
//!
//! ```text
//!   append ──▶ the case's entries ──▶ one evaluation ──┬──▶ case-…    duties, findings, meters: three rows a case
//!              (same transaction)                      ├──▶ open-…    a row for each case that isn't settled: boards, lists
//!                                                      └──▶ search-…  a row for each case: what people type
//! ```
//!
//! The rows are a pure function of a case's entries and of agreement files. The function stands in the names of the projections,
//! as a digest of all the text that was read: other agreement files are other projections, made from the log when the store is
//! opened, and two programs with different files on one database don't disturb each other. [`SCHEMA`] is the version.
//!
//! # Time
//!
//! Rows know no "now". They are read as of the last instant at which anything in the case was recorded (or as of the instant that
//! the case itself gives), and each says how far that reading carries ([`Span`]):
//!
//! - A duty that is neither done nor closed is open until its limit and missed after it: [`DutyRow::at`] says so without evaluating.
//! - What else comes by time alone ends the span: an entry whose time has not come (it happens, or is received, later than it was
//!   recorded), an opening of hours that an entry waits for, the next period of a duty that comes back. From then on
//!   the row says [`StatusAt::ReadAnew`], and so it does before its own reading: the past is asked of the log.
//! - Findings and days have a shorter span: it also ends at the next limit of an undone duty, on which liability can hang, and at the
//!   next midnight while days can still be added.
//!
//! Whoever reads through [`Board`] gets rows as of any instant: what the kept rows don't carry, it reads anew from the log, by the same
//! function. [`Board::changing`] names the cases that change by time alone before an instant.

mod agreements;
mod board;
mod derive;
mod kept;
mod moments;
mod persons;
mod rows;
mod select;

pub(crate) use agreements::names_other;
pub use agreements::{Agreements, AgreementsError};
pub use board::{Board, BoardError, CaseRows, PayerTotal};
pub use derive::CaseReading;
pub use kept::{Projections, SCHEMA};
pub use moments::Span;
pub use persons::persons_of;
pub use rows::{
    Course, DayRow, DueRow, DutyRow, EntryRow, FindingRow, MeterRow, MeterSum, PhaseRow, PositionRun,
    SearchRow, StatusAt, StayRow, duty_key,
};
pub use select::{DutyFilter, Page, Paging, Standing};
