//! Reads a case log against an agreement.
//!
//! ```text
//! evaluate(agreement, case log, as_of) -> Evaluation
//! ```
//!
//! This crate is pure: no clock, no randomness, no files, no threads, no floating numbers, no hash order. The
//! same agreement, log and instant give the same answer, byte for byte, on every machine.
//!
//! How a case is read, in this order (a module each):
//!
//! 1. `case`: which entries are known as of the instant, which are cancelled, in the order of time;
//! 2. `marks`: which entries are void or only repeat another, what windows and contents say about them;
//! 3. `duty`: duties, their limits (`limit`) and how they went;
//! 4. `meter`: days and money;
//! 5. `checklist`: points done and missing.
//!
//! Many cases at once are read by [`program`], and cases that grow, by the million, by [`watch`].
//!
//! Conditions are read by `condition`. What comes out is an [`Evaluation`]; [`explain`] says it in sentences and
//! [`json`] writes it.

mod case;
mod checklist;
mod condition;
mod duties;
mod duty;
mod evaluate;
mod evaluation;
pub mod explain;
mod facts;
pub mod json;
mod liability;
mod limit;
mod marks;
mod meter;
mod online;
mod pairing;
mod phase;
mod price;
pub mod program;
pub mod rows;
mod run;
mod settle;
pub mod summary;
mod trigger;
mod undecided;
mod waiver;
pub mod watch;

pub use case::Dates;
pub use evaluate::{Engine, evaluate};
pub use evaluation::{
    CheckReading, CheckStatus, ChecklistReading, DayReason, DayStatus, Due, DutyReading, DutyStatus,
    EntryRef, Evaluation, Finding, FindingEffect, MeterDay, MeterReading, Missing, PhaseReading, SetAside,
    SetAsideWhy, Step,
};
pub use online::OnlineCase;
pub use settle::{SettledMonth, settle};
