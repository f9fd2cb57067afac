use jiff::Timestamp;
use samspill_engine::DutyStatus;
use samspill_service::{
    downtime::{Bearing, RowDowntime},
    projections::{Course, DueRow, DutyRow, StatusAt},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UsedEntry;

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DutyStatus)]
pub(crate) enum DutyStatusWord {
    /// Not done, and its limit hasn't passed.
    Open,
    /// Not done, and its limit has passed.
    Missed,
    /// Done at or before its limit.
    Kept,
    /// Done after its limit.
    Late,
    /// It fell away before its limit.
    Waived,
}

impl From<DutyStatus> for DutyStatusWord {
    fn from(status: DutyStatus) -> Self {
        match status {
            DutyStatus::Kept => Self::Kept,
            DutyStatus::Late => Self::Late,
            DutyStatus::Missed => Self::Missed,
            DutyStatus::Open => Self::Open,
            DutyStatus::Waived => Self::Waived,
        }
    }
}

/// What is known of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DueKind {
    /// `due` is the last instant in time.
    At,
    /// "At once": no limit that can be computed.
    AtOnce,
    /// It hangs on something that hasn't happened.
    NotYetKnown,
}

/// Something that somebody must do in a stay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Duty {
    /// Its id in the stay: the rule, the position of the entry that triggered it, and when the count began, in seconds since 1970. A
    /// count that begins anew is another duty.
    #[schema(example = "svar-utskrivningsklar@1207.1743166800")]
    pub(crate) id: String,
    /// The stay.
    pub(crate) case: String,
    /// The rule of the agreement.
    #[schema(example = "svar-utskrivningsklar")]
    pub(crate) duty: String,
    /// Where it stands in the agreement.
    pub(crate) clause: String,
    /// The version of the agreement that it follows.
    pub(crate) version: String,
    /// Who must, by role in the agreement.
    #[schema(example = "kommune")]
    pub(crate) holder: String,
    /// How much a breach matters: `remark`, `deviation` or `serious`.
    pub(crate) severity: String,
    /// How it stands.
    pub(crate) status: DutyStatusWord,
    /// What is known of its limit.
    pub(crate) due_kind: DueKind,
    /// The last instant in time; exactly then is in time. Not there unless `due_kind` is `at`.
    pub(crate) due: Option<Timestamp>,
    /// When the count began.
    pub(crate) triggered: Timestamp,
    /// The entry that triggered it.
    pub(crate) trigger: UsedEntry,
    /// The entry that did what was to be done.
    pub(crate) fulfilled: Option<UsedEntry>,
    /// The entry that closed it before it was done.
    pub(crate) closed: Option<UsedEntry>,
    /// The positions of all entries that it rests on.
    pub(crate) used: Vec<u64>,
    /// Where the reasoning is.
    #[schema(format = "uri-reference")]
    pub(crate) explanation: String,
    /// Registered downtime in which it runs or ran, of who has it or is to get what it asks for. The limit stands: it is said beside it. In the
    /// list of duties alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) downtime: Option<DutyDowntime>,
}

/// Registered downtime beside a duty.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DutyDowntime {
    /// Whose it is.
    pub(crate) party: String,
    /// How it lies to the limit.
    pub(crate) bearing: DowntimeBearing,
}

/// How downtime lies to a limit.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DowntimeBearing {
    /// The limit lies in it.
    DueWithin,
    /// It took some of the time before the limit, and was over by then.
    RanWithin,
    /// It came after the limit.
    AfterDue,
    /// No limit is known.
    NoLimit,
}

impl From<RowDowntime> for DutyDowntime {
    fn from(it: RowDowntime) -> Self {
        let bearing = match it.bearing {
            Bearing::DueWithin => DowntimeBearing::DueWithin,
            Bearing::RanWithin => DowntimeBearing::RanWithin,
            Bearing::AfterDue => DowntimeBearing::AfterDue,
            Bearing::NoLimit => DowntimeBearing::NoLimit,
        };
        Self { party: it.party, bearing }
    }
}

impl Duty {
    /// A duty as it stands at an instant.
    pub(crate) fn of(row: &DutyRow, now: Timestamp) -> Self {
        let due_kind = match row.due {
            DueRow::AtOnce => DueKind::AtOnce,
            DueRow::At(_) => DueKind::At,
            DueRow::NotYetKnown => DueKind::NotYetKnown,
        };
        let id = duty_id(row);
        let explanation = super::super::link(&["stays", &row.case, "duties", &id, "explanation"]);
        Self {
            id,
            explanation,
            case: row.case.clone(),
            duty: row.duty.clone(),
            clause: row.clause.clone(),
            version: row.version.clone(),
            holder: row.holder.clone(),
            severity: row.severity.clone(),
            status: status_at(row, now).into(),
            due_kind,
            due: row.due.instant(),
            triggered: row.triggered,
            trigger: UsedEntry::of(&row.trigger),
            fulfilled: row.fulfilled.as_ref().map(UsedEntry::of),
            closed: row.closed.as_ref().map(UsedEntry::of),
            used: row.used.clone(),
            downtime: None,
        }
    }
}

/// What a duty is called within its stay.
pub(crate) fn duty_id(row: &DutyRow) -> String {
    format!("{}@{}.{}", row.duty, row.trigger.position, row.triggered.as_second())
}

/// How a duty stands at an instant, as far as its row can tell.
pub(crate) fn status_at(row: &DutyRow, now: Timestamp) -> DutyStatus {
    if let StatusAt::Known(status) = row.at(now) {
        return status;
    }
    match row.course {
        Course::Kept => DutyStatus::Kept,
        Course::Late => DutyStatus::Late,
        Course::Waived => DutyStatus::Waived,
        Course::ClosedMissed => DutyStatus::Missed,
        Course::Undone if row.due.instant().is_some_and(|due| due < now) => DutyStatus::Missed,
        Course::Undone => DutyStatus::Open,
    }
}
