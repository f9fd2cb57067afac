//! What an agreement is compiled to: numbers, masks and flat lists.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Time;
use samspill_agreement::model::{
    Amount, CutOff, DayKind as NamedDayKind, FactType, Foreknown, GivenCutOff, LastDay, MayPrecede, Period,
    Progression, RequirementEffect, StopEffect, Version, Which, WindowEffect,
};
use samspill_base::{Clock, Ore, Value};

use super::atoms::{FactSlot, FieldAtom};

/// A set of kinds of entry that rules name: a bit for each.
pub(crate) type Kinds = u64;

/// The kinds that rules may name at the most; an agreement with more is read by the readable evaluator.
pub(crate) const NAMED_KINDS_MAX: usize = 64;

/// The facts that conditions may name at the most.
pub(crate) const FACTS_MAX: usize = 64;

/// The questions that conditions may ask of fields at the most.
pub(crate) const FIELD_ATOMS_MAX: usize = 128;

/// A number of a fact's name.
pub(crate) type FactNo = u16;

/// A compiled agreement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    pub versions: Vec<VersionCode>,
    /// All kinds of all versions.
    pub kinds: Vec<KindCode>,
    /// What the log calls kinds: the kind under each version, a number of `kinds`.
    pub kinds_called: BTreeMap<String, Vec<Option<u16>>>,
    /// The facts that anything asks for, by name.
    pub facts: BTreeMap<String, FactNo>,
    /// The fields that anything asks for, by name.
    pub fields: BTreeMap<String, u16>,
    pub field_atoms: Vec<FieldAtom>,
    /// From and until when calendars reach, in nanoseconds since 1970; the end is not in it.
    pub covered: (i64, i64),
    /// Whether nobody asks for findings.
    pub without_findings: bool,
    /// Whether any kind cancels others.
    pub has_cancels: bool,
    /// The kinds that rules name, so that a bit can be said in words.
    pub named_kinds: Vec<String>,
}

/// A kind of entry under a version.
#[derive(Clone, Debug)]
pub(crate) struct KindCode {
    /// Its bit, if rules name it.
    pub bit: Kinds,
    pub foreknown: Foreknown,
    /// The field by which it names what it cancels.
    pub cancels: Option<u16>,
    pub sets: Vec<(FactNo, SetCode)>,
    /// The types of the fields it declares, by the name of the field.
    pub fields: BTreeMap<String, FactType>,
    /// The rank of its id among all rules, for findings about the kind itself.
    pub rank: u32,
    /// The number of verdicts for findings about the kind itself, and for days without a version.
    pub rule: u32,
    pub rule_without_version: u32,
}

/// What a kind sets a fact to.
#[derive(Clone, Debug)]
pub(crate) enum SetCode {
    Value(Value),
    Field(u16),
}

/// A version, compiled.
#[derive(Clone, Debug)]
pub(crate) struct VersionCode {
    pub version: Arc<Version>,
    /// From and until when it is in force, in nanoseconds since 1970; the end is not in it.
    pub in_force: (i64, i64),
    pub slots: Vec<FactSlot>,
    pub phases: Vec<PhaseCode>,
    pub hours: Vec<HoursCode>,
    pub requirements: Vec<RequirementCode>,
    pub windows: Vec<WindowCode>,
    pub contents: Vec<ContentCode>,
    pub duties: Vec<DutyCode>,
    pub meters: Vec<MeterCode>,
    /// The kinds whose entries can be anything else than given when they happened, or that begin and end phases.
    pub marked: Kinds,
}

impl VersionCode {
    /// Finds the kinds that rules and phases mark.
    pub(crate) fn find_marked(&mut self) {
        let phases = self.phases.iter().map(|phase| phase.from | phase.until);
        let requirements = self.requirements.iter().map(|rule| rule.of);
        let windows = self.windows.iter().map(|rule| rule.of);
        let contents = self.contents.iter().map(|rule| rule.of);
        self.marked =
            phases.chain(requirements).chain(windows).chain(contents).fold(0, |all, kinds| all | kinds);
    }
}

