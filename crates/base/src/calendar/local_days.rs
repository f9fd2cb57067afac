use jiff::{Timestamp, tz::TimeZone};

use super::{
    OutOfCalendar,
    day_number::{DAYS, NANOS_PER_DAY, NANOS_PER_SECOND, SECONDS_PER_DAY, civil_seconds},
};

/// Where each day of the tables begins in one time zone.
pub(super) struct LocalDays {
    zone: TimeZone,
    /// Nanoseconds since 1970 at which each day begins, and one more: the end of the last day.
    starts: Vec<i64>,
    /// For each day whether clocks change on it or it isn't 24 hours long.
    irregular: Vec<bool>,
    /// The stretches between clock changes, from the first on.
    stretches: Vec<Stretch>,
}

/// A stretch of time in which local clocks are a fixed number of seconds ahead of UTC.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// Seconds since 1970; the first stretch has no beginning.
    from: i64,
    /// Seconds to add to UTC.
    offset: i64,
}

impl LocalDays {
    pub(super) fn new(zone: TimeZone) -> Self {
        let stretches = stretches_of(&zone);
        let starts = day_starts(&stretches);
        let irregular = starts.windows(2).map(|pair| pair[1] - pair[0] != NANOS_PER_DAY).collect();
        let mut days = Self { zone, starts, irregular, stretches };
        days.mark_days_of_clock_changes();
        days
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Seconds since 1970 at which a day begins; for [`DAYS`], at which the last one ends.
    pub(super) fn start_seconds(&self, day: usize) -> i64 {
        self.starts[day] / NANOS_PER_SECOND
    }

    /// Nanoseconds since 1970 at which a day begins; for [`DAYS`], at which the last one ends.
    #[inline]
    pub(super) fn start_nanos(&self, day: usize) -> i64 {
        self.starts[day]
    }

    /// From the first nanosecond of the first day to the first after the last day.
    #[inline]
    pub(super) fn covered(&self) -> std::ops::Range<i64> {
        self.starts[0]..self.starts[DAYS]
    }

    /// The nanosecond of an instant, and the day it is in.
    #[inline]
    pub(super) fn locate(&self, instant: Timestamp) -> Result<(usize, i64), OutOfCalendar> {
        let nanos = nanos_of(instant)?;
        self.day_of_nanos(nanos).map(|day| (day, nanos))
    }

    /// The day that a nanosecond since 1970 is in.
    #[inline]
    pub(super) fn day_of_nanos(&self, nanos: i64) -> Result<usize, OutOfCalendar> {
        if self.covered().contains(&nanos) {
            Ok(self.day_at(nanos))
        } else {
            Err(OutOfCalendar::at_nanos(nanos))
        }
    }

    /// The days on which clocks change or that aren't 24 hours long.
    pub(super) fn irregular_days(&self) -> impl Iterator<Item = usize> {
        (0..DAYS).filter(|day| self.irregular[*day])
    }

    /// Whether the clock shows the time since the day began all day, and its hours come on no other day.
    ///
    /// Clocks that go back after midnight show the evening before again: the day before an irregular one isn't plain.
    #[inline]
    pub(super) fn is_plain(&self, day: usize) -> bool {
        !self.irregular[day..DAYS.min(day + 2)].contains(&true)
    }

    fn mark_days_of_clock_changes(&mut self) {
        for change in 1..self.stretches.len() {
            let nanos = self.stretches[change].from.saturating_mul(NANOS_PER_SECOND);
            if self.covered().contains(&nanos) {
                let day = self.day_at(nanos);
                self.irregular[day] = true;
            }
        }
    }

    /// The stretches that a day is made of, cut to the day: from, until and offset in seconds.
    pub(super) fn stretches_on(&self, day: usize) -> impl Iterator<Item = (i64, i64, i64)> {
        let (start, end) = (self.start_seconds(day), self.start_seconds(day + 1));
        let first = self.stretches.partition_point(|stretch| stretch.from <= start).saturating_sub(1);
        let here = &self.stretches[first..];
        here.iter().enumerate().take_while(move |(_, stretch)| stretch.from < end).map(move |(i, stretch)| {
            let until = here.get(i + 1).map_or(end, |next| next.from.min(end));
            (stretch.from.max(start), until, stretch.offset)
        })
    }

    /// A good guess, then at most two steps: days differ from 24 hours by no more than clocks of one zone ever
    /// differ, which is less than two days.
    #[inline]
    fn day_at(&self, nanos: i64) -> usize {
        let guess = nanos.abs_diff(self.starts[0]) / NANOS_PER_DAY.unsigned_abs();
        let guess = usize::try_from(guess).unwrap_or(DAYS).min(DAYS - 1);
        // The step that a summer evening takes, without a branch: it comes by chance and can't be predicted.
        let mut day = (guess + usize::from(self.starts[guess + 1] <= nanos)).min(DAYS - 1);
        while self.starts[day] > nanos {
            day -= 1;
        }
        while self.starts[day + 1] <= nanos {
            day += 1;
        }
        day
    }
}

/// Nanoseconds since 1970.
///
/// # Errors
/// [`OutOfCalendar`] for instants that an `i64` doesn't reach, years outside 1677–2262.
#[inline]
pub(super) fn nanos_of(instant: Timestamp) -> Result<i64, OutOfCalendar> {
    i64::try_from(instant.as_nanosecond()).map_err(|_| OutOfCalendar::at_instant(instant))
}

/// The instant so many nanoseconds since 1970; each of them is one.
pub(super) fn to_instant(nanos: i64) -> Result<Timestamp, OutOfCalendar> {
    Timestamp::from_nanosecond(i128::from(nanos)).map_err(|_| OutOfCalendar::at_nanos(nanos))
}

/// The clock changes of a zone within the tables, with a margin for the widest offsets there are.
fn stretches_of(zone: &TimeZone) -> Vec<Stretch> {
    const MARGIN_SECONDS: i64 = 2 * SECONDS_PER_DAY;
    let until = civil_seconds(DAYS) + MARGIN_SECONDS;
    let from = Timestamp::from_second(civil_seconds(0) - MARGIN_SECONDS).unwrap_or(Timestamp::MIN);
    let first = Stretch { from: i64::MIN, offset: i64::from(zone.to_offset(from).seconds()) };
    let changes = zone.following(from).map(|change| Stretch {
        from: change.timestamp().as_second(),
        offset: i64::from(change.offset().seconds()),
    });
    std::iter::once(first).chain(changes.take_while(|stretch| stretch.from < until)).collect()
}

/// The first instant of each day: at midnight, or where clocks that skip midnight land.
fn day_starts(stretches: &[Stretch]) -> Vec<i64> {
    let mut starts = Vec::with_capacity(DAYS + 1);
    let mut here = 0;
    for day in 0..=DAYS {
        let midnight = civil_seconds(day);
        while stretches.get(here + 1).is_some_and(|next| midnight - stretches[here].offset >= next.from) {
            here += 1;
        }
        starts.push((midnight - stretches[here].offset).max(stretches[here].from) * NANOS_PER_SECOND);
    }
    starts
}
