//! What is read into columns is what the readers of entries read, whatever the log and however it comes.

use std::{
    collections::BTreeSet,
    io::{BufReader, Read},
};

use jiff::tz::TimeZone;
use proptest::{collection::vec, prelude::*, sample::Index};
use samspill_base::columns::Builder;

use super::{ColumnsRead, CsvPlan, Names, Part, Wanted, csv_stream::read_csv, read_columns, xes::read_xes};
use crate::{ColumnMap, Format, Item, Limits, LogReader, ReadError, ReadOptions, XesReader, open_log};

type Outcome = Result<ColumnsRead, ReadError>;

/// What the reader of entries makes of it.
fn expected(bytes: &[u8], format: Format, options: &ReadOptions) -> Outcome {
    gathered(LogReader::new(bytes, format, options))
}

/// What comes of opening it and reading it to its end.
fn opened(bytes: &[u8], options: &ReadOptions) -> Outcome {
    gathered(open_log(bytes, options)?)
}

fn gathered(items: impl Iterator<Item = Result<Item, ReadError>>) -> Outcome {
    let (mut builder, mut troubles, mut cases_ended) = (Builder::default(), Vec::new(), 0);
    for item in items {
        match item? {
            Item::Entry(entry) => builder.push(&entry),
            Item::CaseEnd(_) => cases_ended += 1,
            Item::Trouble(trouble) => troubles.push(trouble),
        }
    }
    Ok(ColumnsRead { columns: builder.finish(), troubles, cases_ended })
}

#[track_caller]
fn check(expected: &Outcome, read: &Outcome, how: &str) {
    let (expected, read) = match (expected, read) {
        (Ok(expected), Ok(read)) => (expected, read),
        (Err(expected), Err(read)) => {
            assert_eq!(expected.to_string(), read.to_string(), "{how}");
            return;
        }
        (expected, read) => {
            let told = |read: &Outcome| match read {
                Ok(read) => format!("{} rows", read.columns.len()),
                Err(error) => error.to_string(),
            };
            panic!("{how}: {} instead of {}", told(read), told(expected));
        }
    };
    assert_eq!(expected.troubles, read.troubles, "{how}");
    assert_eq!(expected.columns.len(), read.columns.len(), "{how}");
    for row in 0..read.columns.len() {
        assert_eq!(expected.columns.entry(row), read.columns.entry(row), "{how}, row {row}");
        // Equal numbers may be written in two ways.
        let written = format!("{:?}", expected.columns.entry(row));
        assert_eq!(written, format!("{:?}", read.columns.entry(row)), "{how}, row {row}");
    }
    assert_eq!(expected.columns.cases, read.columns.cases, "{how}");
    assert_eq!(expected.columns.kinds, read.columns.kinds, "{how}");
    assert_eq!(expected.columns.bodies, read.columns.bodies, "{how}");
}

/// Nothing but what isn't wanted may be missing.
#[track_caller]
fn check_least(expected: &Outcome, read: &Outcome, wanted: &Wanted) {
    let least = |read: &Outcome| {
        let Ok(read) = read else { return None };
        let rows = (0..read.columns.len()).map(|row| {
            let mut entry = read.columns.entry(row);
            let has_body = entry.body.is_some();
            let has = |part| wanted.parts.contains(&part);
            entry.sent = entry.sent.filter(|_| has(Part::Sent));
            entry.received = entry.received.filter(|_| has(Part::Received));
            entry.acknowledged = entry.acknowledged.filter(|_| has(Part::Acknowledged));
            entry.recorded = entry.recorded.filter(|_| has(Part::Recorded));
            entry.as_of = entry.as_of.filter(|_| has(Part::AsOf));
            entry.id = entry.id.filter(|_| has(Part::Id));
            entry.person = entry.person.filter(|_| has(Part::Person));
            entry.from = entry.from.filter(|_| has(Part::From));
            entry.to = entry.to.filter(|_| has(Part::To));
            entry.facts.retain(|name, _| wanted.facts.has(name));
            if let Some(body) = &mut entry.body {
                body.retain(|name, _| wanted.body.has(name));
            }
            (entry, has_body)
        });
        Some((rows.collect::<Vec<_>>(), read.troubles.clone()))
    };
    assert_eq!(least(expected), least(read), "{wanted:?}");
}

