//! Reading and checking at once says what each says alone.

use samspill_formats::{
    messages::{
        model,
        read::{self, MessageLimits},
    },
    xml::{XmlLimits, parse},
};

use crate::{data, files_in, ours, shared, text_of};

#[track_caller]
fn same(text: &str) {
    let Ok(document) = parse(text, &XmlLimits::default()) else { return };
    let limits = MessageLimits::default();
    let (message, findings, schema) = read::read_and_check(&document, &limits);
    assert_eq!((message, findings), read::read(&document, &limits));
    assert_eq!(schema, model::check(&document));
}

#[test]
fn ours_and_those_of_the_publishers_are_read_and_checked_alike() {
    let folders = [Some(data()), shared("standards/plo/samples")];
    for path in folders.iter().flatten().flat_map(|folder| files_in(folder)) {
        if let Some(text) = text_of(&path) {
            same(&text);
        }
    }
}

#[test]
fn a_broken_file_is_found_wherever_it_is_broken() {
    let text = ours("dialog11-vedlegg");
    let begin = text.find("Base64Container").and_then(|at| Some(at + text[at..].find('>')? + 1)).unwrap();
    let end = begin + text[begin..].find("</").unwrap();
    for broken in ["*", "=", "Q", " ", "\n", "\u{E5}"] {
        for place in [begin, begin.midpoint(end), end] {
            same(&format!("{}{broken}{}", &text[..place], &text[place..]));
        }
    }
    let document = format!("{}*{}", &text[..begin], &text[begin..]);
    let document = parse(&document, &XmlLimits::default()).unwrap();
    let (_, findings, schema) = read::read_and_check(&document, &MessageLimits::default());
    assert!(findings.iter().any(|finding| finding.code == "not-base64"));
    assert!(schema.iter().any(|finding| finding.code == "wrong-value"));
}
