//! Goal 4: entries in the order of time over all cases of a log, one at a time, each case open.
//!
//! `online FOLDER TIMES [more]`: for each row, the clock is read, time passes up to the row, its case takes it and is read
//! again, and the clock is read once more. The verdicts are those of all cases at the end. With `more`, it also tells how
//! long snapshots take and what queries cost, to the error output, and ends.

use std::{
    fmt::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use samspill_base::{Position, columns::instant};
use samspill_bench::{
    Trouble, fines,
    latency::Latencies,
    rows::{Rows, case_name, in_order_of_time},
    rules, side,
};
use samspill_engine::{
    Dates,
    program::{Program, Verdicts},
    watch::{Event, Watch},
};
use serde_json::{Value, json};

struct Online {
    program: Program,
    kinds: Vec<String>,
    rows: Vec<(i64, u32, u8)>,
    cases: u32,
    latencies: Latencies,
    bytes: Vec<u8>,
}

impl Online {
    fn watch_all(&mut self) -> Watch {
        let mut watch = Watch::new(self.program.clone());
        let mut name = String::new();
        self.latencies.clear();
        for ((at, case, kind), position) in self.rows.iter().zip(1..) {
            name.clear();
            let written = write!(name, "S{case}");
            debug_assert!(written.is_ok(), "a text takes all text");
            let event = Event::new(&name, &self.kinds[usize::from(*kind)], Position(position), *at);
            let start = Instant::now();
            watch.advance(instant(*at), |_, _| ());
            let changed = watch.take(&event).duties.len();
            let nanos = start.elapsed().as_nanos();
            std::hint::black_box(changed);
            self.latencies.add(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
        watch
    }

    fn read_all(&mut self, watch: &mut Watch) {
        let sets = self.program.sets();
        let mut verdicts = Verdicts::default();
        self.bytes.clear();
        self.bytes.resize(self.cases as usize * sets.width(), 0);
        for (case, bytes) in (0..).zip(self.bytes.chunks_exact_mut(sets.width())) {
            if watch.read(&case_name(case), fines::as_of(), &mut verdicts) {
                sets.put(&verdicts, bytes);
            }
        }
    }
}

impl side::Side for Online {
    fn run(&mut self) -> Result<Value, Trouble> {
        let mut watch = self.watch_all();
        self.read_all(&mut watch);
        let mut told = self.latencies.told();
        told["bytes_a_case"] = json!((watch.bytes() + 10 * watch.limits()) / watch.len().max(1));
        Ok(told)
    }

    fn verdicts(&self) -> &[u8] {
        &self.bytes
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.cases, "rows": self.rows.len() })
    }
}

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().collect();
    let (folder, times, more) = match &arguments[..] {
        [_, folder, times] => (folder, times, false),
        [_, folder, times, more] if more == "more" => (folder, times, true),
        _ => return Err("online FOLDER TIMES [more]".into()),
    };
    let (rows, times) = (Rows::read(Path::new(folder))?, times.parse()?);
    let mut online = Online {
        program: Program::compile(&rules::agreement(fines::AGREEMENT)?, Dates::InForce),
        kinds: rows.kinds.clone(),
        rows: in_order_of_time(&rows, times),
        cases: rows.cases() * times,
        latencies: Latencies::default(),
        bytes: Vec::new(),
    };
    if more { tell_more(&mut online) } else { side::serve(&mut online) }
}

fn tell_more(online: &mut Online) -> Result<(), Trouble> {
    let (watch, spent) = timed(|| online.watch_all());
    eprintln!("{} cases, {} rows in {spent:?}: {}", watch.len(), online.rows.len(), online.latencies.told());
    let (bytes, limits, cases) = (watch.bytes(), watch.limits(), watch.len());
    eprintln!("{bytes} bytes and {limits} limits: {} bytes a case", (bytes + 10 * limits) / cases);
    let mut snapshot = Vec::new();
    let (written, spent) = timed(|| watch.write_snapshot(&mut snapshot));
    written?;
    eprintln!("snapshot of {} bytes written in {spent:?}", snapshot.len());
    let (again, spent) = timed(|| Watch::read_snapshot(online.program.clone(), snapshot.as_slice()));
    eprintln!("{} cases read back in {spent:?}", again?.len());
    let day = jiff::SignedDuration::from_hours(24);
    let now = watch.now();
    let (count, spent) = timed(|| watch.due_between(now, now + day).count());
    eprintln!("{count} due within a day, found in {spent:?}");
    let (count, spent) = timed(|| watch.became_late(now - day, now).count());
    eprintln!("{count} late since a day, found in {spent:?}");
    long_case(&online.program);
    Ok(())
}

/// One case of ten thousand entries.
fn long_case(program: &Program) {
    let mut watch = Watch::new(program.clone());
    for place in 1..=10_000_u64 {
        let at = 1_000_000_000_000_000_000 + 3_600_000_000_000 * place.cast_signed();
        let kind = if place == 1 { "Create Fine" } else { "Payment" };
        watch.advance(instant(at), |_, _| ());
        let event = Event::new("A", kind, Position(place), at);
        let (_, spent) = timed(|| watch.take(&event).duties.len());
        if [10, 100, 250, 300, 1_000, 10_000].contains(&place) {
            eprintln!("entry {place} of a case: {spent:?}");
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}
