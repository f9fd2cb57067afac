//! One small log in every format.

mod common;

use std::io::Write;

use common::{check, comparable, options, oslo, read};
use samspill_base::{Decimal, Value};
use samspill_formats::{
    CaseCounts, Format, GroupItem, ReadOptions, group_all, group_by_trace, group_streaming, open_log,
};

const JSONL: &[u8] = include_bytes!("data/stays.jsonl");
const XES: &[u8] = include_bytes!("data/stays.xes");
const CSV: &[u8] = include_bytes!("data/stays.csv");
const OCEL: &[u8] = include_bytes!("data/stays.ocel.json");

#[test]
fn jsonl_and_xes_say_the_same() {
    let jsonl = read(JSONL, &options(Format::Jsonl)).unwrap();
    let xes = read(XES, &options(Format::Xes)).unwrap();
    assert_eq!((jsonl.troubles, xes.troubles), (vec![], vec![]));
    assert_eq!(comparable(jsonl.cases), comparable(xes.cases));
}

#[test]
fn a_table_says_the_same_as_far_as_tables_go() {
    let mut jsonl = comparable(read(JSONL, &options(Format::Jsonl)).unwrap().cases);
    let csv = read(CSV, &options(Format::Csv)).unwrap();
    assert_eq!(csv.troubles, vec![]);
    // Cells hold no lists and no empty body, and this one says a little more.
    jsonl[0].entries[1].body.as_mut().unwrap().remove("hjelpemidler");
    jsonl[0].entries[2].body = Some([("svar".to_owned(), Value::text("kan ta imot; sier \"ja\""))].into());
    jsonl[1].entries[1].body = None;
    assert_eq!(comparable(csv.cases), jsonl);
}

#[test]
fn positions_are_lines_where_there_are_lines() {
    check(
        JSONL,
        &options(Format::Jsonl),
        "
        1 opphold-1 innlagt
        2 opphold-2 innlagt
        3 opphold-1 utskrivningsklar
        5 opphold-1 svar
        6 opphold-2 utskrevet
    ",
    );
    check(
        CSV,
        &options(Format::Csv),
        "
        2 opphold-1 innlagt
        3 opphold-2 innlagt
        4 opphold-1 utskrivningsklar
        5 opphold-1 svar
        6 opphold-2 utskrevet
    ",
    );
    check(
        XES,
        &options(Format::Xes),
        "
        1 opphold-1 innlagt
        2 opphold-1 utskrivningsklar
        3 opphold-1 svar
        end opphold-1
        4 opphold-2 innlagt
        5 opphold-2 utskrevet
        end opphold-2
    ",
    );
}

#[test]
fn an_event_of_two_objects_is_an_entry_of_both() {
    check(
        OCEL,
        &options(Format::Ocel),
        "
        1 opphold-1 innlagt
        2 opphold-1 utskrivningsklar
        3 opphold-1 rapport
        4 opphold-2 rapport
    ",
    );
    let cases = read(OCEL, &options(Format::Ocel)).unwrap().cases;
    let [first, second, third] = &cases[0].entries[..] else { panic!("three entries") };
    let number = |text| Value::Number(Decimal::parse(text).unwrap());
    assert_eq!(first.facts, [("alder".to_owned(), number("83"))].into());
    assert_eq!(first.id.as_deref(), Some("e1"));
    assert_eq!(second.field("vekt"), Some(&number("71.5")));
    assert_eq!(second.field("dato"), Some(&Value::text("2024-10-28")));
    // Set between the second and the third event, so the third is the first to know.
    assert_eq!(third.facts, [("kommune".to_owned(), Value::text("Lia"))].into());
}

#[test]
fn objects_of_another_type_can_be_the_cases() {
    let options = ReadOptions { case_type: Some("avdeling".to_owned()), ..options(Format::Ocel) };
    check(
        OCEL,
        &options,
        "
        1 kirurgen innlagt
        22:5 left out: 2 events, this one first, … «avdeling»
    ",
    );
    let options = ReadOptions { case_type: Some("opphol".to_owned()), ..options };
    check(
        OCEL,
        &options,
        "fatal: line 1, column 1: there are no objects of type «opphol»: choose one of «avdeling», «opphold»",
    );
}

