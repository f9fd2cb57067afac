//! Which rows are asked for, and how many at a time.

use samspill_engine::DutyStatus;
use serde::Serialize;

use super::{DutyRow, StatusAt};

/// Which of the duties that are neither done nor closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// All of them.
    #[default]
    Undone,
    /// Those whose limits haven't passed.
    Open,
    /// Those whose limits have.
    Overdue,
}

/// Which duties are asked for: those that fit all that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyFilter {
    /// How they stand.
    pub standing: Standing,
    /// Who must.
    pub holder: Option<String>,
    /// The duty.
    pub duty: Option<String>,
    /// How much a breach matters.
    pub severity: Option<String>,
    /// The limit lies before this instant. Duties without a known limit don't fit then, but those due at once do.
    pub due_before: Option<jiff::Timestamp>,
}

/// A part of a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How many to pass over.
    pub skip: usize,
    /// How many to give at the most.
    pub limit: usize,
}

/// A part of a sorted list, and how long the list is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: usize,
}

impl Default for Paging {
    /// The first hundred.
    fn default() -> Self {
        Self { skip: 0, limit: 100 }
    }
}

impl DutyFilter {
    /// Whether a duty fits at an instant for which its row holds.
    pub(super) fn takes(&self, duty: &DutyRow, now: jiff::Timestamp) -> bool {
        let is = |asked: &Option<String>, has: &str| asked.as_deref().is_none_or(|asked| asked == has);
        let status = match duty.at(now) {
            StatusAt::Known(status) => Some(status),
            StatusAt::ReadAnew => None,
        };
        let stands = match self.standing {
            Standing::Undone => true,
            Standing::Open => status == Some(DutyStatus::Open),
            Standing::Overdue => status == Some(DutyStatus::Missed),
        };
        stands
            && is(&self.holder, &duty.holder)
            && is(&self.duty, &duty.duty)
            && is(&self.severity, &duty.severity)
            && self.due_before.is_none_or(|before| duty.due < super::DueRow::At(before))
    }
}

impl<T> Page<T> {
    pub(super) fn of(rows: Vec<T>, paging: Paging) -> Self {
        let total = rows.len();
        Self { rows: rows.into_iter().skip(paging.skip).take(paging.limit).collect(), total }
    }
}
