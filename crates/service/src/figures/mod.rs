//! Figures: how duties went, how long patients waited, and what days cost, by party and month.
//!
//! ```text
//!   case log, evaluation ─▶ CaseFacts ─▶ Cube: party × month × outcome, with all its sums ─▶ hide ─▶ what others may see
//!                              ▲
//!   log of the community ─▶ Keeper: reads again what an entry or the time has changed
//! ```
//!
//! A party sees its own figures as they are. Of others it sees whole calendar years, month by month, in which no number of fewer than
//! five stays stands or can be worked out ([`hide`]); of a year that isn't over its finished months and no sums of them, so that one
//! month's page less another's tells nothing either ([`hide_in_steps`]). Sums are cells of the same cube as what they are sums of, and
//! there is no other way to cut it: so two tables can't be held against each other. What an entry that comes late adds to a month that
//! was shown is not hidden.

mod cube;
mod facts;
mod hide;
mod keeper;
mod month;
mod quartiles;
mod tables;

pub use cube::{Cell, Cube, Whole};
pub use facts::{CaseFacts, DayFact, DutyFact, HomeFact, Outcome, Who};
pub use hide::{Hidden, PERSONS_MIN, hide, hide_in_steps, rounded};
pub use keeper::{Keeper, Kept};
pub use month::Month;
pub use quartiles::Quartiles;
pub use tables::{By, Range, days, duties, duty_names, homes, meter_names, parties, waits};
