//! Windows in nanoseconds, against a slow way: all open spans in a row, searched from the first.

use super::norway::{Numbers, calendar_in, monday_to_friday, office, row};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Weekday, date, time},
    tz::TimeZone,
};
use samspill_base::calendar::{
    Closes, DayCalendar, DayNumber, DayPattern, HolidayDay, HolidayRule, Hours, Weekdays, Window, WindowRow,
};

const DAYS: u32 = 109_573;

/// The open spans of all days as the calendar lists them, with the open time before each; and where days begin.
struct Spans {
    open: Vec<(i64, i64)>,
    before: Vec<i128>,
    starts: Vec<i64>,
    open_days: Vec<DayNumber>,
}

impl Spans {
    fn of(window: &Window) -> Self {
        let mut listed =
            Self { open: Vec::new(), before: vec![0], starts: Vec::new(), open_days: Vec::new() };
        for number in 0..DAYS {
            let day = DayNumber::new(number).unwrap();
            let date = day.date();
            listed.starts.push(nanos(window.calendar().start_of_day(date).unwrap()));
            let hours = window.hours_on(date).unwrap();
            listed.open_days.extend((!hours.is_empty()).then_some(day));
            for (opens, closes) in hours {
                let (opens, closes) = (nanos(opens), nanos(closes));
                assert!(
                    listed.open.last().is_none_or(|last| last.1 <= opens),
                    "{date} overlaps the day before"
                );
                listed.before.push(listed.before.last().unwrap() + i128::from(closes - opens));
                listed.open.push((opens, closes));
            }
        }
        let last = window.calendar().end_of_day(samspill_base::calendar::LAST_DAY).unwrap();
        listed.starts.push(nanos(last) + 1);
        listed
    }

    fn covers(&self, at: i64) -> bool {
        self.starts[0] <= at && at < *self.starts.last().unwrap()
    }

    fn open_before(&self, at: i64) -> i128 {
        let Some(last) = self.open.partition_point(|span| span.0 < at).checked_sub(1) else { return 0 };
        let (opens, closes) = self.open[last];
        self.before[last] + i128::from(at.min(closes) - opens)
    }

    fn add(&self, at: i64, open: i128) -> Option<i64> {
        let target = self.covers(at).then(|| self.open_before(at) + open)?;
        let total = *self.before.last().unwrap();
        let place = match open {
            0 => return Some(at),
            1.. if target <= total => self.before.partition_point(|before| *before < target) - 1,
            ..0 if target >= 0 => self.before.partition_point(|before| *before <= target) - 1,
            _ => return None,
        };
        i64::try_from(i128::from(self.open[place].0) + target - self.before[place]).ok()
    }

    fn between(&self, from: i64, to: i64) -> Option<i64> {
        let both = self.covers(from) && self.covers(to);
        both.then(|| self.open_before(to) - self.open_before(from)).and_then(|open| i64::try_from(open).ok())
    }

    fn is_open(&self, at: i64) -> Option<bool> {
        let closing = self.open.partition_point(|span| span.1 < at);
        self.covers(at).then(|| self.open.get(closing).is_some_and(|span| span.0 <= at))
    }

    fn opening(&self, at: i64) -> Option<i64> {
        let closing = self.open.partition_point(|span| span.1 < at);
        self.covers(at).then(|| self.open.get(closing).map(|span| span.0.max(at)))?
    }

    fn closing(&self, at: i64) -> Option<i64> {
        let last = self.open.partition_point(|span| span.0 <= at).checked_sub(1)?;
        self.covers(at).then(|| self.open[last].1.min(at))
    }
}

fn nanos(instant: Timestamp) -> i64 {
    i64::try_from(instant.as_nanosecond()).unwrap()
}

