use super::{DayNumber, OutOfCalendar, Window, open_tables::OpenTables};

/// The same questions in nanoseconds since 1970 and day numbers, for whoever asks millions of them.
///
/// Each costs the same few steps whatever the distance. Answers and edges are those of the questions in instants
/// and dates. An `i64` holds 292 years of open time, which only a window that hardly ever closes has.
impl Window {
    /// What [`Self::bulk_add`] answers where there is no answer in the calendar. No calendar has this nanosecond.
    pub const OUTSIDE: i64 = i64::MIN;

    /// Whether it is open at the nanosecond; both opening and closing are.
    ///
    /// # Errors
    /// [`OutOfCalendar`] for nanoseconds the calendar doesn't cover, or when the answer would be one; so everywhere here.
    #[inline]
    pub fn is_open_at_nanos(&self, at: i64) -> Result<bool, OutOfCalendar> {
        self.tables().position(at).map(|position| position.is_open)
    }

    /// `at` itself if open, else the next opening.
    #[inline]
    pub fn opening_nanos_at_or_after(&self, at: i64) -> Result<i64, OutOfCalendar> {
        let position = self.tables().position(at)?;
        if position.is_open {
            return Ok(at);
        }
        self.tables().last_moment_after(position.open).ok_or(OutOfCalendar::AFTER)
    }

    /// `at` itself if open, else the last closing before it.
    #[inline]
    pub fn closing_nanos_at_or_before(&self, at: i64) -> Result<i64, OutOfCalendar> {
        let position = self.tables().position(at)?;
        if position.is_open {
            return Ok(at);
        }
        self.tables().first_moment_after(position.open).ok_or(OutOfCalendar::BEFORE)
    }

