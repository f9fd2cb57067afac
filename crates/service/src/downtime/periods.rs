//! Which periods of downtime are known as of an instant.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::{Clock, Entry, Position, Value};

use super::{
    kinds::{DowntimeKind, field, is_known, text, time},
    words::say,
};

/// Whether downtime was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Announced before.
    Planned,
    /// It came by itself.
    Unplanned,
}

impl Sort {
    /// What people call it.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            Self::Planned => say(language, "planlagt nedetid", "planlagd nedetid", "planned downtime"),
            Self::Unplanned => {
                say(language, "uplanlagt nedetid", "ikkje planlagd nedetid", "unplanned downtime")
            }
        }
    }
}

/// A period of downtime, as it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its id, which later entries name.
    pub id: String,
    /// Whose systems are down, as the address book calls it.
    pub party: String,
    /// Only this unit or service of the party; `None`: all of it.
    pub unit: Option<String>,
    /// Planned or not.
    pub sort: Sort,
    /// When it was announced.
    pub announced: Timestamp,
    /// By whom.
    pub announced_by: String,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it: as it was said to be, or as it was. `None`: nobody knows yet.
    pub until: Option<Timestamp>,
    /// Whether somebody has registered that it ended.
    pub has_ended: bool,
    /// Whether it was withdrawn: then it counts for nothing.
    pub is_withdrawn: bool,
    /// Why.
    pub why: String,
    /// Which systems; none: all that messages go by.
    pub systems: BTreeSet<String>,
    /// When it was first written into the log.
    pub recorded: Timestamp,
    /// Who wrote it.
    pub registered_by: String,
    /// The entries that say so, in the order of the log.
    pub used: Vec<Position>,
}

impl Period {
    /// Whether it is down at the instant: from the first one of it, and no longer at its end.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// The part of a span that lies in it; `None` where that is no time at all.
    pub fn overlap(&self, from: Timestamp, until: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let start = self.from.max(from);
        let end = self.until.map_or(until, |own| own.min(until));
        (start < end).then_some((start, end))
    }

    /// Whether another registration would say the same over again: the same unit, and a system in common.
    pub(super) fn is_alike(&self, unit: Option<&str>, systems: &BTreeSet<String>) -> bool {
        let any = self.systems.is_empty() || systems.is_empty();
        self.unit.as_deref() == unit && (any || !self.systems.is_disjoint(systems))
    }

    /// Whether it shares time with a span whose end may be open.
    pub(super) fn meets(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        self.until.is_none_or(|own| from < own) && until.is_none_or(|until| self.from < until)
    }
}

/// The periods that are known as of an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    periods: Vec<Period>,
    unread: Vec<Unread>,
}

/// An entry on downtime that says nothing that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The entry.
    pub position: Position,
    /// Its id.
    pub id: Option<String>,
    /// Why.
    pub why: UnreadWhy,
}

/// Why an entry on downtime can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadWhy {
    /// It lacks an id, a party or a time, or ends before it begins.
    Incomplete,
    /// It names a period that isn't there.
    NamesNothing,
    /// The period was there, ended or withdrawn, before.
    Over,
    /// Another one has its id.
    Repeats,
}

