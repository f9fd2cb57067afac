//! Encodings that are read, and those that are refused by name.

use samspill_formats::xml::{XmlLimits, decode};

use crate::{
    documents::notice,
    walk::{answered, opened},
};

fn declared(encoding: &str) -> String {
    notice().replacen("encoding=\"UTF-8\"", &format!("encoding=\"{encoding}\""), 1)
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf32(text: &str) -> Vec<u8> {
    text.chars().flat_map(|it| u32::from(it).to_be_bytes()).collect()
}

/// Each character as the byte of its number; what Latin-1 doesn't have isn't in our messages.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|it| u8::try_from(u32::from(it)).expect("Latin-1")).collect()
}

#[track_caller]
fn check(bytes: &[u8], fault: &str, answer: &str) {
    let opened = opened(bytes);
    let found = opened.fault.as_ref().map(|it| it.fault.to_string()).unwrap_or_default();
    assert!(found.contains(fault) && found.is_empty() == fault.is_empty(), "{found}");
    assert_eq!(answered(&opened), answer, "{found}");
}

#[test]
fn an_encoding_that_is_read_gives_the_same_message() {
    let plain = opened(notice().as_bytes()).message;
    let rows = [
        latin1(&declared("ISO-8859-1")),
        latin1(&declared("windows-1252")),
        [&b"\xEF\xBB\xBF"[..], notice().as_bytes()].concat(),
        [&b"\xFE\xFF"[..], &utf16(&declared("UTF-16"), u16::to_be_bytes)].concat(),
        [&b"\xFF\xFE"[..], &utf16(&declared("UTF-16"), u16::to_le_bytes)].concat(),
    ];
    for bytes in rows {
        assert_eq!(opened(&bytes).message, plain);
        check(&bytes, "", "ok");
    }
}

#[test]
fn another_encoding_is_refused_by_name_and_the_sender_told_where_the_head_can_be_read() {
    let rows = [
        (utf16(&declared("UTF-16"), u16::to_be_bytes), "UTF-16 without a byte order mark", "none"),
        (utf16(&declared("UTF-16"), u16::to_le_bytes), "UTF-16 without a byte order mark", "none"),
        (utf32(&declared("UTF-32")), "", "none"),
        ([&b"\0\0\xFE\xFF"[..], &utf32(&declared("UTF-32"))].concat(), "", "none"),
        (latin1(&declared("UTF-8")), "the bytes aren't UTF-8", "T01"),
        (declared("IBM037").into_bytes(), "`IBM037` isn't read", "T01"),
        (declared("EBCDIC-CP-NO").into_bytes(), "`EBCDIC-CP-NO` isn't read", "T01"),
        (declared("UTF-7").into_bytes(), "`UTF-7` isn't read", "T01"),
        (declared("UTF-16").into_bytes(), "without a byte order mark", "T01"),
        (declared(&"x".repeat(1000)).into_bytes(), "isn't read", "T01"),
        (declared("").into_bytes(), "isn't read", "T01"),
        // EBCDIC itself: `<?xml` is 4C 6F A7 94 93.
        (b"\x4C\x6F\xA7\x94\x93\x40\xA5\x85\x99".to_vec(), "the bytes aren't UTF-8", "none"),
    ];
    for (bytes, fault, answer) in rows {
        let opened = opened(&bytes);
        let found = opened.fault.as_ref().map(|it| it.fault.to_string()).expect("it isn't read");
        assert!(found.contains(fault) && found.len() < 200, "{found}");
        assert_eq!(answered(&opened), answer, "{found}");
    }
}

#[test]
fn broken_bytes_are_told_where_they_stand() {
    let at = notice().find("Nordvik").expect("the name");
    for broken in [&b"\xC0\xAF"[..], b"\xED\xA0\x80", b"\xF5\x80\x80\x80", b"\x80", b"\xE2\x82"] {
        let bytes = [&notice().as_bytes()[..at], broken, &notice().as_bytes()[at..]].concat();
        let error = decode(&bytes, &XmlLimits::default()).unwrap_err();
        assert_eq!(usize::try_from(error.place.line).unwrap(), notice()[..at].lines().count(), "{broken:?}");
        check(&bytes, "the bytes aren't UTF-8", "T01");
    }
}

/// What XML doesn't have can't be repeated in a receipt, though all around it is.
#[test]
fn a_character_that_xml_does_not_have_in_the_head_is_left_out_of_the_receipt() {
    for letter in ["\0", "\u{8}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
        let text = notice().replacen("8100001", &format!("8100001{letter}"), 1).replace("Fjordheim", letter);
        check(text.as_bytes(), "can't stand in XML", "T01");
    }
}

#[test]
fn zeros_between_the_bytes_are_characters_that_xml_does_not_have() {
    let zeros: Vec<u8> = notice().bytes().flat_map(|it| [it, 0]).collect();
    assert!(opened(&zeros).fault.is_some());
    assert!(opened(&vec![0; 100_000]).fault.is_some());
    assert_eq!(answered(&opened(&vec![0; 100_000])), "none");
}

#[test]
fn a_declaration_of_another_version_of_xml_makes_no_difference_to_what_is_read() {
    let text = notice().replacen("version=\"1.0\"", "version=\"1.1\"", 1);
    assert_eq!(answered(&opened(text.as_bytes())), "ok");
    // Characters that only 1.1 has are refused all the same.
    check(text.replace("Medisinsk sengepost", "&#1;").as_bytes(), "U+0001", "T01");
}
