//! What comes out: every item with its clause, the version that it follows, the entries it used and what it computed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use samspill_agreement::model::{
    AgreementId, DutyId, DutyState, FactName, KindId, MeterId, PartyId, PhaseId, RuleId, Severity,
};
use samspill_base::{ClauseRef, Clock, Ore, Position, Value};

/// A case, read against an agreement as of an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The case.
    pub case: String,
    /// The agreement.
    pub agreement: AgreementId,
    /// The version in force at the case's first entry (each item names its own).
    pub version: String,
    /// The instant as of which it was read.
    pub as_of: Timestamp,
    /// The zone in which days were counted.
    pub zone: TimeZone,
    /// The duties, in the order of the agreement, then of their triggers.
    pub duties: Vec<DutyReading>,
    /// The findings, in the order of the entries they are about.
    pub findings: Vec<Finding>,
    /// The meters, in the order of the agreement.
    pub meters: Vec<MeterReading>,
    /// The facts as they stand.
    pub facts: BTreeMap<FactName, Value>,
    /// The phases that have begun, in the order in which they did.
    pub phases: Vec<PhaseReading>,
    /// The checklists that apply.
    pub checklists: Vec<ChecklistReading>,
    /// The entries that were not used, and why.
    pub set_aside: Vec<SetAside>,
}

/// An entry that was used, and the time of it that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRef {
    /// Its place in the log.
    pub position: Position,
    /// Its kind.
    pub kind: KindId,
    /// The time that was used.
    pub at: Timestamp,
}

/// How a duty went.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyReading {
    /// The duty.
    pub duty: DutyId,
    /// Its clause; that of the exception, where one applied.
    pub clause: ClauseRef,
    /// The version that it follows: the one in force when it was triggered.
    pub version: String,
    /// Who must.
    pub holder: PartyId,
    /// How much a breach matters.
    pub severity: Severity,
    /// The entry that triggered it.
    pub trigger: EntryRef,
    /// When the count started, for the reader: the trigger's time, or that of what renewed or reset it.
    pub triggered: Timestamp,
    /// The limit.
    pub due: Due,
    /// How it went.
    pub status: DutyStatus,
    /// What fulfilled it.
    pub fulfilled: Option<EntryRef>,
    /// What closed it before it was done.
    pub closed: Option<EntryRef>,
    /// The reasoning, step by step.
    pub steps: Vec<Step>,
}

/// A limit that was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The last instant that is in time.
    At(Timestamp),
    /// The agreement says "at once": no limit that can be computed.
    AtOnce,
    /// It hangs on something that hasn't happened, or on a date nobody has given.
    NotYetKnown,
}

impl Due {
    /// The last instant in time, if it is known.
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(due) => Some(due),
            Self::AtOnce | Self::NotYetKnown => None,
        }
    }

    /// Whether the limit runs through a whole day: its last instant is the day's last nanosecond.
    pub fn is_whole_day(self) -> bool {
        self.instant().is_some_and(|due| due.subsec_nanosecond() == 999_999_999)
    }
}

/// How a duty went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyStatus {
    /// Done at or before the limit (or done, where no limit is known).
    Kept,
    /// Done after the limit.
    Late,
    /// The limit has passed, and it isn't done.
    Missed,
    /// Not done, and the limit hasn't passed.
    Open,
    /// It fell away before its limit.
    Waived,
}

impl DutyStatus {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 5] = [Self::Kept, Self::Late, Self::Missed, Self::Open, Self::Waived];

    /// The word in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::Open => "open",
            Self::Waived => "waived",
        }
    }

    /// Whether a duty that went like this is in the state that a condition asks for.
    pub fn is_in(self, state: DutyState) -> bool {
        match state {
            DutyState::Kept => self == Self::Kept,
            DutyState::Late => self == Self::Late,
            DutyState::Missed => self == Self::Missed,
            DutyState::Open => self == Self::Open,
            DutyState::Waived => self == Self::Waived,
            DutyState::Fulfilled => matches!(self, Self::Kept | Self::Late),
            DutyState::Overdue => matches!(self, Self::Late | Self::Missed),
        }
    }
}

