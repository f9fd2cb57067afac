//! What acts mean for a log that hears of all of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};

use crate::{Act, ActKind, Form, StayKey, World, contents::Body, region::FIELD};

/// Turns acts into the entries that a log gets of them, as the messages would be read when they come in the order in which they
/// were made: a notice tells of the admission too, a ready notice gets the five points of the health information before it, and a
/// cancellation names every entry of what it cancels. A test holds it to what reading the messages gives.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    stays: BTreeMap<StayKey, Told>,
}

/// What was told of a stay.
#[derive(Clone, Debug, Default)]
struct Told {
    /// The entry that tells of the admission.
    admission: Option<String>,
    /// What goes with the next ready notice.
    carried: Body,
    /// The entries of each message, by its id.
    given: BTreeMap<String, Vec<String>>,
}

/// Kinds of messages whose sender or receiver is a ward, of which its field of care is then known.
const OF_A_WARD: [&str; 11] = [
    "melding-om-innlagt-pasient",
    "innleggelsesrapport",
    "tidligmelding",
    "helseopplysninger",
    "utskrivningsklar",
    "avmelding",
    "svar-utskrivningsklar",
    "utskrevet",
    "dodsfall",
    "epikrise",
    "utskrivningsrapport",
];
/// Kinds that tell that the patient needs municipal services.
const OF_NEED: [&str; 3] = ["tidligmelding", "helseopplysninger", "utskrivningsklar"];
/// Kinds that repeat the admission, if nothing told of it before.
const REPEATS_ADMISSION: [&str; 3] = ["melding-om-innlagt-pasient", "utskrivningsklar", "avmelding"];

impl Ledger {
    /// The entries of an act, received at an instant. None of a message that its receiver can't take.
    pub fn take(&mut self, act: &Act, received: Timestamp, world: &World) -> Vec<Entry> {
        let told = self.stays.entry(act.stay).or_default();
        match act.what {
            ActKind::Event => told.event(&act.entry),
            ActKind::Message(Form::Wrong(_)) => Vec::new(),
            ActKind::Message(Form::Usual | Form::Note) if act.entry.kind == "kansellering" => {
                told.cancelled(act, received)
            }
            ActKind::Message(Form::Usual | Form::Note) => told.message(act, received, world),
        }
    }
}

impl Told {
    fn event(&mut self, entry: &Entry) -> Vec<Entry> {
        if entry.kind == "innlagt" {
            self.admission.clone_from(&entry.id);
        }
        vec![entry.clone()]
    }

    /// An entry for each that the message gave, named by it.
    fn cancelled(&mut self, act: &Act, received: Timestamp) -> Vec<Entry> {
        let (id, named) = (act.entry.id.clone().unwrap_or_default(), named(&act.entry));
        let given = self.given.get(named).cloned().unwrap_or_default();
        if self.admission.as_ref().is_some_and(|admission| given.contains(admission)) {
            self.admission = None;
        }
        let cancelling = |target: String| Entry {
            id: Some(format!("{id}#{target}")),
            received: Some(received),
            body: Some([("gjelder".to_owned(), Value::text(target))].into()),
            ..act.entry.clone()
        };
        given.into_iter().map(cancelling).collect()
    }

    fn message(&mut self, act: &Act, received: Timestamp, world: &World) -> Vec<Entry> {
        let mut entry = act.entry.clone();
        entry.received = Some(received);
        entry.facts = facts(act, world);
        self.carry(&mut entry);
        let mut all: Vec<Entry> = self.admission(act, received, world).into_iter().collect();
        all.push(entry);
        let ids = all.iter().filter_map(|it| it.id.clone()).collect();
        self.given.insert(act.entry.id.clone().unwrap_or_default(), ids);
        all
    }

    fn admission(&mut self, act: &Act, received: Timestamp, world: &World) -> Option<Entry> {
        let kind = act.entry.kind.as_str();
        if self.admission.is_some() || !REPEATS_ADMISSION.contains(&kind) {
            return None;
        }
        let mut entry = Entry::new(&act.entry.case, "innlagt", Position(0), act.admitted);
        entry.id = act.entry.id.as_ref().map(|id| format!("{id}#innlagt"));
        entry.sent = Some(act.at).filter(|sent| *sent != act.admitted);
        entry.received = Some(received);
        (entry.person, entry.from) = (act.entry.person.clone(), act.entry.from.clone());
        entry.facts.extend(field_of_care(act, world));
        if kind == "melding-om-innlagt-pasient" {
            entry.facts.insert("kommunale-tjenester".to_owned(), Value::Bool(true));
        }
        self.admission.clone_from(&entry.id);
        Some(entry)
    }

    /// Health information is kept for the ready notice after it, which gets it.
    fn carry(&mut self, entry: &mut Entry) {
        let said = |names: &[&str]| names.iter().find_map(|name| entry.field(name).cloned());
        let points = [
            ("problem-innleggelse", said(&["problem-innleggelse", "arsak", "status"])),
            ("problem-ovrige", said(&["problem-ovrige"])),
            ("uavklart", said(&["uavklart"])),
            ("diagnose-og-plan", said(&["diagnose-og-plan", "forventet-forlop"])),
            ("funksjon", said(&["funksjon"])),
        ];
        match entry.kind.as_str() {
            "tidligmelding" | "helseopplysninger" => {
                let said: Body =
                    points.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?))).collect();
                if !said.is_empty() {
                    self.carried = said;
                }
            }
            "utskrivningsklar" => entry.body.get_or_insert_default().extend(self.carried.clone()),
            _ => {}
        }
    }
}

fn named(entry: &Entry) -> &str {
    entry.field("gjelder").and_then(Value::as_text).unwrap_or_default()
}

fn facts(act: &Act, world: &World) -> Body {
    let kind = act.entry.kind.as_str();
    let mut facts = Body::new();
    if OF_A_WARD.contains(&kind) {
        facts.extend(field_of_care(act, world));
    }
    if OF_NEED.contains(&kind) {
        facts.insert("kommunalt-behov".to_owned(), Value::Bool(true));
    }
    if kind == "tidligmelding" {
        let payer = act.entry.to.clone().unwrap_or_default();
        facts.insert("oppholdskommune".to_owned(), Value::text(payer));
    }
    facts
}

fn field_of_care(act: &Act, world: &World) -> Option<(String, Value)> {
    let mut ends = [&act.entry.from, &act.entry.to].into_iter().flatten();
    let ward = ends.find_map(|name| world.region.ward(name))?;
    Some((FIELD.to_owned(), Value::text(&ward.field)))
}
