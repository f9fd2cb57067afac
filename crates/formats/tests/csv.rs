//! What is wrong in tables, and where; and column mappings.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{check, options, read};
use samspill_base::{Decimal, Value};
use samspill_formats::{ColumnMap, Format, Limits, ReadOptions};

fn with_map(map: &str) -> ReadOptions {
    ReadOptions { columns: ColumnMap::parse(map).unwrap(), ..options(Format::Csv) }
}

#[test]
fn bad_rows_are_reported_and_the_rest_is_read() {
    check(
        b"case,kind,at,note\r\na,x,2024-01-01,\r\na,x,2024-01-01\r\n,x,2024-01-01,\r\na,,2024-01-01,\r\na,x,i dag,\r\n\r\na,x,2024-01-01,\"b\"c\r\na,x,2024-01-01,bl\xE5\r\nz,x,2024-01-01,\"two\r\nlines\"\r\nz,\" \",2024-01-01,\r\na,x,2024-01-01,last",
        &options(Format::Csv),
        "
        2 a x
        3:1 left out: the row has 3 cells, the header 4…
        4:1 left out: the cell for «case» is empty…
        5:3 left out: the cell for «kind» is empty…
        6:5 left out: «i dag» is not a time…
        8:19 left out: something follows a closing quote…
        9:18 left out: the byte 0xE5 is not UTF-8…
        10 z x
        12:3 left out: the cell « » is blank…
        13 a x
        ",
    );
}

#[test]
fn after_a_quote_that_is_not_closed_reading_goes_on_at_the_next_line() {
    check(
        b"case,kind,at,note\na,x,2024-01-01,\"oh\nb,x,2024-01-01,\nc,x,2024-01-01,\n",
        &options(Format::Csv),
        "
        2:16 left out: this quote is not closed…
        3 b x
        4 c x
        ",
    );
    let limits = Limits { line_bytes_max: 40, ..Limits::default() };
    check(
        b"case,kind,at,note\na,x,2024-01-01,\"oh\nb,x,2024-01-01,\nc,x,2024-01-01,\nd,x,2024-01-01,\n",
        &ReadOptions { limits, ..options(Format::Csv) },
        "
        2:1 left out: the record is longer than 40 bytes…
        3 b x
        4 c x
        5 d x
        ",
    );
}

#[test]
fn a_mapping_says_which_column_is_what() {
    let table = b"Case ID|Activity|Complete Timestamp|amount|\"a, \"\"b\"\"\"|rest\nA1|Create Fine|2006/07/24 00:00:00|35.0|yes|dropped\n";
    let options = with_map(
        "case=Case ID, kind=Activity ,at=Complete Timestamp,fact:amount=amount,body:ab=\"a, \"\"b\"\"\"",
    );
    let log = read(table, &options).unwrap();
    let entry = &log.cases[0].entries[0];
    assert_eq!(entry.facts, [("amount".to_owned(), Value::Number(Decimal::whole(35)))].into());
    assert_eq!(entry.body, Some([("ab".to_owned(), Value::text("yes"))].into()));
    check(table, &with_map("kind:constant=bot"), "2 A1 bot");
    let rest = read(table, &with_map("fact:amount=amount,rest=body")).unwrap();
    assert_eq!(rest.cases[0].entries[0].field("rest"), Some(&Value::text("dropped")));
}

#[test]
fn a_mapping_that_does_not_fit_names_what_there_is() {
    for (map, expected) in [
        ("kind=Actvity", "fatal: the table has no column «Actvity» for «kind»; it has «who», «what», «at»"),
        (
            "kind=what",
            "fatal: no column is recognised as «case»: say which it is with case=COLUMN; the table has «who», «what», «at»",
        ),
        ("kind=what,case=who,fact:x=y", "fatal: the table has no column «y» for «fact:x»…"),
    ] {
        check(b"who,what,at\n1,2,3\n", &with_map(map), expected);
    }
    check(b"case,kind,at,at\n", &options(Format::Csv), "fatal: the table has two columns «at»…");
    check(b"", &options(Format::Csv), "");
    check(b"\n\n", &options(Format::Csv), "");
    check(b"\"case\n", &options(Format::Csv), "fatal: the header row can't be read: …not closed");
}

#[test]
fn a_mapping_with_a_mistake_says_what_to_write() {
    for (map, message) in [
        ("case", "«case» is not field=column"),
        ("case=", "«case=» is not field=column"),
        ("facts:x=y", "no field «facts:x»"),
        ("body=y", "no field «body»"),
        ("case=a,case=b", "«case» is given twice"),
        ("kind=a,kind:constant=b", "«kind» is given twice"),
        ("delimiter=x", "delimiter can't be «x»"),
        ("rest=all", "rest can't be «all»: write body or ignore"),
    ] {
        let error = ColumnMap::parse(map).unwrap_err().to_string();
        assert!(error.contains(message), "{map}: {error}");
    }
}

#[test]
fn cells_are_numbers_only_if_they_are_written_as_numbers() {
    let table = b"case,kind,at,v\na,x,2024-01-01,VALUE\n";
    for (cell, expected) in [
        ("35.0", Value::Number(Decimal::whole(35))),
        ("-0.5", Value::Number(Decimal::parse("-0.5").unwrap())),
        ("0", Value::Number(Decimal::whole(0))),
        ("007", Value::text("007")),
        ("1e3", Value::text("1e3")),
        ("1.", Value::text("1.")),
        ("-", Value::text("-")),
        ("1.2.3", Value::text("1.2.3")),
        ("true", Value::Bool(true)),
        ("True", Value::text("True")),
        ("99999999999999999999", Value::text("99999999999999999999")),
    ] {
        let table = String::from_utf8_lossy(table).replace("VALUE", cell);
        let log = read(table.as_bytes(), &options(Format::Csv)).unwrap();
        assert_eq!(log.cases[0].entries[0].field("v"), Some(&expected), "{cell}");
    }
}

#[test]
fn many_open_quotes_cost_time_in_proportion_to_the_file() {
    // Every line leaves a quote open, whether one was open before it or not: read again from each, it would take hours.
    let table = format!("case,kind,at\n{}", "a\",\"\n".repeat(400_000));
    let started_over = common::transcript(table.as_bytes(), &options(Format::Csv));
    assert!(started_over.lines().count() >= 1);
}
