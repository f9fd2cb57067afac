use jiff::{Timestamp, tz::TimeZone};

use super::{
    OutOfCalendar,
    day_number::{DAYS, NANOS_PER_SECOND, SECONDS_PER_DAY, civil_seconds},
};

/// Where each day of the tables begins in one time zone.
pub(super) struct LocalDays {
    zone: TimeZone,
    /// Seconds since 1970 at which each day begins, and one more: the end of the last day.
    starts: Vec<i64>,
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
        Self { zone, starts, stretches }
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Seconds since 1970 at which a day begins; for [`DAYS`], at which the last one ends.
    pub(super) fn start_seconds(&self, day: usize) -> i64 {
        self.starts[day]
    }

    /// Nanoseconds since 1970 at which a day begins.
    pub(super) fn start_nanos(&self, day: usize) -> i64 {
        self.starts[day] * NANOS_PER_SECOND
    }

    /// The day an instant is in, and the instant as nanoseconds since 1970.
    pub(super) fn locate(&self, instant: Timestamp) -> Result<(usize, i64), OutOfCalendar> {
        let outside = OutOfCalendar::at_instant(instant);
        let nanos = i64::try_from(instant.as_nanosecond()).map_err(|_| outside)?;
        let seconds = nanos.div_euclid(NANOS_PER_SECOND);
        if seconds < self.starts[0] || seconds >= self.starts[DAYS] {
            return Err(outside);
        }
        Ok((self.day_of_second(seconds), nanos))
    }

    /// The days on which clocks change, each once, and days without length that the change left out.
    pub(super) fn change_days(&self) -> Vec<usize> {
        let inside = self.starts[0]..self.starts[DAYS];
        let changes = self.stretches[1..].iter().map(|stretch| stretch.from).filter(|at| inside.contains(at));
        let mut days: Vec<usize> = changes.flat_map(|at| self.days_starting_with(at)).collect();
        days.dedup();
        days
    }

    /// The day that a second is in, and those before it that began when it did.
    fn days_starting_with(&self, seconds: i64) -> std::ops::RangeInclusive<usize> {
        let day = self.day_of_second(seconds);
        self.starts.partition_point(|start| *start < self.starts[day])..=day
    }

    /// The stretches that a day is made of, cut to the day: from, until and offset in seconds.
    pub(super) fn stretches_on(&self, day: usize) -> impl Iterator<Item = (i64, i64, i64)> {
        let (start, end) = (self.starts[day], self.starts[day + 1]);
        let first = self.stretches.partition_point(|stretch| stretch.from <= start).saturating_sub(1);
        let here = &self.stretches[first..];
        here.iter().enumerate().take_while(move |(_, stretch)| stretch.from < end).map(move |(i, stretch)| {
            let until = here.get(i + 1).map_or(end, |next| next.from.min(end));
            (stretch.from.max(start), until, stretch.offset)
        })
    }

    /// A good guess, then at most a few steps: days are nearly equally long.
    fn day_of_second(&self, seconds: i64) -> usize {
        let guess = (seconds - self.starts[0]) / SECONDS_PER_DAY;
        let mut day = usize::try_from(guess).unwrap_or(0).min(DAYS - 1);
        while self.starts[day] > seconds {
            day -= 1;
        }
        while self.starts[day + 1] <= seconds {
            day += 1;
        }
        day
    }
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
        starts.push((midnight - stretches[here].offset).max(stretches[here].from));
    }
    starts
}
