//! What is to be written into a stay, in order: entries that go as messages, and entries that are registered.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::{Kind, KindId, KindType, PartyId, Phase, Restart};
use samspill_base::{Entry, Position, Value};

use super::{
    Desk, Form, Place, StayView, Typed,
    form::{Way, way},
    value_text,
};
use crate::exchange::meaning::{MessageShape, Table};

/// What is to be written, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps: all of them are taken, or none.
    pub steps: Vec<Step>,
}

/// A step of a plan. The id of its entry is that of its message, or of what is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes as a message; the log then says what the message says.
    Send(Entry),
    /// It is registered.
    Register(Entry),
}

/// Who writes what about whom.
#[derive(Clone, Debug)]
pub struct Writing<'w> {
    /// The case.
    pub case: &'w str,
    /// The id of the entry, a GUID: written twice, it is written once.
    pub id: &'w str,
    /// The person, as the log names it.
    pub person: Option<&'w str>,
    /// The party that writes, as the log names it.
    pub from: &'w str,
    /// The party that gets it.
    pub to: Option<&'w str>,
    /// When it happened. What is said by sending it happens when it is sent.
    pub happened: Timestamp,
    /// When it is written.
    pub now: Timestamp,
}

/// What may be done to an entry that stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActOn {
    /// It is written anew, with what was wrong put right.
    Correct,
    /// It is taken back, by an entry of this kind, from now on: it was right until now.
    Withdraw(KindId),
    /// It is undone as if never written: it was wrong.
    Cancel,
}

impl Plan {
    /// The entry that the plan is about: its last.
    pub fn main(&self) -> Option<&Entry> {
        self.steps.last().map(Step::entry)
    }

    /// Whether any of it goes to another party.
    pub fn is_sent(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Send(_)))
    }
}

impl Step {
    /// Its entry.
    pub fn entry(&self) -> &Entry {
        match self {
            Self::Send(entry) | Self::Register(entry) => entry,
        }
    }

    fn entry_mut(&mut self) -> &mut Entry {
        match self {
            Self::Send(entry) | Self::Register(entry) => entry,
        }
    }
}

