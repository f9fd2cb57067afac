//! A log bound to plain rules: its days counted from its own first, its cases walked from course to course.

use samspill_base::{
    Columns,
    calendar::{DayCalendar, DayNumber},
};

use super::{
    code::Code,
    courses::{AS_OF, BEGINNING, Check, CheckDue, Courses, ENTRIES_MAX, Step},
    flat::{Flat, NEVER, later},
    rows::CaseRows,
};

/// No kind that a rule names.
const NO_BIT: u8 = u8::MAX;

/// A log bound to plain rules.
#[derive(Debug)]
pub(crate) struct FlatBatch<'b> {
    flat: &'b Flat,
    columns: &'b Columns,
    /// The bit of each of the log's kinds, or [`NO_BIT`].
    bits: Vec<u8>,
    days: LogDays,
    /// The first and the last instant of the log.
    span: (i64, i64),
}

/// The days of a log.
#[derive(Debug)]
struct LogDays {
    /// The number of the first.
    first: u32,
    /// Where the first would begin, had each begun as early on its clock as the earliest of them does.
    base: i64,
    /// The first nanosecond of each, and of the two days after the last.
    starts: Vec<i64>,
}

const DAY_NANOS: i64 = 86_400 * 1_000_000_000;

impl LogDays {
    fn of(days: &DayCalendar, (first, last): (i64, i64)) -> Option<Self> {
        let number = |at| days.day_of_nanos(at).ok().map(DayNumber::number);
        let (first, last) = (number(first)?, number(last)?);
        let start = |day| DayNumber::new(day).map_or(i64::MAX, |day| days.start_of_day_nanos(day));
        let starts: Vec<i64> = (first..=last + 2).map(start).collect();
        let drifts = (0..).zip(&starts).filter(|(_, start)| **start != i64::MAX);
        let drifts = drifts.map(|(day, start)| start - starts[0] - day * DAY_NANOS);
        let (back, on) = drifts.fold((0, 0), |(back, on), drift| (drift.min(back), drift.max(on)));
        // Clocks never stray by a day from where they began; were one to, the log is read the general way.
        (on - back < DAY_NANOS).then_some(Self { first, base: starts[0] + back, starts })
    }

    /// The day of an instant of the log: as if all were equally long, then at most one back.
    #[inline]
    fn of_nanos(&self, at: i64) -> u32 {
        let guess = (at - self.base).cast_unsigned() / DAY_NANOS.cast_unsigned();
        let guess = u32::try_from(guess).unwrap_or(0);
        self.first + guess - u32::from(at < self.starts[guess as usize])
    }
}

/// The day of each entry of a case, and last that of the instant as of which it is read.
pub(crate) type EntryDays = [u32; ENTRIES_MAX + 1];

/// When cases are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    nanos: i64,
    /// The number of its day; [`NEVER`] past the last.
    day: u32,
    /// Whether all of the log is known then, and happened while the agreement is in force.
    all_known: bool,
}

impl<'b> FlatBatch<'b> {
    /// The log, if it has no other times than `happened`, and stands in the order of its places.
    pub(crate) fn of(code: &Code, flat: &'b Flat, columns: &'b Columns) -> Option<Self> {
        let times =
            [&columns.sent, &columns.received, &columns.acknowledged, &columns.recorded, &columns.as_of];
        let has_more = times.iter().any(|column| !column.is_empty());
        if has_more || !columns.position.is_sorted() || columns.is_empty() {
            return None;
        }
        let ends = |(first, last): (i64, i64), at: &i64| (first.min(*at), last.max(*at));
        let span = columns.happened.iter().fold((i64::MAX, i64::MIN), ends);
        let days = LogDays::of(&flat.days, span)?;
        let bits = columns.kinds.iter().map(|name| bit_of(code, name)).collect();
        Some(Self { flat, columns, bits, days, span })
    }

    /// The instant as of which cases are read.
    pub(crate) fn as_of(&self, nanos: i64) -> AsOf {
        let outside = if nanos < 0 { 0 } else { NEVER };
        let day = self.flat.days.day_of_nanos(nanos).map_or(outside, DayNumber::number);
        let (from, until) = self.flat.in_force;
        let all_known = self.span.1 <= nanos && from <= self.span.0 && self.span.1 < until;
        AsOf { nanos, day, all_known }
    }

    /// Reads a case: its sets, a byte for each rule.
    ///
    /// No where the case must be read the general way; `into` then holds nothing of worth.
    #[inline]
    pub(crate) fn read(
        &self,
        (courses, days): (&mut Courses, &mut EntryDays),
        rows: &CaseRows<'_>,
        as_of: AsOf,
        into: &mut [u8],
    ) -> bool {
        let columns = self.columns;
        match rows {
            CaseRows::Together(rows) => {
                let kinds = columns.kind[rows.clone()].iter().copied();
                let entries = kinds.zip(columns.happened[rows.clone()].iter().copied());
                self.walk((courses, days), entries, as_of, into)
            }
            CaseRows::Apart(rows) => {
                let rows = rows.iter().map(|row| *row as usize);
                self.walk(
                    (courses, days),
                    rows.map(|row| (columns.kind[row], columns.happened[row])),
                    as_of,
                    into,
                )
            }
        }
    }

    #[inline]
    fn walk(
        &self,
        (courses, days): (&mut Courses, &mut EntryDays),
        entries: impl Iterator<Item = (u32, i64)>,
        as_of: AsOf,
        into: &mut [u8],
    ) -> bool {
        days[usize::from(AS_OF)] = as_of.day;
        let (mut course, mut count, mut last) = (BEGINNING, 0, i64::MIN);
        for (kind, at) in entries {
            if !as_of.all_known {
                if at > as_of.nanos {
                    continue;
                }
                if at < self.flat.in_force.0 || at >= self.flat.in_force.1 {
                    return false;
                }
            }
            let bit = self.bits[kind as usize];
            if bit == NO_BIT {
                continue;
            }
            if at < last || count == ENTRIES_MAX {
                return false;
            }
            let Some(next) = courses.next(course, Step::new(bit, at == last)) else { return false };
            days[count] = self.days.of_nanos(at);
            (course, count, last) = (next, count + 1, at);
        }
        let (template, checks) = courses.outcome(course);
        into.copy_from_slice(template);
        for check in checks {
            into[usize::from(check.byte)] |= self.decide(check, days);
        }
        true
    }

    #[inline]
    fn decide(&self, check: &Check, days: &EntryDays) -> u8 {
        let day = days[usize::from(check.trigger)];
        let due = match check.due {
            CheckDue::Plus(more) => later(day, more),
            CheckDue::Table(table) => self.flat.tables[usize::from(table)].due(day),
        };
        if days[usize::from(check.other)] > due { check.past } else { check.not }
    }
}

fn bit_of(code: &Code, name: &str) -> u8 {
    let kind = code.kinds_called.get(name).and_then(|by_version| by_version[0]);
    let bit = kind.map_or(0, |kind| code.kinds[usize::from(kind)].bit);
    if bit == 0 { NO_BIT } else { u8::try_from(bit.trailing_zeros()).unwrap_or(NO_BIT) }
}
