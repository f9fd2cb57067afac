//! What the hospital does when the time has come.

use jiff::{Timestamp, civil::time};

use super::{Draft, End, Hospital, Stay, Step};
use crate::{
    act::StayKey,
    contents::{Body, Writer, body},
    partner::delay,
    time::{after, hours, later, minutes},
};

impl Hospital {
    pub(super) fn take(&mut self, key: StayKey, step: Step, at: Timestamp) {
        if matches!(step, Step::Admit) {
            return self.admit(key, at);
        }
        let ended = self.stays.get(&key).is_none_or(|stay| stay.ended.is_some());
        match step {
            Step::Left => self.tell_end(key, at),
            Step::Report => self.report(key, at),
            Step::Epicrisis(for_leaving) => self.epicrisis(key, for_leaving, at),
            Step::Again(draft) => self.send_as_is(key, &draft, at),
            Step::Change(draft, replaced) => self.change(key, *draft, &replaced, at),
            Step::Cancel(draft, named) => self.cancel(key, *draft, &named, at),
            _ if ended => {}
            Step::Admit => {}
            Step::Notice => self.say(key, "melding-om-innlagt-pasient", Body::new(), at),
            Step::NeedFound => self.register(key, "behov-oppdaget", at),
            Step::Early => self.early(key, at),
            Step::Transfer => self.transfer(key),
            Step::Meeting => self.meeting(key, at),
            Step::Summary => self.summary(key, at),
            Step::Update => self.update(key, at),
            Step::Assess => self.register(key, "vurdert-utskrivningsklar", at),
            Step::Ready => self.ready(key, at),
            Step::Withdraw => self.withdraw(key, at),
            Step::Withdrawn => self.say(key, "avmelding", Body::new(), at),
            Step::Ask => self.ask(key, at),
            Step::Remind(ready) => self.remind(key, &ready, at),
            Step::Leave => self.leave(key, at),
            Step::Death => self.end(key, End::Died, at),
        }
    }

    /// Says something to the municipality where the patient lives.
    fn say(&mut self, key: StayKey, kind: &'static str, body: Body, at: Timestamp) {
        let to = self.world.home(key).to_owned();
        self.send(key, Draft { kind, to, happened: None, body }, at);
    }

    /// Says the same to the municipality where the patient stays afterwards, if that is another one.
    fn say_elsewhere(&mut self, key: StayKey, kind: &'static str, body: Body, at: Timestamp) {
        if let Some(to) = self.world.elsewhere(key).map(str::to_owned) {
            self.send(key, Draft { kind, to, happened: None, body }, at);
        }
    }

    fn stay(&self, key: StayKey) -> Option<&Stay> {
        self.stays.get(&key)
    }

