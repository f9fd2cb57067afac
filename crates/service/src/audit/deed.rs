use jiff::Timestamp;
use samspill_store::NewAccess;

use super::{Audit, Happened, look::cut};
use crate::access::{Purpose, Subject};

/// Who did something, where it wasn't done to a stay.
#[derive(Clone, Copy, Debug)]
pub enum Doer<'a> {
    /// Somebody at the pages, in a role.
    Subject(&'a Subject),
    /// Somebody at the node's machine, by the name that they have there. Whoever can work on the store needs no role.
    Machine(&'a str),
}

/// What stands in the place of an account where something was done at the node's machine.
pub const MACHINE: &str = "kommandolinje";

/// That somebody changed accounts, tokens, keys or templates.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// Who.
    pub by: Doer<'a>,
    /// What.
    pub what: Happened,
    /// Whose auditors are to see it, where it was done at the node's machine: the party that it concerns, or empty. What a subject
    /// does is for those of its own party.
    pub party: &'a str,
    /// Whose account, or which template, and what became of it. Never a secret.
    pub detail: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub at: Timestamp,
}

impl Audit {
    /// What this program is called in the rows that it writes.
    pub fn node(&self) -> &str {
        &self.node
    }
}

impl Deed<'_> {
    /// The row of the access log.
    pub fn row(&self, node: &str) -> NewAccess {
        let row = NewAccess {
            at: self.at,
            party: cut(self.party),
            action: self.what.as_str().to_owned(),
            kind: "konto".to_owned(),
            purpose: Purpose::Operation.as_str().to_owned(),
            detail: self.detail.replace('\0', ""),
            lines: 1,
            request: cut(self.request),
            node: cut(node),
            ..NewAccess::default()
        };
        match self.by {
            Doer::Subject(by) => NewAccess {
                account: by.account.clone(),
                name: by.name.clone(),
                role: by.role.as_str().to_owned(),
                party: by.party.clone(),
                ..row
            },
            Doer::Machine(name) => NewAccess { account: MACHINE.to_owned(), name: cut(name), ..row },
        }
    }
}
