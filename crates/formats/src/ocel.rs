use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::Read,
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{Entry, Position, Value, parse_instant};

use crate::{
    Item, Limits, Place, ReadError, ReadTrouble,
    draft::{Draft, TextField, TimeField},
    item::{PastLimit, shown},
    json::{self, Cursor, JsonTrouble, trouble},
    lines::utf8,
    xes_event::set_named,
};

/// What the ids of events start with that [`write_ocel`](crate::write_ocel) numbers itself.
pub(crate) const OWN_EVENT_ID: &str = "samspill-e";
/// Starts the name of an attribute whose value is JSON in a text.
pub(crate) const OWN_JSON: &str = "samspill:json:";
/// On an object: its attributes are also on the events, and are read from there.
pub(crate) const OWN_FACTS_ON_EVENTS: &str = "samspill:facts-on-events";

/// Reads an object-centric event log in OCEL 2.0 JSON.
///
/// Objects of one type are the cases: the type that is asked for, or else the only one to which every event relates.
/// An event is an entry of each case it relates to, in the order of the file: its type is the kind, its time the time,
/// its id the id, its attributes the body. An object's attributes are facts, set by the first entry that isn't before
/// their time. Events that relate to no case are passed over, and how many is said once. Positions count the entries.
///
/// The whole document is held in memory, so [`Limits::document_bytes_max`] bounds it. What isn't JSON, or has no
/// `events` and `objects`, can't be read at all; an event that isn't as it should be is left out with a trouble.
#[derive(Debug)]
pub struct OcelReader<R> {
    source: Option<R>,
    case_type: Option<String>,
    zone: TimeZone,
    limits: Limits,
    document: Document,
    events: VecDeque<usize>,
    unrelated: Option<(u64, Place)>,
    position: u64,
    waiting: VecDeque<Item>,
    ended: bool,
}

