//! What a stay's page shows: entries, duties and days, in the reader's words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, KindType, Language, PartyId, Severity, Version};
use samspill_base::{CaseLog, Entry, Value};
use samspill_engine::{
    Due, DutyReading, DutyStatus, Evaluation, Finding, MeterReading,
    explain::{self, About},
};
use samspill_service::{
    exchange::meaning::{AddressBook, Table},
    projections::{CaseRows, DueRow, duty_key},
};

use super::Words;
use crate::pages::{Clock, Named, Tone, astray, board, fill, link, sides::side_of};

/// A side of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The hospital.
    Hospital,
    /// The municipality, and those who care for the patient there.
    Municipality,
}

/// What a stay's page is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'s> {
    /// The whole log of the case: what is derived rests on it.
    pub(super) log: &'s CaseLog,
    /// The entries that the reader may see.
    pub(super) entries: &'s [Entry],
    /// The rows that the reader may see.
    pub(super) rows: &'s CaseRows,
    pub(super) agreement: &'s Agreement,
    pub(super) evaluation: &'s Evaluation,
    pub(super) book: &'s AddressBook,
    pub(super) named: Named<'s>,
    pub(super) clock: &'s Clock,
    /// The reader's side in agreements.
    pub(super) own: Option<&'static str>,
    /// Numbers of messages, by the ids of entries.
    pub(super) messages: &'s BTreeMap<String, u64>,
    /// Messages of the reader's party that didn't get through, by their ids.
    pub(super) lost: &'s BTreeMap<String, astray::Shown>,
    pub(super) is_open: bool,
}

/// A stay as it is shown.
#[derive(Debug)]
pub(super) struct StayView {
    pub(super) is_open: bool,
    pub(super) steps: Vec<Step>,
    pub(super) duties: Vec<DutyView>,
    /// The messages of the reader's party that didn't get through.
    pub(super) lost: Vec<astray::Shown>,
}

/// An entry.
#[derive(Debug)]
pub(super) struct Step {
    /// Its number on the page, from 1.
    pub(super) number: usize,
    pub(super) position: u64,
    pub(super) at: Timestamp,
    pub(super) received: Option<Timestamp>,
    pub(super) side: Side,
    pub(super) to: Option<Side>,
    pub(super) is_message: bool,
    pub(super) is_set_aside: bool,
    pub(super) name: String,
    /// What reasoning calls it: `oppføring 1887`.
    pub(super) entry: String,
    pub(super) when: String,
    pub(super) from_name: String,
    pub(super) to_name: String,
    /// `mottatt i dag 10.12`; empty where nothing is known.
    pub(super) got: String,
    pub(super) fields: Vec<(String, String)>,
    /// What was found about it: how it is meant, and a word.
    pub(super) found: Vec<(Tone, &'static str)>,
    pub(super) href: Option<String>,
    /// What went wrong with its message, and the message's number; none where it got through, or that isn't the reader's to follow up.
    pub(super) lost: Option<(&'static str, u64)>,
}

/// A duty.
#[derive(Debug)]
pub(super) struct DutyView {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) clause: String,
    pub(super) holder: String,
    pub(super) is_ours: bool,
    pub(super) triggered: Timestamp,
    pub(super) due: String,
    /// How far off it is, while it is undone: `om 3 t`; else empty.
    pub(super) far: String,
    /// The limit, in the order of what presses.
    pub(super) limit: DueRow,
    pub(super) due_at: Option<Timestamp>,
    pub(super) status: DutyStatus,
    pub(super) status_words: &'static str,
    pub(super) tone: Tone,
    /// When it was done or closed.
    pub(super) ended: Option<Timestamp>,
    pub(super) done: String,
}

impl DutyView {
    /// A sign for how it went, beside its colour.
    pub(super) fn symbol(&self) -> &'static str {
        match self.status {
            DutyStatus::Kept => "✓",
            DutyStatus::Late => "✓!",
            DutyStatus::Missed => "!",
            DutyStatus::Open => "…",
            DutyStatus::Waived => "–",
        }
    }

    /// Whether somebody has to do something.
    pub(super) fn is_undone(&self) -> bool {
        matches!(self.status, DutyStatus::Open | DutyStatus::Missed) && self.ended.is_none()
    }
}

/// The id of the message that an entry of this id was read from: without what tells several entries of it apart (`#`), and how
/// often it was written anew (`~`).
fn message_id(id: &str) -> &str {
    id.split(['#', '~']).next().unwrap_or(id)
}

/// What is known, by the ids of messages, of the message that an entry was read from.
fn of_message<'k, T>(known: &'k BTreeMap<String, T>, entry: &Entry) -> Option<&'k T> {
    let id = entry.id.as_deref()?;
    known.get(id).or_else(|| known.get(message_id(id)))
}

