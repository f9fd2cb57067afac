//! Windows against an oracle that knows no tables: it looks at the wall clock minute by minute and counts.

use std::collections::BTreeSet;

use super::norway::{Numbers, calendar_in, row, zone};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Weekday, date},
};
use samspill_base::calendar::{DayPattern, Weekdays, Window, WindowRow};

/// A window as rows, and as a question to a wall clock.
struct Case {
    rows: Vec<WindowRow>,
    open: fn(&Days, DateTime) -> bool,
}

/// The days that the oracle knows: written out, not computed.
struct Days {
    holidays: BTreeSet<Date>,
    easter_eves: BTreeSet<Date>,
}

/// What the wall clock shows at each minute of a period.
struct Period {
    zone_name: &'static str,
    first: Timestamp,
    shown: Vec<DateTime>,
}

impl Period {
    /// Reads the wall clock at every minute of the days from `first` through `last`.
    fn read(zone_name: &'static str, first: Date, last: Date) -> Self {
        let zone = zone(zone_name);
        let start = first.to_zoned(zone.clone()).unwrap().timestamp();
        let end = last.tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
        let minutes = end.duration_since(start).as_mins();
        let shown =
            (0..minutes).map(|minute| zone.to_datetime(start + SignedDuration::from_mins(minute))).collect();
        Self { zone_name, first: start, shown }
    }
}

/// Open or not, for each minute of a period.
struct Minutes {
    first: Timestamp,
    open: Vec<bool>,
}

impl Minutes {
    fn of(case: &Case, period: &Period, days: &Days) -> Self {
        let open = period.shown.iter().map(|local| (case.open)(days, *local)).collect();
        Self { first: period.first, open }
    }

    fn at(&self, minute: usize) -> Timestamp {
        self.first + minutes(minute)
    }

    fn is_open(&self, minute: usize) -> bool {
        self.open[minute] || (minute > 0 && self.open[minute - 1])
    }

    fn between(&self, from: usize, to: usize) -> i64 {
        let count = |from: usize, to: usize| {
            i64::try_from(self.open[from..to].iter().filter(|open| **open).count()).unwrap()
        };
        if from <= to { count(from, to) } else { -count(to, from) }
    }

    /// Steps forward until so many open minutes have passed.
    fn add(&self, from: usize, mut left: usize) -> Option<usize> {
        let mut here = from;
        while left > 0 {
            left -= usize::from(*self.open.get(here)?);
            here += 1;
        }
        Some(here)
    }

    /// Steps back until so many open minutes have passed.
    fn sub(&self, from: usize, mut left: usize) -> Option<usize> {
        let mut here = from;
        while left > 0 {
            here = here.checked_sub(1)?;
            left -= usize::from(self.open[here]);
        }
        Some(here)
    }

    fn opening_at_or_after(&self, from: usize) -> Option<usize> {
        (from..self.open.len()).find(|minute| self.is_open(*minute))
    }

    fn closing_at_or_before(&self, from: usize) -> Option<usize> {
        (1..=from).rev().find(|minute| self.is_open(*minute))
    }
}

fn minutes(count: usize) -> SignedDuration {
    SignedDuration::from_mins(i64::try_from(count).unwrap())
}

fn is_weekend(local: DateTime) -> bool {
    matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn within(local: DateTime, hours: &[(i32, i32)]) -> bool {
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    hours.iter().any(|(opens, closes)| (*opens..*closes).contains(&minute))
}

fn office() -> Case {
    Case {
        rows: vec![
            row(DayPattern::WorkingDays, "08:00-15:00"),
            row(DayPattern::named(["julaften"]), "08:00-12:00"),
        ],
        open: |days, local| {
            let is_eve = (local.month(), local.day()) == (12, 24);
            let working = !is_weekend(local) && !days.holidays.contains(&local.date());
            if is_eve { within(local, &[(480, 720)]) } else { working && within(local, &[(480, 900)]) }
        },
    }
}

fn weekends_and_feasts() -> Case {
    Case {
        rows: vec![
            row(
                DayPattern::Weekdays(Weekdays::from([Weekday::Saturday, Weekday::Sunday])),
                "10:00-12:00 12:30-24:00",
            ),
            row(DayPattern::Holidays, "00:00-02:30"),
            WindowRow::closed(DayPattern::named(["paskeaften"])),
        ],
        open: |days, local| {
            if days.easter_eves.contains(&local.date()) {
                false
            } else if days.holidays.contains(&local.date()) {
                within(local, &[(0, 150)])
            } else {
                is_weekend(local) && within(local, &[(600, 720), (750, 1440)])
            }
        },
    }
}

fn nights() -> Case {
    Case {
        rows: vec![row(DayPattern::EveryDay, "00:00-00:30 01:15-02:45 22:00-24:00")],
        open: |_, local| within(local, &[(0, 30), (75, 165), (1320, 1440)]),
    }
}

fn always() -> Case {
    Case { rows: vec![row(DayPattern::EveryDay, "00:00-24:00")], open: |_, _| true }
}

/// Norwegian holidays of the years that are walked, from printed almanacs.
fn days() -> Days {
    let easters = [
        date(2010, 4, 4),
        date(2011, 4, 24),
        date(2012, 4, 8),
        date(2018, 4, 1),
        date(2023, 4, 9),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2027, 3, 28),
    ];
    let mut holidays = BTreeSet::new();
    for easter in easters {
        holidays.extend([-3, -2, 0, 1, 39, 49, 50].map(|days| easter + days.days()));
        let year = easter.year();
        holidays
            .extend([(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)].map(|(month, day)| date(year, month, day)));
    }
    Days { holidays, easter_eves: easters.map(|easter| easter - 1.day()).into() }
}

