//! A case as CSV: a line a duty, a finding, a counted day.

use samspill_agreement::model::{Agreement, Language};
use samspill_engine::{
    Evaluation,
    explain::About,
    rows::{COLUMNS, rows},
};

/// The head row.
pub(crate) fn csv_head() -> String {
    COLUMNS.join(",")
}

/// The rows of a case.
pub(crate) fn csv(agreement: &Agreement, evaluation: &Evaluation, language: Language) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows(&About { agreement, language }, evaluation) {
        // Writing into memory fails only where memory does.
        let _ = row.for_each_cell(&evaluation.zone, |cell| writer.write_field(cell));
        let _ = writer.write_record(None::<&[u8]>);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
