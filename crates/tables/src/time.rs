//! Times of all of Arrow's types as nanoseconds.

use arrow_array::{
    Array, PrimitiveArray,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
        TimestampNanosecondType, TimestampSecondType,
    },
};
use arrow_schema::{DataType, TimeUnit};
use jiff::tz::{Offset, TimeZone};
use samspill_base::{
    columns::{NO_TIME, instant, nanos},
    local_instant, parse_instant,
};

use crate::text::Texts;

/// The types that times are read from.
pub(crate) const TIME_TYPES: &str =
    "a timestamp (with a zone, or without one for local times), a date, or a text";

/// The time of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowTime {
    At(i64),
    Missing,
    /// A text that is no time.
    Unreadable,
}

/// The times of a column; `None` where it holds something else.
///
/// A timestamp with a zone is that instant. One without, a date, and a text without an offset are local times in `zone`,
/// as in CSV: those that a clock change skips move forward, of two the first.
pub(crate) fn times(array: &dyn Array, zone: &TimeZone) -> Option<Vec<RowTime>> {
    match array.data_type() {
        DataType::Timestamp(unit, with_zone) => {
            let place = if with_zone.is_some() { Place::Instant } else { Place::Local(zone) };
            Some(stamps(array, *unit, &place))
        }
        DataType::Date32 => {
            Some(numbers::<Date32Type>(array, |days| Place::Local(zone).nanos(i64::from(days), DAY_NANOS)))
        }
        DataType::Date64 => {
            Some(numbers::<Date64Type>(array, |millis| Place::Local(zone).nanos(millis, 1_000_000)))
        }
        _ => Texts::of(array).map(|texts| read(&texts, array.len(), zone)),
    }
}

const DAY_NANOS: i64 = 86_400_000_000_000;

/// What a number of time units counts from.
enum Place<'z> {
    Instant,
    Local(&'z TimeZone),
}

impl Place<'_> {
    fn nanos(&self, units: i64, unit_nanos: i64) -> i64 {
        let count = units.saturating_mul(unit_nanos).max(NO_TIME + 1);
        match self {
            Self::Instant => count,
            Self::Local(zone) => {
                let local = Offset::UTC.to_datetime(instant(count));
                local_instant(local, zone).map_or(count, nanos)
            }
        }
    }
}

fn stamps(array: &dyn Array, unit: TimeUnit, place: &Place<'_>) -> Vec<RowTime> {
    match unit {
        TimeUnit::Second => {
            numbers::<TimestampSecondType>(array, |number| place.nanos(number, 1_000_000_000))
        }
        TimeUnit::Millisecond => {
            numbers::<TimestampMillisecondType>(array, |number| place.nanos(number, 1_000_000))
        }
        TimeUnit::Microsecond => {
            numbers::<TimestampMicrosecondType>(array, |number| place.nanos(number, 1000))
        }
        TimeUnit::Nanosecond => numbers::<TimestampNanosecondType>(array, |number| place.nanos(number, 1)),
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array, read: impl Fn(T::Native) -> i64) -> Vec<RowTime> {
    let numbers: &PrimitiveArray<T> = array.as_primitive();
    numbers.iter().map(|number| number.map_or(RowTime::Missing, |number| RowTime::At(read(number)))).collect()
}

fn read(texts: &Texts<'_>, rows: usize, zone: &TimeZone) -> Vec<RowTime> {
    let one = |text: &str| match parse_instant(text, zone) {
        Ok(at) => RowTime::At(nanos(at)),
        Err(_) => RowTime::Unreadable,
    };
    (0..rows)
        .map(|row| texts.get(row).filter(|text| !text.is_empty()).map_or(RowTime::Missing, one))
        .collect()
}
