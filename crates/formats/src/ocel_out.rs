use std::{
    borrow::Borrow,
    collections::BTreeMap,
    io::{self, Write},
};

use jiff::tz::TimeZone;
use samspill_base::{CaseLog, Entry, Value};

use crate::{
    draft::{TextField, TimeField},
    ocel::{OWN_EVENT_ID, OWN_FACTS_ON_EVENTS, OWN_JSON},
    written::{self, JsonObject},
    xes_event::{OWN, OWN_BODY, OWN_BODY_FIELD, OWN_FACT},
};

/// The type of the objects that stand for cases.
const CASE_TYPE: &str = "case";

/// What an attribute is declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Declared {
    Text,
    Time,
    Whole,
    Float,
    Boolean,
}

type Types = BTreeMap<String, BTreeMap<String, Declared>>;
/// Facts with the time from which they hold.
type Facts = Vec<(String, String, Value)>;

/// Writes cases as an object-centric log in OCEL 2.0 JSON, with times in `zone`; says how many.
///
/// Each case is an object of type `case`, each entry an event that relates to it, each fact an attribute of the object
/// from the time it was set. [`OcelReader`](crate::OcelReader) reads equal entries from it, apart from their positions.
/// Events are written as they come; the names of the cases and their facts are kept in memory until the end.
pub fn write_ocel<C: Borrow<CaseLog>>(
    cases: impl IntoIterator<Item = C>,
    zone: &TimeZone,
    mut out: impl Write,
) -> io::Result<u64> {
    let mut types = Types::new();
    let mut objects: BTreeMap<String, Facts> = BTreeMap::new();
    let (mut count, mut number) = (0, 0_u64);
    out.write_all(b"{\"events\":[")?;
    for case in cases {
        let case = case.borrow();
        let facts = objects.entry(case.case.clone()).or_default();
        for entry in &case.entries {
            out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            number += 1;
            write_event(entry, &case.case, number, zone, &mut types, &mut out)?;
            facts.extend(scalar_facts(entry, zone));
        }
        count += 1;
    }
    out.write_all(b"\n],\"objects\":[")?;
    let mut fact_types = BTreeMap::new();
    write_objects(&objects, zone, &mut fact_types, &mut out)?;
    out.write_all(b"\n],\"eventTypes\":")?;
    write_types(&types, &mut out)?;
    out.write_all(b",\"objectTypes\":")?;
    write_types(&BTreeMap::from([(CASE_TYPE.to_owned(), fact_types)]), &mut out)?;
    out.write_all(b"}\n")?;
    out.flush()?;
    Ok(count)
}

fn write_event(
    entry: &Entry,
    case: &str,
    number: u64,
    zone: &TimeZone,
    types: &mut Types,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut event = JsonObject::open(out)?;
    event.text("id", &format!("{OWN_EVENT_ID}{number}"))?;
    event.text("type", &entry.kind)?;
    event.text("time", &written::instant(entry.happened, zone))?;
    let declared = types.entry(entry.kind.clone()).or_default();
    let list = event.key("attributes")?;
    list.write_all(b"[")?;
    for (index, (name, value, kind)) in attributes(entry, zone).into_iter().enumerate() {
        if index > 0 {
            list.write_all(b",")?;
        }
        let mut attribute = JsonObject::open(list)?;
        attribute.text("name", &name)?;
        attribute.value("value", &value)?;
        attribute.close()?;
        declare(declared, name, kind);
    }
    list.write_all(b"]")?;
    let list = event.key("relationships")?;
    list.write_all(b"[")?;
    let mut relation = JsonObject::open(list)?;
    relation.text("objectId", case)?;
    relation.text("qualifier", CASE_TYPE)?;
    relation.close()?;
    list.write_all(b"]")?;
    event.close()
}

