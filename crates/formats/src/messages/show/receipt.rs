//! Receipts: one sentence, then who and what.

use super::about::About;
use super::blocks::{Block, Page, in_one_line, section};
use super::labels;
use super::left::Left;
use super::teller::Teller;
use crate::messages::types::Message;
use crate::xml::El;

/// The page of an `AppRec`.
pub(super) fn page(teller: Teller, root: El<'_>, message: &Message) -> Page {
    let mut left = Left::of(root);
    let senders = left.take_all(&["Sender"]);
    let statuses = left.take_all(&["Status"]);
    let errors = left.take_all(&["Error"]);
    let status = sentence(teller, senders.first().copied(), statuses.first().copied(), &errors);
    let mut blocks = Vec::new();
    for (parties, word) in [(senders, "from"), (left.take_all(&["Receiver"]), "to")] {
        let told =
            |party: El<'_>| Block::Fact { label: teller.word(word).to_owned(), value: teller.party(party) };
        blocks.extend(parties.into_iter().map(told));
    }
    let made = left.take_all(&["GenDate"]);
    blocks.extend(made.iter().map(|made| teller.sent(*made)));
    blocks.extend(teller.told(&errors));
    for original in left.take_all(&["OriginalMsgId"]) {
        blocks.extend(about_original(teller, original));
    }
    let mut about = About::new(teller);
    let kind = left.take("MsgType");
    about.kind(kind);
    for element in statuses.into_iter().chain(made) {
        about.element(element);
    }
    about.left(&left);
    blocks.extend(about.section());
    Page { title: teller.title(message, kind), status: vec![status], blocks }
}

/// `Avvist av Vik kommune, Sykepleietjeneste: Mottaker finnes ikke (E21)`.
fn sentence(teller: Teller, sender: Option<El<'_>>, status: Option<El<'_>>, errors: &[El<'_>]) -> String {
    let code = status.and_then(|status| status.attribute("V")).unwrap_or_default().trim();
    let words = labels::known_word(&format!("receipt_{code}"), teller.language);
    let told = status.map(|status| teller.value_line(status)).unwrap_or_default();
    let reasons: Vec<String> = errors.iter().map(|error| teller.value_line(*error)).collect();
    let why = if errors.is_empty() { teller.word("no_reason").to_owned() } else { reasons.join("; ") };
    let who = sender.map(|sender| names_in(teller, sender)).unwrap_or_default();
    let who = if who.is_empty() { teller.word("unknown_sender").to_owned() } else { who.join(", ") };
    let template = words.unwrap_or_else(|| teller.word("receipt_other"));
    filled(template, &[("{who}", &who), ("{why}", &why), ("{status}", &told)])
}

/// A template with its places filled, each once and from the left: what is filled in is never searched again.
fn filled(template: &str, places: &[(&str, &str)]) -> String {
    let next =
        places.iter().filter_map(|(place, text)| Some((template.find(place)?, place.len(), text))).min();
    match next {
        None => template.to_owned(),
        Some((at, length, text)) => {
            format!("{}{text}{}", &template[..at], filled(&template[at + length..], places))
        }
    }
}

/// The names of a party, outermost first.
fn names_in(teller: Teller, party: El<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for child in party.children() {
        match child.local() {
            "Name" => names.push(teller.value_line(child)),
            "HCP" | "Inst" | "Dept" | "HCProf" | "HCPerson" => names.extend(names_in(teller, child)),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn about_original(teller: Teller, original: El<'_>) -> Option<Block> {
    let mut left = Left::of(original);
    let mut blocks = Vec::new();
    if let Some(kind) = left.take("MsgType") {
        let code = kind.attribute("V").unwrap_or_default().trim();
        let told = in_one_line(&teller.value(kind));
        let told = if code.is_empty() || told == code { told } else { format!("{told} ({code})") };
        blocks.push(Block::fact(teller.label(kind), told));
    }
    blocks.extend(teller.rest(&left));
    section(teller.word("about_original"), blocks)
}
