//! What holds for every log: it comes back as it went out, and nothing makes a reader panic.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;

use common::{comparable, oslo};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use samspill_base::{CaseLog, Decimal, Entry, Position, Value};
use samspill_formats::{
    Format, Limits, LogReader, ReadOptions, group_all, open_log, write_jsonl, write_ocel, write_xes,
};

const FORMATS: [Format; 4] = [Format::Jsonl, Format::Csv, Format::Xes, Format::Ocel];

fn text() -> impl Strategy<Value = String> {
    // What XML can't say is left to the test of JSONL alone.
    let character = prop_oneof![
        prop::char::range(' ', '~'),
        prop::sample::select(vec![
            '\n', '\t', '\r', 'æ', '€', '𝄞', '\u{85}', '\u{2028}', '<', '&', '"', '\\', ':'
        ]),
    ];
    vec(character, 0..8).prop_map(String::from_iter)
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        text().prop_map(|text| format!("n{text}")),
        prop::sample::select(vec![
            "concept:name",
            "time:timestamp",
            "samspill:id",
            "samspill:body",
            "samspill:fact:x",
            "samspill:json:x",
            "samspill:empty",
            "samspill:at",
            "lifecycle:transition",
            "item",
            "",
        ])
        .prop_map(str::to_owned),
    ]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    // From 1800 on, when Oslo's offset had seconds, to 2200, with and without fractions.
    (-5_364_662_400_i64..7_258_118_400, prop_oneof![Just(0), 0..1_000_000_000])
        .prop_map(|(seconds, nanoseconds)| Timestamp::new(seconds, nanoseconds).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    let number = (any::<i64>(), 0_u32..=9).prop_map(|(digits, scale)| {
        let text = format!("{}e-{scale}", digits / 1000);
        Value::Number(Decimal::parse(&text).unwrap())
    });
    let leaf = prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        number,
        text().prop_map(Value::Text),
        prop::sample::select(vec!["12", "true", "{}", "1e5", "2024-01-01"]).prop_map(Value::text),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(name(), inner, 0..4).prop_map(Value::Map),
        ]
    })
}

fn fields() -> impl Strategy<Value = BTreeMap<String, Value>> {
    prop::collection::btree_map(name(), value(), 0..4)
}

fn entry() -> impl Strategy<Value = Entry> {
    let times = [(); 5].map(|()| prop::option::of(instant()));
    let texts = [(); 4].map(|()| prop::option::of(text()));
    (text(), instant(), times, texts, fields(), prop::option::of(fields())).prop_map(
        |(kind, happened, times, texts, facts, body)| {
            let [sent, received, acknowledged, recorded, as_of] = times;
            let [id, person, from, to] = texts;
            Entry {
                sent,
                received,
                acknowledged,
                recorded,
                as_of,
                id,
                person,
                from,
                to,
                facts,
                body,
                ..Entry::new("", format!("k{kind}"), Position(0), happened)
            }
        },
    )
}

fn log() -> impl Strategy<Value = Vec<CaseLog>> {
    vec((text(), vec(entry(), 1..4)), 0..4).prop_map(|cases| {
        let with_case = |(index, (name, entries)): (usize, (String, Vec<Entry>))| {
            let case = format!("{index}{name}");
            let entries = entries.into_iter().map(|entry| Entry { case: case.clone(), ..entry }).collect();
            CaseLog { case, entries }
        };
        comparable(cases.into_iter().enumerate().map(with_case).collect())
    })
}

fn written(log: &[CaseLog], format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    match format {
        Format::Jsonl => write_jsonl(log.iter().flat_map(|case| &case.entries), &oslo(), &mut out),
        Format::Xes => write_xes(log, &oslo(), &mut out),
        Format::Ocel => write_ocel(log, &oslo(), &mut out),
        Format::Csv => unreachable!("tables are not written"),
    }
    .unwrap();
    out
}

/// Reads to the end, whatever comes, with limits that small inputs pass.
fn read_to_the_end(bytes: &[u8], format: Format) {
    let small = Limits {
        line_bytes_max: 200,
        file_bytes_max: 4000,
        document_bytes_max: 4000,
        depth_max: 6,
        fields_max: 6,
    };
    for limits in [Limits::default(), small] {
        let options = ReadOptions { limits, ..ReadOptions::new(oslo()) };
        let items = LogReader::new(bytes, format, &options).count();
        assert!(items <= bytes.len() * 2 + 2, "{items} items of {} bytes", bytes.len());
        let opened = open_log(bytes, &ReadOptions { format: None, ..options });
        let _items: usize = opened.into_iter().map(Iterator::count).sum();
    }
}

