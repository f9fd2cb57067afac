//! The short texts of the language: deadlines, conditions, days, amounts of time.
//!
//! Each is read letter by letter with [`winnow`]; an error says where it stopped and what could have stood there.

mod condition;
mod day;
mod deadline;
mod display;
mod error;
mod holiday;
mod tokens;

pub use condition::parse_condition;
pub(crate) use condition::read_condition;
pub(crate) use day::{read_counted_days, read_day};
pub use deadline::parse_deadline;
pub(crate) use deadline::{read_amount, read_deadline};
pub use error::GrammarError;
pub(crate) use holiday::{read_month_day, read_nth, read_on_or_after};
pub(crate) use tokens::is_reserved;

use crate::model::Test;

/// Something read from a short text, and the names in it that must be known.
#[derive(Clone, Debug)]
pub(crate) struct Read<T> {
    pub(crate) value: T,
    pub(crate) uses: Vec<Use>,
}

/// A name in a short text, and the bytes of the text where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) what: Used,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Used {
    Kind(String),
    Phase(String),
    Duty(String),
    Hours(String),
    /// A date or time fact that a deadline counts from.
    DateFact(String),
    FactTest(String, Test),
    FieldTest(String, Test),
    Field(String),
}
