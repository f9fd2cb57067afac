//! Registering downtime, and what comes of it later.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::Language;
use samspill_base::{Entry, Value, calendar::DayCalendar};
use samspill_engine::explain::date_words;

use super::{
    kinds::{DowntimeKind, entry, field, write, write_time},
    periods::{Period, Periods, Sort},
    practice::Practice,
    words::tell,
};
use crate::exchange::meaning::AddressBook;

/// What a registration is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The parties that there are.
    pub book: &'a AddressBook,
    /// What is registered already, as of now.
    pub periods: &'a Periods,
    /// Working days, and whose days they are.
    pub calendar: &'a DayCalendar,
    /// How long ahead downtime is announced here. `None`: nothing is agreed, and nothing is said of it.
    pub practice: Option<&'a Practice>,
}

/// Downtime that is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPeriod {
    /// Its id, used once.
    pub id: String,
    /// Whose systems: by name or HER-id.
    pub party: String,
    /// Only this unit or service of the party.
    pub unit: Option<String>,
    /// Planned or not.
    pub sort: Sort,
    /// When it was announced, or became known.
    pub announced: Timestamp,
    /// By whom.
    pub announced_by: String,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it; `None` while nobody knows.
    pub until: Option<Timestamp>,
    /// Why.
    pub why: String,
    /// Which systems; none: all that messages go by.
    pub systems: BTreeSet<String>,
    /// Who types it in.
    pub registered_by: String,
    /// When.
    pub recorded: Timestamp,
}

/// What became of a registered period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of this change, used once.
    pub id: String,
    /// The period's id.
    pub of: String,
    /// What became of it.
    pub to: ChangeTo,
    /// Why.
    pub why: String,
    /// Who types it in.
    pub registered_by: String,
    /// When.
    pub recorded: Timestamp,
}

/// What can become of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeTo {
    /// Another beginning or end was announced, then.
    Span {
        /// When it was announced.
        announced: Timestamp,
        /// Its first instant now.
        from: Timestamp,
        /// The first instant after it now; `None`: open.
        until: Option<Timestamp>,
    },
    /// It was over: the first instant after it.
    Ended(Timestamp),
    /// It doesn't come to pass, or was registered by mistake.
    Withdrawn,
}

/// Entries to append, and what is worth a look.
#[derive(Clone, Debug, PartialEq)]
pub struct Registered {
    /// The entries, without their places in the log.
    pub entries: Vec<Entry>,
    /// What is worth a look; nothing is held back by it.
    pub findings: Vec<DowntimeFinding>,
}

/// Something about a registration that should have been otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DowntimeFinding {
    /// It was announced later than is practice here.
    ShortNotice {
        /// The day it was announced.
        announced: Date,
        /// The day it begins.
        begins: Date,
        /// The first day on which it could have begun, announced then.
        first_day: Date,
        /// Where the practice stands.
        source: String,
    },
    /// Planned downtime was announced when it had begun.
    AnnouncedAfterStart,
}

