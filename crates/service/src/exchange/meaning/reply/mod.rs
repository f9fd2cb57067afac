//! What a municipality's reply seems to say. The reply is free text: this is a suggestion, and a person says what it means.

mod confirm;
mod dates;
mod suggest;
mod tokens;
mod words;

pub use confirm::{Confirmed, Decision, confirm};
pub use suggest::{Answer, Suggestion, Sureness, suggest};
pub(crate) use words::find_any;
