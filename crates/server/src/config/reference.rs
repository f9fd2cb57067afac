//! The reference of all settings, made from the table.

use super::{
    mistake::Code,
    shape::{Need, Section, Setting, Shape},
    table,
};

/// All sections, settings and codes as Markdown, for `docs/operating.md`.
pub fn reference() -> String {
    let mut text = String::new();
    for section in table::sections() {
        text.push_str(&format!("### `{}`\n\n{}\n\n", section.header, section.doc));
        if section.is_many() {
            text.push_str("May stand several times.\n\n");
        }
        text.push_str("| setting | holds | without it | meaning |\n|---|---|---|---|\n");
        let own = section.settings.iter().filter(|setting| setting.section().is_none());
        own.for_each(|setting| text.push_str(&row(section, setting)));
        text.push('\n');
    }
    text.push_str("### What `config check` says\n\n| code | meaning |\n|---|---|\n");
    for code in Code::ALL {
        text.push_str(&format!("| `{code}` | {} |\n", code.meaning()));
    }
    text
}

fn row(section: &Section, setting: &Setting) -> String {
    let without = match setting.need {
        Need::Required => "must be there".to_owned(),
        Need::Optional => "none".to_owned(),
        Need::Default(default) => format!("`{default}`"),
    };
    let kind =
        if setting.of.is_empty() { String::new() } else { format!("Only `kind = \"{}\"`. ", setting.of) };
    let example = match setting.need {
        Need::Default(default) if default == setting.example => String::new(),
        Need::Required | Need::Optional | Need::Default(_) => {
            format!(" `{} = {}`", setting.name, setting.example)
        }
    };
    let holds = holds(&setting.shape);
    let _ = section;
    format!("| `{}` | {holds} | {without} | {kind}{}{example} |\n", setting.name, setting.doc)
}

/// What a setting holds, as it can stand in a cell.
fn holds(shape: &Shape) -> String {
    let words = shape.in_words();
    if words.contains('<') || words.contains('{') {
        // Angles would be read as tags.
        words.replace('<', "&lt;").replace('>', "&gt;")
    } else {
        words
    }
}
