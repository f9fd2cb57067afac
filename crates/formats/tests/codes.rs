//! The code tables: that each file is sound, what a table says of a value on a day, and that the official samples use
//! nothing that isn't known.
#![expect(clippy::disallowed_methods, reason = "the crate is pure, its tests read files")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::{Date, date};
use quick_xml::events::{BytesStart, Event};
use samspill_formats::messages::codes::{
    self, CodeStatus, Completeness, End, Table, not_kept, table_by_number, table_by_oid, table_of_field,
};

const TODAY: Date = date(2026, 3, 1);
const NATIONAL: &str = "2.16.578.1.12.4.1.1.";

fn table(number: u32) -> &'static Table {
    table_by_number(number).unwrap_or_else(|| panic!("table {number} isn't kept"))
}

fn said(status: CodeStatus<'_>) -> String {
    match status {
        CodeStatus::Known(code) => format!("known: {}", code.name),
        CodeStatus::Ended(code) => format!("ended: {}", code.name),
        CodeStatus::NotYet(code) => format!("not yet: {}", code.name),
        CodeStatus::Unknown => "unknown".to_owned(),
        CodeStatus::TableIncomplete => "incomplete".to_owned(),
    }
}

#[test]
fn every_table_is_sound() {
    let mut numbers = BTreeSet::new();
    for table in codes::tables() {
        let number = table.number();
        assert!(numbers.insert(number), "{number} has two files");
        assert_eq!(table.oid(), format!("{NATIONAL}{number}"));
        assert!(!table.title().trim().is_empty() && !table.source().trim().is_empty(), "{number}");
        assert!(table.as_of() > date(2000, 1, 1) && table.as_of() < TODAY, "{number}");
        assert!(!table.codes().is_empty(), "{number}");
        assert!(table.codes().windows(2).all(|pair| pair[0].value < pair[1].value), "{number} isn't sorted");
        for code in table.codes() {
            assert_eq!(code.value, code.value.trim(), "{number}");
            assert_eq!(code.name, code.name.trim(), "{number} {}", code.value);
            assert!(!code.name.is_empty(), "{number} {}", code.value);
            assert_eq!(table.name(&code.value, TODAY).code(), Some(code));
        }
    }
    assert_eq!(numbers.len(), file_names().filter(|name| name != "not-kept.toml").count());
}

#[test]
fn every_file_is_named_by_its_number() {
    for name in file_names().filter(|name| name != "not-kept.toml") {
        let number = name.split('-').next().and_then(|number| number.parse().ok());
        assert!(number.and_then(table_by_number).is_some(), "{name}");
    }
}

/// The names of the files with tables, and of the list of those that aren't kept.
fn file_names() -> impl Iterator<Item = String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../codes");
    fs::read_dir(folder)
        .expect("the folder is part of the project")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension() == Some("toml".as_ref()))
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
}

#[test]
fn the_tables_of_the_messages_are_kept() {
    for number in [
        3101, 3303, 3402, 7304, 7309, 7322, 8112, 8113, 8114, 8115, 8116, 8117, 8221, 8254, 8258, 8279, 8329,
        8330, 8408, 8431, 8724, 9033, 9034, 9040, 9050, 9051, 9060, 9064, 9069, 9111, 9121, 9139, 9140, 9141,
        9142, 9145, 9146, 9151, 9152, 9153, 9154, 9155,
    ] {
        table(number);
    }
    for oid in ["7110", "7170", "7180", "9043"].map(|number| format!("{NATIONAL}{number}")) {
        assert!(table_by_oid(&oid).is_none());
        assert!(!not_kept(&oid).expect("listed").reason.is_empty());
    }
}

#[test]
fn a_table_is_either_kept_or_listed_as_not_kept() {
    for table in codes::tables() {
        assert!(not_kept(table.oid()).is_none(), "{}", table.number());
    }
}

#[test]
fn tables_are_found_by_their_whole_oid_only() {
    assert_eq!(table_by_oid("2.16.578.1.12.4.1.1.9121").map(Table::number), Some(9121));
    for oid in
        ["2.16.578.1.12.4.1.1.", "2.16.578.1.12.4.1.1.09121", "9121", "2.16.578.1.12.4.1.2.9121", "", "x"]
    {
        assert_eq!(table_by_oid(oid), None, "{oid}");
    }
}

