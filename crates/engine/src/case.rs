//! A case as it was known at an instant: its entries in the order of time, each with its standing.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Foreknown, Kind, KindId, MessageWindow, Version};
use samspill_base::{CaseLog, Clock, Entry, Position};

use crate::{Finding, FindingEffect, Missing, SetAside, SetAsideWhy, evaluation::EntryRef, facts::Facts};

/// Whether versions are held to the days they are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// What happens follows the version in force on its day; on a day without one, nothing does.
    #[default]
    InForce,
    /// The newest version, whatever the day: to try an agreement on another year's log.
    NewestAlways,
}

/// An entry that is known, with what the agreement calls it.
#[derive(Clone, Debug)]
pub(crate) struct Seen<'a> {
    pub entry: &'a Entry,
    pub kind: &'a Kind,
    /// The version in force on the day it happened.
    pub version: Option<&'a Arc<Version>>,
    pub standing: Standing,
    /// When it counts as given, where a window moved it.
    pub given: Option<Timestamp>,
    /// The window that moved it.
    pub moved_by: Option<&'a MessageWindow>,
}

/// What an entry is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It counts.
    Counts,
    /// It was given while what it begins was already running: it changes nothing.
    Repeats,
    /// A requirement wasn't met: it is as if never given.
    Void,
}

impl Seen<'_> {
    pub(crate) fn happened(&self) -> Timestamp {
        self.entry.happened
    }

    /// When it counts as given: when it happened, or the opening that a window moved it to.
    pub(crate) fn given(&self) -> Timestamp {
        self.given.unwrap_or(self.entry.happened)
    }

    pub(crate) fn is_any(&self, kinds: &[KindId]) -> bool {
        kinds.contains(&self.kind.id)
    }

    /// Whether it can trigger and start things.
    pub(crate) fn counts(&self) -> bool {
        self.standing == Standing::Counts
    }

    /// Whether it was validly given, even if it changed nothing.
    pub(crate) fn was_given(&self) -> bool {
        self.standing != Standing::Void
    }

    pub(crate) fn reference(&self, at: Timestamp) -> EntryRef {
        EntryRef { position: self.entry.position, kind: self.kind.id.clone(), at }
    }

    /// The entry's time on a clock, or the opening that a window moved it to, where that is later.
    pub(crate) fn time_given(&self, clock: Clock) -> Timestamp {
        let time = self.entry.time(clock);
        self.given.map_or(time, |given| given.max(time))
    }
}

/// A case as it was known at an instant.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub agreement: &'a Agreement,
    pub dates: Dates,
    pub as_of: Timestamp,
    /// In the order in which they happened; at the same instant, in the order of the log.
    pub seen: Vec<Seen<'a>>,
    /// Where the entries of each kind stand in `seen`, in order: a case can be long.
    by_kind: BTreeMap<&'a KindId, Vec<usize>>,
    pub facts: Facts,
    pub set_aside: Vec<SetAside>,
    pub findings: Vec<Finding>,
}

impl<'a> Case<'a> {
    /// What was known of the log at the instant.
    pub(crate) fn known_at(
        agreement: &'a Agreement,
        log: &'a CaseLog,
        as_of: Timestamp,
        dates: Dates,
    ) -> Self {
        let mut case = Self {
            agreement,
            dates,
            as_of,
            seen: Vec::with_capacity(log.entries.len()),
            by_kind: BTreeMap::new(),
            facts: Facts::default(),
            set_aside: Vec::new(),
            findings: Vec::new(),
        };
        let mut entries: Vec<&Entry> = log.entries.iter().collect();
        entries.sort_by_key(|entry| (entry.happened, entry.position));
        for entry in entries {
            match case.look_at(entry) {
                Ok(Some(seen)) => case.seen.push(seen),
                // What was not known is not even named: a reading of the past holds nothing of what came after.
                Ok(None) => {}
                Err(why) => {
                    case.set_aside.push(SetAside { position: entry.position, kind: entry.kind.clone(), why });
                }
            }
        }
        case.take_out_cancelled();
        for (place, seen) in case.seen.iter().enumerate() {
            case.by_kind.entry(&seen.kind.id).or_default().push(place);
        }
        let cancelled = |aside: &&SetAside| matches!(aside.why, SetAsideWhy::Cancelled { .. });
        let cancelled = case.set_aside.iter().filter(cancelled).map(|aside| aside.position).collect();
        case.facts = Facts::of(&case.seen, log, as_of, &cancelled);
        case
    }

