//! The rows: what is kept, and what each says at an instant.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use samspill_engine::{Due, DutyStatus};
use serde::{Deserialize, Serialize};

use super::Span;

/// An entry that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// Its place in the community's log.
    pub position: u64,
    /// Its kind, as the agreement names it.
    pub kind: String,
    /// The time of it that was used.
    pub at: Timestamp,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueRow {
    /// "At once": no limit that can be computed. First in lists.
    AtOnce,
    /// The last instant in time.
    At(Timestamp),
    /// It hangs on something that hasn't happened. Last in lists.
    NotYetKnown,
}

/// How an instance of a duty went, whatever the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Neither done nor closed: open up to its limit, missed after it.
    Undone,
    /// Done in time.
    Kept,
    /// Done after the limit.
    Late,
    /// It fell away before its limit.
    Waived,
    /// Closed after its limit without being done.
    ClosedMissed,
}

/// How a duty stands at an instant, as far as its row can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusAt {
    /// Like this: what evaluating the whole case would say.
    Known(DutyStatus),
    /// The instant lies outside what the row was read for: the case must be evaluated.
    ReadAnew,
}

/// An instance of a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// The case.
    pub case: String,
    /// The duty.
    pub duty: String,
    /// Its clause; that of the exception, where one applied.
    pub clause: String,
    /// The version of the agreement that it follows.
    pub version: String,
    /// Who must.
    pub holder: String,
    /// How much a breach matters: `remark`, `deviation`, `serious`.
    pub severity: String,
    /// What triggered it.
    pub trigger: EntryRow,
    /// When the count started.
    pub triggered: Timestamp,
    /// The limit, as the agreement writes it; none where an exception couldn't be decided.
    pub limit: Option<String>,
    /// The limit.
    pub due: DueRow,
    /// How it went.
    pub course: Course,
    /// What fulfilled it.
    pub fulfilled: Option<EntryRow>,
    /// What closed it before it was done.
    pub closed: Option<EntryRow>,
    /// The places in the log that it used, in order.
    pub used: Vec<u64>,
    /// The instants for which this row holds.
    pub span: Span,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    /// The case.
    pub case: String,
    /// The rule.
    pub rule: String,
    /// Its clause.
    pub clause: String,
    /// The version of the agreement that it follows.
    pub version: String,
    /// What follows: the words of [`FindingEffect::as_str`](samspill_engine::FindingEffect::as_str).
    pub effect: String,
    /// How much it matters.
    pub severity: String,
    /// The instant it is about; that of reading, where it is about the case as a whole.
    pub at: Timestamp,
    /// The entry it is about; none for the case as a whole.
    pub entry: Option<EntryRow>,
    /// In words, in bokmål.
    pub message: String,
    /// The places in the log that it used.
    pub used: Vec<u64>,
    /// The instants for which this row holds.
    pub span: Span,
}

/// A meter's count for a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterRow {
    /// The case.
    pub case: String,
    /// The meter.
    pub meter: String,
    /// Its clause.
    pub clause: String,
    /// The version of the agreement that it follows.
    pub version: String,
    /// How many days count.
    pub count: u32,
    /// What they cost in øre; none where any of them has no certain price.
    pub amount_ore: Option<i64>,
    /// Who pays, if the case says.
    pub payer: Option<String>,
    /// The waivers that made all days fall away.
    pub waived_by: Vec<String>,
    /// Its days, in order, days that are alike in one row.
    pub days: Vec<DayRow>,
    /// The instants for which this row holds.
    pub span: Span,
}

/// Days of a meter that follow each other and are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRow {
    /// The first of them.
    pub first: Date,
    /// The last of them.
    pub last: Date,
    /// What they are: the words of [`DayStatus::as_str`](samspill_engine::DayStatus::as_str).
    pub status: String,
    /// Whether they count.
    pub counts: bool,
    /// Whether nothing that may still happen in the case can change them.
    pub is_final: bool,
    /// What each costs in øre; none where it isn't paid or no certain price is known.
    pub amount_ore: Option<i64>,
    /// Why: the words of [`DayReason::code`](samspill_engine::DayReason::code).
    pub because: Vec<String>,
    /// The clauses of the reasons.
    pub clauses: Vec<String>,
    /// The places in the log that they used.
    pub used: Vec<u64>,
}

/// A phase that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseRow {
    /// The phase.
    pub phase: String,
    /// What began it.
    pub from: EntryRow,
}

/// What a meter has come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterSum {
    /// The meter.
    pub meter: String,
    /// How many days count.
    pub count: u32,
    /// What they cost in øre, if that is certain.
    pub amount_ore: Option<i64>,
    /// Who pays, if the case says.
    pub payer: Option<String>,
}

/// A case that isn't settled: a line on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayRow {
    /// The case.
    pub case: String,
    /// The agreement that it follows; none where the case names none of the community's: then it has no duties.
    pub agreement: Option<String>,
    /// What the case calls its agreement, where that is none of the community's.
    pub names_other: Option<String>,
    /// The version in force at its first entry; empty without an agreement.
    pub version: String,
    /// Whether what the case began with still runs: the patient is there. A case that is over may still have duties undone.
    pub is_going_on: bool,
    /// The phases that run, in the order in which they began.
    pub phases: Vec<PhaseRow>,
    /// The duties that are neither done nor closed, by limit.
    pub undone: Vec<DutyRow>,
    /// The days so far, by meter.
    pub meters: Vec<MeterSum>,
    /// How many findings there are.
    pub findings: u64,
    /// The instants for which phases and duties hold.
    pub span: Span,
    /// The instants for which days and findings hold.
    pub days_span: Span,
}

