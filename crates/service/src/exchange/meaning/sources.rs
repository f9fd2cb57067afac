//! The parts of a message that a field of an entry's body can take what it says from.

use samspill_base::Value;
use samspill_formats::messages::types::{
    Body, CareBody, Code, Contact, Diagnosis, DialogBody, Function, Message, Request, Section, Service,
};

use super::{
    table::{Rule, TableError, Test},
    time::day_of,
};

/// A source, or several that are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Clinical(ClinicalPart),
    Care(CarePart),
    Dialog(DialogPart),
    Frame(FramePart),
    Question,
}

/// Parts of care messages and of epicrises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ClinicalPart {
    Section { table: String, codes: Vec<String> },
    Diagnoses,
}

/// Parts of care messages alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CarePart {
    Texts(String),
    Date(String),
    Time(String),
    Services,
    ServiceTexts,
    Needs,
    Functions(Vec<String>),
    FunctionTexts(Vec<String>),
    ServiceIs { codes: Vec<String>, word: String },
    Medicines,
    Units,
    Responsible,
    DischargedTo,
    State,
}

/// Parts of dialogue messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DialogPart {
    Note,
    Theme,
    About,
}

/// Parts that all messages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FramePart {
    Parent,
    First,
    Attachments,
}

impl Source {
    pub(super) fn read(text: &str) -> Result<Self, TableError> {
        let parts = text.split(" + ").map(Part::read).collect::<Result<_, _>>()?;
        Ok(Self { parts })
    }

    /// What the message says there; `None` where it says nothing.
    pub(super) fn value(&self, message: &Message) -> Option<Value> {
        let mut values = self.parts.iter().filter_map(|part| part.value(message));
        let first = values.next()?;
        match values.next() {
            None => Some(first),
            Some(second) => {
                let all = [first, second].into_iter().chain(values);
                Some(Value::text(joined(all.map(|value| value.to_string()))))
            }
        }
    }
}

