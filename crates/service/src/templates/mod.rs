//! Templates: texts that a party's people begin their messages with.
//!
//! A template is a party's own, and no other party sees it. Whoever may change one is asked by the [policy](crate::access); that it was
//! changed is written into the access log in the same transaction. Nothing in it is about a patient: what looks like the number of a
//! person is refused.

mod check;
mod keeper;

pub use check::{NAME_LETTERS_MAX, TEXT_LETTERS_MAX, TextFault, check_name, check_text, holds_person_number};
pub use keeper::{Kept, TEMPLATES_MAX, TemplateKeeper, TemplateText};
pub use samspill_store::TemplateRow;
