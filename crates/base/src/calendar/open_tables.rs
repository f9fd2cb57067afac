use jiff::Timestamp;

use super::{
    DayCalendar, OutOfCalendar,
    day_kinds::{DayKinds, Span},
    day_number::DAYS,
};

/// How much open time comes before each day, and the ways between time and open time.
pub(super) struct OpenTables {
    calendar: DayCalendar,
    kinds: DayKinds,
    /// Open nanoseconds before each day; one more at the end for them all. Three centuries of them don't
    /// fit in an `i64`.
    open_before: Vec<u64>,
}

/// An instant in nanoseconds since 1970, and the open nanoseconds before it.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) nanos: i64,
    pub(super) open: u64,
}

impl OpenTables {
    /// Counts the open time.
    pub(super) fn new(kinds: DayKinds, calendar: &DayCalendar) -> Self {
        let mut open_before = Vec::with_capacity(DAYS + 1);
        let mut open = 0;
        for length in kinds.lengths() {
            open_before.push(open);
            open += length;
        }
        open_before.push(open);
        Self { calendar: calendar.clone(), kinds, open_before }
    }

    pub(super) fn calendar(&self) -> &DayCalendar {
        &self.calendar
    }

    /// Open nanoseconds before a day.
    pub(super) fn open_before(&self, day: usize) -> u64 {
        self.open_before[day]
    }

    /// All open nanoseconds of the calendar.
    pub(super) fn total(&self) -> u64 {
        self.open_before.last().copied().unwrap_or(0)
    }

    /// Where an instant is in time and in open time.
    pub(super) fn position(&self, instant: Timestamp) -> Result<Position, OutOfCalendar> {
        let (day, nanos) = self.calendar.days().locate(instant)?;
        let today: u64 = self.spans(day).map(|span| span.passed(nanos)).sum();
        Ok(Position { nanos, open: self.open_before[day] + today })
    }

    /// Open means that either open time ran until here, or it runs from here.
    pub(super) fn is_open_at(&self, position: Position) -> bool {
        let here = Some(position.nanos);
        self.last_moment_after(position.open) == here || self.first_moment_after(position.open) == here
    }

    /// The earliest moment when so much open time has passed: a closing where it is one. None before the first opening.
    pub(super) fn first_moment_after(&self, open: u64) -> Option<i64> {
        let day = self.day_reaching(open)?;
        let mut left = open - self.open_before[day];
        for span in self.spans(day) {
            if left <= span.length() {
                return Some(span.after(left));
            }
            left -= span.length();
        }
        None
    }

    /// The latest moment when only so much open time has passed: an opening where it is one. None after the last closing.
    pub(super) fn last_moment_after(&self, open: u64) -> Option<i64> {
        let day = self.day_passing(open)?;
        let mut left = open - self.open_before[day];
        for span in self.spans(day) {
            if left < span.length() {
                return Some(span.after(left));
            }
            left -= span.length();
        }
        None
    }

    /// The first day by whose end so much open time has passed, if that is any.
    pub(super) fn day_reaching(&self, open: u64) -> Option<usize> {
        let after = self.open_before.partition_point(|before| *before < open);
        (after <= DAYS).then_some(after)?.checked_sub(1)
    }

    /// The day by whose end more than so much open time has passed, but not by its beginning.
    pub(super) fn day_passing(&self, open: u64) -> Option<usize> {
        let after = self.open_before.partition_point(|before| *before <= open);
        (after <= DAYS).then_some(after)?.checked_sub(1)
    }

    /// The open spans of a day in nanoseconds since 1970.
    pub(super) fn spans(&self, day: usize) -> impl Iterator<Item = Span> {
        let start = self.calendar.days().start_nanos(day);
        self.kinds
            .spans_on(day)
            .iter()
            .map(move |span| Span { opens: start + span.opens, closes: start + span.closes })
    }
}
