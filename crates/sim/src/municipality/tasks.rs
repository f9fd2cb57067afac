//! What a municipality does when the time has come.

use jiff::{
    Timestamp,
    civil::{Date, time},
};
use samspill_base::{Entry, Position, Value};
use samspill_service::exchange::meaning::{Answer, Sureness, suggest};

use super::{Office, Task};
use crate::{
    Chance,
    act::{Act, ActKind, Fault, Form, Maker, StayKey},
    contents::{Body, Extent, Writer, body},
    time::{after, later, minutes, workday},
    world::Need,
};

impl Office {
    pub(super) fn take(&mut self, key: StayKey, task: Task, at: Timestamp) {
        match task {
            Task::Report => self.report(key, at),
            Task::Reply(ready) => self.reply(key, &ready, Clarity::AsUsual, at),
            Task::ReplyAgain(ready) => self.reply(key, &ready, Clarity::Clear, at),
            Task::Mistake(id) => self.say_mistake(key, &id, at),
            Task::Again(entry) | Task::Change(entry) => self.put(key, *entry, Form::Usual, at),
        }
    }

    fn chance(&self, key: StayKey, what: &str) -> Chance {
        self.world.chance(key, what, self.cases.get(&key).map_or(0, |case| case.number))
    }

    fn report(&mut self, key: StayKey, at: Timestamp) {
        let course = self.world.course(key).map(|course| course.problem);
        let texts = &self.world.settings.texts;
        let Some(problem) = course.and_then(|place| texts.problems.get(place)) else { return };
        let Some(contact) = self.own.staff.first() else { return };
        let mut chance = self.chance(key, "report-text");
        let is_part = chance.hits(self.behaviour().incomplete);
        let extent = if is_part { Extent::Part } else { Extent::Whole };
        let body = Writer { texts, problem, chance }.report(extent, contact);
        self.send(key, "innleggelsesrapport", body, Form::Usual, at);
    }

    fn say_mistake(&mut self, key: StayKey, id: &str, at: Timestamp) {
        let said = self.chance(key, "mistake").text(self.world.settings.texts.about("mistake")).to_owned();
        self.send(key, "feil-i-melding", body(&[("gjelder", id), ("tekst", &said)]), Form::Usual, at);
    }

    /// A reply, if the notice still stands. Some decide nothing.
    fn reply(&mut self, key: StayKey, ready: &str, clarity: Clarity, at: Timestamp) {
        if self.cases.get(&key).is_none_or(|case| case.ready.as_deref() != Some(ready)) {
            return;
        }
        let mut chance = self.chance(key, "reply-text");
        let form = if chance.hits(self.behaviour().note_form) { Form::Note } else { Form::Usual };
        if clarity == Clarity::AsUsual && chance.hits(self.behaviour().unclear) {
            let said = chance.text(self.world.settings.texts.reply("unclear")).to_owned();
            return self.send(key, REPLY, body(&[("tekst", &said), ("svar-til", ready)]), form, at);
        }
        let answer = self.decide(key, ready, at, &mut chance);
        let said = self.worded(answer, self.world.wall.day(at), &mut chance);
        let mut body = body(&[("tekst", &said), ("svar-til", ready)]);
        body.extend(typed(answer));
        self.send(key, REPLY, body, form, at);
    }

    /// Whether it can, and when. Who waits for a place is told again when one is free.
    fn decide(&mut self, key: StayKey, ready: &str, at: Timestamp, chance: &mut Chance) -> Answer {
        let today = self.world.wall.day(at);
        if !self.world.settings.habits.waits.is_empty() {
            return self.decide_by_wait(key, ready, today, chance);
        }
        let needs_place = self.world.course(key).is_some_and(|course| course.need == Need::Place);
        if !needs_place {
            let days = [0, 0, 1, 1, 2, 3];
            let from = workday(later(today, chance.one_of(&days).copied().unwrap_or_default()));
            return Answer::CanReceive { from: Some(from) };
        }
        let from = later(today, chance.below(3));
        let until = later(from, chance.within(self.world.habits().place_days));
        if self.places.take(key, today, until) {
            return Answer::CanReceive { from: Some(from) };
        }
        let free = self.places.free_from().filter(|free| *free > today);
        let looks = free.unwrap_or_else(|| later(today, 7));
        let again =
            after(self.world.wall.at(workday(looks), time(8, 30, 0, 0)), minutes(chance.within([0, 120])));
        self.agenda.enter(again, (key, Task::ReplyAgain(ready.to_owned())));
        Answer::CannotReceive { expected: free.filter(|_| chance.hits(500)) }
    }

