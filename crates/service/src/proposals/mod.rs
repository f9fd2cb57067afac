//! Proposals to change an agreement: written as files, checked as a whole, and tried on the log.
//!
//! ```text
//!   files of a version ─▶ Proposal: the same files, edited ─▶ check ─▶ diagnostics beside their lines
//!                                                               │
//!                                                               ▼
//!                     log of a party or of all ───────────▶ Trial: each case before and after
//! ```
//!
//! A proposal is in force nowhere until the parties decide so and put it on the shelf.

mod beside;
mod check;
mod proposal;
mod trial;

pub use beside::{Remark, TextLine, beside};
pub use check::{Checked, ProposalError, check, check_fields, sources_of};
pub use proposal::{Proposal, short_name};
pub use trial::{DutyChange, MeterChange, Sides, Total, Trial};
