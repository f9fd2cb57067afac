use jiff::civil::Date;

use super::suggest;

/// A code table: its values at a day, sorted by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub(super) number: u32,
    pub(super) oid: String,
    pub(super) title: String,
    pub(super) as_of: Date,
    pub(super) source: String,
    pub(super) completeness: Completeness,
    pub(super) fields: Vec<String>,
    /// Sorted by value; values are unique.
    pub(super) codes: Vec<Code>,
}

/// Whether all values of a table are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All: a value that isn't here isn't in the table.
    Complete,
    /// Some: nothing can be said of a value that isn't here.
    Partial,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The value, as `@V` writes it.
    pub value: String,
    /// What it is called, in Norwegian.
    pub name: String,
    /// Other names that senders write for it: those of earlier editions.
    pub also: Vec<String>,
    /// The first day it may be used; none if no such day is known.
    pub from: Option<Date>,
    /// When it may no longer be used.
    pub end: End,
}

/// When a code went out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is in use.
    Open,
    /// This is the last day it may be used.
    LastDay(Date),
    /// It has been taken out of the table, and the day isn't known.
    DayUnknown,
}

/// What a table says of a value on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeStatus<'t> {
    /// It may be used that day, the first and the last day included.
    Known(&'t Code),
    /// It has gone out of use: the day is after its last, or it has been withdrawn.
    Ended(&'t Code),
    /// The day is before its first.
    NotYet(&'t Code),
    /// The table doesn't have it.
    Unknown,
    /// It isn't among the values kept, and not all values are.
    TableIncomplete,
}

impl<'t> CodeStatus<'t> {
    /// The code, whether or not it may be used that day.
    pub fn code(self) -> Option<&'t Code> {
        match self {
            Self::Known(code) | Self::Ended(code) | Self::NotYet(code) => Some(code),
            Self::Unknown | Self::TableIncomplete => None,
        }
    }
}

impl Table {
    /// Its number: 9121.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its OID, as `@S` names it.
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// What the table is called, in Norwegian.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The day on which the table was as it is kept here.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Where the values are from, in words.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether all its values are kept.
    pub fn completeness(&self) -> Completeness {
        self.completeness
    }

    /// The elements that take their codes from this table without naming it: `Parent/Element`, or `Element`.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// All codes, sorted by value.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// What the table says of a value, on the day the message was made.
    ///
    /// The value is compared as it stands: `her` or ` HER` isn't `HER`. [`Table::suggest`] finds what was meant.
    pub fn name(&self, value: &str, on: Date) -> CodeStatus<'_> {
        match self.codes.binary_search_by(|code| code.value.as_str().cmp(value)) {
            Ok(index) => self.codes[index].status(on),
            Err(_) if self.completeness == Completeness::Partial => CodeStatus::TableIncomplete,
            Err(_) => CodeStatus::Unknown,
        }
    }

    /// The code that was probably meant by a value that the table doesn't have, with the name that the sender wrote (`@DN`,
    /// or nothing). For showing to a person; never to be put in the place of what was written.
    ///
    /// A value that differs in white space, case or leading zeros comes first, then a name (in the place of the value, or
    /// beside it), then a slip of a letter or two in a long value. Withdrawn codes aren't suggested.
    pub fn suggest(&self, value: &str, name: &str) -> Option<&Code> {
        suggest::nearest(&self.codes, value, name)
    }
}

impl Code {
    /// Whether a text is this code's name, or one of its earlier names. Case, punctuation and white space don't count.
    ///
    /// A code whose `@DN` is the name of another code says two things: worth a look by a person.
    pub fn is_called(&self, text: &str) -> bool {
        suggest::same_words(&self.name, text) || self.also.iter().any(|name| suggest::same_words(name, text))
    }

    fn status(&self, on: Date) -> CodeStatus<'_> {
        if self.from.is_some_and(|from| on < from) {
            return CodeStatus::NotYet(self);
        }
        match self.end {
            End::Open => CodeStatus::Known(self),
            End::LastDay(last) if on <= last => CodeStatus::Known(self),
            End::LastDay(_) | End::DayUnknown => CodeStatus::Ended(self),
        }
    }
}