    /// Whether it can by the day from which there is something for the patient. One who waits longer than the weekend is told so, and
    /// told again on that day.
    fn decide_by_wait(&mut self, key: StayKey, ready: &str, today: Date, chance: &mut Chance) -> Answer {
        let (world, pressure) = (&self.world, self.own.pressure);
        let free = *self.free.entry(key).or_insert_with(|| later(today, world.wait(key, pressure)));
        if free <= later(today, 2) {
            return Answer::CanReceive { from: Some(free.max(today)) };
        }
        let opens = self.world.wall.at(workday(free), time(8, 30, 0, 0));
        let again = after(opens, minutes(chance.within([0, 120])));
        self.agenda.enter(again, (key, Task::ReplyAgain(ready.to_owned())));
        Answer::CannotReceive { expected: Some(free).filter(|_| chance.hits(500)) }
    }

    /// The answer in somebody's words; in the plainest ones, where those might be read otherwise.
    fn worded(&self, answer: Answer, today: Date, chance: &mut Chance) -> String {
        let (about, day) = match answer {
            Answer::CanReceive { from: Some(day) } if day == today => ("can_now", None),
            Answer::CanReceive { from } => ("can_from", from),
            Answer::CannotReceive { expected: None } => ("cannot", None),
            Answer::CannotReceive { expected } => ("cannot_expected", expected),
        };
        let words = chance.text(self.world.settings.texts.reply(about));
        let said = words.replace("{dag}", &day.map(|day| shown(day, today, chance)).unwrap_or_default());
        let read = suggest(&said, today);
        let is_clear = read.answer == Some(answer) && read.sureness == Sureness::Clear;
        if is_clear { said } else { answer.sentence() }
    }

    /// Sends a message as this municipality does: some are wrong, or changed later.
    fn send(&mut self, key: StayKey, kind: &str, body: Body, form: Form, at: Timestamp) {
        let Some(case) = self.cases.get(&key) else { return };
        let mut entry = Entry::new(&case.name, kind, Position(0), at);
        entry.person.clone_from(&case.person);
        (entry.from, entry.to) = (Some(self.own.name.clone()), Some(case.ward.clone()));
        entry.body = Some(body);
        let (mut chance, behaviour) = (self.chance(key, "send"), self.behaviour());
        let mends = after(at, minutes(chance.within(self.world.settings.habits.delays.mend)));
        if chance.hits(behaviour.wrong) {
            let faults = [Fault::Schema, Fault::Truncated];
            let fault = chance.one_of(&faults).copied().unwrap_or(Fault::Schema);
            self.put(key, entry.clone(), Form::Wrong(fault), at);
            return self.agenda.enter(mends, (key, Task::Again(Box::new(entry))));
        }
        self.put(key, entry.clone(), form, at);
        if kind == "innleggelsesrapport" && chance.hits(behaviour.corrected) {
            let first = self.acts.last().and_then(|act| act.entry.id.clone()).unwrap_or_default();
            entry.body.get_or_insert_default().insert("erstatter".to_owned(), Value::text(first));
            self.agenda.enter(mends, (key, Task::Change(Box::new(entry))));
        }
    }

    fn put(&mut self, key: StayKey, mut entry: Entry, form: Form, at: Timestamp) {
        let Some(case) = self.cases.get_mut(&key) else { return };
        case.number += 1;
        // Each municipality numbers its own, for two may write about one stay.
        let number = case.number + NUMBERS_EACH * self.place;
        entry.id = Some(key.message(Maker::Municipality, number, self.world.seed));
        entry.happened = at;
        let (by, admitted) = (self.own.name.clone(), case.admitted);
        self.acts.push(Act { at, by, what: ActKind::Message(form), stay: key, admitted, entry });
    }
}

/// More messages than these a municipality writes about no stay.
const NUMBERS_EACH: u32 = 256;
const REPLY: &str = "svar-utskrivningsklar";

/// Whether a reply may leave it open what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clarity {
    AsUsual,
    Clear,
}

/// The answer as the log has it when somebody has confirmed it.
fn typed(answer: Answer) -> Body {
    let day = |name: &str, day: Option<Date>| day.map(|day| (name.to_owned(), day.to_string()));
    let (says, day) = match answer {
        Answer::CanReceive { from } => ("kan-ta-imot", day("fra", from)),
        Answer::CannotReceive { expected } => ("kan-ikke-ta-imot", day("forventet", expected)),
    };
    let all = std::iter::once(("svar".to_owned(), says.to_owned())).chain(day);
    all.map(|(name, text)| (name, Value::text(text))).collect()
}

const WEEKDAYS: [&str; 7] = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"];

/// A day as people write it: the date, or within the week its name.
fn shown(day: Date, today: Date, chance: &mut Chance) -> String {
    let is_near = today < day && day <= later(today, 6);
    let number = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let name = WEEKDAYS.get(number).filter(|_| is_near && chance.hits(400));
    name.map_or_else(|| day.strftime("%d.%m.%Y").to_string(), |name| (*name).to_owned())
}
