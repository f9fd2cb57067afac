//! Hodemelding 1.2 around the contents of a message.

use super::{
    MakeContext,
    draft::{ConversationDraft, FileDraft, HeadDraft, PartyDraft, PatientDraft},
    files,
    parts::{Coder, HEAD, time_text},
    people::{Role, Spaces, WithoutId, address, ident, names, other_ids, person, telephones, unit},
};
use crate::{messages::types::Kind, xml::Element};

const SPACES: Spaces = Spaces { outer: HEAD, inner: HEAD };

/// The whole message: head, contents and files.
pub(super) fn message(
    context: &MakeContext<'_>,
    kind: Kind,
    head: &HeadDraft,
    body: Element,
    attached: &[FileDraft],
) -> Element {
    let made = context.made_text();
    let coder = context.coder();
    let reference = Element::new(HEAD, "RefDoc")
        .child(Element::new(HEAD, "IssueDate").with("V", &*made))
        .children(coder.cs(HEAD, "MsgType", 8114, Some("XML")))
        .child(Element::new(HEAD, "Content").child(body));
    Element::new(HEAD, "MsgHead")
        .child(info(context, kind, head))
        .child(Element::new(HEAD, "Document").child(reference))
        .children(
            attached
                .iter()
                .map(|file| Element::new(HEAD, "Document").child(files::file(coder, HEAD, file, &made))),
        )
}

fn info(context: &MakeContext<'_>, kind: Kind, head: &HeadDraft) -> Element {
    let coder = context.coder();
    Element::new(HEAD, "MsgInfo")
        .children(coder.cs(HEAD, "Type", 8279, Some(kind.message_type())))
        .child(Element::new(HEAD, "MIGversion").text("v1.2 2006-05-24"))
        .child(Element::new(HEAD, "GenDate").text(context.made_text()))
        .child(Element::new(HEAD, "MsgId").text(context.id))
        .children(coder.cs(HEAD, "ProcessingStatus", 8113, head.processing.as_deref()))
        .children(coder.cs(HEAD, "Ack", 7304, head.ack.as_deref()))
        .children(head.conversation.as_ref().map(conversation))
        .child(Element::new(HEAD, "Sender").child(party(coder, &head.sender)))
        .child(Element::new(HEAD, "Receiver").child(party(coder, &head.receiver)))
        .children(head.copies.iter().map(|copy| {
            Element::new(HEAD, "OtherReceiver")
                .children(coder.cs(HEAD, "RoleReceiver", 8112, Some("COP")))
                .child(party(coder, copy))
        }))
        .child(patient(coder, &head.patient))
}

fn conversation(conversation: &ConversationDraft) -> Element {
    let parent = conversation.parent.trim();
    let first = conversation.first.as_deref().map_or(parent, str::trim);
    Element::new(HEAD, "ConversationRef")
        .child(Element::new(HEAD, "RefToParent").text(parent))
        .child(Element::new(HEAD, "RefToConversation").text(first))
}

fn party(coder: Coder, party: &PartyDraft) -> Element {
    let level = || Element::new(HEAD, "Organisation");
    let service =
        party.service.as_ref().map(|service| unit(coder, SPACES, level(), service, WithoutId::Nothing));
    let person = party.person.as_ref().map(|it| {
        let element = Element::new(HEAD, "HealthcareProfessional");
        person(coder, SPACES, element, it, (Role::Inside, WithoutId::Nothing))
    });
    unit(coder, SPACES, level(), &party.organisation, WithoutId::Nothing).children(service).children(person)
}

fn patient(coder: Coder, patient: &PatientDraft) -> Element {
    let numbers = [("FNR", &patient.fnr), ("DNR", &patient.dnr), ("FHN", &patient.fhn)];
    let numbers =
        numbers.into_iter().filter_map(|(kind, id)| ident(coder, SPACES, 8116, kind, id.as_deref()?));
    Element::new(HEAD, "Patient")
        .children(names(HEAD, &patient.family_name, &patient.middle_name, &patient.given_name))
        .children(time_text(HEAD, "DateOfBirth", patient.born.as_deref()))
        .children(coder.cs(HEAD, "Sex", 3101, patient.sex.as_deref()))
        .children(numbers)
        .children(other_ids(coder, SPACES, 8116, &patient.other_ids))
        .children(patient.address.as_ref().and_then(|it| address(coder, SPACES, it)))
        .children(telephones(HEAD, HEAD, &patient.telephones))
}
