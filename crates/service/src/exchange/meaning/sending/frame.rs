//! Who sends what to whom, about whom, in which conversation.

use jiff::Zoned;
use samspill_base::Entry;
use samspill_formats::messages::{
    ids::{PersonNumber, PersonNumberKind},
    make::{ConversationDraft, HeadDraft, IdDraft, PartyDraft, PatientDraft, StatusDraft},
};

use super::{SendError, Sending, book::Direction, sent, text};
use crate::exchange::meaning::{Table, corrections::message_in, sources::normal_id};

/// The entry that a cancellation cancels, of the message that it came with: what was sent, and not an event that it told of.
pub(super) fn cancelled<'e>(entry: &Entry, stay: &'e [Entry], table: &Table) -> Result<&'e Entry, SendError> {
    let named = text(entry, &table.log.cancelled_field).unwrap_or_default();
    let message = message_in(named);
    let of_message = |it: &&Entry| {
        it.kind != table.log.cancellation && it.id.as_deref().is_some_and(|id| message_in(id) == message)
    };
    let has_message =
        |it: &&Entry| table.rules.iter().any(|rule| rule.kind == it.kind && rule.write.is_some());
    let found = stay.iter().filter(of_message).find(has_message);
    found.ok_or_else(|| SendError::NothingToCancel(named.to_owned()))
}

impl Sending<'_> {
    pub(super) fn head(&self) -> Result<HeadDraft, SendError> {
        Ok(HeadDraft {
            sender: self.sender()?,
            receiver: self.receiver()?,
            patient: self.patient()?,
            status: self.status,
            conversation: self.conversation(),
            processing: self.context.beside.processing.clone(),
            ..HeadDraft::default()
        })
    }

    fn sender(&self) -> Result<PartyDraft, SendError> {
        let name = self.told.from.as_deref().ok_or(SendError::NoParty("who sends it"))?;
        self.end(name, self.write.from.as_deref(), Direction::From)
    }

    fn receiver(&self) -> Result<PartyDraft, SendError> {
        let name = self.told.to.as_deref().ok_or(SendError::NoParty("who gets it"))?;
        self.end(name, self.write.to.as_deref(), Direction::To)
    }

    /// Whom the entry names, at the service that sent or got the message it goes on with, or else at the one for the kind.
    fn end(&self, name: &str, usual: Option<&str>, direction: Direction) -> Result<PartyDraft, SendError> {
        let party = self.parties.find(name).ok_or_else(|| SendError::UnknownParty(name.to_owned()))?;
        let before = self.conversation().and_then(|it| self.context.known.message(&it.parent));
        let mut ends = before.into_iter().flat_map(|known| [&known.sender, &known.receiver]).flatten();
        let there = ends.find(|her| self.parties.find(her) == Some(party));
        party.end(there.map_or(name, String::as_str), &self.told.kind, usual, direction)
    }

    /// The record's patient; the entry must be about the same one.
    fn patient(&self) -> Result<PatientDraft, SendError> {
        let mut patient = self.context.beside.patient.clone();
        let Some(person) = self.told.person.as_deref() else { return Ok(patient) };
        let (kind, value) = person.split_once(':').unwrap_or(("", person));
        let known = ids(&patient);
        if known.is_empty() {
            self.identify(&mut patient, kind, value);
        } else if !known.iter().any(|id| id == value) {
            return Err(SendError::OtherPatient);
        }
        Ok(patient)
    }

    /// Gives the patient the id that the entry has. Ids with a kind in the log are of that kind, others are national.
    fn identify(&self, patient: &mut PatientDraft, kind: &str, value: &str) {
        let on = Zoned::new(sent(self.entry), self.context.zone.clone()).date();
        let number = PersonNumber::parse(value, on).map(|number| number.kind());
        match (kind, number) {
            ("", Ok(PersonNumberKind::DNummer)) => patient.dnr = Some(value.to_owned()),
            ("", Ok(PersonNumberKind::FellesHjelpenummer)) => patient.fhn = Some(value.to_owned()),
            ("", _) => patient.fnr = Some(value.to_owned()),
            (kind, _) => {
                patient.other_ids.push(IdDraft { kind: kind.to_owned(), value: value.to_owned() });
            }
        }
    }

    /// The conversation it goes on with: that of the message it cancels, changes or answers, or else of the latest one before
    /// it in the stay that the table says it follows.
    pub(super) fn conversation(&self) -> Option<ConversationDraft> {
        let parent = self.parent()?;
        let known = self.context.known.message(&parent);
        let first = known.and_then(|known| known.first.clone());
        Some(ConversationDraft { first: Some(first.unwrap_or_else(|| parent.clone())), parent })
    }

    pub(super) fn parent(&self) -> Option<String> {
        let words = &self.context.table.log;
        let named = match self.status {
            StatusDraft::Cancellation => text(self.entry, &words.cancelled_field),
            StatusDraft::Change => text(self.entry, &words.replaced_field),
            StatusDraft::New => self.write.parent.as_deref().and_then(|field| text(self.entry, field)),
        };
        let named = named.map(|id| normal_id(message_in(id)));
        named.or_else(|| {
            let follows = |it: &&Entry| self.write.follows.contains(&it.kind) && it.id != self.entry.id;
            let before = self.counting().filter(follows).filter(|it| sent(it) <= sent(self.entry));
            let latest = before.max_by_key(|it| sent(it))?;
            latest.id.as_deref().map(|id| message_in(id).to_owned())
        })
    }
}

fn ids(patient: &PatientDraft) -> Vec<String> {
    let numbers = [&patient.fnr, &patient.dnr, &patient.fhn].into_iter().flatten();
    let all = numbers.chain(patient.other_ids.iter().map(|id| &id.value));
    all.map(|id| id.split_whitespace().collect()).collect()
}
