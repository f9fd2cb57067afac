//! The quick way to a case's duties, where they hang on kinds, days and order alone.
//!
//! One version, no conditions, nothing void, moved, cancelled or counted anew: then what triggers, fulfils and closes a duty
//! is found by going through the entries. Whatever doesn't fit is read the general way; tests hold both to the same answers.

use samspill_agreement::model::{Foreknown, MayPrecede, RequirementEffect, Restart, Which, WindowEffect};
use samspill_base::{
    calendar::DayCalendar,
    columns::{instant, nanos},
};

use super::{items::Item, kept::KeptCase, words::Words};
use crate::program::{
    Program,
    code::{Code, DutyCode, Kinds, LimitCode, VersionCode},
    limits::{Limit, due_day},
};

/// Entries of a case at the most: a bit for each.
const ENTRIES_MAX: usize = 64;

/// Duties that can be read the quick way.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    duties: Vec<PlainDuty>,
    /// By kind of the watch.
    bits: Vec<Kinds>,
    /// The kinds that any of the duties names.
    named: Kinds,
    in_force: (i64, i64),
    covered: (i64, i64),
}

#[derive(Clone, Debug)]
struct PlainDuty {
    number: u32,
    after: Kinds,
    must: Kinds,
    waived_by: Kinds,
    which: Which,
    may_precede: MayPrecede,
    rule: LimitCode,
}

impl Plain {
    /// The duties of a program, if all of them can be read so.
    pub(super) fn of(program: &Program, words: &Words) -> Option<Self> {
        let code = program.code()?;
        let [version] = &code.versions[..] else { return None };
        if !is_plain(code, version) {
            return None;
        }
        let duties = version.duties.iter().map(PlainDuty::of).collect::<Option<Vec<_>>>()?;
        let bit =
            |by_version: &Vec<Option<u16>>| by_version[0].map_or(0, |kind| code.kinds[usize::from(kind)].bit);
        Some(Self {
            named: duties.iter().fold(0, |named, duty| named | duty.after | duty.must | duty.waived_by),
            duties,
            bits: words.by_version.iter().map(bit).collect(),
            in_force: version.in_force,
            covered: code.covered,
        })
    }

    /// Whether any duty names the kind.
    pub(super) fn names(&self, kind: u16) -> bool {
        self.bits[usize::from(kind)] & self.named != 0
    }

    /// Finds the duties of a case; no where it must be read the general way. `old` are those found before.
    pub(super) fn read(
        &self,
        days: &DayCalendar,
        kept: &KeptCase<'_>,
        as_of: i64,
        old: &[Item],
        memory: &mut Limits,
        found: &mut Vec<Item>,
    ) -> bool {
        let Some(case) = self.look(kept, as_of) else { return false };
        for duty in self.duties.iter().filter(|duty| case.present & duty.after != 0) {
            let masks = case.masks(duty);
            for trigger in ones(masks.triggers(duty.which)) {
                let at = kept.entries[trigger].happened;
                let due = Item::known_limit(old, duty.number, trigger)
                    .unwrap_or_else(|| memory.get(duty.number, at, || limit(days, &duty.rule, at)));
                let from = match duty.may_precede {
                    MayPrecede::Yes => u64::MAX,
                    MayPrecede::No => u64::MAX << case.same_from(kept, trigger),
                };
                let ended = masks.ended(trigger, from);
                let time = |place: u32| kept.entries[place as usize].happened;
                found.push(Item::plain(duty.number, trigger, due, ended.map(time)));
            }
        }
        true
    }

    /// The case as kinds, if it is plain: entries known, in force and in the order of time.
    fn look(&self, kept: &KeptCase<'_>, as_of: i64) -> Option<PlainCase> {
        let count = kept.entries.len();
        if kept.has_extras || count > ENTRIES_MAX {
            return None;
        }
        let mut case = PlainCase { kinds: [0; ENTRIES_MAX], count, present: 0 };
        let (from, until) = (self.in_force.0.max(self.covered.0), self.in_force.1.min(self.covered.1));
        let mut last = from;
        for (entry, kind) in kept.entries.iter().zip(&mut case.kinds) {
            if entry.happened < last || entry.happened >= until || entry.happened > as_of {
                return None;
            }
            last = entry.happened;
            *kind = self.bits[usize::from(entry.kind)];
            case.present |= *kind;
        }
        Some(case)
    }
}

