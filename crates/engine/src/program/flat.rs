//! Rules that hang on kinds, days and order alone: what they say of a case follows from its course, but for comparisons
//! of days (see `courses`).

use std::sync::OnceLock;

use samspill_agreement::model::{Foreknown, MayPrecede, RequirementEffect, Restart, Unit, Which};
use samspill_base::calendar::{DayCalendar, DayNumber};

use super::{
    code::{Code, Cond, DutyCode, Kinds, LimitCode, RequirementCode},
    limits::due_day,
};

/// A day after all others: no limit is past.
pub(crate) const NEVER: u32 = u32::MAX;

/// The rules of a program, where all of them are of this sort.
#[derive(Debug)]
pub(crate) struct Flat {
    pub duties: Vec<FlatDuty>,
    pub requirements: Vec<FlatRequirement>,
    pub tables: Vec<DueTable>,
    pub days: DayCalendar,
    pub in_force: (i64, i64),
    /// How many kinds its rules name.
    pub named_kinds: usize,
}

#[derive(Debug)]
pub(crate) struct FlatDuty {
    pub after: Kinds,
    pub must: Kinds,
    pub waived_by: Kinds,
    pub which: Which,
    pub may_precede: MayPrecede,
    pub due: FlatDue,
}

/// The limit of a duty, by the day that triggers it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FlatDue {
    AtOnce,
    /// Through so many days later.
    Plus(u32),
    /// By the table with this number.
    ByDay(u8),
}

#[derive(Debug)]
pub(crate) struct FlatRequirement {
    pub of: Kinds,
    /// One set for each kind needed.
    pub needs: Vec<Kinds>,
    /// So many days before.
    pub ahead: u32,
}

impl Flat {
    /// The rules, if all of them are of this sort.
    pub(crate) fn of(code: &Code) -> Option<Self> {
        let [version] = &code.versions[..] else { return None };
        let plain_kinds = !code.has_cancels && code.kinds.iter().all(|kind| kind.foreknown == Foreknown::No);
        let repeats = version.version.phases.iter().any(|phase| phase.restart == Restart::Ignored);
        let has_more = !version.windows.is_empty() || !version.contents.is_empty();
        let too_many = version.duties.len() + version.requirements.len() > usize::from(u8::MAX);
        if !plain_kinds || repeats || has_more || too_many {
            return None;
        }
        let days = &version.version.calendar.days;
        let mut tables = Vec::new();
        let duties =
            version.duties.iter().map(|duty| flat_duty(days, duty, &mut tables)).collect::<Option<_>>()?;
        Some(Self {
            duties,
            tables,
            requirements: version.requirements.iter().map(flat_requirement).collect::<Option<_>>()?,
            days: DayCalendar::clone(days),
            in_force: version.in_force,
            named_kinds: code.named_kinds.len(),
        })
    }
}

fn flat_duty(days: &DayCalendar, duty: &DutyCode, tables: &mut Vec<DueTable>) -> Option<FlatDuty> {
    if !duty.is_plain() {
        return None;
    }
    Some(FlatDuty {
        after: duty.after_any,
        must: duty.must,
        waived_by: duty.waived_by,
        which: duty.which,
        may_precede: duty.may_precede,
        due: flat_due(days, &duty.deadline.rule, tables)?,
    })
}

fn flat_due(days: &DayCalendar, rule: &LimitCode, tables: &mut Vec<DueTable>) -> Option<FlatDue> {
    match rule {
        LimitCode::AtOnce => Some(FlatDue::AtOnce),
        LimitCode::Days { amount, at: None } if amount.unit == Unit::Day => Some(FlatDue::Plus(amount.count)),
        LimitCode::Days { at: None, .. }
        | LimitCode::FirstWorkingDayOfNextMonth
        | LimitCode::LastDayOfMonth
        | LimitCode::DayOfNextMonth(_)
        | LimitCode::Annual { .. } => {
            tables.push(DueTable::new(days.clone(), rule.clone()));
            Some(FlatDue::ByDay(u8::try_from(tables.len() - 1).ok()?))
        }
        LimitCode::Elapsed(_)
        | LimitCode::Within(..)
        | LimitCode::Days { at: Some(_), .. }
        | LimitCode::ClockOn { .. }
        | LimitCode::BeforeKind(..)
        | LimitCode::BeforeFact(..) => None,
    }
}

fn flat_requirement(rule: &RequirementCode) -> Option<FlatRequirement> {
    let ahead = match rule.ahead {
        None => 0,
        // None at all is not the same as none of a day: the instant counts, not the day.
        Some(amount) if amount.unit == Unit::Day && amount.count > 0 => amount.count,
        Some(_) => return None,
    };
    let plain = rule.when == Cond::Always
        && rule.that == Cond::Always
        && rule.since == 0
        && rule.within.is_none()
        && rule.effect == RequirementEffect::Warn;
    plain.then(|| FlatRequirement { of: rule.of, needs: rule.needs.clone(), ahead })
}

/// Days in a span of a table: filled together when one of them is first asked for.
const SPAN: u32 = 512;

/// The limit of a rule for each day that may trigger it.
pub(crate) struct DueTable {
    days: DayCalendar,
    rule: LimitCode,
    spans: Vec<OnceLock<Box<[u32]>>>,
}

impl DueTable {
    fn new(days: DayCalendar, rule: LimitCode) -> Self {
        let spans = DayNumber::LAST.number() / SPAN + 1;
        Self { days, rule, spans: (0..spans).map(|_| OnceLock::new()).collect() }
    }

    /// The last day in time; [`NEVER`] where there is no limit.
    #[inline]
    pub(crate) fn due(&self, day: u32) -> u32 {
        let span = self.spans[(day / SPAN) as usize].get_or_init(|| self.span(day / SPAN));
        span[(day % SPAN) as usize]
    }

    fn span(&self, number: u32) -> Box<[u32]> {
        (number * SPAN..(number + 1) * SPAN).map(|day| self.compute(day)).collect()
    }

    fn compute(&self, day: u32) -> u32 {
        let due = DayNumber::new(day).and_then(|day| due_day(&self.days, &self.rule, day.date()));
        due.and_then(|date| DayNumber::of(date).ok()).map_or(NEVER, DayNumber::number)
    }
}

/// The rule alone: the table is long.
impl std::fmt::Debug for DueTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DueTable").field("rule", &self.rule).finish_non_exhaustive()
    }
}

/// A day so many days later; [`NEVER`] past the calendar's last.
#[inline]
pub(crate) fn later(day: u32, days: u32) -> u32 {
    let due = day.saturating_add(days);
    if due > DayNumber::LAST.number() { NEVER } else { due }
}
