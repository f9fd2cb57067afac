//! Log tables of all of Arrow's layouts.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt8Array, types::Int32Type,
};
use jiff::tz::TimeZone;
use samspill_base::{Columns, Decimal, Entry, Position, Value, columns::Bodies};
use samspill_tables::{Cases, LogTable, TableError};

fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").expect("a zone")
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
        .expect("columns of one length")
}

fn read(columns: Vec<(&str, ArrayRef)>) -> Columns {
    let mut table = LogTable::new(oslo());
    assert_eq!(table.push(&batch(columns)).expect("a log"), []);
    table.finish()
}

/// One row of this column beside a case, a kind and a time.
fn with(name: &str, column: ArrayRef) -> Entry {
    let at = texts(&["2024-06-03T08:30"]);
    read(vec![("case", texts(&["a"])), ("kind", texts(&["x"])), ("at", at), (name, column)]).entry(0)
}

/// The entry's time, written in UTC, for a column `at`.
fn at(column: ArrayRef) -> String {
    let columns = read(vec![("case", texts(&["a"])), ("kind", texts(&["x"])), ("at", column)]);
    columns.entry(0).happened.to_string()
}

#[test]
fn times_of_all_types_are_read() {
    let second = 1_717_396_200; // 2024-06-03T06:30:00Z
    let local = second + 2 * 3600;
    for (column, what) in [
        (Arc::new(TimestampSecondArray::from(vec![second]).with_timezone("UTC")) as ArrayRef, "an instant"),
        (
            Arc::new(TimestampNanosecondArray::from(vec![second * 1_000_000_000]).with_timezone("+05:00")),
            "zone",
        ),
        (Arc::new(TimestampSecondArray::from(vec![local])), "a local time"),
        (Arc::new(TimestampMillisecondArray::from(vec![local * 1000])), "a local time in milliseconds"),
        (texts(&["2024-06-03T08:30"]), "a local text"),
        (texts(&["2024-06-03T01:30:00-05:00"]), "a text with an offset"),
    ] {
        assert_eq!(at(column), "2024-06-03T06:30:00Z", "{what}");
    }
    assert_eq!(at(Arc::new(Date32Array::from(vec![19_877]))), "2024-06-02T22:00:00Z");
}

#[test]
fn local_times_that_a_clock_change_skips_or_doubles_are_read_as_in_csv() {
    let seconds = |text: &str| {
        let local: jiff::civil::DateTime = text.parse().expect("a local time");
        local.to_zoned(TimeZone::UTC).expect("in range").timestamp().as_second()
    };
    for (local, instant) in
        [("2024-03-31T02:30", "2024-03-31T01:30:00Z"), ("2024-10-27T02:30", "2024-10-27T00:30:00Z")]
    {
        assert_eq!(at(Arc::new(TimestampSecondArray::from(vec![seconds(local)]))), instant);
        assert_eq!(at(texts(&[local])), instant);
    }
}

#[test]
fn values_of_all_types_are_read() {
    let number = |text: &str| Value::Number(Decimal::parse(text).expect("a number"));
    for (column, value) in [
        (Arc::new(BooleanArray::from(vec![true])) as ArrayRef, Value::Bool(true)),
        (Arc::new(Int64Array::from(vec![-3])), number("-3")),
        (Arc::new(UInt8Array::from(vec![3])), number("3")),
        (Arc::new(Float64Array::from(vec![35.5])), number("35.5")),
        (Arc::new(Float64Array::from(vec![35.0])), number("35")),
        (
            Arc::new(Decimal128Array::from(vec![3550]).with_precision_and_scale(10, 2).expect("a decimal")),
            number("35.5"),
        ),
        (texts(&["true"]), Value::text("true")),
        (Arc::new(LargeStringArray::from(vec!["x"])), Value::text("x")),
        (
            Arc::new(StringViewArray::from(vec!["a text that is too long to stand in the view itself"])),
            Value::text("a text that is too long to stand in the view itself"),
        ),
        (Arc::new(["x"].into_iter().collect::<DictionaryArray<Int32Type>>()), Value::text("x")),
        (Arc::new(Date32Array::from(vec![19_877])), Value::text("2024-06-03")),
        (Arc::new(TimestampSecondArray::from(vec![1_717_396_200])), Value::text("2024-06-03T06:30:00")),
        (
            Arc::new(TimestampSecondArray::from(vec![1_717_396_200]).with_timezone("UTC")),
            Value::text("2024-06-03T08:30:00+02:00"),
        ),
    ] {
        assert_eq!(with("fact:f", Arc::clone(&column)).facts.get("f"), Some(&value));
        assert_eq!(with("body:f", Arc::clone(&column)).field("f"), Some(&value));
        assert_eq!(with("f", column).field("f"), Some(&value), "a column of another name is a field");
    }
}

