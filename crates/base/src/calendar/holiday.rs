use jiff::civil::{Date, Weekday};

use super::{CalendarError, day_number, easter::easter_sunday};

/// How one named day is found in each year.
///
/// Several rules may have the same id, for instance one until a law changed and one from then on, and several
/// may name the same day: in 2027 the seventeenth of May is also the second day of Pentecost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayRule {
    /// What the day is called in agreements and answers.
    pub id: String,
    /// Where in the year it is.
    pub day: HolidayDay,
    /// First year it holds, itself included; `None` is always.
    pub from_year: Option<i16>,
    /// Last year it holds, itself included; `None` is for ever.
    pub until_year: Option<i16>,
    /// Whether it makes a day that is not a working day.
    pub closed: Closure,
    /// What happens when it falls on a weekday that is no working day anyway.
    pub in_lieu: InLieu,
}

impl HolidayRule {
    /// A closed day in every year, without another day in its place.
    pub fn new(id: impl Into<String>, day: HolidayDay) -> Self {
        Self {
            id: id.into(),
            day,
            from_year: None,
            until_year: None,
            closed: Closure::Day,
            in_lieu: InLieu::None,
        }
    }

    /// The same rule from this year on.
    pub fn from_year(self, year: i16) -> Self {
        Self { from_year: Some(year), ..self }
    }

    /// The same rule through this year.
    pub fn until_year(self, year: i16) -> Self {
        Self { until_year: Some(year), ..self }
    }

    /// The same rule, giving the day a name without closing it.
    pub fn name_only(self) -> Self {
        Self { closed: Closure::Never, ..self }
    }

    /// The same rule, with another day in its place when it falls on a weekday that is not a working day.
    pub fn in_lieu(self, in_lieu: InLieu) -> Self {
        Self { in_lieu, ..self }
    }

    /// The day in this year; `None` when the rule doesn't hold, or the year has no such day.
    pub fn date_in(&self, year: i16) -> Option<Date> {
        let holds = self.from_year.is_none_or(|from| from <= year)
            && self.until_year.is_none_or(|until| year <= until);
        if holds { self.day.date_in(year) } else { None }
    }

    /// Refuses what could never be meant.
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        if self.id.is_empty() {
            return Err(CalendarError::EmptyId);
        }
        if let (Some(from), Some(until)) = (self.from_year, self.until_year)
            && from > until
        {
            return Err(CalendarError::YearsReversed { id: self.id.clone(), from, until });
        }
        self.day.check(&self.id)
    }
}

/// Where in the year a day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayDay {
    /// The same date every year; 29 February only in leap years.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// So many days after Easter Sunday, or before it when negative.
    Easter {
        /// Days; 0 is Easter Sunday.
        offset_days: i16,
    },
    /// The first, second … or last of a weekday in a month; a fifth only where there is one.
    Nth {
        /// 1 to 5, or −1 (the last) to −5.
        nth: i8,
        /// Which weekday.
        weekday: Weekday,
        /// 1 to 12.
        month: i8,
    },
    /// The first of a weekday on a date or after it.
    OnOrAfter {
        /// Which weekday.
        weekday: Weekday,
        /// 1 to 12.
        month: i8,
        /// 1 to 31; the day itself is the answer when it is that weekday.
        day: i8,
    },
    /// One single day.
    Date(Date),
}

impl HolidayDay {
    fn date_in(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Fixed { month, day } => Date::new(year, month, day).ok(),
            Self::Easter { offset_days } => {
                easter_sunday(year)?.checked_add(jiff::Span::new().days(offset_days)).ok()
            }
            Self::Nth { nth, weekday, month } => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
            Self::OnOrAfter { weekday, month, day } => {
                let from = Date::new(year, month, day).ok()?;
                from.checked_add(jiff::Span::new().days(from.weekday().until(weekday))).ok()
            }
            Self::Date(date) => (date.year() == year).then_some(date),
        }
    }

    fn check(&self, id: &str) -> Result<(), CalendarError> {
        match *self {
            Self::Fixed { month, day } | Self::OnOrAfter { month, day, .. } => {
                check_month_day(&format!("holiday \"{id}\""), month, day)
            }
            Self::Easter { .. } => Ok(()),
            Self::Nth { nth, .. } if nth == 0 || nth.unsigned_abs() > 5 => {
                Err(CalendarError::NoSuchNth { id: id.to_owned(), nth })
            }
            Self::Nth { month, .. } => check_month_day(&format!("holiday \"{id}\""), month, 1),
            Self::Date(date) => day_number::number_of(date)
                .map(|_| ())
                .map_err(|outside| CalendarError::DateOutside { id: id.to_owned(), outside }),
        }
    }
}

/// Whether a named day is a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closure {
    /// It is not.
    Day,
    /// It has a name only; a window can have its own hours on it, such as the half-day before a feast.
    Never,
}

/// What happens to a holiday that falls on a weekday that is no working day anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLieu {
    /// Nothing: the free day is lost.
    None,
    /// The next working weekday that is not itself closed is closed too, and has the same id. The day
    /// itself keeps its name. Of two such holidays in a row the earlier takes the earlier day.
    NextFreeDay,
}

/// A month and day that at least leap years have.
pub(super) fn check_month_day(what: &str, month: i8, day: i8) -> Result<(), CalendarError> {
    const SOME_LEAP_YEAR: i16 = 2000;
    match Date::new(SOME_LEAP_YEAR, month, day) {
        Ok(_) => Ok(()),
        Err(_) => Err(CalendarError::NoSuchDay { what: what.to_owned(), month, day }),
    }
}
