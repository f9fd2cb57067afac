//! Files with mistakes, and what is said about them; files that are right, about which nothing is said.
//!
//! Every `.toml` under `tests/diagnostics/<topic>/{good,bad}` (or folder of versions) is loaded. Beside a bad one
//! stands a `.txt` with everything that is reported. Where the report has changed for the better, remove the
//! `.txt`: the next run writes it anew, and fails once so that it is looked at.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use samspill_agreement::{
    Code, Diagnostic, Look, Outcome, SourceFile, Sources, VersionSources, load, parse_cases,
    render_diagnostics,
};

use crate::common::{self, check_record, complete, entries, file};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// A `.toml`, or a folder of versions.
fn outcome(path: &Path) -> Outcome {
    if path.is_dir() {
        return load(common::versions(path, path), &complete());
    }
    let version =
        VersionSources { folder_name: "2024-01-01".into(), files: vec![file(path.parent().unwrap(), path)] };
    load(vec![version], &complete())
}

fn examples(which: &str) -> Vec<PathBuf> {
    let topics = entries(&folder()).into_iter().filter(|topic| !topic.ends_with("cases"));
    topics
        .flat_map(|topic| entries(&topic.join(which)))
        .filter(|path| path.extension().is_none_or(|end| end == "toml"))
        .collect()
}

fn fail_on(troubles: &[String]) {
    assert!(troubles.is_empty(), "{}", troubles.join("\n\n"));
}

#[test]
fn bad_files_are_reported_as_recorded() {
    let examples = examples("bad");
    assert!(examples.len() >= 40, "{} bad examples", examples.len());
    let troubles: Vec<String> = examples
        .iter()
        .filter_map(|path| {
            let outcome = outcome(path);
            assert!(!outcome.diagnostics.is_empty(), "nothing is said about {}", path.display());
            assert_eq!(outcome.agreement.is_none(), outcome.has_errors(), "{}", path.display());
            check_record(
                &path.with_extension("txt"),
                &render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain),
            )
        })
        .collect();
    fail_on(&troubles);
}

#[test]
fn good_files_are_not_reported() {
    for path in examples("good") {
        let outcome = outcome(&path);
        let found = render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain);
        assert_eq!(found, "", "{}", path.display());
        assert!(outcome.agreement.is_some(), "{}", path.display());
    }
}

#[test]
fn bad_cases_are_reported_as_recorded() {
    let path = folder().join("cases/bad/lines.toml");
    let (_, diagnostics, sources) = bad_cases(&path);
    fail_on(
        &check_record(&path.with_extension("txt"), &render_diagnostics(&diagnostics, &sources, Look::Plain))
            .into_iter()
            .collect::<Vec<_>>(),
    );
}

fn bad_cases(path: &Path) -> (usize, Vec<Diagnostic>, Sources) {
    let agreement = outcome(&folder().join("duties/good/no-conflict.toml")).agreement.unwrap();
    let cases = file(path.parent().unwrap(), path);
    let (read, diagnostics) = parse_cases(&cases, agreement.newest());
    (read.len(), diagnostics, Sources::of([&cases]))
}

/// A file of more than a mebibyte can't lie in the repository.
fn too_large() -> Outcome {
    let text = "# a comment\n".repeat(100_000);
    load(
        vec![VersionSources {
            folder_name: "2024-01-01".into(),
            files: vec![SourceFile::new("stor.toml", text)],
        }],
        &(),
    )
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_refused_unread() {
    let outcome = too_large();
    assert_eq!(outcome.diagnostics[0].code, Code::FileTooLarge);
    assert!(outcome.agreement.is_none());
}

#[test]
fn every_code_has_an_example() {
    let mut seen: BTreeSet<Code> = too_large().diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    for path in examples("bad") {
        seen.extend(outcome(&path).diagnostics.iter().map(|diagnostic| diagnostic.code));
    }
    seen.extend(bad_cases(&folder().join("cases/bad/lines.toml")).1.iter().map(|diagnostic| diagnostic.code));
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no example shows {missing:?}");
}

#[test]
fn codes_are_in_order_and_never_given_twice() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
}

#[test]
fn every_diagnostic_says_what_to_do() {
    for path in examples("bad") {
        for diagnostic in outcome(&path).diagnostics {
            assert!(diagnostic.help.is_some(), "{}: {diagnostic:?}", path.display());
            assert!(diagnostic.at.place.line > 0 && diagnostic.at.column > 0, "{diagnostic:?}");
        }
    }
}

#[test]
fn a_diagnostic_as_json_names_file_line_and_column() {
    let outcome = outcome(&folder().join("rules/bad/may-not-send.toml"));
    let json = serde_json::to_value(&outcome.diagnostics[0]).unwrap();
    assert_eq!(json["code"], "A070");
    assert_eq!(json["severity"], "error");
    assert_eq!(json["file"], "may-not-send.toml");
    assert_eq!(json["line"], 35);
    assert_eq!(json["column"], 6);
}
