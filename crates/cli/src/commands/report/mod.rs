//! Reports for people and for spreadsheets.

mod case;
mod csv;
mod summary;

use samspill_agreement::model::Language;
use samspill_base::Ore;

pub(crate) use case::case;
pub(crate) use csv::{csv, csv_head};
pub(crate) use summary::{Summaries, settlements, summary};

/// A word in the reader's language.
pub(crate) fn word(language: Language, nb: &'static str, nn: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
        Language::English => en,
    }
}

/// What is said when the log holds no case.
pub(crate) fn nothing_read(language: Language) -> &'static str {
    word(
        language,
        "Loggen inneholder ingen saker.",
        "Loggen inneheld ingen saker.",
        "The log holds no cases.",
    )
}

/// An amount, or that there is no certain price.
pub(crate) fn amount_words(amount: Option<Ore>, currency: &str, language: Language) -> String {
    match amount {
        Some(amount) => format!("{amount} {currency}"),
        None => word(language, "ingen sikker pris", "ingen sikker pris", "no certain price").to_owned(),
    }
}

/// A number with a gap between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}
