//! Millions of open cases, one entry at a time: what changed, what falls due, what became late.
//!
//! ```text
//! take(entry) ──▶ the case's packed entries ── read again ──▶ its duties ──▶ what changed
//!                                                               └──▶ limits, in the order of time
//! ```
//!
//! The verdicts on a case are at any time those of [`Program::bind`] over the same entries in the order of their
//! positions: entries may arrive in any order. Time is an argument ([`Watch::advance`]).
//!
//! No step takes long because there are many cases: memory grows by chunks, names lie in thousands of small tables, and
//! limits in balanced trees. A step costs what its own case costs, and that grows with the case's entries.

mod due;
mod encode;
mod event;
mod frames;
mod items;
mod kept;
mod names;
mod plain;
mod pool;
mod snapshot;
mod words;

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_agreement::model::Period;
use samspill_base::{
    CaseLog, Position,
    columns::{NO_TIME, instant, nanos},
};

use self::{
    due::{Hours, hour_of},
    items::{Item, compare},
    kept::{Extra, KeptCase, Packed, SAYS_NOTHING},
    names::{Name, Names},
    plain::Plain,
    pool::{Pool, Run, Slots},
    words::Words,
};
use crate::{
    Evaluation,
    program::{Program, Verdicts, read::Reader},
    trigger::next_period,
};

pub use due::{DueDuty, Passed};
pub use event::{Event, Named};
pub use items::DutyChange;
pub use snapshot::SnapshotError;

/// Open cases under an agreement.
#[derive(Clone, Debug)]
pub struct Watch {
    program: Program,
    words: Words,
    /// The duties once more, where all of them can be read the quick way.
    plain: Option<Plain>,
    names: Names,
    cases: Slots<OpenCase>,
    texts: Pool<u8>,
    entries: Pool<Packed>,
    extras: Slots<Extra>,
    items: Pool<Item>,
    /// Limits of what isn't done in time.
    due: Hours,
    /// When cases must be read again although nothing arrives.
    wakes: BTreeSet<(i64, u32)>,
    now: i64,
    /// The periods of duties that come anew, with the version whose days they are counted in.
    periods: Vec<(usize, Period)>,
    scratch: Scratch,
}

/// A case; without entries, a place that isn't taken.
#[derive(Clone, Copy, Debug, Default)]
struct OpenCase {
    name: Name,
    entries: Run,
    items: Run,
    /// When it must be read again, or `i64::MAX`.
    wake: i64,
}

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
struct Scratch {
    reader: Reader,
    found: Vec<Item>,
    changes: Vec<DutyChange>,
    hours: [Vec<i64>; 2],
    limits: plain::Limits,
    verdicts: Verdicts,
}

/// What became of an entry that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It was taken.
    New,
    /// The case has it already, the same: nothing changed.
    Again,
    /// The case has another entry at this position, which stays: a log doesn't change, so this one is wrong.
    Contradicts,
}

/// What an entry changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'w> {
    /// Whether it was taken.
    pub arrival: Arrival,
    /// The duties of its case that stand otherwise now, by duty and trigger.
    pub duties: &'w [DutyChange],
}

impl Watch {
    /// Watches no cases yet. Names are spread by a known rule: where strangers choose them, take [`Self::seeded`].
    pub fn new(program: Program) -> Self {
        Self::seeded(program, [0x5361_6d73, 0x7069_6c6c])
    }

    /// Likewise, names spread by a secret: nobody can choose names that all end up in one place. Answers don't hang on it.
    pub fn seeded(program: Program, seed: [u64; 2]) -> Self {
        let words = Words::of(&program);
        Self {
            plain: Plain::of(&program, &words),
            words,
            periods: periods_of(&program),
            program,
            names: Names::new(seed),
            cases: Slots::default(),
            texts: Pool::default(),
            entries: Pool::default(),
            extras: Slots::default(),
            items: Pool::default(),
            due: Hours::default(),
            wakes: BTreeSet::new(),
            now: NO_TIME + 1,
            scratch: Scratch::default(),
        }
    }

    /// How many cases are open.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether none are.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The program that reads them.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The instant that cases are read as of.
    pub fn now(&self) -> Timestamp {
        instant(self.now)
    }

