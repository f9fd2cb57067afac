//! Runs seeds of the exchange: `cargo run --release -p samspill-sim --example exchange -- --seeds 1..=5000 [--days 2] [--calm]`.
//! Seeds that fail are written to the file of kept seeds, which tests run first.
#![expect(clippy::print_stdout, reason = "a program shows how far it is")]

use std::{
    io::Write,
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
};

use samspill_sim::exchange::{Failure, Report, Shape, run};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exchange/kept.txt");

struct Wanted {
    first: u64,
    last: u64,
    days: u32,
    calm: bool,
    keep: bool,
    threads: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(wanted) = wanted(&arguments) else {
        println!("--seeds 1..=5000, and as you like --days 2, --calm, --threads 2, --forget (keep no seeds)");
        return ExitCode::from(2);
    };
    let (next, failed) = (AtomicU64::new(wanted.first), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..wanted.threads {
            scope.spawn(|| work(&wanted, &next, &failed));
        }
    });
    let failed = failed.load(Ordering::Relaxed);
    println!("{} seeds, {failed} failed", wanted.last + 1 - wanted.first);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn work(wanted: &Wanted, next: &AtomicU64, failed: &AtomicU64) {
    let shape = if wanted.calm { Shape::calm(wanted.days) } else { Shape::short(wanted.days) };
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed > wanted.last {
            return;
        }
        match run(seed, &shape) {
            Ok(report) => tell(wanted, seed, &report),
            Err(failure) => {
                failed.fetch_add(1, Ordering::Relaxed);
                println!("{failure}");
                if wanted.keep {
                    keep(&failure, wanted.days);
                }
            }
        }
    }
}

fn tell(wanted: &Wanted, seed: u64, report: &Report) {
    let is_few = wanted.last - wanted.first < 100;
    if is_few || seed.is_multiple_of(100) {
        println!("{seed}: {report}");
    }
}

/// Adds a seed to the kept ones: its days, and the first line of why.
fn keep(failure: &Failure, days: u32) {
    let why = failure.to_string().lines().next().unwrap_or_default().to_owned();
    let file = std::fs::OpenOptions::new().append(true).create(true).open(Path::new(KEPT));
    let written = file.and_then(|mut file| writeln!(file, "{} {days} {why}", failure.seed));
    if let Err(error) = written {
        println!("the seed could not be kept in {KEPT}: {error}");
    }
}

fn wanted(arguments: &[String]) -> Option<Wanted> {
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let (first, last) = value("--seeds")?.split_once("..=")?;
    let number = |name: &str, usual: usize| value(name).map_or(Some(usual), |text| text.parse().ok());
    Some(Wanted {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
        days: u32::try_from(number("--days", 2)?).ok()?,
        calm: has("--calm"),
        keep: !has("--forget"),
        threads: number("--threads", 2)?,
    })
}
