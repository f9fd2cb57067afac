use std::io::Write;

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{Date32Type, Int64Type},
};
use arrow_schema::{DataType, Schema};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use samspill_base::columns::instant;
use samspill_engine::rows::{COLUMNS, Row};

use crate::{
    TableError,
    text::Texts,
    time::{RowTime, times},
};

/// Writes report tables as `samspill check --format csv` does, byte for byte.
///
/// Where the table has `case_at` and `row`, rows are written in their order, whatever order an engine left them in. Times
/// are written in `zone`, or else in the one that the column `triggered` has: some engines put their own there.
pub fn write_csv(
    batches: &[RecordBatch],
    zone: Option<&TimeZone>,
    out: impl Write,
) -> Result<(), TableError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    let readers = batches.iter().map(Reader::of).collect::<Result<Vec<_>, _>>()?;
    for (batch, row) in order(&readers) {
        let reader = &readers[batch];
        let zone = zone.unwrap_or(&reader.zone);
        reader.row(row).for_each_cell(zone, |cell| writer.write_field(cell))?;
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush().map_err(csv::Error::from)?;
    Ok(())
}

/// The rows of all batches in the order of the log.
fn order(readers: &[Reader<'_>]) -> Vec<(usize, usize)> {
    let rows = readers
        .iter()
        .enumerate()
        .flat_map(|(batch, reader)| (0..reader.rows).map(move |row| (reader.key(row), batch, row)));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(key, _, _)| *key);
    rows.into_iter().map(|(_, batch, row)| (batch, row)).collect()
}

/// The columns of a batch.
struct Reader<'b> {
    rows: usize,
    zone: TimeZone,
    texts: [Texts<'b>; 9],
    times: [Vec<RowTime>; 3],
    late_by_seconds: Vec<Option<i64>>,
    date: Vec<Option<i64>>,
    amount_ore: Vec<Option<i64>>,
    due_whole_day: Vec<Option<bool>>,
    case_at: Vec<Option<i64>>,
    row: Vec<Option<i64>>,
}

const TEXTS: [&str; 9] =
    ["case", "agreement", "version", "what", "id", "clause", "holder", "status", "message"];

impl<'b> Reader<'b> {
    fn of(batch: &'b RecordBatch) -> Result<Self, TableError> {
        let mut texts = Vec::new();
        for name in TEXTS {
            let column = must(batch, name)?;
            texts.push(Texts::of(column).ok_or_else(|| bad_type(name, column, "a text"))?);
        }
        let texts = texts.try_into().unwrap_or_else(|_| unreachable!("one for each name"));
        let time = |name: &'static str| {
            let column = must(batch, name)?;
            times(column, &TimeZone::UTC).ok_or_else(|| bad_type(name, column, "a timestamp"))
        };
        Ok(Self {
            rows: batch.num_rows(),
            zone: zone_of(&batch.schema())?,
            texts,
            times: [time("triggered")?, time("due")?, time("fulfilled")?],
            late_by_seconds: numbers("late_by_seconds", must(batch, "late_by_seconds")?)?,
            date: days(must(batch, "date")?)?,
            amount_ore: numbers("amount_ore", must(batch, "amount_ore")?)?,
            due_whole_day: flags(batch),
            case_at: order_numbers(batch, "case_at")?,
            row: order_numbers(batch, "row")?,
        })
    }

    fn key(&self, row: usize) -> (Option<i64>, Option<i64>) {
        let at = |column: &[Option<i64>]| column.get(row).copied().flatten();
        (at(&self.case_at), at(&self.row))
    }

    fn row(&self, row: usize) -> Row<'b> {
        let [case, agreement, version, what, id, clause, holder, status, message] =
            std::array::from_fn(|column| self.texts[column].get(row));
        let [triggered, due, fulfilled] = std::array::from_fn(|column| match self.times[column][row] {
            RowTime::At(at) => Some(instant(at)),
            RowTime::Missing | RowTime::Unreadable => None,
        });
        let whole_day = self.due_whole_day.get(row).copied().flatten() == Some(true);
        Row {
            case: case.unwrap_or_default(),
            agreement: agreement.unwrap_or_default(),
            version: version.unwrap_or_default(),
            what: what.unwrap_or_default(),
            id: id.unwrap_or_default(),
            clause: clause.unwrap_or_default(),
            holder,
            triggered,
            due: if whole_day { due.and_then(end_of_second) } else { due },
            status: status.unwrap_or_default(),
            fulfilled,
            late_by_seconds: self.late_by_seconds[row],
            date: self.date[row].and_then(date_of),
            amount_ore: self.amount_ore[row],
            message: message.map(Into::into),
        }
    }
}