/// A document that has been looked through.
#[derive(Debug, Default)]
struct Document {
    text: String,
    /// Types of attributes, by the type of event or object and the attribute's name.
    declared: BTreeMap<(String, String), Declared>,
    objects: BTreeMap<String, Object>,
    case_type: String,
    /// The last byte whose place was asked for, and its place: places are asked for in rising order.
    known: (usize, Option<Place>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Declared {
    Number,
    Boolean,
    Other,
}

#[derive(Debug, Default)]
struct Object {
    kind: String,
    /// Attributes that no entry has set yet, by time.
    attributes: VecDeque<(Timestamp, String, Value)>,
}

/// An event as the document has it.
#[derive(Debug, Default)]
struct RawEvent {
    id: Option<String>,
    kind: Option<String>,
    time: Option<(usize, String)>,
    attributes: Vec<RawAttribute>,
    related: Vec<String>,
}

#[derive(Debug, Default)]
struct RawAttribute {
    at: usize,
    name: Option<String>,
    value: Option<Value>,
    time: Option<String>,
}

type Json<T> = Result<T, JsonTrouble>;

impl<R: Read> OcelReader<R> {
    /// Reads `input`, with the objects of `case_type` as cases; times without an offset are in `zone`.
    pub fn new(input: R, case_type: Option<String>, zone: TimeZone, limits: Limits) -> Self {
        Self {
            source: Some(input),
            case_type,
            zone,
            limits,
            document: Document::default(),
            events: VecDeque::new(),
            unrelated: None,
            position: 0,
            waiting: VecDeque::new(),
            ended: false,
        }
    }

    /// Reads the whole document and finds its events.
    fn load(&mut self, source: R) -> Result<(), ReadError> {
        let text = read_whole(source, &self.limits)?;
        let mut cursor = Cursor::new(&text, &self.limits);
        let sections = sections(&mut cursor).map_err(|trouble| unreadable(&text, &trouble))?;
        let mut document = Document::default();
        let read = read_types(&mut cursor, &sections, &mut document)
            .and_then(|()| read_objects(&mut cursor, &sections, &mut document, &self.zone, &self.limits))
            .and_then(|troubles| Ok((troubles, event_places(&mut cursor, &sections)?)));
        let (troubles, events) = read.map_err(|trouble| unreadable(&text, &trouble))?;
        document.case_type = match &self.case_type {
            Some(asked) => asked_type(asked, &document)?,
            None => only_type(&mut cursor, &events, &document, &self.limits)?,
        };
        document.text = text;
        for JsonTrouble { at, message } in troubles {
            let place = Place::START.after(&document.text.as_bytes()[..at]);
            self.waiting.push_back(Item::Trouble(ReadTrouble::kept(place, message)));
        }
        self.document = document;
        self.events = events.into();
        Ok(())
    }

    fn read_event(&mut self, at: usize) {
        let mut cursor = Cursor::new(&self.document.text, &self.limits);
        cursor.go_to(at);
        let read = raw_event(&mut cursor).and_then(|event| self.draft(at, event));
        match read {
            Err(JsonTrouble { at, message }) => {
                let place = self.document.place(at);
                self.waiting.push_back(Item::Trouble(ReadTrouble::left_out(place, message)));
            }
            Ok((cases, _)) if cases.is_empty() => {
                let place = self.document.place(at);
                self.unrelated = Some(self.unrelated.map_or((1, place), |(count, first)| (count + 1, first)));
            }
            Ok((cases, entry)) => {
                for case in cases {
                    self.position += 1;
                    let mut entry = Entry { case, position: Position(self.position), ..entry.clone() };
                    self.document.set_facts(&mut entry);
                    self.waiting.push_back(Item::Entry(entry));
                }
            }
        }
    }

    /// The cases that an event belongs to, and its entry with the case left empty.
    fn draft(&self, at: usize, event: RawEvent) -> Json<(BTreeSet<String>, Entry)> {
        let trouble = |at, message: String| JsonTrouble { at, message };
        let kind = event.kind.filter(|kind| !kind.trim().is_empty());
        let kind =
            kind.ok_or_else(|| trouble(at, "the event has no «type»: write \"type\": \"…\"".to_owned()))?;
        let (time_at, time) = event.time.ok_or_else(|| {
            trouble(at, "the event has no «time»: write \"time\": \"2024-03-31T02:30:00Z\"".to_owned())
        })?;
        let time = parse_instant(&time, &self.zone).map_err(|error| trouble(time_at, error.to_string()))?;
        let mut draft = Draft { case: Some(String::new()), ..Draft::default() };
        draft.times[TimeField::At as usize] = Some(time);
        draft.texts[TextField::Id as usize] = event.id.filter(|id| !id.starts_with(OWN_EVENT_ID));
        for attribute in event.attributes {
            let name = attribute.name.unwrap_or_default();
            let value = attribute.value.unwrap_or(Value::Empty);
            let value = self.document.typed(&kind, &name, value);
            let (name, value) = from_own_json(&name, value, &self.limits);
            set_named(&mut draft, name, value, &self.zone)
                .map_err(|message| trouble(attribute.at, message))?;
        }
        draft.kind = Some(kind);
        let is_case = |id: &String| {
            self.document.objects.get(id).is_some_and(|object| object.kind == self.document.case_type)
        };
        let cases = event.related.into_iter().filter(is_case).collect();
        let entry = draft
            .finish(Position(0))
            .map_err(|missing| trouble(at, format!("the event has no «{missing}»")))?;
        Ok((cases, entry))
    }

    /// Says what can only be said when all events have been read.
    fn finish(&mut self) {
        if let Some((count, place)) = self.unrelated.take() {
            let message = format!(
                "{count} events, this one first, relate to no object of type «{}» and are left out",
                shown(&self.document.case_type)
            );
            self.waiting.push_back(Item::Trouble(ReadTrouble::left_out(place, message)));
        }
        let left = self.document.objects.values().filter(|object| object.kind == self.document.case_type);
        let late = left.filter(|object| !object.attributes.is_empty()).count();
        if late > 0 {
            let message = format!(
                "{late} objects have attributes that change after their last event: those changes are passed over"
            );
            self.waiting.push_back(Item::Trouble(ReadTrouble::kept(Place::START, message)));
        }
        self.document = Document::default();
        self.ended = true;
    }
}

impl<R: Read> Iterator for OcelReader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(source) = self.source.take()
            && let Err(error) = self.load(source)
        {
            return Some(Err(error));
        }
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Some(Ok(item));
            }
            match self.events.pop_front() {
                Some(at) => self.read_event(at),
                None if self.ended => return None,
                None => self.finish(),
            }
        }
    }
}

