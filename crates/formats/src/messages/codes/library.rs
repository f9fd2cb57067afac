use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::{
    file::{CodeFileError, read_not_kept, read_table},
    table::Table,
};

/// The folder of code tables, as it was when the program was built.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../codes");
const NOT_KEPT: &str = "not-kept.toml";
/// What the OIDs of the national code tables begin with (HIS 80415:2012 6.1.1).
const NATIONAL: &str = "2.16.578.1.12.4.1.1.";

static LIBRARY: LazyLock<Library> = LazyLock::new(|| match Library::read() {
    Ok(library) => library,
    Err(error) => panic!("the program was built with a broken file: {error}"),
});

/// A table that messages may name and that isn't kept here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotKept {
    /// Its number.
    pub number: u32,
    /// Its OID.
    pub oid: String,
    /// What it is called, in Norwegian.
    pub name: String,
    /// Why it isn't kept, as a sentence.
    pub reason: String,
}

/// The table with this OID; none if it isn't kept, for which [`not_kept`] may have a reason.
pub fn table_by_oid(oid: &str) -> Option<&'static Table> {
    match oid.strip_prefix(NATIONAL) {
        Some(number) => table_by_number(number.parse().ok()?).filter(|table| table.oid() == oid),
        None => LIBRARY.tables.iter().find(|table| table.oid() == oid),
    }
}

/// The national table with this number: 9121.
pub fn table_by_number(number: u32) -> Option<&'static Table> {
    let tables = &LIBRARY.tables;
    tables.binary_search_by_key(&number, Table::number).ok().map(|index| &tables[index])
}

/// The table that an element takes its codes from without naming it (`CS`): `MsgInfo` and `Type` give 8279.
///
/// `None` where the element names its table itself (`CV`), or where the table isn't kept.
pub fn table_of_field(parent: &str, element: &str) -> Option<&'static Table> {
    let fields = &LIBRARY.fields;
    let start = fields.partition_point(|field| field.element.as_str() < element);
    let mut any_parent = None;
    for field in fields[start..].iter().take_while(|field| field.element == element) {
        match &field.parent {
            Some(wanted) if wanted == parent => return table_by_number(field.table),
            Some(_) => {}
            None => any_parent = Some(field.table),
        }
    }
    any_parent.and_then(table_by_number)
}

/// All tables, by number.
pub fn tables() -> &'static [Table] {
    &LIBRARY.tables
}

/// Why a table isn't kept, if that was decided.
pub fn not_kept(oid: &str) -> Option<&'static NotKept> {
    let tables = &LIBRARY.not_kept;
    tables.binary_search_by(|table| table.oid.as_str().cmp(oid)).ok().map(|index| &tables[index])
}

struct Library {
    /// Sorted by number.
    tables: Vec<Table>,
    /// Sorted by element.
    fields: Vec<Field>,
    /// Sorted by OID.
    not_kept: Vec<NotKept>,
}

/// An element that takes its codes from a table.
struct Field {
    element: String,
    /// The element it must stand in; none if that doesn't matter.
    parent: Option<String>,
    table: u32,
}

impl Library {
    fn read() -> Result<Self, CodeFileError> {
        let mut tables = Vec::new();
        let mut not_kept = Vec::new();
        for (name, text) in toml_files() {
            match name {
                NOT_KEPT => not_kept = read_not_kept(name, text)?,
                name => tables.push(read_table(name, text)?),
            }
        }
        tables.sort_by_key(Table::number);
        Ok(Self { fields: fields(&tables), tables, not_kept })
    }
}

fn toml_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .files()
        .filter(|file| file.path().extension() == Some("toml".as_ref()))
        .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

fn fields(tables: &[Table]) -> Vec<Field> {
    let mut fields: Vec<Field> = tables
        .iter()
        .flat_map(|table| table.fields().iter().map(|text| field(text, table.number())))
        .collect();
    fields.sort_by(|a, b| a.element.cmp(&b.element));
    fields
}

fn field(text: &str, table: u32) -> Field {
    match text.split_once('/') {
        Some((parent, element)) => {
            Field { element: element.to_owned(), parent: Some(parent.to_owned()), table }
        }
        None => Field { element: text.to_owned(), parent: None, table },
    }
}
