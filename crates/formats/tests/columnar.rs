//! Logs read into columns: the same rows as the readers of entries give, in every format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a test may open files, and says when there are none"
)]

mod common;

use std::{
    fs::File,
    io::{BufReader, Read, Write},
    path::Path,
};

use common::{options, oslo};
use samspill_base::{
    Value,
    columns::{Bodies, Builder},
};
use samspill_formats::{
    ColumnsRead, CsvPlan, Effect, Format, Item, Limits, Names, Part, ReadError, ReadOptions, Wanted,
    open_log, read_columns,
};

/// What the reader of entries gives, as columns.
fn by_entries(bytes: &[u8], options: &ReadOptions) -> ColumnsRead {
    let (mut builder, mut troubles, mut cases_ended) = (Builder::default(), Vec::new(), 0);
    for item in open_log(bytes, options).unwrap() {
        match item.unwrap() {
            Item::Entry(entry) => builder.push(&entry),
            Item::CaseEnd(_) => cases_ended += 1,
            Item::Trouble(trouble) => troubles.push(trouble),
        }
    }
    ColumnsRead { columns: builder.finish(), troubles, cases_ended }
}

#[track_caller]
fn assert_same(one: &ColumnsRead, other: &ColumnsRead) {
    assert_eq!(one.troubles, other.troubles);
    assert_eq!(one.cases_ended, other.cases_ended);
    assert_eq!(one.columns.len(), other.columns.len());
    for row in 0..one.columns.len() {
        assert_eq!(one.columns.entry(row), other.columns.entry(row), "row {row}");
    }
    assert_eq!(one.columns.cases, other.columns.cases);
    assert_eq!(one.columns.kinds, other.columns.kinds);
}

fn in_parts(table: &[u8], options: &ReadOptions, wanted: &Wanted, parts: usize) -> ColumnsRead {
    let plan = CsvPlan::new(table, options, wanted).unwrap().unwrap();
    let ranges = plan.split(table, parts);
    assert!(ranges.len() <= parts, "{ranges:?}");
    let chunks = ranges.into_iter().map(|range| plan.read_chunk(table, range)).collect();
    plan.merge(table, chunks).unwrap()
}

#[test]
fn every_format_is_read_as_its_reader_reads_it() {
    for bytes in [
        include_bytes!("data/stays.csv").as_slice(),
        include_bytes!("data/stays.jsonl"),
        include_bytes!("data/stays.xes"),
        include_bytes!("data/stays.ocel.json"),
    ] {
        let options = ReadOptions::new(oslo());
        let read = read_columns(bytes, &options, &Wanted::all()).unwrap();
        assert!(!read.columns.is_empty());
        assert_same(&by_entries(bytes, &options), &read);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        let packed = packed.finish().unwrap();
        assert_same(&read, &read_columns(&packed[..], &options, &Wanted::all()).unwrap());
    }
}

#[test]
fn what_is_not_wanted_is_not_there_and_changes_nothing_else() {
    let table = b"case,kind,at,sent,id,case:team,amount,note
A,x,2024-01-01T08:00Z,2024-01-01T09:00Z,m-1,north,35.0,a
A,y,2024-01-02T08:00Z,not a time,m-2,north,,
B,x,2024-01-03T08:00Z,,,south,,b
B,y,2024-01-03T08:00Z,,,south,,
";
    let options = options(Format::Csv);
    let read = |wanted: &Wanted| read_columns(&table[..], &options, wanted).unwrap();
    let all = read(&Wanted::all());
    let amount = Wanted { body: Names::Only(["amount".to_owned()].into()), ..Wanted::least() };
    for read in [&all, &read(&Wanted::least()), &read(&amount)] {
        assert_eq!(read.columns.happened, all.columns.happened);
        assert_eq!(read.columns.position, [2, 4, 5]);
        assert_eq!(read.columns.bodies, Bodies::Some(vec![true, true, false]));
        let trouble = &read.troubles[0];
        assert_eq!((trouble.place.line, trouble.effect), (3, Effect::LeftOut));
    }
    let amount = read(&amount).columns;
    assert_eq!((amount.body.len(), amount.facts.len()), (1, 0));
    assert_eq!(amount.body[0].get(0), Some(&Value::from_number_text("35.0")));
    assert!(amount.sent.is_empty() && amount.id.codes.is_empty());
    let sent = Wanted { parts: [Part::Sent].into(), ..Wanted::least() };
    assert_eq!(read(&sent).columns.sent.len(), 3);
}

#[test]
fn rows_go_over_lines_where_quotes_say_so_wherever_the_table_is_split() {
    let mut table = "case,kind,at,note\n".to_owned();
    for row in 0..200 {
        table += &format!("{},x,2024-01-01,\"line\nbreak, and \"\"quote\"\"\n\"\n", row % 7);
    }
    let options = options(Format::Csv);
    let expected = by_entries(table.as_bytes(), &options);
    assert_eq!((expected.columns.len(), expected.troubles.len()), (200, 0));
    for parts in 1..9 {
        assert_same(&expected, &in_parts(table.as_bytes(), &options, &Wanted::all(), parts));
    }
    let plan = CsvPlan::new(table.as_bytes(), &options, &Wanted::all()).unwrap().unwrap();
    assert_eq!(plan.split(table.as_bytes(), 4).len(), 4);
}

