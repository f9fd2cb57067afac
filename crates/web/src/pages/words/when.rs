//! Times as people say them.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use samspill_agreement::{model::Language, words as agreed};
use samspill_base::{Value, parse_instant};
use samspill_service::projections::DueRow;

use super::{fill, words};

words! {
    /// Words about time.
    WhenWords {
        today: "i dag {time}" | "i dag {time}" | "today {time}",
        yesterday: "i går {time}" | "i går {time}" | "yesterday {time}",
        tomorrow: "i morgen {time}" | "i morgon {time}" | "tomorrow {time}",
        day_end: "ut dagen" | "ut dagen" | "to the end of the day",
        today_only: "i dag" | "i dag" | "today",
        yesterday_only: "i går" | "i går" | "yesterday",
        tomorrow_only: "i morgen" | "i morgon" | "tomorrow",
        left: "om {span}" | "om {span}" | "in {span}",
        over: "{span} over fristen" | "{span} over fristen" | "{span} overdue",
        over_short: "{span} over" | "{span} over" | "{span} over",
        at_once: "straks" | "straks" | "at once",
        not_known: "ingen frist ennå" | "ingen frist enno" | "no limit yet",
        ago: "for {span} siden" | "for {span} sidan" | "{span} ago",
        just_now: "nå nettopp" | "no nettopp" | "just now",
        days: "{n} døgn" | "{n} døgn" | "{n} d",
        hours: "{n} t" | "{n} t" | "{n} h",
        minutes: "{n} min" | "{n} min" | "{n} min",
        yes: "ja" | "ja" | "yes",
        no: "nei" | "nei" | "no",
    }
}

/// Says times as they are seen from an instant, in the zone of the agreement.
#[derive(Clone, Debug)]
pub struct Clock {
    now: Timestamp,
    zone: TimeZone,
    language: Language,
    w: &'static WhenWords,
}

/// Hours of a day, where spans are counted.
const HOURS_A_DAY: i64 = 24;

impl Clock {
    /// A clock that stands at `now`.
    pub fn new(now: Timestamp, zone: TimeZone, language: Language) -> Self {
        Self { now, zone, language, w: WhenWords::of(language) }
    }

    /// The instant at which it stands.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Today, here.
    pub fn today(&self) -> Date {
        self.date_of(self.now)
    }

    /// The day of an instant, here.
    pub fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The hour of an instant, here.
    pub fn hour(&self, at: Timestamp) -> i8 {
        at.to_zoned(self.zone.clone()).hour()
    }

    /// `14.30`.
    pub fn time(&self, at: Timestamp) -> String {
        agreed::clock_time(at.to_zoned(self.zone.clone()).time(), self.language)
    }

    /// `i dag 14.30`, `i går 09.05`, `3. juni 14.30`; the year is said where it is another than this.
    pub fn instant(&self, at: Timestamp) -> String {
        let time = if is_day_end(at) { self.w.day_end.to_owned() } else { self.time(at) };
        let day = self.date_of(at);
        match self.days_from_today(day) {
            0 => fill(self.w.today, &[("time", &time)]),
            1 => fill(self.w.tomorrow, &[("time", &time)]),
            -1 => fill(self.w.yesterday, &[("time", &time)]),
            _ => format!("{} {time}", self.date(day)),
        }
    }

    /// `i dag`, `3. juni`, `3. juni 2024`.
    pub fn date(&self, day: Date) -> String {
        match self.days_from_today(day) {
            0 => self.w.today_only.to_owned(),
            1 => self.w.tomorrow_only.to_owned(),
            -1 => self.w.yesterday_only.to_owned(),
            _ if day.year() == self.today().year() => {
                agreed::month_day(day.month(), day.day(), self.language)
            }
            _ => agreed::date(day, self.language),
        }
    }

