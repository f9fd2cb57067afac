//! A report as rows: one for each duty, finding and counted day. CSV, Arrow tables and Parquet are written from these.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_base::format_instant;

use crate::{
    Due, DutyReading, Evaluation, Finding, MeterDay, MeterReading,
    explain::{self, About},
};

/// The names of the cells, in order.
pub const COLUMNS: [&str; 15] = [
    "case",
    "agreement",
    "version",
    "what",
    "id",
    "clause",
    "holder",
    "triggered",
    "due",
    "status",
    "fulfilled",
    "late_by_seconds",
    "date",
    "amount_ore",
    "message",
];

/// A row: what its sort of thing doesn't have is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'r> {
    /// The case.
    pub case: &'r str,
    /// The agreement.
    pub agreement: &'r str,
    /// The version that it follows.
    pub version: &'r str,
    /// `duty`, `finding` or `day`.
    pub what: &'r str,
    /// The duty, the rule or the meter.
    pub id: &'r str,
    /// Its clause.
    pub clause: &'r str,
    /// Who must.
    pub holder: Option<&'r str>,
    /// When the count of a duty started; the instant that a finding is about.
    pub triggered: Option<Timestamp>,
    /// The last instant that is in time, where one can be computed.
    pub due: Option<Timestamp>,
    /// How the duty went, what follows from the finding, what the day is.
    pub status: &'r str,
    /// When the duty was done.
    pub fulfilled: Option<Timestamp>,
    /// How long after the limit it was done, or isn't, in whole seconds.
    pub late_by_seconds: Option<i64>,
    /// The day.
    pub date: Option<Date>,
    /// What the day costs.
    pub amount_ore: Option<i64>,
    /// The finding in words.
    pub message: Option<Cow<'r, str>>,
}

/// The rows of a case: its duties, then its findings, then the days that count.
pub fn rows<'r>(about: &About<'r>, evaluation: &'r Evaluation) -> impl Iterator<Item = Row<'r>> {
    let about = *about;
    let duties = evaluation.duties.iter().map(|duty| duty_row(evaluation, duty));
    let findings = evaluation.findings.iter().map(move |finding| finding_row(&about, evaluation, finding));
    let days = evaluation.meters.iter().flat_map(move |meter| {
        let counted = meter.days.iter().filter(|day| day.status.counts());
        counted.map(move |day| day_row(evaluation, meter, day))
    });
    duties.chain(findings).chain(days)
}

impl Row<'_> {
    /// Whether the limit runs through a whole day: see [`Due::is_whole_day`]. `None` where there is no limit.
    pub fn due_is_whole_day(&self) -> Option<bool> {
        self.due.map(|due| Due::At(due).is_whole_day())
    }

    /// Gives the cells of the row as CSV has them, in the order of [`COLUMNS`], with times in `zone`.
    ///
    /// What isn't there is an empty cell. One that a spreadsheet would take for a formula gets an apostrophe before it.
    pub fn for_each_cell<E>(
        &self,
        zone: &TimeZone,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut take = |cell: &str| take(&guarded(cell));
        for text in [self.case, self.agreement, self.version, self.what, self.id, self.clause] {
            take(text)?;
        }
        take(self.holder.unwrap_or_default())?;
        let time = |at: Option<Timestamp>| at.map(|at| format_instant(at, zone)).unwrap_or_default();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        take(&time(self.triggered))?;
        take(&time(self.due))?;
        take(self.status)?;
        take(&time(self.fulfilled))?;
        take(&number(self.late_by_seconds))?;
        take(&self.date.map(|date| date.to_string()).unwrap_or_default())?;
        take(&number(self.amount_ore))?;
        take(self.message.as_deref().unwrap_or_default())
    }
}

fn duty_row<'r>(evaluation: &'r Evaluation, duty: &'r DutyReading) -> Row<'r> {
    Row {
        version: &duty.version,
        what: "duty",
        id: duty.duty.as_str(),
        clause: duty.clause.as_str(),
        holder: Some(duty.holder.as_str()),
        triggered: Some(duty.triggered),
        due: duty.due.instant(),
        status: duty.status.as_str(),
        fulfilled: duty.fulfilled.as_ref().map(|done| done.at),
        late_by_seconds: duty.late_by(evaluation).map(|late| late.as_secs()),
        ..row_of(evaluation)
    }
}

fn finding_row<'r>(about: &About<'_>, evaluation: &'r Evaluation, finding: &'r Finding) -> Row<'r> {
    Row {
        version: &finding.version,
        what: "finding",
        id: finding.rule.as_str(),
        clause: finding.clause.as_str(),
        triggered: Some(finding.at),
        status: finding.effect.as_str(),
        message: Some(explain::finding(about, evaluation, finding).into()),
        ..row_of(evaluation)
    }
}

fn day_row<'r>(evaluation: &'r Evaluation, meter: &'r MeterReading, day: &'r MeterDay) -> Row<'r> {
    Row {
        version: &meter.version,
        what: "day",
        id: meter.meter.as_str(),
        clause: meter.clause.as_str(),
        status: day.status.as_str(),
        date: Some(day.date),
        amount_ore: day.amount.map(|amount| amount.0),
        ..row_of(evaluation)
    }
}

fn row_of(evaluation: &Evaluation) -> Row<'_> {
    Row { case: &evaluation.case, agreement: evaluation.agreement.as_str(), ..Row::default() }
}

fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &Row<'_>) -> Vec<String> {
        let mut cells = Vec::new();
        let done: Result<(), ()> = row.for_each_cell(&TimeZone::UTC, |cell| {
            cells.push(cell.to_owned());
            Ok(())
        });
        assert!(done.is_ok());
        cells
    }

    #[test]
    fn a_row_has_a_cell_for_each_column_and_what_is_not_there_is_empty() {
        let cells = cells(&Row { case: "a", what: "day", amount_ore: Some(5), ..Row::default() });
        let written: Vec<_> = COLUMNS.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty()).collect();
        assert_eq!(cells.len(), COLUMNS.len());
        assert_eq!(
            written,
            [(&"case", &"a".to_owned()), (&"what", &"day".to_owned()), (&"amount_ore", &"5".to_owned())]
        );
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        assert_eq!(cells(&Row { case: "=1+1", amount_ore: Some(-5), ..Row::default() })[0], "'=1+1");
        assert_eq!(cells(&Row { amount_ore: Some(-5), ..Row::default() })[13], "'-5");
    }

    #[test]
    fn a_limit_that_runs_through_a_day_says_so() {
        let due = |nanos: i64| Timestamp::from_nanosecond(i128::from(nanos)).ok();
        let whole = |due| Row { due, ..Row::default() }.due_is_whole_day();
        assert_eq!(
            [whole(None), whole(due(999_999_998)), whole(due(999_999_999)), whole(due(1_000_000_000))],
            [None, Some(false), Some(true), Some(false)]
        );
    }
}