/// What is to be written for a form.
///
/// A notice whose contents travel with health information takes that with it: a health information goes first, where what was typed
/// isn't what the latest one said (`carried`).
pub fn plan(
    form: &Form,
    typed: &Typed,
    writing: &Writing<'_>,
    view: &StayView<'_>,
    table: &Table,
    carried: &BTreeMap<String, Value>,
) -> Plan {
    let planner = Planner { form, typed, writing, view, table };
    let mut entry = planner.entry(&form.kind, writing.id);
    let implied = Desk::shipped().implied.get(form.kind.as_str());
    entry.facts.extend(implied.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
    let steps = match &form.way {
        Way::Event | Way::ByOtherMeans => {
            entry.happened = writing.happened;
            entry.body = Some(typed.body.clone());
            vec![Step::Register(entry)]
        }
        Way::Message(shape) => planner.message(entry, shape, carried),
        Way::Carried { by, shape } => planner.carried(entry, by, shape),
    };
    Plan { steps }
}

/// What is to be written to cancel an entry.
pub fn cancel(old: &Entry, writing: &Writing<'_>, view: &StayView<'_>, role: &str, table: &Table) -> Plan {
    let (kind, field) = table.cancellation();
    let mut entry = Entry::new(writing.case, kind, Position(0), writing.now);
    entry.id = Some(writing.id.to_owned());
    entry.recorded = Some(writing.now);
    entry.person.clone_from(&old.person);
    entry.from = Some(writing.from.to_owned());
    entry.to.clone_from(&old.to);
    let named = old.id.clone().unwrap_or_default();
    entry.body = Some([(field.to_owned(), Value::text(named))].into());
    let shape = shape_of(old, view, role, table);
    let step = if shape.is_some_and(|shape| shape.may_be_cancelled) { Step::Send } else { Step::Register };
    Plan { steps: vec![step(entry)] }
}

/// What is to be written to put an entry right: the plan of what should stand there, as a change of its message where messages of
/// the kind may be changed, and otherwise with a cancellation of the old one before it.
pub fn correct(
    mut new: Plan,
    old: &Entry,
    writing: &Writing<'_>,
    view: &StayView<'_>,
    role: &str,
    table: &Table,
) -> Plan {
    let named = old.id.clone().unwrap_or_default();
    if shape_of(old, view, role, table).is_some_and(|shape| shape.may_be_changed) {
        if let Some(step) = new.steps.last_mut() {
            let body = step.entry_mut().body.get_or_insert_default();
            body.insert(table.replaced_field().to_owned(), Value::text(named));
        }
        return new;
    }
    let id = part_id(writing.id, "kansellering");
    let undone = cancel(old, &Writing { id: &id, ..writing.clone() }, view, role, table);
    Plan { steps: undone.steps.into_iter().chain(new.steps).collect() }
}

/// What a party may do to an entry of its own: nothing where it doesn't count any more.
pub fn acts_on(entry: &Entry, view: &StayView<'_>, role: &str, table: &Table) -> Vec<ActOn> {
    let counts = view.counting().any(|it| it.position == entry.position);
    let has_id = entry.id.is_some();
    let Some(kind) = view.kind(&entry.kind).filter(|_| has_id && counts) else { return Vec::new() };
    let shape = shape_of(entry, view, role, table);
    let (may_change, may_cancel) = shape.map_or((true, true), |shape| {
        (shape.may_be_changed || shape.may_be_cancelled, shape.may_be_cancelled)
    });
    let mut acts: Vec<ActOn> =
        withdrawals(entry, view, kind, role).into_iter().map(ActOn::Withdraw).collect();
    acts.extend(may_change.then_some(ActOn::Correct));
    acts.extend(may_cancel.then_some(ActOn::Cancel));
    acts
}

/// The messages by which what an entry began, and nothing else, is ended: of phases that another beginning doesn't touch.
fn withdrawals(entry: &Entry, view: &StayView<'_>, kind: &Kind, role: &str) -> Vec<KindId> {
    let phases = || view.version.phases.iter();
    let began = |phase: &str| {
        let mut runs =
            view.evaluation.phases.iter().filter(|it| it.phase.as_str() == phase && it.until.is_none());
        runs.any(|it| it.from.position == entry.position)
    };
    let is_state = |phase: &&Phase| phase.restart == Restart::Ignored && phase.from.contains(&kind.id);
    let states: Vec<&Phase> = phases().filter(is_state).filter(|phase| began(&phase.id)).collect();
    let takes_back = |other: &&Kind| {
        if !states.iter().any(|phase| phase.until.contains(&other.id)) {
            return false;
        }
        let ended: Vec<_> = phases().filter(|phase| phase.until.contains(&other.id)).collect();
        let is_by_us = other.from.iter().any(|from| from.as_str() == role);
        is_by_us
            && other.kind_type == KindType::Message
            && ended.iter().all(|phase| phase.from.contains(&kind.id))
    };
    view.version.kinds.values().filter(takes_back).map(|kind| kind.id.clone()).collect()
}

/// What the message of an entry is like; none where it came with none.
fn shape_of(entry: &Entry, view: &StayView<'_>, role: &str, table: &Table) -> Option<MessageShape> {
    match way(view.kind(&entry.kind)?, role, table) {
        Way::Message(shape) => Some(shape),
        Way::Event | Way::Carried { .. } | Way::ByOtherMeans => None,
    }
}

/// An id that follows from another one: that of a part of a plan.
fn part_id(id: &str, part: &str) -> String {
    crate::exchange::mailroom::id_of_part(id, part)
}

struct Planner<'p, 'a> {
    form: &'p Form,
    typed: &'p Typed,
    writing: &'p Writing<'p>,
    view: &'p StayView<'a>,
    table: &'p Table,
}

impl Planner<'_, '_> {
    fn entry(&self, kind: &str, id: &str) -> Entry {
        let writing = self.writing;
        let mut entry = Entry::new(writing.case, kind, Position(0), writing.now);
        entry.id = Some(id.to_owned());
        entry.recorded = Some(writing.now);
        entry.person = writing.person.map(str::to_owned);
        entry.from = Some(writing.from.to_owned());
        entry.to = writing.to.map(str::to_owned);
        entry.facts.clone_from(&self.typed.facts);
        entry
    }

    fn message(
        &self,
        mut entry: Entry,
        shape: &MessageShape,
        carried: &BTreeMap<String, Value>,
    ) -> Vec<Step> {
        if shape.tells_event {
            entry.happened = self.writing.happened;
        }
        entry.sent = Some(self.writing.now);
        let body = self.body(&entry.kind, shape);
        let goes_before = self.health_information(shape, carried);
        entry.body = Some(if goes_before.is_some() { without_carried(body, self.form) } else { body });
        goes_before.into_iter().chain([Step::Send(entry)]).collect()
    }

    /// The message, and beside it what it was meant as.
    fn carried(&self, mut meant: Entry, by: &str, shape: &MessageShape) -> Vec<Step> {
        let id = part_id(self.writing.id, by);
        let mut sent = self.entry(by, &id);
        sent.sent = Some(self.writing.now);
        sent.body = Some(self.body(by, shape));
        meant.body = Some(self.typed.body.clone());
        vec![Step::Send(sent), Step::Register(meant)]
    }

    /// The health information that takes what belongs with the notice, where it isn't sent already.
    fn health_information(&self, shape: &MessageShape, carried: &BTreeMap<String, Value>) -> Option<Step> {
        let is_carried =
            |name: &&String| self.form.field(name).is_some_and(|field| field.place == Place::Carried);
        let wanted: BTreeMap<String, Value> = self
            .typed
            .body
            .iter()
            .filter(|(name, _)| is_carried(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let is_new = wanted.iter().any(|(name, value)| carried.get(name) != Some(value));
        if !shape.takes_carried || !is_new {
            return None;
        }
        let kind = self.view.kind(self.table.health_information(self.role()?)?.0)?;
        let mut entry = self.entry(&kind.id, &part_id(self.writing.id, &kind.id));
        entry.facts.clear();
        // Messages are told apart by the second: it is read first by whoever reads them in order.
        let before = self.writing.now.checked_sub(SignedDuration::from_secs(1)).unwrap_or(self.writing.now);
        (entry.happened, entry.sent) = (before, Some(before));
        let mut body = self.earlier(&kind.id);
        body.extend(wanted);
        entry.body = Some(body);
        Some(Step::Send(entry))
    }

    /// What the latest entry of a kind said.
    fn earlier(&self, kind: &str) -> BTreeMap<String, Value> {
        self.view.latest(kind).and_then(|entry| entry.body.clone()).unwrap_or_default()
    }

    fn role(&self) -> Option<&'_ str> {
        let kind = self.view.kind(&self.form.kind)?;
        kind.from.first().map(PartyId::as_str)
    }

    /// What was typed as the message takes it: function texts begin with a function, and what has no place goes where any text may.
    fn body(&self, kind: &str, shape: &MessageShape) -> BTreeMap<String, Value> {
        let (mut body, mut rest) = (BTreeMap::new(), Vec::new());
        let record = &Desk::shipped().record;
        let stays = |name: &str| {
            shape.is_reply || shape.takes_carried || self.is_carried(name) || record.contains(name)
        };
        for (name, value) in &self.typed.body {
            let told = shape.fields.iter().find(|field| field.name == *name);
            match told {
                Some(field) if field.is_written => {
                    body.insert(name.clone(), opened(value, field.opening.as_deref()));
                }
                _ if stays(name) => {
                    body.insert(name.clone(), value.clone());
                }
                _ => rest.push((name, value)),
            }
        }
        self.overflow(kind, &rest, &mut body);
        body
    }

    fn is_carried(&self, name: &str) -> bool {
        self.form.field(name).is_some_and(|field| field.place == Place::Carried)
    }

    /// Puts what has no place of its own under its name where any text may stand.
    fn overflow(&self, kind: &str, rest: &[(&String, &Value)], body: &mut BTreeMap<String, Value>) {
        let Some(into) = Desk::shipped().overflow.get(kind) else {
            body.extend(rest.iter().map(|(name, value)| ((*name).clone(), (*value).clone())));
            return;
        };
        let mut lines: Vec<String> = body.get(into).map(ToString::to_string).into_iter().collect();
        for (name, value) in rest {
            let label = self.form.field(name).map_or(name.as_str(), |field| &field.label.nb);
            lines.push(format!("{label}: {}", value_text(value)));
        }
        if !lines.is_empty() {
            body.insert(into.clone(), Value::text(lines.join("\n")));
        }
    }
}

/// What travels with health information is that of the message that goes before.
fn without_carried(body: BTreeMap<String, Value>, form: &Form) -> BTreeMap<String, Value> {
    let is_carried = |name: &str| form.field(name).is_some_and(|field| field.place == Place::Carried);
    body.into_iter().filter(|(name, _)| !is_carried(name)).collect()
}

/// A text that begins with a function, as such texts are known again by.
fn opened(value: &Value, opening: Option<&str>) -> Value {
    match (value.as_text(), opening) {
        (Some(text), Some(opening)) if !text.contains(": ") => Value::text(format!("{opening}{text}")),
        (_, _) => value.clone(),
    }
}