fn document() -> impl Strategy<Value = (Format, Vec<u8>)> {
    prop_oneof![
        Just((Format::Jsonl, include_bytes!("data/stays.jsonl").to_vec())),
        Just((Format::Csv, include_bytes!("data/stays.csv").to_vec())),
        Just((Format::Xes, include_bytes!("data/stays.xes").to_vec())),
        Just((Format::Ocel, include_bytes!("data/stays.ocel.json").to_vec())),
    ]
}

/// Changes at a place: bytes of the format's own alphabet put in, bytes taken out, a part doubled.
fn mutated() -> impl Strategy<Value = (Format, Vec<u8>)> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "<",
            ">",
            "/>",
            "&",
            "&#0;",
            "&#x10FFFF;",
            "\\",
            "\\u",
            "\\ud800",
            "\n",
            "\r",
            ";",
            "<!--",
            "]]>",
            "<![CDATA[",
            "<event>",
            "</event>",
            "</trace>",
            "-",
            "e9",
            "null",
            "\u{feff}",
            "æ",
            "\0",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        vec(any::<u8>(), 1..4),
    ];
    let change = (any::<prop::sample::Index>(), 0_usize..12, prop::option::of(piece));
    (document(), vec(change, 1..6)).prop_map(|((format, mut bytes), changes)| {
        for (place, removed, piece) in changes {
            let at = place.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            let instead = piece.unwrap_or_else(|| bytes[at..end].repeat(2));
            bytes.splice(at..end, instead);
        }
        (format, bytes)
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(log in log()) {
        for format in [Format::Jsonl, Format::Xes, Format::Ocel] {
            let bytes = written(&log, format);
            let options = ReadOptions { case_type: Some("case".to_owned()), ..ReadOptions::new(oslo()) };
            let options = if log.is_empty() { ReadOptions { case_type: None, ..options } } else { options };
            let read = group_all(LogReader::new(&bytes[..], format, &options)).unwrap();
            prop_assert_eq!(&read.troubles, &vec![], "{}", String::from_utf8_lossy(&bytes));
            prop_assert_eq!(&comparable(read.cases), &log, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn any_text_comes_through_jsonl(text in any::<String>()) {
        let mut entry = Entry::new("a", "x", Position(1), Timestamp::UNIX_EPOCH);
        entry.body = Some([(text.clone(), Value::Text(text))].into());
        let mut out = Vec::new();
        write_jsonl([&entry], &oslo(), &mut out).unwrap();
        let read = group_all(LogReader::new(&out[..], Format::Jsonl, &ReadOptions::new(oslo()))).unwrap();
        prop_assert_eq!(&read.cases[0].entries[0], &entry);
    }

    #[test]
    fn any_text_comes_out_as_xml(text in any::<String>()) {
        let mut entry = Entry::new("a", "x", Position(1), Timestamp::UNIX_EPOCH);
        entry.body = Some([(text.clone(), Value::Text(text))].into());
        let mut out = Vec::new();
        write_xes([CaseLog { case: "a".to_owned(), entries: vec![entry] }], &oslo(), &mut out).unwrap();
        let read = group_all(LogReader::new(&out[..], Format::Xes, &ReadOptions::new(oslo()))).unwrap();
        prop_assert_eq!(read.cases[0].entries.len(), 1);
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..600)) {
        for format in FORMATS {
            read_to_the_end(&bytes, format);
        }
    }

    #[test]
    fn damaged_logs_never_panic((format, bytes) in mutated()) {
        read_to_the_end(&bytes, format);
    }

    #[test]
    fn tables_are_split_as_the_csv_crate_splits_them(rows in vec(vec(text(), 4..=4), 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["case", "kind", "at", "a", "b", "c", "d"]).unwrap();
        for cells in &rows {
            let cells = cells.iter().map(|cell| format!("<{cell}>"));
            writer.write_record(["c", "k", "2024-01-01"].map(str::to_owned).into_iter().chain(cells)).unwrap();
        }
        let table = writer.into_inner().unwrap();
        let options = ReadOptions {
            columns: samspill_formats::ColumnMap::parse("delimiter=comma,rest=body,case=case").unwrap(),
            ..ReadOptions::new(oslo())
        };
        let read = group_all(LogReader::new(&table[..], Format::Csv, &options)).unwrap();
        prop_assert_eq!(&read.troubles, &vec![]);
        for (entry, cells) in read.cases[0].entries.iter().zip(&rows) {
            for (name, cell) in ["a", "b", "c", "d"].into_iter().zip(cells) {
                prop_assert_eq!(entry.field(name), Some(&Value::text(format!("<{cell}>"))));
            }
        }
        prop_assert_eq!(read.cases[0].entries.len(), rows.len());
    }
}