/// Asks windows and oracle the same questions at `rounds` instants of the days from `first` through `last`.
#[track_caller]
fn check(cases: &[Case], zone_name: &'static str, first: Date, last: Date, rounds: usize) {
    let (days, period) = (days(), Period::read(zone_name, first, last));
    let calendar = calendar_in(zone_name);
    for case in cases {
        let window = Window::new(&calendar, &case.rows).unwrap();
        let oracle = Minutes::of(case, &period, &days);
        let mut numbers = Numbers::from_seed(0x5eed_0000 + u64::try_from(rounds).unwrap());
        let compared: usize =
            (0..rounds).map(|_| compare(&window, &oracle, &mut numbers, period.zone_name)).sum();
        assert!(
            compared > 2 * rounds,
            "{zone_name} {first}: only {compared} of {rounds} rounds had an answer"
        );
    }
}

/// One round: how many of the four questions that can lead out of the period had their answer in it.
#[track_caller]
fn compare(window: &Window, oracle: &Minutes, numbers: &mut Numbers, zone_name: &str) -> usize {
    let from = 1 + numbers.below(oracle.open.len() - 1);
    let to = 1 + numbers.below(oracle.open.len() - 1);
    let longest = [100, 600, 3_000][numbers.below(3)];
    let open = 1 + numbers.below(longest);
    let instant = oracle.at(from);
    let context = || format!("{zone_name} {} {open} min", window.calendar().local(instant));
    assert_eq!(window.is_open(instant).unwrap(), oracle.is_open(from), "{}", context());
    let between = window.between(instant, oracle.at(to)).unwrap();
    assert_eq!(between, SignedDuration::from_mins(oracle.between(from, to)), "{}", context());
    let answers = [
        (window.add(instant, minutes(open)), oracle.add(from, open)),
        (window.sub(instant, minutes(open)), oracle.sub(from, open)),
        (window.opening_at_or_after(instant), oracle.opening_at_or_after(from)),
        (window.closing_at_or_before(instant), oracle.closing_at_or_before(from)),
    ];
    let known = answers.into_iter().filter_map(|(found, expected)| Some((found.unwrap(), expected?)));
    known.inspect(|(found, expected)| assert_eq!(*found, oracle.at(*expected), "{}", context())).count()
}

fn cases() -> [Case; 4] {
    [office(), weekends_and_feasts(), nights(), always()]
}

#[test]
fn a_year_in_oslo_is_counted_as_a_walk_through_its_minutes_counts() {
    check(&cases(), "Europe/Oslo", date(2023, 12, 1), date(2025, 1, 31), 500);
    check(&cases(), "Europe/Oslo", date(2027, 3, 1), date(2027, 6, 30), 300);
}

#[test]
fn nights_of_clock_changes_in_oslo_are_counted_minute_by_minute() {
    check(&cases(), "Europe/Oslo", date(2024, 3, 26), date(2024, 4, 6), 1_000);
    check(&cases(), "Europe/Oslo", date(2024, 10, 23), date(2024, 11, 2), 1_000);
}

/// Clocks that change at midnight, by half an hour, a minute past midnight, and a land that left out a day.
#[test]
fn strange_clock_changes_are_counted_minute_by_minute() {
    check(&cases(), "America/Sao_Paulo", date(2018, 2, 13), date(2018, 2, 22), 500);
    check(&cases(), "America/Sao_Paulo", date(2018, 10, 31), date(2018, 11, 8), 500);
    check(&cases(), "Australia/Lord_Howe", date(2024, 4, 4), date(2024, 4, 12), 500);
    check(&cases(), "Australia/Lord_Howe", date(2024, 10, 3), date(2024, 10, 11), 500);
    check(&cases(), "America/Havana", date(2024, 10, 30), date(2024, 11, 7), 500);
    check(&cases(), "America/St_Johns", date(2010, 3, 11), date(2010, 3, 18), 500);
    check(&cases(), "America/St_Johns", date(2010, 11, 4), date(2010, 11, 11), 500);
    check(&cases(), "Pacific/Apia", date(2011, 12, 24), date(2012, 1, 6), 500);
}
