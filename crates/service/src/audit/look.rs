use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::NewAccess;

use super::{Happened, PersonRegister};
use crate::access::{Action, Decision, Purpose, Subject};

/// That somebody looked at something, wrote something, or was refused it.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Who.
    pub by: &'a Subject,
    /// What was done, or was to be.
    pub action: Action,
    /// What for.
    pub purpose: Purpose,
    /// What the policy said.
    pub decision: Decision,
    /// What it was about.
    pub about: About<'a>,
    /// What else is to be known. Never a name or an id of a patient.
    pub detail: &'a str,
    /// How many lines were shown.
    pub count: u64,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What was looked at.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// A stay, and whom it is about, as far as the log says.
    Stay {
        /// The stay.
        case: &'a str,
        /// The persons, as the log calls them.
        persons: &'a BTreeSet<String>,
    },
    /// A list of stays.
    List,
    /// A message.
    Message {
        /// Its number.
        number: u64,
        /// Its stay, if it has one.
        case: Option<&'a str>,
        /// The persons, as the log calls them.
        persons: &'a BTreeSet<String>,
    },
    /// What belongs to a party.
    Party(&'a str),
    /// A person, as the log calls them.
    Person(&'a str),
    /// What belongs to all.
    Community,
}

impl Look<'_> {
    pub(super) fn row(&self, register: &PersonRegister, node: &str) -> NewAccess {
        let by = self.by;
        let units: Vec<&str> = by.units.iter().map(String::as_str).collect();
        let row = NewAccess {
            at: self.at,
            account: by.account.clone(),
            name: by.name.clone(),
            role: by.role.as_str().to_owned(),
            party: by.party.clone(),
            unit: cut(&units.join(", ")),
            action: self.action.as_str().to_owned(),
            purpose: self.purpose.as_str().to_owned(),
            rule: self.decision.rule.as_str().to_owned(),
            is_refused: !self.decision.is_allowed,
            detail: self.detail.to_owned(),
            lines: self.count,
            request: cut(self.request),
            node: cut(node),
            ..NewAccess::default()
        };
        self.about.fill(row, Some(register))
    }
}

impl About<'_> {
    /// Persons are named where there is a register to key them by.
    pub(super) fn fill(self, row: NewAccess, register: Option<&PersonRegister>) -> NewAccess {
        let key = |id: &String| register.map(|register| register.key_of(id));
        let first = |persons: &BTreeSet<String>| persons.first().and_then(key);
        let kind = self.slug().to_owned();
        match self {
            Self::Stay { case, persons } => {
                NewAccess { kind, case: Some(case.to_owned()), person: first(persons), ..row }
            }
            Self::Message { number, case, persons } => NewAccess {
                kind,
                case: case.map(str::to_owned),
                person: first(persons),
                detail: format!("{number} {}", row.detail).trim().to_owned(),
                ..row
            },
            Self::Party(party) => {
                NewAccess { kind, detail: format!("{party} {}", row.detail).trim().to_owned(), ..row }
            }
            Self::Person(id) => {
                NewAccess { kind, person: register.map(|register| register.key_of(id)), ..row }
            }
            Self::List | Self::Community => NewAccess { kind, ..row },
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::Stay { .. } => "opphold",
            Self::List => "liste",
            Self::Message { .. } => "melding",
            Self::Party(_) => "part",
            Self::Person(_) => "person",
            Self::Community => "felles",
        }
    }
}

/// What happens before somebody has a role, or to accounts.
#[derive(Clone, Copy, Debug)]
pub struct Happening<'a> {
    /// The account, if there is one.
    pub account: &'a str,
    /// The name of the account; empty where a login was tried that nobody has.
    pub name: &'a str,
    /// What.
    pub what: Happened,
    /// What else is to be known, such as why a login was refused. Never a password, and no login that nobody has: people type their
    /// passwords there.
    pub detail: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub at: Timestamp,
}

impl Happening<'_> {
    pub(crate) fn row(&self, node: &str) -> NewAccess {
        NewAccess {
            at: self.at,
            account: cut(self.account),
            name: self.name.to_owned(),
            action: self.what.as_str().to_owned(),
            kind: "konto".to_owned(),
            purpose: "drift".to_owned(),
            is_refused: self.what == Happened::LoginRefused,
            detail: self.detail.to_owned(),
            request: cut(self.request),
            node: cut(node),
            ..NewAccess::default()
        }
    }
}

/// Bytes of a short text at the most, as the store takes them.
const BYTES_MAX: usize = 1000;

/// A text that the store takes: a look is never refused for a name that is too long.
pub(super) fn cut(text: &str) -> String {
    let mut end = text.len().min(BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_letters_at_1000_bytes() {
        assert_eq!(cut(&"a".repeat(1000)).len(), 1000);
        assert_eq!(cut(&"a".repeat(1001)).len(), 1000);
        assert_eq!(cut(&format!("a{}", "å".repeat(500))).len(), 999);
        assert_eq!(cut("a\0b"), "ab");
    }
}
