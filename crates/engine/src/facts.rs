//! The facts of a case through time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::{FactName, FactType, SetTo, Version};
use samspill_base::{CaseLog, Decimal, Position, Value};

use crate::case::Seen;

/// What was said about each fact, in the order of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    said: BTreeMap<FactName, Vec<(Timestamp, Value)>>,
}

impl Facts {
    /// All that the known entries say: their own facts, and what their kinds set.
    ///
    /// Facts on an entry of unknown kind count too, from when it happened, if that is known at `as_of`: a log
    /// may carry the facts of a case on an entry of its own. What a cancelled entry said was never said.
    pub(crate) fn of(
        seen: &[Seen<'_>],
        log: &CaseLog,
        as_of: Timestamp,
        cancelled: &BTreeSet<Position>,
    ) -> Self {
        let mut facts = Self::default();
        let seen_positions: BTreeSet<Position> = seen.iter().map(|seen| seen.entry.position).collect();
        let unseen = log.entries.iter().filter(|entry| {
            !entry.facts.is_empty()
                && entry.happened <= as_of
                && entry.recorded.is_none_or(|recorded| recorded <= as_of)
                && !seen_positions.contains(&entry.position)
                && !cancelled.contains(&entry.position)
        });
        for entry in unseen {
            for (name, value) in &entry.facts {
                facts.say(name, entry.happened, value.clone());
            }
        }
        for seen in seen {
            for (name, value) in &seen.entry.facts {
                facts.say(name, seen.happened(), value.clone());
            }
            for (name, to) in &seen.kind.sets {
                let value = match to {
                    SetTo::Value(value) => Some(value),
                    SetTo::Field(field) => seen.entry.field(field),
                };
                if let Some(value) = value {
                    facts.say(name, seen.happened(), value.clone());
                }
            }
        }
        for values in facts.said.values_mut() {
            values.sort_by_key(|(at, _)| *at);
        }
        facts
    }

    fn say(&mut self, name: &str, at: Timestamp, value: Value) {
        match self.said.get_mut(name) {
            Some(values) => values.push((at, value)),
            None => {
                self.said.insert(FactName::new(name), vec![(at, value)]);
            }
        }
    }

    /// The fact at the instant: the latest said at or before it; before anything was said, the first that was;
    /// the agreement's default where nothing was. Read as the type that the agreement declares.
    pub(crate) fn at(&self, version: &Version, name: &str, at: Timestamp) -> Option<Value> {
        let declared = version.facts.get(name);
        let said = self.said.get(name).and_then(|values| {
            let before = values.partition_point(|(when, _)| *when <= at);
            values.get(before.saturating_sub(1)).map(|(_, value)| value)
        });
        match (said.filter(|value| !value.is_blank()), declared) {
            // A value that isn't of its type says nothing: what hangs on it is undecided.
            (Some(value), Some(fact)) => {
                Some(as_type(value, &fact.fact_type)).filter(|value| fits(value, &fact.fact_type))
            }
            (Some(value), None) => Some(value.clone()),
            (None, Some(fact)) => fact.default.clone(),
            (None, None) => None,
        }
    }

    /// All facts that were said or have a default, as they stand at the instant.
    pub(crate) fn all_at(&self, version: &Version, at: Timestamp) -> BTreeMap<FactName, Value> {
        version
            .facts
            .keys()
            .chain(self.said.keys())
            .filter_map(|name| Some((name.clone(), self.at(version, name, at)?)))
            .collect()
    }
}

/// The value read as a type: logs from tables and XML say "true" and "35" in text. What doesn't fit stays as it is.
pub(crate) fn as_type(value: &Value, to: &FactType) -> Value {
    match (value, to) {
        (Value::Text(text), FactType::Bool) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "ja" | "j" | "x" | "1" => Value::Bool(true),
            "false" | "no" | "nei" | "n" | "0" => Value::Bool(false),
            _ => value.clone(),
        },
        (Value::Number(number), FactType::Bool) => match number.as_whole() {
            Some(1) => Value::Bool(true),
            Some(0) => Value::Bool(false),
            Some(_) | None => value.clone(),
        },
        (Value::Text(text), FactType::Number) => {
            let point = text.trim().replace(',', ".");
            Decimal::parse(&point).map_or_else(|| value.clone(), Value::Number)
        }
        (Value::Text(text), FactType::OneOf(words)) => {
            let slug = slug(text);
            words.iter().find(|word| self::slug(word) == slug).map_or_else(|| value.clone(), Value::text)
        }
        (
            _,
            FactType::Bool
            | FactType::Number
            | FactType::Text
            | FactType::Date
            | FactType::Time
            | FactType::OneOf(_),
        ) => value.clone(),
    }
}

/// Whether a value, read by [`as_type`], is of the type.
pub(crate) fn fits(value: &Value, to: &FactType) -> bool {
    match (value, to) {
        (Value::Bool(_), FactType::Bool) | (Value::Number(_), FactType::Number) | (_, FactType::Text) => true,
        (Value::Text(text), FactType::OneOf(words)) => words.contains(text),
        (Value::Text(text), FactType::Date | FactType::Time) => {
            text.trim().get(..10).is_some_and(|day| day.parse::<Date>().is_ok())
        }
        (
            Value::Empty
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Map(_),
            FactType::Bool | FactType::Number | FactType::Date | FactType::Time | FactType::OneOf(_),
        ) => false,
    }
}

/// A word as ids are written: small letters, hyphens for blanks.
fn slug(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '_'], "-")
}
