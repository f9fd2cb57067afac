//! `samspill message` on files that are made to be a burden.

use std::{fs::File, io::Write, path::Path};

use crate::support::{file, root, samspill, stderr, stdout};

fn notice() -> String {
    let path = root().join("crates/formats/tests/data/messages/plo16-innlagt-kansellert.xml");
    std::fs::read_to_string(path).expect("the message")
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A message, and after it nothing but zeros for a terabyte: the file takes no room, and reading it whole would never end.
#[test]
fn a_file_that_is_too_large_is_refused_without_being_read_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("stor.xml");
    let mut large = File::create(&path).expect("a file");
    large.write_all(notice().as_bytes()).expect("written");
    large.set_len(1 << 40).expect("a file with holes");
    let path = shown(&path);
    for command in [["show", &path], ["to-log", &path]] {
        let run = samspill(["message"].into_iter().chain(command));
        assert!(stderr(&run).contains("more than 41943040 bytes"), "{}", stderr(&run));
    }
    let checked = stdout(&samspill(["message", "check", &path]).code(1));
    assert!(checked.contains("error[not-xml]") && checked.contains("more than 41943040 bytes"), "{checked}");
    // Its head can be read, and so its sender is told.
    let receipt = stdout(&samspill(["message", "receipt", &path]).success());
    assert!(receipt.contains("<Status V=\"2\"") && receipt.contains("V=\"T99\""), "{receipt}");
}

#[test]
fn what_a_document_names_is_neither_fetched_nor_expanded() {
    let (_kept, secret) = file("hemmelig.txt", "hemmelighet-5813");
    let entity = format!("<!DOCTYPE MsgHead [<!ENTITY a SYSTEM 'file://{}'>]><MsgHead", shown(&secret));
    let text = notice().replacen("<MsgHead", &entity, 1).replace("Nordvik", "&a;");
    let (_folder, path) = file("melding.xml", &text);
    for command in ["show", "check", "receipt", "to-log"] {
        let run = samspill(["message", command, &shown(&path)]);
        let said = stdout(&run) + &stderr(&run);
        assert!(said.contains("a document type (`<!DOCTYPE`) isn't read"), "{command}: {said}");
        assert!(!said.contains("hemmelighet-5813"), "{command}: {said}");
    }
}

#[test]
fn findings_about_a_flooded_message_are_few_and_short() {
    let idents = "<Ident><Id>1</Id><TypeId V=\"FNR\" S=\"2.16.578.1.12.4.1.1.8116\"/></Ident>".repeat(2_000);
    let flooded = notice().replacen("<DateOfBirth>", &format!("{idents}<DateOfBirth>"), 1);
    let (_folder, path) = file("melding.xml", &flooded);
    let run = samspill(["message", "check", &shown(&path)]);
    let found = stdout(&run);
    assert!((1..=1000).contains(&found.lines().count()), "{} lines", found.lines().count());
    assert!(found.lines().all(|line| line.len() < 2_000), "a line is too long");
}

/// What a terminal obeys, and what turns writing, stays in the file, whatever is said of it.
#[test]
fn characters_that_a_terminal_obeys_do_not_reach_it() {
    let text = notice().replace("Nordvik", "a\u{9b}31m\u{202e}b").replacen(
        "<GenDate>",
        "<GenDate>\u{9b}2J\u{202e}",
        1,
    );
    let (_folder, path) = file("melding.xml", &text);
    for command in ["show", "check", "to-log"] {
        let run = samspill(["message", command, &shown(&path)]);
        let said = stdout(&run) + &stderr(&run);
        let is_harmful = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert!(!said.chars().any(is_harmful), "{command}: {said:?}");
    }
}
