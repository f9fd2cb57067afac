//! Who is who in a stay: hospitals with their units, and municipalities.

use samspill_service::{
    access::Involvement,
    exchange::meaning::{AddressBook, Role},
};

/// The role that agreements give a party, by what the address book says it does: `sykehus`, `kommune`, `fastlege`. None for one
/// that isn't in the book.
pub(super) fn side_of(book: &AddressBook, party: &str) -> Option<&'static str> {
    book.find(party).map(|address| match address.role {
        Role::Sykehus => "sykehus",
        Role::Kommune => "kommune",
        Role::Fastlege => "fastlege",
    })
}

/// The parties of a stay that have a role, in order.
pub(super) fn parties_of<'i>(book: &AddressBook, involvement: &'i Involvement, side: &str) -> Vec<&'i str> {
    let parties = involvement.parties.iter().map(String::as_str);
    parties.filter(|party| side_of(book, party) == Some(side)).collect()
}

/// The units of parties that have a role, each once, in order.
pub(super) fn units_of<'i>(book: &AddressBook, involvement: &'i Involvement, side: &str) -> Vec<&'i str> {
    let units = involvement.units.iter().filter(|(party, _)| side_of(book, party) == Some(side));
    units.map(|(_, unit)| unit.as_str()).collect()
}
