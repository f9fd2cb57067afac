//! `samspill convert`: another format, the same answers.

use serde_json::Value;

use crate::support::{json_lines, samspill, stdout};

/// The reports without places in the log: those are of the file, not of the case.
fn reports(log: &str) -> Vec<Value> {
    let run = samspill(["check", log, "-a", "unn", "-a", "hmr", "--format", "json"]).success();
    let mut reports = json_lines(&stdout(&run));
    reports.iter_mut().for_each(without_places);
    reports.sort_by_key(|report| report["case"].as_str().unwrap_or_default().to_owned());
    reports
}

fn without_places(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !matches!(name.as_str(), "used" | "position" | "message" | "set_aside"));
            fields.values_mut().for_each(without_places);
        }
        Value::Array(values) => values.iter_mut().for_each(without_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_log_reads_the_same_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = reports("examples/logg/opphold.jsonl");
    for (format, name) in [("jsonl", "logg.jsonl"), ("xes", "logg.xes"), ("ocel", "logg.json")] {
        let path = folder.path().join(name).display().to_string();
        samspill(["convert", "examples/logg/opphold.jsonl", "--to", format, "--output", &path]).success();
        assert_eq!(reports(&path), expected, "{format}");
    }
}
