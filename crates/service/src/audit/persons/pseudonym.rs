use std::collections::BTreeMap;

use samspill_base::{Entry, Value};

use super::PersonRegister;

impl PersonRegister {
    /// An entry for an export that names nobody: the person under a pseudonym, without the message's id, and without all text that
    /// isn't a slug, a date or a time.
    ///
    /// Cases keep their names, parties and times theirs: whoever knows a stay from elsewhere may still know it again.
    pub fn without_names(&self, entry: &Entry) -> Entry {
        let plain = |values: &BTreeMap<String, Value>| {
            values.iter().filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
        };
        Entry {
            id: None,
            person: entry.person.as_deref().map(|id| self.pseudonym(id)),
            facts: plain(&entry.facts),
            body: entry.body.as_ref().map(plain),
            ..entry.clone()
        }
    }
}

/// A value without what may be free text; `None` where nothing is left of it.
fn plain(value: &Value) -> Option<Value> {
    match value {
        Value::Empty | Value::Bool(_) | Value::Number(_) => Some(value.clone()),
        Value::Text(text) => is_slug_or_time(text).then(|| value.clone()),
        Value::List(values) => Some(Value::List(values.iter().filter_map(plain).collect())),
        Value::Map(values) => {
            let kept = values.iter().filter_map(|(name, value)| Some((name.clone(), plain(value)?)));
            Some(Value::Map(kept.collect()))
        }
    }
}

/// Letters of a slug at the most.
const SLUG_MAX: usize = 40;

/// Whether it is a slug in small ASCII letters, or a date or time. Eleven digits are neither: they may be a person's.
fn is_slug_or_time(text: &str) -> bool {
    let is_time = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok();
    let is_slug = (1..=SLUG_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_lowercase());
    is_slug || is_time || text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_dates_and_times_stay_and_free_text_goes() {
        for (text, stays) in [
            ("korttidsopphold", true),
            ("kan-ta-imot", true),
            ("2025-03-28", true),
            ("2025-03-28T14:00:00Z", true),
            ("2025-03-28T14:00:00", true),
            ("41814061033", false),
            ("Kari", false),
            ("bor hos kari", false),
            ("", false),
            (&"a".repeat(40), true),
            (&"a".repeat(41), false),
        ] {
            assert_eq!(is_slug_or_time(text), stays, "{text}");
        }
    }
}