    /// The first instant of a day, here.
    pub fn midnight(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.zone.clone()).ok().map(|begins| begins.timestamp())
    }

    /// `ma. 3.6`, `Mon 3 Jun`: for drawings.
    pub fn day_label(&self, day: Date) -> String {
        let weekday: String = agreed::weekday_name(day.weekday(), self.language).chars().take(2).collect();
        match self.language {
            Language::Bokmal | Language::Nynorsk => format!("{weekday} {}.{}.", day.day(), day.month()),
            Language::English => {
                format!("{weekday} {} {}", day.day(), agreed::month_name(day.month(), self.language))
            }
        }
    }

    /// A value of an entry as people write it: days and times in words, yes and no, several with commas.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Bool(true) => self.w.yes.to_owned(),
            Value::Bool(false) => self.w.no.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => self.text(text),
            Value::List(values) => {
                values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
            }
            Value::Map(values) => {
                let named = values.iter().map(|(name, value)| format!("{name}: {}", self.value(value)));
                named.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn text(&self, text: &str) -> String {
        /// `2024-06-03`.
        const DATE_LETTERS: usize = 10;
        match text.parse::<Date>() {
            Ok(day) if text.len() == DATE_LETTERS => self.full_date(day),
            Ok(_) | Err(_) => {
                parse_instant(text, &self.zone).map_or_else(|_| text.to_owned(), |at| self.instant(at))
            }
        }
    }

    /// `3. juni 2024`, whatever today is.
    pub fn full_date(&self, day: Date) -> String {
        agreed::date(day, self.language)
    }

    /// How far off a limit is: `om 3 t 20 min`, `2 døgn over fristen`. Exactly at the limit it isn't over.
    pub fn due(&self, due: DueRow) -> String {
        match due {
            DueRow::AtOnce => self.w.at_once.to_owned(),
            DueRow::NotYetKnown => self.w.not_known.to_owned(),
            DueRow::At(at) if at >= self.now => self.left(at),
            DueRow::At(at) => fill(self.w.over, &[("span", &self.span(self.now.duration_since(at)))]),
        }
    }

    /// The same in fewer letters, beneath a heading that says it is a limit: `29 døgn over`, `om 3 t 20 min`.
    pub fn due_short(&self, due: DueRow) -> String {
        /// Whole days from which hours no longer matter.
        const WHOLE_DAYS: i64 = 2;
        let Some(at) = due.instant() else { return self.due(due) };
        let span = at.duration_since(self.now);
        let days = span.as_hours().abs() / HOURS_A_DAY;
        let said = if days < WHOLE_DAYS { self.span(span.abs()) } else { fill(self.w.days, &[("n", &days)]) };
        let word = if at >= self.now { self.w.left } else { self.w.over_short };
        fill(word, &[("span", &said)])
    }

    /// How long ago: `for 3 t siden`.
    pub fn ago(&self, at: Timestamp) -> String {
        let span = self.now.duration_since(at);
        if span < SignedDuration::from_mins(1) {
            return self.w.just_now.to_owned();
        }
        fill(self.w.ago, &[("span", &self.span(span))])
    }

    /// `2 døgn 3 t`, `3 t 20 min`, `5 min`: two units at the most; less than a minute is `0 min`.
    pub fn span(&self, span: SignedDuration) -> String {
        let minutes = span.as_mins().max(0);
        let (days, hours, minutes) = (minutes / 60 / HOURS_A_DAY, minutes / 60 % HOURS_A_DAY, minutes % 60);
        let units = [(days, self.w.days), (hours, self.w.hours), (minutes, self.w.minutes)];
        let first = units.iter().position(|(count, _)| *count > 0).unwrap_or(2);
        let said = units[first..].iter().take(2).enumerate();
        let said = said.filter(|(place, (count, _))| *place == 0 || *count > 0);
        said.map(|(_, (count, word))| fill(word, &[("n", count)])).collect::<Vec<_>>().join(" ")
    }

    fn left(&self, at: Timestamp) -> String {
        fill(self.w.left, &[("span", &self.span(at.duration_since(self.now)))])
    }

    fn days_from_today(&self, day: Date) -> i32 {
        self.today().until(day).map_or(i32::MAX, |span| span.get_days())
    }
}

/// Whether an instant is a day's last: a limit that runs through the day.
fn is_day_end(at: Timestamp) -> bool {
    at.subsec_nanosecond() == 999_999_999
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(language: Language) -> Clock {
        let zone = TimeZone::get("Europe/Oslo").expect("a zone");
        Clock::new(at("2026-03-02T13:00:00+01:00"), zone, language)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn times_near_are_said_by_day() {
        let clock = clock(Language::Bokmal);
        let said = ["2026-03-02T14:30:00+01:00", "2026-03-01T09:05:00+01:00", "2026-03-03T00:00:00+01:00"];
        assert_eq!(
            said.map(|text| clock.instant(at(text))),
            ["i dag 14.30", "i går 09.05", "i morgen 00.00"]
        );
    }

    #[test]
    fn times_far_off_have_a_date_and_another_year_its_number() {
        let clock = clock(Language::English);
        assert_eq!(clock.instant(at("2026-06-03T14:30:00+02:00")), "3 June 14:30");
        assert_eq!(clock.instant(at("2025-06-03T14:30:00+02:00")), "3 June 2025 14:30");
    }

    #[test]
    fn a_limit_is_over_a_nanosecond_after_it_and_not_at_it() {
        let clock = clock(Language::Bokmal);
        let due = |text| clock.due(DueRow::At(at(text)));
        assert_eq!(due("2026-03-02T13:00:00+01:00"), "om 0 min");
        assert_eq!(due("2026-03-02T12:59:59.999999998+01:00"), "0 min over fristen");
        assert_eq!(due("2026-03-02T16:20:00+01:00"), "om 3 t 20 min");
        assert_eq!(due("2026-02-28T10:00:00+01:00"), "2 døgn 3 t over fristen");
    }

    #[test]
    fn a_short_limit_says_whole_days_where_it_is_far_off() {
        let clock = clock(Language::Bokmal);
        let due = |text| clock.due_short(DueRow::At(at(text)));
        assert_eq!(due("2026-03-01T10:00:00+01:00"), "1 døgn 3 t over");
        assert_eq!(due("2026-02-28T10:00:00+01:00"), "2 døgn over");
        assert_eq!(due("2026-03-02T13:00:00+01:00"), "om 0 min");
        assert_eq!(due("2026-03-05T12:00:00+01:00"), "om 2 døgn");
    }

    #[test]
    fn spans_have_two_units_at_the_most() {
        let clock = clock(Language::Bokmal);
        let said = [0, 59, 60, 61, 1440, 1441, 1500, 3060]
            .map(|minutes| clock.span(SignedDuration::from_mins(minutes)));
        assert_eq!(
            said,
            ["0 min", "59 min", "1 t", "1 t 1 min", "1 døgn", "1 døgn", "1 døgn 1 t", "2 døgn 3 t"]
        );
    }
}
