use jiff::tz::TimeZone;
use quick_xml::events::BytesStart;
use samspill_base::{Entry, Position, Value, parse_instant};

use crate::{
    Place, ReadTrouble,
    draft::{Draft, TextField, TimeField},
    item::shown,
    xes_tokens::{KeyValue, Kind},
};

/// What the keys of our own attributes start with.
pub(crate) const OWN: &str = "samspill:";
/// Inside a string: it is no text, but a value that is said to be nothing.
pub(crate) const OWN_EMPTY: &str = "samspill:empty";
/// There is a body, even if nothing is in it.
pub(crate) const OWN_BODY: &str = "samspill:body";
/// Starts the key of a fact that an event sets.
pub(crate) const OWN_FACT: &str = "samspill:fact:";
/// Starts the key of a body field whose name means something else in XES.
pub(crate) const OWN_BODY_FIELD: &str = "samspill:body:";
/// The name of a trace or event.
pub(crate) const NAME: &str = "concept:name";
/// The time of an event.
pub(crate) const TIME: &str = "time:timestamp";

/// An event that is being read.
#[derive(Debug)]
pub(crate) struct EventDraft {
    draft: Draft,
    place: Place,
    fields_left: usize,
    /// The first thing that is so wrong that the event is left out.
    wrong: Option<ReadTrouble>,
    /// Things that are worth saying about an event that is kept.
    warnings: Vec<ReadTrouble>,
}

/// What is wrong with an attribute of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// The event can't be read with it.
    Refused(String),
    /// The event is read all the same.
    Noted(String),
}

impl EventDraft {
    pub(crate) fn new(place: Place, fields_max: usize) -> Self {
        Self { draft: Draft::default(), place, fields_left: fields_max, wrong: None, warnings: Vec::new() }
    }

    /// Remembers what is wrong at this place.
    pub(crate) fn object(&mut self, objection: Objection, place: Place) {
        const WARNINGS_MAX: usize = 10;
        match objection {
            Objection::Refused(message) => self.leave_out(ReadTrouble::left_out(place, message)),
            Objection::Noted(message) if self.warnings.len() < WARNINGS_MAX => {
                self.warnings.push(ReadTrouble::kept(place, message));
            }
            Objection::Noted(_) => {}
        }
    }

    /// Leaves the whole event out.
    pub(crate) fn refuse(&mut self, message: String) {
        self.leave_out(ReadTrouble::left_out(self.place, message));
    }

    fn leave_out(&mut self, trouble: ReadTrouble) {
        if self.wrong.is_none() {
            self.wrong = Some(trouble);
            self.draft = Draft::default();
        }
    }

    /// Takes an attribute as its tag has it.
    pub(crate) fn set_tag(
        &mut self,
        kind: Kind,
        tag: &BytesStart<'_>,
        zone: &TimeZone,
    ) -> Result<(), Objection> {
        let pair = KeyValue::of(tag).map_err(Objection::Refused)?;
        if pair.key == TIME && self.wrong.is_none() {
            return set_time(&mut self.draft, TimeField::At, &pair.text, zone)
                .map_err(Objection::Refused)
                .and_then(|doubled| noted(doubled, TIME));
        }
        self.set(&pair.key, kind.value(pair.text), zone)
    }

    /// Takes an attribute.
    pub(crate) fn set(&mut self, key: &str, value: Value, zone: &TimeZone) -> Result<(), Objection> {
        if self.wrong.is_some() {
            return Ok(());
        }
        let too_many = "too many attributes in one event: leave some out, or raise the limit for fields";
        self.fields_left =
            self.fields_left.checked_sub(1).ok_or_else(|| Objection::Refused(too_many.to_owned()))?;
        let doubled = match key {
            NAME => self.draft.kind.replace(text_of(value)).is_some(),
            TIME => {
                set_time(&mut self.draft, TimeField::At, &text_of(value), zone).map_err(Objection::Refused)?
            }
            _ => set_named(&mut self.draft, key, value, zone).map_err(Objection::Refused)?,
        };
        noted(doubled, key)
    }

    /// The entry with what is said about it, or why it is left out.
    pub(crate) fn finish(
        mut self,
        case: String,
        position: Position,
    ) -> Result<(Entry, Vec<ReadTrouble>), ReadTrouble> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        self.draft.case = Some(case);
        self.draft.kind = self.draft.kind.filter(|kind| !kind.trim().is_empty());
        let place = self.place;
        let entry = self.draft.finish(position).map_err(|missing| {
            let (tag, key) = if missing == "at" { ("date", TIME) } else { ("string", NAME) };
            ReadTrouble::left_out(
                place,
                format!("the event has no {key}: write <{tag} key=\"{key}\" value=\"…\"/>"),
            )
        })?;
        Ok((entry, self.warnings))
    }
}

/// Puts an attribute where its key says: one of ours into the field it is for, any other into the body. Says whether
/// that was set before.
pub(crate) fn set_named(draft: &mut Draft, key: &str, value: Value, zone: &TimeZone) -> Result<bool, String> {
    let Some(own) = key.strip_prefix(OWN) else {
        return Ok(draft.body.get_or_insert_default().insert(key.to_owned(), value).is_some());
    };
    if let Some(fact) = key.strip_prefix(OWN_FACT) {
        return Ok(draft.facts.insert(fact.to_owned(), value).is_some());
    }
    if let Some(field) = TimeField::ALL.into_iter().find(|field| field.name() == own) {
        return set_time(draft, field, &text_of(value), zone);
    }
    if let Some(field) = TextField::ALL.into_iter().find(|field| field.name() == own) {
        return Ok(draft.texts[field as usize].replace(text_of(value)).is_some());
    }
    let body = draft.body.get_or_insert_default();
    if key == OWN_BODY {
        return Ok(false);
    }
    Ok(body.insert(key.strip_prefix(OWN_BODY_FIELD).unwrap_or(key).to_owned(), value).is_some())
}

fn set_time(draft: &mut Draft, field: TimeField, text: &str, zone: &TimeZone) -> Result<bool, String> {
    let instant = parse_instant(text, zone).map_err(|error| error.to_string())?;
    Ok(draft.times[field as usize].replace(instant).is_some())
}

fn noted(doubled: bool, key: &str) -> Result<(), Objection> {
    if !doubled {
        return Ok(());
    }
    Err(Objection::Noted(format!(
        "«{}» stands in this event twice, and the last one counts: keep one",
        shown(key)
    )))
}

fn text_of(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        other @ (Value::Empty | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Map(_)) => {
            other.to_string()
        }
    }
}