/// Number of the table, value, day, what is said: rows just before, at and just after each limit.
#[test]
fn a_code_is_known_from_its_first_day_to_its_last() {
    let rows = [
        (9121, "3", TODAY, "known: Pasient utskrivningsklar"),
        (9121, "5", date(2012, 3, 31), "not yet: Forventet utskrivningsklar dato"),
        (9121, "5", date(2012, 4, 1), "known: Forventet utskrivningsklar dato"),
        (3402, "1507", date(2019, 12, 31), "not yet: Ålesund"),
        (3402, "1507", date(2020, 1, 1), "known: Ålesund"),
        (3402, "1507", date(2023, 12, 31), "known: Ålesund"),
        (3402, "1507", date(2024, 1, 1), "ended: Ålesund"),
        (3402, "1508", date(2023, 12, 31), "not yet: Ålesund"),
        (3402, "1508", date(2024, 1, 1), "known: Ålesund"),
        (9141, "11", TODAY, "ended: Innleggelsesårsak"),
        (9141, "11", date(2010, 1, 1), "ended: Innleggelsesårsak"),
        (7309, "X", TODAY, "unknown"),
        (7309, "", TODAY, "unknown"),
        (9051, "her", TODAY, "unknown"),
        (9051, " HER", TODAY, "unknown"),
        (3402, "1234", TODAY, "incomplete"),
        (3303, "XX", TODAY, "incomplete"),
    ];
    for (number, value, on, expected) in rows {
        assert_eq!(said(table(number).name(value, on)), expected, "{number} {value} {on}");
    }
}

/// The types of `messages::types::Kind`, each with its value in 8279.
#[test]
fn the_types_of_the_messages_are_known() {
    for value in [
        "LOG_INNLAGT",
        "INNLEGGELSESRAPPORT",
        "HELSEOPPL_SOKNAD",
        "LOG_UTSKRIVNINGSKLAR",
        "LOG_AVMELDING",
        "LOG_UTSKREVET",
        "UTSKRIVNINGSRAPPORT",
        "LOG_DOD",
        "HELSEOPPLYSNINGER_LEGE",
        "ORIENTERING_TJENESTETILBUD",
        "MEDISINSKE_OPPLYSNINGER",
        "FRAVARSMELDING",
        "DIALOG_FORESPORSEL",
        "DIALOG_SVAR",
        "DIALOG_NOTAT",
        "DIALOG_AVVIK",
        "DIALOG_HELSEFAGLIG",
        "EPIKRISE",
        "APPREC",
    ] {
        assert!(matches!(table(8279).name(value, TODAY), CodeStatus::Known(_)), "{value}");
    }
}

#[test]
fn what_was_meant_is_suggested_and_nothing_where_it_is_unclear() {
    let rows = [
        (9051, "her", "", Some("HER")),
        (9051, " HER", "", Some("HER")),
        (9121, "03", "", Some("3")),
        (9121, "Pasient innlagt", "", Some("1")),
        (9121, "99", "PASIENT  UTSKREVET", Some("2")),
        (9121, "99", "", None),
        (9121, "7", "", None),
        (8279, "LOG_UTSKRIVNINGKLAR", "", Some("LOG_UTSKRIVNINGSKLAR")),
        (8279, "LOG_INLAGT", "", Some("LOG_INNLAGT")),
        (8279, "ERM99", "", None),
        (8279, "NOE_HELT_ANNET", "", None),
        (7309, "X", "", None),
        // withdrawn codes aren't suggested
        (9141, "011", "Innleggelsesårsak", None),
    ];
    for (number, value, name, expected) in rows {
        let found = table(number).suggest(value, name).map(|code| code.value.as_str());
        assert_eq!(found, expected, "{number} {value} {name}");
    }
}

#[test]
fn a_code_answers_to_its_earlier_names() {
    let code = table(9111).name("1", TODAY).code().expect("1 is a code");
    assert!(code.is_called("Sosial deltakelse") && code.is_called("fungere  sosialt"));
    assert!(!code.is_called("Spise") && !code.is_called(""));
}

#[test]
fn elements_without_a_table_of_their_own_have_one_by_where_they_stand() {
    let rows = [
        ("MsgInfo", "Type", Some(8279)),
        ("Address", "Type", Some(3401)),
        ("InfItem", "Type", Some(8233)),
        ("Nowhere", "Type", None),
        ("RefDoc", "MsgType", Some(8114)),
        ("OriginalMsgId", "MsgType", Some(8279)),
        ("AppRec", "Status", Some(8258)),
        ("RelHCProvider", "Relation", Some(7318)),
        ("RelServProvider", "Relation", Some(8254)),
        ("InformasjonOmForsendelsen", "Forsendelsesstatus", Some(7309)),
        ("Patient", "Sex", Some(3101)),
        ("Anything", "Sex", Some(3101)),
        ("Ident", "TypeId", None),
        ("TidsfestetHendelse", "Hendelsekode", None),
    ];
    for (parent, element, number) in rows {
        assert_eq!(table_of_field(parent, element).map(Table::number), number, "{parent}/{element}");
    }
}

