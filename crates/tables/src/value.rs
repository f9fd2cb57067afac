//! Facts and fields of bodies from columns of all of Arrow's simple types.

use std::{collections::HashMap, fmt::Write};

use arrow_array::{
    Array,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type,
        Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::DataType;
use jiff::tz::{Offset, TimeZone};
use samspill_base::{
    Value,
    columns::{NO_VALUE, ValueColumn, instant},
    format_instant,
};

use crate::{
    text::Texts,
    time::{RowTime, times},
};

/// The types that facts and fields of bodies are read from.
pub(crate) const VALUE_TYPES: &str = "a boolean, a number, a decimal, a date, a timestamp or a text";

/// What a row says.
pub(crate) enum Cell<'a> {
    Nothing,
    Bool(bool),
    /// A number as written.
    Number(String),
    Text(&'a str),
    /// A text that was written for this row.
    Written(String),
}

/// Gives the rows of a column one by one; `None` where it is of a type that isn't read.
///
/// Floating numbers are read as their shortest decimal; those that are no number say nothing, as pandas means it.
pub(crate) fn cells<'a>(
    array: &'a dyn Array,
    zone: &TimeZone,
) -> Option<Box<dyn Fn(usize) -> Cell<'a> + 'a>> {
    let read: Box<dyn Fn(usize) -> Cell<'a> + 'a> = match array.data_type() {
        DataType::Boolean => {
            let values = array.as_boolean();
            Box::new(
                move |row| if values.is_valid(row) { Cell::Bool(values.value(row)) } else { Cell::Nothing },
            )
        }
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => whole::<UInt64Type>(array),
        DataType::Float32 => floating::<Float32Type>(array),
        DataType::Float64 => floating::<Float64Type>(array),
        DataType::Decimal128(..) => {
            let values = array.as_primitive::<Decimal128Type>();
            Box::new(move |row| number(values, row, || values.value_as_string(row)))
        }
        DataType::Decimal256(..) => {
            let values = array.as_primitive::<Decimal256Type>();
            Box::new(move |row| number(values, row, || values.value_as_string(row)))
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => written_times(array, zone)?,
        _ => {
            let texts = Texts::of(array)?;
            Box::new(move |row| texts.get(row).map_or(Cell::Nothing, Cell::Text))
        }
    };
    Some(read)
}

fn number<'a>(array: &dyn Array, row: usize, text: impl Fn() -> String) -> Cell<'a> {
    if array.is_valid(row) { Cell::Number(text()) } else { Cell::Nothing }
}

fn whole<'a, T: ArrowPrimitiveType>(array: &'a dyn Array) -> Box<dyn Fn(usize) -> Cell<'a> + 'a>
where
    T::Native: ToString,
{
    let values = array.as_primitive::<T>();
    Box::new(move |row| number(values, row, || values.value(row).to_string()))
}

fn floating<'a, T: ArrowPrimitiveType>(array: &'a dyn Array) -> Box<dyn Fn(usize) -> Cell<'a> + 'a>
where
    T::Native: ToString + Into<f64>,
{
    let values = array.as_primitive::<T>();
    Box::new(move |row| {
        if values.is_null(row) || values.value(row).into().is_nan() {
            return Cell::Nothing;
        }
        Cell::Number(values.value(row).to_string())
    })
}

/// Dates as `2024-06-10`, times as log files write them: local where the column has no zone.
fn written_times<'a>(array: &'a dyn Array, zone: &TimeZone) -> Option<Box<dyn Fn(usize) -> Cell<'a> + 'a>> {
    let (is_date, is_local) = match array.data_type() {
        DataType::Timestamp(_, zone) => (false, zone.is_none()),
        _ => (true, true),
    };
    // Read as if in UTC, a local time comes out as it was written.
    let times = times(array, &TimeZone::UTC)?;
    let zone = zone.clone();
    Some(Box::new(move |row| match times[row] {
        RowTime::At(at) if is_date => Cell::Written(Offset::UTC.to_datetime(instant(at)).date().to_string()),
        RowTime::At(at) if is_local => Cell::Written(Offset::UTC.to_datetime(instant(at)).to_string()),
        RowTime::At(at) => Cell::Written(format_instant(instant(at), &zone)),
        RowTime::Missing | RowTime::Unreadable => Cell::Nothing,
    }))
}

/// A column of values that grows row by row. Values that come back are kept once.
#[derive(Debug, Default)]
pub(crate) struct Values {
    column: ValueColumn,
    /// The numbers of the values, by a letter for their type and how they are written.
    known: HashMap<String, u32>,
    key: String,
}

impl Values {
    pub(crate) fn named(name: &str) -> Self {
        Self { column: ValueColumn { name: name.to_owned(), ..ValueColumn::default() }, ..Self::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.column.name
    }

    /// Puts what the cell says at this row. Whether it said anything comes back.
    pub(crate) fn put(&mut self, row: usize, cell: &Cell<'_>) -> bool {
        match cell {
            Cell::Nothing => return false,
            Cell::Bool(yes) => {
                self.put_as(row, 'b', if *yes { "true" } else { "false" }, |_| Value::Bool(*yes));
            }
            Cell::Number(text) => self.put_as(row, 'n', text, Value::from_number_text),
            Cell::Text(text) => self.put_as(row, 't', text, Value::text),
            Cell::Written(text) => self.put_as(row, 't', text, Value::text),
        }
        true
    }

    /// Puts a value at this row.
    pub(crate) fn put_value(&mut self, row: usize, value: &Value) {
        match value {
            Value::Text(text) => self.put_as(row, 't', text, Value::text),
            Value::Bool(yes) => drop(self.put(row, &Cell::Bool(*yes))),
            Value::Number(number) => drop(self.put(row, &Cell::Number(number.to_string()))),
            Value::Empty | Value::List(_) | Value::Map(_) => {
                self.put_as(row, 'j', &value.to_json().to_string(), |_| value.clone());
            }
        }
    }

    fn put_as<'t>(&mut self, row: usize, letter: char, text: &'t str, value: impl FnOnce(&'t str) -> Value) {
        self.key.clear();
        // Writing into a text fails only where memory does.
        let _ = write!(self.key, "{letter}{text}");
        let code = self.known.get(&self.key).copied().unwrap_or_else(|| {
            let code = u32::try_from(self.column.values.len()).unwrap_or(NO_VALUE);
            self.column.values.push(value(text));
            self.known.insert(self.key.clone(), code);
            code
        });
        self.column.codes.resize(row, NO_VALUE);
        self.column.codes.push(code);
    }

    pub(crate) fn finish(mut self, rows: usize) -> ValueColumn {
        if !self.column.codes.is_empty() {
            self.column.codes.resize(rows, NO_VALUE);
        }
        self.column
    }
}
