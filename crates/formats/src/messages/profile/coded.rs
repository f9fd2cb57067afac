//! Coded values against their tables.

use jiff::civil::Date;

use crate::{
    messages::{
        Finding, Severity,
        codes::{self, CodeStatus, Table},
    },
    xml::El,
};

/// Looks at an element: if it is a coded value of a table that is kept, says what is strange about it. Never more than a note:
/// an invalid code is no ground for refusing a message (HIS 80415:2012 3.3.2).
pub(super) fn look(element: El<'_>, on: Option<Date>, findings: &mut Vec<Finding>) {
    let Some(value) = element.attribute("V").map(str::trim_ascii).filter(|value| !value.is_empty()) else {
        return;
    };
    let named = element.attribute("S").map(str::trim_ascii).filter(|oid| !oid.is_empty());
    let table = match named {
        Some(oid) => codes::table_by_oid(oid),
        None => element.parent().and_then(|parent| codes::table_of_field(parent.local(), element.local())),
    };
    match (table, named) {
        (Some(table), _) => findings.extend(strange(element, value, table, on)),
        (None, Some(oid)) if codes::not_kept(oid).is_none() => findings.push(unknown_table(element, oid)),
        (None, _) => {}
    }
}

fn strange(element: El<'_>, value: &str, table: &Table, on: Option<Date>) -> Option<Finding> {
    let written = element.attribute("DN").unwrap_or_default();
    let note = |code, text| Some(Finding::at(element, Severity::Note, code, text));
    let title = || format!("table {} ({})", table.number(), table.title());
    match table.name(value, on.unwrap_or(table.as_of())) {
        CodeStatus::Known(code) if written.is_empty() || code.name == written || code.is_called(written) => {
            None
        }
        CodeStatus::Known(code) => {
            let other =
                table.codes().iter().find(|other| other.value != code.value && other.is_called(written))?;
            note(
                "code-and-name-differ",
                format!(
                    "{value} is “{}” in {}, but the name written is that of {}",
                    code.name,
                    title(),
                    other.value
                ),
            )
        }
        CodeStatus::Ended(code) => {
            note("code-out-of-use", format!("{value} (“{}”) of {} is no longer in use", code.name, title()))
        }
        CodeStatus::NotYet(code) => {
            note("code-not-yet-in-use", format!("{value} (“{}”) of {} isn't in use yet", code.name, title()))
        }
        CodeStatus::Unknown => note("unknown-code", unknown(value, written, table, &title())),
        CodeStatus::TableIncomplete => None,
    }
}

fn unknown(value: &str, written: &str, table: &Table, title: &str) -> String {
    match table.suggest(value, written) {
        Some(code) => format!("{title} has no {value}; perhaps {} (“{}”) is meant", code.value, code.name),
        None => format!("{title} has no {value}"),
    }
}

fn unknown_table(element: El<'_>, oid: &str) -> Finding {
    Finding::at(
        element,
        Severity::Note,
        "unknown-table",
        format!("{oid} is no code table that is known here"),
    )
}