impl DutyReading {
    /// How long after the limit it was done; for a missed one, how long after the limit it is as the case is read.
    ///
    /// Where the limit runs through a day, whole local days are counted: done on the next day is one day late,
    /// whatever the hour. Otherwise it is elapsed time.
    pub fn late_by(&self, evaluation: &Evaluation) -> Option<SignedDuration> {
        let due = self.due.instant()?;
        let past = match self.status {
            DutyStatus::Late => self.fulfilled.as_ref()?.at,
            DutyStatus::Missed => evaluation.as_of,
            DutyStatus::Kept | DutyStatus::Open | DutyStatus::Waived => return None,
        };
        Some(lateness(due, past, &evaluation.zone))
    }

    /// The places in the log that it used, in order.
    pub fn used(&self) -> Vec<Position> {
        let stepped = self.steps.iter().flat_map(Step::used);
        let mut used: Vec<_> = std::iter::once(self.trigger.position)
            .chain(self.fulfilled.iter().chain(&self.closed).map(|entry| entry.position))
            .chain(stepped)
            .collect();
        used.sort_unstable();
        used.dedup();
        used
    }
}

/// How long past a limit an instant is: whole local days where the limit runs through a day, elapsed time otherwise.
pub(crate) fn lateness(due: Timestamp, past: Timestamp, zone: &TimeZone) -> SignedDuration {
    if !Due::At(due).is_whole_day() {
        return past.duration_since(due);
    }
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let days = day(due).until(day(past)).map_or(0, |span| span.get_days());
    SignedDuration::from_hours(24 * i64::from(days))
}

/// A step of the reasoning about a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The trigger, and the time of it that counts.
    Triggered(EntryRef, Clock),
    /// A new period began.
    Renewed(Timestamp),
    /// A window moved the start of the count to its next opening.
    MovedByWindow {
        /// The window.
        rule: RuleId,
        /// Its clause.
        clause: ClauseRef,
        /// To when.
        to: Timestamp,
    },
    /// A cut-off moved the start of the count to the next day.
    MovedByCutOff(Timestamp),
    /// An exception applied.
    Excepted {
        /// The exception.
        rule: RuleId,
        /// Its clause.
        clause: ClauseRef,
    },
    /// Whether an exception applies hangs on facts that are missing: the limit can't be told.
    Undecided(RuleId, Vec<FactName>),
    /// The count started anew.
    Reset(EntryRef),
    /// The clock stood still; `None`: it still does.
    Suspended(EntryRef, Option<EntryRef>),
    /// The limit, as the agreement writes it, and what it came to.
    Limited(String, Due),
    /// Backwards limits: the entry that it is counted from.
    CountedBackFrom(EntryRef),
    /// Backwards limits: the day that a fact holds.
    CountedBackFromFact(FactName, Value),
}

impl Step {
    fn used(&self) -> Vec<Position> {
        match self {
            Self::Triggered(entry, _) | Self::Reset(entry) | Self::CountedBackFrom(entry) => {
                vec![entry.position]
            }
            Self::Suspended(from, until) => {
                std::iter::once(from).chain(until).map(|entry| entry.position).collect()
            }
            Self::Renewed(_)
            | Self::MovedByWindow { .. }
            | Self::MovedByCutOff(_)
            | Self::Excepted { .. }
            | Self::Undecided(..)
            | Self::Limited(..)
            | Self::CountedBackFromFact(..) => Vec::new(),
        }
    }
}

/// Something that the agreement says should have been otherwise, or that it cannot decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// Its clause.
    pub clause: ClauseRef,
    /// The version that it follows.
    pub version: String,
    /// What follows.
    pub effect: FindingEffect,
    /// How much it matters.
    pub severity: Severity,
    /// The entry it is about; `None` for the case as a whole.
    pub entry: Option<EntryRef>,
    /// The instant it is about.
    pub at: Timestamp,
    /// What was missing or seen.
    pub missing: Missing,
    /// The places in the log that it used.
    pub used: Vec<Position>,
}

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingEffect {
    /// The entry is as if never given.
    Void,
    /// It stands, and should have been otherwise.
    Warn,
    /// It counts as given at the next opening.
    CountsFromNextOpening,
    /// Days are payable, and can be contested.
    Contestable,
    /// A rule couldn't be decided: a fact is missing.
    Undecided,
    /// Days can't be priced: no certain price is known for them.
    Unpriced,
    /// A cancellation names nothing that the log has.
    CancelsNothing,
}

