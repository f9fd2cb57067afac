//! Messages with a Hodemelding: who, to whom and when, the patient, the documents in their order, attachments, and last what is
//! about the message itself.

use super::about::About;
use super::attachments::Files;
use super::blocks::{Block, Page, section};
use super::labels;
use super::left::Left;
use super::teller::Teller;
use crate::messages::types::Message;
use crate::xml::El;

/// The page of a `MsgHead`.
pub(super) fn page(teller: Teller, root: El<'_>, message: &Message) -> Page {
    let mut left = Left::of(root);
    let mut info = left.take("MsgInfo").map(Left::of).unwrap_or_default();
    let kind = info.take("Type");
    let title = teller.title(message, kind);
    let mut status = Vec::new();
    let mut about = About::new(teller);
    about.kind(kind);
    let mut blocks = opening(teller, &mut info, &mut about);
    if let Some(purpose) = info.take("ProcessingStatus") {
        if purpose.attribute("V") == Some("D") {
            status.push(teller.word("test_message").to_owned());
        }
        about.element(purpose);
    }
    about.left(&info);
    let mut files = Files::new(teller);
    for document in left.take_all(&["Document"]) {
        documents(teller, document, &mut status, &mut blocks, &mut about, &mut files);
    }
    blocks.extend(teller.sections(&left));
    blocks.extend(files.section());
    blocks.extend(about.section());
    Page { title, status, blocks }
}

/// Who, to whom, when, and the patient.
fn opening(teller: Teller, info: &mut Left<'_>, about: &mut About) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (local, word) in [("Sender", "from"), ("Receiver", "to")] {
        for party in info.take_all(&[local]) {
            blocks.push(Block::Fact { label: teller.word(word).to_owned(), value: teller.party(party) });
        }
    }
    for other in info.take_all(&["OtherReceiver"]) {
        let is_copy = other.child("RoleReceiver").and_then(|role| role.attribute("V")) == Some("COP");
        let label = teller.word(if is_copy { "copy_to" } else { "also_to" }).to_owned();
        blocks.push(Block::Fact { label, value: teller.party(other) });
    }
    for made in info.take_all(&["GenDate"]) {
        blocks.push(teller.sent(made));
        about.element(made);
    }
    blocks.extend(info.take_all(&["Patient"]).into_iter().map(|patient| teller.patient(patient)));
    blocks
}

/// One document: a file goes to the attachments, anything else is told in its place.
fn documents(
    teller: Teller,
    document: El<'_>,
    status: &mut Vec<String>,
    blocks: &mut Vec<Block>,
    about: &mut About,
    files: &mut Files,
) {
    if files.take(document) {
        return;
    }
    let mut left = Left::of(document);
    for reference in left.take_all(&["RefDoc"]) {
        let mut inner = Left::of(reference);
        for content in inner.take_all(&["Content"]) {
            let mut content = Left::of(content);
            for body in content.take_elements() {
                blocks.extend(told_body(teller, body, status, about));
            }
            blocks.extend(teller.sections(&content));
        }
        about.left(&inner);
    }
    about.left(&left);
}

/// What the message contains, said at the top: a first notice and an update are read differently.
fn content_type(teller: Teller, body: El<'_>) -> Option<String> {
    let told = body.descend(&["TypeInnholdIMelding", "TypeInnhold"]).map(|kind| teller.value_line(kind));
    told.filter(|told| !told.is_empty())
}

/// A body whose name is known is what the page is about and has no heading of its own; another has.
fn told_body(teller: Teller, body: El<'_>, status: &mut Vec<String>, about: &mut About) -> Vec<Block> {
    if !labels::is_known(body.local()) || body.children().next().is_none() {
        return teller.under_headings(teller.element(body, ""));
    }
    let mut left = Left::of(body);
    status.extend(content_type(teller, body));
    let sending = left.take("InformasjonOmForsendelsen");
    let mut blocks = Vec::new();
    if let Some(sending) = sending {
        let title = teller.label(sending);
        let mut sending = Left::of(sending);
        for state in sending.take_all(&["Forsendelsesstatus"]) {
            status.insert(0, teller.status(state));
            about.element(state);
        }
        blocks.extend(section(&title, teller.blocks(&sending, &title)));
    }
    blocks.extend(teller.sections(&left));
    blocks
}