impl Document {
    fn place(&mut self, at: usize) -> Place {
        let (known_at, known) = self.known;
        let (from, start) =
            if known_at <= at { (known_at, known.unwrap_or(Place::START)) } else { (0, Place::START) };
        let place = start.after(&self.text.as_bytes()[from..at]);
        self.known = (at, Some(place));
        place
    }

    /// A text as what its attribute is declared to be, where that is a number or yes and no.
    fn typed(&self, kind: &str, name: &str, value: Value) -> Value {
        let Value::Text(text) = value else { return value };
        match self.declared.get(&(kind.to_owned(), name.to_owned())) {
            Some(Declared::Number) => json::number(&text),
            Some(Declared::Boolean) if text == "true" => Value::Bool(true),
            Some(Declared::Boolean) if text == "false" => Value::Bool(false),
            Some(Declared::Boolean | Declared::Other) | None => Value::Text(text),
        }
    }

    /// Gives the entry the attributes of its case's object that are in force and that no entry has set yet.
    fn set_facts(&mut self, entry: &mut Entry) {
        let Some(object) = self.objects.get_mut(&entry.case) else { return };
        while object.attributes.front().is_some_and(|(time, _, _)| *time <= entry.happened) {
            if let Some((_, name, value)) = object.attributes.pop_front() {
                entry.facts.insert(name, value);
            }
        }
    }
}

/// Where the sections of the document start.
struct Sections {
    event_types: Option<usize>,
    object_types: Option<usize>,
    objects: usize,
    events: usize,
}

fn read_whole(source: impl Read, limits: &Limits) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    let most = limits.document_bytes_max.min(limits.file_bytes_max);
    let read = source.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| ReadError::from_io(Place::START.after(&bytes), error))?;
    if bytes.len() as u64 > most {
        return Err(ReadError::from_io(Place::START, PastLimit::Document(most).into()));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    if let Err((_, message)) = utf8(&bytes) {
        let good = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        return Err(ReadError::unreadable(Place::START.after(&bytes[..good]), message));
    }
    String::from_utf8(bytes).map_err(|error| ReadError::unreadable(Place::START, error.to_string()))
}

fn unreadable(text: &str, trouble: &JsonTrouble) -> ReadError {
    let place = Place::START.after(&text.as_bytes()[..trouble.at.min(text.len())]);
    ReadError::unreadable(place, trouble.message.clone())
}

/// Steps through the whole document once, so that after this it is known to be JSON.
fn sections(cursor: &mut Cursor<'_>) -> Json<Sections> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    cursor.members(|cursor, key, at| {
        let value_at = cursor.place();
        if found.len() < 100 && found.insert(key.into_owned(), value_at).is_some() {
            return trouble(at, "this key stands here a second time: keep one of them");
        }
        cursor.skip()
    })?;
    cursor.end()?;
    let needed = |name: &str| {
        found.get(name).copied().ok_or_else(|| JsonTrouble {
            at: 0,
            message: format!("this JSON is not an event log in OCEL 2.0: it has no «{name}»"),
        })
    };
    Ok(Sections {
        event_types: found.get("eventTypes").copied(),
        object_types: found.get("objectTypes").copied(),
        objects: needed("objects")?,
        events: needed("events")?,
    })
}

fn read_types(cursor: &mut Cursor<'_>, sections: &Sections, document: &mut Document) -> Json<()> {
    for at in [sections.event_types, sections.object_types].into_iter().flatten() {
        cursor.go_to(at);
        cursor.elements(|cursor| read_type(cursor, &mut document.declared))?;
    }
    Ok(())
}

