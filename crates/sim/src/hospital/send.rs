//! How the hospital sends: mostly as it should.

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};

use super::{Draft, Hospital, Step};
use samspill_service::access::Protection;

use crate::{
    act::{Act, ActKind, Fault, Form, Maker, StayKey},
    contents::{Body, Extent},
    region::{Staff, Ward},
    time::{after, minutes},
};

/// Kinds that can be changed, and are now and then.
const CHANGED: [&str; 3] = ["tidligmelding", "helseopplysninger", "utskrivningsrapport"];
/// Events that tell that the patient is protected: messages have no field for it.
const TELLS_PROTECTION: [&str; 2] = ["innlagt", "vurdert-utskrivningsklar"];
/// Kinds that are sent by mistake now and then, and cancelled.
const CANCELLED: [&str; 4] =
    ["melding-om-innlagt-pasient", "tidligmelding", "utskrivningsklar", "utskrivningsrapport"];

impl Hospital {
    pub(super) fn ward(&self, key: StayKey) -> Option<&Ward> {
        self.world.region.trust.wards.get(self.stays.get(&key)?.ward)
    }

    /// The field of care of the patient's ward.
    pub(super) fn field(&self, key: StayKey) -> &str {
        self.ward(key).map_or("", |ward| ward.field.as_str())
    }

    /// Who answers for what the ward says: its physician.
    pub(super) fn responsible(&self, key: StayKey) -> Option<&Staff> {
        self.ward(key)?.staff.first()
    }

    pub(super) fn extent(&self, key: StayKey, what: &str) -> Extent {
        let number = self.stays.get(&key).map_or(0, |stay| stay.number);
        let incomplete = self.world.settings.habits.hospital.incomplete;
        if self.world.chance(key, what, number).hits(incomplete) { Extent::Part } else { Extent::Whole }
    }

    /// Sends a message as the hospital does: some are wrong, changed later, or a mistake.
    pub(super) fn send(&mut self, key: StayKey, draft: Draft, at: Timestamp) {
        let Some(number) = self.stays.get(&key).map(|stay| stay.number) else { return };
        let behaviour = self.world.settings.habits.hospital;
        let mut chance = self.world.chance(key, "send", number);
        let mends = after(at, minutes(chance.within(self.world.settings.habits.delays.mend)));
        if chance.hits(behaviour.wrong) {
            return self.send_wrong(key, draft, at, mends);
        }
        let id = self.put(key, &draft, Form::Usual, at);
        if CHANGED.contains(&draft.kind) && chance.hits(behaviour.corrected) {
            self.agenda.enter(mends, (key, Step::Change(Box::new(draft), id)));
        } else if CANCELLED.contains(&draft.kind) && chance.hits(behaviour.cancelled) {
            self.agenda.enter(mends, (key, Step::Cancel(Box::new(draft), id)));
        }
    }

    /// An admission notice may go to another municipality, which then says so. Other messages break, and go again when the sender
    /// has seen that.
    fn send_wrong(&mut self, key: StayKey, draft: Draft, at: Timestamp, mends: Timestamp) {
        let mut chance = self.world.chance(key, "wrong", self.stays.get(&key).map_or(0, |stay| stay.number));
        let others = self.world.region.municipalities.iter().filter(|it| it.name != draft.to);
        let others: Vec<String> = others.map(|it| it.name.clone()).collect();
        if draft.kind == "melding-om-innlagt-pasient" && chance.hits(600) {
            let to = chance.text(&others).to_owned();
            self.put(key, &Draft { to, ..draft }, Form::Usual, at);
            return;
        }
        let faults = [Fault::Schema, Fault::Truncated, Fault::UnknownService];
        let fault = chance.one_of(&faults).copied().unwrap_or(Fault::Schema);
        self.put(key, &draft, Form::Wrong(fault), at);
        self.agenda.enter(mends, (key, Step::Again(Box::new(draft))));
    }

    pub(super) fn send_as_is(&mut self, key: StayKey, draft: &Draft, at: Timestamp) {
        let is_over = self.stays.get(&key).is_none_or(|stay| stay.ended.is_some());
        // What the stay has left behind is not sent again: nobody is ready who has gone.
        if !is_over || is_of_the_end(draft.kind) {
            self.put(key, draft, Form::Usual, at);
        }
    }

