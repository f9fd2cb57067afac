//! Who is who in a stay: hospitals with their units, and municipalities.

use std::collections::BTreeMap;

use samspill_service::{
    access::Involvement,
    exchange::meaning::{AddressBook, Role},
};

/// The roles that agreements give parties, by what the address book says they do: `sykehus`, `kommune`, `fastlege`.
///
/// Who takes part in a stay is called what the address book calls it, so that the name alone tells; lists of thousands of stays ask
/// this of each.
#[derive(Clone, Debug)]
pub(super) struct Sides<'b>(BTreeMap<&'b str, &'static str>);

impl<'b> Sides<'b> {
    /// The sides of an address book.
    pub(super) fn of(book: &'b AddressBook) -> Self {
        Self(book.parties.iter().map(|party| (party.name.as_str(), slug(party.role))).collect())
    }

    /// The parties of a stay that have a role, in order.
    pub(super) fn parties<'i>(&self, stay: &'i Involvement, side: &str) -> impl Iterator<Item = &'i str> {
        let parties = stay.parties.iter().map(String::as_str);
        parties.filter(move |party| self.0.get(party).is_some_and(|it| *it == side))
    }

    /// The units of parties that have a role, in order.
    pub(super) fn units<'i>(&self, stay: &'i Involvement, side: &str) -> impl Iterator<Item = &'i str> {
        let units = stay.units.iter().map(|(party, unit)| (party.as_str(), unit.as_str()));
        units.filter(move |(party, _)| self.0.get(party).is_some_and(|it| *it == side)).map(|(_, unit)| unit)
    }
}

/// The role of a party, by any name that the address book knows; none for one that isn't in the book.
pub(super) fn side_of(book: &AddressBook, party: &str) -> Option<&'static str> {
    book.find(party).map(|address| slug(address.role))
}

/// The parties of a stay that have a role, in order.
pub(super) fn parties_of<'i>(book: &AddressBook, involvement: &'i Involvement, side: &str) -> Vec<&'i str> {
    Sides::of(book).parties(involvement, side).collect()
}

/// The units of parties that have a role, in order.
pub(super) fn units_of<'i>(book: &AddressBook, involvement: &'i Involvement, side: &str) -> Vec<&'i str> {
    Sides::of(book).units(involvement, side).collect()
}

fn slug(role: Role) -> &'static str {
    match role {
        Role::Sykehus => "sykehus",
        Role::Kommune => "kommune",
        Role::Fastlege => "fastlege",
    }
}
