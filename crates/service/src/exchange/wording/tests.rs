use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::exchange::receipts::{Reason, Remark, Silence};

const OTHERS: [Language; 2] = [Language::Nynorsk, Language::English];

fn check(rows: &[[&str; 3]]) {
    for [bokmal, nynorsk, english] in rows {
        assert_eq!(in_language(bokmal, Language::Bokmal), *bokmal);
        assert_eq!(in_language(bokmal, Language::Nynorsk), *nynorsk);
        assert_eq!(in_language(bokmal, Language::English), *english);
    }
}

#[test]
fn a_sentence_is_said_with_its_values_in_the_language_of_the_reader() {
    check(&[
        [
            "12 sendinger venter på amqp: køen står.",
            "12 sendingar ventar på amqp: køen står.",
            "Waiting for amqp: 12. The queue stands still.",
        ],
        [
            "3 sendinger til mottakere uten kanal er gitt opp, og venter på en person.",
            "3 sendingar til mottakarar utan kanal er gitt opp, og ventar på ein person.",
            "Given up on the way to receivers without a channel: 3. A person must look at it.",
        ],
        [
            "Hvilket opphold gjelder meldingen? Samtalen gjelder en annen pasient enn meldingen.",
            "Kva opphald gjeld meldinga? Samtalen gjeld ein annan pasient enn meldinga.",
            "Which stay is the message about? The conversation is about another patient than the message.",
        ],
    ]);
}

#[test]
fn sentences_in_sentences_are_said_too() {
    check(&[
        [
            "Mottakeren avviste meldingen: E30 Pasientens fødselsnummer mangler; E99 Noe annet. Den er ikke mottatt. Send på nytt, eller gi beskjed på annen måte.",
            "Mottakaren avviste meldinga: E30 Fødselsnummeret til pasienten manglar; E99 Noe annet. Ho er ikkje motteken. Send på nytt, eller gi beskjed på annan måte.",
            "The receiver rejected the message: E30 The patient's national identity number is missing; E99 Noe annet. It was not taken in. Send it again, or tell the receiver in another way.",
        ],
        [
            "Hovedmottaker: avvises med T02 XML validerer ikke (HIS 80415:2012 3.3.4, kan): XML-en følger ikke skjemaet: se a/b (linje 3), …c (linje 7) og 2 til. Rett det og send meldingen på nytt med ny meldings-id.",
            "Hovudmottakar: blir avvist med T02 XML validerer ikkje (HIS 80415:2012 3.3.4, kan): XML-en følgjer ikkje skjemaet: sjå a/b (linje 3), …c (linje 7) og 2 til. Rett det og send meldinga på nytt med ny meldings-id.",
            "Main receiver: rejected with T02 The XML is not valid (HIS 80415:2012 3.3.4, may): The XML does not follow the schema: see a/b (line 3), …c (line 7) and 2 more. Correct it and send the message again with a new message id.",
        ],
        [
            "T01 Ikke XML / ikke 'well formed' / uleselig: Dokumentet slutter for tidlig; deler av det mangler (linje 4, kolonne 1). Rett det og send meldingen på nytt med ny meldings-id.",
            "T01 Ikkje XML / ikkje 'well formed' / uleseleg: Dokumentet sluttar for tidleg; delar av det manglar (linje 4, kolonne 1). Rett det og send meldinga på nytt med ny meldings-id.",
            "T01 Not XML / not well-formed / unreadable: The document ends too early; parts of it are missing (line 4, column 1). Correct it and send the message again with a new message id.",
        ],
    ]);
}

#[test]
fn what_others_write_stands_as_it_is() {
    let long = "T99 Annen teknisk feil: ".repeat(1_000);
    let texts = ["", "Ring oss, så ordner vi det.", "a, b; c", "mappe: full", "connection refused", "{n}"];
    for text in texts {
        assert!(OTHERS.iter().all(|language| translated(text, *language).is_none()), "{text}");
    }
    // However often somebody says a thing of a thing, it ends.
    assert!(translated(&long, Language::English).is_some_and(|said| said.len() > 20_000));
}

#[test]
fn every_sentence_has_the_same_values_in_three_languages_and_stands_here_once() {
    let names = |text: &str| -> BTreeSet<String> {
        let after = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        after.map(|(name, _)| name.trim_start_matches(['=', '#']).to_owned()).collect()
    };
    let mut seen = BTreeSet::new();
    for [bokmal, nynorsk, english] in all() {
        assert!(!nynorsk.is_empty() && !english.is_empty(), "{bokmal}");
        assert_eq!(names(bokmal), names(nynorsk), "{nynorsk}");
        assert_eq!(names(bokmal), names(english), "{english}");
        assert!(seen.insert(bokmal), "twice: {bokmal}");
    }
}

#[test]
fn every_reason_remark_and_silence_is_here() {
    let reasons = Reason::ALL.map(|it| format!("{} {}", it.code(), it.name()));
    let remarks = [
        Remark::NoJournal,
        Remark::SchemaFaults,
        Remark::UnknownService,
        Remark::SyntheticNumber,
        Remark::RealNumber,
    ];
    let silences = Silence::ALL.map(|it| it.text().to_owned());
    let all = reasons.into_iter().chain(remarks.map(|it| it.text().to_owned())).chain(silences);
    for text in all {
        assert!(OTHERS.iter().all(|language| translated(&text, *language).is_some()), "{text}");
    }
}

/// A sentence that is written about a message and not added to the tables would be shown in bokmål to everybody.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the sources")]
fn every_norwegian_sentence_that_is_written_about_messages_is_here() {
    let known = |text: &str| {
        let text = &text.replace("{}", "0");
        let is_row = |value: &str| is_row(value) || value.starts_with('{');
        all().any(|[bokmal, ..]| values(bokmal, text, &is_row).is_some())
    };
    let mut missing = Vec::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exchange")) {
        let source = fs::read_to_string(&file).unwrap();
        let literals = literals(&source).into_iter().filter(|text| is_norwegian(text));
        missing.extend(literals.filter(|text| !known(text) && !PARTS.contains(&text.as_str())));
    }
    assert!(missing.is_empty(), "not in three languages: {missing:#?}");
}

/// Parts of sentences, and a value of entries: what a message says is shown as it is said.
const PARTS: [&str; 2] = [" og {more} til", "i meldingen"];

/// The source files of a folder, but for these tables, what is sent to others, what no page shows, and the names of reasons, which have
/// a test above.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if ["wording", "sending", "not_reasons.rs", "reason.rs"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn is_norwegian(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["er", "ikke", "og", "som", "på", "til", "av", "har", "må", "meldingen", "pasienten", "teksten"];
    let mut words = text.split(|it: char| !it.is_alphabetic()).map(str::to_lowercase);
    let is_clause = text.starts_with("HIS ") || text.starts_with("HITS ");
    text.contains(' ') && !is_clause && words.any(|word| WORDS.contains(&&*word))
}

/// The string literals of a source file before its tests, as they are read.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let (mut found, mut rest) = (Vec::new(), code.as_str());
    while let Some((before, after)) = rest.split_once('"') {
        if before.ends_with('\'') {
            rest = after;
            continue;
        }
        let (mut text, mut chars) = (String::new(), after.chars());
        while let Some(it) = chars.next().filter(|it| *it != '"') {
            match (it, (it == '\\').then(|| chars.next()).flatten()) {
                (_, Some('\n')) => chars = chars.as_str().trim_start().chars(),
                (_, Some(escaped)) => text.push(escaped),
                (plain, None) => text.push(plain),
            }
        }
        found.push(text);
        rest = chars.as_str();
    }
    found
}