/// Everything about an entry but its case, kind and time.
fn attributes(entry: &Entry, zone: &TimeZone) -> Vec<(String, Value, Declared)> {
    let mut attributes = Vec::new();
    for field in TimeField::ALL.into_iter().filter(|field| *field != TimeField::At) {
        if let Some(instant) = field.of(entry) {
            let text = Value::Text(written::instant(instant, zone));
            attributes.push((format!("{OWN}{}", field.name()), text, Declared::Time));
        }
    }
    for field in TextField::ALL {
        if let Some(text) = field.of(entry) {
            attributes.push((format!("{OWN}{}", field.name()), Value::text(text), Declared::Text));
        }
    }
    for (name, value) in &entry.facts {
        attributes.push(attribute(format!("{OWN_FACT}{name}"), value));
    }
    match &entry.body {
        None => {}
        Some(body) if body.is_empty() => attributes.push(attribute(OWN_BODY.to_owned(), &Value::Bool(true))),
        Some(body) => attributes.extend(body.iter().map(|(name, value)| {
            let own = name.starts_with(OWN);
            attribute(if own { format!("{OWN_BODY_FIELD}{name}") } else { name.clone() }, value)
        })),
    }
    attributes
}

/// An attribute under its name; what isn't a text, number or yes and no goes as JSON in a text.
fn attribute(name: String, value: &Value) -> (String, Value, Declared) {
    if let Some(kind) = scalar_type(value) {
        return (name, value.clone(), kind);
    }
    let mut text = Vec::new();
    // Writing into memory can't fail, and the text is UTF-8.
    let _written = written::json_value(&mut text, value);
    let text = String::from_utf8_lossy(&text).into_owned();
    (format!("{OWN_JSON}{name}"), Value::Text(text), Declared::Text)
}

fn scalar_type(value: &Value) -> Option<Declared> {
    match value {
        Value::Text(_) => Some(Declared::Text),
        Value::Bool(_) => Some(Declared::Boolean),
        Value::Number(number) if number.as_whole().is_some() => Some(Declared::Whole),
        Value::Number(_) => Some(Declared::Float),
        Value::Empty | Value::List(_) | Value::Map(_) => None,
    }
}

fn scalar_facts(entry: &Entry, zone: &TimeZone) -> Facts {
    let from = written::instant(entry.happened, zone);
    let scalars = entry.facts.iter().filter(|(_, value)| scalar_type(value).is_some());
    scalars.map(|(name, value)| (name.clone(), from.clone(), value.clone())).collect()
}

/// Declares an attribute; one that has values of two types is text, but whole numbers and others are numbers.
fn declare(declared: &mut BTreeMap<String, Declared>, name: String, kind: Declared) {
    let both = declared.entry(name).or_insert(kind);
    *both = match (*both, kind) {
        (one, other) if one == other => one,
        (Declared::Whole, Declared::Float) | (Declared::Float, Declared::Whole) => Declared::Float,
        _ => Declared::Text,
    };
}

fn write_objects(
    objects: &BTreeMap<String, Facts>,
    zone: &TimeZone,
    declared: &mut BTreeMap<String, Declared>,
    out: &mut impl Write,
) -> io::Result<()> {
    let always = written::instant(jiff::Timestamp::UNIX_EPOCH, zone);
    for (index, (case, facts)) in objects.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        let mut object = JsonObject::open(out)?;
        object.text("id", case)?;
        object.text("type", CASE_TYPE)?;
        let list = object.key("attributes")?;
        list.write_all(b"[")?;
        let marker = (OWN_FACTS_ON_EVENTS.to_owned(), always.clone(), Value::Bool(true));
        for (index, (name, from, value)) in facts.iter().chain([&marker]).enumerate() {
            list.write_all(if index == 0 { b"" } else { b"," })?;
            let mut attribute = JsonObject::open(list)?;
            attribute.text("name", name)?;
            attribute.text("time", from)?;
            attribute.value("value", value)?;
            attribute.close()?;
            declare(declared, name.clone(), scalar_type(value).unwrap_or(Declared::Text));
        }
        list.write_all(b"]")?;
        object.key("relationships")?.write_all(b"[]")?;
        object.close()?;
    }
    Ok(())
}

fn write_types(types: &Types, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, (name, attributes)) in types.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        let mut object = JsonObject::open(out)?;
        object.text("name", name)?;
        let list = object.key("attributes")?;
        list.write_all(b"[")?;
        for (index, (name, kind)) in attributes.iter().enumerate() {
            list.write_all(if index == 0 { b"" } else { b"," })?;
            let mut attribute = JsonObject::open(list)?;
            attribute.text("name", name)?;
            attribute.text("type", kind.name())?;
            attribute.close()?;
        }
        list.write_all(b"]")?;
        object.close()?;
    }
    out.write_all(b"\n]")
}

impl Declared {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Time => "time",
            Self::Whole => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
        }
    }
}
