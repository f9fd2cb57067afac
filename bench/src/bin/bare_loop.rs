//! The control of goal 4: how long the machine itself takes, and how long its pauses are.
//!
//! `bare_loop FOLDER TIMES`: for each row in the order of time, it reads the clock, touches the 64 bytes of the row's case
//! as a store of open cases must, and reads the clock again. What it computes is nothing.

use std::{path::Path, time::Instant};

use samspill_bench::{
    Trouble,
    latency::Latencies,
    rows::{Rows, in_order_of_time},
    side,
};
use serde_json::{Value, json};

/// What a case has in memory: as much as one line of the processor's cache.
type State = [u64; 8];

struct BareLoop {
    rows: Vec<(i64, u32, u8)>,
    states: Vec<State>,
    latencies: Latencies,
}

impl side::Side for BareLoop {
    fn run(&mut self) -> Result<Value, Trouble> {
        self.states.fill(State::default());
        self.latencies.clear();
        for (at, case, kind) in &self.rows {
            let start = Instant::now();
            let state = &mut self.states[*case as usize];
            state[0] += 1;
            state[usize::from(*kind) % 8] ^= at.cast_unsigned();
            let nanos = start.elapsed().as_nanos();
            self.latencies.add(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
        Ok(self.latencies.told())
    }

    fn verdicts(&self) -> &[u8] {
        &[]
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.states.len(), "rows": self.rows.len() })
    }
}

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, times] = &arguments[..] else { return Err("bare_loop FOLDER TIMES".into()) };
    let (rows, times) = (Rows::read(Path::new(folder))?, times.parse()?);
    let cases = rows.cases() as usize * times as usize;
    side::serve(&mut BareLoop {
        rows: in_order_of_time(&rows, times),
        states: vec![State::default(); cases],
        latencies: Latencies::default(),
    })
}
