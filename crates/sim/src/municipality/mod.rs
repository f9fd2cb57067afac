//! A municipality: it answers what it has received, by the places it has.

mod places;
mod tasks;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date};
use samspill_base::Entry;

use self::places::Places;
use crate::{
    Act,
    act::StayKey,
    agenda::Agenda,
    hospital::text,
    partner::{Partner, delay, message_of},
    region::Municipality,
    settings::Behaviour,
    time::{after, minutes},
    world::World,
};

/// A municipality as a party.
#[derive(Debug)]
pub struct Office {
    world: Arc<World>,
    own: Municipality,
    /// Its place among the municipalities, counted from 1.
    place: u32,
    agenda: Agenda<(StayKey, Task)>,
    cases: BTreeMap<StayKey, Case>,
    places: Places,
    /// From which day there is something for a patient, where waits don't follow from places.
    free: BTreeMap<StayKey, Date>,
    asked: Timestamp,
    acts: Vec<Act>,
}

/// What is to be done about a stay.
#[derive(Clone, Debug)]
enum Task {
    Report,
    /// A reply to this ready notice.
    Reply(String),
    /// Another one, in clear words.
    ReplyAgain(String),
    /// What was said of this message: it isn't for us.
    Mistake(String),
    Again(Box<Entry>),
    /// What was sent is changed.
    Change(Box<Entry>),
}

/// What the municipality knows of a stay.
#[derive(Clone, Debug)]
struct Case {
    /// What its log calls the stay.
    name: String,
    person: Option<String>,
    /// The ward that wrote last.
    ward: String,
    admitted: Timestamp,
    number: u32,
    /// The ready notice that stands.
    ready: Option<String>,
    /// Notices that were read before.
    read: Vec<String>,
}

impl Office {
    pub(crate) fn new(world: Arc<World>, place: usize) -> Self {
        let own = world.region.municipalities[place].clone();
        let places = Places::new(own.places);
        let (agenda, cases, free) = (Agenda::new(), BTreeMap::new(), BTreeMap::new());
        let place = u32::try_from(place + 1).unwrap_or(u32::MAX);
        Self { world, own, place, agenda, cases, places, free, asked: Timestamp::MIN, acts: Vec::new() }
    }

    fn behaviour(&self) -> Behaviour {
        self.own.behaviour
    }

    fn see(&mut self, entry: &Entry, now: Timestamp) {
        let is_own = entry.from.as_deref() == Some(&self.own.name);
        let mut about = entry.id.as_deref().into_iter().chain(text(entry, "gjelder"));
        let key = about.find_map(StayKey::of_id);
        let Some(key) = key.filter(|_| !is_own) else { return };
        let at = entry.received.unwrap_or(now);
        self.open(key, entry);
        let Some(id) = entry.id.as_deref().map(|id| message_of(id).to_owned()) else { return };
        match entry.kind.as_str() {
            "melding-om-innlagt-pasient" => self.see_admission(key, id, at),
            "utskrivningsklar" => self.see_ready(key, id, at),
            "foresporsel" => self.see_question(key, at),
            "avmelding" | "utskrevet" | "dodsfall" => self.see_end(key, &entry.kind),
            "kansellering" => self.see_cancelled(key, text(entry, "gjelder").unwrap_or_default()),
            _ => {}
        }
    }

    /// The case of a stay, with what the entry tells of it.
    fn open(&mut self, key: StayKey, entry: &Entry) {
        let admitted = (entry.kind == "innlagt").then_some(entry.happened);
        let case = self.cases.entry(key).or_insert_with(|| Case {
            name: entry.case.clone(),
            person: None,
            ward: String::new(),
            admitted: entry.happened,
            number: 0,
            ready: None,
            read: Vec::new(),
        });
        case.admitted = admitted.unwrap_or(case.admitted);
        case.person = entry.person.clone().or_else(|| case.person.take());
        case.ward = entry.from.clone().unwrap_or_else(|| std::mem::take(&mut case.ward));
    }

    /// Marks a message as read; whether it is new.
    fn is_new(&mut self, key: StayKey, id: &str) -> bool {
        let Some(case) = self.cases.get_mut(&key).filter(|case| !case.read.iter().any(|it| it == id)) else {
            return false;
        };
        case.read.push(id.to_owned());
        true
    }

    fn see_admission(&mut self, key: StayKey, id: String, at: Timestamp) {
        if !self.is_new(key, &id) {
            return;
        }
        let delays = self.world.settings.habits.delays;
        let mut chance = self.world.chance(key, "mistake", 0);
        if self.world.home(key) != self.own.name {
            let says = self.world.wall.in_office(after(at, minutes(chance.within(delays.reply))));
            return self.agenda.enter(says, (key, Task::Mistake(id)));
        }
        let mut chance = self.world.chance(key, "report", 0);
        let by = delay(&mut chance, self.behaviour(), delays.report, delays.report_late);
        let is_first = self.is_new(key, "report");
        if let Some(by) = by.filter(|_| is_first) {
            self.agenda.enter(after(at, by), (key, Task::Report));
        }
    }

    fn see_ready(&mut self, key: StayKey, id: String, at: Timestamp) {
        let Some(case) = self.cases.get_mut(&key) else { return };
        case.ready = Some(id.clone());
        if !self.is_new(key, &id) {
            return;
        }
        let delays = self.world.settings.habits.delays;
        let count = self.cases.get(&key).map_or(0, |case| u32::try_from(case.read.len()).unwrap_or(u32::MAX));
        let mut chance = self.world.chance(key, "reply", count);
        let Some(by) = delay(&mut chance, self.behaviour(), delays.reply, delays.reply_late) else { return };
        let replies = after(at, by);
        let is_odd = chance.hits(self.behaviour().odd_hours);
        let replies = if is_odd { replies } else { self.world.wall.in_office(replies) };
        self.agenda.enter(replies, (key, Task::Reply(id)));
    }

    /// The hospital asks when it can come: only when it was told nothing that decides.
    fn see_question(&mut self, key: StayKey, at: Timestamp) {
        let Some(ready) = self.cases.get(&key).and_then(|case| case.ready.clone()) else { return };
        let mut chance = self.world.chance(key, "question", 0);
        let delays = self.world.settings.habits.delays;
        let replies = self.world.wall.in_office(after(at, minutes(chance.within(delays.reply))));
        self.agenda.enter(replies, (key, Task::ReplyAgain(ready)));
    }

    fn see_end(&mut self, key: StayKey, kind: &str) {
        if let Some(case) = self.cases.get_mut(&key) {
            case.ready = None;
        }
        if kind != "utskrevet" {
            self.places.give_up(key);
        }
    }

    fn see_cancelled(&mut self, key: StayKey, named: &str) {
        let named = message_of(named);
        if let Some(case) = self.cases.get_mut(&key).filter(|case| case.ready.as_deref() == Some(named)) {
            case.ready = None;
        }
    }
}

impl Partner for Office {
    fn name(&self) -> &str {
        &self.own.name
    }

    fn next(&mut self, seen: &[Entry], now: Timestamp) -> Vec<Act> {
        for entry in seen {
            self.see(entry, now);
        }
        while let Some((planned, (key, task))) = self.agenda.due(now) {
            self.take(key, task, planned.max(self.asked));
        }
        self.asked = self.asked.max(now);
        std::mem::take(&mut self.acts)
    }

    fn wakes(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }
}
