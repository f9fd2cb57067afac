//! The quick way through plain logs: rules that hang on kinds, days and order alone, read with masks.
//!
//! A case becomes one mask for each kind: which of its entries are of it. What triggers, fulfils and closes a duty is
//! then found by shifting bits. Days are counted once an entry. What doesn't fit (conditions, windows that move, entries
//! out of order, other times than `happened`) is read the general way; tests hold both to the same answers.

use std::ops::Range;

use samspill_agreement::model::{Foreknown, MayPrecede, RequirementEffect, Restart, Unit, Which};
use samspill_base::{
    Columns,
    calendar::{DayCalendar, DayNumber},
};

use super::{
    code::{Code, Cond, DutyCode, Kinds, LimitCode, PairingCode, RequirementCode},
    limits::due_day,
    lower::status_bit,
    rows::CaseRows,
};
use crate::DutyStatus;

/// Entries of a case at the most: a bit for each.
const ENTRIES_MAX: usize = 64;

/// Rules that can be read with masks.
#[derive(Clone, Debug)]
pub(crate) struct Flat {
    duties: Vec<FlatDuty>,
    requirements: Vec<FlatRequirement>,
    days: DayCalendar,
    in_force: (i64, i64),
}

#[derive(Clone, Debug)]
struct FlatDuty {
    after: KindList,
    must: KindList,
    waived_by: KindList,
    which: Which,
    may_precede: MayPrecede,
    rule: LimitCode,
}

#[derive(Clone, Debug)]
struct FlatRequirement {
    of: KindList,
    /// One for each kind needed.
    needs: Vec<KindList>,
    /// So many days before.
    ahead: Option<u32>,
}

/// A set of kinds, and the bits of it where there are few: then nothing has to be searched.
#[derive(Clone, Copy, Debug)]
struct KindList {
    all: Kinds,
    few: Option<[u8; FEW]>,
}

/// How many kinds are few.
const FEW: usize = 4;

impl KindList {
    fn of(all: Kinds) -> Self {
        let mut few = [NO_BIT; FEW];
        for (place, bit) in few.iter_mut().zip(ones(all)) {
            *place = bit.to_le_bytes()[0];
        }
        Self { all, few: (ones(all).count() <= FEW).then_some(few) }
    }
}

impl Flat {
    /// The rules of a program, if all of them can be read with masks.
    pub(crate) fn of(code: &Code) -> Option<Self> {
        let [version] = &code.versions[..] else { return None };
        let plain_kinds = !code.has_cancels && code.kinds.iter().all(|kind| kind.foreknown == Foreknown::No);
        let phases = &version.version.phases;
        let repeats = phases.iter().any(|phase| phase.restart == Restart::Ignored);
        let has_more = !version.windows.is_empty() || !version.contents.is_empty();
        if !plain_kinds || repeats || has_more {
            return None;
        }
        if version.duties.len() + version.requirements.len() > 64 {
            return None;
        }
        Some(Self {
            duties: version.duties.iter().map(flat_duty).collect::<Option<_>>()?,
            requirements: version.requirements.iter().map(flat_requirement).collect::<Option<_>>()?,
            days: DayCalendar::clone(&version.version.calendar.days),
            in_force: version.in_force,
        })
    }

    /// A kind, and the rules that have something to say of it.
    fn kind(&self, bit: u8) -> FlatKind {
        let lists =
            self.duties.iter().map(|duty| duty.after).chain(self.requirements.iter().map(|rule| rule.of));
        let asks =
            |(rule, kinds): (usize, KindList)| u64::from(bit != NO_BIT && kinds.all >> bit & 1 == 1) << rule;
        FlatKind { bit, rules: lists.enumerate().map(asks).fold(0, |all, rule| all | rule) }
    }
}

fn flat_duty(duty: &DutyCode) -> Option<FlatDuty> {
    let plain = duty.when == Cond::Always
        && duty.must_where == Cond::Always
        && duty.which != Which::Preferred
        && duty.each.is_none()
        && duty.pairing == PairingCode::Shared
        && duty.suspended_by.is_empty()
        && duty.reset_by == 0
        && duty.exceptions.is_empty()
        && duty.deadline.given.is_none();
    let by_day = match &duty.deadline.rule {
        LimitCode::AtOnce
        | LimitCode::Days { at: None, .. }
        | LimitCode::FirstWorkingDayOfNextMonth
        | LimitCode::LastDayOfMonth
        | LimitCode::DayOfNextMonth(_)
        | LimitCode::Annual { .. } => true,
        LimitCode::Elapsed(_)
        | LimitCode::Within(..)
        | LimitCode::Days { at: Some(_), .. }
        | LimitCode::ClockOn { .. }
        | LimitCode::BeforeKind(..)
        | LimitCode::BeforeFact(..) => false,
    };
    (plain && by_day).then(|| FlatDuty {
        after: KindList::of(duty.after_any),
        must: KindList::of(duty.must),
        waived_by: KindList::of(duty.waived_by),
        which: duty.which,
        may_precede: duty.may_precede,
        rule: duty.deadline.rule.clone(),
    })
}

