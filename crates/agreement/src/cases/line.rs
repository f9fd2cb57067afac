use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use samspill_base::{Decimal, Entry, Position, Value, parse_instant};
use toml::de::{DeTable, DeValue};

/// Reads `2024-06-03T10:00 innlagt received 2024-06-03T10:05 { avdeling = "A" }`.
///
/// # Errors
/// What is wrong with the line, as a sentence.
pub(super) fn read_entry(
    line: &str,
    case: &str,
    position: Position,
    zone: &TimeZone,
) -> Result<Entry, String> {
    let (head, body) = line.find('{').map_or((line, None), |at| (&line[..at], Some(&line[at..])));
    let mut words = head.split_whitespace();
    let time = words.next().ok_or("the line is empty: write a time and a kind")?;
    let happened = parse_instant(time, zone).map_err(|error| error.to_string())?;
    let kind = words.next().ok_or("after the time comes the kind of entry")?;
    let mut entry = Entry::new(case, kind, position, happened);
    while let Some(key) = words.next() {
        let value = words.next().ok_or_else(|| format!("after `{key}` something is missing"))?;
        let instant = || parse_instant(value, zone).map(Some).map_err(|error| error.to_string());
        match key {
            "sent" => entry.sent = instant()?,
            "received" => entry.received = instant()?,
            "acknowledged" => entry.acknowledged = instant()?,
            "recorded" => entry.recorded = instant()?,
            "id" => entry.id = Some(value.to_owned()),
            "from" => entry.from = Some(value.to_owned()),
            "to" => entry.to = Some(value.to_owned()),
            _ => {
                return Err(format!(
                    "`{key}` can't stand here: sent, received, acknowledged, recorded, id, from and to can"
                ));
            }
        }
    }
    entry.body = body.map(read_body).transpose()?;
    Ok(entry)
}

fn read_body(text: &str) -> Result<BTreeMap<String, Value>, String> {
    let value =
        DeValue::parse(text.trim()).map_err(|error| format!("the body is not TOML: {}", error.message()))?;
    match value.get_ref() {
        DeValue::Table(table) => Ok(map(table)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => Err("the body must be { field = value, … }".to_owned()),
    }
}

fn map(table: &DeTable<'_>) -> BTreeMap<String, Value> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), of_toml(value.get_ref()))).collect()
}

/// A value as logs hold it: dates and times are text.
fn of_toml(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::text(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::text(number.to_string()), |number| Value::Number(Decimal::whole(number))),
        DeValue::Float(number) => Value::from_number_text(number.as_str()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(time) => Value::text(time.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| of_toml(item.get_ref())).collect()),
        DeValue::Table(table) => Value::Map(map(table)),
    }
}