impl Part {
    fn read(text: &str) -> Result<Self, TableError> {
        let wrong =
            || TableError::new(format!("«{text}» is no part of a message; data/meaning.toml lists them"));
        let (word, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        match word {
            "section" => {
                let (table, list) = rest.split_once('/').ok_or_else(wrong)?;
                let (table, codes) = (table.to_owned(), codes(list));
                Ok(Self::Clinical(ClinicalPart::Section { table, codes }))
            }
            "service" => {
                let (list, word) = rest.split_once(" = ").ok_or_else(wrong)?;
                Ok(Self::Care(CarePart::ServiceIs { codes: codes(list), word: word.to_owned() }))
            }
            "texts" if !rest.is_empty() => Ok(Self::Care(CarePart::Texts(rest.to_owned()))),
            "date" if !rest.is_empty() => Ok(Self::Care(CarePart::Date(rest.to_owned()))),
            "time" if !rest.is_empty() => Ok(Self::Care(CarePart::Time(rest.to_owned()))),
            "functions" => Ok(Self::Care(CarePart::Functions(codes(rest)))),
            "function-texts" => Ok(Self::Care(CarePart::FunctionTexts(codes(rest)))),
            _ if rest.is_empty() => Self::plain(word).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }

    fn plain(word: &str) -> Option<Self> {
        Some(match word {
            "diagnoses" => Self::Clinical(ClinicalPart::Diagnoses),
            "services" => Self::Care(CarePart::Services),
            "service-texts" => Self::Care(CarePart::ServiceTexts),
            "needs" => Self::Care(CarePart::Needs),
            "medicines" => Self::Care(CarePart::Medicines),
            "units" => Self::Care(CarePart::Units),
            "responsible" => Self::Care(CarePart::Responsible),
            "discharged-to" => Self::Care(CarePart::DischargedTo),
            "state" => Self::Care(CarePart::State),
            "note" => Self::Dialog(DialogPart::Note),
            "theme" => Self::Dialog(DialogPart::Theme),
            "about" => Self::Dialog(DialogPart::About),
            "parent" => Self::Frame(FramePart::Parent),
            "first" => Self::Frame(FramePart::First),
            "attachments" => Self::Frame(FramePart::Attachments),
            "question" => Self::Question,
            _ => return None,
        })
    }

    fn value(&self, message: &Message) -> Option<Value> {
        match (self, &message.body) {
            (Self::Frame(part), _) => part.value(message),
            (Self::Clinical(part), Body::Care(care)) => part.value(&care.sections, &care.diagnoses),
            (Self::Clinical(part), Body::Epicrisis(body)) => part.value(&body.sections, &body.diagnoses),
            (Self::Care(part), Body::Care(care)) => part.value(care),
            (Self::Dialog(part), Body::Dialog(dialog)) => part.value(dialog),
            (Self::Question, Body::Care(care)) => care.request.as_deref().and_then(question),
            (Self::Question, Body::Dialog(dialog)) => {
                let questions = dialog.requests.iter().filter_map(question);
                text(&joined(questions.map(|value| value.to_string())))
            }
            (Self::Clinical(_) | Self::Care(_) | Self::Dialog(_) | Self::Question, _) => None,
        }
    }
}

fn codes(list: &str) -> Vec<String> {
    list.split(',').filter(|code| !code.is_empty()).map(|code| code.trim().to_owned()).collect()
}

impl ClinicalPart {
    fn value(&self, texts: &[Section], diagnosed: &[Diagnosis]) -> Option<Value> {
        match self {
            Self::Section { table, codes } => sections(texts, table, codes),
            Self::Diagnoses => diagnoses(diagnosed),
        }
    }
}

impl CarePart {
    fn value(&self, care: &CareBody) -> Option<Value> {
        let has = || care.services.iter().filter(|service| !service.is_needed);
        match self {
            Self::Texts(element) => {
                let named = care.sections.iter().filter(|section| section.element == *element);
                text(&joined(named.map(|section| &section.text)))
            }
            Self::Date(code) => event_at(care, code).and_then(|event| day_of(&event.at)).map(Value::text),
            Self::Time(code) => event_at(care, code).and_then(|event| text(&event.at.text)),
            Self::Services => services(has()),
            Self::Needs => services(care.services.iter().filter(|service| service.is_needed)),
            Self::ServiceTexts => text(&joined(has().map(|service| &service.text))),
            Self::Functions(codes) => functions(&care.functions, codes, |function| &function.score),
            Self::FunctionTexts(codes) => functions(&care.functions, codes, |function| &function.note),
            Self::ServiceIs { codes, word } => has_service(&care.services, codes).then(|| said(word)),
            Self::Medicines => care.has_medicines.then(|| Value::text("i meldingen")),
            Self::Units => contacts(&care.units),
            Self::Responsible => contacts(&care.responsible),
            Self::DischargedTo => care.discharged_to.as_ref().and_then(code_text),
            Self::State => care.discharge_state.as_ref().and_then(code_text),
        }
    }
}

impl DialogPart {
    fn value(self, dialog: &DialogBody) -> Option<Value> {
        let notes = dialog.notes.iter();
        match self {
            Self::Note => text(&joined(notes.flat_map(|note| [&note.text, &note.note]))),
            Self::Theme => {
                text(&joined(notes.map(|note| {
                    if note.theme_text.is_empty() { &note.theme.name } else { &note.theme_text }
                })))
            }
            Self::About => notes.into_iter().find_map(|note| text(&normal_id(&note.about_id))),
        }
    }
}

impl FramePart {
    fn value(self, message: &Message) -> Option<Value> {
        let conversation = message.head.conversation.as_ref();
        match self {
            Self::Parent => conversation.and_then(|it| text(&normal_id(&it.parent))),
            Self::First => conversation.and_then(|it| text(&normal_id(&it.first))),
            Self::Attachments => {
                text(&joined(message.attachments.iter().map(|file| {
                    if file.description.is_empty() { &file.mime_type } else { &file.description }
                })))
            }
        }
    }
}

/// Whether the message has it.
impl Test {
    pub(super) fn holds(&self, message: &Message) -> bool {
        match (self, &message.body) {
            (Self::Content { table, code }, Body::Care(care)) => {
                care.content_type.as_ref().is_some_and(|it| is_code(it, table, code))
            }
            (Self::Theme { table, code }, Body::Dialog(dialog)) => {
                dialog.notes.iter().any(|note| is_code(&note.theme, table, code))
            }
            (Self::Event(code), Body::Care(care)) => event_at(care, code).is_some(),
            (Self::State(code), Body::Care(care)) => {
                care.discharge_state.as_ref().is_some_and(|it| it.value == *code)
            }
            (Self::Content { .. } | Self::Theme { .. } | Self::Event(_) | Self::State(_), _) => false,
        }
    }
}

impl Rule {
    /// Whether the message gives this entry.
    pub(super) fn holds(&self, message: &Message) -> bool {
        self.message == message.kind
            && (self.only.is_empty() || self.only.iter().any(|test| test.holds(message)))
            && !self.unless.iter().any(|test| test.holds(message))
    }
}

/// An id of a message as it is compared: without white space and braces, in small letters (GUIDs are written both ways).
pub fn normal_id(id: &str) -> String {
    id.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase()
}

/// The first event with this code.
pub(super) fn event_at<'m>(
    care: &'m CareBody,
    code: &str,
) -> Option<&'m samspill_formats::messages::types::TimedEvent> {
    care.events.iter().find(|event| event.code.as_ref().is_some_and(|it| it.value == code))
}

