use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use crate::Entry;

/// Which of an entry's five times a rule counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// When it happened.
    #[default]
    Happened,
    /// When it was sent; without it, when it happened.
    Sent,
    /// When it was received; without it, when it was sent.
    Received,
    /// When it was acknowledged; without it, when it was received.
    Acknowledged,
    /// When it was recorded; without it, when it happened: the log was written as things went.
    Recorded,
}

impl Entry {
    /// The entry's time on this clock, or what stands in for it where the log doesn't have it.
    pub fn time(&self, clock: Clock) -> Timestamp {
        match clock {
            Clock::Happened => self.happened,
            Clock::Sent => self.sent.unwrap_or(self.happened),
            Clock::Received => self.received.unwrap_or_else(|| self.time(Clock::Sent)),
            Clock::Acknowledged => self.acknowledged.unwrap_or_else(|| self.time(Clock::Received)),
            Clock::Recorded => self.recorded.unwrap_or(self.happened),
        }
    }
}

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{text}» is not a time: write 2024-03-31T02:30, or with an offset 2024-03-31T02:30:00+01:00")]
pub struct LocalTimeError {
    text: String,
}

/// Reads RFC 3339 (`2024-08-17T06:59:00+02:00`), or a local time without offset (`2024-08-17T06:59`), or a
/// date alone (midnight), in `zone`.
///
/// A local time that the clock change skips (02:30 on the night clocks go forward) is moved forward by what
/// was skipped; one that comes twice is the first of the two. So a time that somebody typed in is never refused.
///
/// # A night with two half past two
/// ```
/// # use samspill_base::parse_instant;
/// let oslo = jiff::tz::TimeZone::get("Europe/Oslo")?;
/// let first = parse_instant("2024-10-27T02:30", &oslo)?;
/// assert_eq!(first, parse_instant("2024-10-27T02:30:00+02:00", &oslo)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_instant(text: &str, zone: &TimeZone) -> Result<Timestamp, LocalTimeError> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    text.parse::<DateTime>()
        .ok()
        .and_then(|local| local_instant(local, zone))
        .ok_or_else(|| LocalTimeError { text: text.chars().take(40).collect() })
}

/// The instant of a local time; gaps move forward, of two the first (see [`parse_instant`]).
///
/// `None` only past the years that instants reach (−9999 to 9999).
pub fn local_instant(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

/// Writes an instant as RFC 3339 with the zone's offset, in seconds, with a fraction only where there is one.
///
/// # In Oslo, in winter
/// ```
/// # use samspill_base::format_instant;
/// let oslo = jiff::tz::TimeZone::get("Europe/Oslo")?;
/// assert_eq!(format_instant("2024-01-01T11:00:00Z".parse()?, &oslo), "2024-01-01T12:00:00+01:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn format_instant(instant: Timestamp, zone: &TimeZone) -> String {
    let offset: Offset = zone.to_offset(instant);
    instant.display_with_offset(offset).to_string()
}
