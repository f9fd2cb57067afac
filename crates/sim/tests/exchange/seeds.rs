//! Seeds that are always run: those that have failed once, and fifty more.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use samspill_sim::exchange::{Counts, Failure, Report, Shape, run};

const DAYS: u32 = 1;
const SEEDS: u64 = 50;

/// Seeds that have failed, with the days that they failed with: `seed days why`.
fn kept() -> Vec<(u64, u32)> {
    let lines = include_str!("kept.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = lines.map(|line| {
        let mut words = line.split_whitespace();
        let mut number = || words.next().unwrap().parse::<u64>().unwrap();
        (number(), u32::try_from(number()).unwrap())
    });
    read.collect()
}

/// Runs all on two threads, and gives what came of each in their order.
fn run_all(runs: &[(u64, u32)]) -> Vec<Result<Report, Failure>> {
    let (next, done) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let place = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    let Some((seed, days)) = runs.get(place) else { return };
                    let result = run(*seed, &Shape::short(*days));
                    done.lock().unwrap().push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn failures(results: &[Result<Report, Failure>]) -> Vec<String> {
    results.iter().filter_map(|result| result.as_ref().err()).map(ToString::to_string).collect()
}

#[test]
fn seeds_that_have_failed_hold() {
    let failures = failures(&run_all(&kept()));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn fifty_seeds_hold_and_meet_each_kind_of_fault() {
    let runs: Vec<(u64, u32)> = (1..=SEEDS).map(|seed| (seed, DAYS)).collect();
    let results = run_all(&runs);
    let failures = failures(&results);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let mut all = Counts::new();
    for (what, count) in results.iter().flatten().flat_map(|report| &report.counts) {
        *all.entry(what).or_default() += count;
    }
    println!("{all:?}");
    for what in [
        "messages",
        "events",
        "late",
        "lost",
        "answer lost",
        "doubled",
        "overtaken",
        "sent again",
        "refused",
        "released",
        "broker down",
        "crashes",
        "crashes between sending and settling",
        "crashes between taking and settling",
        "clock wrong",
        "cancelled before it came",
        "corrections",
        "questions",
    ] {
        assert!(all.get(what).is_some_and(|count| *count > 0), "no {what} in {SEEDS} seeds");
    }
}

#[test]
fn a_seed_gives_the_same_again_and_another_one_something_else() {
    let results = run_all(&[(7, 1), (7, 1), (8, 1)]);
    let reports: Vec<&Report> = results.iter().flatten().collect();
    assert_eq!(reports[0], reports[1]);
    assert_ne!(reports[0].digest, reports[2].digest);
}

#[test]
fn without_faults_nothing_is_sent_again_and_nobody_waits() {
    let report = run(7, &Shape::calm(1)).unwrap();
    assert!(report.count("messages") > 0);
    for what in ["sent again", "crashes", "overdue", "alerts", "refused"] {
        assert_eq!(report.count(what), 0, "{what}");
    }
}