impl<'s> Source<'s> {
    /// What explanations are about.
    pub(super) fn about(&self, language: Language) -> About<'s> {
        About { agreement: self.agreement, language }
    }

    /// The stay as it is shown.
    pub(super) fn view(&self, language: Language) -> StayView {
        let mut entries: Vec<&Entry> =
            self.entries.iter().filter(|entry| !self.is_rewritten(entry)).collect();
        entries.sort_by_key(|entry| (entry.happened, entry.position));
        let steps =
            entries.iter().enumerate().map(|(place, entry)| self.step(place + 1, entry, language)).collect();
        let mut duties: Vec<DutyView> = self.duties().map(|(_, duty)| self.duty(duty, language)).collect();
        duties.sort_by_key(|duty| (!duty.is_undone(), duty.limit));
        StayView { is_open: self.is_open, steps, duties, lost: self.lost(&entries) }
    }

    /// The messages that didn't get through, called as their entries are, and with where the reader's side writes each anew.
    fn lost(&self, entries: &[&Entry]) -> Vec<astray::Shown> {
        let named = self.lost.iter().map(|(id, lost)| {
            let entry = entries.iter().find(|it| it.id.as_deref().map(message_id) == Some(message_id(id)));
            let Some(entry) = entry else { return lost.clone() };
            let kind = self.named.version().and_then(|version| version.kind_called(&entry.kind));
            let writes = kind.filter(|kind| {
                self.is_open && kind.from.iter().any(|party| Some(party.as_str()) == self.own)
            });
            let anew = writes.map(|kind| link::path(&["opphold", &self.log.case, "skriv", kind.id.as_str()]));
            astray::Shown { name: self.named.kind(&entry.kind).to_owned(), anew, ..lost.clone() }
        });
        named.collect()
    }

    /// The duties that the reader may see, with their places in the evaluation.
    pub(super) fn duties(&self) -> impl Iterator<Item = (usize, &'s DutyReading)> {
        let rows = &self.rows.duties;
        self.evaluation.duties.iter().enumerate().filter(|(_, duty)| {
            rows.iter().any(|row| {
                row.duty == duty.duty.as_str()
                    && row.trigger.position == duty.trigger.position.0
                    && row.triggered == duty.triggered
            })
        })
    }

    /// The meters that the reader may see.
    pub(super) fn meters(&self) -> impl Iterator<Item = &'s MeterReading> {
        let rows = &self.rows.meters;
        self.evaluation.meters.iter().filter(|meter| rows.iter().any(|row| row.meter == meter.meter.as_str()))
    }

    /// An entry that the reader may see.
    pub(super) fn entry(&self, position: u64) -> Option<&'s Entry> {
        self.entries.iter().find(|entry| entry.position.0 == position)
    }

    fn step(&self, number: usize, entry: &Entry, language: Language) -> Step {
        let kind = self.named.version().and_then(|version| version.kind_called(&entry.kind));
        let is_message = kind.map_or(entry.to.is_some(), |kind| kind.kind_type == KindType::Message);
        let role = |named: Option<&str>, roles: Option<&str>| {
            named.and_then(|name| side_of(self.book, name)).or(roles.filter(|_| named.is_none())).map(side)
        };
        let only = |roles: Option<&Vec<PartyId>>| match roles.map(Vec::as_slice) {
            Some([role]) => Some(role.as_str().to_owned()),
            Some(_) | None => None,
        };
        let (from, to) = (only(kind.map(|kind| &kind.from)), only(kind.map(|kind| &kind.to)));
        let side = role(entry.from.as_deref(), from.as_deref()).unwrap_or(Side::Hospital);
        let to_side = role(entry.to.as_deref(), to.as_deref()).filter(|_| is_message);
        let party = |name: Option<&String>, role: Option<String>| {
            name.cloned().or_else(|| role.map(|role| self.named.party(&role).to_owned())).unwrap_or_default()
        };
        Step {
            number,
            position: entry.position.0,
            at: entry.happened,
            received: entry.received,
            side,
            to: to_side,
            is_message,
            is_set_aside: self.is_set_aside(entry),
            name: self.named.kind(&entry.kind).to_owned(),
            entry: fill(Words::of(language).entry, &[("n", &entry.position.0)]),
            when: self.clock.instant(entry.happened),
            from_name: party(entry.from.as_ref(), from),
            to_name: if is_message { party(entry.to.as_ref(), to) } else { String::new() },
            got: entry.acknowledged.or(entry.received).map(|at| self.clock.instant(at)).unwrap_or_default(),
            fields: self.fields(entry),
            found: self.found(entry, language),
            href: self.message(entry).map(|number| link::path(&["melding", &number.to_string()])),
            lost: of_message(self.lost, entry).map(|lost| (lost.what, lost.number)),
        }
    }

    /// The findings that the reader may see.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'s Finding> {
        let rows = &self.rows.findings;
        self.evaluation.findings.iter().filter(|finding| {
            let position = finding.entry.as_ref().map(|entry| entry.position.0);
            rows.iter().any(|row| {
                row.rule == finding.rule.as_str()
                    && row.entry.as_ref().map(|entry| entry.position) == position
            })
        })
    }

    fn found(&self, entry: &Entry, language: Language) -> Vec<(Tone, &'static str)> {
        let about = self
            .findings()
            .filter(|finding| finding.entry.as_ref().map(|it| it.position) == Some(entry.position));
        about.map(|it| (severity(it.severity), explain::finding_effect_word(it.effect, language))).collect()
    }

    fn is_set_aside(&self, entry: &Entry) -> bool {
        self.evaluation.set_aside.iter().any(|aside| aside.position == entry.position)
    }

    /// Whether an entry only stands there because a log grows: it was written anew when a receipt or an older message came, or it
    /// cancels what was. The same message stands there as it is read now.
    fn is_rewritten(&self, entry: &Entry) -> bool {
        let gone = match Table::shipped().cancels(entry) {
            Some(id) => self.entries.iter().find(|it| it.id.as_deref() == Some(id)),
            None => Some(entry).filter(|entry| self.is_set_aside(entry)),
        };
        gone.is_some_and(|gone| {
            let mut others = self.entries.iter().filter(|it| it.kind == gone.kind && !self.is_set_aside(it));
            gone.id
                .as_deref()
                .is_some_and(|id| others.any(|it| it.id.as_deref().map(message_id) == Some(message_id(id))))
        })
    }

    /// The message that an entry was read from: its id, or the id before what tells several entries of one message apart.
    fn message(&self, entry: &Entry) -> Option<u64> {
        of_message(self.messages, entry).copied()
    }

    fn fields(&self, entry: &Entry) -> Vec<(String, String)> {
        let body = entry.body.iter().flatten();
        let body =
            body.map(|(name, value)| (self.named.field(&entry.kind, name).to_owned(), self.value(value)));
        let facts =
            entry.facts.iter().map(|(name, value)| (self.named.fact(name).to_owned(), self.value(value)));
        body.chain(facts).filter(|(_, value)| !value.is_empty()).collect()
    }

    fn value(&self, value: &Value) -> String {
        self.clock.value(value)
    }

    /// A duty as it is shown.
    pub(super) fn duty(&self, duty: &DutyReading, language: Language) -> DutyView {
        let due = DueRow::from(duty.due);
        let ended = duty.fulfilled.as_ref().or(duty.closed.as_ref()).map(|entry| entry.at);
        let is_undone = ended.is_none();
        let limit = match duty.due {
            Due::At(at) => self.clock.instant(at),
            Due::AtOnce | Due::NotYetKnown => self.clock.due(due),
        };
        DutyView {
            href: link::path(&["opphold", &self.log.case, "hvorfor", "plikt", &key(duty)]),
            name: self.named.duty(duty.duty.as_str()).to_owned(),
            clause: duty.clause.to_string(),
            holder: self.named.party(duty.holder.as_str()).to_owned(),
            is_ours: self.own == Some(duty.holder.as_str()),
            triggered: duty.triggered,
            due: limit,
            far: match duty.due {
                Due::At(_) if is_undone => self.clock.due_short(due),
                Due::At(_) | Due::AtOnce | Due::NotYetKnown => String::new(),
            },
            limit: due,
            due_at: duty.due.instant(),
            status: duty.status,
            status_words: explain::duty_status_word(duty.status, language),
            tone: tone(duty.status, due, self.clock),
            ended,
            done: ended.map(|at| self.clock.instant(at)).unwrap_or_default(),
        }
    }
}

