use std::{
    borrow::Borrow,
    collections::{BTreeSet, VecDeque},
    io::{self, BufRead, Write},
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{Entry, Position, parse_instant};

use crate::{
    Item, Limits, Place, ReadError, ReadTrouble,
    draft::{Draft, Field, TextField, TimeField},
    item::shown,
    json::{Cursor, JsonTrouble, Shape, trouble},
    lines::{Line, Lines, utf8},
    written::{self, JsonObject},
};

/// Reads a log of one JSON object a line.
///
/// An entry's position is the number of its line, so that a person finds it. Blank lines are passed over. A line with
/// anything wrong in it is left out with a trouble; a key that entries don't have is reported once and its line kept.
/// `null` is the same as leaving the field out. Times without an offset are in the zone of the reader.
#[derive(Debug)]
pub struct JsonlReader<R> {
    lines: Lines<R>,
    line: Vec<u8>,
    zone: TimeZone,
    limits: Limits,
    unknown: BTreeSet<String>,
    waiting: VecDeque<Item>,
    ended: bool,
}

impl<R: BufRead> JsonlReader<R> {
    /// Reads `input`; local times are in `zone`.
    pub fn new(input: R, zone: TimeZone, limits: Limits) -> Self {
        Self {
            lines: Lines::new(input, &limits),
            line: Vec::new(),
            zone,
            limits,
            unknown: BTreeSet::new(),
            waiting: VecDeque::new(),
            ended: false,
        }
    }

    fn read_line(&mut self) -> Result<Option<()>, ReadError> {
        self.line.clear();
        let found = self.lines.next_line(&mut self.line)?;
        let line = self.lines.line();
        let trouble =
            |column, message: String| Item::Trouble(ReadTrouble::left_out(Place { line, column }, message));
        match found {
            Line::End => return Ok(None),
            Line::TooLong => {
                let message = format!(
                    "the line is longer than {} bytes: shorten it, or raise the limit",
                    self.limits.line_bytes_max
                );
                self.waiting.push_back(trouble(1, message));
                return Ok(Some(()));
            }
            Line::Whole => {}
        }
        let text = match utf8(self.line.trim_ascii_end()) {
            Ok(text) => text,
            Err((column, message)) => {
                self.waiting.push_back(trouble(column, message));
                return Ok(Some(()));
            }
        };
        if text.trim().is_empty() {
            return Ok(Some(()));
        }
        let mut unknown = Vec::new();
        let read = read_entry(text, &self.zone, &self.limits, Position(line), &mut unknown);
        for (at, name) in unknown {
            if self.unknown.len() < self.limits.fields_max && !self.unknown.contains(&name) {
                let place = Place { line, column: column_of(text, at) };
                self.waiting.push_back(Item::Trouble(ReadTrouble::kept(place, unknown_field(&name))));
                self.unknown.insert(name);
            }
        }
        self.waiting.push_back(match read {
            Ok(entry) => Item::Entry(entry),
            Err(JsonTrouble { at, message }) => trouble(column_of(text, at), message),
        });
        Ok(Some(()))
    }
}

impl<R: BufRead> Iterator for JsonlReader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Some(Ok(item));
            }
            if self.ended {
                return None;
            }
            match self.read_line() {
                Ok(Some(())) => {}
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

fn column_of(text: &str, at: usize) -> u64 {
    Place::START.after(&text.as_bytes()[..at.min(text.len())]).column
}

fn unknown_field(name: &str) -> String {
    let like = Field::NAMES
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .min()
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3));
    let hint = match like {
        Some((_, known)) => format!("did you mean «{known}»?"),
        None => "what an entry says goes into «body», what it sets into «facts»".to_owned(),
    };
    format!("entries have no field «{}»: {hint} It is passed over, here and below", shown(name))
}

