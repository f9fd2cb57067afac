use jiff::Timestamp;
use samspill_store::NewAccess;

use super::{About, MACHINE, PersonRegister, look::cut};
use crate::access::{Action, Purpose};

/// That somebody at the node's machine looked at what the log says of persons, or wrote it out. Whoever can work on the store needs no
/// role for it; the access log says that they did.
#[derive(Clone, Copy, Debug)]
pub struct Terminal<'a> {
    /// The name that they have on that machine.
    pub name: &'a str,
    /// The party that the node is run for, whose auditors are to see it; empty where there are several.
    pub party: &'a str,
    /// What was done.
    pub action: Action,
    /// What it was about.
    pub about: About<'a>,
    /// Which list or form. Never a name or an id of a patient.
    pub detail: &'a str,
    /// How many lines were shown.
    pub count: u64,
    /// When.
    pub at: Timestamp,
}

impl Terminal<'_> {
    /// The row of the access log. Persons are named in it where there is a register to key them by: a node without a front door has
    /// none.
    pub fn row(&self, register: Option<&PersonRegister>, node: &str) -> NewAccess {
        let row = NewAccess {
            at: self.at,
            account: MACHINE.to_owned(),
            name: cut(self.name),
            party: cut(self.party),
            action: self.action.as_str().to_owned(),
            purpose: Purpose::Operation.as_str().to_owned(),
            detail: self.detail.replace('\0', ""),
            lines: self.count,
            request: MACHINE.to_owned(),
            node: cut(node),
            ..NewAccess::default()
        };
        self.about.fill(row, register)
    }
}
