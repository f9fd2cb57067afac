//! Clocks that stand still: spans that touch, and spans that end just at a limit.

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Position};

use crate::{
    logs::{Reading, in_oslo},
    same::is_read_the_same,
    versions::loaded,
};

const LIMITS: [&str; 11] = [
    "24 hours",
    "2 hours within kontor",
    "1 day",
    "1 day at 12:00",
    "2 working days",
    "1 working day at 12:00",
    "12:00 same day",
    "15:00 same working day, next if after 12:00",
    "15:00 same day, next if at or after 15:00",
    "last day of the month",
    "first working day of next month",
];

/// The limits at and beside which spans begin and end, in local time.
const TIMES: [&str; 10] = [
    "2024-01-30T11:59:59.999999999",
    "2024-01-30T12:00",
    "2024-01-30T15:00",
    "2024-01-30T23:59:59.999999999",
    "2024-01-31T10:00",
    "2024-01-31T12:00",
    "2024-01-31T23:59:59.999999999",
    "2024-02-01T12:00",
    "2024-02-01T23:59:59.999999999",
    "2024-02-05T12:00",
];

fn agreement() -> String {
    let mut text = "[agreement]\nid = \"pause\"\nname = \"Avtale\"\nin_force = 2020-01-01\n\
         [[party]]\nid = \"x\"\n[[party]]\nid = \"y\"\n[calendar]\nzone = \"Europe/Oslo\"\n\
         [calendar.kontor]\ndays = \"working days\"\nhours = \"10:00-12:00\"\n"
        .to_owned();
    for kind in ["inn", "svar", "pause", "bytte", "slutt"] {
        text.push_str(&format!(
            "[[kind]]\nid = \"{kind}\"\ntype = \"message\"\nfrom = [\"x\"]\nto = [\"y\"]\n"
        ));
    }
    // What ends the first span begins the second.
    let spans = "[{ from = \"pause\", until = [\"bytte\"] }, { from = \"bytte\", until = [\"slutt\"] }]";
    for (number, limit) in LIMITS.iter().enumerate() {
        text.push_str(&format!(
            "[[duty]]\nid = \"plikt-{number}\"\nclause = \"pkt. 1\"\nsays = \"…\"\nwho = \"x\"\nmust = [\"svar\"]\n\
             after = [\"inn\"]\nwithin = \"{limit}\"\nsuspended_by = {spans}\n"
        ));
    }
    text
}

#[test]
fn spans_that_touch_or_end_at_a_limit_move_it_as_the_evaluator_says() {
    let loaded =
        loaded(&[("2020-01-01".to_owned(), agreement())]).unwrap_or_else(|mistake| panic!("{mistake}"));
    let instant = |text: &str| -> Timestamp { in_oslo(text.parse().expect("a time")) };
    let times: Vec<Timestamp> = TIMES.iter().map(|text| instant(text)).collect();
    let mut readings = Vec::new();
    for (first, pause) in times.iter().enumerate() {
        for (second, change) in times.iter().enumerate().skip(first) {
            for (third, end) in times.iter().enumerate().skip(second) {
                let case = format!("{first}-{second}-{third}");
                let entry = |kind: &str, place, at| Entry::new(&case, kind, Position(place), at);
                let entries = vec![
                    entry("inn", 1, instant("2024-01-30T10:00")),
                    entry("pause", 2, *pause),
                    entry("bytte", 3, *change),
                    entry("slutt", 4, *end),
                ];
                let as_of = vec![instant("2024-06-01T00:00")];
                readings.push(Reading { log: CaseLog { case: case.clone(), entries }, as_of });
            }
        }
    }
    assert!(readings.len() == 220);
    if let Err(difference) = is_read_the_same(&loaded, &readings) {
        panic!("{difference}");
    }
}