/// An instant: anywhere, or at, just before or just after an opening, a closing or a midnight; some outside.
fn some_instant(spans: &Spans, numbers: &mut Numbers) -> i64 {
    let near = i64::try_from(numbers.below(3)).unwrap() - 1;
    match numbers.below(6) {
        0 => near + spans.open[numbers.below(spans.open.len())].0,
        1 => near + spans.open[numbers.below(spans.open.len())].1,
        2 => near + spans.starts[numbers.below(spans.starts.len())],
        3 => [i64::MIN, i64::MAX, spans.starts[0], spans.starts[DAYS as usize], 0][numbers.below(5)]
            .saturating_add(near),
        _ => {
            let day = numbers.below(DAYS as usize);
            spans.starts[day] + i64::try_from(numbers.below(86_400_000_000_000)).unwrap()
        }
    }
}

/// A duration of open time: hours, whole spans, years, a nanosecond more or less, or none; forward and back.
fn some_duration(spans: &Spans, numbers: &mut Numbers) -> i64 {
    let near = i64::try_from(numbers.below(3)).unwrap() - 1;
    let whole = |numbers: &mut Numbers| {
        let from = numbers.below(spans.before.len());
        let to = spans.before.len().min(from + 1 + numbers.below(12)) - 1;
        i64::try_from(spans.before[to] - spans.before[from]).unwrap()
    };
    let forward = match numbers.below(6) {
        0 => near,
        1 => whole(numbers),
        2 => whole(numbers).saturating_add(near),
        3 => i64::try_from(numbers.below(10_000) * 3_600_000_000_000).unwrap(),
        4 => [i64::MIN, i64::MAX, i64::MIN + 1][numbers.below(3)],
        _ => i64::try_from(numbers.below(2_000_000_000_000_000)).unwrap(),
    };
    if numbers.below(3) == 0 { forward.wrapping_neg() } else { forward }
}

/// Asks the same of the window and of the list of its spans; returns how many questions had an answer.
#[track_caller]
fn check(window: &Window, seed: u64, rounds: usize) -> usize {
    let spans = Spans::of(window);
    let mut numbers = Numbers::from_seed(seed);
    let mut answered = 0;
    for _ in 0..rounds {
        let (at, to) = (some_instant(&spans, &mut numbers), some_instant(&spans, &mut numbers));
        let open = some_duration(&spans, &mut numbers);
        let context = || format!("{:?} {at} {to} {open}", window.calendar());
        assert_eq!(window.add_nanos(at, open).ok(), spans.add(at, open.into()), "{}", context());
        assert_eq!(window.sub_nanos(at, open).ok(), spans.add(at, -i128::from(open)), "{}", context());
        assert_eq!(window.between_nanos(at, to).ok(), spans.between(at, to), "{}", context());
        assert_eq!(window.is_open_at_nanos(at).ok(), spans.is_open(at), "{}", context());
        assert_eq!(window.opening_nanos_at_or_after(at).ok(), spans.opening(at), "{}", context());
        assert_eq!(window.closing_nanos_at_or_before(at).ok(), spans.closing(at), "{}", context());
        answered += usize::from(spans.add(at, open.into()).is_some());
        check_instants(window, at, to, open);
        let from = numbers.below(3) * numbers.below(DAYS as usize / 2);
        check_days(window, &spans, from);
    }
    check_bulk(window, &spans, &mut numbers);
    answered
}

/// In instants the answers are the same.
fn check_instants(window: &Window, at: i64, to: i64, open: i64) {
    let [from, until] = [at, to].map(|nanos| Timestamp::from_nanosecond(nanos.into()).unwrap());
    let duration = SignedDuration::from_nanos(open);
    assert_eq!(window.add(from, duration).map(nanos), window.add_nanos(at, open));
    assert_eq!(window.sub(from, duration).map(nanos), window.sub_nanos(at, open));
    assert_eq!(window.is_open(from), window.is_open_at_nanos(at));
    if let Ok(between) = window.between_nanos(at, to) {
        assert_eq!(window.between(from, until), Ok(SignedDuration::from_nanos(between)));
    }
}

