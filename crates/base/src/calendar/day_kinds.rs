use super::{
    DayCalendar, DayPattern, Hours, WindowError, WindowRow,
    day_number::{DAYS, NANOS_PER_SECOND, civil_seconds, weekday_at},
};

/// Which hours each day has.
pub(super) struct DayKinds {
    /// Kinds of day: open spans since the day began, in order, each with a length. The first kind is closed,
    /// then there is one for each row, and one for each day on which clocks change.
    kinds: Vec<Vec<Span>>,
    /// The kind of each day.
    kind_of: Vec<u32>,
}

/// Open time in nanoseconds, since the day began or since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) opens: i64,
    pub(super) closes: i64,
}

/// The kind of day on which nothing is open.
const CLOSED: u32 = 0;

impl DayKinds {
    /// Gives each day the hours of the last row that matches it.
    pub(super) fn new(calendar: &DayCalendar, rows: &[WindowRow]) -> Result<Self, WindowError> {
        let hours = rows.iter().map(WindowRow::sorted_hours).collect::<Result<Vec<_>, _>>()?;
        let kinds = std::iter::once(Vec::new()).chain(hours.iter().map(|row| regular_spans(row))).collect();
        let mut days = Self { kinds, kind_of: vec![CLOSED; DAYS] };
        for (kind, row) in (CLOSED + 1..).zip(rows) {
            days.mark(kind, &row.days, calendar)?;
        }
        days.replace_days_of_clock_changes(&hours, calendar);
        Ok(days)
    }

    /// The open spans of a day, since it began.
    pub(super) fn spans_on(&self, day: usize) -> &[Span] {
        &self.kinds[self.kind_of[day] as usize]
    }

    /// Gives all days that a pattern matches this kind.
    fn mark(&mut self, kind: u32, days: &DayPattern, calendar: &DayCalendar) -> Result<(), WindowError> {
        match days {
            DayPattern::WorkingDays => self.mark_where(kind, |day| calendar.is_working_at(day)),
            DayPattern::EveryDay => self.mark_where(kind, |_| true),
            DayPattern::Weekdays(weekdays) => {
                self.mark_where(kind, |day| weekdays.contains(weekday_at(day)));
            }
            DayPattern::Holidays => self.mark_where(kind, |day| calendar.is_holiday_at(day)),
            DayPattern::Named(ids) => {
                for id in ids {
                    self.mark_named(kind, id, calendar)?;
                }
            }
        }
        Ok(())
    }

    fn mark_where(&mut self, kind: u32, matches: impl Fn(usize) -> bool) {
        for (day, kind_of_day) in self.kind_of.iter_mut().enumerate() {
            if matches(day) {
                *kind_of_day = kind;
            }
        }
    }

    fn mark_named(&mut self, kind: u32, id: &str, calendar: &DayCalendar) -> Result<(), WindowError> {
        let known = calendar.holiday_ids();
        if !known.iter().any(|known| known == id) {
            return Err(WindowError::UnknownHoliday { id: id.to_owned(), known: known.join(", ") });
        }
        for day in calendar.named().with_id(id) {
            self.kind_of[day] = kind;
        }
        Ok(())
    }

    /// Gives each day on which clocks change a kind of its own.
    fn replace_days_of_clock_changes(&mut self, hours: &[Vec<Hours>], calendar: &DayCalendar) {
        let rows = self.kind_of.clone();
        for day in calendar.days().irregular_days() {
            let spans = spans_across_change(calendar, day, &rows, hours);
            if let Ok(kind) = u32::try_from(self.kinds.len()) {
                self.kinds.push(spans);
                self.kind_of[day] = kind;
            }
        }
    }
}

/// The spans of a day on which clocks don't change: the wall clock shows the time since the day began.
fn regular_spans(hours: &[Hours]) -> Vec<Span> {
    hours.iter().map(Hours::nanos).map(|(opens, closes)| Span { opens, closes }).collect()
}

/// The spans of a day on which clocks change: for each stretch of the day, when the wall clock is within hours.
///
/// The hours are those of the date that clocks show, which is the day before where they went back across midnight.
fn spans_across_change(calendar: &DayCalendar, day: usize, rows: &[u32], hours: &[Vec<Hours>]) -> Vec<Span> {
    let start = calendar.days().start_seconds(day);
    let mut spans: Vec<Span> = Vec::new();
    for (from, until, offset) in calendar.days().stretches_on(day) {
        for shown in day.saturating_sub(1)..=day {
            let midnight = civil_seconds(shown) - offset;
            let of_day = (CLOSED < rows[shown]).then(|| &hours[rows[shown] as usize - 1]);
            for (opens, closes) in of_day.into_iter().flatten().map(Hours::nanos) {
                let base = (midnight - start) * NANOS_PER_SECOND;
                let opens = (base + opens).max((from - start) * NANOS_PER_SECOND);
                let closes = (base + closes).min((until - start) * NANOS_PER_SECOND);
                push_span(&mut spans, Span { opens, closes });
            }
        }
    }
    spans
}

/// Adds a span that has a length, joined to the one before if they touch.
fn push_span(spans: &mut Vec<Span>, span: Span) {
    if span.opens >= span.closes {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.closes == span.opens => last.closes = span.closes,
        _ => spans.push(span),
    }
}
