use std::collections::BTreeSet;

use crate::draft::{TextField, TimeField};

/// Which parts of entries are kept in columns.
///
/// Case, kind and the time at which it happened always are, and which rows have a body. What isn't wanted is still
/// read as far as it decides whether an entry is good, so that the rows and the troubles are the same whatever is
/// wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The times and texts.
    pub parts: BTreeSet<Part>,
    /// The facts.
    pub facts: Names,
    /// The fields of bodies.
    pub body: Names,
}

/// An optional time or text of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// When it was sent.
    Sent,
    /// When the receiver had it.
    Received,
    /// When the receiver's receipt came.
    Acknowledged,
    /// When it was written into the log.
    Recorded,
    /// As of when the case asks to be read.
    AsOf,
    /// Its own id.
    Id,
    /// The person it is about.
    Person,
    /// Who sent it.
    From,
    /// Whom it was for.
    To,
}

/// Which of many named things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// Every one.
    All,
    /// Those of these names; a log that has none of a name has no column for it.
    Only(BTreeSet<String>),
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Sent,
        Self::Received,
        Self::Acknowledged,
        Self::Recorded,
        Self::AsOf,
        Self::Id,
        Self::Person,
        Self::From,
        Self::To,
    ];
}

impl Names {
    /// None at all.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Whether this one is among them.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

impl Wanted {
    /// Everything that entries hold.
    pub fn all() -> Self {
        Self { parts: Part::ALL.into(), facts: Names::All, body: Names::All }
    }

    /// No more than case, kind and the time at which it happened.
    pub fn least() -> Self {
        Self { parts: BTreeSet::new(), facts: Names::none(), body: Names::none() }
    }

    pub(crate) fn has_time(&self, field: TimeField) -> bool {
        let part = match field {
            TimeField::At => return true,
            TimeField::Sent => Part::Sent,
            TimeField::Received => Part::Received,
            TimeField::Acknowledged => Part::Acknowledged,
            TimeField::Recorded => Part::Recorded,
            TimeField::AsOf => Part::AsOf,
        };
        self.parts.contains(&part)
    }

    pub(crate) fn has_text(&self, field: TextField) -> bool {
        let part = match field {
            TextField::Id => Part::Id,
            TextField::Person => Part::Person,
            TextField::From => Part::From,
            TextField::To => Part::To,
        };
        self.parts.contains(&part)
    }
}
