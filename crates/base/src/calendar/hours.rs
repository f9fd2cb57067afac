use std::{fmt, str::FromStr};

use jiff::civil::Time;

use super::{WindowError, day_number::NANOS_PER_SECOND, day_number::SECONDS_PER_DAY};

/// Open hours on one day, from a time of day to a later one. Both ends are within.
///
/// # Through the end of the day
/// ```
/// # use samspill_base::calendar::{Closes, Hours};
/// let evening: Hours = "18:00-24:00".parse()?;
/// assert_eq!(evening.closes(), Closes::EndOfDay);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    opens: Time,
    closes: Closes,
}

/// When open hours end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closes {
    /// At this time of day.
    At(Time),
    /// At midnight between this day and the next, which people write 24:00.
    EndOfDay,
}

impl Hours {
    /// The whole day, 00:00 to 24:00.
    pub const ALL_DAY: Self = Self { opens: Time::midnight(), closes: Closes::EndOfDay };

    /// Hours from `opens` to `closes`.
    ///
    /// # Errors
    /// [`WindowError::HoursReversed`] unless it closes after it opens.
    pub fn new(opens: Time, closes: Closes) -> Result<Self, WindowError> {
        let hours = Self { opens, closes };
        if Closes::At(opens) < closes {
            Ok(hours)
        } else {
            Err(WindowError::HoursReversed { hours: hours.to_string() })
        }
    }

    /// When it opens.
    pub fn opens(&self) -> Time {
        self.opens
    }

    /// When it closes.
    pub fn closes(&self) -> Closes {
        self.closes
    }

    /// Opening and closing in nanoseconds since 00:00 on the clock on the wall.
    pub(super) fn nanos(&self) -> (i64, i64) {
        let closes = match self.closes {
            Closes::At(time) => clock_nanos(time),
            Closes::EndOfDay => SECONDS_PER_DAY * NANOS_PER_SECOND,
        };
        (clock_nanos(self.opens), closes)
    }
}

/// Nanoseconds since 00:00 when a clock shows `time`.
#[inline]
pub(super) fn clock_nanos(time: Time) -> i64 {
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    seconds * NANOS_PER_SECOND + i64::from(time.subsec_nanosecond())
}

impl FromStr for Hours {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        let not_hours = || WindowError::NotHours { text: text.chars().take(40).collect() };
        let (opens, closes) = text.split_once('-').ok_or_else(not_hours)?;
        let opens = opens.trim().parse().map_err(|_| not_hours())?;
        let closes = match closes.trim() {
            "24:00" => Closes::EndOfDay,
            time => Closes::At(time.parse().map_err(|_| not_hours())?),
        };
        Self::new(opens, closes)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_clock(f, self.opens)?;
        f.write_str("-")?;
        match self.closes {
            Closes::At(time) => write_clock(f, time),
            Closes::EndOfDay => f.write_str("24:00"),
        }
    }
}

/// `08:00`, with seconds only where there are some.
fn write_clock(f: &mut fmt::Formatter<'_>, time: Time) -> fmt::Result {
    if time.second() == 0 && time.subsec_nanosecond() == 0 {
        write!(f, "{:02}:{:02}", time.hour(), time.minute())
    } else {
        write!(f, "{time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_they_are_written() {
        for text in ["08:00-15:00", "00:00-24:00", "00:00-00:01", "23:59-24:00", "08:00:30-09:00"] {
            assert_eq!(text.parse::<Hours>().unwrap().to_string(), text);
        }
        assert_eq!("00:00-24:00".parse::<Hours>().unwrap(), Hours::ALL_DAY);
    }

    #[test]
    fn hours_that_end_when_they_begin_are_refused() {
        for text in ["15:00-08:00", "08:00-08:00", "18:00-00:00"] {
            assert!(matches!(text.parse::<Hours>(), Err(WindowError::HoursReversed { .. })), "{text}");
        }
        for text in ["", "08:00", "8-15", "24:00-24:00", "08:00-25:00"] {
            assert!(matches!(text.parse::<Hours>(), Err(WindowError::NotHours { .. })), "{text}");
        }
    }
}
