use jiff::civil::Time;

use super::CalendarId;

/// A time limit: its text as the agreement writes it, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// As written: `15:00 same working day, next if at or after 14:00`.
    pub text: String,
    /// What it means.
    pub rule: DeadlineRule,
    /// A cut-off that moves the start of the count, if there is one.
    pub given: Option<GivenCutOff>,
}

/// What a time limit means. Equal to the limit is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadlineRule {
    /// `at once`: no limit that can be computed. Open until done, however long it takes.
    AtOnce,
    /// `24 hours`, `90 minutes`: elapsed time, across clock changes.
    Elapsed(Amount),
    /// `3 hours within kontortid`: time that passes while these hours are open.
    Within(Amount, CalendarId),
    /// `30 days`, `5 working days`, `2 weeks`, `3 months`: through the end of that day, or until `at HH:MM` on it.
    Days {
        /// How many, not counting the day on which it starts.
        amount: Amount,
        /// The clock time on that day; the end of the day without one.
        at: Option<Time>,
    },
    /// `15:00 same working day, next if at or after 14:00`; `12:00 next day`; `same working day`.
    ClockOn {
        /// The clock time; the end of the day without one.
        at: Option<Time>,
        /// Which days count.
        day: DayKind,
        /// How many such days after the start: 0 for `same`, 1 for `next`.
        days_after: u32,
        /// A start past this counts for the next such day. Without it, a start after `at` does.
        cut_off: Option<CutOff>,
    },
    /// `1 week before utskrivningsklar`, `24 hours before fact forventet-utskrivning`: backwards from another entry.
    BeforeKind(Option<Amount>, super::KindId),
    /// The same, backwards from a day or instant that a fact holds.
    BeforeFact(Option<Amount>, super::FactName),
    /// `first working day of next month`: through the end of it.
    FirstWorkingDayOfNextMonth,
    /// `last day of the month`: through the end of it.
    LastDayOfMonth,
    /// `day 10 of next month`: through the end of it; the month's last day where it is shorter.
    DayOfNextMonth(u8),
    /// `1 July`: through the end of the first such day on or after the start.
    Annual {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// A number of some unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Elapsed minutes.
    Minute,
    /// Elapsed hours.
    Hour,
    /// Calendar days in the agreement's zone.
    Day,
    /// Working days of the agreement's calendar.
    WorkingDay,
    /// Seven calendar days.
    Week,
    /// Calendar months; the month's last day where it is shorter.
    Month,
    /// Calendar years.
    Year,
}

/// A kind of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Every day.
    Any,
    /// Working days.
    Working,
    /// Days on which these hours open.
    OpenIn(CalendarId),
}

/// A clock time that divides a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The time.
    pub at: Time,
    /// On which side the time itself falls.
    pub edge: Edge,
}

/// On which side of a cut-off the exact time falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `after 14:00`: 14:00 itself is in time.
    After,
    /// `at or after 14:00`: 14:00 itself is too late.
    AtOrAfter,
}

impl CutOff {
    /// Whether this time of day is past the cut-off.
    pub fn is_past(self, time: Time) -> bool {
        match self.edge {
            Edge::After => time > self.at,
            Edge::AtOrAfter => time >= self.at,
        }
    }
}

/// `, given next working day if after 14:00`: the count starts at the beginning of that next day instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCutOff {
    /// When.
    pub cut_off: CutOff,
    /// On which day it then counts as given.
    pub next: DayKind,
}
