//! What is known of a stay, as cells of a table.

use jiff::Timestamp;
use samspill_agreement::{
    model::{KindId, KindType, Language, PartyId, Version},
    words,
};
use samspill_base::{Entry, Value};
use samspill_engine::{Due, DutyReading, DutyStatus, SetAsideWhy, explain::instant_words};
use samspill_formats::messages::{
    make::{PatientDraft, UnitDraft},
    norway,
};

use super::{Print, StayNow, labels::Label, page::Html};
use crate::{
    downtime::{Period, duties::named_version, kinds::is_known, words::say},
    exchange::meaning::{AddressBook, sending::Address},
    projections::persons_of,
};

impl<'a> StayNow<'a> {
    /// The version that the stay began under.
    pub(super) fn version(&self) -> &'a Version {
        named_version(self.agreement, &self.evaluation.version)
    }

    /// The known entries that weren't cancelled, latest first.
    pub(super) fn entries(&self) -> Vec<&'a Entry> {
        let cancelled = |entry: &&Entry| {
            let mut aside = self.evaluation.set_aside.iter();
            aside.any(|aside| {
                aside.position == entry.position && matches!(aside.why, SetAsideWhy::Cancelled { .. })
            })
        };
        let known = |entry: &&Entry| is_known(entry, self.evaluation.as_of);
        let mut entries: Vec<&Entry> =
            self.log.entries.iter().filter(known).filter(|entry| !cancelled(entry)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.happened, entry.position)));
        entries
    }

    /// The duties that are still to be done: those due at once, then the first due first; those whose limit isn't known last.
    pub(super) fn open_duties(&self) -> Vec<&'a DutyReading> {
        let mut open: Vec<&DutyReading> =
            self.evaluation.duties.iter().filter(|duty| is_undone(duty)).collect();
        open.sort_by_key(|duty| urgency(duty.due));
        open
    }

    /// The patient's name, as the record system has it.
    pub(super) fn patient_name(&self) -> String {
        self.patient.map(full_name).unwrap_or_default()
    }

    /// The patient's number: of the record system, or else of the log.
    pub(super) fn number(&self) -> String {
        let of_record = self.patient.and_then(|patient| {
            patient.fnr.as_ref().or(patient.dnr.as_ref()).or(patient.fhn.as_ref()).cloned()
        });
        let agreements = std::slice::from_ref(self.agreement);
        let of_log = || persons_of(agreements, &self.log.entries).into_iter().next();
        of_record.or_else(of_log).unwrap_or_default()
    }

    /// A time, in the stay's zone.
    pub(super) fn at(&self, instant: Timestamp, language: Language) -> String {
        instant_words(instant, &self.evaluation.zone, language)
    }
}

/// The order of limits: at once, then by time, then unknown.
fn urgency(due: Due) -> (u8, Option<Timestamp>) {
    match due {
        Due::AtOnce => (0, None),
        Due::At(at) => (1, Some(at)),
        Due::NotYetKnown => (2, None),
    }
}

/// Whether a duty is still to be done: open, or overdue and not closed.
pub(super) fn is_undone(duty: &DutyReading) -> bool {
    match duty.status {
        DutyStatus::Open => true,
        DutyStatus::Missed => duty.closed.is_none(),
        DutyStatus::Kept | DutyStatus::Late | DutyStatus::Waived => false,
    }
}