#[test]
fn what_is_null_or_no_number_says_nothing() {
    for column in [
        Arc::new(BooleanArray::from(vec![None])) as ArrayRef,
        Arc::new(Float64Array::from(vec![f64::NAN])),
        Arc::new(arrow_array::NullArray::new(1)),
    ] {
        assert!(with("fact:f", Arc::clone(&column)).facts.is_empty());
        assert_eq!(with("body:f", column).body, None);
    }
}

#[test]
fn objects_of_json_are_facts_and_bodies() {
    let entry = with("facts", texts(&["{\"a\": true, \"b\": [1, null]}"]));
    assert_eq!(entry.facts["a"], Value::Bool(true));
    assert_eq!(entry.facts["b"], Value::List(vec![Value::Number(Decimal::whole(1)), Value::Empty]));
    assert_eq!(with("body", texts(&["{}"])).body.map(|body| body.len()), Some(0));
    assert_eq!(with("body", texts(&["no json"])).field("body"), Some(&Value::text("no json")));
}

#[test]
fn rows_that_are_no_entries_are_left_out_and_told() {
    let mut table = LogTable::new(oslo());
    let columns = |kinds: Vec<Option<&str>>, at: &[&str]| {
        let kinds: ArrayRef = Arc::new(StringArray::from(kinds));
        batch(vec![("case", texts(&vec!["a"; at.len()])), ("kind", kinds), ("at", texts(at))])
    };
    let first = columns(vec![Some("x"), None, Some("y")], &["2024-06-03", "2024-06-03", "i går"]);
    let told = table.push(&first).expect("a log");
    let told: Vec<_> = told.iter().map(|trouble| (trouble.row, trouble.column.as_str())).collect();
    assert_eq!(told, [(2, "kind"), (3, "at")]);
    table.push(&columns(vec![Some("z")], &["2024-06-04"])).expect("a log");
    let columns = table.finish();
    let positions: Vec<_> = (0..columns.len()).map(|row| columns.position_of(row)).collect();
    assert_eq!(positions, [Position(1), Position(4)], "rows are counted whether they are entries or not");
    assert_eq!(columns.bodies, Bodies::None);
}

#[test]
fn a_missing_or_doubled_column_is_an_error() {
    let mut table = LogTable::new(oslo());
    let missing = table.push(&batch(vec![("case", texts(&["a"])), ("Hva", texts(&["x"]))]));
    assert!(matches!(missing, Err(TableError::NoColumn { column: "kind", .. })), "{missing:?}");
    let at = || texts(&["2024-06-03"]);
    let twice = batch(vec![("case", at()), ("kind", at()), ("at", at()), ("at", at())]);
    assert!(matches!(table.push(&twice), Err(TableError::SameName { .. })));
}

#[test]
fn cases_come_in_the_order_in_which_they_end_and_entries_by_their_places() {
    let position: ArrayRef = Arc::new(Int64Array::from(vec![9, 1, 5, 2]));
    let columns = read(vec![
        ("case", texts(&["b", "b", "a", "a"])),
        ("kind", texts(&["sist", "forst", "sist", "forst"])),
        ("at", texts(&["2024-06-03"; 4])),
        ("position", position),
    ]);
    let cases = Cases::of(&columns);
    let read: Vec<(String, Vec<u64>, u64)> = cases
        .iter()
        .map(|case| {
            let places = case.log.entries.iter().map(|entry| entry.position.0).collect();
            (case.log.case, places, case.ends_at.0)
        })
        .collect();
    assert_eq!(read, [("a".to_owned(), vec![2, 5], 5), ("b".to_owned(), vec![1, 9], 9)]);
}