#[test]
fn a_quote_that_is_not_closed_is_told_of_once_wherever_the_table_is_split() {
    let mut table = "case,kind,at,note\n".to_owned();
    for row in 0..100 {
        let note = if row == 40 { "\"open" } else { "\"closed\"" };
        table += &format!("{row},x,2024-01-01,{note}\n");
    }
    let options = options(Format::Csv);
    let expected = by_entries(table.as_bytes(), &options);
    assert_eq!((expected.columns.len(), expected.troubles.len()), (99, 1));
    for parts in 1..9 {
        assert_same(&expected, &in_parts(table.as_bytes(), &options, &Wanted::all(), parts));
    }
}

#[test]
fn a_log_with_more_fields_than_a_table_can_have_is_refused_unless_few_are_wanted() {
    let log = |fields: usize| {
        let event = |field| {
            format!(
                "<event><string key=\"concept:name\" value=\"x\"/>\
                 <date key=\"time:timestamp\" value=\"2024-01-01\"/>\
                 <int key=\"f{field}\" value=\"1\"/></event>"
            )
        };
        let events = (0..fields).map(event).collect::<Vec<_>>().concat();
        format!("<log><trace><string key=\"concept:name\" value=\"A\"/>{events}</trace></log>").into_bytes()
    };
    let options = options(Format::Xes);
    assert_eq!(read_columns(&log(4096)[..], &options, &Wanted::all()).unwrap().columns.body.len(), 4096);
    let refused = read_columns(&log(4097)[..], &options, &Wanted::all()).unwrap_err();
    assert!(refused.to_string().contains("different fields"), "{refused}");
    assert_eq!(read_columns(&log(4097)[..], &options, &Wanted::least()).unwrap().columns.len(), 4097);
}

#[test]
fn a_source_that_fails_ends_the_reading_at_the_line_it_had_come_to() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("the disk is gone"));
            }
            self.0.read(into)
        }
    }
    // More than is read to see what the format is.
    let rows = 1000;
    let table = format!("case,kind,at\n{}A,x", "A,x,2024-01-01\n".repeat(rows));
    let options = options(Format::Csv);
    let error =
        read_columns(BufReader::new(Failing(table.as_bytes())), &options, &Wanted::all()).unwrap_err();
    let ReadError::Source { place, source } = error else { panic!("{error}") };
    assert_eq!((place.line, source.to_string().as_str()), (rows as u64 + 2, "the disk is gone"));
}

#[test]
fn limits_hold() {
    let table = format!("case,kind,at,note\nA,x,2024-01-01,{}\nA,y,2024-01-01,b\n", "a".repeat(100));
    let with = |limits: Limits| ReadOptions { limits, ..options(Format::Csv) };
    let short = with(Limits { line_bytes_max: 80, ..Limits::default() });
    let read = read_columns(table.as_bytes(), &short, &Wanted::all()).unwrap();
    assert_eq!((read.columns.len(), read.troubles.len()), (1, 1));
    assert_same(&read, &in_parts(table.as_bytes(), &short, &Wanted::all(), 3));
    let small = with(Limits { file_bytes_max: table.len() as u64 - 1, ..Limits::default() });
    assert!(matches!(
        read_columns(table.as_bytes(), &small, &Wanted::all()),
        Err(ReadError::TooLarge { .. })
    ));
    let exact = with(Limits { file_bytes_max: table.len() as u64, ..Limits::default() });
    assert_eq!(read_columns(table.as_bytes(), &exact, &Wanted::all()).unwrap().columns.len(), 2);
}

#[test]
fn public_logs_are_read_alike() {
    for name in ["traffic_fines.xes.gz", "sepsis_cases.xes.gz"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/logs").join(name);
        let Ok(mut file) = File::open(&path) else {
            println!("skipped: there is no {name}");
            continue;
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let options = ReadOptions::new(oslo());
        let expected = by_entries(&bytes, &options);
        assert_same(&expected, &read_columns(&bytes[..], &options, &Wanted::all()).unwrap());
        if name.starts_with("traffic") {
            continue;
        }
        let table = as_table(&expected);
        let by_rows = by_entries(&table, &options);
        assert_eq!(by_rows.columns.len(), expected.columns.len());
        assert_same(&by_rows, &read_columns(&table[..], &options, &Wanted::all()).unwrap());
        assert_same(&by_rows, &in_parts(&table, &options, &Wanted::all(), 3));
    }
}

/// The log as a table, with times and fields as people export them.
fn as_table(log: &ColumnsRead) -> Vec<u8> {
    let columns = &log.columns;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = columns.body.iter().map(|column| column.name.as_str());
    writer.write_record(["case", "kind", "at"].into_iter().chain(names)).unwrap();
    for row in 0..columns.len() {
        let entry = columns.entry(row);
        let at = entry.happened.to_zoned(oslo()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let values =
            columns.body.iter().map(|column| column.get(row).map_or_else(String::new, Value::to_string));
        writer.write_record([entry.case, entry.kind, at].into_iter().chain(values)).unwrap();
    }
    writer.into_inner().unwrap()
}