    fn writer<T>(
        &self,
        key: StayKey,
        what: &str,
        write: impl FnOnce(&mut Writer<'_>, &Stay) -> T,
    ) -> Option<T> {
        let (stay, course) = (self.stay(key)?, self.world.course(key)?);
        let texts = &self.world.settings.texts;
        let problem = texts.problems.get(course.problem)?;
        let chance = self.world.chance(key, what, stay.number);
        Some(write(&mut Writer { texts, problem, chance }, stay))
    }

    fn early(&mut self, key: StayKey, at: Timestamp) {
        let extent = self.extent(key, "early-extent");
        let body = self.writer(key, "early", |it, stay| it.early(extent, stay.expected));
        self.say(key, "tidligmelding", body.unwrap_or_default(), at);
    }

    fn update(&mut self, key: StayKey, at: Timestamp) {
        let extent = self.extent(key, "update-extent");
        let body = self.writer(key, "update", |it, stay| it.update(extent, stay.expected));
        let body = body.unwrap_or_default();
        self.say(key, "helseopplysninger", body.clone(), at);
        self.say_elsewhere(key, "helseopplysninger", body, at);
    }

    /// Another ward of the same field of care, if there is one.
    fn transfer(&mut self, key: StayKey) {
        let mut chance = self.world.chance(key, "transfer", 0);
        let field = self.field(key).to_owned();
        let Some(stay) = self.stays.get_mut(&key) else { return };
        let wards = self.world.region.trust.wards.iter().enumerate();
        let others: Vec<usize> = wards
            .filter(|(place, it)| *place != stay.ward && it.field == field)
            .map(|(place, _)| place)
            .collect();
        stay.ward = chance.one_of(&others).copied().unwrap_or(stay.ward);
    }

    fn meeting(&mut self, key: StayKey, at: Timestamp) {
        self.register(key, "samarbeidsmote", at);
        let mut chance = self.world.chance(key, "summary", 0);
        let (delays, behaviour) = (self.world.settings.habits.delays, self.world.settings.habits.hospital);
        if let Some(by) = delay(&mut chance, behaviour, delays.summary, delays.summary_late) {
            self.agenda.enter(after(at, by), (key, Step::Summary));
        }
    }

    fn summary(&mut self, key: StayKey, at: Timestamp) {
        let said = self.writer(key, "summary", |it, _| it.chance.text(it.texts.about("meeting")).to_owned());
        self.say(key, "moteoppsummering", body(&[("sporsmal", &said.unwrap_or_default())]), at);
    }

    fn ready(&mut self, key: StayKey, at: Timestamp) {
        let day = self.world.wall.day(at);
        let Some(responsible) = self.responsible(key).cloned() else { return };
        self.say(key, "utskrivningsklar", Writer::ready(day, &responsible), at);
        let habits = self.world.habits();
        let mut chance = self.world.chance(key, "patience", self.stay(key).map_or(0, |it| it.number));
        let patience = chance.within(habits.patience);
        self.agree(key, self.world.wall.days_on(at, patience, time(12, 0, 0, 0)));
        self.plan_reminder(key, at);
        let once = self.stay(key).is_some_and(|it| !it.has_withdrawn);
        if once && chance.hits(habits.withdrawn) {
            self.agenda.enter(after(at, hours(chance.within([3, 48]))), (key, Step::Withdraw));
        }
    }

    /// The patient got worse: the notice is withdrawn, and another one follows when things are better.
    fn withdraw(&mut self, key: StayKey, at: Timestamp) {
        let Some(stay) = self.stays.get_mut(&key).filter(|stay| stay.ready.is_some()) else { return };
        (stay.ready, stay.leaves, stay.has_withdrawn) = (None, None, true);
        let mut chance = self.world.chance(key, "withdraw", 0);
        let days = chance.within([2, 5]);
        stay.expected = later(self.world.wall.day(at), days);
        self.register(key, "ikke-lenger-utskrivningsklar", at);
        self.agenda.enter(after(at, minutes(chance.within([1, 20]))), (key, Step::Withdrawn));
        self.plan_ready(key, at, days, &mut chance);
    }

    /// A notice that isn't answered in time is asked about, in office hours.
    fn plan_reminder(&mut self, key: StayKey, at: Timestamp) {
        let range = self.world.habits().remind_hours;
        let Some(ready) = self.stay(key).and_then(|it| it.ready.clone()).filter(|_| range[1] > 0) else {
            return;
        };
        let mut chance = self.world.chance(key, "remind", 0);
        let asks = self.world.wall.in_office(after(at, hours(chance.within(range))));
        self.agenda.enter(asks, (key, Step::Remind(ready)));
    }

    fn remind(&mut self, key: StayKey, ready: &str, at: Timestamp) {
        let is_silent = |stay: &Stay| stay.ready.as_deref() == Some(ready) && stay.answered != stay.ready;
        if self.stay(key).is_some_and(is_silent) {
            self.ask(key, at);
        }
    }

    fn ask(&mut self, key: StayKey, at: Timestamp) {
        if self.stay(key).is_some_and(|stay| stay.ready.is_some()) {
            let said = self.writer(key, "ask", |it, _| it.chance.text(it.texts.about("ask")).to_owned());
            self.say(key, "foresporsel", body(&[("sporsmal", &said.unwrap_or_default())]), at);
        }
    }

    /// The patient leaves, if this is the time that was agreed on last.
    fn leave(&mut self, key: StayKey, at: Timestamp) {
        if self.stay(key).is_some_and(|stay| stay.leaves.is_some_and(|leaves| leaves <= at)) {
            self.end(key, End::Left, at);
            let habits = self.world.habits();
            let mut chance = self.world.chance(key, "readmitted", 0);
            if key.stay == 0 && chance.hits(habits.readmitted) {
                let back = after(at, hours(chance.within(habits.readmitted_hours)));
                self.agenda.enter(back, (StayKey { stay: 1, ..key }, Step::Admit));
            }
        }
    }

    fn end(&mut self, key: StayKey, end: End, at: Timestamp) {
        let Some(stay) = self.stays.get_mut(&key) else { return };
        (stay.ended, stay.ready) = (Some((at, end)), None);
        let (delays, behaviour) = (self.world.settings.habits.delays, self.world.settings.habits.hospital);
        let mut chance = self.world.chance(key, "end", 0);
        let told = delay(&mut chance, behaviour, delays.discharge_notice, delays.discharge_notice_late);
        if let Some(by) = told {
            self.agenda.enter(after(at, by), (key, Step::Left));
        }
        if end == End::Left && !chance.hits(behaviour.missing) {
            self.agenda
                .enter(after(at, minutes(chance.within(delays.discharge_report))), (key, Step::Report));
        }
    }

    fn tell_end(&mut self, key: StayKey, at: Timestamp) {
        let Some((when, end)) = self.stay(key).and_then(|stay| stay.ended) else { return };
        let place = self.writer(key, "place", |it, _| it.chance.text(it.texts.about("places")).to_owned());
        let (kind, body) = match end {
            End::Left => ("utskrevet", body(&[("utskrevet-til", &place.unwrap_or_default())])),
            End::Died => ("dodsfall", Body::new()),
        };
        let to = self.world.home(key).to_owned();
        self.send(key, Draft { kind, to, happened: Some(when), body }, at);
    }

    fn report(&mut self, key: StayKey, at: Timestamp) {
        let body = self.writer(key, "report", |it, _| it.discharge_report());
        let body = body.unwrap_or_default();
        self.say(key, "utskrivningsrapport", body.clone(), at);
        self.say_elsewhere(key, "utskrivningsrapport", body, at);
    }

    fn epicrisis(&mut self, key: StayKey, for_leaving: Timestamp, at: Timestamp) {
        let stands = |stay: &Stay| match stay.ended {
            Some((_, end)) => end == End::Left && stay.leaves == Some(for_leaving),
            None => stay.leaves == Some(for_leaving),
        };
        if self.stay(key).is_some_and(stands) {
            self.say(key, "epikrise", Body::new(), at);
            if let Some(to) = self.world.gp(key).map(str::to_owned) {
                self.send(key, Draft { kind: "epikrise", to, happened: None, body: Body::new() }, at);
            }
        }
    }
}