fn check_days(window: &Window, spans: &Spans, place: usize) {
    let day = DayNumber::new(u32::try_from(place).unwrap()).unwrap();
    let before = spans.open_days.partition_point(|open| *open < day);
    let through = spans.open_days.partition_point(|open| *open <= day);
    let at = |place: Option<usize>| place.and_then(|place| spans.open_days.get(place)).copied();
    assert_eq!(window.is_open_on_day(day), before < through, "{day}");
    assert_eq!(window.open_day_on_or_after(day).ok(), at(Some(before)), "{day}");
    assert_eq!(window.next_open_day(day).ok(), at(Some(through)), "{day}");
    assert_eq!(window.open_day_on_or_before(day).ok(), at(through.checked_sub(1)), "{day}");
}

/// Many at a time are as one at a time, and those outside are counted.
fn check_bulk(window: &Window, spans: &Spans, numbers: &mut Numbers) {
    let at: Vec<i64> = (0..1_300).map(|_| some_instant(spans, numbers)).collect();
    let mut answers = vec![7; at.len()];
    for open in
        [0, 1, -1, 28_800_000_000_000, -28_800_000_000_000, i64::MAX, i64::MIN, some_duration(spans, numbers)]
    {
        let outside = window.bulk_add(&at, open, &mut answers);
        let expected: Vec<i64> =
            at.iter().map(|at| spans.add(*at, open.into()).unwrap_or(Window::OUTSIDE)).collect();
        assert_eq!(answers, expected, "{open}");
        assert_eq!(outside, expected.iter().filter(|answer| **answer == Window::OUTSIDE).count(), "{open}");
    }
}

fn weekends_and_feasts(calendar: &DayCalendar) -> Window {
    let weekend = Weekdays::range(Weekday::Saturday, Weekday::Sunday);
    let rows = [
        row(DayPattern::Weekdays(weekend), "10:00-12:00 12:30-24:00"),
        row(DayPattern::Holidays, "00:00-02:30"),
        WindowRow::closed(DayPattern::named(["paskeaften"])),
    ];
    Window::new(calendar, &rows).unwrap()
}

fn nights(calendar: &DayCalendar) -> Window {
    let hours = "00:00-00:30 01:15-02:45 02:45-02:50 22:00-24:00";
    Window::new(calendar, &[row(DayPattern::EveryDay, hours)]).unwrap()
}

/// Open five minutes of every ten.
fn on_and_off(calendar: &DayCalendar) -> Window {
    let spans = (0..24).flat_map(|hour| (0..6).map(move |ten| (hour, 10 * ten))).map(|(hour, minute)| {
        Hours::new(time(hour, minute + 2, 0, 0), Closes::At(time(hour, minute + 7, 0, 0))).unwrap()
    });
    Window::new(calendar, &[WindowRow::new(DayPattern::WorkingDays, spans.collect())]).unwrap()
}