fn flat_requirement(rule: &RequirementCode) -> Option<FlatRequirement> {
    let ahead = match rule.ahead {
        None => Some(None),
        Some(amount) if amount.unit == Unit::Day => Some(Some(amount.count)),
        Some(_) => None,
    };
    let plain = rule.when == Cond::Always
        && rule.that == Cond::Always
        && rule.since == 0
        && rule.within.is_none()
        && rule.effect == RequirementEffect::Warn;
    plain.then_some(())?;
    Some(FlatRequirement {
        of: KindList::of(rule.of),
        needs: rule.needs.iter().map(|kinds| KindList::of(*kinds)).collect(),
        ahead: ahead?,
    })
}

/// The limit of a duty, by the day that triggers it.
#[derive(Debug)]
enum DueDay {
    AtOnce,
    /// So many days later.
    Plus(u32),
    /// For each day of the log; [`NEVER`] where there is no limit.
    Table(Vec<u32>),
}

/// A day after all others.
const NEVER: u32 = u32::MAX;

/// No kind that a rule names.
const NO_BIT: u8 = 64;

/// A log bound to rules that can be read with masks.
#[derive(Debug)]
pub(crate) struct FlatBatch<'b> {
    flat: &'b Flat,
    columns: &'b Columns,
    /// Each of the log's kinds.
    kinds: Vec<FlatKind>,
    due: Vec<DueDay>,
    days: LogDays,
    /// The first and the last instant of the log.
    span: (i64, i64),
}

/// A kind of a log.
#[derive(Clone, Copy, Debug)]
struct FlatKind {
    /// Its bit, or [`NO_BIT`].
    bit: u8,
    /// The rules that have something to say of it: a bit for each, duties first.
    rules: u64,
}

/// The days of a log.
#[derive(Debug)]
struct LogDays {
    /// The number of the first.
    first: u32,
    /// The first nanosecond of each, and of the two days after the last.
    starts: Vec<i64>,
}

impl LogDays {
    fn of(days: &DayCalendar, (first, last): (i64, i64)) -> Option<Self> {
        let number = |at| days.day_of_nanos(at).ok().map(DayNumber::number);
        let (first, last) = (number(first)?, number(last)?);
        let start = |day| DayNumber::new(day).map_or(i64::MAX, |day| days.start_of_day_nanos(day));
        Some(Self { first, starts: (first..=last + 2).map(start).collect() })
    }

    fn numbers(&self) -> Range<u32> {
        self.first..self.first + u32::try_from(self.starts.len() - 2).unwrap_or(0)
    }

    /// The day of an instant of the log: as if all were equally long, then at most one back or forth. Clocks never
    /// stray from where they began by more than a day.
    #[inline]
    fn of_nanos(&self, at: i64) -> u32 {
        const DAY: u64 = 86_400 * 1_000_000_000;
        let guess = usize::try_from((at - self.starts[0]).cast_unsigned() / DAY).unwrap_or(0);
        let guess = guess - usize::from(at < self.starts[guess]);
        let day = guess + usize::from(at >= self.starts[guess + 1]);
        self.first + u32::try_from(day).unwrap_or(0)
    }
}

impl<'b> FlatBatch<'b> {
    /// The log, if nothing in it stands in the way of reading it with masks.
    pub(crate) fn of(code: &Code, flat: &'b Flat, columns: &'b Columns) -> Option<Self> {
        let times =
            [&columns.sent, &columns.received, &columns.acknowledged, &columns.recorded, &columns.as_of];
        if times.iter().any(|column| !column.is_empty())
            || !columns.position.is_sorted()
            || columns.is_empty()
        {
            return None;
        }
        let ends = |(first, last): (i64, i64), at: &i64| (first.min(*at), last.max(*at));
        let span = columns.happened.iter().fold((i64::MAX, i64::MIN), ends);
        let days = LogDays::of(&flat.days, span)?;
        let kinds = columns.kinds.iter().map(|name| flat.kind(bit_of(code, name))).collect();
        let due = flat.duties.iter().map(|duty| due_days(&flat.days, &duty.rule, days.numbers())).collect();
        Some(Self { flat, columns, kinds, due, days, span })
    }