fn is_plain(code: &Code, version: &VersionCode) -> bool {
    let plain_kinds = !code.has_cancels
        && code.kinds.iter().all(|kind| kind.foreknown == Foreknown::No && kind.sets.is_empty());
    plain_kinds
        && version.version.phases.iter().all(|phase| phase.restart != Restart::Ignored)
        && version.requirements.iter().all(|rule| rule.effect == RequirementEffect::Warn)
        && version.windows.iter().all(|rule| rule.effect == WindowEffect::Warn)
}

impl PlainDuty {
    fn of(duty: &DutyCode) -> Option<Self> {
        duty.is_plain().then(|| Self {
            number: duty.number,
            after: duty.after_any,
            must: duty.must,
            waived_by: duty.waived_by,
            which: duty.which,
            may_precede: duty.may_precede,
            rule: duty.deadline.rule.clone(),
        })
    }
}

/// The limit found last for each duty: much happens at the same instant where logs know days alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits(Vec<(i64, Limit)>);

impl Limits {
    fn get(&mut self, duty: u32, start: i64, find: impl FnOnce() -> Limit) -> Limit {
        let place = duty as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, (i64::MIN, Limit::NotYetKnown));
        }
        let known = &mut self.0[place];
        if known.0 != start {
            *known = (start, find());
        }
        known.1
    }
}

/// The limit that a rule gives from an instant.
fn limit(days: &DayCalendar, rule: &LimitCode, start: i64) -> Limit {
    if *rule == LimitCode::AtOnce {
        return Limit::AtOnce;
    }
    let day = days.date_of(instant(start)).ok().and_then(|today| due_day(days, rule, today));
    let end = day.and_then(|day| days.end_of_day(day).ok());
    end.map_or(Limit::NotYetKnown, |end| Limit::At(nanos(end)))
}

/// The kinds of a case's entries.
struct PlainCase {
    kinds: [Kinds; ENTRIES_MAX],
    count: usize,
    present: Kinds,
}

/// The entries that a duty names, a bit for each.
#[derive(Default)]
struct Masks {
    after: u64,
    must: u64,
    waived: u64,
}

/// What ended an instance.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ended<T> {
    No,
    Fulfilled(T),
    Closed(T),
}

impl<T> Ended<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Ended<U> {
        match self {
            Self::No => Ended::No,
            Self::Fulfilled(by) => Ended::Fulfilled(with(by)),
            Self::Closed(by) => Ended::Closed(with(by)),
        }
    }
}

impl PlainCase {
    fn masks(&self, duty: &PlainDuty) -> Masks {
        let mut masks = Masks::default();
        for (place, kind) in self.kinds[..self.count].iter().enumerate() {
            masks.after |= u64::from(kind & duty.after != 0) << place;
            masks.must |= u64::from(kind & duty.must != 0) << place;
            masks.waived |= u64::from(kind & duty.waived_by != 0) << place;
        }
        masks
    }

    /// The first entry that happened at the same instant.
    fn same_from(&self, kept: &KeptCase<'_>, trigger: usize) -> usize {
        debug_assert!(trigger < self.count, "a trigger is an entry");
        let at = kept.entries[trigger].happened;
        kept.entries[..trigger].iter().rposition(|entry| entry.happened != at).map_or(0, |before| before + 1)
    }
}

impl Masks {
    fn triggers(&self, which: Which) -> u64 {
        match which {
            Which::Every | Which::Preferred => self.after,
            Which::First => self.after & self.after.wrapping_neg(),
            Which::Latest => self.after & (1_u64 << 63).wrapping_shr(self.after.leading_zeros()),
        }
    }

    /// The first that fulfils, if nothing closed it before; entries are taken from `from` only.
    fn ended(&self, trigger: usize, from: u64) -> Ended<u32> {
        let fulfilled = (self.must & from & !(1 << trigger)).trailing_zeros();
        let closed = (self.waived & (u64::MAX << trigger << 1)).trailing_zeros();
        match () {
            () if fulfilled < closed => Ended::Fulfilled(fulfilled),
            () if closed < 64 => Ended::Closed(closed),
            () => Ended::No,
        }
    }
}

/// The places of the ones of a mask, from the lowest.
fn ones(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (place < 64).then_some(place)
    })
}
