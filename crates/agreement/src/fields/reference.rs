use std::fmt::Write as _;

use super::{CASE_FILE, Field, Need, ROOT, Section, Shape, sections, shape::quoted};
use crate::diagnostic::Code;

/// The reference of all sections, keys and diagnostics as Markdown, made from the same tables that check files.
pub fn reference_markdown() -> String {
    let mut text = String::new();
    for section in sections(&ROOT).into_iter().chain(sections(&CASE_FILE)) {
        write_section(&mut text, section);
    }
    write_codes(&mut text);
    text
}

fn write_section(text: &mut String, section: &Section) {
    push(text, format_args!("### {}\n\n{}\n\n", title(section.header), section.doc));
    if section.header == ROOT.header || section.header == CASE_FILE.header {
        return;
    }
    if !section.note.is_empty() {
        push(text, format_args!("{}\n\n", section.note));
    }
    text.push_str("| Key | Value | If left out | Meaning | Example |\n|---|---|---|---|---|\n");
    for field in section.fields {
        write_field(text, field);
    }
    text.push('\n');
}

/// `[[duty]]` as code; other titles as they are.
fn title(header: &str) -> String {
    if header.contains(['[', '{']) { format!("`{header}`") } else { capital(header) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn write_field(text: &mut String, field: &Field) {
    let without = match field.need {
        Need::Required => "**required**".to_owned(),
        Need::Optional => "–".to_owned(),
        Need::Default(default) => default.to_owned(),
    };
    let example = if field.is_section() {
        format!("`{}`", field.example)
    } else {
        format!("`{} = {}`", field.name, field.example)
    };
    let cells = [format!("`{}`", field.name), value(&field.shape), without, field.doc.to_owned(), example];
    let cells: Vec<String> = cells.into_iter().map(|cell| cell.replace('|', "\\|")).collect();
    push(text, format_args!("| {} |\n", cells.join(" | ")));
}

/// What a key holds, in a few words.
fn value(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text, or text in languages".into(),
        Shape::Line => "text".into(),
        Shape::Clause => "clause".into(),
        Shape::Id => "id".into(),
        Shape::Name(sort) => (*sort).into(),
        Shape::Condition => "condition".into(),
        Shape::Deadline => "deadline".into(),
        Shape::Amount => "amount of time".into(),
        Shape::Day => "day".into(),
        Shape::Money => "amount".into(),
        Shape::Bool => "`true` or `false`".into(),
        Shape::Whole(least, most) => format!("whole number, {least} to {most}"),
        Shape::Date => "date".into(),
        Shape::Word(words) => quoted(words).replace('"', "`").replace(", ", " · "),
        Shape::Scalar => "text, number, `true` or `false`".into(),
        Shape::List(of) => format!("list of: {}", value(of)),
        Shape::OneOrMore(of) => format!("{}, or a list", value(of)),
        Shape::Map(of) => format!("by name: {}", value(of)),
        Shape::Either(shapes) => shapes.iter().map(value).collect::<Vec<_>>().join("; or "),
        Shape::Table(section) | Shape::Tables(section) => format!("`{}`", section.header),
    }
}

fn write_codes(text: &mut String) {
    text.push_str("## Diagnostics\n\nEvery mistake has a code that keeps its meaning. An error keeps the agreement from being used, a warning doesn't.\n\n");
    text.push_str("| Code | What it means | How to mend it |\n|---|---|---|\n");
    for code in Code::ALL {
        push(text, format_args!("| {code} | {} | {} |\n", code.meaning(), code.mend().replace('|', "\\|")));
    }
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = text.write_fmt(arguments);
}