fn read_type(cursor: &mut Cursor<'_>, declared: &mut BTreeMap<(String, String), Declared>) -> Json<()> {
    let mut name = String::new();
    let mut attributes = Vec::new();
    cursor.members(|cursor, key, _| match &*key {
        "name" => cursor.text("name").map(|text| name = text.into_owned()),
        "attributes" => cursor.elements(|cursor| {
            let (mut name, mut kind) = (String::new(), Declared::Other);
            cursor.members(|cursor, key, _| match &*key {
                "name" => cursor.text("name").map(|text| name = text.into_owned()),
                "type" => cursor.text("type").map(|text| kind = Declared::named(&text)),
                _ => cursor.skip(),
            })?;
            attributes.push((name, kind));
            Ok(())
        }),
        _ => cursor.skip(),
    })?;
    declared.extend(attributes.into_iter().map(|(attribute, kind)| ((name.clone(), attribute), kind)));
    Ok(())
}

impl Declared {
    fn named(name: &str) -> Self {
        match name {
            "integer" | "float" => Self::Number,
            "boolean" => Self::Boolean,
            _ => Self::Other,
        }
    }
}

/// Reads the objects. What is wrong with one is among the troubles, and it is kept as far as it goes.
fn read_objects(
    cursor: &mut Cursor<'_>,
    sections: &Sections,
    document: &mut Document,
    zone: &TimeZone,
    limits: &Limits,
) -> Json<Vec<JsonTrouble>> {
    const TROUBLES_MAX: usize = 1000;
    let mut troubles = Vec::new();
    cursor.go_to(sections.objects);
    cursor.elements(|cursor| {
        cursor.allow_fields(limits.fields_max);
        let at = cursor.place();
        let (id, kind, attributes) = raw_object(cursor)?;
        let mut object = Object { kind, attributes: VecDeque::new() };
        let own = attributes.iter().any(|attribute| attribute.name.as_deref() == Some(OWN_FACTS_ON_EVENTS));
        for attribute in attributes.into_iter().filter(|_| !own) {
            let time = attribute.time.as_deref().map_or(Ok(Timestamp::MIN), |time| parse_instant(time, zone));
            let name = attribute.name.unwrap_or_default();
            let value = document.typed(&object.kind, &name, attribute.value.unwrap_or(Value::Empty));
            match time {
                Ok(time) => object.attributes.push_back((time, name, value)),
                Err(error) if troubles.len() < TROUBLES_MAX => {
                    troubles.push(JsonTrouble {
                        at: attribute.at,
                        message: format!("this attribute is passed over: {error}"),
                    });
                }
                Err(_) => {}
            }
        }
        object.attributes.make_contiguous().sort_by_key(|(time, _, _)| *time);
        if document.objects.insert(id, object).is_some() && troubles.len() < TROUBLES_MAX {
            troubles.push(JsonTrouble {
                at,
                message: "an object with this id stands before: the last one counts".to_owned(),
            });
        }
        Ok(())
    })?;
    Ok(troubles)
}

fn raw_object(cursor: &mut Cursor<'_>) -> Json<(String, String, Vec<RawAttribute>)> {
    let (mut id, mut kind, mut attributes) = (String::new(), String::new(), Vec::new());
    cursor.members(|cursor, key, _| match &*key {
        "id" => cursor.text("id").map(|text| id = text.into_owned()),
        "type" => cursor.text("type").map(|text| kind = text.into_owned()),
        "attributes" => raw_attributes(cursor).map(|read| attributes = read),
        _ => cursor.skip(),
    })?;
    Ok((id, kind, attributes))
}

fn raw_attributes(cursor: &mut Cursor<'_>) -> Json<Vec<RawAttribute>> {
    let mut attributes = Vec::new();
    cursor.elements(|cursor| {
        let at = cursor.place();
        cursor.count_field(at)?;
        let mut attribute = RawAttribute { at, ..RawAttribute::default() };
        cursor.members(|cursor, key, _| match &*key {
            "name" => cursor.text("name").map(|text| attribute.name = Some(text.into_owned())),
            "value" => cursor.value().map(|value| attribute.value = Some(value)),
            "time" => cursor.text("time").map(|text| attribute.time = Some(text.into_owned())),
            _ => cursor.skip(),
        })?;
        if attribute.name.is_none() {
            return trouble(at, "the attribute has no «name»: write \"name\": \"…\"");
        }
        attributes.push(attribute);
        Ok(())
    })?;
    Ok(attributes)
}

