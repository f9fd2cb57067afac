//! What rows cost. Run with `--release -- --ignored --nocapture`.

use std::time::Instant;

use samspill_service::projections::{CaseReading, Projections};
use samspill_store::{Append, AppendKey, Options};

use crate::{
    made_up::stay,
    support::{Bench, SHIPPED, agreements, nord},
};

#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn a_small_case() {
    for agreement in SHIPPED {
        let agreements = agreements(agreement);
        let logs: Vec<_> = (1..=50).map(|seed| stay(seed, 10)).collect();
        let projections = Projections::new(agreements.clone());
        let parts = projections.all();
        let rounds = 20_u32;
        let count = rounds * 50;
        let start = Instant::now();
        for log in (0..rounds).flat_map(|_| &logs) {
            std::hint::black_box(agreements.evaluate(log, log.entries[9].recorded.unwrap()));
        }
        println!("{agreement}: evaluate {:?}", start.elapsed() / count);
        let start = Instant::now();
        for log in (0..rounds).flat_map(|_| &logs) {
            std::hint::black_box(CaseReading::kept(&agreements, log));
        }
        println!("{agreement}: evaluate and rows {:?}", start.elapsed() / count);
        let start = Instant::now();
        let mut bytes = 0;
        for log in (0..rounds).flat_map(|_| &logs) {
            for part in &parts {
                bytes += part.rows(log).into_values().map(|json| json.to_string().len()).sum::<usize>();
            }
        }
        println!("{agreement}: all three with JSON {:?}, {} bytes", start.elapsed() / count, bytes / 1_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
async fn an_append() {
    let projections = Projections::new(agreements(SHIPPED[0]));
    for (what, parts) in [
        ("without", Vec::new()),
        ("with one", projections.all()[..1].to_vec()),
        ("with all", projections.all()),
    ] {
        let bench = Bench::new();
        let store = bench.open_with(Options { projections: parts, ..Options::default() }).await;
        let mut appends = Vec::new();
        for seed in 1..=40 {
            for entry in stay(seed, 10).entries {
                let key = AppendKey::new(format!("{seed}-{}", entry.position.0)).unwrap();
                appends.push(Append::one(key, entry.recorded.unwrap(), entry));
            }
        }
        let start = Instant::now();
        for append in &appends {
            store.append(&nord(), append).await.unwrap();
        }
        println!("append {what}: {:?}", start.elapsed() / 400);
    }
}
