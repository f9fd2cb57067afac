use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType};
use arrow_select::concat::concat_batches;
use jiff::{Timestamp, tz::TimeZone};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use samspill_agreement::model::{self, Language};
use samspill_base::Columns;
use samspill_engine::{Engine, explain::About};
use samspill_tables::{Cases, Fineness, LogTable, ReportTable, report_schema, same_text};

use crate::{table::Table, wrong};

/// Rows of a report's record batches.
const BATCH_ROWS: usize = 65_536;

/// What is asked of each case.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) agreement: Arc<model::Agreement>,
    pub(crate) as_of: Timestamp,
    pub(crate) language: Language,
    pub(crate) fineness: Fineness,
}

impl Question {
    pub(crate) fn about(&self) -> About<'_> {
        About { agreement: &self.agreement, language: self.language }
    }

    /// The report of every case, in the order in which they end, whatever the number of threads.
    pub(crate) fn answer(&self, columns: &Columns, threads: usize) -> Result<Table, String> {
        let cases = Cases::of(columns);
        let share = cases.len().div_ceil(threads).max(1);
        let starts: Vec<usize> = (0..cases.len()).step_by(share).collect();
        let parts: Vec<Result<Vec<RecordBatch>, String>> = std::thread::scope(|scope| {
            let work = |start: usize| self.report(&cases, start..(start + share).min(cases.len()));
            let others: Vec<_> =
                starts.iter().skip(1).map(|start| scope.spawn(move || work(*start))).collect();
            let first = starts.first().map(|start| work(*start));
            let others = others.into_iter().map(|part| {
                part.join().unwrap_or_else(|_| Err("reading a case failed: please report it".to_owned()))
            });
            first.into_iter().chain(others).collect()
        });
        let mut batches = Vec::new();
        for part in parts {
            batches.extend(part?);
        }
        Ok(Table { schema: report_schema(self.zone_name(), self.fineness), batches })
    }

    fn report(&self, cases: &Cases<'_>, numbers: std::ops::Range<usize>) -> Result<Vec<RecordBatch>, String> {
        let (engine, about) = (Engine::new(&self.agreement), self.about());
        let mut report = ReportTable::new(self.zone_name(), self.fineness);
        let mut batches = Vec::new();
        for number in numbers {
            let case = cases.get(number);
            let evaluation = engine.evaluate(&case.log, case.log.as_of().unwrap_or(self.as_of));
            report.push(&about, &evaluation, case.ends_at);
            if report.len() >= BATCH_ROWS {
                batches.push(report.take().map_err(|error| error.to_string())?);
            }
        }
        if !report.is_empty() {
            batches.push(report.take().map_err(|error| error.to_string())?);
        }
        Ok(batches)
    }

    fn zone_name(&self) -> &str {
        &self.agreement.newest().calendar.zone_name
    }
}

/// Cases that come in record batches one after another, the rows of each case together.
///
/// Memory holds a batch and the rows of the case that goes on in the next one.
#[pyclass(module = "samspill")]
#[derive(Debug)]
pub(crate) struct CaseStream {
    question: Question,
    zone: TimeZone,
    /// The rows of the case that may go on.
    open: Vec<RecordBatch>,
}

impl CaseStream {
    pub(crate) fn new(question: Question, zone: TimeZone) -> Self {
        Self { question, zone, open: Vec::new() }
    }
}

#[pymethods]
impl CaseStream {
    /// Takes in a batch (or several); the reports of the cases that are complete come out.
    fn push(&mut self, py: Python<'_>, batches: AnyRecordBatch) -> PyResult<Table> {
        let reader = batches.into_reader()?;
        py.detach(|| {
            for batch in reader {
                self.open.push(batch.map_err(said)?);
            }
            let goes_on = self.last_case_starts()?;
            let complete = self.split_off(goes_on);
            self.read(complete)
        })
        .map_err(wrong)
    }

    /// The report of the last case.
    fn finish(&mut self, py: Python<'_>) -> PyResult<Table> {
        py.detach(|| {
            let complete = std::mem::take(&mut self.open);
            self.read(complete)
        })
        .map_err(wrong)
    }
}

impl CaseStream {
    /// The row, counted over all batches that are held, at which the last case starts.
    fn last_case_starts(&self) -> Result<usize, String> {
        let mut start = self.open.iter().map(RecordBatch::num_rows).sum::<usize>();
        let Some(last) = self.open.iter().rev().find(|batch| batch.num_rows() > 0) else { return Ok(0) };
        for batch in self.open.iter().rev().filter(|batch| batch.num_rows() > 0) {
            let same = same_text(batch, last, "case").map_err(said)?;
            start -= same;
            if same < batch.num_rows() {
                break;
            }
        }
        Ok(start)
    }

    /// Takes the rows before this one out; those after it stay. Nothing is copied: batches are cut where they lie.
    fn split_off(&mut self, row: usize) -> Vec<RecordBatch> {
        let (mut before, mut after, mut left) = (Vec::new(), Vec::new(), row);
        for batch in self.open.drain(..) {
            let cut = left.min(batch.num_rows());
            left -= cut;
            if cut > 0 {
                before.push(batch.slice(0, cut));
            }
            if cut < batch.num_rows() {
                after.push(batch.slice(cut, batch.num_rows() - cut));
            }
        }
        self.open = after;
        before
    }

    fn read(&self, batches: Vec<RecordBatch>) -> Result<Table, String> {
        let mut log = LogTable::new(self.zone.clone());
        for batch in &batches {
            must_have_places(batch)?;
            if let Some(first) = log.push(batch).map_err(said)?.first() {
                return Err(format!("{first} (or leave the row out)"));
            }
        }
        let mut table = self.question.answer(&log.finish(), 1)?;
        if table.batches.len() > 1 {
            table.batches = vec![
                concat_batches(&table.schema, &table.batches)
                    .map_err(|error: ArrowError| error.to_string())?,
            ];
        }
        Ok(table)
    }
}

/// Rows that come from many machines have no order of their own.
fn must_have_places(batch: &RecordBatch) -> Result<(), String> {
    let position = batch.column_by_name("position").map(|column| column.data_type().clone());
    match position {
        Some(DataType::Null) | None => {
            Err("the table has no column «position»: add each entry's place in its log, \
             since rows that come from many machines have no order of their own"
                .to_owned())
        }
        Some(_) => Ok(()),
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
