//! A case in a program's hands: what is known of it, in the order of time.

use samspill_agreement::model::Foreknown;
use samspill_base::{Clock, columns::NO_TIME};

use super::{
    code::{Code, FactNo, KindCode, Kinds, SetCode, VersionCode},
    duty::DutyWork,
    source::{SaidValue, Source},
};
use crate::FindingEffect;

/// No version, no kind.
pub(crate) const NONE: u8 = u8::MAX;

/// An entry that is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub happened: i64,
    pub position: u64,
    /// When it counts as given, where a window moved it; `NO_TIME` otherwise.
    pub given: i64,
    /// The bit of its kind.
    pub bit: Kinds,
    /// Its number in the source.
    pub entry: u32,
    pub kind: u16,
    /// The version in force on the day it happened, or [`NONE`].
    pub version: u8,
    pub standing: Standing,
}

/// What an entry is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Counts,
    Repeats,
    Void,
}

impl Seen {
    pub(crate) fn counts(&self) -> bool {
        self.standing == Standing::Counts
    }

    pub(crate) fn was_given(&self) -> bool {
        self.standing != Standing::Void
    }

    pub(crate) fn given(&self) -> i64 {
        if self.given == NO_TIME { self.happened } else { self.given }
    }

    pub(crate) fn order(&self) -> (i64, u64) {
        (self.happened, self.position)
    }
}

/// Something that was said of a fact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub fact: FactNo,
    pub at: i64,
    pub value: SaidValue,
    /// The entry that said it, by number.
    pub entry: u32,
    /// Whether its kind always says so.
    pub is_constant: bool,
}

/// A span of a phase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PhaseRun {
    /// The number of its id, which versions share.
    pub phase: u16,
    pub from: i64,
    /// `i64::MAX` while it runs.
    pub until: i64,
}

/// A finding on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub at: i64,
    /// 0 for the case as a whole.
    pub position: u64,
    pub rank: u32,
    pub effect: FindingEffect,
    pub rule: u32,
    pub source: u32,
    /// The facts that are missing, as slots of the version.
    pub missing: u64,
}

/// The working memory for one case, used again for the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub seen: Vec<Seen>,
    /// Sent, received, acknowledged, recorded of each of `seen`; empty where the log has none of them.
    pub clocks: Vec<[i64; 4]>,
    /// The answers about the fields of each of `seen`; empty where no rule asks any.
    pub atoms: Vec<u128>,
    /// What was said of facts, by fact and then by time.
    pub said: Vec<Said>,
    pub phases: Vec<PhaseRun>,
    pub found: Vec<Found>,
    pub duty_work: DutyWork,
    /// All bits of `seen`.
    pub present: Kinds,
    /// The positions of entries of unknown kind.
    pub unknown_kinds: Vec<u64>,
}

/// A case, as far as it has been read, with the program that reads it.
pub(crate) struct Case<'c, S> {
    pub code: &'c Code,
    pub source: &'c S,
    pub as_of: i64,
    pub newest: usize,
    pub memory: &'c mut Memory,
}

/// The case is beyond what a program reads: the readable evaluator reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beyond;

/// Entries at the most: searches go from one to the next.
const ENTRIES_MAX: usize = 256;