    /// The instant as of which cases are read.
    pub(crate) fn as_of(&self, nanos: i64) -> AsOf {
        let day =
            self.flat.days.day_of_nanos(nanos).map_or(if nanos < 0 { 0 } else { NEVER }, DayNumber::number);
        let (from, until) = self.flat.in_force;
        let all_known = self.span.1 <= nanos && from <= self.span.0 && self.span.1 < until;
        AsOf { nanos, day, all_known }
    }

    /// Reads a case: its sets, a byte for each rule.
    ///
    /// No where the case must be read the general way; `into` then holds nothing of worth.
    #[inline]
    pub(crate) fn read(
        &self,
        case: &mut FlatCase,
        rows: &CaseRows<'_>,
        as_of: AsOf,
        into: &mut [u8],
    ) -> bool {
        case.clear();
        let columns = self.columns;
        let taken = match rows {
            CaseRows::Together(rows) => {
                let kinds = columns.kind[rows.clone()].iter().copied();
                self.take(case, kinds.zip(columns.happened[rows.clone()].iter().copied()), as_of)
            }
            CaseRows::Apart(rows) => {
                let rows = rows.iter().map(|row| *row as usize);
                self.take(case, rows.map(|row| (columns.kind[row], columns.happened[row])), as_of)
            }
        };
        if !taken {
            return false;
        }
        into.fill(0);
        for rule in ones(case.rules) {
            into[rule] = match rule.checked_sub(self.flat.duties.len()) {
                None => self.duty(case, &self.flat.duties[rule], &self.due[rule], as_of),
                Some(requirement) => u8::from(case.breaks(&self.flat.requirements[requirement])),
            };
        }
        true
    }

    /// Takes the entries of a case; no where they can't be read with masks.
    #[inline]
    fn take(&self, case: &mut FlatCase, entries: impl Iterator<Item = (u32, i64)>, as_of: AsOf) -> bool {
        let (from, until) = self.flat.in_force;
        for (kind, at) in entries {
            if !as_of.all_known {
                if at > as_of.nanos {
                    continue;
                }
                if at < from || at >= until {
                    return false;
                }
            }
            let kind = self.kinds[kind as usize];
            if kind.bit != NO_BIT && !case.take(kind, at, self.days.of_nanos(at)) {
                return false;
            }
        }
        true
    }

    /// The set of statuses of a duty's instances.
    #[inline]
    fn duty(&self, case: &FlatCase, duty: &FlatDuty, due: &DueDay, as_of: AsOf) -> u8 {
        let all = case.of(duty.after);
        let triggers = match duty.which {
            Which::Every | Which::Preferred => all,
            Which::First => all & all.wrapping_neg(),
            Which::Latest => all & (1_u64 << 63).wrapping_shr(all.leading_zeros()),
        };
        let ends = Ends { fulfilling: case.of(duty.must), closing: case.of(duty.waived_by) };
        let mut set = 0;
        for trigger in ones(triggers) {
            let day = case.days[trigger];
            let status = match due {
                DueDay::AtOnce => match case.status(duty, trigger, ends, NEVER, as_of) {
                    DutyStatus::Waived => DutyStatus::Missed,
                    other @ (DutyStatus::Kept | DutyStatus::Late | DutyStatus::Missed | DutyStatus::Open) => {
                        other
                    }
                },
                DueDay::Plus(days) => case.status(duty, trigger, ends, later(day, *days), as_of),
                DueDay::Table(table) => {
                    case.status(duty, trigger, ends, table[(day - self.days.first) as usize], as_of)
                }
            };
            set |= status_bit(status);
        }
        set
    }
}

/// When a case is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    nanos: i64,
    /// The number of its day; [`NEVER`] past the last.
    day: u32,
    /// Whether all of the log is known then, and happened while the agreement is in force.
    all_known: bool,
}

/// What can end an instance, as masks of entries.
#[derive(Clone, Copy)]
struct Ends {
    fulfilling: u64,
    closing: u64,
}

/// A case as masks.
#[derive(Clone, Debug)]
pub(crate) struct FlatCase {
    /// By bit of a kind, which entries are of it. There are more than bits, so that none has to be checked.
    masks: [u64; 256],
    /// The kinds that there are.
    present: Kinds,
    /// The rules that have something to say of them.
    rules: u64,
    /// The day of each entry.
    days: [u32; ENTRIES_MAX],
    /// The first entry that happened at the same instant.
    same_from: [u8; ENTRIES_MAX],
    count: usize,
    last: i64,
}

impl Default for FlatCase {
    fn default() -> Self {
        Self {
            masks: [0; 256],
            present: 0,
            rules: 0,
            days: [0; ENTRIES_MAX],
            same_from: [0; ENTRIES_MAX],
            count: 0,
            last: i64::MIN,
        }
    }
}