/// Whether it is this code of a table; a code that names no table is of the one that its place has.
fn is_code(code: &Code, table: &str, value: &str) -> bool {
    let of_table = code.table.is_empty() || code.table.rsplit('.').next() == Some(table);
    of_table && code.value == value
}

fn sections(all: &[Section], table: &str, codes: &[String]) -> Option<Value> {
    let has = |section: &&Section| {
        section.heading.as_ref().is_some_and(|heading| codes.iter().any(|code| is_code(heading, table, code)))
    };
    text(&joined(all.iter().filter(has).map(|section| &section.text)))
}

fn diagnoses(all: &[Diagnosis]) -> Option<Value> {
    text(&joined(all.iter().map(|diagnosis| {
        let code = diagnosis.code.as_ref().map(|code| format!("{} {}", code.value, code.name));
        [code.unwrap_or_default(), diagnosis.text.clone()].join(" ").trim().to_owned()
    })))
}

fn services<'m>(all: impl Iterator<Item = &'m Service>) -> Option<Value> {
    text(&joined(all.map(|service| match (&service.code, service.name.is_empty()) {
        (Some(code), true) => &code.name,
        (Some(_) | None, _) => &service.name,
    })))
}

fn has_service(all: &[Service], codes: &[String]) -> bool {
    let is = |service: &Service| service.code.as_ref().is_some_and(|code| codes.contains(&code.value));
    all.iter().any(|service| !service.is_needed && is(service))
}

fn functions(all: &[Function], codes: &[String], of: impl Fn(&Function) -> &String) -> Option<Value> {
    let wanted = |function: &&Function| {
        codes.is_empty() || function.code.as_ref().is_some_and(|code| codes.contains(&code.value))
    };
    text(&joined(all.iter().filter(wanted).filter(|function| !of(function).is_empty()).map(|function| {
        let name = function.code.as_ref().map(|code| code.name.as_str()).unwrap_or_default();
        format!("{name}: {}", of(function)).trim_start_matches(": ").to_owned()
    })))
}

fn contacts(all: &[Contact]) -> Option<Value> {
    text(&joined(all.iter().map(|contact| {
        let phones = contact.telecoms.iter().map(|phone| phone.trim_start_matches("tel:"));
        std::iter::once(contact.name.as_str()).chain(phones).collect::<Vec<_>>().join(", ")
    })))
}

fn question(request: &Request) -> Option<Value> {
    text(&joined([&request.question, &request.reason]))
}

fn code_text(code: &Code) -> Option<Value> {
    text(if code.name.is_empty() { &code.value } else { &code.name })
}

/// The word of a rule: yes and no are what they say.
fn said(word: &str) -> Value {
    match word {
        "ja" => Value::Bool(true),
        "nei" => Value::Bool(false),
        _ => Value::text(word),
    }
}

fn text(text: &str) -> Option<Value> {
    let text = text.trim();
    (!text.is_empty()).then(|| Value::text(text))
}

fn joined<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut all = String::new();
    for text in texts {
        let text = text.as_ref();
        if text.trim().is_empty() {
            continue;
        }
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(text);
    }
    all
}