    /// The nanosecond by which so much open time has passed, as [`Self::add`]: a closing where it is one.
    ///
    /// Nothing added is `at` itself, open or not. Negative durations go back, as [`Self::sub_nanos`] does.
    ///
    /// # An hour before closing and two hours
    /// ```
    /// # use samspill_base::calendar::{DayCalendar, DayPattern, Weekdays, Window, WindowRow};
    /// # use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
    /// # let weekdays = Weekdays::range(Weekday::Monday, Weekday::Friday);
    /// # let days = DayCalendar::new(TimeZone::get("Europe/Oslo")?, weekdays, &[], &[])?;
    /// # let office = Window::new(&days, &[WindowRow::new(DayPattern::WorkingDays, vec!["08:00-15:00".parse()?])])?;
    /// const HOUR: i64 = 3_600_000_000_000;
    /// let friday_at_two = "2024-08-16T14:00:00+02:00".parse::<Timestamp>()?.as_second() * 1_000_000_000;
    /// assert_eq!(office.add_nanos(friday_at_two, HOUR)?, friday_at_two + HOUR);
    /// assert_eq!(office.add_nanos(friday_at_two, 2 * HOUR)?, friday_at_two + 67 * HOUR);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn add_nanos(&self, at: i64, open: i64) -> Result<i64, OutOfCalendar> {
        let magnitude = open.unsigned_abs();
        if open < 0 { back(self.tables(), at, magnitude) } else { forward(self.tables(), at, magnitude) }
    }

    /// The latest nanosecond from which so much open time is left until `at`, as [`Self::sub`]: an opening where
    /// it is one. Negative durations go forward, as [`Self::add_nanos`] does.
    #[inline]
    pub fn sub_nanos(&self, at: i64, open: i64) -> Result<i64, OutOfCalendar> {
        let magnitude = open.unsigned_abs();
        if open < 0 { forward(self.tables(), at, magnitude) } else { back(self.tables(), at, magnitude) }
    }

    /// The open nanoseconds from one nanosecond to another; negative when `to` is the earlier.
    ///
    /// # Errors
    /// Also when there are more than an `i64` holds; [`Self::between`] counts them.
    #[inline]
    pub fn between_nanos(&self, from: i64, to: i64) -> Result<i64, OutOfCalendar> {
        let (from, to) = (self.tables().position(from)?.open, self.tables().position(to)?.open);
        let outside = if from <= to { OutOfCalendar::AFTER } else { OutOfCalendar::BEFORE };
        to.checked_signed_diff(from).ok_or(outside)
    }

    /// [`Self::add_nanos`] for all of `at`, the same duration to each, into the same places of `answers`.
    ///
    /// Where it would be an error the answer is [`Self::OUTSIDE`]. Returns how many are.
    ///
    /// # Panics
    /// If the slices aren't equally long.
    #[must_use = "some answers may be outside"]
    pub fn bulk_add(&self, at: &[i64], open: i64, answers: &mut [i64]) -> usize {
        assert_eq!(at.len(), answers.len(), "each nanosecond needs a place for its answer");
        let (tables, magnitude) = (self.tables(), open.unsigned_abs());
        if open < 0 {
            return bulk(at, answers, |at| back(tables, at, magnitude).unwrap_or(Self::OUTSIDE));
        }
        match tables.bulk_add(magnitude) {
            Some(add) => add.fill(at, answers, Self::OUTSIDE),
            None => bulk(at, answers, |at| forward(tables, at, magnitude).unwrap_or(Self::OUTSIDE)),
        }
    }

    /// Whether it is open at any time of the day.
    #[inline]
    pub fn is_open_on_day(&self, day: DayNumber) -> bool {
        self.tables().open_before_day(day.place()) < self.tables().open_before_day(day.place() + 1)
    }

    /// The first day after `day`, never itself, on which it is open.
    #[inline]
    pub fn next_open_day(&self, day: DayNumber) -> Result<DayNumber, OutOfCalendar> {
        self.open_day_from_place(day.place() + 1)
    }

    /// `day` if it is open then at all, else the first day after it on which it is.
    #[inline]
    pub fn open_day_on_or_after(&self, day: DayNumber) -> Result<DayNumber, OutOfCalendar> {
        self.open_day_from_place(day.place())
    }

    /// `day` if it is open then at all, else the last day before it on which it is.
    #[inline]
    pub fn open_day_on_or_before(&self, day: DayNumber) -> Result<DayNumber, OutOfCalendar> {
        let last_open = self.tables().open_before_day(day.place() + 1).checked_sub(1);
        let moment = last_open.and_then(|open| self.tables().last_moment_after(open));
        self.calendar().day_of_nanos(moment.ok_or(OutOfCalendar::BEFORE)?)
    }

    /// The first day on which it is open from a place in the tables on.
    #[inline]
    fn open_day_from_place(&self, place: usize) -> Result<DayNumber, OutOfCalendar> {
        let moment = self.tables().last_moment_after(self.tables().open_before_day(place));
        self.calendar().day_of_nanos(moment.ok_or(OutOfCalendar::AFTER)?)
    }
}

/// Fills the answers and counts those outside.
#[inline]
fn bulk(at: &[i64], answers: &mut [i64], answer: impl Fn(i64) -> i64) -> usize {
    let mut outside = 0;
    for (at, place) in at.iter().zip(answers) {
        *place = answer(*at);
        outside += usize::from(*place == Window::OUTSIDE);
    }
    outside
}

/// Moves on by open nanoseconds; by nothing, not at all.
#[inline]
pub(super) fn forward(tables: &OpenTables, at: i64, open: u64) -> Result<i64, OutOfCalendar> {
    let position = tables.position(at)?;
    if open == 0 {
        return Ok(at);
    }
    let target = position.open.checked_add(open);
    target.and_then(|target| tables.first_moment_after(target)).ok_or(OutOfCalendar::AFTER)
}

/// Moves back by open nanoseconds; by nothing, not at all.
#[inline]
pub(super) fn back(tables: &OpenTables, at: i64, open: u64) -> Result<i64, OutOfCalendar> {
    let position = tables.position(at)?;
    if open == 0 {
        return Ok(at);
    }
    let target = position.open.checked_sub(open);
    target.and_then(|target| tables.last_moment_after(target)).ok_or(OutOfCalendar::BEFORE)
}
