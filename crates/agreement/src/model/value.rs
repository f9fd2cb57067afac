use jiff::civil::Date;
use samspill_base::{ClauseRef, Ore};

use super::{Place, Text, ValueId};

/// A value that changes by date: a daily rate, an interest rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedValue {
    /// Its id.
    pub id: ValueId,
    /// What people call it.
    pub name: Text,
    /// Its unit, in words: `NOK per day`, `percent per year`.
    pub unit: String,
    /// Where it is set.
    pub clause: ClauseRef,
    /// Sorted by date. Between two, the earlier holds.
    pub amounts: Vec<DatedAmount>,
    /// Where it stands.
    pub place: Place,
}

/// A value from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedAmount {
    /// From and including this day.
    pub from: Date,
    /// Not from this day on, if it says so; otherwise until the next.
    pub until: Option<Date>,
    /// The value in hundredths of its unit (øre; hundredths of a per cent).
    pub amount: Ore,
    /// Where it is set.
    pub source: String,
    /// Whether it may be used.
    pub certainty: Certainty,
}

/// Whether a value may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Yes.
    Certain,
    /// No: somebody must confirm it first.
    Uncertain,
}

impl DatedValue {
    /// The value on this day, if there is one; it may be uncertain.
    pub fn on(&self, day: Date) -> Option<&DatedAmount> {
        let begun = self.amounts.iter().rev().find(|amount| amount.from <= day)?;
        begun.until.is_none_or(|until| day < until).then_some(begun)
    }
}
