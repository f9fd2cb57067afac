//! Words by which a hospital promises what only the municipality decides on.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::civil::Date;
use samspill_agreement::model::Text;
use samspill_base::{ClauseRef, Value};

use super::desk::{DeskError, ThreeTexts};
use crate::exchange::meaning::find_any;

/// Words at most between what promises and what is promised.
const BETWEEN_MAX: usize = 6;
/// More of a text than this isn't looked at.
const TEXT_CHARS_MAX: usize = 20_000;

/// The lists of words, by the day from which each holds.
#[derive(Clone, Debug)]
pub struct Promises {
    lists: Vec<List>,
}

#[derive(Clone, Debug)]
struct List {
    from: Date,
    of: Vec<String>,
    clauses: BTreeMap<String, ClauseRef>,
    says: Text,
    services: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
    unless: Vec<String>,
}

/// A sentence that promises municipal services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The field that it stands in.
    pub field: String,
    /// The sentence, as it stands.
    pub sentence: String,
    /// What the agreement says of it.
    pub says: Text,
    /// Where; none where the agreement of the stay isn't listed.
    pub clause: Option<ClauseRef>,
}

static SHIPPED: LazyLock<Promises> = LazyLock::new(|| {
    Promises::read(include_str!("../../data/promises.toml"))
        .expect("the list is part of the program, and a test reads it")
});

impl Promises {
    /// The shipped lists.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads such a file (TOML).
    ///
    /// # Errors
    /// Where it is no TOML, or has a key that such files don't have.
    pub fn read(text: &str) -> Result<Self, DeskError> {
        let file: FileText = toml::from_str(text).map_err(|error| DeskError::of(&error))?;
        let mut lists: Vec<List> = file.list.into_iter().map(List::read).collect::<Result<_, _>>()?;
        lists.sort_by_key(|list| list.from);
        Ok(Self { lists })
    }

    /// The sentences in a body that promise services, where a party of this role writes it under this agreement on this day.
    pub fn in_body(
        &self,
        body: &BTreeMap<String, Value>,
        role: &str,
        agreement: &str,
        on: Date,
    ) -> Vec<Promise> {
        let of_role = |list: &&List| list.of.iter().any(|of| of == role);
        let Some(list) = self.lists.iter().rfind(|list| list.from <= on).filter(of_role) else {
            return Vec::new();
        };
        let texts = body.iter().filter_map(|(field, value)| Some((field, value.as_text()?)));
        let found = texts.flat_map(|(field, text)| {
            list.sentences(text).into_iter().map(move |sentence| Promise {
                field: field.clone(),
                sentence,
                says: list.says.clone(),
                clause: list.clauses.get(agreement).cloned(),
            })
        });
        found.collect()
    }
}

impl List {
    fn read(text: ListText) -> Result<Self, DeskError> {
        let phrases = |all: &[String]| all.iter().map(|phrase| phrase.to_lowercase()).collect();
        let wrong = |_| DeskError::wrong("from", &text.from.to_string());
        Ok(Self {
            from: text.from.to_string().parse().map_err(wrong)?,
            of: text.of,
            clauses: text.clauses.into_iter().map(|(id, clause)| (id, ClauseRef::new(clause))).collect(),
            says: text.says.into(),
            services: text.services.words,
            before: phrases(&text.before),
            after: phrases(&text.after),
            unless: phrases(&text.unless),
        })
    }

    fn sentences(&self, text: &str) -> Vec<String> {
        let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
        let sentences = text.split_inclusive(['.', '!', '?', ';', '\n']).map(str::trim);
        sentences.filter(|sentence| self.promises(sentence)).map(str::to_owned).collect()
    }

    fn promises(&self, sentence: &str) -> bool {
        let sentence = sentence.to_lowercase();
        let words: Vec<&str> = sentence
            .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
            .filter(|word| !word.is_empty())
            .collect();
        let says = |phrases: &[String], words: &[&str]| find_any(phrases, words).is_some();
        let services = words.iter().enumerate().filter(|(_, word)| self.is_service(word)).map(|(at, _)| at);
        let promised = |at: usize| {
            let until = (at + 1 + BETWEEN_MAX).min(words.len());
            says(&self.before, &words[at.saturating_sub(BETWEEN_MAX)..at])
                || says(&self.after, &words[at + 1..until])
        };
        let is_promise = services.into_iter().any(promised);
        is_promise && !says(&self.unless, &words)
    }

    fn is_service(&self, word: &str) -> bool {
        self.services.iter().any(|service| match service.strip_suffix('…') {
            Some(beginning) => word.starts_with(beginning),
            None => word == service,
        })
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    list: Vec<ListText>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ListText {
    from: toml::value::Datetime,
    of: Vec<String>,
    clauses: BTreeMap<String, String>,
    says: ThreeTexts,
    services: WordsText,
    before: Vec<String>,
    after: Vec<String>,
    unless: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsText {
    words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn found(text: &str, role: &str) -> Vec<Promise> {
        let body = [("status".to_owned(), Value::text(text))].into();
        Promises::shipped().in_body(&body, role, "unn", date(2025, 3, 3))
    }

    /// Rows: `!` for a promise, and the sentence.
    #[track_caller]
    fn check(rows: &str) {
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let (sign, text) = row.split_at(1);
            assert_eq!(!found(text, "sykehus").is_empty(), sign == "!", "{row}");
        }
    }

    #[test]
    fn promises_are_pointed_out_and_needs_are_not() {
        check(
            "
            ! Pasienten får hjemmesykepleie tre ganger daglig.
            ! Hun skal ha plass på sykehjem etter utskrivning.
            ! Korttidsplass er bestilt.
            ! Vi har lovet pårørende korttidsopphold.
            ! Pasienten har krav på langtidsplass i kommunen.
            ! Pasienten får heimesjukepleie frå måndag.
            ! Kommunen stiller med hjemmehjelp.
            - Pasienten har behov for hjelp til personlig hygiene.
            - Kommunen vurderer om pasienten får sykehjemsplass.
            - Pasienten får hjemmesykepleie fra før.
            - Pasienten ønsker korttidsplass.
            - Det er søkt om sykehjemsplass.
            - Pasienten får fysioterapi på avdelingen.
            - Sårstell to ganger i uken.
        ",
        );
    }

    #[test]
    fn only_the_sentence_that_promises_is_shown_with_the_clause() {
        let found = found("Stabil. Korttidsplass er bestilt. Spiser godt.", "sykehus");
        let [promise] = &found[..] else { panic!("{found:?}") };
        assert_eq!(promise.sentence, "Korttidsplass er bestilt.");
        assert!(promise.clause.as_ref().is_some_and(|clause| clause.as_str().contains("3.1")));
    }

    #[test]
    fn what_the_municipality_says_of_its_own_services_is_no_promise_of_another() {
        assert!(found("Pasienten får korttidsplass.", "kommune").is_empty());
    }

    #[test]
    fn no_list_holds_before_its_first_day() {
        let body = [("status".to_owned(), Value::text("Korttidsplass er bestilt."))].into();
        let on = |day| Promises::shipped().in_body(&body, "sykehus", "unn", day).len();
        assert_eq!((on(date(2020, 12, 31)), on(date(2021, 1, 1))), (0, 1));
    }
}
