//! Notices by e-mail: what people chose, what there is to tell them, and that nobody is told twice.
//!
//! ```text
//!   choose ─▶ asked ─▶ a link is sent ─▶ sent ─▶ confirm, by the same account ─▶ on ─▶ refused, where nobody takes it
//!
//!   open stays ─▶ Watch::news_of ─▶ not at night, unless it must ─▶ claim ─▶ Letter ─▶ sent ─▶ told
//!   (by policy)     own duties          Quiet                        │ a row each        └─▶ release, where it wasn't
//!                                                                    └ one node alone
//! ```
//!
//! A letter says how many and when, and where to log in: nothing of a patient, a stay or a unit. It is made of numbers, so that there is
//! nothing else in it that could be.
//!
//! What a claim has no end of, as the node stopped between sending and marking, is sent once more and never a third time.

mod choice;
mod error;
mod keeper;
mod letter;
mod links;
mod news;
mod quiet;
mod telling;

pub use choice::{BEFORE_MINUTES, Choice, NoticeKind, NoticeState, Scope};
pub use error::NoticeError;
pub use keeper::{Doing, Kept, Notices};
pub use letter::Letter;
pub use links::{LINK_LASTS, LINK_PAUSE};
pub use news::{News, Watch};
pub use quiet::Quiet;
pub use telling::{CLAIM_LASTS, Tries};