#[test]
fn packed_and_unmarked_logs_are_recognised() {
    let cases = [(JSONL, Format::Jsonl), (XES, Format::Xes), (CSV, Format::Csv), (OCEL, Format::Ocel)];
    for (bytes, format) in cases {
        let plain = read(bytes, &options(format)).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes).unwrap();
        let packed = gzip.finish().unwrap();
        let marked = [&b"\xEF\xBB\xBF"[..], bytes].concat();
        let windows = String::from_utf8(bytes.to_vec()).unwrap().replace('\n', "\r\n").into_bytes();
        for variant in [bytes, &packed, &marked, &windows] {
            let reader = open_log(variant, &ReadOptions::new(oslo())).unwrap();
            assert_eq!(reader.format(), format);
            assert_eq!(group_all(reader).unwrap(), plain, "{format:?}");
        }
    }
}

#[test]
fn a_packed_log_that_breaks_off_is_an_error_of_the_source() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(JSONL).unwrap();
    let packed = gzip.finish().unwrap();
    for length in [10, 12, packed.len() / 2, packed.len() - 1] {
        let failed = open_log(&packed[..length], &ReadOptions::new(oslo())).and_then(group_all);
        assert!(failed.is_err(), "{length} of {}", packed.len());
    }
}

#[test]
fn names_tell_the_format() {
    for (name, format) in [
        ("a.jsonl", Some(Format::Jsonl)),
        ("a.ndjson.gz", Some(Format::Jsonl)),
        ("A.CSV", Some(Format::Csv)),
        ("a.b/c.xes.gz", Some(Format::Xes)),
        ("a.json", Some(Format::Ocel)),
        ("a.gz", None),
        ("xes", None),
        ("", None),
    ] {
        assert_eq!(Format::of_name(name), format, "{name}");
    }
}

#[test]
fn a_case_comes_as_soon_as_its_last_entry_has_been_read() {
    let reader = || open_log(JSONL, &ReadOptions::new(oslo())).unwrap();
    let counts = CaseCounts::of(reader()).unwrap();
    assert_eq!((counts.cases(), counts.entries()), (2, 5));
    let mut items = reader();
    let mut groups = group_streaming(items.by_ref().take(4), counts.clone());
    let Some(Ok(GroupItem::Case(first))) = groups.next() else {
        panic!("the first case is complete after four lines")
    };
    assert_eq!((first.case.as_str(), first.entries.len()), ("opphold-1", 3));
    let streamed: Vec<_> = group_streaming(reader(), counts).map(|group| group.unwrap()).collect();
    let whole = group_all(reader()).unwrap().cases.into_iter().map(GroupItem::Case).collect::<Vec<_>>();
    assert_eq!(streamed, whole);
}

#[test]
fn a_log_that_grew_between_two_passes_is_an_error() {
    let lines = JSONL.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>();
    let shorter = lines[..3].concat();
    let counts = CaseCounts::of(open_log(&shorter[..], &ReadOptions::new(oslo())).unwrap()).unwrap();
    let groups: Vec<_> =
        group_streaming(open_log(JSONL, &ReadOptions::new(oslo())).unwrap(), counts).collect();
    assert!(groups.last().unwrap().as_ref().unwrap_err().to_string().contains("changed while"), "{groups:?}");
}

#[test]
fn a_trace_is_a_case_even_with_nothing_in_it() {
    let log = br#"<log><trace><string key="concept:name" value="tom"/></trace></log>"#;
    let groups: Vec<_> =
        group_by_trace(open_log(&log[..], &ReadOptions::new(oslo())).unwrap()).map(Result::unwrap).collect();
    let [GroupItem::Case(only)] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!((only.case.as_str(), only.entries.len()), ("tom", 0));
}
