//! A made log of the same shape as the log of fines, where that log isn't at hand.
//!
//! What was measured of the real log and is kept: the courses that cases take with how often each is taken, and how many
//! days pass before each step. What is left out: courses that fewer than five of ten thousand cases take.

use std::collections::BTreeMap;

use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use samspill_base::{CaseLog, Decimal, Entry, Position, Value};

use crate::random::Random;

/// As many cases as the real log has.
pub const CASES: u32 = 150_370;

/// The seed of the log that goals are measured with.
pub const SEED: u64 = 1993;

/// The steps by letter: what the log calls them, and the days before them: least, a quarter, half, three quarters, most.
const STEPS: [(char, &str, [i64; 5]); 11] = [
    ('C', "Create Fine", [0, 0, 0, 0, 0]),
    ('S', "Send Fine", [0, 54, 88, 121, 150]),
    ('N', "Insert Fine Notification", [0, 9, 15, 22, 120]),
    ('A', "Add penalty", [60, 60, 60, 60, 60]),
    ('P', "Payment", [0, 3, 12, 60, 550]),
    ('K', "Send for Credit Collection", [209, 384, 488, 613, 1900]),
    ('I', "Insert Date Appeal to Prefecture", [0, 17, 31, 47, 90]),
    ('V', "Send Appeal to Prefecture", [0, 12, 25, 44, 1000]),
    ('R', "Receive Result Appeal from Prefecture", [0, 22, 41, 70, 200]),
    ('T', "Notify Result Appeal to Offender", [0, 7, 13, 43, 180]),
    ('J', "Appeal to Judge", [0, 10, 28, 45, 250]),
];

/// The courses, as often as they come among ten thousand cases.
const COURSES: [(&str, u32); 28] = [
    ("CSNAK", 3756),
    ("CP", 3084),
    ("CS", 1356),
    ("CSNAP", 633),
    ("CSNAPP", 248),
    ("CSNPAP", 220),
    ("CSP", 208),
    ("CSNIAV", 166),
    ("CSNAPK", 101),
    ("CSNPAK", 35),
    ("CSNAIV", 29),
    ("CPS", 24),
    ("CSNIAVRTP", 9),
    ("CSNJAP", 9),
    ("CSIV", 8),
    ("CSNIVARTP", 8),
    ("CSNJAK", 7),
    ("CPSNAP", 6),
    ("CSNIAVRTK", 6),
    ("CSNIVARTK", 5),
    ("CSNAPPP", 5),
    ("CSNAIVRTP", 4),
    ("CPSP", 4),
    ("CSPNAP", 4),
    ("CSNIAVRTJ", 4),
    ("CSNIAVR", 3),
    ("CSNAJ", 3),
    ("CSNIVA", 55),
];

/// A log of so many cases.
pub fn log(cases: u32, seed: u64) -> Vec<CaseLog> {
    let mut maker = Maker { random: Random::new(seed), zone: zone(), position: 0 };
    (0..cases).map(|number| maker.case(number)).collect()
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC)
}

struct Maker {
    random: Random,
    zone: TimeZone,
    position: u64,
}

impl Maker {
    fn case(&mut self, number: u32) -> CaseLog {
        let name = format!("A{number}");
        let mut day = add(date(2000, 1, 1), self.random.between(0, 4800));
        let mut notified = None;
        let mut entries = Vec::new();
        for letter in self.course().chars() {
            let Some((_, kind, quarters)) = STEPS.iter().find(|step| step.0 == letter) else { continue };
            day = match (letter, notified) {
                // The real log adds it on the sixtieth day after the notification, whatever came between.
                ('A', Some(notified)) => day.max(add(notified, 60)),
                _ => add(day, self.days(*quarters)),
            };
            if letter == 'N' {
                notified = Some(day);
            }
            entries.push(self.entry(&name, kind, day));
        }
        CaseLog { case: name, entries }
    }

    fn course(&mut self) -> &'static str {
        COURSES[self.random.weighted(COURSES.iter().map(|course| course.1))].0
    }

    fn days(&mut self, quarters: [i64; 5]) -> i64 {
        let quarter = usize::try_from(self.random.between(0, 3)).unwrap_or(0);
        self.random.between(quarters[quarter], quarters[quarter + 1])
    }

    fn entry(&mut self, case: &str, kind: &str, day: Date) -> Entry {
        self.position += 1;
        let at = day.to_zoned(self.zone.clone()).map(|at| at.timestamp()).unwrap_or_default();
        let mut entry = Entry::new(case, kind, Position(self.position), at);
        let amount = Decimal::parse(&format!("{}.0", self.random.between(20, 140)));
        let amount = amount.map_or(Value::Empty, Value::Number);
        entry.body = Some(BTreeMap::from([
            ("amount".to_owned(), amount),
            ("org:resource".to_owned(), Value::text(self.random.between(500, 599).to_string())),
            ("dismissal".to_owned(), Value::text("NIL")),
        ]));
        entry
    }
}

fn add(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}
