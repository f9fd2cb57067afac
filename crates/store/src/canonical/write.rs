use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::{Decimal, Entry, Value};

use super::{FORM, tag};

/// The canonical bytes of an entry, without its position.
pub(crate) fn entry_bytes(entry: &Entry) -> Vec<u8> {
    let mut out = vec![FORM];
    put_text(&mut out, &entry.case);
    put_text(&mut out, &entry.kind);
    put_instant(&mut out, entry.happened);
    for instant in [entry.sent, entry.received, entry.acknowledged, entry.recorded, entry.as_of] {
        put_maybe(&mut out, instant, put_instant);
    }
    for text in [&entry.id, &entry.person, &entry.from, &entry.to] {
        put_maybe(&mut out, text.as_deref(), put_text);
    }
    put_map(&mut out, &entry.facts);
    put_maybe(&mut out, entry.body.as_ref(), put_map);
    out
}

/// A text: its length in bytes, then itself.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// A count that passes 32 bits is written as the largest one: such an entry is over the limit of size anyway.
fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
}

fn put_instant(out: &mut Vec<u8>, instant: Timestamp) {
    out.extend_from_slice(&instant.as_nanosecond().to_be_bytes());
}

fn put_maybe<T>(out: &mut Vec<u8>, thing: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    match thing {
        None => out.push(0),
        Some(thing) => {
            out.push(1);
            put(out, thing);
        }
    }
}

fn put_map(out: &mut Vec<u8>, map: &BTreeMap<String, Value>) {
    put_count(out, map.len());
    for (name, value) in map {
        put_text(out, name);
        put_value(out, value);
    }
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Empty => out.push(tag::EMPTY),
        Value::Bool(false) => out.push(tag::NO),
        Value::Bool(true) => out.push(tag::YES),
        Value::Number(number) => {
            out.push(tag::NUMBER);
            put_text(out, &decimal_text(*number));
        }
        Value::Text(text) => {
            out.push(tag::TEXT);
            put_text(out, text);
        }
        Value::List(values) => {
            out.push(tag::LIST);
            put_count(out, values.len());
            for value in values {
                put_value(out, value);
            }
        }
        Value::Map(map) => {
            out.push(tag::MAP);
            put_map(out, map);
        }
    }
}

/// The shortest text of a decimal: equal numbers have one text, however they were written.
pub(crate) fn decimal_text(number: Decimal) -> String {
    let text = number.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
