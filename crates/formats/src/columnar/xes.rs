use std::{borrow::Cow, io::Read};

use samspill_base::{columns::nanos, parse_instant};

use super::{
    ColumnsRead,
    fields::Reading,
    instants::Instants,
    table::{Body, Table},
    wanted::Wanted,
    xes_keys::{Keys, Plain, Step, blanks, plain_key, plain_value},
};
use crate::{
    ReadError, ReadOptions, XesReader,
    columns::Target,
    draft::{TextField, TimeField},
    tracked::Ahead,
    xes::{State, Trace},
    xes_event::NAME,
};

/// Reads an XES log into columns.
pub(crate) fn read_xes(
    input: impl Read,
    options: &ReadOptions,
    wanted: &Wanted,
) -> Result<ColumnsRead, ReadError> {
    let mut columnar = Columnar::new(input, options, wanted);
    columnar.read()?;
    Ok(columnar.table.finish())
}

/// The reader of entries, whose buffer is looked into wherever it stands between two tags: what is plain there is read
/// from the buffer, and it goes on behind that.
#[derive(Debug)]
struct Columnar<R> {
    reader: XesReader<R>,
    table: Table,
    plain: PlainEvents,
    /// Whether the trace that is open was opened by a tag without attributes, so that its end tag is known.
    trace_tag: TraceTag,
    /// Which trace the number of the case is of.
    case: Option<(u64, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TraceTag {
    Plain,
    Other,
}

/// Reads plain events from bytes.
#[derive(Debug)]
struct PlainEvents {
    instants: Instants,
    keys: Keys,
    found: Vec<Attribute>,
    attributes_max: usize,
    bytes_max: usize,
}

/// An attribute of an event: the number of its purpose, and where its value stands.
#[derive(Clone, Copy, Debug)]
struct Attribute {
    purpose: usize,
    reading: Reading,
    start: usize,
    end: usize,
}

const EVENT: &[u8] = b"<event>";
const TRACE: &[u8] = b"<trace>";
const TRACE_END: &[u8] = b"</trace>";
/// A log is this deep in an event.
const EVENT_DEPTH: usize = 3;

impl<R: Read> Columnar<R> {
    fn new(input: R, options: &ReadOptions, wanted: &Wanted) -> Self {
        let limits = &options.limits;
        let plain = PlainEvents {
            instants: Instants::new(options.zone.clone()),
            keys: Keys::default(),
            found: Vec::new(),
            attributes_max: limits.fields_max,
            bytes_max: if limits.depth_max < EVENT_DEPTH { 0 } else { limits.line_bytes_max },
        };
        Self {
            reader: XesReader::new(input, options.zone.clone(), limits.clone()),
            table: Table::new(wanted),
            plain,
            trace_tag: TraceTag::Other,
            case: None,
        }
    }

    fn read(&mut self) -> Result<(), ReadError> {
        let mut buffer = Vec::new();
        while self.reader.state != State::Ended {
            self.read_plain();
            self.note_trace_tag();
            self.reader.step(&mut buffer)?;
            self.take_waiting();
            self.table.check_size()?;
        }
        Ok(())
    }

    fn take_waiting(&mut self) {
        for item in self.reader.waiting.drain(..) {
            self.table.take_item(item);
        }
    }

    /// The next step may open a trace: how its tag is written must be seen before.
    fn note_trace_tag(&mut self) {
        if self.reader.state != State::InLog {
            return;
        }
        let ahead = self.reader.tokens.ahead();
        let plain = ahead.is_some_and(|ahead| ahead[blanks(ahead)..].starts_with(TRACE));
        self.trace_tag = if plain { TraceTag::Plain } else { TraceTag::Other };
    }

    /// Reads what is plain in the buffer.
    fn read_plain(&mut self) {
        if self.reader.state != State::InTrace || self.reader.tokens.ahead().is_none() {
            return;
        }
        let (ahead, mut at) = self.reader.tokens.lend();
        loop {
            let bytes = &ahead.bytes[at..ahead.end];
            let tag = &bytes[blanks(bytes)..];
            let read = if tag.starts_with(EVENT) {
                self.plain_event(bytes, bytes.len() - tag.len() + EVENT.len())
            } else if tag.starts_with(TRACE_END) {
                self.next_trace(&ahead, ahead.end - tag.len() + TRACE_END.len()).map(|end| end - at)
            } else {
                self.trace_attribute(bytes)
            };
            let Some(read) = read else { break };
            at += read;
        }
        self.reader.tokens.give_back(ahead, at);
    }

    /// Closes a trace and opens another, whose tag must come next.
    fn next_trace(&mut self, ahead: &Ahead, from: usize) -> Option<usize> {
        let rest = &ahead.bytes[from..ahead.end];
        let tag = from + blanks(rest);
        if self.trace_tag == TraceTag::Other || !ahead.bytes[tag..ahead.end].starts_with(TRACE) {
            return None;
        }
        let place = self.reader.tokens.place_in(ahead, tag);
        if self.reader.trace.case.is_none() {
            self.reader.case();
            self.take_waiting();
        }
        self.table.cases_ended += 1;
        self.reader.traces += 1;
        self.reader.trace = Trace { place: Some(place), ..Trace::default() };
        Some(tag + TRACE.len())
    }

    /// Reads an attribute of a trace whose events haven't begun.
    fn trace_attribute(&mut self, bytes: &[u8]) -> Option<usize> {
        let Plain::Value { length, reading, key } = plain_key(bytes)? else { return None };
        let value = plain_value(&bytes[length..])?;
        let end = length + value.len() + 1;
        let read = end + tag_end(&bytes[end..])?;
        let value = std::str::from_utf8(value).ok()?;
        let trace = &mut self.reader.trace;
        let attribute_bytes = trace.attribute_bytes + read as u64;
        if trace.has_events
            || attribute_bytes > self.plain.bytes_max as u64
            || (key != NAME && trace.facts.contains_key(key))
        {
            return None;
        }
        trace.attribute_bytes = attribute_bytes;
        // Nothing that it objects to has been let through.
        let set = self.reader.set_in_trace(key.to_owned(), reading.understand(value));
        set.ok().map(|()| read)
    }

    /// Reads an event whose start tag ends at `from`.
    fn plain_event(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let end = self.find_attributes(bytes, from)?;
        if end > self.plain.bytes_max || self.plain.found.len() > self.plain.attributes_max {
            return None;
        }
        let text = std::str::from_utf8(&bytes[..end]).ok()?;
        let known = self.plain.understand(text)?;
        let case = self.case_number();
        let row = self.table.rows();
        let kind = self.table.kind_number(known.kind);
        let body = self.put_attributes(text, row, &known);
        self.put_facts_of_trace(row);
        self.reader.position += 1;
        self.reader.trace.has_events = true;
        self.table.push(case, kind, known.happened, self.reader.position, body);
        Some(end)
    }

    /// Finds the attributes of an event; gives where it ends.
    fn find_attributes(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let Self { table, plain: PlainEvents { keys, found, .. }, .. } = self;
        found.clear();
        let (mut way, mut at) = (keys.start_event(), from);
        loop {
            let column = |target: &Target| match target {
                Target::Fact(name) => table.facts.column(name),
                Target::Body(name) => table.body.column(name),
                Target::Case | Target::Kind | Target::Time(_) | Target::Text(_) => None,
            };
            let (taken, step, length) = keys.go_on(way, &bytes[at..], column)?;
            (way, at) = (taken, at + length);
            let Step::Value(purpose, reading) = step else { return Some(at) };
            let value = plain_value(&bytes[at..])?;
            found.push(Attribute { purpose, reading, start: at, end: at + value.len() });
            at += value.len() + 1;
            at += tag_end(&bytes[at..])?;
            if !keys.meet(purpose) {
                return None;
            }
        }
    }

    /// The number of the case that the trace is of.
    fn case_number(&mut self) -> u32 {
        match self.case {
            Some((trace, case)) if trace == self.reader.traces => case,
            Some(_) | None => {
                let name = self.reader.case();
                self.take_waiting();
                let case = self.table.case_number(&name);
                self.case = Some((self.reader.traces, case));
                case
            }
        }
    }

    fn put_attributes(&mut self, text: &str, row: usize, known: &Known<'_>) -> Body {
        let mut body = Body::None;
        for attribute in &self.plain.found {
            let purpose = self.plain.keys.purpose(attribute.purpose);
            let value = &text[attribute.start..attribute.end];
            match &purpose.target {
                Some(Target::Case | Target::Kind | Target::Time(_)) => {}
                Some(Target::Text(field)) => {
                    self.table.put_text(TextField::ALL[usize::from(*field)], row, value);
                }
                Some(Target::Fact(_)) => {
                    if let Some(column) = purpose.column {
                        self.table.facts.put_text(column, row, attribute.reading, value);
                    }
                }
                Some(Target::Body(_)) => {
                    body = Body::There;
                    if let Some(column) = purpose.column {
                        self.table.body.put_text(column, row, attribute.reading, value);
                    }
                }
                None => body = Body::There,
            }
        }
        for (field, at) in TimeField::ALL.into_iter().zip(known.times) {
            if let Some(at) = at
                && field != TimeField::At
            {
                self.table.put_time(field, row, at);
            }
        }
        body
    }

    /// The attributes of the trace are facts of its first entry, unless that sets them itself.
    fn put_facts_of_trace(&mut self, row: usize) {
        for (name, value) in std::mem::take(&mut self.reader.trace.facts) {
            let set = self.table.facts.column(&name).is_some_and(|column| self.table.facts.has(column, row));
            if !set {
                self.table.facts.put(row, &name, Cow::Owned(value));
            }
        }
    }
}

/// What an event must have, and its times.
struct Known<'t> {
    kind: &'t str,
    happened: i64,
    times: [Option<i64>; 6],
}

impl PlainEvents {
    /// Reads kind and times; `None` if they, or anything else, are not as they usually are.
    fn understand<'t>(&mut self, text: &'t str) -> Option<Known<'t>> {
        let mut kind = None;
        let mut times = [None; 6];
        for attribute in &self.found {
            let value = &text[attribute.start..attribute.end];
            let plain = attribute.reading == Reading::Text;
            match &self.keys.purpose(attribute.purpose).target {
                Some(Target::Kind) if plain => kind = Some(value),
                Some(Target::Time(field)) if plain => {
                    times[usize::from(*field)] = Some(
                        self.instants
                            .read(value.as_bytes())
                            .or_else(|| parse_instant(value, self.instants.zone()).ok().map(nanos))?,
                    );
                }
                Some(Target::Text(_)) if plain => {}
                Some(Target::Case | Target::Kind | Target::Time(_) | Target::Text(_)) => return None,
                Some(Target::Fact(_) | Target::Body(_)) | None => {}
            }
        }
        let kind = kind.filter(|kind| !kind.trim().is_empty())?;
        Some(Known { kind, happened: times[TimeField::At as usize]?, times })
    }
}

/// The length of what ends a tag without content.
#[inline]
fn tag_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'/', b'>', ..] => Some(2),
        [b' ', b'/', b'>', ..] => Some(3),
        _ => None,
    }
}
