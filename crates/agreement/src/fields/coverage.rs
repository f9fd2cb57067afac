//! The complete example uses every key of the table, and every example of the table can be read.

use std::collections::BTreeSet;

use super::{CASE_FILE, ROOT, Section, Shape, VOCABULARY, check, every_field};
use crate::{
    diagnostic::Report,
    source::SourceFile,
    syntax::{Node, Table, parse},
};

macro_rules! complete {
    ($path:literal) => {
        include_str!(concat!("../../tests/data/complete/", $path))
    };
}

const FILES: [(&str, &Section); 9] = [
    (complete!("agreements/felles/2022-01-01/agreement.toml"), &ROOT),
    (complete!("vocabulary/opphold.toml"), &VOCABULARY),
    (complete!("law/helligdager/1995-01-01/agreement.toml"), &ROOT),
    (complete!("law/dognpris/2023-01-01/agreement.toml"), &ROOT),
    (complete!("agreements/fjordhelse/2023-06-01/agreement.toml"), &ROOT),
    (complete!("agreements/fjordhelse/2023-06-01/blindspots.toml"), &ROOT),
    (complete!("agreements/fjordhelse/2023-06-01/processes/opphold.toml"), &ROOT),
    (complete!("agreements/fjordhelse/2023-06-01/processes/betaling.toml"), &ROOT),
    (complete!("agreements/fjordhelse/2023-06-01/cases/rapport.toml"), &CASE_FILE),
];

type Found = BTreeSet<(&'static str, &'static str)>;

fn walk(section: &'static Section, table: &Table, found: &mut Found) {
    for entry in &table.entries {
        match (section.field(&entry.key.name), section.others) {
            (Some(field), _) => {
                found.insert((section.header, field.name));
                walk_shape(&field.shape, &entry.node, found);
            }
            (None, Some(others)) => walk(others, entry.node.as_table().unwrap(), found),
            (None, None) => {}
        }
    }
}

fn walk_shape(shape: &'static Shape, node: &Node, found: &mut Found) {
    match shape {
        Shape::Table(section) | Shape::Tables(section) => {
            node.items().iter().filter_map(Node::as_table).for_each(|table| walk(section, table, found));
        }
        Shape::List(of) | Shape::OneOrMore(of) => {
            node.items().iter().for_each(|item| walk_shape(of, item, found));
        }
        Shape::Map(of) => {
            node.as_table()
                .iter()
                .flat_map(|table| &table.entries)
                .for_each(|entry| walk_shape(of, &entry.node, found));
        }
        Shape::Either(shapes) => {
            for section in shapes.iter().flat_map(Shape::sections) {
                node.items().iter().filter_map(Node::as_table).for_each(|table| walk(section, table, found));
            }
        }
        Shape::Text
        | Shape::Line
        | Shape::Clause
        | Shape::Id
        | Shape::Name(_)
        | Shape::Condition
        | Shape::Deadline
        | Shape::Amount
        | Shape::Day
        | Shape::Money
        | Shape::Bool
        | Shape::Whole(..)
        | Shape::Date
        | Shape::Word(_)
        | Shape::Scalar => {}
    }
}

#[test]
fn the_complete_example_uses_every_key() {
    let mut found = Found::new();
    for (text, section) in FILES {
        let mut report = Report::default();
        let file = report.sources.add(&SourceFile::new("x.toml", text));
        let table = parse(file, &mut report);
        walk(if section.header == VOCABULARY.header { &ROOT } else { section }, &table, &mut found);
    }
    let missing: Vec<_> = every_field().into_iter().filter(|field| !found.contains(field)).collect();
    assert!(missing.is_empty(), "the complete example in tests/data/complete doesn't use {missing:?}");
}

#[test]
fn every_example_of_the_table_has_the_type_of_its_key() {
    for section in super::sections(&ROOT).into_iter().chain(super::sections(&CASE_FILE)) {
        for field in section
            .fields
            .iter()
            .filter(|field| !field.example.starts_with("[[") && !is_header(field.example))
        {
            let mut report = Report::default();
            let text = format!("{} = {}", field.name, field.example);
            let file = report.sources.add(&SourceFile::new("x.toml", text.as_str()));
            let table = parse(file, &mut report);
            check(Box::leak(Box::new(lone(section, field.name))), &table, &mut report);
            let diagnostics = report.finish().0;
            assert!(diagnostics.is_empty(), "{} {text}: {diagnostics:?}", section.header);
        }
    }
}

fn is_header(example: &str) -> bool {
    example.starts_with('[') && !example.contains(['"', '{', ','])
}

/// The section with no key but this one.
fn lone(section: &'static Section, name: &str) -> Section {
    let place = section.fields.iter().position(|field| field.name == name).unwrap();
    Section { fields: &section.fields[place..=place], ..Section::new(section.header, section.doc, &[]) }
}

#[test]
fn every_section_and_key_says_what_it_is() {
    for section in super::sections(&ROOT).into_iter().chain(super::sections(&CASE_FILE)) {
        assert!(!section.doc.is_empty(), "{}", section.header);
        for field in section.fields {
            assert!(field.doc.ends_with(['.', '?', '`', ')']), "{} {}", section.header, field.name);
            assert!(!field.example.is_empty(), "{} {}", section.header, field.name);
        }
    }
}