    /// How many values that rules ask for are remembered: no more than open cases say.
    pub fn values(&self) -> usize {
        self.words.values.len()
    }

    /// Takes an entry, and reads its case as of [`Self::now`]: what happened or was recorded later counts when its time
    /// has come.
    ///
    /// Entries may come in any order; each goes to the place that its position says. The same position twice in a case is
    /// the same entry ([`Arrival`]).
    ///
    /// # Panics
    /// With more than four thousand million cases.
    pub fn take(&mut self, event: &Event<'_>) -> Change<'_> {
        self.scratch.changes.clear();
        let (arrival, case, reads) = self.put(event);
        if arrival == Arrival::New && reads {
            self.read_again(case);
        }
        Change { arrival, duties: &self.scratch.changes }
    }

    /// Puts an entry in its place; also says in which case, and whether that must be read again.
    fn put(&mut self, event: &Event<'_>) -> (Arrival, u32, bool) {
        let case = self.case_of(event.case);
        let run = self.cases.get(case).entries;
        let kept = self.entries.get(run);
        let position = event.position.0;
        let is_last = kept.last().is_none_or(|last| last.position < position);
        let place =
            if is_last { kept.len() } else { kept.partition_point(|entry| entry.position < position) };
        let there = kept.get(place).copied().filter(|entry| entry.position == position);
        let (mut packed, extra) = self.words.pack(&self.program, event);
        if let Some(there) = there {
            return (self.again(there, packed, extra), case, false);
        }
        let is_frozen = event.as_of != NO_TIME;
        packed.extra = extra.map_or(u32::MAX, |extra| self.extras.add(extra));
        let open = self.cases.get_mut(case);
        self.entries.insert(&mut open.entries, place, packed);
        if !is_last {
            for item in self.items.get_mut(open.items) {
                item.trigger += u32::from(item.trigger as usize >= place);
            }
        }
        let is_named = self.plain.as_ref().is_none_or(|plain| plain.names(packed.kind));
        let says_something = packed.flags & SAYS_NOTHING == 0 && is_named;
        (Arrival::New, case, says_something || is_frozen)
    }

    fn again(&mut self, there: Packed, packed: Packed, extra: Option<Extra>) -> Arrival {
        let known = (there.extra != u32::MAX).then(|| self.extras.get(there.extra));
        let same = Packed { extra: u32::MAX, ..there } == packed && known == extra.as_ref();
        if let Some(extra) = extra {
            self.words.release(&extra);
        }
        if same { Arrival::Again } else { Arrival::Contradicts }
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.names.find(self.names.spot(name), |case| self.is_called(case, name))
    }

    fn is_called(&self, case: u32, name: &str) -> bool {
        self.cases.get(case).name.bytes(&self.texts) == name.as_bytes()
    }

    /// The case of this name, opened where it isn't there.
    fn case_of(&mut self, name: &str) -> u32 {
        let spot = self.names.spot(name);
        if let Some(case) = self.names.find(spot, |case| self.is_called(case, name)) {
            return case;
        }
        let name = Name::of(name.as_bytes(), &mut self.texts);
        let case = self.cases.add(OpenCase { name, wake: i64::MAX, ..OpenCase::default() });
        self.names.add(spot, case);
        case
    }

    fn name(&self, case: u32) -> &str {
        std::str::from_utf8(self.cases.get(case).name.bytes(&self.texts)).unwrap_or_default()
    }

    /// Reads a case again, tells what is otherwise, and keeps its limits in order.
    fn read_again(&mut self, case: u32) {
        let open = *self.cases.get(case);
        let entries = self.entries.get(open.entries);
        let kept = KeptCase::of(&self.words, &self.extras, entries);
        let own = kept.own_as_of();
        let as_of = own.unwrap_or(self.now);
        let old = self.items.get(open.items);
        let is_done = self.plain.as_ref().is_some_and(|plain| {
            let days = &self.program.agreement().newest().calendar.days;
            self.scratch.found.clear();
            plain.read(days, &kept, as_of, old, &mut self.scratch.limits, &mut self.scratch.found)
        });
        let next = if is_done {
            i64::MAX
        } else {
            let next = find_items(&self.program, &kept, as_of, &mut self.scratch);
            next.min(next_period_of(&self.program, &self.periods, as_of))
        };
        let scratch = &mut self.scratch;
        compare(old, &scratch.found, as_of, entries, &mut scratch.changes);
        if old != scratch.found {
            move_hours(old, scratch, &mut self.due, case);
            self.items.replace(&mut self.cases.get_mut(case).items, &scratch.found);
        }
        self.wake_at(case, if own.is_some() { i64::MAX } else { next });
    }

    /// The case is to be read again at an instant; `i64::MAX`: not before something happens.
    fn wake_at(&mut self, case: u32, wake: i64) {
        let kept = self.cases.get_mut(case);
        if wake == kept.wake {
            return;
        }
        self.wakes.remove(&(kept.wake, case));
        kept.wake = wake;
        if wake != i64::MAX {
            self.wakes.insert((wake, case));
        }
    }

    /// Lets time pass. Back it never goes: an earlier instant changes nothing.
    ///
    /// Limits pass by themselves ([`Self::became_late`]). Told here is what else changes: entries whose time has come and
    /// periods that begin anew.
    pub fn advance(&mut self, now: Timestamp, mut tell: impl FnMut(&str, &DutyChange)) {
        self.now = self.now.max(nanos(now));
        while let Some((wake, case)) = self.wakes.first().copied().filter(|(wake, _)| *wake <= self.now) {
            self.wakes.remove(&(wake, case));
            self.cases.get_mut(case).wake = i64::MAX;
            self.scratch.changes.clear();
            self.read_again(case);
            let name = self.name(case);
            self.scratch.changes.iter().for_each(|change| tell(name, change));
        }
    }

    /// Reads a case as of an instant, or as of its own if it gives one; no where it isn't open.
    pub fn read(&mut self, case: &str, as_of: Timestamp, verdicts: &mut Verdicts) -> bool {
        let Some(case) = self.find(case) else { return false };
        let kept = KeptCase::of(&self.words, &self.extras, self.entries.get(self.cases.get(case).entries));
        let as_of = kept.own_as_of().map_or(as_of, instant);
        let is_within = instant(nanos(as_of)) == as_of;
        let done = self
            .program
            .code()
            .filter(|_| is_within)
            .is_some_and(|code| self.scratch.reader.read(code, &kept, nanos(as_of), verdicts).is_ok());
        if !done {
            self.program.read_plainly(&kept.log(""), as_of, verdicts);
        }
        true
    }

    /// How many instances of duties of a case are open or missed and not done, as of [`Self::now`].
    pub fn undone(&self, case: &str) -> usize {
        let items = self.find(case).map(|case| self.items.get(self.cases.get(case).items));
        items.map_or(0, |items| items.iter().filter(|item| item.is_undone()).count())
    }

    /// What is kept of a case, as a log: all that rules ask for. Persons, parties and what no rule names are left out.
    pub fn log(&self, case: &str) -> Option<CaseLog> {
        let open = self.cases.get(self.find(case)?);
        Some(KeptCase::of(&self.words, &self.extras, self.entries.get(open.entries)).log(case))
    }

    /// The positions of a case's entries, in order: whoever keeps the log finds the entries themselves by them.
    pub fn positions(&self, case: &str) -> impl Iterator<Item = Position> + '_ {
        let run = self.find(case).map_or_else(Run::default, |case| self.cases.get(case).entries);
        self.entries.get(run).iter().map(|entry| Position(entry.position))
    }

