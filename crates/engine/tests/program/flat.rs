//! Rules that hang on kinds, days and order alone: sets that are read with masks say what the evaluator says.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use samspill_base::{CaseLog, Entry, Position, Value};

use crate::{
    flat_agreements::{FlatParts, Odd, written, written_with},
    logs::{Reading, in_oslo},
    same::{has_the_same_sets, is_read_the_same_as},
    shapes::{Shape, shapes},
    tape::{Seed, Tape},
    versions::loaded_once,
};

/// A case, before it is written: where it begins and how, and its entries.
type CaseParts = (Seed, Vec<Seed>);

#[test]
fn sets_of_plain_rules_are_what_the_evaluator_says() {
    let usual = ProptestConfig::default();
    let config = ProptestConfig {
        cases: (usual.cases / 4).max(1),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        max_shrink_time: 90_000,
        ..usual
    };
    let strategy = (agreements(), seed(24), vec(cases(), 1..=12), shapes());
    let result = TestRunner::new(config).run(&strategy, |(agreement, head, cases, shape)| {
        let files = written(&agreement);
        let text = &files[0].1;
        let loaded = loaded_once(&files).map_err(|mistake| {
            TestCaseError::fail(format!("the generator wrote a wrong agreement: {mistake}\n{text}"))
        })?;
        let logs = logs(&head, &cases);
        let in_full = |difference| TestCaseError::fail(format!("{shape:?}: {difference}\n{text}"));
        for as_of in &logs[0].as_of {
            has_the_same_sets(&loaded, &logs, shape, *as_of).map_err(in_full)?;
        }
        is_read_the_same_as(&loaded, &once(&logs), shape).map_err(in_full)
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

/// Agreements for each thing that masks can't read.
const AGREEMENTS_EACH: usize = 4;

#[test]
fn what_is_not_plain_is_read_the_general_way() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let strategy = (full_agreements(), seed(24), vec(cases(), 12..=12));
    for odd in Odd::all() {
        for _ in 0..AGREEMENTS_EACH {
            let grown = strategy.new_tree(&mut runner).expect("nothing is filtered").current();
            let files = written_with(&grown.0, odd);
            let loaded = loaded_once(&files).unwrap_or_else(|mistake| panic!("{mistake}\n{}", files[0].1));
            let logs = logs(&grown.1, &grown.2);
            for as_of in logs[0].as_of.iter().step_by(2) {
                if let Err(difference) = has_the_same_sets(&loaded, &logs, Shape::ApartUncounted, *as_of) {
                    panic!("{odd:?}: {difference}\n{}", files[0].1);
                }
            }
        }
    }
}

/// Agreements with some rules of each sort, in force from long ago.
fn full_agreements() -> impl Strategy<Value = FlatParts> {
    (seed(48), vec(seed(40), 2..=4), vec(seed(32), 1..=2)).prop_map(|(mut head, duties, requirements)| {
        head[2..4].fill(0);
        FlatParts { head, duties, requirements }
    })
}

fn agreements() -> impl Strategy<Value = FlatParts> {
    (seed(48), vec(seed(40), 0..=4), vec(seed(32), 0..=2))
        .prop_map(|(head, duties, requirements)| FlatParts { head, duties, requirements })
}

fn cases() -> impl Strategy<Value = CaseParts> {
    let entries = prop_oneof![
        12 => vec(seed(5), 0..=12),
        1 => vec(seed(5), 62..=70),
    ];
    (seed(4), entries)
}

fn seed(most: usize) -> impl Strategy<Value = Seed> {
    vec(any::<u8>(), most..=most)
}

/// The days on which logs begin: at Easter, at the ends of the calendar, where a zone left out a day, at a new year.
const STARTS: [&str; 8] = [
    "2024-03-22",
    "2024-03-22",
    "2024-03-22",
    "2024-02-26",
    "2011-07-01",
    "2199-12-24",
    "1899-12-30",
    "2023-12-28",
];

/// Seconds from an entry to the next.
const STEPS: [i64; 14] = [
    0, 86_400, 0, 3_600, 43_200, 86_399, 172_800, 1, 259_200, 0, 604_800, 39_600, -3_600,
    // Half a year: from winter to summer, and over the day that Apia left out.
    15_811_200,
];

const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "Be", "ukjent", "a"];

fn logs(head: &Seed, cases: &[CaseParts]) -> Vec<Reading> {
    let tape = &mut Tape::of(head);
    let start = in_oslo(tape.pick(&STARTS).parse().expect("a day"));
    let says_more = tape.once_in(6);
    let read_now = tape.once_in(12);
    let mut logs: Vec<CaseLog> = cases
        .iter()
        .enumerate()
        .map(|(number, (head, entries))| {
            let case = format!("sak-{number}");
            CaseLog { entries: written_entries(&case, head, entries, start, says_more), case }
        })
        .collect();
    if let (true, Some(first)) = (read_now, logs[0].entries.first_mut()) {
        first.as_of = Some(first.happened + SignedDuration::from_hours(48));
    }
    let as_of = instants(tape, &logs, start);
    logs.into_iter().map(|log| Reading { log, as_of: as_of.clone() }).collect()
}

fn written_entries(case: &str, head: &Seed, seeds: &[Seed], start: Timestamp, says_more: bool) -> Vec<Entry> {
    let tape = &mut Tape::of(head);
    let mut at = start + SignedDuration::from_hours(tape.number(60).try_into().expect("few"));
    // Midnight of the zones, and just before.
    at += SignedDuration::from_nanos(tape.pick(&[0, 0, -1, 1]));
    let is_orderly = !tape.once_in(4);
    // In a long case most entries are of kinds that rules name, and close together.
    let steps = if tape.once_in(3) || seeds.len() > 20 { &STEPS[..8] } else { &STEPS[..] };
    let mut entries = Vec::new();
    for (position, seed) in (1..).zip(seeds) {
        let tape = &mut Tape::of(seed);
        let step = tape.pick(steps);
        at += SignedDuration::from_secs(if is_orderly { step.abs() } else { step });
        let mut entry = Entry::new(case, tape.pick(&NAMES), Position(position), at);
        if tape.once_in(3) {
            entry.body = Some(BTreeMap::from([
                ("ref".to_owned(), Value::text(tape.pick(&["m1", "m2"]))),
                ("haster".to_owned(), Value::Bool(tape.once_in(2))),
            ]));
        }
        if tape.once_in(4) {
            entry.facts.insert("behov".to_owned(), Value::Bool(position % 2 == 0));
            entry.facts.insert("frist".to_owned(), Value::text("2024-03-30"));
        }
        if says_more {
            say_more(tape, &mut entry);
        }
        entries.push(entry);
    }
    entries
}

fn say_more(tape: &mut Tape<'_>, entry: &mut Entry) {
    let later = entry.happened + SignedDuration::from_hours(30);
    entry.id = Some(if entry.position.0.is_multiple_of(2) { "m1" } else { "m2" }.to_owned());
    match tape.number(4) {
        0 => entry.received = Some(later),
        1 => entry.recorded = Some(later),
        _ => {}
    }
}

/// At and beside times of the log, in the midst of it, after it, and past the ends of the calendar.
fn instants(tape: &mut Tape<'_>, logs: &[CaseLog], start: Timestamp) -> Vec<Timestamp> {
    let times: Vec<Timestamp> =
        logs.iter().flat_map(|log| &log.entries).map(|entry| entry.happened).collect();
    let some = |tape: &mut Tape<'_>| if times.is_empty() { start } else { tape.pick(&times) };
    let last = times.iter().max().copied().unwrap_or(start);
    let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
    let far =
        ["2200-06-01T00:00:00Z", "1850-01-01T00:00:00Z", "2199-12-31T22:59:59Z", "9000-01-01T00:00:00Z"];
    let beside = SignedDuration::from_nanos(tape.pick(&[0, -1, 1]));
    let day = SignedDuration::from_hours(24);
    vec![some(tape) + beside, last, last + day * tape.pick(&[0, 1, 2, 3, 30, 400]), at(tape.pick(&far))]
}

/// Each read as of two of the instants.
fn once(logs: &[Reading]) -> Vec<Reading> {
    let mut logs = logs.to_vec();
    for reading in &mut logs {
        reading.as_of.drain(1..3);
    }
    logs
}

/// A case of so many entries, of kinds in turn, a day between some of them.
pub(crate) fn long_case(case: &str, kinds: &[&str], count: usize) -> Reading {
    let start = in_oslo("2024-03-22".parse().expect("a day"));
    let entries = (0..count).map(|place| {
        let at = start + SignedDuration::from_hours(i64::try_from(place).expect("few") * 5);
        Entry::new(case, kinds[place % kinds.len()], Position(place as u64 + 1), at)
    });
    let log = CaseLog { case: case.to_owned(), entries: entries.collect() };
    let last = log.entries.last().map_or(start, |entry| entry.happened);
    Reading { log, as_of: vec![last, last + SignedDuration::from_hours(24 * 30)] }
}

/// Holds cases of these lengths to the evaluator, in each shape.
fn holds_at(lengths: &[usize], agreement: &str) {
    let files = vec![("1900-01-01".to_owned(), agreement.to_owned())];
    let loaded = loaded_once(&files).unwrap_or_else(|mistake| panic!("{mistake}"));
    for kinds in [&["a", "b", "c", "d"][..], &["a", "c", "a", "c", "a", "c", "b"][..]] {
        let logs: Vec<Reading> =
            lengths.iter().map(|count| long_case(&format!("sak-{count}"), kinds, *count)).collect();
        for shape in [Shape::Apart, Shape::TogetherUncounted] {
            if let Err(difference) = is_read_the_same_as(&loaded, &logs, shape) {
                panic!("{difference}");
            }
        }
    }
}

fn plain() -> String {
    let parts = FlatParts { head: Vec::new(), duties: Vec::new(), requirements: Vec::new() };
    let rule = "clause = \"pkt. 1\"\nsays = \"…\"\n";
    let duty = |id: &str, rest: &str| format!("[[duty]]\nid = \"{id}\"\n{rule}who = \"x\"\n{rest}");
    let needs =
        format!("[[requires]]\nid = \"krav\"\n{rule}of = [\"a\"]\nneeds = [\"b\"]\neffect = \"warn\"\n");
    written(&parts)[0].1.clone()
        + &duty(
            "hver",
            "must = [\"b\"]\nafter = [\"a\"]\nwithin = \"1 day\"\nwaived_by = [\"d\"]\nwhich = \"every\"\n",
        )
        + &duty("siste", "must = [\"b\"]\nafter = [\"c\"]\nwithin = \"1 day\"\nwhich = \"latest\"\n")
        + &duty("vent", "must = [\"e\"]\nafter = [\"a\"]\nwithin = \"20 days\"\nwhich = \"latest\"\n")
        + &needs
}

#[test]
fn cases_with_as_many_entries_as_a_mask_has_bits_and_one_more_are_read_the_same() {
    holds_at(&[0, 1, 63, 64, 65, 128], &plain());
}

#[test]
fn cases_with_as_many_entries_as_a_program_searches_and_one_more_are_read_the_same() {
    holds_at(&[255, 256, 257], &plain());
}

/// Agreements in a zone, with limits of one day and a requirement of a day ahead.
fn in_zone(zone: &str) -> String {
    plain().replace("zone = \"Europe/Oslo\"", &format!("zone = \"{zone}\""))
}

#[test]
fn days_are_those_of_the_zone_where_it_left_one_out_or_had_one_twice_or_clocks_changed() {
    // The log's first instant, and where its days are held against those of the evaluator.
    for (zone, first, from) in [
        ("Pacific/Apia", "2011-12-01T10:00:00Z", "2011-12-28T00:00:00Z"),
        ("Pacific/Kwajalein", "1993-08-01T12:00:00Z", "1993-08-18T00:00:00Z"),
        ("Pacific/Kwajalein", "1969-09-01T12:00:00Z", "1969-09-28T00:00:00Z"),
        ("Australia/Lord_Howe", "2024-01-01T00:00:00Z", "2024-04-04T00:00:00Z"),
        ("Europe/Oslo", "2024-01-01T00:00:00Z", "2024-03-29T00:00:00Z"),
        ("America/New_York", "2024-01-01T05:00:00Z", "2024-11-01T00:00:00Z"),
    ] {
        days_hold(zone, first, from);
    }
}

#[test]
fn days_are_those_of_the_zone_where_it_left_one_out_and_changed_its_clocks_besides() {
    days_hold("Pacific/Apia", "2011-07-01T10:00:00Z", "2011-12-28T00:00:00Z");
    days_hold("Pacific/Kiritimati", "1979-01-01T10:40:00Z", "1994-12-29T00:00:00Z");
}

/// Holds the days of a log to the evaluator: pairs of entries around midnights, the first day long before.
fn days_hold(zone: &str, first: &str, from: &str) {
    let files = vec![("1900-01-01".to_owned(), in_zone(zone))];
    let loaded = loaded_once(&files).unwrap_or_else(|mistake| panic!("{mistake}"));
    let instant = |text: &str| -> Timestamp { text.parse().expect("an instant") };
    let case = |(hour, later): (i64, i64)| {
        let name = format!("sak-{hour}-{later}");
        // Half an hour past each hour: whenever days begin.
        let at = |hours: i64| instant(from) + SignedDuration::from_mins(30 + 60 * (hour + hours));
        let entry = |kind: &str, place: u64, at: Timestamp| Entry::new(&name, kind, Position(place), at);
        let entries =
            vec![entry("ukjent", 1, instant(first)), entry("a", 2, at(0)), entry("b", 3, at(later))];
        Reading { log: CaseLog { case: name.clone(), entries }, as_of: vec![at(later)] }
    };
    let pairs = (0..144).step_by(11).flat_map(|hour| (22..50).map(move |later| (hour, later)));
    let readings: Vec<Reading> = pairs.map(case).collect();
    if let Err(difference) = is_read_the_same_as(&loaded, &readings, Shape::TogetherUncounted) {
        panic!("{zone} from {first}: {difference}");
    }
}

#[test]
fn cases_of_more_sorts_than_are_remembered_are_read_the_same() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let kinds: Vec<String> = (0..64).map(|number| format!("k{number}")).collect();
    let mut text =
        "[agreement]\nid = \"mange\"\nname = \"Avtale\"\nin_force = 1900-01-01\n[[party]]\nid = \"x\"\n\
                    [calendar]\nzone = \"Europe/Oslo\"\n"
            .to_owned();
    for kind in &kinds {
        text.push_str(&format!(
            "[[kind]]\nid = \"{kind}\"\ntype = \"message\"\nfrom = [\"x\"]\nto = [\"x\"]\n"
        ));
    }
    for (number, of_duty) in kinds.chunks(16).enumerate() {
        text.push_str(&format!(
            "[[duty]]\nid = \"plikt-{number}\"\nclause = \"pkt. 1\"\nsays = \"…\"\nwho = \"x\"\nmust = {:?}\n\
             after = {:?}\nwithin = \"{number} days\"\nwhich = \"latest\"\n",
            &of_duty[..4],
            &of_duty[4..]
        ));
    }
    let loaded =
        loaded_once(&[("1900-01-01".to_owned(), text)]).unwrap_or_else(|mistake| panic!("{mistake}"));
    let drawn = vec(vec(0_usize..64, 60..=60), 640..=640).new_tree(&mut runner).expect("no filter").current();
    let start = in_oslo("2024-03-22".parse().expect("a day"));
    let case = |(number, drawn): (usize, &Vec<usize>)| {
        let case = format!("sak-{number}");
        let entries = drawn.iter().zip(1..).map(|(kind, place)| {
            let at = start + SignedDuration::from_hours(place / 2 * 7);
            Entry::new(&case, &kinds[*kind], Position(place.cast_unsigned()), at)
        });
        Reading { log: CaseLog { entries: entries.collect(), case: case.clone() }, as_of: Vec::new() }
    };
    let readings: Vec<Reading> = drawn.iter().enumerate().map(case).collect();
    let as_of = start + SignedDuration::from_hours(24 * 30);
    if let Err(difference) = has_the_same_sets(&loaded, &readings, Shape::ApartUncounted, as_of) {
        panic!("{difference}");
    }
}