/// A condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cond {
    #[default]
    Always,
    /// An atom of a fact slot.
    Fact {
        slot: u16,
        atom: u8,
    },
    /// Whether a fact is known.
    FactKnown {
        slot: u16,
    },
    /// Whether two facts say the same (or, turned round, not).
    FactIsFact {
        slot: u16,
        other: u16,
        same: bool,
    },
    /// An atom of the entry's fields.
    Field {
        atom: u8,
    },
    /// Whether a field says the same as a fact.
    FieldIsFact {
        field: u16,
        other: u16,
        same: bool,
    },
    /// Whether there is an entry.
    Has {
        kind: Kinds,
        since: Kinds,
    },
    /// Whether the phase with this number runs.
    InPhase(u16),
    /// Whether an instance of a duty is in one of these states: a bit for each status, in their order.
    Duty {
        states: u8,
        duty: u16,
    },
    Not(Box<Cond>),
    All(Box<[Cond]>),
    Any(Box<[Cond]>),
}

impl Cond {
    /// Whether anything that it asks is so; what stands in `not`, `and` and `or` is asked too.
    pub(crate) fn asks(&self, is_it: &mut dyn FnMut(&Self) -> bool) -> bool {
        match self {
            Self::Not(inner) => inner.asks(is_it),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.asks(is_it)),
            Self::Always
            | Self::Fact { .. }
            | Self::FactKnown { .. }
            | Self::FactIsFact { .. }
            | Self::Field { .. }
            | Self::FieldIsFact { .. }
            | Self::Has { .. }
            | Self::InPhase(_)
            | Self::Duty { .. } => is_it(self),
        }
    }
}

