//! Who the parties of a case are, by the role that the agreement gives them.

use std::collections::{BTreeMap, BTreeSet};

use samspill_agreement::model::{PartyId, Version};
use samspill_base::{CaseLog, Position};

use super::periods::Period;
use crate::{access::Involvement, exchange::meaning::AddressBook};

/// The parties of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    by_role: BTreeMap<PartyId, BTreeSet<Named>>,
    by_entry: BTreeMap<Position, (Option<Named>, Option<Named>)>,
}

/// A party as the log names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    /// What the address book calls it; as the log does, where the book doesn't know it.
    pub(super) party: String,
    /// The unit, where the log names one and not the party.
    pub(super) unit: Option<String>,
}

impl Parties {
    /// The parties that the entries of a case name. Whose role it is, the kinds of entry say that only one role sends, or gets.
    pub fn of(log: &CaseLog, version: &Version, book: &AddressBook) -> Self {
        let mut parties = Self::default();
        for entry in &log.entries {
            let ends = (named(entry.from.as_deref(), book), named(entry.to.as_deref(), book));
            if let Some(kind) = version.kind_called(&entry.kind) {
                parties.put(&kind.from, ends.0.clone());
                parties.put(&kind.to, ends.1.clone());
            }
            parties.by_entry.insert(entry.position, ends);
        }
        parties
    }

    /// The names of those who have a role in the case, in order.
    pub fn in_role(&self, role: &PartyId) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.by_role.get(role).into_iter().flatten().map(|named| named.party.as_str()).collect();
        names.dedup();
        names
    }

    /// Whether a party, as the address book calls it, has any role in the case.
    pub fn has(&self, party: &str) -> bool {
        self.by_role.values().flatten().any(|named| named.party == party)
    }

    /// Those who have a role, as seen from an entry: its sender or receiver, where that is who has it; otherwise all in the case.
    pub(super) fn seen_from(&self, entry: Position, role: &PartyId) -> Vec<&Named> {
        let all: Vec<&Named> = self.by_role.get(role).into_iter().flatten().collect();
        let (from, to) =
            self.by_entry.get(&entry).map_or((None, None), |(from, to)| (from.as_ref(), to.as_ref()));
        let ends: Vec<&Named> = from.into_iter().chain(to).filter(|end| all.contains(end)).collect();
        if ends.is_empty() { all } else { ends }
    }

    fn put(&mut self, roles: &[PartyId], named: Option<Named>) {
        if let ([role], Some(named)) = (roles, named) {
            self.by_role.entry(role.clone()).or_default().insert(named);
        }
    }
}

impl Named {
    /// Whether the period is this party's. One of a single unit isn't, where the log names another unit; where it names only the
    /// party, it may be.
    pub(super) fn is_down_in(&self, period: &Period, book: &AddressBook) -> bool {
        if self.party != period.party || period.is_withdrawn {
            return false;
        }
        match (&self.unit, &period.unit) {
            (Some(own), Some(down)) => own == down || is_same_unit(&self.party, own, down, book),
            (None, _) | (_, None) => true,
        }
    }
}

/// Those who take part in a stay, as lists know them: a party's units where the log names any, else all of the party.
pub(super) fn taking_part(stay: &Involvement) -> impl Iterator<Item = Named> {
    stay.parties.iter().flat_map(|party| {
        let own = stay.units.iter().filter(move |(of, _)| of == party);
        let mut units: Vec<Option<String>> = own.map(|(_, unit)| Some(unit.clone())).collect();
        if units.is_empty() {
            units.push(None);
        }
        units.into_iter().map(move |unit| Named { party: party.clone(), unit })
    })
}

fn named(name: Option<&str>, book: &AddressBook) -> Option<Named> {
    let name = name.map(str::trim).filter(|name| !name.is_empty())?;
    let Some(address) = book.find(name) else { return Some(Named { party: name.to_owned(), unit: None }) };
    let unit = (!address.is_called(name)).then(|| name.to_owned());
    Some(Named { party: address.name.clone(), unit })
}

/// Whether two names mean the same service of a party: by its id in the book, its name or its HER-id.
fn is_same_unit(party: &str, one: &str, other: &str, book: &AddressBook) -> bool {
    let Some(address) = book.find(party) else { return false };
    let id_of = |name: &str| {
        let by_id = address.services.get_key_value(name).map(|(id, _)| id.as_str());
        by_id.or_else(|| address.service_entry(name).map(|(id, _)| id))
    };
    id_of(one).is_some_and(|id| id_of(other) == Some(id))
}
