//! The one table of all sections and fields: it checks files, makes the JSON Schema and writes the reference.

mod calendar;
mod cases;
mod check;
#[cfg(test)]
mod coverage;
mod declarations;
mod document;
mod meter;
mod reference;
mod rules;
mod schema;
mod shape;

pub(crate) use cases::CASE_FILE;
pub(crate) use check::check;
pub(crate) use document::{ROOT, VOCABULARY};
pub use reference::reference_markdown;
pub use schema::agreement_schema;
pub(crate) use shape::{Field, Need, Section, Shape};

/// Every field of the language as `(section, field)`: `("[[duty]]", "within")`.
pub fn every_field() -> Vec<(&'static str, &'static str)> {
    let mut fields = Vec::new();
    for section in sections(&ROOT).into_iter().chain(sections(&CASE_FILE)) {
        fields.extend(section.fields.iter().map(|field| (section.header, field.name)));
    }
    fields
}

/// A section and all sections in it, each once, in the order of the table.
pub(crate) fn sections(root: &'static Section) -> Vec<&'static Section> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found
}

fn collect(section: &'static Section, found: &mut Vec<&'static Section>) {
    if found.iter().any(|known| known.header == section.header) {
        return;
    }
    found.push(section);
    for field in section.fields {
        for inner in field.shape.sections() {
            collect(inner, found);
        }
    }
    if let Some(others) = section.others {
        collect(others, found);
    }
}

/// `"a", "b"`
pub(crate) fn quoted_words(words: &[String]) -> String {
    shape::quoted(&words.iter().map(String::as_str).collect::<Vec<_>>())
}