fn read_entry(
    text: &str,
    zone: &TimeZone,
    limits: &Limits,
    position: Position,
    unknown: &mut Vec<(usize, String)>,
) -> Result<Entry, JsonTrouble> {
    let mut cursor = Cursor::new(text, limits);
    let mut draft = Draft::default();
    // A field that is null, or has no facts, is set and yet not in the draft.
    let mut seen_empty: Vec<Field> = Vec::new();
    let start = cursor.place();
    cursor.members(|cursor, key, at| {
        let Some(field) = Field::named(&key) else {
            cursor.count_field(at)?;
            if unknown.iter().any(|(_, name)| *name == key) {
                return trouble(at, "this key stands here a second time: keep one of them");
            }
            unknown.push((at, key.into_owned()));
            return cursor.skip();
        };
        if draft.has(field) || seen_empty.contains(&field) {
            return trouble(at, format!("«{key}» stands here a second time: keep one of them"));
        }
        read_field(cursor, field, &mut draft, zone)?;
        if !draft.has(field) {
            seen_empty.push(field);
        }
        Ok(())
    })?;
    cursor.end()?;
    draft.finish(position).map_err(|name| JsonTrouble { at: start, message: missing(name) })
}

fn missing(name: &str) -> String {
    let example = if name == "at" { "2024-03-31T02:30" } else { "…" };
    format!("«{name}» is missing: write \"{name}\": \"{example}\"")
}

fn read_field(
    cursor: &mut Cursor<'_>,
    field: Field,
    draft: &mut Draft,
    zone: &TimeZone,
) -> Result<(), JsonTrouble> {
    if cursor.take_null()? {
        return Ok(());
    }
    match field {
        Field::Case => draft.case = Some(name(cursor, "case")?),
        Field::Kind => draft.kind = Some(name(cursor, "kind")?),
        Field::Time(field) => draft.times[field as usize] = Some(time(cursor, field, zone)?),
        Field::Text(field) => draft.texts[field as usize] = Some(cursor.text(field.name())?.into_owned()),
        Field::Facts => draft.facts = map(cursor, "facts")?,
        Field::Body => draft.body = Some(map(cursor, "body")?),
    }
    Ok(())
}

fn name(cursor: &mut Cursor<'_>, what: &str) -> Result<String, JsonTrouble> {
    let at = cursor.place();
    let name = cursor.text(what)?;
    if name.trim().is_empty() {
        return trouble(at, format!("«{what}» says nothing: write its name"));
    }
    Ok(name.into_owned())
}

fn time(cursor: &mut Cursor<'_>, field: TimeField, zone: &TimeZone) -> Result<Timestamp, JsonTrouble> {
    let at = cursor.place();
    let text = cursor.text(field.name())?;
    parse_instant(&text, zone)
        .map_err(|error| JsonTrouble { at, message: format!("«{}»: {error}", field.name()) })
}

fn map(
    cursor: &mut Cursor<'_>,
    what: &str,
) -> Result<std::collections::BTreeMap<String, samspill_base::Value>, JsonTrouble> {
    let at = cursor.place();
    match cursor.shape()? {
        Shape::Object => cursor.map(),
        other @ (Shape::Null | Shape::Bool | Shape::Number | Shape::Text | Shape::List) => trouble(
            at,
            format!("«{what}» must be an object, not {}: write \"{what}\": {{\"name\": …}}", other.name()),
        ),
    }
}

/// Writes entries as JSONL, one a line, with times in `zone`; says how many.
///
/// [`JsonlReader`] reads equal entries from it, apart from their positions, which are those of the new lines.
pub fn write_jsonl<E: Borrow<Entry>>(
    entries: impl IntoIterator<Item = E>,
    zone: &TimeZone,
    mut out: impl Write,
) -> io::Result<u64> {
    let mut count = 0;
    for entry in entries {
        write_entry(entry.borrow(), zone, &mut out)?;
        out.write_all(b"\n")?;
        count += 1;
    }
    out.flush()?;
    Ok(count)
}

fn write_entry(entry: &Entry, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let mut object = JsonObject::open(out)?;
    object.text("case", &entry.case)?;
    object.text("kind", &entry.kind)?;
    for field in TimeField::ALL {
        if let Some(instant) = field.of(entry) {
            object.text(field.name(), &written::instant(instant, zone))?;
        }
    }
    for field in TextField::ALL {
        if let Some(text) = field.of(entry) {
            object.text(field.name(), text)?;
        }
    }
    if !entry.facts.is_empty() {
        written::json_map(object.key("facts")?, &entry.facts)?;
    }
    if let Some(body) = &entry.body {
        written::json_map(object.key("body")?, body)?;
    }
    object.close()
}
