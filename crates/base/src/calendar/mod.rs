//! Days, holidays, open hours and deadlines, counted in one time zone.
//!
//! Three types, each built from the one before:
//!
//! * [`HolidayRule`]: how a named day is found in a year. The rules are data; this module only computes.
//! * [`DayCalendar`]: every day from [`FIRST_DAY`] to [`LAST_DAY`] in a time zone, with its names and whether
//!   it is a working day.
//! * [`Window`]: the hours something is open on those days, such as an office or the time for notices.
//!
//! Everything is answered from tables that are filled once: a question costs a few steps, whether it spans an
//! hour or a century, clock changes included. Whatever reaches outside the tables is [`OutOfCalendar`].
//!
//! Whoever asks for millions of answers asks in nanoseconds since 1970 and in [`DayNumber`]s: the methods of
//! [`DayCalendar`] and [`Window`] that have `nanos` or `day` in their names answer as the others do.
//!
//! # When clocks change
//!
//! | question | skipped local time (spring) | repeated local time (autumn) |
//! |---|---|---|
//! | [`DayCalendar::at_clock`] | moved forward by what was skipped: 02:30 is 03:30 | the first |
//! | [`DayCalendar::at_clock_latest`] | the same | the second; take this for a deadline |
//! | [`Window`] | not open: that time doesn't exist | open both times |
//! | [`DayCalendar::start_of_day`] | the day's first instant | the first midnight |
//! | hours of a duration | elapsed | elapsed |

mod annual;
mod bulk;
mod civil;
mod cut_off;
mod day_calendar;
mod day_kinds;
mod day_number;
mod easter;
mod error;
mod guess_table;
mod holiday;
mod hours;
mod local_days;
mod named_days;
mod numbered_days;
mod open_tables;
mod weekdays;
mod window;
mod window_nanos;
mod window_row;

pub use annual::AnnualDay;
pub use civil::{add_calendar_days, add_months, add_weeks, add_years, last_day_of_month};
pub use cut_off::CutOffSide;
pub use day_calendar::DayCalendar;
pub use day_number::{DayNumber, FIRST_DAY, LAST_DAY};
pub use error::{CalendarError, OutOfCalendar, WindowError};
pub use holiday::{Closure, HolidayDay, HolidayRule, InLieu};
pub use hours::{Closes, Hours};
pub use named_days::NamedDay;
pub use weekdays::Weekdays;
pub use window::Window;
pub use window_row::{DayPattern, WindowRow};
