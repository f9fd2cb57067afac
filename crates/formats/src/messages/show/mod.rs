//! Messages as people read them: plain text for a terminal or a printer, HTML for a screen.
//!
//! ```text
//! Document ──page──▶ Page (headings, facts, tables, texts) ──plain──▶ text
//!                                                         ──markup─▶ HTML
//! ```
//!
//! The tree is what is told, so nothing is left out: an element that no label is known for is shown under its own name with the
//! words apart. What serves programs alone (ids of parts of a record, schema locations, a signature's bytes) isn't told; the
//! labels say which. Labels are data, in `data/labels`.

mod about;
mod attachments;
mod blocks;
mod codes;
mod epicrisis;
mod grid;
mod head;
mod labels;
mod left;
mod markup;
mod numbers;
mod page;
mod parties;
mod patient;
mod plain;
mod receipt;
mod rich;
mod safe;
mod tables;
mod teller;
mod times;
mod values;
mod wrap;

pub use safe::safe;

use super::types::Message;
use crate::xml::Document;

/// A language to tell a message in. What the sender wrote stays in the sender's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Norwegian bokmål.
    #[default]
    Bokmal,
    /// Norwegian nynorsk.
    Nynorsk,
    /// English.
    English,
}

impl Language {
    /// As HTML and BCP 47 name it: `nb`, `nn`, `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::Nynorsk => "nn",
            Self::English => "en",
        }
    }
}

/// A message as plain text: at most 100 columns, no space at the end of a line, and no character that a terminal obeys or that
/// turns the direction of writing (each is shown as `�`).
pub fn text(document: &Document<'_>, message: &Message, language: Language) -> String {
    plain::render(&page::page(document, message, language))
}

/// A message as a piece of HTML: one `<article>`, also well-formed as XML. It has no script, no style and fetches nothing.
pub fn html(document: &Document<'_>, message: &Message, language: Language) -> String {
    markup::article(&page::page(document, message, language), language)
}

/// A message as a whole page of HTML with its style, to be saved, opened and printed. It fetches nothing.
///
/// The title of the page is the kind of the message and names no patient: titles end up in lists and logs.
pub fn html_page(document: &Document<'_>, message: &Message, language: Language) -> String {
    markup::standalone(&page::page(document, message, language), language)
}
