use std::{
    collections::{BTreeMap, VecDeque},
    io::Read,
};

use jiff::tz::TimeZone;
use quick_xml::events::BytesStart;
use samspill_base::{Position, Value};

use crate::{
    Item, Limits, Place, ReadError, ReadTrouble,
    xes_event::{EventDraft, NAME, OWN_EMPTY, Objection},
    xes_tokens::{KeyValue, Kind, Token, Tokens},
};

/// Reads an event log in XES (IEEE 1849), trace by trace, in the order of the file.
///
/// A trace is a case, named by its `concept:name`; an event is an entry of the kind its `concept:name` says, at its
/// `time:timestamp`. All other attributes of an event go into the body under their keys, those of the trace into the
/// facts of the first entry that is read from it. Lists and containers become lists and maps; attributes of other
/// attributes are passed over, as is everything outside traces. Keys that start with `samspill:` are what
/// [`write_xes`](crate::write_xes) writes for the fields of an entry. Positions count the entries that were read.
///
/// An event without a kind or time, or longer than [`Limits::line_bytes_max`], is left out with a trouble. A document
/// type is refused, so there are no entities but the five of XML and characters by number, and nothing is ever
/// fetched. After each trace comes [`Item::CaseEnd`].
#[derive(Debug)]
pub struct XesReader<R> {
    pub(crate) tokens: Tokens<R>,
    buffer: Vec<u8>,
    zone: TimeZone,
    limits: Limits,
    pub(crate) state: State,
    pub(crate) trace: Trace,
    pub(crate) traces: u64,
    pub(crate) position: u64,
    pub(crate) waiting: VecDeque<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    BeforeLog,
    InLog,
    InTrace,
    Ended,
}

/// What is known of the trace that is being read.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) case: Option<String>,
    pub(crate) facts: BTreeMap<String, Value>,
    pub(crate) place: Option<Place>,
    pub(crate) has_events: bool,
    pub(crate) attribute_bytes: u64,
}

