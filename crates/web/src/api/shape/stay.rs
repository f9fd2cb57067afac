use jiff::{Timestamp, civil::Date};
use samspill_service::{
    live::StayLine,
    projections::{CaseRows, DayRow, FindingRow, MeterRow, StayRow},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Duty, UsedEntry};

/// A stay in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StaySummary {
    /// What it is called.
    #[schema(example = "opphold-2025-03-28-6f2c91")]
    pub(crate) case: String,
    /// The agreement that it follows; none where that can't be told: then it has no duties.
    pub(crate) agreement: Option<String>,
    /// The version in force at its first entry; empty without an agreement.
    pub(crate) version: String,
    /// Whether the patient is still there. A stay that is over may have duties undone.
    pub(crate) is_going_on: bool,
    /// The phases that run.
    pub(crate) phases: Vec<Phase>,
    /// The duty that must be done first of those whose limits haven't passed.
    pub(crate) next_duty: Option<Duty>,
    /// How many duties are neither done nor closed.
    pub(crate) undone: usize,
    /// How many of them are past their limits.
    pub(crate) overdue: usize,
    /// The days so far.
    pub(crate) days: Vec<Sum>,
    /// How many findings there are.
    pub(crate) findings: u64,
    /// When the first entry happened.
    pub(crate) first: Timestamp,
    /// When the latest entry happened.
    pub(crate) last: Timestamp,
    /// The position of its last entry in the log.
    pub(crate) last_position: u64,
    /// Where all of it is.
    #[schema(format = "uri-reference")]
    pub(crate) href: String,
}

/// A stay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Stay {
    /// What it is called.
    pub(crate) case: String,
    /// The instant that it was read as of. Without meaning for the tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<Timestamp>,
    /// Whether it runs, or has duties undone.
    pub(crate) is_open: bool,
    /// The parties that take part.
    pub(crate) parties: Vec<String>,
    /// Its duties, in the order of the agreement, then of what triggered them.
    pub(crate) duties: Vec<Duty>,
    /// What the agreement says should have been otherwise, or can't decide.
    pub(crate) findings: Vec<Finding>,
    /// Its days, and what they cost.
    pub(crate) meters: Vec<Meter>,
    /// The position of its last entry in the log.
    pub(crate) last_position: u64,
    /// Where its entries are.
    #[schema(format = "uri-reference")]
    pub(crate) entries: String,
}

/// A phase that runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Phase {
    /// The phase.
    pub(crate) phase: String,
    /// What began it.
    pub(crate) from: UsedEntry,
}

/// What a meter has come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DaySum)]
pub(crate) struct Sum {
    /// The meter.
    pub(crate) meter: String,
    /// How many days count.
    pub(crate) count: u32,
    /// What they cost in øre, if that is certain.
    pub(crate) amount_ore: Option<i64>,
    /// Who pays, if the stay says.
    pub(crate) payer: Option<String>,
}

/// Something that the agreement says should have been otherwise, or that it can't decide.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// The rule.
    pub(crate) rule: String,
    /// Where it stands in the agreement.
    pub(crate) clause: String,
    /// The version of the agreement.
    pub(crate) version: String,
    /// What follows: `void`, `warn`, `contestable`, `undecided` …
    pub(crate) effect: String,
    /// How much it matters.
    pub(crate) severity: String,
    /// The instant that it is about.
    pub(crate) at: Timestamp,
    /// The entry that it is about; none for the stay as a whole.
    pub(crate) entry: Option<UsedEntry>,
    /// In words, in bokmål.
    pub(crate) message: String,
    /// The positions of the entries that it rests on.
    pub(crate) used: Vec<u64>,
}

/// Days that are counted, and what they cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Meter {
    /// The meter.
    #[schema(example = "betalingsdogn")]
    pub(crate) meter: String,
    /// Where it stands in the agreement.
    pub(crate) clause: String,
    /// The version of the agreement.
    pub(crate) version: String,
    /// How many days count.
    pub(crate) count: u32,
    /// What they cost in øre; none where any of them has no certain price.
    pub(crate) amount_ore: Option<i64>,
    /// Who pays, if the stay says.
    pub(crate) payer: Option<String>,
    /// The waivers that made all days fall away.
    pub(crate) waived_by: Vec<String>,
    /// Its days, in order, days that are alike together.
    pub(crate) days: Vec<Days>,
}