/// Gives a few bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(self.1).min(into.len());
        into[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn some() -> Wanted {
    let names = |names: &[&str]| Names::Only(names.iter().map(|name| (*name).to_owned()).collect());
    Wanted {
        parts: BTreeSet::from([Part::Id, Part::Sent]),
        facts: names(&["x", "team"]),
        body: names(&["amount", "svar"]),
    }
}

/// Reads a table in every way there is.
fn check_csv(bytes: &[u8], options: &ReadOptions, cuts: &[Index]) {
    let all = Wanted::all();
    let expected = expected(bytes, Format::Csv, options);
    check(&opened(bytes, options), &read_columns(bytes, options, &all), "at once");
    for wanted in [Wanted::least(), some()] {
        check_least(&opened(bytes, options), &read_columns(bytes, options, &wanted), &wanted);
    }
    for block in [1, 2, 7, 40, 300] {
        let read = read_csv(BufReader::with_capacity(block, bytes), options, &all, block);
        check(&expected, &read, &format!("in blocks of {block}"));
    }
    let plan = match CsvPlan::new(bytes, options, &all) {
        Ok(Some(plan)) => plan,
        Ok(None) => return check(&expected, &Ok(ColumnsRead::default()), "no header"),
        Err(error) => return check(&expected, &Err(error), "the header"),
    };
    let read = |ranges: Vec<std::ops::Range<usize>>| {
        let chunks = ranges.into_iter().map(|range| plan.read_chunk(bytes, range)).collect();
        plan.merge(bytes, chunks)
    };
    for parts in 0..6 {
        check(&expected, &read(plan.split(bytes, parts)), &format!("{parts} parts"));
    }
    let start = plan.rows_start();
    let mut places: Vec<usize> = cuts.iter().map(|cut| start + cut.index(bytes.len() - start + 1)).collect();
    places.extend([start, bytes.len()]);
    places.sort_unstable();
    let ranges = |places: &[usize]| places.windows(2).map(|pair| pair[0]..pair[1]).collect();
    check(&expected, &read(ranges(&places)), &format!("cut at {places:?}"));
    let after_lines =
        |place: &usize| bytes[*place..].iter().position(|byte| *byte == b'\n').map(|at| place + at + 1);
    let mut lines: Vec<usize> = places.iter().filter_map(after_lines).collect();
    lines.insert(0, start);
    check(&expected, &read(ranges(&lines)), &format!("cut after lines at {lines:?}"));
}

fn check_xes(bytes: &[u8], options: &ReadOptions) {
    let all = Wanted::all();
    check(&opened(bytes, options), &read_columns(bytes, options, &all), "at once");
    for wanted in [Wanted::least(), some()] {
        check_least(&opened(bytes, options), &read_columns(bytes, options, &wanted), &wanted);
    }
    for count in [1, 50, 400, 1000] {
        // How long a tag may be is looked at when more bytes are read.
        let items = XesReader::new(Drip(bytes, count), options.zone.clone(), options.limits.clone());
        let read = read_xes(Drip(bytes, count), options, &all);
        check(&gathered(items), &read, &format!("{count} bytes at a time"));
    }
}

fn options(format: Format, limits: &Limits) -> ReadOptions {
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    ReadOptions { limits: limits.clone(), format: Some(format), ..ReadOptions::new(zone) }
}

fn limits() -> impl Strategy<Value = Limits> {
    let small = Limits {
        line_bytes_max: 120,
        file_bytes_max: 3000,
        document_bytes_max: 4000,
        depth_max: 4,
        fields_max: 9,
    };
    let tight = Limits { line_bytes_max: 40, fields_max: 5, depth_max: 2, ..small.clone() };
    prop_oneof![6 => Just(Limits::default()), 2 => Just(small), 1 => Just(tight)]
}

/// Puts pieces in at places, or takes bytes out.
fn mangle(mut bytes: Vec<u8>, changes: &[(Index, usize, Vec<u8>)]) -> Vec<u8> {
    for (place, removed, piece) in changes {
        let at = place.index(bytes.len() + 1);
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, piece.iter().copied());
    }
    bytes
}

