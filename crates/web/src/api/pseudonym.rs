use samspill_base::{Entry, Value};

/// Letters of a word at the most. What is longer, or holds anything but small letters, digits and hyphens, may be about somebody.
const WORD_LENGTH_MAX: usize = 40;

/// An entry without who it is about, and without free text: a word of the agreement, a day, a time, a number and yes or no stay. That a field
/// says something stays to be seen.
pub(crate) fn without_names(entry: Entry) -> Entry {
    let body =
        entry.body.map(|body| body.into_iter().map(|(name, value)| (name, without_text(value))).collect());
    Entry { person: None, body, ..entry }
}

fn without_text(value: Value) -> Value {
    match value {
        Value::Text(text) if !is_word(&text) => Value::text("…"),
        Value::List(values) => Value::List(values.into_iter().map(without_text).collect()),
        Value::Map(map) => {
            Value::Map(map.into_iter().map(|(name, value)| (name, without_text(value))).collect())
        }
        other @ (Value::Text(_) | Value::Empty | Value::Bool(_) | Value::Number(_)) => other,
    }
}

fn is_word(text: &str) -> bool {
    let is_slug = text.len() <= WORD_LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_time = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok();
    let has_digits_alone = text.bytes().all(|byte| byte.is_ascii_digit());
    text.trim().is_empty() || is_time || (is_slug && !has_digits_alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_days_and_blanks_stay_and_everything_else_goes() {
        for kept in ["kan-ta-imot", "2025-03-28", "2025-03-28T14:00:00+01:00", "", " "] {
            assert_eq!(without_text(Value::text(kept)), Value::text(kept));
        }
        for gone in ["Kari Nordmann", "04857098765", "Hansen", "ring 77 60 00 00"] {
            assert_eq!(without_text(Value::text(gone)), Value::text("…"));
        }
    }
}