fn raw_event(cursor: &mut Cursor<'_>) -> Json<RawEvent> {
    let mut event = RawEvent::default();
    cursor.members(|cursor, key, _| {
        let at = cursor.place();
        match &*key {
            "id" => cursor.text("id").map(|text| event.id = Some(text.into_owned())),
            "type" => cursor.text("type").map(|text| event.kind = Some(text.into_owned())),
            "time" => cursor.text("time").map(|text| event.time = Some((at, text.into_owned()))),
            "attributes" => raw_attributes(cursor).map(|read| event.attributes = read),
            "relationships" => related(cursor).map(|read| event.related = read),
            _ => cursor.skip(),
        }
    })?;
    Ok(event)
}

fn related(cursor: &mut Cursor<'_>) -> Json<Vec<String>> {
    let mut ids = Vec::new();
    cursor.elements(|cursor| {
        cursor.members(|cursor, key, _| match &*key {
            "objectId" => cursor.text("objectId").map(|text| ids.push(text.into_owned())),
            _ => cursor.skip(),
        })
    })?;
    Ok(ids)
}

fn event_places(cursor: &mut Cursor<'_>, sections: &Sections) -> Json<Vec<usize>> {
    let mut places = Vec::new();
    cursor.go_to(sections.events);
    cursor.elements(|cursor| {
        places.push(cursor.place());
        cursor.skip()
    })?;
    Ok(places)
}

/// The type that was asked for, if there are objects of it.
fn asked_type(asked: &str, document: &Document) -> Result<String, ReadError> {
    let types: BTreeSet<&str> = document.objects.values().map(|object| object.kind.as_str()).collect();
    if types.contains(asked) {
        return Ok(asked.to_owned());
    }
    let message = format!(
        "there are no objects of type «{}»: choose one of {}",
        shown(asked),
        listed(types.into_iter())
    );
    Err(ReadError::unreadable(Place::START, message))
}

/// The only type of object to which all events relate.
fn only_type(
    cursor: &mut Cursor<'_>,
    events: &[usize],
    document: &Document,
    limits: &Limits,
) -> Result<String, ReadError> {
    let mut types: BTreeSet<&str> = document.objects.values().map(|object| object.kind.as_str()).collect();
    let all = types.clone();
    for at in events {
        if types.len() <= 1 {
            break;
        }
        cursor.go_to(*at);
        cursor.allow_fields(limits.fields_max);
        // An event that can't be read says nothing about types; it is reported when its turn comes.
        let Ok(event) = raw_event(cursor) else { continue };
        let here: BTreeSet<&str> = event
            .related
            .iter()
            .filter_map(|id| document.objects.get(id))
            .map(|object| object.kind.as_str())
            .collect();
        types.retain(|kind| here.contains(kind));
    }
    let mut left = types.into_iter();
    match (left.next(), left.next()) {
        (Some(only), None) => Ok(only.to_owned()),
        (None, _) if all.is_empty() && events.is_empty() => Ok(String::new()),
        _ => {
            let message = format!(
                "it isn't clear which objects are the cases: say which type, one of {}",
                listed(all.into_iter())
            );
            Err(ReadError::unreadable(Place::START, message))
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const NAMES_MAX: usize = 40;
    names.take(NAMES_MAX).map(|name| format!("«{}»", shown(name))).collect::<Vec<_>>().join(", ")
}

/// The name and value behind an attribute that holds JSON in a text.
fn from_own_json<'a>(name: &'a str, value: Value, limits: &Limits) -> (&'a str, Value) {
    let (Some(inner), Value::Text(text)) = (name.strip_prefix(OWN_JSON), &value) else {
        return (name, value);
    };
    let mut cursor = Cursor::new(text, limits);
    match cursor.value().and_then(|read| cursor.end().map(|()| read)) {
        Ok(read) => (inner, read),
        Err(_) => (name, value),
    }
}
