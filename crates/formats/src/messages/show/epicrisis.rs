//! Epicrises, which have no Hodemelding: the same page from their own elements.

use super::about::About;
use super::blocks::{Block, Page};
use super::left::Left;
use super::teller::Teller;
use crate::messages::types::Message;
use crate::xml::El;

/// The page of an epicrisis.
pub(super) fn page(teller: Teller, root: El<'_>, message: &Message) -> Page {
    let mut left = Left::of(root);
    let kind = left.take("Type");
    let mut report = left.take("ServRprt").map(Left::of).unwrap_or_default();
    let mut about = About::new(teller);
    about.kind(kind);
    let mut status = Vec::new();
    for state in report.take_all(&["ServType"]) {
        status.push(teller.status(state));
        about.element(state);
    }
    if root.child("Status").and_then(|purpose| purpose.attribute("V")) == Some("TEST") {
        status.push(teller.word("test_message").to_owned());
    }
    let mut blocks = opening(teller, &mut left, &mut report, &mut about);
    for element in report.take_all(&["IssueDate", "ApprDate", "Status", "ServProvId", "Ack"]) {
        about.element(element);
    }
    blocks.extend(teller.sections(&report));
    about.left(&left);
    blocks.extend(about.section());
    Page { title: teller.title(message, kind), status, blocks }
}

fn opening(teller: Teller, left: &mut Left<'_>, report: &mut Left<'_>, about: &mut About) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (local, word) in [("ServProvider", "from"), ("Requester", "to"), ("CopyDest", "copy_to")] {
        for party in report.take_all(&[local]) {
            blocks.push(Block::Fact { label: teller.word(word).to_owned(), value: teller.party(party) });
        }
    }
    for made in left.take_all(&["GenDate"]) {
        blocks.push(teller.sent(made));
        about.element(made);
    }
    blocks.extend(report.take_all(&["Patient"]).into_iter().map(|patient| teller.patient(patient)));
    blocks
}