fn changes(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<(Index, usize, Vec<u8>)>> {
    let piece = prop_oneof![
        4 => prop::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..3),
    ];
    prop_oneof![
        2 => Just(Vec::new()),
        3 => vec((any::<Index>(), 0_usize..6, piece), 1..5),
    ]
}

const TIMES: &[&str] = &[
    "2006-07-24 00:00:00+02:00",
    "2006-07-24T00:00:00.000+02:00",
    "2024-03-31T02:30",
    "2024-10-27 02:30:00",
    "2024-10-27",
    "2024-05-05T10:00Z",
    "17.08.2024 06:59",
    "2024/08/17 06:59",
    "1600-01-01",
    "2500-01-01T00:00Z",
    " 2024-05-05 ",
    "2024-13-01",
    "i går",
    "",
];

const CELLS: &[&str] = &[
    "",
    "1",
    "35.0",
    "35",
    "35.00",
    "-0.5",
    "007",
    "true",
    "false",
    "tre",
    "-",
    ".5",
    "1.",
    " ",
    "x y",
    "æøå",
    "\"\"",
    "\"a,b\"",
    "\"a\"\"b\"",
    "\"a\nb\"",
    "\"a\r\nb\"",
    "a\"b",
    "\"\"\"\"",
    "\" \"",
    "NIL",
    "\"35.0\"",
    "1.0000000001",
    "\u{a0}",
    "99999999999999999999",
];

const HEADERS: &[&str] = &[
    "case,kind,at,amount,svar",
    "case,kind,at,sent,id,case:team,amount",
    "Case ID;Activity;Complete Timestamp;amount;svar;\"a;b\"",
    "case,at,kind,fact:x,body:svar,received,to,as_of",
    "\u{feff}case\tkind\tat\tamount",
    "\n\ncase,kind,at\r",
];

/// The cells of a row before the header says which of them stand in it.
#[derive(Clone, Debug)]
struct Row {
    case: &'static str,
    kind: &'static str,
    at: &'static str,
    other: &'static str,
    cells: Vec<&'static str>,
    odd: u8,
    quoted_time: bool,
}

impl Row {
    fn cell(&self, name: &str, cell: &str) -> String {
        match name.trim_start_matches('\u{feff}').to_lowercase().as_str() {
            "case" | "case id" => self.case.to_owned(),
            "kind" | "activity" => self.kind.to_owned(),
            "at" | "complete timestamp" if self.quoted_time => format!("\"{}\"", self.at),
            "at" | "complete timestamp" => self.at.to_owned(),
            "sent" | "received" | "as_of" => self.other.to_owned(),
            _ => cell.to_owned(),
        }
    }

    /// The row under these names; now and then with a cell too many or too few, or without any.
    fn written(&self, names: &[&str], delimiter: &str) -> String {
        let mut row: Vec<String> =
            names.iter().zip(&self.cells).map(|(name, cell)| self.cell(name, cell)).collect();
        match self.odd {
            0 => row.push("x".to_owned()),
            1 => {
                row.pop();
            }
            2 => row.clear(),
            3 => row = vec![" \u{a0}".to_owned()],
            _ => {}
        }
        row.join(delimiter)
    }
}

