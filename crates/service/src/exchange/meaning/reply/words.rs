//! The words that replies are read by: `data/reply-words.toml`.

use std::sync::LazyLock;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub can: Vec<String>,
    pub cannot: Vec<String>,
    pub not: Vec<String>,
    pub harmless: Vec<String>,
    #[serde(rename = "if")]
    pub conditions: Vec<String>,
    pub perhaps: Vec<String>,
    pub expected: Vec<String>,
    pub from: Vec<String>,
    pub earliest: Vec<String>,
    pub before: Vec<String>,
    pub yes: Vec<String>,
    pub no: Vec<String>,
    pub verbs: Vec<String>,
    pub today: Vec<String>,
    pub tomorrow: Vec<String>,
    pub day_after: Vec<String>,
    pub vague: Vec<String>,
    pub next: Vec<String>,
    monday: Vec<String>,
    tuesday: Vec<String>,
    wednesday: Vec<String>,
    thursday: Vec<String>,
    friday: Vec<String>,
    saturday: Vec<String>,
    sunday: Vec<String>,
    pub months: Vec<Vec<String>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../data/reply-words.toml"))
        .expect("the words are part of the program, and a test reads them")
});

pub(super) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// The weekday, Monday first, counted from 0.
    pub(super) fn weekday(&self, word: &str) -> Option<i8> {
        let days = [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ];
        let stem = word.strip_suffix("en").unwrap_or(word);
        let is = |names: &&Vec<String>| names.iter().any(|name| name == word || name == stem);
        days.iter().position(is).and_then(|day| i8::try_from(day).ok())
    }

    /// The month, from 1.
    pub(super) fn month(&self, word: &str) -> Option<i8> {
        let is = |names: &Vec<String>| names.iter().any(|name| name == word);
        self.months.iter().position(is).and_then(|month| i8::try_from(month + 1).ok())
    }
}

/// Where a phrase stands among words: from and until. `*` is up to four words, `a/b` either.
pub(super) fn find(phrase: &str, words: &[&str]) -> Option<(usize, usize)> {
    let pattern: Vec<&str> = phrase.split(' ').collect();
    (0..words.len()).find_map(|start| Some((start, matched(&pattern, words, start)?)))
}

/// Where any of the phrases stands.
pub(crate) fn find_any(phrases: &[String], words: &[&str]) -> Option<(usize, usize)> {
    phrases.iter().find_map(|phrase| find(phrase, words))
}

/// Whether a phrase begins at a word; its end.
pub(super) fn matched(pattern: &[&str], words: &[&str], at: usize) -> Option<usize> {
    const GAP_MAX: usize = 4;
    match pattern.split_first() {
        None => Some(at),
        Some((&"*", rest)) => (0..=GAP_MAX).find_map(|gap| matched(rest, words, at + gap)),
        Some((&"ta", rest)) if words.get(at) == Some(&"ta") && rest.first() == Some(&"imot") => {
            let next = words.get(at + 1..)?;
            match next {
                // «ta imot», «ta i mot», «ta pasienten imot», «ta henne i mot»
                ["imot", ..] => matched(&rest[1..], words, at + 2),
                ["i", "mot", ..] | [_, "imot", ..] => matched(&rest[1..], words, at + 3),
                [_, "i", "mot", ..] => matched(&rest[1..], words, at + 4),
                _ => None,
            }
        }
        Some((first, rest)) => {
            let word = words.get(at)?;
            first.split('/').any(|option| option == *word).then(|| matched(rest, words, at + 1))?
        }
    }
}
