use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{BooleanBuilder, Date32Builder, Int64Builder, StringBuilder},
};
use arrow_array::{TimestampMicrosecondArray, TimestampNanosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::Agreement;
use samspill_base::{Position, columns::nanos};
use samspill_engine::{
    Evaluation,
    explain::About,
    rows::{COLUMNS, Row, rows},
};

use crate::TableError;

/// How fine the times of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fineness {
    /// As fine as the engine has them.
    #[default]
    Nanoseconds,
    /// What all engines know. What is finer is cut, but for the end of a whole day, which `due_whole_day` keeps.
    Microseconds,
}

/// The columns of a report.
///
/// First those of CSV, in their order: `triggered`, `due` and `fulfilled` as timestamps in the agreement's zone, `date` as
/// a day, `late_by_seconds` and `amount_ore` as whole numbers, the rest as texts; what a row doesn't have is null. Then:
///
/// - `due_whole_day`: whether the limit runs through a whole day, so that its last nanosecond is the last in time;
/// - `case_at`: the place of the case's last entry in the log. In this order CSV prints the cases;
/// - `row`: the number of the row within its case, from 1.
pub fn report_schema(zone: &str, fineness: Fineness) -> SchemaRef {
    let fields = COLUMNS.into_iter().map(|name| column(name, zone, fineness)).chain([
        Field::new("due_whole_day", DataType::Boolean, true),
        Field::new("case_at", DataType::Int64, false),
        Field::new("row", DataType::Int64, false),
    ]);
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn column(name: &str, zone: &str, fineness: Fineness) -> Field {
    let (kind, nullable) = match name {
        "triggered" | "due" | "fulfilled" => {
            (DataType::Timestamp(fineness.unit(), Some(Arc::from(zone))), true)
        }
        "late_by_seconds" | "amount_ore" => (DataType::Int64, true),
        "date" => (DataType::Date32, true),
        "holder" | "message" => (DataType::Utf8, true),
        _ => (DataType::Utf8, false),
    };
    Field::new(name, kind, nullable)
}

/// The name of the zone that an agreement counts in.
///
/// # Errors
/// Where its versions count in different ones.
pub fn zone_name(agreement: &Agreement) -> Result<&str, TableError> {
    let newest = agreement.newest().calendar.zone_name.as_str();
    let other = agreement.versions.iter().find(|version| version.calendar.zone_name != newest);
    match other {
        None => Ok(newest),
        Some(version) => {
            Err(TableError::Zones { one: newest.to_owned(), other: version.calendar.zone_name.clone() })
        }
    }
}

/// A report on its way into record batches: cases go in, one after another.
#[derive(Debug)]
pub struct ReportTable {
    schema: SchemaRef,
    zone: Arc<str>,
    fineness: Fineness,
    texts: [StringBuilder; 9],
    times: [Vec<Option<i64>>; 3],
    late_by_seconds: Int64Builder,
    date: Date32Builder,
    amount_ore: Int64Builder,
    due_whole_day: BooleanBuilder,
    case_at: Int64Builder,
    row: Int64Builder,
    rows: usize,
}

impl ReportTable {
    /// An empty report with times in a zone: that of [`zone_name`].
    pub fn new(zone: &str, fineness: Fineness) -> Self {
        Self {
            schema: report_schema(zone, fineness),
            zone: Arc::from(zone),
            fineness,
            texts: Default::default(),
            times: Default::default(),
            late_by_seconds: Int64Builder::new(),
            date: Date32Builder::new(),
            amount_ore: Int64Builder::new(),
            due_whole_day: BooleanBuilder::new(),
            case_at: Int64Builder::new(),
            row: Int64Builder::new(),
            rows: 0,
        }
    }

    /// The columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// How many rows wait to be taken.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds the rows of a case, whose last entry stands at `case_at` in the log.
    pub fn push(&mut self, about: &About<'_>, evaluation: &Evaluation, case_at: Position) {
        let case_at = i64::try_from(case_at.0).unwrap_or(i64::MAX);
        for (number, row) in (1..).zip(rows(about, evaluation)) {
            self.push_row(&row);
            self.case_at.append_value(case_at);
            self.row.append_value(number);
            self.rows += 1;
        }
    }

    fn push_row(&mut self, row: &Row<'_>) {
        let texts = [
            Some(row.case),
            Some(row.agreement),
            Some(row.version),
            Some(row.what),
            Some(row.id),
            Some(row.clause),
            row.holder,
            Some(row.status),
            row.message.as_deref(),
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_option(text);
        }
        for (column, time) in self.times.iter_mut().zip([row.triggered, row.due, row.fulfilled]) {
            column.push(time.map(|at| self.fineness.units(at)));
        }
        self.late_by_seconds.append_option(row.late_by_seconds);
        self.date.append_option(row.date.map(days_since_1970));
        self.amount_ore.append_option(row.amount_ore);
        self.due_whole_day.append_option(row.due_is_whole_day());
    }

    /// The rows that wait, as a record batch.
    pub fn take(&mut self) -> Result<RecordBatch, TableError> {
        let [case, agreement, version, what, id, clause, holder, status, message] =
            self.texts.each_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        let (zone, fineness) = (&self.zone, self.fineness);
        let [triggered, due, fulfilled] =
            self.times.each_mut().map(|column| fineness.column(std::mem::take(column), zone));
        self.rows = 0;
        let columns = vec![
            case,
            agreement,
            version,
            what,
            id,
            clause,
            holder,
            triggered,
            due,
            status,
            fulfilled,
            Arc::new(self.late_by_seconds.finish()),
            Arc::new(self.date.finish()),
            Arc::new(self.amount_ore.finish()),
            message,
            Arc::new(self.due_whole_day.finish()),
            Arc::new(self.case_at.finish()),
            Arc::new(self.row.finish()),
        ];
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }
}

impl Fineness {
    pub(crate) fn unit(self) -> TimeUnit {
        match self {
            Self::Nanoseconds => TimeUnit::Nanosecond,
            Self::Microseconds => TimeUnit::Microsecond,
        }
    }

    /// An instant as a number of units; what is finer is cut towards the past.
    pub(crate) fn units(self, at: Timestamp) -> i64 {
        match self {
            Self::Nanoseconds => nanos(at),
            Self::Microseconds => i64::try_from(at.as_nanosecond().div_euclid(1000)).unwrap_or(i64::MAX),
        }
    }

    pub(crate) fn column(self, units: Vec<Option<i64>>, zone: &Arc<str>) -> ArrayRef {
        let zone = Arc::clone(zone);
        match self {
            Self::Nanoseconds => Arc::new(TimestampNanosecondArray::from(units).with_timezone(zone)),
            Self::Microseconds => Arc::new(TimestampMicrosecondArray::from(units).with_timezone(zone)),
        }
    }
}

/// Days from 1970-01-01.
fn days_since_1970(date: Date) -> i32 {
    let first = Date::constant(1970, 1, 1);
    first.until(date).map_or(0, |span| span.get_days())
}
