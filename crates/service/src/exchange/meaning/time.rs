//! What instant a time in a message means.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use samspill_base::local_instant;
use samspill_formats::messages::types::{MessageTime, Precision, TimeValue};

/// A time that was read, and what of it is a reading of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadTime {
    /// The instant.
    pub at: Timestamp,
    /// Why another reader might have read another instant.
    pub doubt: Option<Doubt>,
}

/// Why an instant is a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Only a day was written, or less.
    DayOnly,
    /// The clocks went back: the local time came twice. The first of the two is taken.
    CameTwice,
    /// The clocks went forward: the local time didn't come. It is moved forward by what was left out.
    NeverCame,
}

/// Reads a time of something that happened.
///
/// A time with an offset is that instant; one without is local in `zone` (see [`Doubt`] for the hours of clock changes).
///
/// A day alone is the end of that day: its last second. But on the day on which the message itself was made (`told`), it is
/// that moment, for what is told has happened. So what came in the course of the day isn't said to have come too late.
/// Of a month or a year nothing is read: `None`, as for what is no time.
pub fn read_time(time: &MessageTime, told: Option<Timestamp>, zone: &TimeZone) -> Option<ReadTime> {
    let value = time.value?;
    match value.precision {
        Precision::Year | Precision::Month => None,
        Precision::Day => day_end(value, told, zone),
        Precision::Time => instant(value, zone),
    }
}

fn day_end(value: TimeValue, told: Option<Timestamp>, zone: &TimeZone) -> Option<ReadTime> {
    let day = value.local.date();
    let doubt = Some(Doubt::DayOnly);
    let at = match told.filter(|told| zone.to_datetime(*told).date() == day) {
        Some(told) => told,
        None => local_instant(day.at(23, 59, 59, 0), zone)?,
    };
    Some(ReadTime { at, doubt })
}

fn instant(value: TimeValue, zone: &TimeZone) -> Option<ReadTime> {
    if let Some(offset) = value.offset {
        return Some(ReadTime { at: offset.to_timestamp(value.local).ok()?, doubt: None });
    }
    Some(ReadTime { at: local_instant(value.local, zone)?, doubt: local_doubt(value.local, zone) })
}

fn local_doubt(local: DateTime, zone: &TimeZone) -> Option<Doubt> {
    use jiff::tz::AmbiguousOffset;
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { .. } => Some(Doubt::NeverCame),
        AmbiguousOffset::Fold { .. } => Some(Doubt::CameTwice),
    }
}

/// The day that was written, as `2018-01-31`; none of a month or a year.
pub(crate) fn day_of(time: &MessageTime) -> Option<String> {
    let value = time.value?;
    matches!(value.precision, Precision::Day | Precision::Time).then(|| value.local.date().to_string())
}
