//! What is kept of a case's entries, and how a program reads it.

use samspill_base::{
    CaseLog, Entry, Position, Value,
    columns::{NO_TIME, instant},
};

use super::{pool::Slots, words::Words};
use crate::program::{
    atoms::Bits,
    code::FactNo,
    source::{SaidValue, Source},
};

/// The entry has a body.
pub(super) const HAS_BODY: u16 = 1;
/// A fact or field of it isn't of its type.
pub(super) const IS_MISFIT: u16 = 2;
/// It can't change how any duty goes.
pub(super) const SAYS_NOTHING: u16 = 4;

/// An entry, packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Packed {
    pub happened: i64,
    pub position: u64,
    /// Its other times and what it says, or [`u32::MAX`].
    pub extra: u32,
    pub kind: u16,
    pub flags: u16,
}

/// What few entries have and rules ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extra {
    /// Sent, received, acknowledged, recorded.
    pub clocks: [i64; 4],
    pub as_of: i64,
    pub atoms: u128,
    pub facts: Vec<(u16, u32)>,
    pub fields: Vec<(u16, u32)>,
    pub id: Option<Box<str>>,
}

impl Default for Extra {
    fn default() -> Self {
        Self {
            clocks: [NO_TIME; 4],
            as_of: NO_TIME,
            atoms: 0,
            facts: Vec::new(),
            fields: Vec::new(),
            id: None,
        }
    }
}

impl Extra {
    pub(super) fn says_something(&self) -> bool {
        *self != Self::default()
    }
}

/// The entries of a case, in the order of the log.
#[derive(Clone, Copy)]
pub(super) struct KeptCase<'w> {
    pub words: &'w Words,
    pub extras: &'w Slots<Extra>,
    pub entries: &'w [Packed],
    pub has_extras: bool,
}

impl<'w> KeptCase<'w> {
    pub(super) fn of(words: &'w Words, extras: &'w Slots<Extra>, entries: &'w [Packed]) -> Self {
        let has_extras = entries.iter().any(|entry| entry.extra != u32::MAX);
        Self { words, extras, entries, has_extras }
    }

    fn extra(&self, entry: usize) -> Option<&'w Extra> {
        let extra = self.entries[entry].extra;
        (extra != u32::MAX).then(|| self.extras.get(extra))
    }

    /// When the case asks to be read, if it does.
    pub(super) fn own_as_of(&self) -> Option<i64> {
        if !self.has_extras {
            return None;
        }
        let times = (0..self.entries.len()).filter_map(|entry| self.extra(entry));
        times.map(|extra| extra.as_of).find(|at| *at != NO_TIME)
    }

    /// The first of the entries' times after an instant.
    pub(super) fn next_time(&self, after: i64) -> i64 {
        let happened = self.entries.iter().map(|entry| entry.happened);
        let extras =
            (0..if self.has_extras { self.entries.len() } else { 0 }).filter_map(|entry| self.extra(entry));
        let clocks = extras.flat_map(|extra| extra.clocks);
        happened.chain(clocks).filter(|at| *at > after).min().unwrap_or(i64::MAX)
    }

    /// The case as a log: what is kept of it.
    pub(super) fn log(&self, case: &str) -> CaseLog {
        let entries = (0..self.entries.len()).map(|entry| self.entry(case, entry)).collect();
        CaseLog { case: case.to_owned(), entries }
    }

    fn entry(&self, case: &str, number: usize) -> Entry {
        let packed = &self.entries[number];
        let kind = self.words.kind_names[usize::from(packed.kind)].clone();
        let mut entry = Entry::new(case, kind, Position(packed.position), instant(packed.happened));
        entry.body = (packed.flags & HAS_BODY != 0).then(std::collections::BTreeMap::new);
        let Some(extra) = self.extra(number) else { return entry };
        let time = |at: i64| (at != NO_TIME).then(|| instant(at));
        [entry.sent, entry.received, entry.acknowledged, entry.recorded] = extra.clocks.map(time);
        entry.as_of = time(extra.as_of);
        entry.id = extra.id.as_deref().map(str::to_owned);
        let named = |names: &[String], said: &(u16, u32)| {
            (names[usize::from(said.0)].clone(), self.words.values.get(said.1).clone())
        };
        entry.facts = extra.facts.iter().map(|said| named(&self.words.facts.names, said)).collect();
        if let Some(body) = &mut entry.body {
            body.extend(extra.fields.iter().map(|said| named(&self.words.fields.names, said)));
        }
        entry
    }
}

impl Source for KeptCase<'_> {
    fn len(&self) -> usize {
        self.entries.len()
    }

    fn position(&self, entry: usize) -> u64 {
        self.entries[entry].position
    }

    fn happened(&self, entry: usize) -> i64 {
        self.entries[entry].happened
    }

    fn kind(&self, entry: usize, version: usize) -> Option<u16> {
        self.words.by_version[usize::from(self.entries[entry].kind)][version]
    }

    fn clocks(&self, entry: usize) -> [i64; 4] {
        self.extra(entry).map_or([NO_TIME; 4], |extra| extra.clocks)
    }

    fn has_clocks(&self) -> bool {
        self.has_extras
    }

    fn has_facts(&self, entry: usize) -> bool {
        self.extra(entry).is_some_and(|extra| !extra.facts.is_empty())
    }

    fn said(&self, entry: usize, mut say: impl FnMut(FactNo, SaidValue)) {
        for (fact, value) in self.extra(entry).into_iter().flat_map(|extra| &extra.facts) {
            if self.words.facts.is_asked(*fact) {
                say(*fact, SaidValue { list: u32::from(*fact), code: *value });
            }
        }
    }

    fn said_field(&self, entry: usize, field: u16, fact: FactNo) -> Option<SaidValue> {
        let said = self.extra(entry)?.fields.iter().find(|(known, _)| *known == field)?;
        Some(SaidValue { list: u32::from(fact), code: said.1 })
    }

    fn said_constant(&self, kind: u16, place: usize) -> SaidValue {
        self.words.constants[usize::from(kind)][place]
    }

    fn bits(&self, value: SaidValue, version: usize) -> Bits {
        self.words.values.bits(value, version)
    }

    fn value(&self, value: SaidValue) -> &Value {
        self.words.values.get(value.code)
    }

    fn atoms(&self, entry: usize, _kind: u16) -> u128 {
        self.extra(entry).map_or(0, |extra| extra.atoms)
    }

    fn misfits(&self, entry: usize, _version: usize, _kind: u16) -> bool {
        self.entries[entry].flags & IS_MISFIT != 0
    }

    fn has_body(&self, entry: usize) -> bool {
        self.entries[entry].flags & HAS_BODY != 0
    }

    fn field(&self, entry: usize, field: u16) -> Option<&Value> {
        let said = self.extra(entry)?.fields.iter().find(|(known, _)| *known == field)?;
        Some(self.words.values.get(said.1))
    }

    fn id(&self, entry: usize) -> Option<&str> {
        self.extra(entry)?.id.as_deref()
    }
}