/// Why nothing is registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The address book has no such party.
    #[error("the address book doesn't know «{0}»: enter the party there, or choose one that is")]
    UnknownParty(String),
    /// The party has no such unit.
    #[error(
        "«{party}» has no unit «{unit}» in the address book: choose one of its services, or leave it out"
    )]
    UnknownUnit {
        /// The party.
        party: String,
        /// The unit.
        unit: String,
    },
    /// Something that must be said isn't.
    #[error("{0} isn't said: fill it in")]
    Missing(&'static str),
    /// It ends before, or as, it begins.
    #[error("the downtime must end after it begins: correct one of the times, or leave the end open")]
    EndBeforeStart,
    /// It was announced, began by itself, or ended after it was typed in.
    #[error("{0} lies after the time of registration: what is to come is a new end, not something that was")]
    InFuture(&'static str),
    /// The same is registered already.
    #[error("«{0}» is registered for that time already: change that one")]
    Overlaps(String),
    /// The id is taken.
    #[error("the id «{0}» is used already: give it another")]
    IdTaken(String),
    /// There is no such period.
    #[error("no downtime «{0}» is registered: register it first")]
    Unknown(String),
    /// The period was ended or withdrawn.
    #[error("«{0}» has ended or was withdrawn: register a new one")]
    Over(String),
}

/// The entry that registers downtime, and what is worth a look.
///
/// # Errors
/// Where it can't be so; see [`Refusal`]. Notice too short is no reason to refuse: it is a finding.
pub fn register(new: &NewPeriod, setting: &Setting<'_>) -> Result<Registered, Refusal> {
    let (party, unit) = whose(new, setting.book)?;
    check_said(new)?;
    check_times(new)?;
    if setting.periods.get(&new.id).is_some() {
        return Err(Refusal::IdTaken(new.id.clone()));
    }
    check_free(setting.periods, &new.id, &party, unit, &new.systems, new.from, new.until)?;
    let findings = match new.sort {
        Sort::Planned => notice(new.announced, new.from, new.until, setting),
        Sort::Unplanned => Vec::new(),
    };
    Ok(Registered { entries: vec![written(new, &party, unit)], findings })
}

/// The entry that says what became of a period, and what is worth a look.
///
/// # Errors
/// Where it can't be so; see [`Refusal`].
pub fn change(change: &Change, setting: &Setting<'_>) -> Result<Registered, Refusal> {
    let period = setting.periods.get(&change.of).ok_or_else(|| Refusal::Unknown(change.of.clone()))?;
    if change.registered_by.trim().is_empty() {
        return Err(Refusal::Missing("who registers it"));
    }
    // What ended may still have been a mistake.
    let is_over = period.is_withdrawn || (period.has_ended && change.to != ChangeTo::Withdrawn);
    if is_over {
        return Err(Refusal::Over(change.of.clone()));
    }
    match change.to {
        ChangeTo::Span { announced, from, until } => span(change, period, announced, (from, until), setting),
        ChangeTo::Ended(at) => ended(change, period, at),
        ChangeTo::Withdrawn => Ok(only(changed(change, DowntimeKind::Withdrawn, period, change.recorded))),
    }
}

impl DowntimeFinding {
    /// It in a sentence.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::ShortNotice { announced, begins, first_day, source } => {
                let day = |date: &Date| date_words(*date, language);
                let (announced, begins, first_day) = (day(announced), day(begins), day(first_day));
                tell!(language;
                    "Nedetiden ble varslet {announced} og begynner {begins}; med det varselet skulle den tidligst begynt {first_day} ({source}).",
                    "Nedetida vart varsla {announced} og byrjar {begins}; med det varselet skulle ho tidlegast ha byrja {first_day} ({source}).",
                    "The downtime was announced on {announced} and begins on {begins}; announced then, it should begin on {first_day} at the earliest ({source}).")
            }
            Self::AnnouncedAfterStart => tell!(language;
                "Planlagt nedetid ble varslet etter at den begynte.",
                "Planlagd nedetid vart varsla etter at ho byrja.",
                "Planned downtime was announced after it began."),
        }
    }
}

/// The party as the address book calls it, and its unit.
fn whose<'n>(new: &'n NewPeriod, book: &AddressBook) -> Result<(String, Option<&'n str>), Refusal> {
    let address = book.find(&new.party).ok_or_else(|| Refusal::UnknownParty(new.party.clone()))?;
    let Some(unit) = new.unit.as_deref() else { return Ok((address.name.clone(), None)) };
    let is_it = |name: &str, her: Option<&str>| name == unit || her == Some(unit);
    let mut services = address.services.iter();
    let known = services.any(|(id, service)| id == unit || is_it(&service.name, service.her.as_deref()));
    if known {
        return Ok((address.name.clone(), Some(unit)));
    }
    Err(Refusal::UnknownUnit { party: address.name.clone(), unit: unit.to_owned() })
}

fn check_said(new: &NewPeriod) -> Result<(), Refusal> {
    let said = [
        (&new.id, "the id"),
        (&new.announced_by, "who announced it"),
        (&new.registered_by, "who registers it"),
        (&new.why, "why"),
    ];
    let missing = said.iter().find(|(text, _)| text.trim().is_empty());
    missing.map_or(Ok(()), |(_, what)| Err(Refusal::Missing(what)))
}

fn check_times(new: &NewPeriod) -> Result<(), Refusal> {
    if new.until.is_some_and(|until| until <= new.from) {
        return Err(Refusal::EndBeforeStart);
    }
    if new.announced > new.recorded {
        return Err(Refusal::InFuture("the announcement"));
    }
    if new.sort == Sort::Unplanned && new.from > new.recorded {
        return Err(Refusal::InFuture("the beginning of unplanned downtime"));
    }
    Ok(())
}

