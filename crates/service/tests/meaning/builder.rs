//! Messages made by hand. People, parties and numbers are invented.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime};
use samspill_base::{Entry, format_instant};
use samspill_formats::messages::types::{
    Body, CareBody, Code, Conversation, DialogBody, Head, Id, Kind, Message, MessageTime, Note,
    OtherReceiver, Party, Patient, Precision, Receipt, Section, TimeValue, TimedEvent, Unit, Version,
};
use samspill_service::exchange::meaning::{Context, Directory, Known, Listed, Mapped, entries};

pub(crate) const KARI: &str = "12885012345";
pub(crate) const OLA: &str = "03914511111";
pub(crate) const HOSPITAL: &str = "8100001";
pub(crate) const OTHER_HOSPITAL: &str = "8100002";
const WARD: &str = "8100101";
const MUNICIPALITY: &str = "8200001";
const OFFICE: &str = "8200102";

/// A time as a message writes it: a day, or a local time, or one with an offset.
pub(crate) fn time(text: &str) -> MessageTime {
    let value = if text.len() == 10 {
        text.parse::<jiff::civil::Date>().ok().map(|day| TimeValue {
            local: day.at(0, 0, 0, 0),
            precision: Precision::Day,
            offset: None,
        })
    } else {
        let offset = text.get(19..).filter(|rest| !rest.is_empty());
        let offset = offset.and_then(|rest| rest[1..3].parse::<i8>().ok()).map(jiff::tz::Offset::constant);
        let local = text.get(..19).unwrap_or(text).parse::<DateTime>().ok();
        local.map(|local| TimeValue { local, precision: Precision::Time, offset })
    };
    MessageTime { text: text.to_owned(), value }
}

pub(crate) fn code(value: &str, table: &str) -> Code {
    let table = if table.is_empty() { String::new() } else { format!("2.16.578.1.12.4.1.1.{table}") };
    Code { value: value.to_owned(), table, ..Code::default() }
}

fn id(value: &str, kind: &str) -> Id {
    Id { value: value.to_owned(), kind: code(kind, "") }
}

pub(crate) fn party(outer: &str, inner: &str) -> Party {
    let unit = |her: &str| Unit { ids: vec![id(her, "HER")], ..Unit::default() };
    Party { levels: vec![unit(outer), unit(inner)] }
}

/// A message under construction.
#[derive(Clone)]
pub(crate) struct Make(Message);

/// A message about Kari between the hospital and the municipality, in the direction of its kind.
pub(crate) fn message(kind: Kind, name: &str, made: &str) -> Make {
    let (mut sender, mut receiver) = (party(HOSPITAL, WARD), party(MUNICIPALITY, OFFICE));
    if kind == Kind::Innleggelsesrapport {
        std::mem::swap(&mut sender, &mut receiver);
    }
    let is_dialog =
        matches!(kind, Kind::HelsefagligDialog | Kind::Notat | Kind::Foresporsel | Kind::Svar | Kind::Avvik);
    let body = if is_dialog { Body::Dialog(DialogBody::default()) } else { Body::Care(CareBody::default()) };
    let head = Head {
        type_code: code("", ""),
        id: name.to_owned(),
        made: time(made),
        ack: None,
        processing: None,
        conversation: None,
        status: (!is_dialog).then(|| code("N", "")),
        sender,
        receiver,
        others: Vec::new(),
        patient: Some(Patient::default()),
    };
    let message = Message { kind, version: Version::Plo16, head, body, attachments: Vec::new() };
    Make(message).about(KARI)
}

impl Make {
    pub(crate) fn done(self) -> Message {
        self.0
    }

    pub(crate) fn about(mut self, person: &str) -> Self {
        let patient = Patient { ids: vec![id(person, "FNR")], ..Patient::default() };
        self.0.head.patient = Some(patient);
        self
    }

    pub(crate) fn named(mut self, given: &str, born: &str) -> Self {
        if let Some(patient) = &mut self.0.head.patient {
            (patient.given_name, patient.family_name) = (given.to_owned(), "Nordmann".to_owned());
            patient.born = Some(time(born));
        }
        self
    }

    pub(crate) fn also_known_as(mut self, person: &str) -> Self {
        if let Some(patient) = &mut self.0.head.patient {
            patient.ids.push(id(person, "DNR"));
        }
        self
    }

    pub(crate) fn without_id(mut self) -> Self {
        if let Some(patient) = &mut self.0.head.patient {
            patient.ids.clear();
        }
        self
    }

    pub(crate) fn by_hospital(mut self, hospital: &str) -> Self {
        self.0.head.sender = party(hospital, WARD);
        self
    }

    pub(crate) fn at_unit(mut self, unit: &str) -> Self {
        self.0.head.receiver = party(MUNICIPALITY, unit);
        self
    }

    pub(crate) fn copy_to(mut self, unit: &str) -> Self {
        let other = OtherReceiver { role: code("COP", ""), party: party(MUNICIPALITY, unit) };
        self.0.head.others.push(other);
        self
    }

