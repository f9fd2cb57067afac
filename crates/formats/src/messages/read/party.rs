//! Organisations, units and people: those of Hodemelding and PLO, and those of receipts and epicrises, which are written otherwise.

use super::values::{code_in, id, ids, joined, tele_address, telecom, telecoms, text_in};
use crate::{
    messages::types::{Contact, Id, Party, Unit},
    xml::El,
};

/// A party of a Hodemelding: the organisation in it with the units and the person within, or a person alone.
pub(super) fn party(holder: El<'_>) -> Party {
    let mut levels = Vec::new();
    let mut here = Some(holder);
    while let Some(within) = here {
        let (mut organisation, mut people) = (None, [None; 3]);
        for part in within.children() {
            let place = match part.local() {
                "Organisation" => &mut organisation,
                "HealthcareProfessional" => &mut people[0],
                "Person" => &mut people[1],
                "Patient" => &mut people[2],
                _ => continue,
            };
            place.get_or_insert(part);
        }
        levels.extend(organisation.map(unit));
        levels.extend(people.into_iter().flatten().map(person_unit));
        here = organisation;
    }
    Party { levels: people_last(levels) }
}

/// A person within an organisation comes after the units of it.
fn people_last(mut levels: Vec<Unit>) -> Vec<Unit> {
    levels.sort_by_key(|level| level.is_person);
    levels
}

fn unit(organisation: El<'_>) -> Unit {
    let (mut name, mut unit) = (None, Unit::default());
    for part in organisation.children() {
        match part.local() {
            "OrganisationName" if name.is_none() => name = Some(part.text().into_owned()),
            "Ident" => unit.ids.push(id(part)),
            "TeleCom" => unit.telecoms.extend(telecom(part)),
            _ => {}
        }
    }
    Unit { name: name.unwrap_or_default(), ..unit }
}

fn person_unit(person: El<'_>) -> Unit {
    Unit {
        name: person_name(person),
        is_person: true,
        ids: ids(person).collect(),
        telecoms: telecoms(person).collect(),
    }
}

/// The name of a person in the order that it is spoken.
pub(super) fn person_name(person: El<'_>) -> String {
    joined(["GivenName", "MiddleName", "FamilyName"].map(|part| text_in(person, part)), " ")
}

/// A health professional or other person with a role.
pub(super) fn person_contact(person: El<'_>) -> Contact {
    Contact {
        name: person_name(person),
        role: code_in(person, "RoleToPatient"),
        profession: code_in(person, "TypeHealthcareProfessional"),
        ids: ids(person).collect(),
        telecoms: telecoms(person).collect(),
    }
}

/// A unit to contact; of a unit within a unit, both names, the outer one first.
pub(super) fn unit_contact(organisation: El<'_>) -> Contact {
    let mut contact = Contact::default();
    let mut here = Some(organisation);
    while let Some(unit) = here {
        contact.name = joined([contact.name, text_in(unit, "OrganisationName")], ", ");
        contact.ids.extend(ids(unit));
        contact.telecoms.extend(telecoms(unit));
        here = unit.child("Organisation");
    }
    contact
}

/// A party of a receipt or an epicrisis: what lies in `HCP`.
pub(super) fn hcp_party(holder: El<'_>) -> Party {
    let Some(hcp) = holder.child("HCP") else { return Party::default() };
    let mut levels = Vec::new();
    if let Some(institution) = hcp.child("Inst") {
        levels.push(hcp_unit(institution, false));
        levels.extend(institution.children_named("Dept").map(|department| hcp_unit(department, false)));
        levels.extend(institution.children_named("HCPerson").map(|person| hcp_unit(person, true)));
    }
    levels.extend(hcp.child("HCProf").map(|person| hcp_unit(person, true)));
    if let (Some(last), Some(address)) = (levels.last_mut(), hcp.child("Address")) {
        last.telecoms = address.children_named("TeleAddress").filter_map(tele_address).collect();
    }
    Party { levels }
}

fn hcp_unit(element: El<'_>, is_person: bool) -> Unit {
    let own = Id { value: text_in(element, "Id"), kind: code_in(element, "TypeId").unwrap_or_default() };
    let others = element
        .children_named("AdditionalId")
        .map(|id| Id { value: text_in(id, "Id"), kind: code_in(id, "Type").unwrap_or_default() });
    let ids = std::iter::once(own).filter(|id| !id.value.is_empty()).chain(others).collect();
    Unit { name: text_in(element, "Name"), is_person, ids, telecoms: Vec::new() }
}
