//! Labels, words and forms, from `data/labels`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;
use crate::xml::El;

/// A text in bokmål, nynorsk and English.
type Texts = BTreeMap<String, [String; 3]>;

static ELEMENTS: LazyLock<Texts> =
    LazyLock::new(|| parsed(include_str!("../../../data/labels/elements.toml")));
static WORDS: LazyLock<Texts> = LazyLock::new(|| parsed(include_str!("../../../data/labels/words.toml")));
static FORMS: LazyLock<Forms> = LazyLock::new(|| parsed(include_str!("../../../data/labels/forms.toml")));

/// How elements are laid out; `forms.toml` says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    pub(super) through: BTreeSet<String>,
    pub(super) prose: BTreeSet<String>,
    pub(super) marked_up: BTreeSet<String>,
    pub(super) flags: BTreeSet<String>,
    pub(super) numbers: BTreeSet<String>,
    pub(super) times: BTreeSet<String>,
    pub(super) with_code: BTreeSet<String>,
    pub(super) parties: BTreeSet<String>,
    silent_attributes: BTreeSet<String>,
    silent_spaces: BTreeSet<String>,
    titled: BTreeMap<String, String>,
    pub(super) tables: BTreeMap<String, Vec<String>>,
    pub(super) estimate: Estimate,
}

/// The flag that is documented two opposite ways, and for which events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Estimate {
    pub(super) element: String,
    pub(super) event: String,
    pub(super) codes: Vec<String>,
}

fn parsed<T: for<'de> Deserialize<'de>>(file: &str) -> T {
    toml::from_str(file).expect("the label files are part of the program, and a test reads them")
}

pub(super) fn forms() -> &'static Forms {
    &FORMS
}

/// A word of ours; the key itself if there is none.
pub(super) fn word(key: &'static str, language: Language) -> &'static str {
    known_word(key, language).unwrap_or(key)
}

/// A word whose key is made from a code.
pub(super) fn known_word(key: &str, language: Language) -> Option<&'static str> {
    WORDS.get(key).map(|texts| in_language(texts, language))
}

/// What an element is called; its name with the words apart if there is no label for it.
pub(super) fn of_element(element: El<'_>, language: Language) -> String {
    let local = element.local();
    let in_parent = element.parent().and_then(|parent| ELEMENTS.get(&format!("{}/{local}", parent.local())));
    match in_parent.or_else(|| ELEMENTS.get(local)) {
        Some(texts) => in_language(texts, language).to_owned(),
        None => words_apart(local),
    }
}

/// What an attribute is called.
pub(super) fn of_attribute(local: &str, language: Language) -> String {
    match ELEMENTS.get(&format!("@{local}")) {
        Some(texts) => in_language(texts, language).to_owned(),
        None => words_apart(local),
    }
}

/// What elements of a name are called, wherever they stand.
pub(super) fn of_name(local: &str, language: Language) -> String {
    ELEMENTS.get(local).map_or_else(|| words_apart(local), |texts| in_language(texts, language).to_owned())
}

/// Whether there is a label for elements of this name.
pub(super) fn is_known(local: &str) -> bool {
    ELEMENTS.contains_key(local)
}

/// Whether an attribute serves programs alone.
pub(super) fn is_silent(space: &str, local: &str) -> bool {
    FORMS.silent_spaces.contains(space) || FORMS.silent_attributes.contains(local)
}

/// Which child, or attribute if an @ stands first, is the heading of an element.
pub(super) fn title_of(element: El<'_>) -> Option<&'static str> {
    let in_parent = element
        .parent()
        .and_then(|parent| FORMS.titled.get(&format!("{}/{}", parent.local(), element.local())));
    in_parent.or_else(|| FORMS.titled.get(element.local())).map(String::as_str)
}

fn in_language(texts: &[String; 3], language: Language) -> &str {
    let [nb, nn, en] = texts;
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
        Language::English => en,
    }
}

/// `InfoKartleggingFunksjonsniva` becomes `Info kartlegging funksjonsniva`, `IPLOSType` becomes `IPLOS type`.
fn words_apart(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (place, &letter) in letters.iter().enumerate() {
        if matches!(letter, '_' | '-' | '.') {
            words.push(String::new());
            continue;
        }
        if place > 0 && begins_word(letters[place - 1], letter, letters.get(place + 1).copied()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    let words: Vec<String> = words.iter().enumerate().map(|(place, word)| as_written(word, place)).collect();
    words.join(" ")
}

fn begins_word(before: char, letter: char, after: Option<char>) -> bool {
    let ends_acronym = before.is_uppercase() && after.is_some_and(char::is_lowercase);
    letter.is_uppercase() && (before.is_lowercase() || before.is_numeric() || ends_acronym)
}

/// The first word with a capital, the others without; what is in capitals stays so.
fn as_written(word: &str, place: usize) -> String {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return String::new() };
    let rest = letters.as_str();
    if rest.chars().any(char::is_uppercase) {
        return word.to_owned();
    }
    match place {
        0 => first.to_uppercase().chain(rest.chars()).collect(),
        _ => first.to_lowercase().chain(rest.chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_files_are_read() {
        assert!(!ELEMENTS.is_empty() && !WORDS.is_empty() && !FORMS.flags.is_empty());
    }

    #[test]
    fn every_label_and_word_has_three_texts() {
        for (key, texts) in ELEMENTS.iter().chain(WORDS.iter()) {
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{key} lacks a text");
        }
    }

    #[test]
    fn what_forms_name_has_labels() {
        let forms = forms();
        let columns = forms.tables.iter().flat_map(|(name, columns)| columns.iter().chain([name]));
        let lists =
            [&forms.through, &forms.prose, &forms.marked_up, &forms.flags, &forms.numbers, &forms.times];
        for name in lists.into_iter().flatten().chain(&forms.with_code).chain(&forms.parties).chain(columns) {
            assert!(is_known(name), "{name} has no label");
        }
    }

    #[test]
    fn a_name_without_label_is_shown_with_its_words_apart() {
        let rows = [
            ("InfoKartleggingFunksjonsniva", "Info kartlegging funksjonsniva"),
            ("IPLOSType", "IPLOS type"),
            ("maaling2Verdi", "Maaling2 verdi"),
            ("lokal_utvidelse-kode", "Lokal utvidelse kode"),
            ("X", "X"),
            ("ÅrsakTil", "Årsak til"),
        ];
        for (name, shown) in rows {
            assert_eq!(words_apart(name), shown);
        }
    }
}
