//! When a party's systems are down: registered, shown beside duties, made up for afterwards, and worked through on paper.
//!
//! ```text
//! register, change ─▶ entries of the party's own case, nedetid:<party>
//!                      │
//!                      ▼
//!                   Periods::of(entries, as of)  ─▶ annotate(evaluation) ─▶ which duties ran in downtime, and how long
//!                      │
//! afterwards ──────────┴─▶ the entry with its true times, and beside it who typed it in, and why
//! forms ─▶ pages to print before and during downtime
//! ```
//!
//! Downtime never changes what the engine found: a breach stays a breach unless the agreement itself says otherwise, in its own
//! rules. What is added here says what stood in the way. All of it is pure; time is an argument.

mod afterwards;
mod desk;
mod duties;
pub mod forms;
mod kinds;
mod lists;
mod parties;
mod periods;
mod practice;
mod refusal_words;
mod registration;
mod words;

pub use afterwards::{AfterwardsFinding, AfterwardsRefusal, Both, Note, Told, Way, Written, afterwards};
pub use desk::{DeskError, DowntimeDesk, KnownDowntime};
pub use duties::{Bearing, DutyDowntime, Side, annotate};
pub use kinds::{DowntimeKind, case_of};
pub use lists::{Beside, RowDowntime};
pub use parties::Parties;
pub use periods::{Period, Periods, Sort, Unread, UnreadWhy};
pub use practice::{Downtime, DowntimeError, Practice, SaysOfDowntime};
pub use registration::{
    Change, ChangeTo, DowntimeFinding, NewPeriod, Refusal, Registered, Setting, change, register,
};
