//! Logs and reports as Parquet files.

use std::path::Path;

use samspill_tables::{file, write_csv};

use crate::support::{file as file_of, samspill, stderr, stdout};

const LOG: &str = "examples/logg/opphold.jsonl";

/// The report of a log as CSV.
fn csv(log: &str, more: &[&str]) -> String {
    let arguments = ["check", log, "--as-of", "2025-01-01", "--format", "csv"];
    stdout(&samspill(arguments.into_iter().chain(more.iter().copied())).success())
}

/// The CSV that a report in Parquet comes to.
fn csv_of(path: &Path) -> String {
    let batches = file::read(std::fs::File::open(path).expect("a file")).expect("Parquet");
    let batches: Vec<_> = batches.collect::<Result<_, _>>().expect("batches");
    let mut bytes = Vec::new();
    write_csv(&batches, None, &mut bytes).expect("written");
    String::from_utf8(bytes).expect("text")
}

fn convert(log: &str, path: &Path) {
    samspill(["convert", log, &path.display().to_string()]).success();
}

#[test]
fn a_log_in_parquet_reads_as_the_one_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("logg.parquet");
    convert(LOG, &path);
    let both = ["-a", "unn", "-a", "hmr"];
    assert_eq!(csv(&path.display().to_string(), &both), csv(LOG, &both));
}

#[test]
fn a_log_comes_back_from_parquet_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let [first, table, second] = ["a.jsonl", "b.parquet", "c.jsonl"].map(|name| folder.path().join(name));
    convert(LOG, &first);
    convert(LOG, &table);
    convert(&table.display().to_string(), &second);
    let read = |path: &Path| std::fs::read_to_string(path).expect("text");
    assert_eq!(read(&second), read(&first));
}

#[test]
fn a_report_in_parquet_has_the_rows_of_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rapport.parquet");
    let out = path.display().to_string();
    let call = ["check", LOG, "--as-of", "2025-01-01", "-a", "unn", "-a", "hmr", "--out", &out];
    let run = samspill(call).success();
    assert_eq!((stdout(&run).as_str(), csv_of(&path)), ("", csv(LOG, &["-a", "unn", "-a", "hmr"])));
}

#[test]
fn a_table_in_csv_becomes_parquet_with_its_types() {
    let rows = "case,kind,at,fact:tvang,body:poeng,body:blandet\n\
                a,innlagt,2024-06-03 08:30,true,1.50,1\na,utskrevet,2024-06-04 08:30,,12,x\n";
    let (folder, log) = file_of("logg.csv", rows);
    let path = folder.path().join("logg.parquet");
    convert(&log.display().to_string(), &path);
    let batch = file::look(std::fs::File::open(&path).expect("a file")).expect("Parquet");
    let columns: Vec<String> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    assert_eq!(
        columns,
        [
            "case: Utf8",
            "kind: Utf8",
            "at: Timestamp(µs, \"Europe/Oslo\")",
            "position: UInt64",
            "fact:tvang: Boolean",
            "body:poeng: Decimal128(38, 1)",
            "body: Utf8"
        ]
    );
    let again = folder.path().join("logg.jsonl");
    convert(&path.display().to_string(), &again);
    let text = std::fs::read_to_string(&again).expect("text");
    assert!(text.contains("\"poeng\":1.5,") || text.contains("\"poeng\":1.5}"), "{text}");
    assert!(text.contains("\"blandet\":1") && text.contains("\"blandet\":\"x\""), "{text}");
}

#[test]
fn an_end_of_a_day_is_the_same_in_parquet() {
    let entries = "{\"case\": \"a\", \"kind\": \"Create Fine\", \"at\": \"2006-08-01\", \"facts\": {\"amount\": 36.0}}\n\
                   {\"case\": \"a\", \"kind\": \"Send Fine\", \"at\": \"2006-12-12\"}\n";
    let (folder, log) = file_of("logg.jsonl", entries);
    let fines = ["-a", "examples/trafikkboter"];
    let log = log.display().to_string();
    let out = folder.path().join("rapport.parquet");
    let call = ["check", &log, "--as-of", "2025-01-01", "--out", &out.display().to_string()];
    samspill(call.into_iter().chain(fines)).success();
    let wanted = csv(&log, &fines);
    assert!(wanted.contains("59.999999999"), "{wanted}");
    assert_eq!(csv_of(&out), wanted);
}

#[test]
fn what_is_no_log_in_parquet_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("rapport.parquet").display().to_string();
    samspill(["check", LOG, "-a", "unn", "--out", &report]).success();
    let (_text, text) = file_of("tekst.parquet", "case,kind,at\n");
    for (arguments, code, says) in [
        (&["check", &report, "-a", "unn"][..], 2, "the table has no column «kind»: rename"),
        (&["check", &text.display().to_string(), "-a", "unn"], 1, "Parquet"),
        (&["check", "-", "--input", "parquet", "-a", "unn"], 2, "from a file"),
        (&["check", LOG, "-a", "unn", "--format", "parquet"], 2, "to a file: name it"),
        (&["convert", LOG, "--to", "parquet"], 2, "to a file: name it"),
        (&["convert", LOG], 2, "which format?"),
        (&["convert", LOG, "logg.odt"], 2, "which format?"),
    ] {
        let run = samspill(arguments).code(code);
        assert!(stderr(&run).contains(says), "{arguments:?}: {}", stderr(&run));
    }
}

#[test]
fn the_name_of_a_file_says_how_a_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, starts) in [("a.csv", "case,agreement,"), ("a.json", "{"), ("a.txt", "")] {
        let path = folder.path().join(name);
        samspill(["check", LOG, "-a", "unn", "--out", &path.display().to_string()]).success();
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.starts_with(starts) && !text.contains('\u{1b}') && !text.is_empty(), "{name}: {text}");
    }
}
