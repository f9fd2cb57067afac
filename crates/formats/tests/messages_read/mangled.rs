//! However a message is mangled, reading it ends and doesn't panic.

use proptest::{collection::vec, prelude::*, sample::Index};
use samspill_formats::{
    messages::read::{self, MessageLimits},
    xml::{Child, Element, XmlLimits, decode, parse, write},
};

use crate::{data, files_in};

/// One change to a tree; the numbers choose where.
#[derive(Clone, Debug)]
enum Change {
    Delete(Index),
    Double(Index),
    Move(Index, Index),
    Text(Index, String),
    Attribute(Index, String),
    Rename(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    let text = || {
        prop_oneof![
            Just(String::new()),
            Just("2026-03-09".to_owned()),
            Just("10:20:00".to_owned()),
            Just("JVBERi0=".to_owned()),
            "\\PC{0,12}"
        ]
    };
    prop_oneof![
        place().prop_map(Change::Delete),
        place().prop_map(Change::Double),
        (place(), place()).prop_map(|(from, to)| Change::Move(from, to)),
        (place(), text()).prop_map(|(at, text)| Change::Text(at, text)),
        (place(), text()).prop_map(|(at, text)| Change::Attribute(at, text)),
        (place(), place()).prop_map(|(at, like)| Change::Rename(at, like)),
    ]
}

/// The element with this number, in the order of the document.
fn element_at<'e>(element: &'e mut Element, left: &mut usize) -> Option<&'e mut Element> {
    if *left == 0 {
        return Some(element);
    }
    *left -= 1;
    element.children.iter_mut().find_map(|child| match child {
        Child::Element(child) => element_at(child, left),
        Child::Text(_) => None,
    })
}

fn count(element: &Element) -> usize {
    1 + element.elements().map(count).sum::<usize>()
}

fn apply(root: &mut Element, change: Change) {
    let size = count(root);
    let at = |index: &Index| index.index(size);
    match change {
        Change::Delete(place) => {
            element_at(root, &mut at(&place)).unwrap().children.pop();
        }
        Change::Double(place) => {
            let element = element_at(root, &mut at(&place)).unwrap();
            element.children.extend_from_within(..);
        }
        Change::Move(from, to) => {
            let moved = element_at(root, &mut at(&from)).unwrap().clone();
            element_at(root, &mut at(&to)).unwrap().children.push(Child::Element(moved));
        }
        Change::Text(place, text) => {
            element_at(root, &mut at(&place)).unwrap().children = vec![Child::Text(text)];
        }
        Change::Attribute(place, text) => {
            for (_, value) in &mut element_at(root, &mut at(&place)).unwrap().attributes {
                value.clone_from(&text);
            }
        }
        Change::Rename(place, like) => {
            let name = element_at(root, &mut at(&like)).unwrap().name.clone();
            element_at(root, &mut at(&place)).unwrap().name = name;
        }
    }
}

/// Reads a text if it is XML, and holds what every message must be to it.
fn read_anything(text: &str) {
    let limits = MessageLimits::default();
    let Ok(document) = parse(text, &XmlLimits { elements_max: 20_000, ..XmlLimits::default() }) else {
        return;
    };
    let (message, findings) = read::read(&document, &limits);
    assert_eq!(read::kind(&document), (message.kind, message.version));
    assert!(findings.len() <= limits.findings_max + 1);
    for finding in findings {
        assert!(finding.path.starts_with('/') && !finding.text.is_empty(), "{finding}");
    }
    for attachment in message.attachments {
        assert!(attachment.bytes.is_none_or(|bytes| bytes.len() <= limits.attachment_bytes_max));
    }
}

fn texts() -> impl Strategy<Value = String> {
    let texts: Vec<String> =
        files_in(&data()).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    prop::sample::select(texts)
}

proptest! {
    #[test]
    fn a_message_with_other_parts_is_read(text in texts(), changes in vec(change(), 1..12)) {
        let document = parse(&text, &XmlLimits::default()).unwrap();
        let mut element = Element::from(document.root());
        for change in changes {
            if count(&element) < 4_000 {
                apply(&mut element, change);
            }
        }
        read_anything(&write(&element));
    }

    #[test]
    fn a_message_with_other_bytes_is_read(
        text in texts(),
        changes in vec((any::<Index>(), prop_oneof![any::<u8>(), prop::sample::select(b"<>/&\"'=; -:".to_vec())]), 1..6),
        end in any::<Index>(),
    ) {
        let mut bytes = text.into_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if end.index(8) == 0 {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(text) = decode(&bytes, &XmlLimits::default()) {
            read_anything(&text);
        }
    }
}