impl<R: Read> XesReader<R> {
    /// Reads `input`, which needs no buffer of its own; times without an offset are in `zone`.
    pub fn new(input: R, zone: TimeZone, limits: Limits) -> Self {
        Self {
            tokens: Tokens::new(input, &limits),
            buffer: Vec::new(),
            zone,
            limits,
            state: State::BeforeLog,
            trace: Trace::default(),
            traces: 0,
            position: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Reads on by one tag, or one whole event. What comes of it is in `waiting`.
    pub(crate) fn step(&mut self, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        let from = self.tokens.bytes_read();
        let element = match self.tokens.next(buffer)? {
            Token::Between => return Ok(()),
            Token::End => return self.end_of_document(),
            Token::Close => {
                self.close();
                return Ok(());
            }
            Token::Open(kind, tag) => Element::new(kind, &tag, Content::Follows),
            Token::Leaf(kind, tag) => Element::new(kind, &tag, Content::None),
        };
        match self.state {
            State::BeforeLog => self.root(&element),
            State::InLog => self.in_log(element, from, buffer),
            State::InTrace => self.in_trace(element, from, buffer),
            State::Ended => Ok(()),
        }
    }

    fn root(&mut self, element: &Element) -> Result<(), ReadError> {
        if element.kind != Kind::Log {
            let message = "this XML is not an event log: its outermost element is not <log>";
            return Err(ReadError::unreadable(self.tokens.place(), message));
        }
        self.state = match element.content {
            Content::Follows => State::InLog,
            Content::None => State::Ended,
        };
        Ok(())
    }

    fn in_log(&mut self, element: Element, from: u64, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        if element.kind != Kind::Trace {
            return self.attribute(element, from, buffer).map(|_| ());
        }
        self.traces += 1;
        self.trace = Trace { place: Some(self.tokens.place()), ..Trace::default() };
        match element.content {
            Content::Follows => self.state = State::InTrace,
            Content::None => self.close_trace(),
        }
        Ok(())
    }

    fn in_trace(&mut self, element: Element, from: u64, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        let place = self.tokens.place();
        if element.kind == Kind::Event {
            let mut draft = EventDraft::new(place, self.limits.fields_max);
            if element.content == Content::Follows {
                self.read_event(&mut draft, from, buffer)?;
            }
            self.finish_event(draft);
            return Ok(());
        }
        if let Some(read) = self.attribute(element, from, buffer)? {
            self.trace.attribute_bytes += self.tokens.bytes_read() - from;
            let objection = read.and_then(|(key, value)| self.set_in_trace(key, value));
            self.waiting
                .extend(objection.err().map(|message| Item::Trouble(ReadTrouble::kept(place, message))));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.state = match self.state {
            State::InTrace => {
                self.close_trace();
                State::InLog
            }
            State::BeforeLog | State::InLog | State::Ended => State::Ended,
        }
    }

    fn end_of_document(&mut self) -> Result<(), ReadError> {
        let message = match self.state {
            State::Ended => return Ok(()),
            State::BeforeLog => "there is no XML here: an event log starts with <log>",
            State::InLog | State::InTrace => "the log breaks off: the rest of the file is missing",
        };
        Err(ReadError::unreadable(self.tokens.place(), message))
    }

    /// Reads the attributes of an event up to its end.
    fn read_event(
        &mut self,
        draft: &mut EventDraft,
        from: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<(), ReadError> {
        loop {
            let (element, objection) = match self.tokens.next(buffer)? {
                Token::End => return self.end_of_document(),
                Token::Close => return Ok(()),
                Token::Open(kind, tag) => (Some(Element::new(kind, &tag, Content::Follows)), Ok(())),
                Token::Leaf(kind, tag) if kind.is_attribute() => {
                    (None, draft.set_tag(kind, &tag, &self.zone))
                }
                Token::Between | Token::Leaf(..) => continue,
            };
            let place =
                if element.is_some() || objection.is_err() { Some(self.tokens.place()) } else { None };
            let objection = match element {
                None => objection,
                Some(element) => match self.attribute(element, from, buffer)? {
                    None => Ok(()),
                    Some(Err(message)) => Err(Objection::Refused(message)),
                    Some(Ok((key, value))) => draft.set(&key, value, &self.zone),
                },
            };
            if let (Err(objection), Some(place)) = (objection, place) {
                draft.object(objection, place);
            }
            if self.is_too_long(from) {
                let message = format!(
                    "the event is longer than {} bytes: shorten it, or raise the limit",
                    self.limits.line_bytes_max
                );
                draft.refuse(message);
            }
        }
    }

    /// Reads an element to its end: what it is called and worth, if it is an attribute.
    fn attribute(
        &mut self,
        element: Element,
        from: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<Option<Attribute>, ReadError> {
        let Element { kind, pair, content } = element;
        let inner = match content {
            Content::Follows => self.children(from, buffer)?,
            Content::None => Ok(Vec::new()),
        };
        if !kind.is_attribute() {
            return Ok(None);
        }
        Ok(Some(pair.and_then(|(key, text)| Ok((key, with_children(kind, text, inner?))))))
    }

    /// The attributes inside an element, up to its end; those inside `<values>` count as its own.
    fn children(
        &mut self,
        from: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<Result<Vec<(String, Value)>, String>, ReadError> {
        let mut children = Ok(Vec::new());
        loop {
            let element = match self.tokens.next(buffer)? {
                Token::Between => continue,
                Token::End => return self.end_of_document().map(|()| children),
                Token::Close => return Ok(children),
                Token::Open(kind, tag) => Element::new(kind, &tag, Content::Follows),
                Token::Leaf(kind, tag) => Element::new(kind, &tag, Content::None),
            };
            let read = if element.kind == Kind::Values && element.content == Content::Follows {
                self.children(from, buffer)?
            } else {
                self.attribute(element, from, buffer)?.transpose().map(|child| child.into_iter().collect())
            };
            // What is too long is left out by the caller; nothing more of it is kept here.
            if !self.is_too_long(from) {
                children = children.and_then(|mut children| {
                    children.extend(read?);
                    Ok(children)
                });
            }
        }
    }

    fn is_too_long(&self, from: u64) -> bool {
        self.tokens.bytes_read() - from > self.limits.line_bytes_max as u64
    }

    pub(crate) fn set_in_trace(&mut self, key: String, value: Value) -> Result<(), String> {
        if self.trace.attribute_bytes > self.limits.line_bytes_max as u64 {
            return Err(format!(
                "the attributes of this trace are longer than {} bytes: this one is passed over",
                self.limits.line_bytes_max
            ));
        }
        if self.trace.has_events {
            return Err(
                "an attribute of a trace must stand before its events: this one is passed over".to_owned()
            );
        }
        if key != NAME {
            return match self.trace.facts.insert(key, value) {
                None => Ok(()),
                Some(_) => {
                    Err("this attribute stands in the trace twice, and the last one counts: keep one"
                        .to_owned())
                }
            };
        }
        self.trace.case = Some(value.to_string()).filter(|case| !case.trim().is_empty());
        Ok(())
    }

    /// The case that the trace is of. One without a name is called by its number, and that is said once.
    pub(crate) fn case(&mut self) -> String {
        if self.trace.case.is_none() {
            let name = format!("trace {}", self.traces);
            let message = format!("the trace has no concept:name: it is read as case «{name}»");
            let place = self.trace.place.unwrap_or(Place::START);
            self.waiting.push_back(Item::Trouble(ReadTrouble::kept(place, message)));
            self.trace.case = Some(name);
        }
        self.trace.case.clone().unwrap_or_default()
    }

    fn finish_event(&mut self, draft: EventDraft) {
        let case = self.case();
        self.trace.has_events = true;
        match draft.finish(case, Position(self.position + 1)) {
            Err(trouble) => self.waiting.push_back(Item::Trouble(trouble)),
            Ok((mut entry, warnings)) => {
                for (name, value) in std::mem::take(&mut self.trace.facts) {
                    entry.facts.entry(name).or_insert(value);
                }
                self.position += 1;
                self.waiting.extend(warnings.into_iter().map(Item::Trouble));
                self.waiting.push_back(Item::Entry(entry));
            }
        }
    }

    fn close_trace(&mut self) {
        let case = self.case();
        self.waiting.push_back(Item::CaseEnd(case));
    }
}

impl<R: Read> Iterator for XesReader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Some(Ok(item));
            }
            if self.state == State::Ended {
                return None;
            }
            let mut buffer = std::mem::take(&mut self.buffer);
            let stepped = self.step(&mut buffer);
            self.buffer = buffer;
            if let Err(error) = stepped {
                self.state = State::Ended;
                return Some(Err(error));
            }
        }
    }
}

/// Key and value, or what is wrong with them.
type Attribute = Result<(String, Value), String>;

/// A start tag, with what it says if it is an attribute.
struct Element {
    kind: Kind,
    pair: Result<(String, String), String>,
    content: Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Follows,
    None,
}

impl Element {
    fn new(kind: Kind, tag: &BytesStart<'_>, content: Content) -> Self {
        let pair = if kind.is_attribute() {
            KeyValue::of(tag).map(|pair| (pair.key.into_owned(), pair.text.into_owned()))
        } else {
            Ok(Default::default())
        };
        Self { kind, pair, content }
    }
}

/// The value of an attribute with other attributes inside. Those inside a text or number are about it and don't
/// change it, except our own that says it is nothing.
fn with_children(kind: Kind, text: String, children: Vec<(String, Value)>) -> Value {
    match kind {
        Kind::List => Value::List(children.into_iter().map(|(_, value)| value).collect()),
        Kind::Container => Value::Map(children.into_iter().collect()),
        Kind::Text
        | Kind::Number
        | Kind::Boolean
        | Kind::Log
        | Kind::Trace
        | Kind::Event
        | Kind::Values
        | Kind::Other => {
            let empty = children.iter().any(|(key, _)| key == OWN_EMPTY);
            if empty { Value::Empty } else { kind.value(text.into()) }
        }
    }
}
