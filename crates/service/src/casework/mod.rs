//! What people do in a stay: what they may write now, a form for it, what is worth a look before it goes, and what it leads to.
//!
//! ```text
//!   agreement ─┐
//!   log ───────┼─▶ StayView ──▶ offers        what a party may write, what is asked of it first
//!   now ───────┘            ──▶ form          fields, what the agreement wants in them, what is known already
//!   what was typed ─────────▶ typed, moment   values, and instants of local times
//!                           ──▶ plan          entries to send and register, in order; told: what went by telephone in downtime
//!   log before, log after ──▶ consequences    duties, days and findings that it changes
//!                           ──▶ warnings      clause by clause; nothing is ever held back
//! ```
//!
//! All of it is pure. Who carries a plan out, or rehearses it, is the [mailroom](crate::exchange::mailroom).

mod consequences;
mod desk;
mod fields;
mod form;
mod moment;
mod offers;
mod plan;
mod promises;
mod told;
mod typed;
mod view;
mod warnings;
mod words;

pub use consequences::{Consequence, DutyMark, consequences};
pub use desk::{Desk, DeskError};
pub use fields::{TextField, text_fields};
pub use form::{Form, FormField, Given, GivenFrom, Need, Place, Way};
pub use moment::{LocalMoment, MomentError, TwiceChoice, read_day, read_moment};
pub use offers::{Asked, Offer, OfferStanding, offers};
pub use plan::{ActOn, Plan, Step, Writing, acts_on, cancel, correct, plan};
pub use promises::{Promise, Promises};
pub use typed::{Misfit, Typed, read_typed, value_text};
pub use view::StayView;
pub use warnings::{Warning, WarningKind, closing_windows, warnings};
