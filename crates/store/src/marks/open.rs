//! From marks to numbers.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::{Decimal, Value};

use super::{
    entry::Swap,
    mark::{Sign, is_mark, replaced},
};

/// Numbers by their marks.
pub(super) type Numbers = BTreeMap<String, String>;

/// Puts numbers in the place of marks. A mark whose number isn't known stays, and is noted.
pub(super) struct Open<'a> {
    known: &'a Numbers,
    pub(super) unknown: BTreeSet<String>,
}

impl<'a> Open<'a> {
    pub(super) fn with(known: &'a Numbers) -> Self {
        Self { known, unknown: BTreeSet::new() }
    }

    fn number_of(&mut self, mark: &str) -> Option<String> {
        let known = self.known.get(mark);
        if known.is_none() {
            self.unknown.insert(mark.to_owned());
        }
        known.cloned()
    }
}

impl Swap for Open<'_> {
    fn text(&mut self, text: &str) -> String {
        let of_text = |mark: &str| if Sign::Text.is_of(mark) { self.number_of(mark) } else { None };
        replaced(text, of_text).unwrap_or_else(|| text.to_owned())
    }

    fn person(&mut self, person: &str) -> String {
        let number = if is_mark(person) { self.number_of(person) } else { None };
        number.unwrap_or_else(|| person.to_owned())
    }

    fn value(&mut self, text: &str) -> Value {
        if is_mark(text) && Sign::Number.is_of(text) {
            let number = self.number_of(text).and_then(|number| Decimal::parse(&number));
            return number.map_or_else(|| Value::text(text), Value::Number);
        }
        Value::Text(self.text(text))
    }

    /// A mark has no letters that JSON writes otherwise; what it stands for may have.
    fn json(&mut self, json: &str) -> String {
        let escaped = |mark: &str| self.number_of(mark).map(|number| escaped(&number));
        replaced(json, escaped).unwrap_or_else(|| json.to_owned())
    }
}

/// A text as it stands within JSON's quotes.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map(str::to_owned).unwrap_or(quoted)
}
