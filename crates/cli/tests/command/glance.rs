//! The summary of a log is the same, whether it is read at a glance or case by case.
//!
//! With `--all` a log is read case by case; its last lines are the summary.

use std::{fs, path::Path};

use crate::support::{reference, root};

/// What a call prints, its complaints, and its exit code.
fn printed(arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = assert_cmd::Command::cargo_bin("samspill").expect("the command is built");
    let output = command.current_dir(root()).args(arguments).env("NO_COLOR", "1").output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[track_caller]
fn assert_same(log: &Path, format: &str, agreement: &str, more: &[&str]) {
    let name = log.display().to_string();
    let call = ["check", &name, "--input", format, "-a", agreement, "--as-of", "2024-12-01"];
    let (summary, complaints, code) = printed(&[&call, more].concat());
    let (all, all_complaints, all_code) = printed(&[&call, more, &["--all"]].concat());
    assert!(!summary.is_empty() || code != Some(0), "{name} gives a summary");
    let last_lines = all.get(all.len().saturating_sub(summary.len())..);
    assert_eq!(last_lines, Some(summary.as_str()), "{name}");
    assert_eq!((complaints, code), (all_complaints, all_code), "{name}");
}

fn written(folder: &tempfile::TempDir, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).expect("written");
    path
}

#[test]
fn of_a_shipped_log() {
    let log = root().join("examples/logg/opphold.jsonl");
    for agreement in ["agreements/troms-og-ofoten/unn", "agreements/more-og-romsdal/hmr"] {
        assert_same(&log, "jsonl", agreement, &[]);
    }
}

#[test]
fn of_a_table_with_bad_rows_unknown_kinds_and_quotes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = "case,kind,at,amount,avdeling\n".to_owned();
    for case in 0..300 {
        table.push_str(&format!(
            "c{case},Create Fine,2007-01-{:02}T00:00:00+01:00,35.0,\"to\nlinjer\"\n",
            case % 28 + 1
        ));
        table.push_str(&format!("c{case},Send Fine,2007-{:02}-05T00:00:00+01:00,mye,\n", case % 12 + 1));
        table.push_str(&format!("c{case},Noe annet {},2007-06-05,,\n", case % 3));
        if case % 40 == 0 {
            table.push_str("c1,Payment,i går,,\n");
        }
    }
    let log = written(&folder, "bad.csv", &table);
    assert_same(&log, "csv", "examples/trafikkboter", &[]);
    assert_same(&log, "csv", "examples/trafikkboter", &["--strict"]);
    assert_same(&written(&folder, "empty.csv", "case,kind,at\n"), "csv", "examples/trafikkboter", &[]);
}

#[test]
fn of_a_log_whose_cases_name_their_agreement() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = r#"{"case":"a","kind":"innlagt","at":"2024-01-01T08:00","facts":{"agreement":"hmr"}}"#;
    let log = written(&folder, "named.jsonl", &format!("{line}\n"));
    assert_same(&log, "jsonl", "agreements/troms-og-ofoten/unn", &[]);
}

#[test]
fn of_traces_that_are_empty_or_share_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let event = "<event><string key=\"concept:name\" value=\"Create Fine\"/>\
                 <date key=\"time:timestamp\" value=\"2007-01-01T00:00:00+01:00\"/></event>";
    let trace = |name: &str, events: &str| {
        format!("<trace><string key=\"concept:name\" value=\"{name}\"/>{events}</trace>\n")
    };
    for (name, traces) in [
        ("plain", [trace("A", event), trace("B", event)]),
        ("empty", [trace("A", event), trace("B", "")]),
        ("shared", [trace("A", event), trace("A", event)]),
    ] {
        let log = written(&folder, name, &format!("<log>\n{}</log>\n", traces.concat()));
        assert_same(&log, "xes", "examples/trafikkboter", &[]);
    }
}

#[test]
fn of_the_real_logs() {
    for (log, agreement) in [
        ("logs/traffic_fines.xes.gz", "examples/trafikkboter"),
        ("logs/sepsis_cases.xes.gz", "examples/sepsis"),
    ] {
        let Some(log) = reference(log) else { return };
        assert_same(&log, "xes", agreement, &[]);
    }
}