#[test]
fn no_two_tables_claim_the_same_element() {
    let mut claimed = BTreeMap::new();
    for table in codes::tables() {
        for field in table.fields() {
            assert_eq!(claimed.insert(field.as_str(), table.number()), None, "{field}");
        }
    }
}

#[test]
fn only_tables_that_are_not_whole_leave_a_value_open() {
    for table in codes::tables() {
        let expected = match table.completeness() {
            Completeness::Complete => CodeStatus::Unknown,
            Completeness::Partial => CodeStatus::TableIncomplete,
        };
        assert_eq!(table.name("no such value", TODAY), expected, "{}", table.number());
    }
}

#[test]
fn days_are_given_where_a_code_has_ended_on_a_known_day() {
    let code = table(3402).name("1601", TODAY).code().expect("1601 is kept");
    assert_eq!(code.end, End::LastDay(date(2017, 12, 31)));
}

// ---------------------------------------------------------------- the official samples

/// Coded values of the samples that are not known, each with the reason.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    ("1111", "FNR", "an acceptance test names a table that doesn't exist, on purpose or by mistake"),
    ("8258", "123", "a receipt with an unknown status, made to be one"),
    ("8258", "73", "a receipt with an unknown status, made to be one"),
    ("9051", " HER", "a receipt of a test set with a space before the type"),
];

#[test]
fn the_official_samples_use_nothing_unknown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo");
    if !folder.is_dir() {
        println!("skipped: the folder with the official samples is missing");
        return;
    }
    let mut unknown = BTreeSet::new();
    let mut seen = 0;
    for file in ["samples", "conformance"].iter().flat_map(|part| xml_files(&folder.join(part))) {
        for coded in coded_values(&fs::read(&file).expect("readable")) {
            seen += 1;
            unknown.extend(verdict(&coded));
        }
    }
    assert!(seen > 2000, "only {seen} coded values were seen");
    let expected: BTreeSet<_> =
        EXCEPTIONS.iter().map(|(table, value, _)| ((*table).to_owned(), (*value).to_owned())).collect();
    assert_eq!(unknown, expected);
}

struct Coded {
    parent: String,
    element: String,
    value: String,
    oid: Option<String>,
}

/// The table and value, if they aren't known.
fn verdict(coded: &Coded) -> Option<(String, String)> {
    let table = match &coded.oid {
        Some(oid) => match table_by_oid(oid) {
            Some(table) => table,
            None if not_kept(oid).is_some() => return None,
            None => return Some((oid.trim_start_matches(NATIONAL).to_owned(), coded.value.clone())),
        },
        None => table_of_field(&coded.parent, &coded.element)?,
    };
    let known = match table.name(&coded.value, TODAY) {
        CodeStatus::Known(_) | CodeStatus::Ended(_) => true,
        // numbers of municipalities are the only table that is kept in part on purpose
        CodeStatus::TableIncomplete => table.number() == 3402,
        CodeStatus::NotYet(_) | CodeStatus::Unknown => false,
    };
    (!known).then(|| (table.number().to_string(), coded.value.clone()))
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() {
            files.extend(xml_files(&entry));
        } else if entry.extension() == Some("xml".as_ref()) {
            files.push(entry);
        }
    }
    files
}

/// All coded values of a document, up to where it stops being one.
fn coded_values(bytes: &[u8]) -> Vec<Coded> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let (mut open, mut found) = (Vec::new(), Vec::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                found.extend(coded(&open, &start));
                open.push(local_name(&start));
            }
            Event::Empty(start) => found.extend(coded(&open, &start)),
            Event::End(_) => drop(open.pop()),
            Event::Eof => break,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
    found
}

fn local_name(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

fn coded(open: &[String], start: &BytesStart<'_>) -> Option<Coded> {
    let attribute = |name: &str| {
        let found = start.try_get_attribute(name).ok().flatten()?;
        Some(found.value.into_owned())
    };
    let element = local_name(start);
    let value = attribute("V")?;
    Some(Coded { parent: open.last().cloned().unwrap_or_default(), element, value, oid: attribute("S") })
}
