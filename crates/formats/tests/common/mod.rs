//! What the tests of logs share.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test file is a crate of its own and uses a part of this"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;

use jiff::tz::TimeZone;
use samspill_base::{CaseLog, Position};
use samspill_formats::{Effect, Format, GroupedLog, Item, LogReader, ReadError, ReadOptions, group_all};

pub(crate) fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").unwrap()
}

pub(crate) fn options(format: Format) -> ReadOptions {
    ReadOptions { format: Some(format), ..ReadOptions::new(oslo()) }
}

pub(crate) fn read(bytes: &[u8], options: &ReadOptions) -> Result<GroupedLog, ReadError> {
    group_all(LogReader::new(bytes, options.format.unwrap(), options))
}

/// What becomes of a log, an item a line: `3 case kind`, `end case`, `1:2 left out message`, `fatal message`.
pub(crate) fn transcript(bytes: &[u8], options: &ReadOptions) -> String {
    let mut lines = String::new();
    for item in LogReader::new(bytes, options.format.unwrap(), options) {
        match item {
            Ok(Item::Entry(entry)) => writeln!(lines, "{} {} {}", entry.position.0, entry.case, entry.kind),
            Ok(Item::CaseEnd(case)) => writeln!(lines, "end {case}"),
            Ok(Item::Trouble(trouble)) => {
                let effect = match trouble.effect {
                    Effect::LeftOut => "left out",
                    Effect::Kept => "kept",
                };
                writeln!(
                    lines,
                    "{}:{} {effect}: {}",
                    trouble.place.line, trouble.place.column, trouble.message
                )
            }
            Err(error) => writeln!(lines, "fatal: {error}"),
        }
        .unwrap();
    }
    lines
}

/// Checks a transcript line by line; an expected line is whole, or has `…` for what is left out of it.
#[track_caller]
pub(crate) fn check(bytes: &[u8], options: &ReadOptions, expected: &str) {
    let transcript = transcript(bytes, options);
    let wanted: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let got: Vec<&str> = transcript.lines().collect();
    let fits = |got: &str, wanted: &str| {
        let mut parts = wanted.split('…');
        let mut rest = parts.next().and_then(|start| got.strip_prefix(start));
        let open_end = wanted.contains('…');
        for part in parts {
            rest = rest.and_then(|rest| rest.find(part).map(|at| &rest[at + part.len()..]));
        }
        rest.is_some_and(|rest| open_end || rest.is_empty())
    };
    let all = got.len() == wanted.len() && got.iter().zip(&wanted).all(|(got, wanted)| fits(got, wanted));
    assert!(all, "read:\n{transcript}\nexpected:\n{}", wanted.join("\n"));
}

/// The cases by name, with positions that don't depend on the format: each case's entries from 1 on.
pub(crate) fn comparable(mut cases: Vec<CaseLog>) -> Vec<CaseLog> {
    cases.sort_by(|one, other| one.case.cmp(&other.case));
    for log in &mut cases {
        for (index, entry) in log.entries.iter_mut().enumerate() {
            entry.position = Position(index as u64 + 1);
        }
    }
    cases
}