    fn look_at(&self, entry: &'a Entry) -> Result<Option<Seen<'a>>, SetAsideWhy> {
        let days = &self.agreement.newest().calendar.days;
        let Ok(day) = days.date_of(entry.happened) else {
            let known = is_known(entry, Foreknown::No, self.as_of);
            return if known { Err(SetAsideWhy::OutsideCalendar) } else { Ok(None) };
        };
        let version = match self.dates {
            Dates::InForce => self.agreement.in_force_on(day),
            Dates::NewestAlways => Some(self.agreement.newest()),
        };
        let naming = version.unwrap_or_else(|| self.agreement.newest());
        let known = naming.kind_called(&entry.kind);
        let foreknown = known.map_or(Foreknown::No, |kind| kind.foreknown);
        if !is_known(entry, foreknown, self.as_of) {
            return Ok(None);
        }
        let kind = known.ok_or(SetAsideWhy::UnknownKind)?;
        Ok(Some(Seen { entry, kind, version, standing: Standing::Counts, given: None, moved_by: None }))
    }

    /// Takes out what was cancelled. The latest cancellation goes first, so that one can be cancelled itself.
    fn take_out_cancelled(&mut self) {
        if !self.seen.iter().any(|seen| seen.kind.cancels.is_some()) {
            return;
        }
        let mut by_id: BTreeMap<&str, Position> = BTreeMap::new();
        for seen in self.seen.iter().rev() {
            by_id.extend(seen.entry.id.as_deref().map(|id| (id, seen.entry.position)));
        }
        let mut cancelled: BTreeMap<Position, Position> = BTreeMap::new();
        for canceller in self.seen.iter().rev() {
            let Some(cancels) = &canceller.kind.cancels else { continue };
            if cancelled.contains_key(&canceller.entry.position) {
                continue;
            }
            let named = canceller.entry.field(&cancels.field).map(ToString::to_string).unwrap_or_default();
            match by_id.get(named.as_str()) {
                Some(target) => {
                    cancelled.insert(*target, canceller.entry.position);
                }
                None => self.findings.push(names_nothing(canceller, named)),
            }
        }
        let (gone, kept) = std::mem::take(&mut self.seen)
            .into_iter()
            .partition(|seen: &Seen<'_>| cancelled.contains_key(&seen.entry.position));
        self.seen = kept;
        self.set_aside.extend(gone.iter().map(|seen| SetAside {
            position: seen.entry.position,
            kind: seen.entry.kind.clone(),
            why: SetAsideWhy::Cancelled { by: cancelled[&seen.entry.position] },
        }));
    }

    /// The entries of a kind, in order.
    pub(crate) fn of_kind<'c>(&'c self, kind: &KindId) -> &'c [usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The entries of any of these kinds, in order.
    pub(crate) fn of_kinds(&self, kinds: &[KindId]) -> Vec<&Seen<'a>> {
        let mut places: Vec<usize> = kinds.iter().flat_map(|kind| self.of_kind(kind)).copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.seen[place]).collect()
    }

    /// The version in force at the instant, by the local day.
    pub(crate) fn version_at(&self, at: Timestamp) -> Option<&'a Arc<Version>> {
        match self.dates {
            Dates::NewestAlways => Some(self.agreement.newest()),
            Dates::InForce => {
                let day = self.agreement.newest().calendar.days.date_of(at).ok()?;
                self.agreement.in_force_on(day)
            }
        }
    }

    /// Whether this version is the one that what happened at the instant follows.
    pub(crate) fn follows(&self, at: Timestamp, version: &Arc<Version>) -> bool {
        self.version_at(at).is_some_and(|other| Arc::ptr_eq(other, version))
    }

    /// The versions that anything in the case can follow.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &'a Arc<Version>> {
        let newest_only = self.dates == Dates::NewestAlways;
        let skipped = if newest_only { self.agreement.versions.len() - 1 } else { 0 };
        self.agreement.versions.iter().skip(skipped)
    }
}

fn is_known(entry: &Entry, foreknown: Foreknown, as_of: Timestamp) -> bool {
    match foreknown {
        Foreknown::Yes => entry.recorded.is_none_or(|recorded| recorded <= as_of),
        Foreknown::No => entry.happened <= as_of && entry.time(Clock::Recorded) <= as_of,
    }
}

fn names_nothing(canceller: &Seen<'_>, named: String) -> Finding {
    Finding {
        rule: canceller.kind.id.as_str().into(),
        clause: samspill_base::ClauseRef::default(),
        version: canceller.version.map(|version| version.version.clone()).unwrap_or_default(),
        effect: FindingEffect::CancelsNothing,
        severity: samspill_agreement::model::Severity::Deviation,
        entry: Some(canceller.reference(canceller.happened())),
        at: canceller.happened(),
        missing: Missing::Entry(named),
        used: vec![canceller.entry.position],
    }
}