/// Entries of a case lie from one place in the log to another, perhaps with others between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionRun {
    /// The first place.
    pub first: u64,
    /// The last place.
    pub last: u64,
}

/// What a search finds a case by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRow {
    /// The case.
    pub case: String,
    /// The persons that it is about, the latest named first: see [`persons_of`](super::persons_of).
    pub persons: Vec<String>,
    /// All whom entries name, also those that were cancelled: who has to hear of it, and whose protection holds.
    pub named: BTreeSet<String>,
    /// Who sent and received entries.
    pub parties: BTreeSet<String>,
    /// The entries' own ids.
    pub ids: BTreeSet<String>,
    /// The kinds of entries, as the log names them.
    pub kinds: BTreeSet<String>,
    /// The phases that ran when the last entry was recorded.
    pub phases: Vec<String>,
    /// When the earliest entry happened.
    pub first: Timestamp,
    /// When the latest entry happened.
    pub last: Timestamp,
    /// How many entries there are.
    pub entries: u64,
    /// Where they lie in the log.
    pub log: Vec<PositionRun>,
    /// The instants for which all rows of the case hold.
    pub span: Span,
}

/// What names an instance of a duty within its case, in addresses and where it is given to somebody: the duty, the place of its
/// trigger, and when its count started.
pub fn duty_key(duty: &str, position: u64, triggered: Timestamp) -> String {
    format!("{duty}.{position}.{}", triggered.as_second())
}

impl DutyRow {
    /// What names it within its case: see [`duty_key`].
    pub fn key(&self) -> String {
        duty_key(&self.duty, self.trigger.position, self.triggered)
    }

    /// The places in the log of what triggered, did and closed it.
    pub fn positions(&self) -> impl Iterator<Item = u64> + '_ {
        let entries = [Some(&self.trigger), self.fulfilled.as_ref(), self.closed.as_ref()];
        entries.into_iter().flatten().map(|entry| entry.position)
    }

    /// Whether it was triggered, done or closed by an entry that isn't shown.
    pub fn hangs_on(&self, hidden: &BTreeSet<u64>) -> bool {
        self.positions().any(|position| hidden.contains(&position))
    }
}

impl DueRow {
    /// The last instant in time, if it is known.
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(due) => Some(due),
            Self::AtOnce | Self::NotYetKnown => None,
        }
    }
}

impl From<Due> for DueRow {
    fn from(due: Due) -> Self {
        match due {
            Due::At(at) => Self::At(at),
            Due::AtOnce => Self::AtOnce,
            Due::NotYetKnown => Self::NotYetKnown,
        }
    }
}

impl DutyRow {
    /// How it stands at an instant. At the limit itself it is still open; a nanosecond later it is missed.
    pub fn at(&self, now: Timestamp) -> StatusAt {
        match self.span.reads_as(now) {
            Some(as_of) => StatusAt::Known(self.status(as_of)),
            None => StatusAt::ReadAnew,
        }
    }

    /// The next instant after `now` at which time alone gives it another status, or ends what the row can tell.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let passes = self.passes().filter(|at| *at > now && !self.span.is_fixed);
        passes.into_iter().chain(self.span.until.filter(|until| *until > now)).min()
    }

    /// The first instant past the limit, if it can still be missed.
    pub(super) fn passes(&self) -> Option<Timestamp> {
        let due = self.due.instant().filter(|_| self.course == Course::Undone)?;
        due.checked_add(jiff::SignedDuration::from_nanos(1)).ok()
    }

    fn status(&self, as_of: Timestamp) -> DutyStatus {
        match self.course {
            Course::Kept => DutyStatus::Kept,
            Course::Late => DutyStatus::Late,
            Course::Waived => DutyStatus::Waived,
            Course::ClosedMissed => DutyStatus::Missed,
            Course::Undone if self.due.instant().is_some_and(|due| as_of > due) => DutyStatus::Missed,
            Course::Undone => DutyStatus::Open,
        }
    }
}

impl StayRow {
    /// The duty that is open and must be done first, and so who must act next: what is due at once, then the nearest limit. Rows are read as they were made where
    /// they don't hold at `now`: ask for a row that does ([`Board`](super::Board) gives those).
    pub fn next_duty(&self, now: Timestamp) -> Option<&DutyRow> {
        let as_of = self.span.reads_as(now).unwrap_or(self.span.as_of);
        self.undone.iter().find(|duty| duty.status(as_of) == DutyStatus::Open)
    }

    /// How many duties are past their limits and not done.
    pub fn overdue(&self, now: Timestamp) -> usize {
        let as_of = self.span.reads_as(now).unwrap_or(self.span.as_of);
        self.undone.iter().filter(|duty| duty.status(as_of) == DutyStatus::Missed).count()
    }

    /// The next instant after `now` at which time alone changes anything about the case; none where it never does.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let passes = self.undone.iter().filter_map(|duty| duty.next_change(now));
        let ends = [self.span.until, self.days_span.until];
        passes.chain(ends.into_iter().flatten().filter(|at| *at > now)).min()
    }
}

impl SearchRow {
    /// Whether every word that was typed stands somewhere in the row, whatever the case of its letters: in the case's name, a person's id,
    /// a party, an entry's id, a kind or a phase. Without any word it doesn't.
    pub fn matches(&self, typed: &str) -> bool {
        let mut words = typed.split_whitespace().map(str::to_lowercase).peekable();
        words.peek().is_some() && words.all(|word| self.has(&word))
    }

    fn has(&self, word: &str) -> bool {
        let sets = [&self.parties, &self.ids, &self.kinds];
        let texts = sets.into_iter().flatten().chain(&self.persons).chain(&self.phases).chain([&self.case]);
        texts.into_iter().any(|text| text.to_lowercase().contains(word))
    }
}