impl FlatCase {
    /// Forgets the case before.
    fn clear(&mut self) {
        for kind in ones(self.present) {
            self.masks[kind] = 0;
        }
        self.present = 0;
        self.rules = 0;
        self.count = 0;
        self.last = i64::MIN;
    }

    /// Takes the next entry; no where it is out of order, or one too many.
    #[inline]
    fn take(&mut self, kind: FlatKind, at: i64, day: u32) -> bool {
        let place = self.count;
        if place == ENTRIES_MAX || at < self.last {
            return false;
        }
        let same_from = if at == self.last { self.same_from[place - 1] } else { place.to_le_bytes()[0] };
        self.same_from[place] = same_from;
        self.days[place] = day;
        self.masks[usize::from(kind.bit)] |= 1 << place;
        self.present |= 1 << kind.bit;
        self.rules |= kind.rules;
        self.last = at;
        self.count += 1;
        true
    }

    /// The entries of any of these kinds.
    #[inline]
    fn of(&self, kinds: KindList) -> u64 {
        match kinds.few {
            Some([a, b, c, d]) => {
                let mask = |bit: u8| self.masks[usize::from(bit)];
                mask(a) | mask(b) | mask(c) | mask(d)
            }
            None => ones(kinds.all & self.present).fold(0, |mask, kind| mask | self.masks[kind]),
        }
    }

    #[inline]
    fn status(&self, duty: &FlatDuty, trigger: usize, ends: Ends, due: u32, as_of: AsOf) -> DutyStatus {
        let from = match duty.may_precede {
            MayPrecede::Yes => u64::MAX,
            MayPrecede::No => u64::MAX << self.same_from[trigger],
        };
        let fulfilling = ends.fulfilling & from & !(1 << trigger);
        let closing = ends.closing & (u64::MAX << trigger << 1);
        let (fulfilled, closed) = (fulfilling.trailing_zeros(), closing.trailing_zeros());
        if fulfilled < closed {
            let is_past = self.days[fulfilled as usize] > due;
            return if is_past { DutyStatus::Late } else { DutyStatus::Kept };
        }
        if closing != 0 {
            let is_past = self.days[closed as usize] > due;
            return if is_past { DutyStatus::Missed } else { DutyStatus::Waived };
        }
        if as_of.day > due { DutyStatus::Missed } else { DutyStatus::Open }
    }

    /// Whether any entry lacks what it needs.
    fn breaks(&self, rule: &FlatRequirement) -> bool {
        ones(self.of(rule.of)).any(|entry| rule.needs.iter().any(|kinds| !self.is_there(rule, entry, *kinds)))
    }

    /// Whether something of these kinds is there, early enough: then the first of them is.
    fn is_there(&self, rule: &FlatRequirement, entry: usize, kinds: KindList) -> bool {
        let needed = self.of(kinds);
        let first = needed.trailing_zeros() as usize;
        needed != 0
            && match rule.ahead {
                None => usize::from(self.same_from[first]) <= entry,
                Some(days) => self.days[first].saturating_add(days) <= self.days[entry],
            }
    }
}

/// The places of the ones of a mask, from the lowest.
#[inline]
fn ones(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (place < 64).then_some(place)
    })
}

fn bit_of(code: &Code, name: &str) -> u8 {
    let kind = code.kinds_called.get(name).and_then(|by_version| by_version[0]);
    let bit = kind.map_or(0, |kind| code.kinds[usize::from(kind)].bit);
    if bit == 0 { NO_BIT } else { bit.trailing_zeros().to_le_bytes()[0] }
}

fn due_days(days: &DayCalendar, rule: &LimitCode, numbers: Range<u32>) -> DueDay {
    if *rule == LimitCode::AtOnce {
        return DueDay::AtOnce;
    }
    if let LimitCode::Days { amount, at: None } = rule
        && amount.unit == Unit::Day
    {
        return DueDay::Plus(amount.count);
    }
    DueDay::Table(numbers.map(|day| due_of(days, rule, day)).collect())
}

/// A day so many days later; no day of the calendar's is later than its last.
#[inline]
fn later(day: u32, days: u32) -> u32 {
    let due = day.saturating_add(days);
    if due > DayNumber::LAST.number() { NEVER } else { due }
}

fn due_of(days: &DayCalendar, rule: &LimitCode, day: u32) -> u32 {
    let due = DayNumber::new(day).and_then(|day| due_day(days, rule, day.date()));
    due.and_then(|date| DayNumber::of(date).ok()).map_or(NEVER, DayNumber::number)
}
