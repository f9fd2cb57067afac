//! What is wrong in JSONL, and where.

mod common;

use common::{check, options, read};
use samspill_base::{Decimal, Value};
use samspill_formats::{Format, Limits, ReadOptions};

#[track_caller]
fn check_lines(lines: &[u8], expected: &str) {
    check(lines, &options(Format::Jsonl), expected);
}

#[test]
fn bad_lines_are_reported_and_the_rest_is_read() {
    check_lines(
        br#"{"case":"a","kind":"x","at":"2024-01-01"}
{"case":"a","kind":"x"}
 {"kind":"x","at":"2024-01-01"}
{"case":"a","at":"2024-01-01"}
{"case":17,"kind":"x","at":"2024-01-01"}
{"case":"a","kind":" ","at":"2024-01-01"}
{"case":"a","kind":"x","at":"i dag"}
{"case":"a","kind":"x","at":"2024-01-01","body":[]}
{"case":"a","kind":"x","at":"2024-01-01","at":"2024-01-01"}
{"case":"a","kind":"x","at":"2024-01-01","facts":null,"facts":{}}
{"case":"a","kind":"x","at":"2024-01-01","body":{"b":{"c":1,"c":1}}}
[]
{"case":"a"
{"case":"a","kind":"x","at":"2024-01-01"} {}
{"case":"a","kind":"x","at":"2024-01-01","body":{"v":01}}
{"case":"a","kind":"x","at":"2024-01-01","body":{"v":tru}}
{"case":"a","kind":"x","at":"2024-01-01","body":{"v":"\q"}}
{"case":"a","kind":"x","at":"2024-01-01","body":{"v":"\ud83d"}}
{"case":"a","kind":"x","at":"2024-01-01","id":null}"#,
        "
        1 a x
        2:1 left out: «at» is missing: write \"at\": \"2024-03-31T02:30\"
        3:2 left out: «case» is missing…
        4:1 left out: «kind» is missing…
        5:9 left out: «case» must be text in quotes, not a number
        6:20 left out: «kind» says nothing…
        7:29 left out: «at»: «i dag» is not a time: write…
        8:49 left out: «body» must be an object, not a list…
        9:42 left out: «at» stands here a second time…
        10:55 left out: «facts» stands here a second time…
        11:61 left out: this key stands here a second time…
        12:1 left out: an object should stand here, not a list
        13:12 left out: …breaks off…
        14:43 left out: «{» stands where nothing more should be
        15:54 left out: «01» is not a number…
        16:54 left out: «t» stands where a value should be
        17:55 left out: a backslash stands alone…
        18:55 left out: half a character…
        19 a x
        ",
    );
}

#[test]
fn a_field_that_entries_do_not_have_is_said_once_and_the_line_kept() {
    check_lines(
        br#"{"case":"a","knid":1,"kind":"x","at":"2024-01-01","weather":"fine"}
{"case":"a","knid":1,"kind":"x","at":"2024-01-01"}
{"case":"a","x":1,"kind":"x","at":"2024-01-01","x":2}"#,
        "
        1:13 kept: entries have no field «knid»: did you mean «kind»?…
        1:51 kept: entries have no field «weather»: …«body»
        1 a x
        2 a x
        3:13 kept: …
        3:48 left out: this key stands here a second time…
        ",
    );
}

#[test]
fn columns_count_characters_and_bytes_that_are_no_text_are_named() {
    check_lines(
        b"{\"case\":\"\xC3\xA6\xC3\xB8\",\"kind\":3}\n{\"case\":\"bl\xE5\"}\n\xEF\xBB\xBF\n",
        "
        1:21 left out: «kind» must be text…
        2:12 left out: the byte 0xE5 is not UTF-8…
        3:1 left out: …
        ",
    );
}

#[test]
fn numbers_are_kept_digit_by_digit() {
    let line = br#"{"case":"a","kind":"x","at":"2024-01-01","body":{"a":35.0,"b":0.1,"c":9007199254740993,"d":-1.25e2,"e":123456789012345678901234567890,"f":0e999999999,"g":0.1234567890123}}"#;
    let log = read(line, &options(Format::Jsonl)).unwrap();
    let entry = &log.cases[0].entries[0];
    for (name, expected) in [
        ("a", Value::Number(Decimal::whole(35))),
        ("b", Value::Number(Decimal::parse("0.1").unwrap())),
        ("c", Value::Number(Decimal::whole(9_007_199_254_740_993))),
        ("d", Value::Number(Decimal::whole(-125))),
        ("e", Value::text("123456789012345678901234567890")),
        ("f", Value::text("0e999999999")),
        ("g", Value::text("0.1234567890123")),
    ] {
        assert_eq!(entry.field(name), Some(&expected), "{name}");
    }
}

#[test]
fn a_line_exactly_at_the_limit_is_read_and_one_byte_more_is_not() {
    let line = br#"{"case":"a","kind":"x","at":"2024-01-01"}"#;
    let two = [&line[..], b"\n", &line[..], b"\n"].concat();
    for (limit, expected) in [
        (line.len(), "1 a x\n2 a x"),
        (line.len() - 1, "1:1 left out: the line is longer than 40 bytes…\n2:1 left out: …"),
    ] {
        let limits = Limits { line_bytes_max: limit, ..Limits::default() };
        check(&two, &ReadOptions { limits, ..options(Format::Jsonl) }, expected);
    }
}

#[test]
fn a_file_past_the_limit_ends_with_an_error() {
    let line = b"{\"case\":\"a\",\"kind\":\"x\",\"at\":\"2024-01-01\"}\n";
    let two = [&line[..], &line[..]].concat();
    for (limit, expected) in
        [(two.len(), "1 a x\n2 a x"), (two.len() - 1, "fatal: the log is larger than 83 bytes…")]
    {
        let limits = Limits { file_bytes_max: limit as u64, ..Limits::default() };
        let options = ReadOptions { limits, ..options(Format::Jsonl) };
        let transcript = common::transcript(&two, &options);
        let last = transcript.lines().last().unwrap();
        let wanted = expected.lines().last().unwrap().trim_end_matches('…');
        assert!(last.starts_with(wanted), "{limit}: {transcript}");
    }
}

#[test]
fn depth_and_number_of_fields_have_limits() {
    let nested = |depth: usize| {
        format!(
            r#"{{"case":"a","kind":"x","at":"2024-01-01","body":{{"v":{}{}}}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    check_lines(nested(30).as_bytes(), "1 a x");
    check_lines(nested(31).as_bytes(), "1:84 left out: values in values deeper than 32");
    check_lines(nested(100_000).as_bytes(), "1:84 left out: values in values deeper than 32");
    for (count, expected) in [(2, "1 a x"), (3, "1:64 left out: too many fields…")] {
        let fields: Vec<String> = (0..count).map(|n| format!("\"v{n}\":1")).collect();
        let line = format!(r#"{{"case":"a","kind":"x","at":"2024-01-01","body":{{{}}}}}"#, fields.join(","));
        let limits = Limits { fields_max: 2, ..Limits::default() };
        check(line.as_bytes(), &ReadOptions { limits, ..options(Format::Jsonl) }, expected);
    }
}