impl DutyCode {
    /// Whether it hangs on kinds, days and order alone.
    pub(crate) fn is_plain(&self) -> bool {
        let by_day = match &self.deadline.rule {
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
        by_day
            && self.when == Cond::Always
            && self.must_where == Cond::Always
            && self.which != Which::Preferred
            && self.each.is_none()
            && self.pairing == PairingCode::Shared
            && self.suspended_by.is_empty()
            && self.reset_by == 0
            && self.exceptions.is_empty()
            && self.deadline.given.is_none()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PhaseCode {
    /// The number of its id, which versions share.
    pub id: u16,
    pub from: Kinds,
    pub until: Kinds,
    /// Entries that begin it while it runs change nothing.
    pub ignored: Kinds,
}

/// Open hours whose rows hang on conditions.
#[derive(Clone, Debug)]
pub(crate) struct HoursCode {
    pub id: String,
    /// The conditions of the conditional rows, in order.
    pub conditions: Vec<Cond>,
}

/// What a finding is about: the number in verdicts, and what tells it from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleCode {
    /// The number of verdicts.
    pub rule: u32,
    /// The place of its id among all ids in the order of the alphabet.
    pub rank: u32,
    /// Rules of the same id and version have the same number; this tells them apart.
    pub source: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct RequirementCode {
    pub rule: RuleCode,
    pub of: Kinds,
    pub when: Cond,
    /// One mask for each kind needed.
    pub needs: Vec<Kinds>,
    pub since: Kinds,
    pub ahead: Option<Amount>,
    pub within: Option<Amount>,
    pub that: Cond,
    pub effect: RequirementEffect,
}

#[derive(Clone, Debug)]
pub(crate) struct WindowCode {
    pub rule: RuleCode,
    pub of: Kinds,
    pub when: Cond,
    pub hours: Option<u16>,
    pub counts: Clock,
    pub effect: WindowEffect,
}

#[derive(Clone, Debug)]
pub(crate) struct ContentCode {
    pub rule: RuleCode,
    pub of: Kinds,
    pub when: Cond,
    /// The atoms that say that a field says something.
    pub needs: Vec<u8>,
    pub that: Cond,
}

#[derive(Clone, Debug)]
pub(crate) struct DutyCode {
    /// The number of verdicts.
    pub number: u32,
    /// The number of its id, which versions share.
    pub id: u16,
    pub rule: RuleCode,
    pub must: Kinds,
    pub must_where: Cond,
    /// In order of preference.
    pub after: Vec<Kinds>,
    pub after_any: Kinds,
    pub when: Cond,
    pub which: Which,
    pub each: Option<Period>,
    pub counts_from: Clock,
    pub fulfilled_at: Clock,
    pub deadline: DeadlineCode,
    pub may_precede: MayPrecede,
    pub pairing: PairingCode,
    pub waived_by: Kinds,
    pub suspended_by: Vec<(Kinds, Kinds)>,
    pub reset_by: Kinds,
    pub exceptions: Vec<ExceptionCode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairingCode {
    Shared,
    OneEach,
    /// The field of the answer that names the question.
    ByReference(u16),
}

#[derive(Clone, Debug)]
pub(crate) struct ExceptionCode {
    pub rule: RuleCode,
    pub when: Cond,
    pub deadline: Option<DeadlineCode>,
}

#[derive(Clone, Debug)]
pub(crate) struct DeadlineCode {
    pub rule: LimitCode,
    pub given: Option<(GivenCutOff, DayKindCode)>,
}

/// A time limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LimitCode {
    AtOnce,
    Elapsed(Amount),
    Within(Amount, Option<u16>),
    Days { amount: Amount, at: Option<Time> },
    ClockOn { at: Option<Time>, day: DayKindCode, days_after: u32, cut_off: Option<CutOff> },
    BeforeKind(Option<Amount>, Kinds),
    BeforeFact(Option<Amount>, u16),
    FirstWorkingDayOfNextMonth,
    LastDayOfMonth,
    DayOfNextMonth(u8),
    Annual { month: i8, day: i8 },
}

/// A kind of day; hours by number, `None` where they are not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayKindCode {
    Any,
    Working,
    OpenIn(Option<u16>),
}

#[derive(Clone, Debug)]
pub(crate) struct MeterCode {
    /// The number of verdicts.
    pub number: u32,
    /// The number of its id, which versions share.
    pub id: u16,
    pub rule: RuleCode,
    pub counts: DayKindCode,
    pub start: Kinds,
    pub start_when: Cond,
    pub start_rule: RuleCode,
    pub first_day: Vec<DayExprCode>,
    pub stops: Vec<StopCode>,
    pub stopping: Kinds,
    pub liable: Cond,
    /// The duties that the condition asks about and the run's start can trigger, with their triggers.
    pub liable_duties: Vec<LiableDuty>,
    pub waivers: Vec<WaiverCode>,
    pub contestable: Vec<MarkCode>,
    pub provisional: Vec<MarkCode>,
    pub payer: Option<u16>,
    pub payer_at: Kinds,
    pub rate: RateCode,
    pub progression: Progression,
    pub free_days: u32,
}

/// A duty that a meter's liability hangs on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiableDuty {
    pub id: u16,
    pub after: Kinds,
    pub counts_from: Clock,
}

#[derive(Clone, Debug)]
pub(crate) struct StopCode {
    pub rule: RuleCode,
    pub kinds: Kinds,
    pub when: Cond,
    pub day: Vec<DayExprCode>,
    pub last: LastDay,
    pub effect: StopEffect,
}

#[derive(Clone, Debug)]
pub(crate) struct WaiverCode {
    pub rule: RuleCode,
    pub when: Cond,
    pub at: Kinds,
    pub test: WaiverTestCode,
}

#[derive(Clone, Debug)]
pub(crate) enum WaiverTestCode {
    Unless(Kinds),
    IfWithin(Kinds, Amount, Cond),
}

#[derive(Clone, Debug)]
pub(crate) struct MarkCode {
    pub rule: RuleCode,
    pub when: Cond,
}

/// A day, worked out from an entry.
#[derive(Clone, Debug)]
pub(crate) enum DayExprCode {
    FromEntry(OffsetCode),
    FromKind(OffsetCode, Kinds),
    Field(OffsetCode, u16),
    Fact(OffsetCode, u16),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct OffsetCode {
    pub count: u32,
    pub of: DayKindCode,
    pub cut_off: Option<CutOff>,
}

/// What a day costs, by the day's number.
#[derive(Clone, Debug)]
pub(crate) enum RateCode {
    None,
    Fixed(Ore),
    /// From these days on, not from those; `None` where no certain price is known. Sorted.
    Dated(Vec<RateSpan>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct RateSpan {
    pub from: jiff::civil::Date,
    pub until: Option<jiff::civil::Date>,
    pub amount: Option<Ore>,
}

/// The hours that a kind of day names.
pub(crate) fn day_kind(kind: &NamedDayKind, hours: impl Fn(&str) -> Option<u16>) -> DayKindCode {
    match kind {
        NamedDayKind::Any => DayKindCode::Any,
        NamedDayKind::Working => DayKindCode::Working,
        NamedDayKind::OpenIn(id) => DayKindCode::OpenIn(hours(id)),
    }
}