    pub(super) fn change(&mut self, key: StayKey, mut draft: Draft, replaced: &str, at: Timestamp) {
        draft.body.insert("erstatter".to_owned(), Value::text(replaced));
        self.put(key, &draft, Form::Usual, at);
    }

    /// A mistake is cancelled whatever has happened since, by the ward that made it; it is sent again if it still says something.
    pub(super) fn cancel(&mut self, key: StayKey, draft: Draft, named: &str, at: Timestamp) {
        let Some((from, to)) = self.ends.get(named).cloned() else { return };
        let Some(mut entry) = self.entry(key, "kansellering", at) else { return };
        entry.id = Some(key.message(Maker::Hospital, self.count(key), self.world.seed));
        (entry.from, entry.to) = (Some(from), Some(to));
        entry.body = Some([("gjelder".to_owned(), Value::text(named))].into());
        self.act(key, at, ActKind::Message(Form::Usual), entry);
        if let Some(stay) = self.stays.get_mut(&key).filter(|stay| stay.ready.as_deref() == Some(named)) {
            stay.ready = None;
        }
        self.agenda.enter(after(at, minutes(3)), (key, Step::Again(Box::new(draft))));
    }

    /// Writes an event into the own log.
    pub(super) fn register(&mut self, key: StayKey, kind: &'static str, at: Timestamp) {
        let Some(mut entry) = self.entry(key, kind, at) else { return };
        let number = self.count(key);
        entry.id = Some(format!("{}-{kind}-{number}", key.case()));
        if kind == "innlagt" {
            entry.facts.insert("kommunale-tjenester".to_owned(), Value::Bool(true));
        }
        if TELLS_PROTECTION.contains(&kind) {
            entry.facts.extend(self.protection(key));
        }
        self.act(key, at, ActKind::Event, entry);
    }

    /// That the patient's address or identity is protected, as the log says it.
    fn protection(&self, key: StayKey) -> Body {
        let protection = self.world.patient(key).map(|it| it.protection).unwrap_or_default();
        let grading = |word: &str| ("adressegradering".to_owned(), Value::text(word));
        match protection {
            Protection::None => Body::new(),
            Protection::Address => [grading("fortrolig")].into(),
            Protection::Identity => {
                [grading("strengt-fortrolig"), ("skjermet-identitet".to_owned(), Value::Bool(true))].into()
            }
        }
    }

    /// Makes the act of sending, and says the message's id.
    fn put(&mut self, key: StayKey, draft: &Draft, form: Form, at: Timestamp) -> String {
        let Some(mut entry) = self.entry(key, draft.kind, draft.happened.unwrap_or(at)) else {
            return String::new();
        };
        let id = key.message(Maker::Hospital, self.count(key), self.world.seed);
        entry.id = Some(id.clone());
        entry.sent = Some(at).filter(|sent| *sent != entry.happened);
        entry.to = Some(draft.to.clone());
        entry.body = Some(draft.body.clone());
        if draft.kind == "utskrivningsklar"
            && let Some(stay) = self.stays.get_mut(&key)
        {
            stay.ready = Some(id.clone());
        }
        if CANCELLED.contains(&draft.kind) {
            let from = entry.from.clone().unwrap_or_default();
            self.ends.insert(id.clone(), (from, draft.to.clone()));
        }
        self.act(key, at, ActKind::Message(form), entry);
        id
    }

    fn entry(&self, key: StayKey, kind: &str, happened: Timestamp) -> Option<Entry> {
        let mut entry = Entry::new(key.case(), kind, Position(0), happened);
        entry.person = self.world.identity(key, happened)?.number().map(str::to_owned);
        entry.from = Some(self.ward(key)?.name.clone());
        Some(entry)
    }

    fn count(&mut self, key: StayKey) -> u32 {
        let Some(stay) = self.stays.get_mut(&key) else { return 0 };
        stay.number += 1;
        stay.number
    }

    fn act(&mut self, key: StayKey, at: Timestamp, what: ActKind, entry: Entry) {
        let Some(admitted) = self.stays.get(&key).map(|stay| stay.admitted) else { return };
        self.acts.push(Act { at, by: self.name.clone(), what, stay: key, admitted, entry });
    }
}

fn is_of_the_end(kind: &str) -> bool {
    ["utskrevet", "dodsfall", "utskrivningsrapport", "epikrise"].contains(&kind)
}
