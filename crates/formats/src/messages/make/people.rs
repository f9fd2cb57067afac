//! People, units, ids, addresses and telephones, which look alike in every schema but for the namespaces.

use super::{
    draft::{AddressDraft, IdDraft, PersonDraft, UnitDraft},
    parts::{Coder, Space, group, leaf, said},
};
use crate::xml::Element;

/// The namespaces of a schema's people and units: of what lies directly in them, and of what lies in ids and addresses.
#[derive(Clone, Copy)]
pub(super) struct Spaces {
    pub(super) outer: Space,
    pub(super) inner: Space,
}

/// What is written of somebody without a known id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutId {
    /// Nothing.
    Nothing,
    /// A local id, which is the name: the schema asks for an id though the standard doesn't.
    LocalId,
}

/// The element of this name with a unit in it.
pub(super) fn unit(
    coder: Coder,
    spaces: Spaces,
    element: Element,
    unit: &UnitDraft,
    without: WithoutId,
) -> Element {
    let Spaces { outer, inner } = spaces;
    let mut ids: Vec<Element> = [("HER", &unit.her), ("ENH", &unit.organisation_number)]
        .into_iter()
        .filter_map(|(kind, id)| ident(coder, spaces, 9051, kind, id.as_deref()?))
        .collect();
    ids.extend(unit.id.as_ref().and_then(|id| ident(coder, spaces, 9051, &id.kind, &id.value)));
    if ids.is_empty() && without == WithoutId::LocalId {
        ids.extend(ident(coder, spaces, 9051, "LAV", &unit.name));
    }
    element
        .child(Element::new(outer, "OrganisationName").text(unit.name.trim()))
        .children(ids)
        .children(unit.address.as_ref().and_then(|it| address(coder, spaces, it)))
        .children(telephones(outer, inner, &unit.telephones))
}

/// Where the role of a person is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Inside,
    Outside,
}

/// The element of this name with a health professional in it.
pub(super) fn person(
    coder: Coder,
    spaces: Spaces,
    element: Element,
    person: &PersonDraft,
    (role, without): (Role, WithoutId),
) -> Element {
    let Spaces { outer, inner } = spaces;
    let mut ids = person_ids(coder, spaces, person);
    if ids.is_empty() && without == WithoutId::LocalId {
        ids.extend(ident(coder, spaces, 8116, "XXX", said(Some(&person.full_name())).unwrap_or("ukjent")));
    }
    let inside = person.role.as_deref().filter(|_| role == Role::Inside);
    element
        .children(coder.cs(outer, "TypeHealthcareProfessional", 9060, person.profession.as_deref()))
        .children(coder.cv(outer, "RoleToPatient", 9034, inside))
        .children(names(outer, &person.family_name, &person.middle_name, &person.given_name))
        .children(ids)
        .children(telephones(outer, inner, &person.telephones))
}

/// Names, those that there are.
pub(super) fn names(space: Space, family: &str, middle: &str, given: &str) -> impl Iterator<Item = Element> {
    let all = [
        leaf(space, "FamilyName", family),
        leaf(space, "MiddleName", middle),
        leaf(space, "GivenName", given),
    ];
    all.into_iter().flatten()
}

fn person_ids(coder: Coder, spaces: Spaces, person: &PersonDraft) -> Vec<Element> {
    let known = [("HER", &person.her), ("HPR", &person.hpr)].into_iter();
    let known = known.filter_map(|(kind, id)| ident(coder, spaces, 8116, kind, id.as_deref()?));
    known.chain(person.id.as_ref().and_then(|id| ident(coder, spaces, 8116, &id.kind, &id.value))).collect()
}

/// An id with its type, if there is one.
pub(super) fn ident(coder: Coder, spaces: Spaces, table: u32, kind: &str, value: &str) -> Option<Element> {
    let Spaces { outer, inner } = spaces;
    let id = leaf(inner, "Id", value)?;
    Some(Element::new(outer, "Ident").child(id).children(coder.cv(inner, "TypeId", table, Some(kind))))
}

/// Ids that a draft gives with their types.
pub(super) fn other_ids(
    coder: Coder,
    spaces: Spaces,
    table: u32,
    ids: &[IdDraft],
) -> impl Iterator<Item = Element> {
    ids.iter().filter_map(move |id| ident(coder, spaces, table, &id.kind, &id.value))
}

/// An address, if it says anything.
pub(super) fn address(coder: Coder, spaces: Spaces, address: &AddressDraft) -> Option<Element> {
    let Spaces { outer, inner } = spaces;
    let lines = [
        leaf(inner, "StreetAdr", &address.street),
        leaf(inner, "PostalCode", &address.postal_code),
        leaf(inner, "City", &address.city),
        coder.cs(inner, "County", 3402, address.municipality.as_deref()),
    ];
    group(outer, "Address", lines.into_iter().flatten().collect())
}

/// Telephone numbers.
pub(super) fn telephones(outer: Space, inner: Space, numbers: &[String]) -> impl Iterator<Item = Element> {
    let called = numbers.iter().filter_map(|number| telephone(number));
    called.map(move |number| {
        Element::new(outer, "TeleCom").child(Element::new(inner, "TeleAddress").with("V", number))
    })
}

/// A telephone number as an address: `tel:73555555`. What already is an address is left so.
pub(super) fn telephone(number: &str) -> Option<String> {
    let bare: String = number.chars().filter(|letter| !letter.is_whitespace()).collect();
    match bare.as_str() {
        "" => None,
        address if address.contains(':') => Some(bare),
        number => Some(format!("tel:{number}")),
    }
}