impl FindingEffect {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Warn => "warn",
            Self::CountsFromNextOpening => "counts-from-next-opening",
            Self::Contestable => "contestable",
            Self::Undecided => "undecided",
            Self::Unpriced => "unpriced",
            Self::CancelsNothing => "cancels-nothing",
        }
    }
}

/// What was missing or seen, so that a sentence can be made of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Missing {
    /// No entry of these kinds was there.
    Kinds(Vec<KindId>),
    /// A condition of the rule wasn't met.
    NotSo,
    /// The entry came outside the open hours; the next opening.
    OutsideHours(Option<Timestamp>),
    /// The body says nothing in these fields.
    Fields(Vec<String>),
    /// These facts are not known.
    Facts(Vec<FactName>),
    /// These days can't be priced.
    Prices(Vec<Date>),
    /// These days are contestable.
    Days(Vec<Date>),
    /// A cancellation names this id.
    Entry(String),
    /// Entries of these kinds are there, but not within the time that the rule asks for.
    OutOfTime(Vec<KindId>),
    /// These facts or fields say something that isn't of their type; what they said.
    Misfits(Vec<(String, String)>),
}

/// A meter's count for the case.
#[derive(Clone, Debug, PartialEq)]
pub struct MeterReading {
    /// The meter.
    pub meter: MeterId,
    /// Its clause.
    pub clause: ClauseRef,
    /// The version that it follows: the one in force when the (first) run started.
    pub version: String,
    /// How many days count: payable, contestable and provisional ones.
    pub count: u32,
    /// What they cost; `None` where any of them has no certain price.
    pub amount: Option<Ore>,
    /// Who pays, if the case says.
    pub payer: Option<String>,
    /// The waivers that made all days fall away.
    pub waived_by: Vec<RuleId>,
    /// Day by day, in the order of time.
    pub days: Vec<MeterDay>,
}

/// A day of a meter.
#[derive(Clone, Debug, PartialEq)]
pub struct MeterDay {
    /// The day.
    pub date: Date,
    /// What it is.
    pub status: DayStatus,
    /// Whether nothing that may still happen in the case can change it: nothing marks it provisional.
    pub is_final: bool,
    /// Its number among the paid days of its run, from 1.
    pub number: Option<u32>,
    /// What it costs; `None` where it isn't paid, or no certain price is known.
    pub amount: Option<Ore>,
    /// Why.
    pub because: Vec<DayReason>,
    /// The places in the log that it used.
    pub used: Vec<Position>,
}

/// What a day of a meter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayStatus {
    /// It isn't paid.
    NotPayable,
    /// It counts, and may still change.
    Provisional,
    /// It counts.
    Payable,
    /// It counts, and can be contested. (It may be provisional as well.)
    Contestable,
}

impl DayStatus {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotPayable => "not payable",
            Self::Provisional => "provisional",
            Self::Payable => "payable",
            Self::Contestable => "contestable",
        }
    }

    /// Whether the day counts.
    pub fn counts(self) -> bool {
        match self {
            Self::NotPayable => false,
            Self::Provisional | Self::Payable | Self::Contestable => true,
        }
    }
}