impl<S: Source> Case<'_, S> {
    /// Finds what is known of the case, in the order of time.
    pub(crate) fn load(&mut self) -> Result<(), Beyond> {
        let count = self.source.len();
        if count > ENTRIES_MAX {
            return Err(Beyond);
        }
        let memory = &mut *self.memory;
        memory.seen.clear();
        memory.clocks.clear();
        memory.atoms.clear();
        memory.said.clear();
        memory.phases.clear();
        memory.found.clear();
        memory.unknown_kinds.clear();
        let mut sorted = true;
        let mut last = (i64::MIN, 0);
        for entry in 0..count {
            let Some(seen) = self.look_at(entry) else { continue };
            sorted &= last <= seen.order();
            last = seen.order();
            self.memory.seen.push(seen);
        }
        if !sorted {
            self.memory.seen.sort_by_key(Seen::order);
        }
        let cancelled = self.take_out_cancelled();
        self.gather_facts(count, &cancelled);
        self.gather_atoms();
        let memory = &mut *self.memory;
        memory.present = memory.seen.iter().fold(0, |present, seen| present | seen.bit);
        if self.source.has_clocks() {
            memory.clocks.extend(memory.seen.iter().map(|seen| self.source.clocks(seen.entry as usize)));
        }
        Ok(())
    }

    fn look_at(&mut self, entry: usize) -> Option<Seen> {
        let happened = self.source.happened(entry);
        let recorded = if self.source.has_clocks() { self.source.clocks(entry)[3] } else { NO_TIME };
        let version = version_at(self.code, happened);
        let naming = version.unwrap_or(self.newest);
        let outside = !self.code.is_covered(happened);
        let kind = if outside { None } else { self.source.kind(entry, naming) };
        let foreknown = kind.map_or(Foreknown::No, |kind| self.code.kinds[usize::from(kind)].foreknown);
        let known = match foreknown {
            Foreknown::Yes => recorded == NO_TIME || recorded <= self.as_of,
            Foreknown::No => happened <= self.as_of && (recorded == NO_TIME || recorded <= self.as_of),
        };
        if !known {
            return None;
        }
        let Some(kind) = kind else {
            if !outside {
                self.memory.unknown_kinds.push(self.source.position(entry));
            }
            return None;
        };
        Some(Seen {
            happened,
            position: self.source.position(entry),
            given: NO_TIME,
            bit: self.kind(kind).bit,
            entry: u32::try_from(entry).unwrap_or(u32::MAX),
            kind,
            version: version.and_then(|version| u8::try_from(version).ok()).unwrap_or(NONE),
            standing: Standing::Counts,
        })
    }

    pub(crate) fn kind(&self, kind: u16) -> &KindCode {
        &self.code.kinds[usize::from(kind)]
    }

    /// Takes out what was cancelled, the latest cancellation first; the positions of what is gone come out.
    fn take_out_cancelled(&mut self) -> Vec<u64> {
        if !self.code.has_cancels
            || !self.memory.seen.iter().any(|seen| self.kind(seen.kind).cancels.is_some())
        {
            return Vec::new();
        }
        let mut gone: Vec<u64> = Vec::new();
        let mut found = Vec::new();
        for canceller in self.memory.seen.iter().rev() {
            let kind = self.kind(canceller.kind);
            let Some(field) = kind.cancels else { continue };
            if gone.contains(&canceller.position) {
                continue;
            }
            let named = self.source.field(canceller.entry as usize, field).map(ToString::to_string);
            let named = named.unwrap_or_default();
            let target =
                self.memory.seen.iter().find(|seen| self.source.id(seen.entry as usize) == Some(&named));
            match target {
                Some(target) => gone.push(target.position),
                None => found.push(cancels_nothing(canceller, kind)),
            }
        }
        self.memory.found.extend(found);
        self.memory.seen.retain(|seen| !gone.contains(&seen.position));
        gone
    }

    /// All that was said of facts: by entries of unknown kind, then by the known ones.
    fn gather_facts(&mut self, count: usize, cancelled: &[u64]) {
        if self.code.facts.is_empty() {
            return;
        }
        let source = self.source;
        let memory = &mut *self.memory;
        let all_seen = memory.seen.len() == count;
        for entry in 0..if all_seen { 0 } else { count } {
            if !source.has_facts(entry) || is_seen(&memory.seen, source.position(entry)) {
                continue;
            }
            let at = source.happened(entry);
            let recorded = source.clocks(entry)[3];
            if at <= self.as_of
                && (recorded == NO_TIME || recorded <= self.as_of)
                && !cancelled.contains(&source.position(entry))
            {
                let own = u32::try_from(entry).unwrap_or(u32::MAX);
                let said = |fact, value| Said { fact, at, value, entry: own, is_constant: false };
                source.said(entry, |fact, value| memory.said.push(said(fact, value)));
            }
        }
        for seen in &memory.seen {
            let (entry, at) = (seen.entry as usize, seen.happened);
            let own = |fact, value, is_constant| Said { fact, at, value, entry: seen.entry, is_constant };
            source.said(entry, |fact, value| memory.said.push(own(fact, value, false)));
            for (place, (fact, to)) in self.code.kinds[usize::from(seen.kind)].sets.iter().enumerate() {
                let (value, is_constant) = match to {
                    SetCode::Value(_) => (Some(source.said_constant(seen.kind, place)), true),
                    SetCode::Field(field) => (source.said_field(entry, *field, *fact), false),
                };
                memory.said.extend(value.map(|value| own(*fact, value, is_constant)));
            }
        }
        memory.said.sort_by_key(|said| (said.fact, said.at));
    }

    fn gather_atoms(&mut self) {
        if self.code.field_atoms.is_empty() {
            return;
        }
        let source = self.source;
        let atoms = self.memory.seen.iter().map(|seen| source.atoms(seen.entry as usize, seen.kind));
        self.memory.atoms.extend(atoms);
    }

    /// The entry's time on a clock, or what stands in for it.
    pub(crate) fn time(&self, place: usize, clock: Clock) -> i64 {
        let happened = self.memory.seen[place].happened;
        let Some([sent, received, acknowledged, recorded]) = self.memory.clocks.get(place).copied() else {
            return happened;
        };
        let or = |time: i64, other: i64| if time == NO_TIME { other } else { time };
        match clock {
            Clock::Happened => happened,
            Clock::Sent => or(sent, happened),
            Clock::Received => or(received, or(sent, happened)),
            Clock::Acknowledged => or(acknowledged, or(received, or(sent, happened))),
            Clock::Recorded => or(recorded, happened),
        }
    }

    /// The entry's time on a clock, or the opening that a window moved it to, where that is later.
    pub(crate) fn time_given(&self, place: usize, clock: Clock) -> i64 {
        let time = self.time(place, clock);
        let given = self.memory.seen[place].given;
        if given == NO_TIME { time } else { given.max(time) }
    }

    /// The places of entries of these kinds, in order.
    pub(crate) fn of_kinds(&self, kinds: Kinds) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let seen: &[Seen] = if self.memory.present & kinds == 0 { &[] } else { &self.memory.seen };
        seen.iter().enumerate().filter(move |(_, seen)| seen.bit & kinds != 0).map(|(place, _)| place)
    }

    /// Whether what happened at the instant follows the version.
    pub(crate) fn follows(&self, at: i64, version: usize) -> bool {
        version_at(self.code, at) == Some(version)
    }

    pub(crate) fn version(&self, version: usize) -> &VersionCode {
        &self.code.versions[version]
    }
}

/// The version in force at an instant.
pub(crate) fn version_at(code: &Code, at: i64) -> Option<usize> {
    code.versions.iter().position(|version| version.in_force.0 <= at && at < version.in_force.1)
}

fn cancels_nothing(canceller: &Seen, kind: &KindCode) -> Found {
    let unversioned = canceller.version == NONE;
    Found {
        at: canceller.happened,
        position: canceller.position,
        rank: kind.rank,
        effect: FindingEffect::CancelsNothing,
        rule: if unversioned { kind.rule_without_version } else { kind.rule },
        source: u32::MAX,
        missing: 0,
    }
}

impl Code {
    /// Whether calendars cover the instant.
    pub(crate) fn is_covered(&self, at: i64) -> bool {
        self.covered.0 <= at && at < self.covered.1
    }
}

fn is_seen(seen: &[Seen], position: u64) -> bool {
    seen.iter().any(|seen| seen.position == position)
}