    /// The whole reading of a case, from what is kept of it ([`Self::log`]): duties, findings and meters are all there,
    /// checklists may ask for more than is kept.
    pub fn explain(&self, case: &str, as_of: Timestamp) -> Option<Evaluation> {
        let log = self.log(case)?;
        let as_of = log.as_of().unwrap_or(as_of);
        Some(self.program.explain(&log, as_of))
    }

    /// Forgets a case; its memory is used again. No where it isn't open.
    pub fn close(&mut self, name: &str) -> bool {
        let Some(case) = self.find(name) else { return false };
        let open = self.cases.remove(case);
        self.names.remove(self.names.spot(name), case);
        for item in self.items.get(open.items) {
            if let Some(due) = item.indexed() {
                self.due.remove(hour_of(due), case);
            }
        }
        self.wakes.remove(&(open.wake, case));
        for entry in self.entries.get(open.entries) {
            if entry.extra != u32::MAX {
                let extra = self.extras.remove(entry.extra);
                self.words.release(&extra);
            }
        }
        open.name.free(&mut self.texts);
        self.entries.free(open.entries);
        self.items.free(open.items);
        true
    }

    /// The names of the open cases, in no order that means anything, but always the same for the same arrivals.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        let taken = self.cases.iter().filter(|(_, open)| open.entries.len() > 0);
        taken.map(|(case, _)| self.name(case))
    }

    /// How many bytes cases, entries, duties and names take, without the trees of times: some ten bytes for each time where
    /// many cases have theirs in the same hour, more where few have.
    pub fn bytes(&self) -> usize {
        self.names.bytes()
            + self.cases.bytes()
            + self.texts.bytes()
            + self.entries.bytes()
            + self.extras.bytes()
            + self.items.bytes()
    }

    /// How many times are kept in order: for each case the hours in which limits lie, and when it must be read again.
    pub fn limits(&self) -> usize {
        self.due.len() + self.wakes.len()
    }
}