fn row() -> impl Strategy<Value = Row> {
    let cases = prop::sample::select(vec!["A", "A", "A", "B", "\"C\"", "sak 12345", "", " ", "\u{a0}x"]);
    let kinds = prop::sample::select(vec!["x", "x", "y", "innlagt pasient", "\"q\"", "", "æ"]);
    let time = prop_oneof![
        5 => prop::sample::select(&TIMES[..6]),
        1 => prop::sample::select(TIMES),
    ];
    let cells = vec(prop::sample::select(CELLS), 8);
    (cases, kinds, time.clone(), time, cells, 0_u8..20, any::<bool>()).prop_map(
        |(case, kind, at, other, cells, odd, quoted_time)| Row {
            case,
            kind,
            at,
            other,
            cells,
            odd,
            quoted_time,
        },
    )
}

fn table() -> impl Strategy<Value = Vec<u8>> {
    let ends = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    (prop::sample::select(HEADERS), vec(row(), 0..12), ends, any::<bool>()).prop_map(
        |(header, rows, end, ends_with_break)| {
            let delimiter = if header.contains(';') {
                ";"
            } else if header.contains('\t') {
                "\t"
            } else {
                ","
            };
            let names: Vec<&str> = header.trim().split(delimiter).collect();
            let mut lines = vec![header.to_owned()];
            lines.extend(rows.iter().map(|row| row.written(&names, delimiter)));
            (lines.join(end) + if ends_with_break { end } else { "" }).into_bytes()
        },
    )
}

const KEYS: &[&str] = &[
    "concept:name",
    "concept:name",
    "concept:name",
    "time:timestamp",
    "time:timestamp",
    "time:timestamp",
    "amount",
    "svar",
    "org:resource",
    "samspill:id",
    "samspill:sent",
    "samspill:body",
    "samspill:fact:x",
    "samspill:body:svar",
    "samspill:at",
    "samspill:other",
    "",
    "a&amp;b",
    "æ",
];

const TAGS: &[&str] = &["string", "string", "date", "int", "float", "boolean", "id", "list", "x"];

const VALUES: &[&str] =
    &["x", "35.0", "35", " 7 ", "true", "1", "false", "", " ", "a>b", "a&amp;b", "a\nb", "æ", "1e5"];

/// What stands before an attribute, and what inside it.
const BEFORE: &[&str] = &["", "\n\t\t\t", "\n\t\t\t", "\n", " ", "<!-- x -->", "text", "\r\n"];
const INSIDE: &[&str] =
    &["", "", "", "<string key=\"samspill:empty\" value=\"\"/>", "<int key=\"k\" value=\"1\"/>"];

fn attribute() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => prop::sample::select(&TIMES[..6]),
        1 => prop::sample::select(TIMES),
        4 => prop::sample::select(VALUES),
    ];
    let [before, tag, key, inside] = [BEFORE, TAGS, KEYS, INSIDE].map(prop::sample::select);
    (before, tag, key, value, inside, 0_u8..12).prop_map(|(before, tag, key, value, inside, style)| {
        let key = if tag == "date" && !key.is_empty() { "time:timestamp" } else { key };
        match style {
            0 => format!("{before}<{tag} value=\"{value}\" key=\"{key}\"/>"),
            1 => format!("{before}<{tag} key='{key}' value=\"{value}\"/>"),
            2 => format!("{before}<{tag} key=\"{key}\" value=\"{value}\">{inside}</{tag}>"),
            3 => format!("{before}<{tag} key=\"{key}\" value=\"{value}\" />"),
            4 => format!("{before}<{tag}  key=\"{key}\"\tvalue=\"{value}\"/>"),
            _ => format!("{before}<{tag} key=\"{key}\" value=\"{value}\"/>"),
        }
    })
}

