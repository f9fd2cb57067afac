//! What is written in bokmål about messages, in the language of whoever reads it.
//!
//! Questions, reasons and alerts are kept as sentences, and receipts carry theirs to others: those stay as they are. A page that shows one
//! finds the sentence here, with the values in it, and says it in another language. So what was kept by an older program is read too,
//! and what isn't a sentence of ours, as what other systems write, is none here and is shown as it stands.

mod mail;
mod meaning;
mod pattern;
mod receipts;

#[cfg(test)]
mod tests;

use samspill_agreement::model::Language;

use self::pattern::{filled, values};

/// A sentence in bokmål, nynorsk and English. What stands in braces is a value: in bokmål `{=x}` is a text that is itself a row here as it
/// stands, and `{#x}` a number.
type Sentence = [&'static str; 3];

/// Sentences in sentences in sentences, at the most: what a receipt says of a message, why, and what is wrong.
const DEPTH_MAX: usize = 5;

/// A kept text in a language; none where it is to be shown as it stands: it is wanted in bokmål, or it is no sentence of ours.
///
/// Values are as they were, but those that are sentences too.
pub fn translated(text: &str, language: Language) -> Option<String> {
    match language {
        Language::Bokmal => None,
        Language::Nynorsk => found(text, 1, 0),
        Language::English => found(text, 2, 0),
    }
}

/// A kept text in a language, or as it stands.
pub fn in_language(text: &str, language: Language) -> String {
    translated(text, language).unwrap_or_else(|| text.to_owned())
}

fn all() -> impl Iterator<Item = &'static Sentence> {
    [meaning::ALL, receipts::ALL, mail::ALL].into_iter().flatten()
}

/// Whether a text is a row here as it stands.
fn is_row(text: &str) -> bool {
    all().any(|[bokmal, ..]| *bokmal == text)
}

fn found(text: &str, column: usize, depth: usize) -> Option<String> {
    if depth == DEPTH_MAX {
        return None;
    }
    let said: &dyn Fn(&str) -> Option<String> = &|part| found(part, column, depth + 1);
    let of_row = |sentence: &Sentence| {
        let values = values(sentence[0], text, &is_row)?;
        Some(filled(sentence[column], &values, said))
    };
    list(text, ", ", said).or_else(|| all().find_map(of_row)).or_else(|| list(text, "; ", said))
}

/// Several texts in one, of which one at least is ours. What stands between commas is a list only where each is: others write commas too.
fn list(text: &str, mark: &str, said: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if !text.contains(mark) {
        return None;
    }
    let parts: Vec<(&str, Option<String>)> = text.split(mark).map(|part| (part, said(part))).collect();
    let ours = parts.iter().filter(|(_, said)| said.is_some()).count();
    let is_list = if mark == ", " { ours == parts.len() } else { ours > 0 };
    let all = parts.into_iter().map(|(part, said)| said.unwrap_or_else(|| part.to_owned()));
    is_list.then(|| all.collect::<Vec<_>>().join(mark))
}