/// The last nanosecond of the second: what an engine of microseconds cut off the end of a day.
fn end_of_second(at: Timestamp) -> Option<Timestamp> {
    let second = at.as_nanosecond().div_euclid(1_000_000_000);
    Timestamp::from_nanosecond(second * 1_000_000_000 + 999_999_999).ok()
}

fn date_of(days: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(i32::try_from(days).ok()?.days()).ok()
}

fn zone_of(schema: &Schema) -> Result<TimeZone, TableError> {
    let zone = schema.field_with_name("triggered").ok().and_then(|field| match field.data_type() {
        DataType::Timestamp(_, zone) => zone.as_deref(),
        _ => None,
    });
    let zone = zone.unwrap_or("UTC");
    TimeZone::get(zone).map_err(|_| TableError::Zone { zone: zone.to_owned() })
}

fn must<'b>(batch: &'b RecordBatch, column: &'static str) -> Result<&'b dyn Array, TableError> {
    let found = batch.column_by_name(column);
    found.map(AsRef::as_ref).ok_or_else(|| TableError::NoColumn {
        column,
        available: batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect::<Vec<_>>()
            .join(", "),
    })
}

fn bad_type(column: &str, array: &dyn Array, instead: &'static str) -> TableError {
    TableError::BadType { column: column.to_owned(), found: array.data_type().to_string(), instead }
}

fn numbers(name: &str, array: &dyn Array) -> Result<Vec<Option<i64>>, TableError> {
    match array.data_type() {
        DataType::Int64 => Ok(array.as_primitive::<Int64Type>().iter().collect()),
        DataType::Null => Ok(vec![None; array.len()]),
        _ => Err(bad_type(name, array, "a whole number in 64 bits")),
    }
}

/// Days from 1970-01-01; pandas makes times of dates, which are read as their days.
fn days(array: &dyn Array) -> Result<Vec<Option<i64>>, TableError> {
    const DAY_NANOS: i64 = 86_400_000_000_000;
    match array.data_type() {
        DataType::Date32 => {
            Ok(array.as_primitive::<Date32Type>().iter().map(|days| days.map(i64::from)).collect())
        }
        DataType::Null => Ok(vec![None; array.len()]),
        DataType::Timestamp(_, None) | DataType::Date64 => {
            let times = times(array, &TimeZone::UTC).unwrap_or_default();
            let day = |time: &RowTime| match time {
                RowTime::At(at) => Some(at.div_euclid(DAY_NANOS)),
                RowTime::Missing | RowTime::Unreadable => None,
            };
            Ok(times.iter().map(day).collect())
        }
        _ => Err(bad_type("date", array, "a date")),
    }
}

fn flags(batch: &RecordBatch) -> Vec<Option<bool>> {
    let column = batch.column_by_name("due_whole_day").and_then(|column| column.as_boolean_opt());
    column.map(|column| column.iter().collect()).unwrap_or_default()
}

/// The numbers by which rows are put in order; none where the table has left the column out.
fn order_numbers(batch: &RecordBatch, name: &'static str) -> Result<Vec<Option<i64>>, TableError> {
    batch.column_by_name(name).map_or(Ok(Vec::new()), |column| numbers(name, column))
}
