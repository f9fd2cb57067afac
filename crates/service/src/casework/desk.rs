//! What forms go by: the names and fillings of `data/casework.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use samspill_agreement::model::Text;
use samspill_base::Value;

/// What forms go by.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Names of fields that the vocabulary doesn't name.
    pub(super) names: BTreeMap<String, Text>,
    /// Fields of messages that hold a day.
    pub(super) days: BTreeSet<String>,
    /// Fields that no form asks for.
    pub(super) silent: BTreeSet<String>,
    /// Fields that a message has in coded form, which the record gives beside the words.
    pub(super) record: BTreeSet<String>,
    /// What a field is filled with, the first that is known; none listed: what the latest entry that has it says.
    pub(super) fill: BTreeMap<String, Vec<Filling>>,
    /// The facts that are asked for with an event.
    pub(super) facts: BTreeMap<String, Vec<String>>,
    /// The facts that registering an event says by itself.
    pub(super) implied: BTreeMap<String, BTreeMap<String, Value>>,
    /// By kind: the text that takes what no other part of its message takes.
    pub(super) overflow: BTreeMap<String, String>,
}

/// What a field can be filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    /// What an earlier entry said in a field.
    Field(String),
    /// A fact of the stay.
    Fact(String),
    /// The day.
    Today,
}

/// The file can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file can't be read: {0}")]
pub struct DeskError(String);

impl DeskError {
    pub(super) fn of(error: &toml::de::Error) -> Self {
        Self(error.to_string())
    }

    pub(super) fn wrong(key: &str, value: &str) -> Self {
        Self(format!("«{value}» is nothing that `{key}` can be"))
    }
}

static SHIPPED: LazyLock<Desk> = LazyLock::new(|| {
    Desk::read(include_str!("../../data/casework.toml"))
        .expect("the file is part of the program, and a test reads it")
});

impl Desk {
    /// That of the shipped vocabulary.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads such a file (TOML).
    ///
    /// # Errors
    /// Where it is no TOML, or has a key that such files don't have.
    pub fn read(text: &str) -> Result<Self, DeskError> {
        let said: FileText = toml::from_str(text).map_err(|error| DeskError::of(&error))?;
        let names = said.field.into_iter().map(|(name, text)| (name, text.into()));
        let fill = said
            .fill
            .into_iter()
            .map(|(name, words)| (name, words.iter().map(|word| filling(word)).collect()));
        let implied = said.implied.into_iter().map(|(kind, facts)| {
            (kind, facts.into_iter().map(|(fact, is_so)| (fact, Value::Bool(is_so))).collect())
        });
        Ok(Self {
            names: names.collect(),
            days: said.days.fields,
            silent: said.silent.fields,
            record: said.record.fields,
            fill: fill.collect(),
            facts: said.facts,
            implied: implied.collect(),
            overflow: said.overflow,
        })
    }
}

fn filling(word: &str) -> Filling {
    match word.strip_prefix("fact ") {
        Some(fact) => Filling::Fact(fact.to_owned()),
        None if word == "today" => Filling::Today,
        None => Filling::Field(word.to_owned()),
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    field: BTreeMap<String, ThreeTexts>,
    days: Listed,
    silent: Listed,
    record: Listed,
    fill: BTreeMap<String, Vec<String>>,
    facts: BTreeMap<String, Vec<String>>,
    implied: BTreeMap<String, BTreeMap<String, bool>>,
    overflow: BTreeMap<String, String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    fields: BTreeSet<String>,
}

/// A text in the three languages.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThreeTexts {
    nb: String,
    nn: String,
    en: String,
}

impl From<ThreeTexts> for Text {
    fn from(texts: ThreeTexts) -> Self {
        Self { nb: texts.nb, nn: Some(texts.nn), en: Some(texts.en) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_can_be_read() {
        assert!(!Desk::shipped().names.is_empty());
    }

    #[test]
    fn a_key_that_isnt_known_is_told_of() {
        assert!(Desk::read("[feilt]\nx = 1").is_err());
    }
}