fn event() -> impl Strategy<Value = String> {
    let plain = (prop::sample::select(vec!["x", "y", "Create Fine"]), prop::sample::select(&TIMES[..6]), vec(attribute(), 0..3))
        .prop_map(|(kind, at, others)| {
            format!(
                "\n\t\t<event>\n\t\t\t<string key=\"concept:name\" value=\"{kind}\"/>{}\n\t\t\t<date key=\"time:timestamp\" value=\"{at}\"/>\n\t\t</event>",
                others.concat()
            )
        });
    let others = (
        vec(attribute(), 0..6),
        prop::sample::select(vec!["<event>", "<event>", "<event x=\"1\">", "<event >"]),
    )
        .prop_map(|(attributes, tag)| format!("\n\t\t{tag}{}</event>", attributes.concat()));
    prop_oneof![4 => plain, 2 => others, 1 => Just("<event/>".to_owned())]
}

fn document() -> impl Strategy<Value = Vec<u8>> {
    let tag = prop::sample::select(vec!["trace", "trace", "trace", "trace x=\"1\"", "y:trace"]);
    let name = prop::sample::select(vec!["A", "A", "B", "", " ", "sak &lt;1>"]);
    let named = (name, 0_u8..6).prop_map(|(name, odd)| match odd {
        0 => String::new(),
        1 => format!("<string value=\"{name}\" key=\"concept:name\"/>"),
        _ => format!("\n\t\t<string key=\"concept:name\" value=\"{name}\"/>"),
    });
    let facts = vec(attribute(), 0..3);
    let trace = (tag, named, facts, vec(event(), 0..5), prop::option::weighted(0.1, attribute())).prop_map(
        |(tag, named, facts, events, late)| {
            let end = tag.split(' ').next().unwrap_or_default();
            let facts = facts.concat();
            format!("\n\t<{tag}>{named}{facts}{}{}\n\t</{end}>", events.concat(), late.unwrap_or_default())
        },
    );
    vec(trace, 0..5).prop_map(|traces| {
        format!("<?xml version=\"1.0\"?>\n<log>\n\t<global scope=\"event\"/>{}\n</log>\n", traces.concat())
            .into_bytes()
    })
}

const CSV_PIECES: &[&str] = &[
    "\"",
    "\"\"",
    ",",
    ";",
    "\n",
    "\r",
    "\r\n",
    "\"\n",
    "\n\"",
    ",\"",
    "\",",
    "\u{feff}",
    "æ",
    "\0",
    "2024-01-01",
];
const XES_PIECES: &[&str] = &[
    "\"",
    "<",
    ">",
    "/>",
    "&",
    "&#0;",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "<event>",
    "</event>",
    "</trace>",
    "<trace>",
    "\n",
    "\r",
    "\0",
    "æ",
    "<!DOCTYPE x>",
    "</log>",
    " ",
    "key=\"x\"",
    "<string key=\"",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn tables(
        table in table(),
        changes in changes(CSV_PIECES),
        limits in limits(),
        cuts in vec(any::<Index>(), 0..5),
        mapped in 0_u8..4,
    ) {
        let mut options = options(Format::Csv, &limits);
        if mapped == 0 {
            options.columns = ColumnMap::parse("kind:constant=alt,rest=body").unwrap();
        }
        check_csv(&mangle(table, &changes), &options, &cuts);
    }

    #[test]
    fn event_logs(document in document(), changes in changes(XES_PIECES), limits in limits()) {
        check_xes(&mangle(document, &changes), &options(Format::Xes, &limits));
    }

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..300), cuts in vec(any::<Index>(), 0..3)) {
        for limits in [Limits::default(), Limits { line_bytes_max: 30, file_bytes_max: 200, ..Limits::default() }] {
            let table = [b"case,kind,at\n".as_slice(), &bytes].concat();
            check_csv(&table, &options(Format::Csv, &limits), &cuts);
            check_csv(&bytes, &options(Format::Csv, &limits), &cuts);
            check_xes(&bytes, &options(Format::Xes, &limits));
            let log = [b"<log><trace><event>".as_slice(), &bytes].concat();
            check_xes(&log, &options(Format::Xes, &limits));
        }
    }
}
