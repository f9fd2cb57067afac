//! The texts of entries and rows, each changed for another.

use std::collections::BTreeMap;

use samspill_base::{Decimal, Entry, Value};

use crate::{LogEntry, ProjectedRow};

/// What becomes of texts.
pub(crate) trait Swap {
    /// A text, or a name in a map.
    fn text(&mut self, text: &str) -> String;

    /// What an entry says that it is about.
    fn person(&mut self, person: &str) -> String;

    /// A value that is text.
    fn value(&mut self, text: &str) -> Value {
        Value::Text(self.text(text))
    }

    /// A value that is a number.
    fn number(&mut self, number: Decimal) -> Value {
        Value::Number(number)
    }

    /// JSON as text.
    fn json(&mut self, json: &str) -> String;
}

/// What has texts in which marks may stand.
pub(crate) trait Texts {
    /// The same with each text changed.
    fn swapped(&self, swap: &mut dyn Swap) -> Self;
}

impl Texts for Entry {
    fn swapped(&self, swap: &mut dyn Swap) -> Self {
        let mut text = |text: &Option<String>| text.as_deref().map(|text| swap.text(text));
        let (id, from, to) = (text(&self.id), text(&self.from), text(&self.to));
        Self {
            id,
            person: self.person.as_deref().map(|person| swap.person(person)),
            from,
            to,
            facts: map(&self.facts, swap),
            body: self.body.as_ref().map(|body| map(body, swap)),
            case: self.case.clone(),
            kind: self.kind.clone(),
            ..*self
        }
    }
}

impl Texts for LogEntry {
    fn swapped(&self, swap: &mut dyn Swap) -> Self {
        Self { entry: self.entry.swapped(swap), key: self.key.clone(), ..*self }
    }
}

impl Texts for ProjectedRow {
    fn swapped(&self, swap: &mut dyn Swap) -> Self {
        Self { case: self.case.clone(), key: self.key.clone(), json: swap.json(&self.json) }
    }
}

fn map(map: &BTreeMap<String, Value>, swap: &mut dyn Swap) -> BTreeMap<String, Value> {
    map.iter().map(|(name, one)| (swap.text(name), value(one, swap))).collect()
}

fn value(value_of: &Value, swap: &mut dyn Swap) -> Value {
    match value_of {
        Value::Empty => Value::Empty,
        Value::Bool(yes) => Value::Bool(*yes),
        Value::Number(number) => swap.number(*number),
        Value::Text(text) => swap.value(text),
        Value::List(values) => Value::List(values.iter().map(|one| value(one, swap)).collect()),
        Value::Map(values) => Value::Map(map(values, swap)),
    }
}