    pub(crate) fn back(mut self) -> Self {
        std::mem::swap(&mut self.0.head.sender, &mut self.0.head.receiver);
        self
    }

    pub(crate) fn status(mut self, status: &str) -> Self {
        self.0.head.status = Some(code(status, ""));
        self
    }

    pub(crate) fn answers(self, parent: &str) -> Self {
        self.in_conversation(parent, parent)
    }

    pub(crate) fn in_conversation(mut self, parent: &str, first: &str) -> Self {
        self.0.head.conversation = Some(Conversation { parent: parent.to_owned(), first: first.to_owned() });
        self
    }

    pub(crate) fn care(mut self, change: impl FnOnce(&mut CareBody)) -> Self {
        if let Body::Care(care) = &mut self.0.body {
            change(care);
        }
        self
    }

    pub(crate) fn event(self, event: &str, at: &str) -> Self {
        self.event_marked(event, at, Some(false))
    }

    pub(crate) fn event_marked(self, event: &str, at: &str, is_estimate: Option<bool>) -> Self {
        let event = TimedEvent {
            code: Some(code(event, "9121")),
            description: String::new(),
            at: time(at),
            is_estimate,
            note: String::new(),
        };
        self.care(|care| care.events.push(event))
    }

    pub(crate) fn content(self, value: &str) -> Self {
        let content = code(value, "9140");
        self.care(|care| care.content_type = Some(content))
    }

    pub(crate) fn section(self, table: &str, value: &str, text: &str) -> Self {
        let section = Section {
            heading: Some(code(value, table)),
            element: "MedisinskfagligeOpplysninger".to_owned(),
            text: text.to_owned(),
        };
        self.care(|care| care.sections.push(section))
    }

    pub(crate) fn note(mut self, table: &str, theme: &str, text: &str) -> Self {
        if let Body::Dialog(dialog) = &mut self.0.body {
            let note = Note { theme: code(theme, table), text: text.to_owned(), ..Note::default() };
            dialog.notes.push(note);
        }
        self
    }
}

/// An admission notice for an admission at this time, made ten minutes after it unless said otherwise.
pub(crate) fn admission(name: &str, made: &str, admitted: &str) -> Make {
    message(Kind::Innlagt, name, made).event("1", admitted)
}

/// A municipality's reply to a ready notice, in the newer form.
pub(crate) fn reply(name: &str, made: &str, to: &str, text: &str) -> Make {
    message(Kind::HelsefagligDialog, name, made).back().answers(to).note("7322", "7", text)
}

/// A receipt for a message.
pub(crate) fn receipt(name: &str, made: &str, of: &str, status: &str) -> Message {
    let mut message = message(Kind::Kvittering, name, made).back().done();
    message.head.patient = None;
    message.body = Body::Receipt(Receipt {
        status: code(status, ""),
        errors: if status == "2" { vec![code("E36", "8221")] } else { Vec::new() },
        original_type: code("", ""),
        original_made: time(""),
        original_id: of.to_owned(),
        sender_role: None,
        receiver_role: None,
        software: None,
    });
    message
}

pub(crate) fn directory() -> Directory {
    let municipality = |name: &str, of: &[&str]| Listed {
        name: name.to_owned(),
        municipalities: of.iter().map(|name| (*name).to_owned()).collect(),
        facts: BTreeMap::new(),
    };
    let ward = Listed {
        name: "Ortopedisk avdeling".to_owned(),
        municipalities: Vec::new(),
        facts: [("fagomrade".to_owned(), samspill_base::Value::text("somatikk"))].into(),
    };
    Directory::new([
        (WARD.to_owned(), ward),
        (OFFICE.to_owned(), municipality("Tildelingskontoret", &["Storvik"])),
        ("8200103".to_owned(), municipality("Felles legevakt", &["Storvik", "Lillevik"])),
    ])
}

/// Reads messages one after another, as they come; gives what each was read as.
pub(crate) fn one_by_one(known: &mut Known, messages: &[Message]) -> Vec<Mapped> {
    let directory = directory();
    let read = |message: &Message| {
        let context = Context::new(known, &directory);
        let (mapped, zone) = (entries(message, &context), context.zone.clone());
        known.learn(message, &mapped, &zone);
        mapped
    };
    messages.iter().map(read).collect()
}

/// One message, with nothing known before.
pub(crate) fn alone(message: Message) -> Mapped {
    one_by_one(&mut Known::default(), &[message]).remove(0)
}

pub(crate) fn at(text: &str) -> Timestamp {
    let oslo = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    samspill_base::parse_instant(text, &oslo).unwrap()
}

pub(crate) fn local(instant: Timestamp) -> String {
    let oslo = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    format_instant(instant, &oslo)
}

/// `innlagt 2026-03-09T14:20:00+01:00 a#innlagt`, one a line.
pub(crate) fn lines(entries: &[Entry]) -> Vec<String> {
    let line = |entry: &Entry| {
        format!("{} {} {}", entry.kind, local(entry.happened), entry.id.as_deref().unwrap_or("-"))
    };
    entries.iter().map(line).collect()
}
