use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{Value, format_instant};

/// The instant with the zone's offset; in UTC where the offset has seconds, which RFC 3339 can't say.
pub(crate) fn instant(instant: Timestamp, zone: &TimeZone) -> String {
    const SECONDS_PER_MINUTE: i32 = 60;
    if zone.to_offset(instant).seconds() % SECONDS_PER_MINUTE == 0 {
        format_instant(instant, zone)
    } else {
        instant.to_string()
    }
}

/// A JSON object on its way out.
pub(crate) struct JsonObject<'a, W: Write> {
    out: &'a mut W,
    separator: &'static [u8],
}

impl<'a, W: Write> JsonObject<'a, W> {
    pub(crate) fn open(out: &'a mut W) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, separator: b"" })
    }

    /// Writes the key; the caller writes the value.
    pub(crate) fn key(&mut self, key: &str) -> io::Result<&mut W> {
        self.out.write_all(self.separator)?;
        self.separator = b",";
        json_text(self.out, key)?;
        self.out.write_all(b":")?;
        Ok(self.out)
    }

    pub(crate) fn text(&mut self, key: &str, text: &str) -> io::Result<()> {
        json_text(self.key(key)?, text)
    }

    pub(crate) fn value(&mut self, key: &str, value: &Value) -> io::Result<()> {
        json_value(self.key(key)?, value)
    }

    pub(crate) fn close(self) -> io::Result<()> {
        self.out.write_all(b"}")
    }
}

/// A text in quotes.
pub(crate) fn json_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

/// Named values.
pub(crate) fn json_map<W: Write>(out: &mut W, map: &BTreeMap<String, Value>) -> io::Result<()> {
    let mut object = JsonObject::open(out)?;
    for (key, value) in map {
        object.value(key, value)?;
    }
    object.close()
}

/// A value, with numbers digit by digit as they are.
pub(crate) fn json_value<W: Write>(out: &mut W, value: &Value) -> io::Result<()> {
    match value {
        Value::Empty => out.write_all(b"null"),
        Value::Bool(yes) => write!(out, "{yes}"),
        Value::Number(number) => write!(out, "{number}"),
        Value::Text(text) => json_text(out, text),
        Value::Map(map) => json_map(out, map),
        Value::List(values) => {
            out.write_all(b"[")?;
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    out.write_all(b",")?;
                }
                json_value(out, value)?;
            }
            out.write_all(b"]")
        }
    }
}