fn side(role: &str) -> Side {
    if role == "sykehus" { Side::Hospital } else { Side::Municipality }
}

/// What names an instance of a duty in addresses: the duty, the place of its trigger, and when its count started.
pub(crate) fn key(duty: &DutyReading) -> String {
    duty_key(duty.duty.as_str(), duty.trigger.position.0, duty.triggered)
}

fn tone(status: DutyStatus, due: DueRow, clock: &Clock) -> Tone {
    match status {
        DutyStatus::Kept => Tone::Success,
        DutyStatus::Late => Tone::Warning,
        DutyStatus::Missed => Tone::Danger,
        DutyStatus::Open => board::tone(due, clock),
        DutyStatus::Waived => Tone::Neutral,
    }
}

/// How a finding is meant.
pub(super) fn severity(severity: Severity) -> Tone {
    match severity {
        Severity::Remark => Tone::Info,
        Severity::Deviation => Tone::Warning,
        Severity::Serious => Tone::Danger,
    }
}

/// The version that a stay began with, or the newest.
pub(super) fn version<'a>(agreement: &'a Agreement, evaluation: &Evaluation) -> &'a Version {
    let named = agreement.versions.iter().find(|version| version.version == evaluation.version);
    named.unwrap_or_else(|| agreement.newest())
}