/// Days of a meter that follow each other and are alike.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Days {
    /// The first of them.
    pub(crate) first: Date,
    /// The last of them.
    pub(crate) last: Date,
    /// What they are: `not payable`, `provisional`, `payable` or `contestable`.
    pub(crate) status: String,
    /// Whether they count.
    pub(crate) counts: bool,
    /// Whether nothing that may still happen in the stay can change them.
    pub(crate) is_final: bool,
    /// What each costs in øre.
    pub(crate) amount_ore: Option<i64>,
    /// Why, in codes.
    pub(crate) because: Vec<String>,
    /// The clauses of the reasons.
    pub(crate) clauses: Vec<String>,
    /// The positions of the entries that they rest on.
    pub(crate) used: Vec<u64>,
}

impl StaySummary {
    pub(crate) fn of(line: &StayLine, now: Timestamp) -> Self {
        let row: &StayRow = &line.row;
        let phase = |it: &samspill_service::projections::PhaseRow| Phase {
            phase: it.phase.clone(),
            from: UsedEntry::of(&it.from),
        };
        let sum = |it: &samspill_service::projections::MeterSum| Sum {
            meter: it.meter.clone(),
            count: it.count,
            amount_ore: it.amount_ore,
            payer: it.payer.clone(),
        };
        Self {
            case: row.case.clone(),
            agreement: row.agreement.clone(),
            version: row.version.clone(),
            is_going_on: row.is_going_on,
            phases: row.phases.iter().map(phase).collect(),
            next_duty: row.next_duty(now).map(|duty| Duty::of(duty, now)),
            undone: row.undone.len(),
            overdue: row.overdue(now),
            days: row.meters.iter().map(sum).collect(),
            findings: row.findings,
            first: line.first,
            last: line.last,
            last_position: line.last_position,
            href: super::super::link(&["stays", &row.case]),
        }
    }
}

impl From<&FindingRow> for Finding {
    fn from(row: &FindingRow) -> Self {
        Self {
            rule: row.rule.clone(),
            clause: row.clause.clone(),
            version: row.version.clone(),
            effect: row.effect.clone(),
            severity: row.severity.clone(),
            at: row.at,
            entry: row.entry.as_ref().map(UsedEntry::of),
            message: row.message.clone(),
            used: row.used.clone(),
        }
    }
}

impl From<&MeterRow> for Meter {
    fn from(row: &MeterRow) -> Self {
        Self {
            meter: row.meter.clone(),
            clause: row.clause.clone(),
            version: row.version.clone(),
            count: row.count,
            amount_ore: row.amount_ore,
            payer: row.payer.clone(),
            waived_by: row.waived_by.clone(),
            days: row.days.iter().map(Days::from).collect(),
        }
    }
}

impl From<&DayRow> for Days {
    fn from(row: &DayRow) -> Self {
        Self {
            first: row.first,
            last: row.last,
            status: row.status.clone(),
            counts: row.counts,
            is_final: row.is_final,
            amount_ore: row.amount_ore,
            because: row.because.clone(),
            clauses: row.clauses.clone(),
            used: row.used.clone(),
        }
    }
}

impl Stay {
    /// A stay without the instant that it was read as of: what its tag is of.
    pub(crate) fn timeless(
        case: &str,
        involvement: &samspill_service::access::Involvement,
        rows: &CaseRows,
        last_position: u64,
        now: Timestamp,
    ) -> Self {
        Self {
            case: case.to_owned(),
            as_of: None,
            is_open: involvement.is_open,
            parties: involvement.parties.iter().cloned().collect(),
            duties: rows.duties.iter().map(|duty| Duty::of(duty, now)).collect(),
            findings: rows.findings.iter().map(Finding::from).collect(),
            meters: rows.meters.iter().map(Meter::from).collect(),
            last_position,
            entries: super::super::link(&["stays", case, "entries"]),
        }
    }
}
