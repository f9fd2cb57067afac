//! What everything in Samspill shares: log entries, values, money, clauses and calendars.
//!
//! This crate is pure. It knows no clock, no file and no agreement; numbers that stand in a law or an
//! agreement (which days are holidays, which hours are open) come in as arguments.

pub mod calendar;
mod clause;
pub mod columns;
mod entry;
mod moment;
mod money;
mod value;

pub use clause::ClauseRef;
pub use columns::Columns;
pub use entry::{CaseLog, Entry, Position};
pub use moment::{Clock, LocalTimeError, format_instant, local_instant, parse_instant};
pub use money::Ore;
pub use value::{Decimal, Value};
