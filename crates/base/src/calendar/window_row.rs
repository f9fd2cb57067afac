use super::{Hours, Weekdays, WindowError};

/// Open hours on some days. Of two rows that match a day the later holds, alone.
///
/// # A half-day and a closed day are rows
/// ```
/// # use samspill_base::calendar::{DayPattern, WindowRow};
/// let rows = [
///     WindowRow::new(DayPattern::WorkingDays, vec!["08:00-15:00".parse()?]),
///     WindowRow::new(DayPattern::named(["julaften"]), vec!["08:00-12:00".parse()?]),
///     WindowRow::closed(DayPattern::named(["nyttarsaften"])),
/// ];
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRow {
    /// On which days.
    pub days: DayPattern,
    /// When; in any order, none sharing time with another. Empty is closed all day.
    pub hours: Vec<Hours>,
}

impl WindowRow {
    /// Open at these hours.
    pub fn new(days: DayPattern, hours: Vec<Hours>) -> Self {
        Self { days, hours }
    }

    /// Closed all day.
    pub fn closed(days: DayPattern) -> Self {
        Self { days, hours: Vec::new() }
    }

    /// The hours from the earliest on.
    pub(super) fn sorted_hours(&self) -> Result<Vec<Hours>, WindowError> {
        let mut hours = self.hours.clone();
        hours.sort_by_key(Hours::nanos);
        match hours.windows(2).find(|pair| pair[1].nanos().0 < pair[0].nanos().1) {
            Some(pair) => {
                Err(WindowError::HoursOverlap { first: pair[0].to_string(), second: pair[1].to_string() })
            }
            None => Ok(hours),
        }
    }
}

/// Which days a row is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayPattern {
    /// The calendar's working days.
    WorkingDays,
    /// All days, holidays too.
    EveryDay,
    /// These weekdays, also when they are holidays.
    Weekdays(Weekdays),
    /// Days closed by any holiday rule.
    Holidays,
    /// Days with any of these holiday ids, closed or not.
    Named(Vec<String>),
}

impl DayPattern {
    /// Days with any of these holiday ids.
    pub fn named<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self::Named(ids.into_iter().map(Into::into).collect())
    }
}
