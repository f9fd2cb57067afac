use super::{
    DayCalendar, OutOfCalendar,
    bulk::BulkAdd,
    day_kinds::{DayKinds, Span},
    day_number::DAYS,
    guess_table::GuessTable,
};

/// All open time of a calendar, and the ways between time and open time, each a few steps long.
pub(super) struct OpenTables {
    calendar: DayCalendar,
    kinds: DayKinds,
    /// Stretches of open time in order, none touching the next; before them one without length that began before
    /// all time, and after them twice the end, which never comes.
    runs: Vec<Run>,
    /// All open nanoseconds. Three centuries of them don't fit in an `i64`.
    total: u64,
    /// The covered nanoseconds since 1970, the last not included.
    first: i64,
    end: i64,
    /// From time since the calendar began to runs.
    by_time: GuessTable,
    /// From open time to runs.
    by_open: GuessTable,
}

/// A stretch of open time, through midnight too. It lasts as long as open time passes until the next begins.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// Nanoseconds since 1970.
    pub(super) opens: i64,
    /// Open nanoseconds before it.
    pub(super) before: u64,
}

/// Where a nanosecond since 1970 is in open time.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// Open nanoseconds before it.
    pub(super) open: u64,
    /// Whether it is open there, opening and closing included.
    pub(super) is_open: bool,
}

impl OpenTables {
    /// Counts the open time.
    pub(super) fn new(kinds: DayKinds, calendar: &DayCalendar) -> Self {
        let covered = calendar.days().covered();
        let (runs, total) = runs_of(&kinds, calendar);
        let inner = &runs[..runs.len() - 2];
        let opens: Vec<u64> =
            inner.iter().map(|run| run.opens.max(covered.start).abs_diff(covered.start)).collect();
        let before: Vec<u64> = inner.iter().map(|run| run.before).collect();
        Self {
            calendar: calendar.clone(),
            kinds,
            total,
            first: covered.start,
            end: covered.end,
            by_time: GuessTable::new(&opens, covered.end.abs_diff(covered.start)),
            by_open: GuessTable::new(&before, total),
            runs,
        }
    }

    pub(super) fn calendar(&self) -> &DayCalendar {
        &self.calendar
    }

    /// Whether there is no open time at all.
    pub(super) fn is_never_open(&self) -> bool {
        self.total == 0
    }

    /// Whether the calendar covers the nanosecond.
    #[inline]
    fn covers(&self, nanos: i64) -> bool {
        self.first <= nanos && nanos < self.end
    }

    /// Where a nanosecond since 1970 is in open time.
    #[inline]
    pub(super) fn position(&self, nanos: i64) -> Result<Position, OutOfCalendar> {
        if self.covers(nanos) { Ok(self.position_at(nanos)) } else { Err(OutOfCalendar::at_nanos(nanos)) }
    }

    /// Open nanoseconds before a day; for the day after the last, all.
    #[inline]
    pub(super) fn open_before_day(&self, day: usize) -> u64 {
        self.position_at(self.calendar.days().start_nanos(day)).open
    }

    /// The earliest moment when so much open time has passed: a closing where it is one. None before the first opening.
    #[inline]
    pub(super) fn first_moment_after(&self, open: u64) -> Option<i64> {
        self.moment_after(open.checked_sub(1)?).map(|nanos| nanos + 1)
    }

    /// The latest moment when only so much open time has passed: an opening where it is one. None after the last closing.
    #[inline]
    pub(super) fn last_moment_after(&self, open: u64) -> Option<i64> {
        self.moment_after(open)
    }

    /// What adds open nanoseconds, which aren't nought, to many, if no cell of the tables needs a search.
    pub(super) fn bulk_add(&self, open: u64) -> Option<BulkAdd<'_>> {
        let open_but_one = open.checked_sub(1)?;
        Some(BulkAdd {
            runs: &self.runs,
            by_time: self.by_time.one_step()?,
            by_open: self.by_open.one_step()?,
            first: self.first,
            covered: self.end.abs_diff(self.first),
            open_but_one,
            open_limit: self.total.saturating_sub(open_but_one),
        })
    }

    /// The open spans of a day in nanoseconds since 1970.
    pub(super) fn spans(&self, day: usize) -> impl Iterator<Item = Span> {
        let start = self.calendar.days().start_nanos(day);
        self.kinds
            .spans_on(day)
            .iter()
            .map(move |span| Span { opens: start + span.opens, closes: start + span.closes })
    }

    /// For nanoseconds that are covered, and the first that isn't any more.
    #[expect(clippy::inline_always, reason = "a call costs as much as the few steps in it")]
    #[inline(always)]
    fn position_at(&self, nanos: i64) -> Position {
        let since = nanos.wrapping_sub(self.first).cast_unsigned();
        let (run, next) = self.by_time.last_reached(&self.runs, since, |run| run.opens <= nanos);
        let length = next.before - run.before;
        let passed = nanos.wrapping_sub(run.opens).cast_unsigned();
        Position { open: run.before + passed.min(length), is_open: passed <= length }
    }

    /// The moment from which open time runs on when so much has passed.
    #[inline]
    fn moment_after(&self, open: u64) -> Option<i64> {
        if open >= self.total {
            return None;
        }
        let (run, _) = self.by_open.last_reached(&self.runs, open, |run| run.before <= open);
        Some(run.opens.wrapping_add_unsigned(open - run.before))
    }
}

/// The runs of all days with one before and two after them, and all open time.
fn runs_of(kinds: &DayKinds, calendar: &DayCalendar) -> (Vec<Run>, u64) {
    let mut runs = vec![Run { opens: i64::MIN, before: 0 }];
    let mut open = 0;
    let mut closed_at = i64::MIN;
    for day in 0..DAYS {
        let start = calendar.days().start_nanos(day);
        for span in kinds.spans_on(day) {
            if start + span.opens > closed_at {
                runs.push(Run { opens: start + span.opens, before: open });
            }
            open += span.opens.abs_diff(span.closes);
            closed_at = start + span.closes;
        }
    }
    runs.extend([Run { opens: i64::MAX, before: open }; 2]);
    (runs, open)
}
