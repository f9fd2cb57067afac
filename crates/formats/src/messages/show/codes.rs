//! Names of codes: the sender's own, else our tables'.

use super::super::codes::{Table, table_by_oid, table_of_field};
use crate::xml::El;

/// What our tables call a code; `None` if they don't know it. The table is the one that is named, else the one that the schema
/// gives the element.
pub(super) fn known_name(element: El<'_>, table: &str, value: &str) -> Option<&'static str> {
    table_for(element, table)?
        .codes()
        .iter()
        .rev()
        .find(|code| code.value == value)
        .map(|code| code.name.as_str())
}

/// What our tables call a code, where the name that the sender wrote is that of another code: then people must see both.
pub(super) fn other_meaning(element: El<'_>, table: &str, value: &str, name: &str) -> Option<&'static str> {
    if name.is_empty() || value.is_empty() {
        return None;
    }
    let codes = table_for(element, table)?.codes();
    let meant = codes.iter().find(|code| code.value == value).filter(|code| !code.is_called(name))?;
    codes.iter().any(|code| code.is_called(name)).then_some(meant.name.as_str())
}

/// What people call a table, or its OID.
pub(super) fn table_name(table: &str) -> String {
    table_by_oid(table).map_or_else(|| table.to_owned(), |known| known.title().to_owned())
}

fn table_for(element: El<'_>, table: &str) -> Option<&'static Table> {
    if !table.is_empty() {
        return table_by_oid(table);
    }
    table_of_field(element.parent()?.local(), element.local())
}
