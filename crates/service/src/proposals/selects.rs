//! Whether a proposal asks the same of the same stays.
//!
//! Whoever may write conditions and see how many stays meet them can ask about one patient: two proposals that differ in a condition that
//! only that patient meets, and the difference of their numbers. So a proposal is tried on stays of others only where it selects them as the
//! agreement does: it may say other limits, days and prices, and nothing else.

use samspill_agreement::VersionSources;
use toml::{Table, Value};

use super::{Proposal, short_name};

/// What people read, and the program doesn't compute by.
const TEXTS: &[&str] = &["name", "says", "clause", "liable_clause", "free_clause", "severity"];
/// What days cost.
const PRICES: &[&str] = &["rate", "progression", "free_days", "free_days_average"];
/// Limits and days: any number may stand in them.
const TIMES: &[&str] = &["within", "ahead", "day", "first_day"];
/// Sections that are read by people alone.
const PROSE: &[&str] = &["reading", "blindspot"];
/// Sections of which all must stay: hours may have any name, also one that is a key elsewhere.
const KEPT: &[&str] = &["calendar", "holiday", "value"];
/// The languages of a text.
const LANGUAGES: &[&str] = &["nb", "nn", "en"];

/// Whether a proposal differs from a version in nothing but limits, days, prices and what people read.
pub fn selects_the_same(proposal: &Proposal, base: &VersionSources) -> bool {
    let is_kept = |name: &str| base.files.iter().any(|file| short_name(base, &file.name) == name);
    base.files.len() == proposal.files.len()
        && proposal.files.keys().all(|name| is_kept(name))
        && base.files.iter().all(|file| {
            let proposed = proposal.files.get(short_name(base, &file.name)).map(|text| selecting(text));
            proposed.flatten().is_some_and(|proposed| selecting(&file.text) == Some(proposed))
        })
}

/// What is left of a file without what may differ; none where it can't be read.
fn selecting(text: &str) -> Option<Table> {
    let mut file: Table = text.parse().ok()?;
    file.retain(|section, _| !PROSE.contains(&section));
    for (section, value) in &mut file {
        if !KEPT.contains(&section.as_str()) {
            strip(value);
        }
    }
    Some(file)
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(strip),
        Value::Table(table) => {
            table.retain(|key, value| !may_differ(key, value));
            for (key, value) in table.iter_mut() {
                if TIMES.contains(&key.as_str()) {
                    without_numbers(value);
                } else {
                    strip(value);
                }
            }
        }
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

fn may_differ(key: &str, value: &Value) -> bool {
    match key {
        _ if TEXTS.contains(&key) => is_text(value),
        _ if PRICES.contains(&key) => !value.is_table(),
        "readings" => value.is_array() || value.is_str(),
        "in_force" => value.is_datetime(),
        // A limit that counts from where the duty began asks about no entry and no fact; one that counts backwards does.
        "within" => {
            value.as_str().is_some_and(|limit| !limit.split_whitespace().any(|word| word == "before"))
        }
        _ => false,
    }
}

fn is_text(value: &Value) -> bool {
    let is_language = |(key, value): (&String, &Value)| LANGUAGES.contains(&key.as_str()) && value.is_str();
    value.is_str() || value.as_table().is_some_and(|table| table.iter().all(is_language))
}

fn without_numbers(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.split(|letter: char| letter.is_ascii_digit()).collect(),
        Value::Array(all) => all.iter_mut().for_each(without_numbers),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => {}
    }
}
