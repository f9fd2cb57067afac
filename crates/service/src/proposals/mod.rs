//! Proposals to change an agreement: written as files, checked as a whole, and tried on the log.
//!
//! ```text
//!   files of a version ─▶ Proposal: the same files, edited ─▶ check ─▶ diagnostics beside their lines
//!                                                               │
//!                                                               ▼
//!                     log of a party or of all ───────────▶ Trial: each case before and after
//! ```
//!
//! Numbers of stays between others are rounded, those of few are hidden, and a proposal that asks about other stays than the agreement does
//! is tried on the reader's own alone ([`selects_the_same`]): else it would be a question about one patient.
//!
//! A proposal is in force nowhere until the parties decide so and put it on the shelf.

mod beside;
mod check;
mod proposal;
mod selects;
mod tally;
mod trial;

pub use beside::{Remark, TextLine, beside};
pub use check::{Checked, ProposalError, check, sources_of};
pub use proposal::Proposal;
use proposal::short_name;
pub use selects::selects_the_same;
pub use tally::{DutyChange, MeterChange, Sides, Tally, Total};
pub use trial::{Trial, Whose};
