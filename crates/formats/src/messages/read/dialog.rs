//! Dialogue messages 1.0 and 1.1.

use super::{
    party::{person_contact, unit_contact},
    plain_text::plain,
    reading::Reading,
    values::{code_in, joined, text_in},
};
use crate::{
    messages::types::{Contact, DialogBody, Note, Request},
    xml::El,
};

/// What a dialogue message says.
pub(super) fn body(reading: &mut Reading<'_>, body: El<'_>) -> DialogBody {
    DialogBody {
        notes: body.children_named("Notat").map(|element| note(reading, element)).collect(),
        requests: body.children_named("Foresporsel").map(request).collect(),
    }
}

fn note(reading: &mut Reading<'_>, element: El<'_>) -> Note {
    Note {
        theme: code_in(element, "TemaKodet").unwrap_or_default(),
        theme_text: text_in(element, "Tema"),
        text: plain_in(element, "TekstNotatInnhold"),
        about_id: text_in(element, "DokIdNotat"),
        dated: reading.time_in(element, "DatoNotat"),
        note: text_in(element, "Merknad"),
        request: element.child("Foresporsel").map(request),
        roles: element.children_named("RollerRelatertNotat").flat_map(role).collect(),
    }
}

/// A request: of a dialogue message, or repeated in a PLO message. The subject of 1.1 is the first line of the question.
pub(super) fn request(element: El<'_>) -> Request {
    Request {
        kind: code_in(element, "TypeForesp").unwrap_or_default(),
        question: joined([text_in(element, "EmneSporsmal"), plain_in(element, "Sporsmal")], "\n"),
        reason: text_in(element, "Begrunnelse"),
        urgency: code_in(element, "Hastegrad"),
    }
}

fn plain_in(element: El<'_>, name: &str) -> String {
    element.child(name).map(plain).unwrap_or_default()
}

/// Those who have a role: the person, and of 1.1 also the unit and the person in it.
fn role(element: El<'_>) -> Vec<Contact> {
    let role = code_in(element, "RoleToPatient").or_else(|| code_in(element, "RolleNotat"));
    let unit = element.child("TilknyttetEnhet");
    let mut contacts: Vec<Contact> = person_in(element).into_iter().collect();
    contacts.extend(unit.and_then(|unit| unit.child("Kontaktenhet")).map(unit_contact));
    contacts.extend(unit.and_then(person_in));
    for contact in &mut contacts {
        contact.role = role.clone().or_else(|| contact.role.take());
    }
    contacts
}

fn person_in(element: El<'_>) -> Option<Contact> {
    element.child("HealthcareProfessional").or_else(|| element.child("Person")).map(person_contact)
}
