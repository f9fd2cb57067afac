//! Whatever a message says is shown.
//!
//! Messages are made at random from the names of all elements that labels are known for (those of all schemas) and some that
//! nobody knows, nested in any way, because senders don't always follow the schema. Each text and attribute is a word of its
//! own, so that it is found again wherever it is shown.

use proptest::prelude::*;
use samspill_formats::messages::read::{MessageLimits, read};
use samspill_formats::messages::show::{self, Language};
use samspill_formats::xml::{self, Element, XmlLimits};

/// An element before its words are numbered.
#[derive(Clone, Debug)]
struct Plan {
    name: String,
    attributes: Vec<&'static str>,
    has_text: bool,
    children: Vec<Plan>,
}

/// Attributes with meaning, wherever they stand.
const ATTRIBUTES: [&str; 6] = ["V", "DN", "OT", "U", "informasjonskategori", "ukjentAttributt"];

fn names() -> Vec<String> {
    let labels: toml::Table =
        include_str!("../data/labels/elements.toml").parse().expect("the labels are read");
    let known = labels.keys().filter(|key| !key.contains(['/', '@'])).cloned();
    known.filter(|name| !is_worded(name)).chain(["LokalUtvidelse".to_owned(), "x".to_owned()]).collect()
}

/// What isn't shown as it stands: bytes of files, and MIME types that a file is known by.
fn is_worded(name: &str) -> bool {
    ["Base64Container", "MimeType"].contains(&name)
}

fn attributes() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(ATTRIBUTES.to_vec(), 0..=3)
}

fn plan() -> impl Strategy<Value = Plan> {
    let name = || proptest::sample::select(names());
    let leaf = (name(), attributes(), any::<bool>()).prop_map(|(name, attributes, has_text)| Plan {
        name,
        attributes,
        has_text,
        children: Vec::new(),
    });
    leaf.prop_recursive(6, 80, 6, move |inner| {
        (name(), attributes(), prop::bool::weighted(0.1), repeated(inner))
            .prop_map(|(name, attributes, has_text, children)| Plan { name, attributes, has_text, children })
    })
}

/// Children, some of them several times over: repeated elements become tables.
fn repeated(inner: impl Strategy<Value = Plan>) -> impl Strategy<Value = Vec<Plan>> {
    let run = (inner, 1..4_usize).prop_map(|(plan, count)| vec![plan; count]);
    prop::collection::vec(run, 1..4).prop_map(|runs| runs.concat())
}

/// The frames that messages come in, with the element where random content goes.
fn frame(number: usize, inner: Vec<Element>) -> Element {
    let el = |name: &'static str| Element::new("urn:ramme", name);
    match number {
        0 => el("MsgHead").child(el("MsgInfo").children(inner)),
        1 => el("MsgHead").child(el("Document").child(el("RefDoc").child(el("Content").children(inner)))),
        2 => el("AppRec").children(inner),
        3 => el("Message").child(el("ServRprt").children(inner)),
        4 => el("MsgHead").child(el("Document").children(inner)),
        _ => el("Ukjent").children(inner),
    }
}

/// The element of a plan; every word it is given is also put in `words`.
fn made(plan: &Plan, words: &mut Vec<String>) -> Element {
    let next = |words: &mut Vec<String>| {
        let word = format!("ord{}x", words.len());
        words.push(word.clone());
        word
    };
    let mut element = Element::new("urn:innhold", plan.name.clone());
    for attribute in &plan.attributes {
        // A code whose name is given is shown by its name alone.
        let word =
            if *attribute == "V" && plan.attributes.contains(&"DN") { "V".to_owned() } else { next(words) };
        element = element.with(*attribute, word);
    }
    if plan.has_text {
        element = element.text(next(words));
    }
    element.children(plan.children.iter().map(|child| made(child, words)).collect::<Vec<_>>())
}

fn all_text(html: &str) -> String {
    let document = xml::parse(html, &XmlLimits::default()).expect("HTML is well-formed");
    document.root().text_within()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_word_of_a_message_is_shown(number in 0..6_usize, plans in repeated(plan())) {
        let mut words = Vec::new();
        let inner = plans.iter().map(|plan| made(plan, &mut words)).collect();
        let source = xml::write(&frame(number, inner));
        let document = xml::parse(&source, &XmlLimits::default()).expect("what is written is read");
        let (message, _) = read(&document, &MessageLimits::default());
        let text = show::text(&document, &message, Language::Bokmal);
        let html = all_text(&show::html(&document, &message, Language::Nynorsk));
        for word in &words {
            prop_assert!(text.contains(word.as_str()), "{word} isn't in the text of\n{source}\n{text}");
            prop_assert!(html.contains(word.as_str()), "{word} isn't in the HTML of\n{source}");
        }
        for line in text.lines() {
            prop_assert!(line.chars().count() <= 100 && !line.ends_with(' '), "{line:?}");
        }
    }

    #[test]
    fn any_text_can_be_shown(note in any::<String>(), attribute in any::<String>()) {
        let allowed = |text: &str| text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '\u{FFFE}' | '\u{FFFF}')).collect::<String>();
        let element = Element::new("urn:x", "Notat").with("DN", allowed(&attribute)).text(allowed(&note));
        let source = xml::write(&Element::new("urn:x", "Rot").child(element.clone()).child(element));
        let document = xml::parse(&source, &XmlLimits::default()).expect("what is written is read");
        let (message, _) = read(&document, &MessageLimits::default());
        let text = show::text(&document, &message, Language::English);
        prop_assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
        prop_assert!(text.lines().all(|line| !line.ends_with(char::is_whitespace)), "{text:?}");
        xml::parse(&show::html(&document, &message, Language::English), &XmlLimits::default()).expect("HTML is well-formed");
    }
}