fn check_free(
    periods: &Periods,
    own: &str,
    party: &str,
    unit: Option<&str>,
    systems: &BTreeSet<String>,
    from: Timestamp,
    until: Option<Timestamp>,
) -> Result<(), Refusal> {
    let mut others = periods.of_party(party).filter(|period| period.id != own);
    let found = others.find(|period| period.is_alike(unit, systems) && period.meets(from, until));
    found.map_or(Ok(()), |period| Err(Refusal::Overlaps(period.id.clone())))
}

fn notice(
    announced: Timestamp,
    from: Timestamp,
    until: Option<Timestamp>,
    setting: &Setting<'_>,
) -> Vec<DowntimeFinding> {
    if announced > from {
        return vec![DowntimeFinding::AnnouncedAfterStart];
    }
    short_notice(announced, from, until, setting).into_iter().collect()
}

fn short_notice(
    announced: Timestamp,
    from: Timestamp,
    until: Option<Timestamp>,
    setting: &Setting<'_>,
) -> Option<DowntimeFinding> {
    let announced = setting.calendar.date_of(announced).ok()?;
    let begins = setting.calendar.date_of(from).ok()?;
    let rule = setting.practice?.on(begins).filter(|rule| rule.asks(from, until))?;
    let first_day = rule.first_day(announced, setting.calendar)?;
    let source = rule.source.clone();
    (begins < first_day).then_some(DowntimeFinding::ShortNotice { announced, begins, first_day, source })
}

fn written(new: &NewPeriod, party: &str, unit: Option<&str>) -> Entry {
    let (kind, happened) = match new.sort {
        Sort::Planned => (DowntimeKind::Announced, new.announced),
        Sort::Unplanned => (DowntimeKind::Began, new.from),
    };
    let mut entry = entry(kind, party, &new.id, happened, new.recorded);
    write(&mut entry, field::UNIT, unit.unwrap_or_default());
    write_time(&mut entry, field::ANNOUNCED, new.announced);
    write(&mut entry, field::ANNOUNCED_BY, &new.announced_by);
    write_time(&mut entry, field::FROM, new.from);
    if let Some(until) = new.until {
        write_time(&mut entry, field::UNTIL, until);
    }
    write(&mut entry, field::WHY, &new.why);
    write(&mut entry, field::BY, &new.registered_by);
    if !new.systems.is_empty() {
        let systems = new.systems.iter().map(Value::text).collect();
        entry.body.get_or_insert_default().insert(field::SYSTEMS.to_owned(), Value::List(systems));
    }
    entry
}

fn span(
    change: &Change,
    period: &Period,
    announced: Timestamp,
    (from, until): (Timestamp, Option<Timestamp>),
    setting: &Setting<'_>,
) -> Result<Registered, Refusal> {
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::EndBeforeStart);
    }
    if announced > change.recorded {
        return Err(Refusal::InFuture("the announcement"));
    }
    let unit = period.unit.as_deref();
    check_free(setting.periods, &period.id, &period.party, unit, &period.systems, from, until)?;
    let mut entry = changed(change, DowntimeKind::Changed, period, announced);
    write_time(&mut entry, field::FROM, from);
    if let Some(until) = until {
        write_time(&mut entry, field::UNTIL, until);
    }
    // One that runs already is prolonged as it must be: only a new time of what is to come can be announced too late.
    let is_to_come = period.sort == Sort::Planned && announced <= from;
    let moved = from != period.from || until != period.until;
    let findings = if is_to_come && moved { notice(announced, from, until, setting) } else { Vec::new() };
    Ok(Registered { entries: vec![entry], findings })
}

fn ended(change: &Change, period: &Period, at: Timestamp) -> Result<Registered, Refusal> {
    if at > change.recorded {
        return Err(Refusal::InFuture("the end"));
    }
    if at <= period.from {
        return Err(Refusal::EndBeforeStart);
    }
    Ok(only(changed(change, DowntimeKind::Ended, period, at)))
}

fn only(entry: Entry) -> Registered {
    Registered { entries: vec![entry], findings: Vec::new() }
}

fn changed(change: &Change, kind: DowntimeKind, period: &Period, happened: Timestamp) -> Entry {
    let mut entry = entry(kind, &period.party, &change.id, happened, change.recorded);
    write(&mut entry, field::ABOUT, &period.id);
    write(&mut entry, field::WHY, &change.why);
    write(&mut entry, field::BY, &change.registered_by);
    entry
}
