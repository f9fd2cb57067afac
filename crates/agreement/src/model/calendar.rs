use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use samspill_base::calendar::{DayCalendar, HolidayRule, Window, WindowError, WindowRow};

use super::{CalendarId, Condition, Place, Text};

/// Working days, holidays and time zone of a version.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The IANA name of the zone: `Europe/Oslo`.
    pub zone_name: String,
    /// The zone.
    pub zone: TimeZone,
    /// The holidays, of the laws used and the agreement's own.
    pub holidays: Vec<HolidayName>,
    /// The days, computed.
    pub days: Arc<DayCalendar>,
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.zone_name == other.zone_name && self.holidays == other.holidays
    }
}

impl Eq for Calendar {}

/// A holiday with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayName {
    /// What people call it.
    pub name: Text,
    /// When it is.
    pub rule: HolidayRule,
}

/// Named open hours. Which of its rows count can hang on facts of the case.
#[derive(Clone, Debug)]
pub struct OpenHours {
    /// Its id.
    pub id: CalendarId,
    /// What people call it.
    pub name: Text,
    /// The rows; on a day that several match, the last one whose condition holds decides.
    pub rows: Vec<HoursRow>,
    /// Where it stands.
    pub place: Place,
    /// Filled when first asked for: one table for each combination of conditional rows.
    tables: Arc<[OnceLock<Result<Window, WindowError>>]>,
}

/// Open hours on some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursRow {
    /// On which days, and when.
    pub row: WindowRow,
    /// When the row counts.
    pub when: Condition,
}

impl OpenHours {
    /// Rows with a condition at the most: each doubles the number of tables.
    pub const CONDITIONAL_ROWS_MAX: usize = 6;

    /// Open hours with these rows.
    ///
    /// `None` with more than [`Self::CONDITIONAL_ROWS_MAX`] conditional rows.
    pub fn new(id: CalendarId, name: Text, rows: Vec<HoursRow>, place: Place) -> Option<Self> {
        let conditional = rows.iter().filter(|row| row.when != Condition::Always).count();
        let tables = (conditional <= Self::CONDITIONAL_ROWS_MAX)
            .then(|| (0..1_usize << conditional).map(|_| OnceLock::new()).collect())?;
        Some(Self { id, name, rows, place, tables })
    }

    /// The hours that are open when exactly the conditional rows that `holds` says yes to count.
    ///
    /// # Errors
    /// [`WindowError::NeverOpen`] where nothing is left open.
    pub fn window(
        &self,
        days: &DayCalendar,
        mut holds: impl FnMut(&Condition) -> bool,
    ) -> Result<&Window, &WindowError> {
        let conditional = self.rows.iter().filter(|row| row.when != Condition::Always);
        let holding = conditional.enumerate().filter(|(_, row)| holds(&row.when)).map(|(bit, _)| 1 << bit);
        self.window_of(days, holding.fold(0, |all: usize, bit: usize| all | bit))
    }

    /// The hours that are open when the conditional rows in `holding` count: a bit for each of them, in order.
    ///
    /// # Errors
    /// [`WindowError::NeverOpen`] where nothing is left open.
    ///
    /// # Panics
    /// With bits for more rows than there are.
    pub fn window_of(&self, days: &DayCalendar, holding: usize) -> Result<&Window, &WindowError> {
        self.tables[holding].get_or_init(|| Window::new(days, &self.rows_of(holding))).as_ref()
    }

    fn rows_of(&self, holding: usize) -> Vec<WindowRow> {
        let mut bit = 1;
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let counts = row.when == Condition::Always || holding & bit != 0;
            rows.extend(counts.then(|| row.row.clone()));
            bit <<= usize::from(row.when != Condition::Always);
        }
        rows
    }
}

impl PartialEq for OpenHours {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.name == other.name && self.rows == other.rows
    }
}

impl Eq for OpenHours {}
