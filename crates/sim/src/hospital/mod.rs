//! The hospital trust: it admits patients, tells of them, and lets them go when it may.

mod plan;
mod send;
mod steps;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date};
use samspill_base::{Entry, Value};
use samspill_service::exchange::meaning::{Answer, suggest};

use crate::{
    Act,
    act::StayKey,
    agenda::Agenda,
    contents::Body,
    partner::{Partner, message_of},
    time::{after, before, minutes},
    world::World,
};

/// The hospital trust as a party.
#[derive(Debug)]
pub struct Hospital {
    world: Arc<World>,
    name: String,
    agenda: Agenda<(StayKey, Step)>,
    stays: BTreeMap<StayKey, Stay>,
    /// The instant at which it was asked last.
    asked: Timestamp,
    acts: Vec<Act>,
    /// From and to whom messages went that may be cancelled, by their ids.
    ends: BTreeMap<String, (String, String)>,
}

/// What is to be done about a stay.
#[derive(Clone, Debug)]
enum Step {
    Admit,
    Notice,
    NeedFound,
    Early,
    Transfer,
    Meeting,
    Summary,
    Update,
    Assess,
    Ready,
    Withdraw,
    Withdrawn,
    Ask,
    /// Ask, if nobody has answered this notice.
    Remind(String),
    /// Leave at the time that was last agreed, if that is this one.
    Leave,
    /// The epicrisis for leaving at this time.
    Epicrisis(Timestamp),
    Left,
    Report,
    Death,
    /// What was sent wrong is sent again.
    Again(Box<Draft>),
    /// What was sent is changed.
    Change(Box<Draft>, String),
    /// What was sent by mistake is cancelled, and sent again.
    Cancel(Box<Draft>, String),
}

/// A message that is to be sent.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    kind: &'static str,
    to: String,
    happened: Option<Timestamp>,
    body: Body,
}

/// What the hospital knows of a stay.
#[derive(Clone, Debug)]
struct Stay {
    admitted: Timestamp,
    ward: usize,
    /// How many messages and events there were.
    number: u32,
    /// The ready notice that stands.
    ready: Option<String>,
    has_withdrawn: bool,
    /// The ready notice that was answered last.
    answered: Option<String>,
    questions: u32,
    leaves: Option<Timestamp>,
    expected: Date,
    /// When the patient left or died.
    ended: Option<(Timestamp, End)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Left,
    Died,
}

impl Hospital {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let mut agenda = Agenda::new();
        for (patient, course) in (0..).zip(&world.courses) {
            agenda.enter(course.admitted, (StayKey { patient, stay: 0 }, Step::Admit));
        }
        let name = world.region.trust.name.clone();
        let (stays, ends) = (BTreeMap::new(), BTreeMap::new());
        Self { world, name, agenda, stays, asked: Timestamp::MIN, acts: Vec::new(), ends }
    }

    fn see(&mut self, entry: &Entry, now: Timestamp) {
        let key = ["svar-til", "gjelder"].iter().find_map(|name| text(entry, name)).and_then(StayKey::of_id);
        let own = entry.from.as_deref().and_then(|from| self.world.region.party_of(from)) == Some(&self.name);
        let Some(key) = key.filter(|key| !own && self.stays.contains_key(key)) else { return };
        let at = entry.received.unwrap_or(now);
        match entry.kind.as_str() {
            "svar-utskrivningsklar" => self.hear(key, entry, at),
            "feil-i-melding" => self.mend(key, entry, at),
            _ => {}
        }
    }

    /// A reply: as somebody confirmed it, or else as it reads.
    fn hear(&mut self, key: StayKey, reply: &Entry, at: Timestamp) {
        let Some(stay) = self.stays.get_mut(&key) else { return };
        let about = text(reply, "svar-til").map(message_of);
        if stay.ready.is_none() || stay.ready.as_deref() != about || stay.ended.is_some() {
            return;
        }
        stay.answered.clone_from(&stay.ready);
        let mut chance = self.world.chance(key, "hear", stay.number);
        match answer(reply, self.world.wall.day(reply.happened)) {
            Some(Answer::CanReceive { from }) => {
                let soonest = after(at, minutes(chance.within([60, 240])));
                let from = from.unwrap_or_else(|| self.world.wall.day(at));
                let hour = jiff::civil::time(10, 0, 0, 0);
                let fetched = after(self.world.wall.at(from, hour), minutes(chance.within([0, 240])));
                self.agree(key, soonest.max(fetched));
            }
            None if stay.questions < QUESTIONS_MAX => {
                stay.questions += 1;
                let asks = self.world.wall.in_office(after(at, minutes(chance.within([30, 120]))));
                self.agenda.enter(asks, (key, Step::Ask));
            }
            Some(Answer::CannotReceive { .. }) | None => {}
        }
    }

    /// The patient is to leave at this time, and the epicrisis to go along.
    fn agree(&mut self, key: StayKey, leaves: Timestamp) {
        let Some(stay) = self.stays.get_mut(&key) else { return };
        stay.leaves = Some(leaves);
        self.agenda.enter(leaves, (key, Step::Leave));
        let delays = self.world.settings.habits.delays;
        let behaviour = self.world.settings.habits.hospital;
        let mut chance = self.world.chance(key, "epicrisis", 0);
        if chance.hits(behaviour.missing) {
            return;
        }
        let at = if chance.hits(behaviour.late) {
            after(leaves, minutes(chance.within(delays.epicrisis_late)))
        } else {
            before(leaves, minutes(chance.within(delays.epicrisis_before)))
        };
        self.agenda.enter(at, (key, Step::Epicrisis(leaves)));
    }

    /// The receiver says that a message isn't for it: it is cancelled, and sent to where the patient lives.
    fn mend(&mut self, key: StayKey, entry: &Entry, at: Timestamp) {
        let Some(id) = text(entry, "gjelder").map(message_of).map(str::to_owned) else { return };
        let draft = Draft {
            kind: "melding-om-innlagt-pasient",
            to: self.world.home(key).to_owned(),
            happened: None,
            body: Body::new(),
        };
        let mut chance = self.world.chance(key, "mend", 0);
        let at = after(at, minutes(chance.within(self.world.settings.habits.delays.mend)));
        self.agenda.enter(at, (key, Step::Cancel(Box::new(draft), id)));
    }
}

/// How often the hospital asks again after a reply that decides nothing.
const QUESTIONS_MAX: u32 = 2;

impl Partner for Hospital {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, seen: &[Entry], now: Timestamp) -> Vec<Act> {
        for entry in seen {
            self.see(entry, now);
        }
        while let Some((planned, (key, step))) = self.agenda.due(now) {
            self.take(key, step, planned.max(self.asked));
        }
        self.asked = self.asked.max(now);
        std::mem::take(&mut self.acts)
    }

    fn wakes(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }
}

fn answer(reply: &Entry, sent: Date) -> Option<Answer> {
    let day = |name: &str| text(reply, name).and_then(|day| day.parse::<Date>().ok());
    match text(reply, "svar") {
        Some("kan-ta-imot") => Some(Answer::CanReceive { from: day("fra") }),
        Some(_) => Some(Answer::CannotReceive { expected: day("forventet") }),
        None => suggest(text(reply, "tekst").unwrap_or_default(), sent).answer,
    }
}

pub(crate) fn text<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.field(name).and_then(Value::as_text)
}