#[test]
fn office_hours_are_counted_as_their_list_counts() {
    for (seed, zone) in (1..).zip(["Europe/Oslo", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia"]) {
        assert!(check(&office(&calendar_in(zone)), seed, 4_000) > 1_500);
    }
}

#[test]
fn hours_across_midnight_are_counted_as_their_list_counts() {
    let zones =
        ["Europe/Oslo", "America/Havana", "America/Toronto", "Pacific/Kwajalein", "Australia/Lord_Howe"];
    for (seed, zone) in (11..).zip(zones) {
        let calendar = calendar_in(zone);
        assert!(check(&nights(&calendar), seed, 2_000) > 800);
        assert!(check(&weekends_and_feasts(&calendar), seed, 2_000) > 800);
    }
}

#[test]
fn a_window_that_never_closes_is_counted_as_its_list_counts() {
    for (seed, zone) in (21..).zip(["Europe/Oslo", "Pacific/Apia"]) {
        let always = Window::new(&calendar_in(zone), &[row(DayPattern::EveryDay, "00:00-24:00")]).unwrap();
        assert!(check(&always, seed, 2_000) > 500);
    }
}

#[test]
fn many_short_openings_a_day_are_counted_as_their_list_counts() {
    assert!(check(&on_and_off(&calendar_in("Europe/Oslo")), 31, 500) > 200);
}

/// Ten seconds a day in one summer, then closed for a century, then a whole day, then closed for good.
#[test]
fn openings_a_century_apart_are_counted_as_their_list_counts() {
    let on = |id: &str, day| HolidayRule::new(id, HolidayDay::Date(day)).name_only();
    let summer = (1..30).map(|day| on("sommer", date(1924, 6, day)));
    let rules: Vec<HolidayRule> = summer.chain([on("jubileum", date(2024, 6, 4))]).collect();
    let calendar =
        DayCalendar::new(TimeZone::get("Europe/Oslo").unwrap(), monday_to_friday(), &rules, &[]).unwrap();
    let rows = [
        row(DayPattern::named(["sommer"]), "12:00:00-12:00:10"),
        row(DayPattern::named(["jubileum"]), "00:00-24:00"),
    ];
    assert!(check(&Window::new(&calendar, &rows).unwrap(), 41, 4_000) > 800);
    let only_once = [row(DayPattern::named(["jubileum"]), "10:00-10:01")];
    assert!(check(&Window::new(&calendar, &only_once).unwrap(), 42, 4_000) > 500);
}

/// Toronto's clocks went from 23:30 to 00:30 in 1919: the evening had an hour and a half from ten to midnight.
#[test]
fn an_evening_whose_end_clocks_skip_is_open_no_longer_than_it_lasts() {
    let calendar = calendar_in("America/Toronto");
    let evenings = Window::new(&calendar, &[row(DayPattern::EveryDay, "22:00-24:00")]).unwrap();
    let open_on =
        |day| evenings.between(calendar.start_of_day(day).unwrap(), calendar.end_of_day(day).unwrap());
    let but_the_last = SignedDuration::from_nanos(1);
    assert_eq!(open_on(date(1919, 3, 29)), Ok(SignedDuration::from_mins(120) - but_the_last));
    assert_eq!(open_on(date(1919, 3, 30)), Ok(SignedDuration::from_mins(90) - but_the_last));
    assert_eq!(open_on(date(1919, 3, 31)), Ok(SignedDuration::from_mins(120) - but_the_last));
}

/// More open time than an `i64` holds is counted in durations and refused in nanoseconds.
#[test]
fn three_centuries_of_open_time_are_too_many_nanoseconds() {
    let calendar = calendar_in("UTC");
    let always = Window::new(&calendar, &[row(DayPattern::EveryDay, "00:00-24:00")]).unwrap();
    let first = calendar.start_of_day_nanos(DayNumber::FIRST);
    let last = calendar.end_of_day_nanos(DayNumber::LAST);
    always.between_nanos(first, last).unwrap_err();
    always.between_nanos(last, first).unwrap_err();
    assert_eq!(always.between_nanos(last - i64::MAX, last), Ok(i64::MAX));
    assert_eq!(always.between_nanos(last, last - i64::MAX), Ok(-i64::MAX));
    assert_eq!(always.add_nanos(last - i64::MAX, i64::MAX), Ok(last));
    assert_eq!(always.sub_nanos(last, i64::MAX), Ok(last - i64::MAX));
    let [first, last] = [first, last].map(|nanos| Timestamp::from_nanosecond(nanos.into()).unwrap());
    let all = last.duration_since(first);
    assert_eq!(always.between(first, last), Ok(all));
    assert_eq!(always.add(first, all), Ok(last));
}

#[test]
#[should_panic(expected = "each nanosecond needs a place for its answer")]
fn answers_for_other_than_the_questions_are_a_mistake() {
    let _ = office(&calendar_in("UTC")).bulk_add(&[0, 0], 1, &mut [0]);
}
