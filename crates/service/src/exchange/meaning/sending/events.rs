//! The events that messages tell, and their times.

use jiff::Timestamp;
use samspill_base::{Entry, Value};
use samspill_formats::messages::make::{EventDraft, HappeningDraft};

use super::{SendError, Sending, text};
use crate::exchange::meaning::{
    ReadTime,
    table::{Told, When},
    time::Doubt,
};

/// The event with a code of table 9121.
pub(in crate::exchange::meaning) fn happening(code: &str, is_expected: bool) -> Option<HappeningDraft> {
    Some(match (code, is_expected) {
        ("1", _) => HappeningDraft::Innlagt,
        ("2", _) => HappeningDraft::Utskrevet,
        ("3", false) => HappeningDraft::Utskrivningsklar,
        ("3", true) => HappeningDraft::ForventetUtskrivningsklar,
        ("4", _) => HappeningDraft::Avmeldt,
        ("13", _) => HappeningDraft::Dod,
        _ => return None,
    })
}

impl Sending<'_> {
    pub(super) fn events(&self) -> Result<Vec<EventDraft>, SendError> {
        let mut events = Vec::new();
        for told in &self.write.events {
            let Some(at) = self.time_of(told)? else { continue };
            let is_expected = matches!(told.when, When::Expected(_));
            events.push(EventDraft { what: happening(&told.code, is_expected), at, ..EventDraft::default() });
        }
        Ok(events)
    }

    fn time_of(&self, told: &Told) -> Result<Option<String>, SendError> {
        let entry = self.told;
        Ok(match &told.when {
            When::Admitted => Some(self.told_time(self.admitted().ok_or(SendError::NoAdmission)?)),
            When::AdmittedIfKnown => self.admitted().map(|time| self.told_time(time)),
            When::LeftIfKnown => self.left().map(|time| self.told_time(time)),
            When::Happened => Some(self.told_time(self.read_time(entry))),
            When::Day(field) => {
                let said = field.as_deref().and_then(|name| text(entry, name)).map(str::to_owned);
                said.or_else(|| Some(self.day(entry.happened)))
            }
            When::Expected(field) => text(entry, field).map(str::to_owned),
        })
    }

    /// When the patient was admitted: as the log of the stay has it, or else as messages told.
    pub(super) fn admitted(&self) -> Option<ReadTime> {
        let opens = |kind: &str| {
            let rules = self.context.table.rules.iter();
            rules.into_iter().any(|rule| rule.kind == kind && rule.flags.own_id)
        };
        let in_log = self.counting().filter(|entry| opens(&entry.kind)).last();
        let known = || self.context.known.stay(&self.entry.case)?.admitted;
        in_log.map(|entry| self.read_time(entry)).or_else(known)
    }

    /// When the stay ended, likewise.
    pub(super) fn left(&self) -> Option<ReadTime> {
        let ends =
            |kind: &str| self.context.table.rules.iter().any(|rule| rule.kind == kind && rule.flags.ends);
        let in_log = self.counting().filter(|entry| ends(&entry.kind)).last();
        let known = || Some(self.context.known.stay(&self.entry.case)?.ended.as_ref()?.at);
        in_log.map(|entry| self.read_time(entry)).or_else(known)
    }

    /// The entries of the stay that no cancellation names; of a cancellation, also what it cancels.
    pub(super) fn counting(&self) -> impl Iterator<Item = &Entry> {
        let words = &self.context.table.log;
        let is_cancelled = |entry: &&Entry| {
            let named = |it: &Entry| {
                it.kind == words.cancellation && text(it, &words.cancelled_field) == entry.id.as_deref()
            };
            entry.id.is_some() && sent_before(self.stay, self.entry).any(named)
        };
        self.stay.iter().filter(move |entry| entry.kind != words.cancellation && !is_cancelled(entry))
    }

    fn read_time(&self, entry: &Entry) -> ReadTime {
        let words = &self.context.table.log;
        let is_day = entry.field(&words.told_field).and_then(Value::as_text) == Some(&words.told_day);
        ReadTime { at: entry.happened, doubt: is_day.then_some(Doubt::DayOnly) }
    }

    /// A time as messages write it: local, with an offset only where the clocks went back and it would mean two instants.
    pub(super) fn told_time(&self, time: ReadTime) -> String {
        if time.is_day() {
            return self.day(time.at);
        }
        let zoned = time.at.to_zoned(self.context.zone.clone());
        let is_twice = self.context.zone.to_ambiguous_timestamp(zoned.datetime()).is_ambiguous();
        let form = if is_twice { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S" };
        zoned.strftime(form).to_string()
    }

    fn day(&self, at: Timestamp) -> String {
        self.context.zone.to_datetime(at).date().to_string()
    }
}

/// Cancellations of one message come together: none of them counts against what the others cancel.
fn sent_before<'e>(stay: &'e [Entry], entry: &'e Entry) -> impl Iterator<Item = &'e Entry> {
    stay.iter().filter(move |other| {
        let same_kind = other.kind == entry.kind;
        !same_kind || (other.id != entry.id && other.happened < entry.happened)
    })
}
