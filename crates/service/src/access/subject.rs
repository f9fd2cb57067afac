use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Role;

/// Who asks: an account in one of its roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The account's id.
    pub account: String,
    /// The name of the person, or of the system.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The party, as the address book calls it.
    pub party: String,
    /// The units of the party; empty for all of it.
    pub units: BTreeSet<String>,
    /// What it is.
    pub means: Means,
    /// What the person took on themselves, and that runs.
    pub grants: Vec<SelfGrant>,
}

/// What asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A person in a session.
    Person,
    /// Another system, by a token.
    Machine,
}

/// Access to one stay that a person took on themselves, with a reason ("selvautorisering").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfGrant {
    /// The stay.
    pub case: String,
    /// Up to and including this instant.
    pub until: Timestamp,
}