/// `Alma Tind Nordvik`.
fn full_name(patient: &PatientDraft) -> String {
    let parts = [&patient.given_name, &patient.middle_name, &patient.family_name];
    let parts: Vec<&str> =
        parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// When a duty is due, in words.
pub(super) fn due_words(stay: &StayNow<'_>, duty: &DutyReading, language: Language) -> String {
    let due = match duty.due {
        Due::At(at) => stay.at(at, language),
        Due::AtOnce => Label::AtOnce.in_language(language).to_owned(),
        Due::NotYetKnown => Label::NoLimit.in_language(language).to_owned(),
    };
    match duty.status {
        DutyStatus::Missed => format!("{due}, {}", Label::Overdue.in_language(language)),
        DutyStatus::Open | DutyStatus::Kept | DutyStatus::Late | DutyStatus::Waived => due,
    }
}

/// What the agreement calls a duty; its id where it has none.
pub(super) fn duty_name(stay: &StayNow<'_>, duty: &DutyReading, language: Language) -> String {
    let version = named_version(stay.agreement, &duty.version);
    version.duty(&duty.duty).map_or(duty.duty.as_str(), |duty| duty.name.in_language(language)).to_owned()
}

/// What the agreement calls a kind; the log's own word where it doesn't know it.
pub(super) fn kind_name(version: &Version, kind: &str, language: Language) -> String {
    version.kind_called(kind).map_or(kind, |kind| kind.name.in_language(language)).to_owned()
}

/// Whether the log's word means a message.
pub(super) fn is_message(version: &Version, kind: &str) -> bool {
    version.kind_called(kind).is_some_and(|kind| kind.kind_type == KindType::Message)
}

/// `Sengepost – Fjordvik`.
pub(super) fn ends(entry: &Entry) -> String {
    match (entry.from.as_deref(), entry.to.as_deref()) {
        (Some(from), Some(to)) => format!("{from} – {to}"),
        (Some(from), None) => from.to_owned(),
        (None, Some(to)) => format!("– {to}"),
        (None, None) => String::new(),
    }
}

/// The role's name.
pub(super) fn role_name(version: &Version, role: &PartyId, language: Language) -> String {
    words::party(version, role, language)
}

/// A value as a person writes it.
pub(super) fn value_words(value: &Value, language: Language) -> String {
    match value {
        Value::Bool(true) => Label::Yes.in_language(language).to_owned(),
        Value::Bool(false) => Label::No.in_language(language).to_owned(),
        Value::List(values) => {
            values.iter().map(|value| value_words(value, language)).collect::<Vec<_>>().join(", ")
        }
        Value::Empty | Value::Number(_) | Value::Text(_) | Value::Map(_) => value.to_string(),
    }
}

/// The telephone numbers of a party, a line each: of the service that takes (or sends) this kind first.
pub(super) fn telephones(book: &AddressBook, party: &str, kind: Option<&KindId>, end: End) -> Html {
    let Some(address) = book.find(party) else { return Html::default() };
    let local = match end {
        End::Sender => &address.sends,
        End::Receiver => &address.receives,
    };
    let first = kind.and_then(|kind| local.get(kind.as_str()));
    let mut services: Vec<(&String, &UnitDraft)> = address.open_services().collect();
    services.sort_by_key(|(id, _)| Some(*id) != first);
    let units = services.into_iter().map(|(_, unit)| unit).chain([&address.organisation]);
    let mut lines: Vec<String> = units.filter_map(unit_line).collect();
    lines.extend(person_line(address));
    Html::lines(lines)
}

/// An end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Sender,
    Receiver,
}

fn unit_line(unit: &UnitDraft) -> Option<String> {
    (!unit.telephones.is_empty()).then(|| format!("{}: {}", unit.name, unit.telephones.join(", ")))
}

fn person_line(address: &Address) -> Option<String> {
    let person = address.person.as_ref().filter(|person| !person.telephones.is_empty())?;
    Some(format!("{} {}: {}", person.given_name, person.family_name, person.telephones.join(", ")))
}

/// `siden mandag 3. juni 2024 (2 døgn)`: whole days of the calendar from then to now.
pub(super) fn since(stay: &StayNow<'_>, from: Timestamp, language: Language) -> String {
    let day = |at: Timestamp| at.to_zoned(stay.evaluation.zone.clone()).date();
    let days = day(from).until(day(stay.evaluation.as_of)).map_or(0, |span| span.get_days());
    let unit =
        if days == 1 { say(language, "døgn", "døgn", "day") } else { Label::Days.in_language(language) };
    format!("{} {} ({days} {unit})", Label::Since.in_language(language), stay.at(from, language))
}

/// The downtime of a party that isn't over: which, from when until when, and why.
pub(super) fn current(party: &str, print: &Print<'_>) -> Vec<String> {
    let language = print.language;
    let at = |instant| instant_words(instant, &norway(), language);
    let is_current = |period: &&Period| period.until.is_none_or(|until| print.as_of < until);
    let words = print.periods.of_party(party).filter(is_current).map(|period| {
        let until = period.until.map_or_else(|| Label::OpenEnd.in_language(language).to_owned(), at);
        format!("{}, {} – {until}: {}", period.sort.name(language), at(period.from), period.why)
    });
    words.collect()
}