impl Periods {
    /// What these entries say as of an instant. Others than those on downtime are passed over; so is what happened, or was written
    /// into the log, after the instant. Equal to it is known.
    ///
    /// Entries count in the order of the log: of two changes, the later holds.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>, as_of: Timestamp) -> Self {
        let mut known: Vec<(DowntimeKind, &Entry)> = entries
            .into_iter()
            .filter(|entry| is_known(entry, as_of))
            .filter_map(|entry| Some((DowntimeKind::called(&entry.kind)?, entry)))
            .collect();
        known.sort_by_key(|(_, entry)| entry.position);
        let mut periods = Self::default();
        for (kind, entry) in known {
            if let Err(why) = periods.take(kind, entry) {
                periods.unread.push(Unread { position: entry.position, id: entry.id.clone(), why });
            }
        }
        periods
    }

    /// All of them, also those withdrawn, in the order in which they were registered.
    pub fn all(&self) -> &[Period] {
        &self.periods
    }

    /// The period with this id.
    pub fn get(&self, id: &str) -> Option<&Period> {
        self.periods.iter().find(|period| period.id == id)
    }

    /// The periods of a party that weren't withdrawn.
    pub fn of_party<'p>(&'p self, party: &'p str) -> impl Iterator<Item = &'p Period> {
        self.periods.iter().filter(move |period| period.party == party && !period.is_withdrawn)
    }

    /// The periods in which a party is down at the instant.
    pub fn at<'p>(&'p self, party: &'p str, at: Timestamp) -> impl Iterator<Item = &'p Period> {
        self.of_party(party).filter(move |period| period.contains(at))
    }

    /// The entries on downtime that couldn't be used.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    fn take(&mut self, kind: DowntimeKind, entry: &Entry) -> Result<(), UnreadWhy> {
        match kind {
            DowntimeKind::Announced => self.begin(Sort::Planned, entry),
            DowntimeKind::Began => self.begin(Sort::Unplanned, entry),
            DowntimeKind::Changed => self.change(entry),
            DowntimeKind::Ended => self.end(entry),
            DowntimeKind::Withdrawn => {
                let period = self.named(entry)?;
                period.is_withdrawn = true;
                period.used.push(entry.position);
                Ok(())
            }
            DowntimeKind::Afterwards => Ok(()),
        }
    }

    fn begin(&mut self, sort: Sort, entry: &Entry) -> Result<(), UnreadWhy> {
        let period = begun(sort, entry).ok_or(UnreadWhy::Incomplete)?;
        if self.get(&period.id).is_some() {
            return Err(UnreadWhy::Repeats);
        }
        self.periods.push(period);
        Ok(())
    }

    fn change(&mut self, entry: &Entry) -> Result<(), UnreadWhy> {
        let period = self.named(entry)?;
        if period.has_ended {
            return Err(UnreadWhy::Over);
        }
        let from = time(entry, field::FROM).unwrap_or(period.from);
        let until = time(entry, field::UNTIL);
        if until.is_some_and(|until| until <= from) {
            return Err(UnreadWhy::Incomplete);
        }
        (period.from, period.until) = (from, until);
        period.used.push(entry.position);
        Ok(())
    }

    fn end(&mut self, entry: &Entry) -> Result<(), UnreadWhy> {
        let period = self.named(entry)?;
        if period.has_ended {
            return Err(UnreadWhy::Over);
        }
        if entry.happened <= period.from {
            return Err(UnreadWhy::Incomplete);
        }
        (period.until, period.has_ended) = (Some(entry.happened), true);
        period.used.push(entry.position);
        Ok(())
    }

    fn named(&mut self, entry: &Entry) -> Result<&mut Period, UnreadWhy> {
        let id = text(entry, field::ABOUT);
        let period = self.periods.iter_mut().find(|period| period.id == id).ok_or(UnreadWhy::NamesNothing)?;
        if period.is_withdrawn { Err(UnreadWhy::Over) } else { Ok(period) }
    }
}

fn begun(sort: Sort, entry: &Entry) -> Option<Period> {
    let from = time(entry, field::FROM)?;
    let until = time(entry, field::UNTIL);
    let party = Some(text(entry, field::PARTY)).filter(|party| !party.is_empty())?;
    until.is_none_or(|until| from < until).then_some(())?;
    Some(Period {
        id: entry.id.clone()?,
        party,
        unit: Some(text(entry, field::UNIT)).filter(|unit| !unit.is_empty()),
        sort,
        announced: time(entry, field::ANNOUNCED).unwrap_or(entry.happened),
        announced_by: text(entry, field::ANNOUNCED_BY),
        from,
        until,
        has_ended: false,
        is_withdrawn: false,
        why: text(entry, field::WHY),
        systems: systems(entry),
        recorded: entry.time(Clock::Recorded),
        registered_by: text(entry, field::BY),
        used: vec![entry.position],
    })
}

fn systems(entry: &Entry) -> BTreeSet<String> {
    match entry.field(field::SYSTEMS) {
        Some(Value::List(systems)) => systems.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        Some(Value::Text(system)) => BTreeSet::from([system.clone()]),
        Some(Value::Empty | Value::Bool(_) | Value::Number(_) | Value::Map(_)) | None => BTreeSet::new(),
    }
}
