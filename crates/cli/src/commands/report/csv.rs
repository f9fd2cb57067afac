//! A case as CSV: a line a duty, a finding, a counted day.

use samspill_agreement::model::{Agreement, Language};
use samspill_base::format_instant;
use samspill_engine::{
    DutyReading, Evaluation, Finding, MeterDay, MeterReading,
    explain::{self, About},
};

/// The columns.
pub(crate) const CSV_HEAD: &str = "case,agreement,version,what,id,clause,holder,triggered,due,status,fulfilled,late_by_seconds,date,amount_ore,message";

/// A row: what it leaves out is empty.
#[derive(Debug, Default)]
struct Row {
    version: String,
    what: &'static str,
    id: String,
    clause: String,
    holder: String,
    triggered: String,
    due: String,
    status: String,
    fulfilled: String,
    late_by_seconds: String,
    date: String,
    amount_ore: String,
    message: String,
}

/// The rows of a case.
pub(crate) fn csv(agreement: &Agreement, evaluation: &Evaluation, language: Language) -> String {
    let about = About { agreement, language };
    let duties = evaluation.duties.iter().map(|duty| duty_row(evaluation, duty));
    let findings = evaluation.findings.iter().map(|finding| finding_row(&about, evaluation, finding));
    let days = evaluation.meters.iter().flat_map(|meter| {
        meter.days.iter().filter(|day| day.status.counts()).map(move |day| day_row(meter, day))
    });
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in duties.chain(findings).chain(days) {
        // Writing into memory fails only where memory does.
        let _ = writer.write_record(row.cells(evaluation));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn duty_row(evaluation: &Evaluation, duty: &DutyReading) -> Row {
    let time =
        |at: Option<jiff::Timestamp>| at.map(|at| format_instant(at, &evaluation.zone)).unwrap_or_default();
    Row {
        version: duty.version.clone(),
        what: "duty",
        id: duty.duty.to_string(),
        clause: duty.clause.to_string(),
        holder: duty.holder.to_string(),
        triggered: time(Some(duty.triggered)),
        due: time(duty.due.instant()),
        status: duty.status.as_str().to_owned(),
        fulfilled: time(duty.fulfilled.as_ref().map(|done| done.at)),
        late_by_seconds: duty.late_by(evaluation).map(|late| late.as_secs().to_string()).unwrap_or_default(),
        ..Row::default()
    }
}

fn finding_row(about: &About<'_>, evaluation: &Evaluation, finding: &Finding) -> Row {
    Row {
        version: finding.version.clone(),
        what: "finding",
        id: finding.rule.to_string(),
        clause: finding.clause.to_string(),
        triggered: format_instant(finding.at, &evaluation.zone),
        status: finding.effect.as_str().to_owned(),
        message: explain::finding(about, evaluation, finding),
        ..Row::default()
    }
}

fn day_row(meter: &MeterReading, day: &MeterDay) -> Row {
    Row {
        version: meter.version.clone(),
        what: "day",
        id: meter.meter.to_string(),
        clause: meter.clause.to_string(),
        status: day.status.as_str().to_owned(),
        date: day.date.to_string(),
        amount_ore: day.amount.map(|amount| amount.0.to_string()).unwrap_or_default(),
        ..Row::default()
    }
}

impl Row {
    fn cells(self, evaluation: &Evaluation) -> [String; 15] {
        [
            evaluation.case.clone(),
            evaluation.agreement.to_string(),
            self.version,
            self.what.to_owned(),
            self.id,
            self.clause,
            self.holder,
            self.triggered,
            self.due,
            self.status,
            self.fulfilled,
            self.late_by_seconds,
            self.date,
            self.amount_ore,
            self.message,
        ]
        .map(|cell| guarded(&cell))
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
