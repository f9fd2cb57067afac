//! An example with every setting, made from the table.

use super::{
    shape::{Need, Section, Setting},
    table,
};

/// A configuration with every setting, each with what it means. It is right as it stands; where a setting has a default, the
/// example is that or says so.
pub fn example() -> String {
    let mut text =
        String::from("# Everything that can be set. What may be left out is followed by its default.\n");
    for section in table::sections() {
        for kind in kinds(section) {
            write_section(section, kind, &mut text);
        }
    }
    text
}

/// The kinds that a section comes in; one without a name where it has none.
fn kinds(section: &'static Section) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = Vec::new();
    for setting in section.settings.iter().filter(|setting| !setting.of.is_empty()) {
        if !kinds.contains(&setting.of) {
            kinds.push(setting.of);
        }
    }
    if kinds.is_empty() { vec![""] } else { kinds }
}

fn write_section(section: &'static Section, kind: &str, text: &mut String) {
    text.push_str(&format!("\n# {}\n{}\n", section.doc, section.header));
    let own = section.settings.iter().filter(|setting| setting.section().is_none());
    for setting in own.filter(|setting| setting.of.is_empty() || setting.of == kind) {
        let value = value_of(section, setting, kind);
        let default = match setting.need {
            Need::Required => String::new(),
            Need::Optional => " May be left out.".to_owned(),
            Need::Default(default) => format!(" Default: {default}."),
        };
        text.push_str(&format!("# {}{default}\n{} = {value}\n", setting.doc, setting.name));
    }
}

/// The example of a setting. Names must differ between the channels, and only one is the default.
fn value_of(section: &'static Section, setting: &'static Setting, kind: &str) -> String {
    match (section.is_many() && !kind.is_empty(), setting.name) {
        (true, "kind" | "name") => format!("\"{kind}\""),
        (true, "default") => (kind == "amqp").to_string(),
        (true, "to") if kind != "amqp" => "[]".to_owned(),
        _ => setting.example.to_owned(),
    }
}
