//! What was typed into a form, as values.

use std::collections::BTreeMap;

use samspill_agreement::model::{FactType, Text};
use samspill_base::{Decimal, Value};

use super::{
    Form, FormField, Place,
    moment::{read_day, read_time},
};

/// What was typed into a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The fields of the body that say something.
    pub body: BTreeMap<String, Value>,
    /// The facts that say something.
    pub facts: BTreeMap<String, Value>,
    /// What can't be read as what its field holds. It isn't said, and is told of.
    pub misfits: Vec<Misfit>,
}

/// A text that can't be read as what its field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field.
    pub field: String,
    /// What people call it.
    pub label: Text,
    /// What was typed.
    pub text: String,
}

/// Reads what was typed into a form. Fields that the form doesn't have are passed over.
///
/// Days may be typed as `17.08.2024` or `2024-08-17`, numbers with a comma, and yes and no as `ja` and `nei`. Blanks around a text
/// are no part of it, line ends are `\n`, and of a text alone, what lies within is kept as it is.
pub fn read_typed(form: &Form, said: &BTreeMap<String, String>) -> Typed {
    let mut typed = Typed::default();
    for field in form.fields.iter().chain(&form.facts) {
        let text = said.get(&field.name).map(|text| tidy(text)).unwrap_or_default();
        if text.is_empty() {
            continue;
        }
        match read(&text, &field.input) {
            Some(value) => typed.put(field, value),
            None => {
                typed.misfits.push(Misfit { field: field.name.clone(), label: field.label.clone(), text });
            }
        }
    }
    typed
}

impl Typed {
    fn put(&mut self, field: &FormField, value: Value) {
        let all = match field.place {
            Place::Body | Place::BodyAlone | Place::Carried => &mut self.body,
            Place::Fact => &mut self.facts,
        };
        all.insert(field.name.clone(), value);
    }
}

/// A value as it stands in a form.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "ja".to_owned(),
        Value::Bool(false) => "nei".to_owned(),
        Value::Empty | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            value.to_string()
        }
    }
}

/// A text without carriage returns, and without characters that no document may hold.
fn tidy(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        lines.chars().filter(|letter| *letter == '\n' || *letter == '\t' || !letter.is_control()).collect();
    kept.trim().to_owned()
}

fn read(text: &str, input: &FactType) -> Option<Value> {
    match input {
        FactType::Bool => match text {
            "ja" => Some(Value::Bool(true)),
            "nei" => Some(Value::Bool(false)),
            _ => None,
        },
        FactType::Number => Decimal::parse(&text.replace(',', ".")).map(Value::Number),
        FactType::Date => read_day(text).map(|day| Value::text(day.to_string())),
        FactType::OneOf(words) => words.iter().find(|word| *word == text).map(Value::text),
        FactType::Time => read_when(text).map(Value::text),
        FactType::Text => Some(Value::text(text)),
    }
}

/// A day, or a day and a time of day, as logs have them: `2024-08-17`, `2024-08-17T14:00`.
fn read_when(text: &str) -> Option<String> {
    if let Some(day) = read_day(text) {
        return Some(day.to_string());
    }
    let (day, time) = text.rsplit_once(['T', ' '])?;
    let (day, time) = (read_day(day)?, read_time(time)?);
    Some(format!("{day}T{:02}:{:02}", time.hour(), time.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed, and what it says; nothing where it is no time.
    #[test]
    fn a_time_is_read_as_a_day_and_perhaps_a_time_of_day() {
        for (typed, said) in [
            ("2024-08-17", Some("2024-08-17")),
            ("17.08.2024", Some("2024-08-17")),
            ("2024-08-17T14:00", Some("2024-08-17T14:00")),
            ("17.08.2024 07.05", Some("2024-08-17T07:05")),
            ("2024-08-17T24:00", None),
            ("i morgen", None),
            ("14:00", None),
        ] {
            assert_eq!(read(typed, &FactType::Time), said.map(Value::text), "{typed}");
        }
    }
}