/// A reason for what a day is.
#[derive(Clone, Debug, PartialEq)]
pub enum DayReason {
    /// The run has started and not stopped, and somebody is liable.
    Runs(ClauseRef, EntryRef),
    /// The count begins on a later day.
    BeforeFirstDay(ClauseRef, Date),
    /// The count ended by what this entry says.
    AfterLastDay(ClauseRef, EntryRef),
    /// Nobody is liable.
    NotLiable(ClauseRef),
    /// Nobody is liable yet: a duty is still open.
    NotYetLiable(ClauseRef),
    /// Who is liable hangs on facts that are missing.
    LiabilityUndecided(ClauseRef, Vec<FactName>),
    /// All days of the case fell away.
    Waived(RuleId, ClauseRef, Vec<Position>),
    /// It is one of the free days.
    Free(ClauseRef, u32),
    /// The meter doesn't count such days.
    NotCounted(ClauseRef),
    /// A mark made it contestable.
    Contestable(RuleId, ClauseRef),
    /// A mark made it provisional.
    Provisional(RuleId, ClauseRef),
    /// What the day costs, and where the price stands.
    Priced(ClauseRef, Ore),
    /// No certain price is known.
    Unpriced(ClauseRef),
}

impl DayReason {
    /// The clause that it rests on.
    pub fn clause(&self) -> &ClauseRef {
        match self {
            Self::Runs(clause, _)
            | Self::BeforeFirstDay(clause, _)
            | Self::AfterLastDay(clause, _)
            | Self::NotLiable(clause)
            | Self::NotYetLiable(clause)
            | Self::LiabilityUndecided(clause, _)
            | Self::Waived(_, clause, _)
            | Self::Free(clause, _)
            | Self::NotCounted(clause)
            | Self::Contestable(_, clause)
            | Self::Provisional(_, clause)
            | Self::Priced(clause, _)
            | Self::Unpriced(clause) => clause,
        }
    }

    /// A stable word for it, in JSON.
    pub fn code(&self) -> &str {
        match self {
            Self::Runs(..) => "runs",
            Self::BeforeFirstDay(..) => "before-first-day",
            Self::AfterLastDay(..) => "after-last-day",
            Self::NotLiable(..) => "not-liable",
            Self::NotYetLiable(..) => "not-yet-liable",
            Self::LiabilityUndecided(..) => "liability-undecided",
            Self::Waived(rule, ..) | Self::Contestable(rule, _) | Self::Provisional(rule, _) => rule.as_str(),
            Self::Free(..) => "free",
            Self::NotCounted(..) => "not-counted",
            Self::Priced(..) => "priced",
            Self::Unpriced(..) => "unpriced",
        }
    }
}

/// A phase that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseReading {
    /// The phase.
    pub phase: PhaseId,
    /// Since when.
    pub from: EntryRef,
    /// Until when; `None` while it runs.
    pub until: Option<EntryRef>,
}

/// A checklist, point by point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistReading {
    /// The checklist.
    pub checklist: RuleId,
    /// The version that it follows.
    pub version: String,
    /// Its points, in order, without those that don't apply.
    pub points: Vec<CheckReading>,
}

/// A point of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReading {
    /// The point.
    pub point: RuleId,
    /// Its clause.
    pub clause: ClauseRef,
    /// The part of the list that it belongs to.
    pub phase: PhaseId,
    /// How it stands.
    pub status: CheckStatus,
    /// What shows that it is done.
    pub done_by: Option<EntryRef>,
}

/// How a point of a checklist stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// Done.
    Done,
    /// Not done.
    Missing,
    /// A person must say, and nobody has.
    AskPerson,
    /// A reminder: there is nothing to do.
    Reminder,
    /// It hangs on a fact that is missing.
    Undecided,
}

impl CheckStatus {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Missing => "missing",
            Self::AskPerson => "ask-person",
            Self::Reminder => "reminder",
            Self::Undecided => "undecided",
        }
    }
}

/// An entry that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its place in the log.
    pub position: Position,
    /// Its kind, as the log names it.
    pub kind: String,
    /// Why.
    pub why: SetAsideWhy,
}

/// Why an entry was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetAsideWhy {
    /// The agreement doesn't know its kind.
    UnknownKind,
    /// It was cancelled.
    Cancelled {
        /// By the entry there.
        by: Position,
    },
    /// Its time is outside the years that calendars cover.
    OutsideCalendar,
    /// It only repeats what already runs.
    Repeats,
}
