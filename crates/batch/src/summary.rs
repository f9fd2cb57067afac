//! A log at a glance, by every core.

use jiff::Timestamp;
use samspill_engine::{
    program::{Batch, Tally, Verdicts},
    summary::Summary,
};

use crate::{Threads, ordered};

/// Cases that a thread reads at a time.
const CASES_EACH: usize = 8192;

/// The summary that adding the evaluation of each case would give.
pub fn summarise(batch: &Batch<'_>, as_of: Timestamp, threads: Threads) -> Summary {
    let parts = (0..batch.cases()).step_by(CASES_EACH);
    let count = |first: usize| {
        let mut tally = Tally::new(batch.program());
        let mut verdicts = Verdicts::default();
        let mut reader = batch.reader();
        for case in first..(first + CASES_EACH).min(batch.cases()) {
            reader.read(case, as_of, &mut verdicts);
            tally.add(batch, case, &verdicts);
        }
        tally
    };
    let mut all = Tally::new(batch.program());
    let done: Result<(), std::convert::Infallible> = ordered(parts, threads, count, |tally| {
        all.merge(tally);
        Ok(())
    });
    match done {
        Ok(()) => all.summary(batch.program()),
    }
}
