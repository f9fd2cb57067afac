//! Reading messages: what is read of them, what is told, and that nothing is lost on the way.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test reads files, says when there are none, and fails by panicking"
)]

mod checked;
mod findings;
#[path = "../lxml/mod.rs"]
mod lxml;
mod mangled;
mod ours;
mod round_trip;
mod samples;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use samspill_formats::{
    messages::{
        Finding,
        read::{self, MessageLimits},
        types::Message,
    },
    xml::{XmlLimits, decode, parse},
};

/// The text of a test message of ours: `opphold/01-innlagt`.
fn ours(name: &str) -> String {
    let path = data().join(name).with_extension("xml");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/messages")
}

/// The folder with what the standards' publishers made, if it is there.
fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is no shared/{folder}");
    None
}

/// The XML files in a folder and those in it, by name.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read_text(text: &str, limits: &MessageLimits) -> (Message, Vec<Finding>) {
    let document = parse(text, &XmlLimits::default()).unwrap();
    let (message, findings) = read::read(&document, limits);
    assert_eq!(read::kind(&document), (message.kind, message.version), "kind and read say the same");
    (message, findings)
}

fn read_ours(name: &str) -> (Message, Vec<Finding>) {
    read_text(&ours(name), &MessageLimits::default())
}

/// The text of a file, whatever its encoding.
fn text_of(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).unwrap();
    decode(&bytes, &XmlLimits::default()).map(Cow::into_owned).ok()
}
