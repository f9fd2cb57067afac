//! Entries as JSON, exactly.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    LogEntry,
    canonical::{VALUE_DEPTH_MAX, decimal, decimal_text},
};

/// An entry as it stands in an export. Values are kept as their text, so that no floating number comes between.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine<'a> {
    pub(super) position: u64,
    pub(super) key: String,
    pub(super) part: u32,
    pub(super) parts: u32,
    pub(super) hash: String,
    case: String,
    kind: String,
    happened: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acknowledged: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    facts: Option<Raw<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    body: Option<Raw<'a>>,
}

/// JSON as it is written: read from a line, or made for one.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Raw<'a>(#[serde(borrow)] Cow<'a, RawValue>);

impl EntryLine<'_> {
    pub(super) fn of(stored: &LogEntry) -> Result<EntryLine<'static>, serde_json::Error> {
        let entry = stored.entry.clone();
        let facts = Some(&entry.facts).filter(|facts| !facts.is_empty()).map(raw_map).transpose()?;
        Ok(EntryLine {
            position: entry.position.0,
            key: stored.key.as_str().to_owned(),
            part: stored.part,
            parts: stored.parts,
            hash: stored.hash.to_string(),
            case: entry.case,
            kind: entry.kind,
            happened: entry.happened,
            sent: entry.sent,
            received: entry.received,
            acknowledged: entry.acknowledged,
            recorded: entry.recorded,
            as_of: entry.as_of,
            id: entry.id,
            person: entry.person,
            from: entry.from,
            to: entry.to,
            facts,
            body: entry.body.as_ref().map(raw_map).transpose()?,
        })
    }

    /// The entry, or what is wrong with its values.
    pub(super) fn entry(&self) -> Result<Entry, String> {
        Ok(Entry {
            case: self.case.clone(),
            kind: self.kind.clone(),
            position: Position(self.position),
            happened: self.happened,
            sent: self.sent,
            received: self.received,
            acknowledged: self.acknowledged,
            recorded: self.recorded,
            as_of: self.as_of,
            id: self.id.clone(),
            person: self.person.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            facts: self.facts.as_ref().map_or_else(|| Ok(BTreeMap::new()), |raw| map(&raw.0, 0))?,
            body: self.body.as_ref().map(|raw| map(&raw.0, 0)).transpose()?,
        })
    }
}

fn raw_map(map: &BTreeMap<String, Value>) -> Result<Raw<'static>, serde_json::Error> {
    let mut text = String::new();
    put_map(&mut text, map);
    RawValue::from_string(text).map(|raw| Raw(Cow::Owned(raw)))
}

fn put_map(out: &mut String, map: &BTreeMap<String, Value>) {
    out.push('{');
    for (index, (name, value)) in map.iter().enumerate() {
        put_comma(out, index);
        put_text(out, name);
        out.push(':');
        put_value(out, value);
    }
    out.push('}');
}

fn put_value(out: &mut String, value: &Value) {
    match value {
        Value::Empty => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&decimal_text(*number)),
        Value::Text(text) => put_text(out, text),
        Value::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                put_comma(out, index);
                put_value(out, value);
            }
            out.push(']');
        }
        Value::Map(map) => put_map(out, map),
    }
}

fn put_comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}

fn put_text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

fn map(raw: &RawValue, depth: usize) -> Result<BTreeMap<String, Value>, String> {
    let raw: BTreeMap<String, &RawValue> = parsed(raw)?;
    raw.into_iter().map(|(name, raw)| Ok((name, value(raw, depth)?))).collect()
}

fn value(raw: &RawValue, depth: usize) -> Result<Value, String> {
    let text = raw.get();
    let first = text.as_bytes().first();
    if matches!(first, Some(b'{' | b'[')) && depth >= VALUE_DEPTH_MAX {
        return Err(format!("values are more than {VALUE_DEPTH_MAX} deep within each other"));
    }
    match first {
        Some(b'{') => map(raw, depth + 1).map(Value::Map),
        Some(b'[') => {
            let values: Vec<&RawValue> = parsed(raw)?;
            let values = values.into_iter().map(|raw| value(raw, depth + 1));
            values.collect::<Result<_, _>>().map(Value::List)
        }
        Some(b'"') => parsed(raw).map(Value::Text),
        Some(b't' | b'f') => parsed(raw).map(Value::Bool),
        Some(b'n') => Ok(Value::Empty),
        _ => {
            decimal(text).map(Value::Number).ok_or_else(|| format!("{text} is a number with too many digits"))
        }
    }
}

fn parsed<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, String> {
    serde_json::from_str(raw.get()).map_err(|error| error.to_string())
}