/// Moves a case in the index from the hours of its old limits to those of the new.
fn move_hours(old: &[Item], scratch: &mut Scratch, due: &mut Hours, case: u32) {
    let hours = |items: &[Item], into: &mut Vec<i64>| {
        into.clear();
        into.extend(items.iter().filter_map(Item::indexed).map(hour_of));
        into.sort_unstable();
        into.dedup();
    };
    let [before, after] = &mut scratch.hours;
    hours(old, before);
    hours(&scratch.found, after);
    for gone in before.iter().filter(|hour| after.binary_search(hour).is_err()) {
        due.remove(*gone, case);
    }
    for new in after.iter().filter(|hour| before.binary_search(hour).is_err()) {
        due.insert(*new, case);
    }
}

/// Finds the duties of a case, and when it must be read again.
fn find_items(program: &Program, kept: &KeptCase<'_>, as_of: i64, scratch: &mut Scratch) -> i64 {
    let Scratch { reader, found, verdicts, .. } = scratch;
    found.clear();
    let mut next = kept.next_time(as_of);
    let instances = program.code().and_then(|code| reader.duties(code, kept, as_of).ok());
    if let Some(instances) = instances {
        found.extend(instances.iter().filter_map(|instance| Item::of_instance(instance, kept.entries)));
        next = next.min(reader.given_times().filter(|at| *at > as_of).min().unwrap_or(i64::MAX));
    } else {
        program.read_plainly(&kept.log(""), instant(as_of), verdicts);
        found.extend(verdicts.duties.iter().filter_map(|duty| Item::of_verdict(duty, kept.entries)));
        if has_windows(program) {
            // The readable evaluator doesn't tell which opening a window moved an entry to.
            next = next.min(as_of.saturating_add(1));
        }
    }
    if !found.is_sorted_by_key(Item::key) {
        found.sort_by_key(Item::key);
    }
    next
}

fn has_windows(program: &Program) -> bool {
    program.agreement().versions.iter().any(|version| !version.windows.is_empty())
}

/// The periods of duties that come anew.
fn periods_of(program: &Program) -> Vec<(usize, Period)> {
    let versions = program.agreement().versions.iter().enumerate();
    versions
        .flat_map(|(number, version)| {
            version.duties.iter().filter_map(move |duty| Some((number, duty.each?)))
        })
        .collect()
}

/// When the next of the periods begins.
fn next_period_of(program: &Program, periods: &[(usize, Period)], as_of: i64) -> i64 {
    let begins = periods.iter().filter_map(|(version, period)| {
        let days = &program.agreement().versions[*version].calendar.days;
        let next = next_period(days.date_of(instant(as_of)).ok()?, *period)?;
        days.start_of_day(next).ok().map(nanos)
    });
    begins.filter(|at| *at > as_of).min().unwrap_or(i64::MAX)
}
