//! Sets of verdicts for whole logs: a byte for each rule of each case.

use std::thread;

use jiff::Timestamp;
use samspill_base::Columns;
use samspill_engine::program::{Batch, Memory, Program};

use crate::{Threads, ordered_with};

/// The sets of all cases, one after another; see [`SetLayout`](samspill_engine::program::SetLayout).
///
/// The same bytes, however many threads there are.
pub fn read_sets(batch: &Batch<'_>, width: usize, as_of: Timestamp, threads: Threads) -> Vec<u8> {
    let mut sets = vec![0; batch.cases() * width];
    let cases_each = batch.cases().div_ceil(threads.get()).max(1);
    thread::scope(|scope| {
        for (part, bytes) in sets.chunks_mut((cases_each * width).max(1)).enumerate() {
            let first = part * cases_each;
            let cases = first..(first + cases_each).min(batch.cases());
            scope.spawn(move || batch.reader().read_sets(cases, as_of, bytes));
        }
    });
    sets
}

/// The sets of a log that comes in parts, each with whole cases: memory holds a few parts at a time.
///
/// `take` is given each part and its sets, in the order of the parts.
///
/// # Errors
/// Those of `take`: the first ends the reading.
pub fn stream_sets<E>(
    program: &Program,
    parts: impl Iterator<Item = Columns>,
    as_of: Timestamp,
    threads: Threads,
    mut take: impl FnMut(&Columns, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let read = |memory: &mut Memory, part: Columns| {
        let batch = program.bind(&part);
        let mut sets = vec![0; batch.cases() * program.sets().width()];
        let mut reader = batch.reader_with(std::mem::take(memory));
        reader.read_sets(0..batch.cases(), as_of, &mut sets);
        *memory = reader.into_memory();
        (part, sets)
    };
    ordered_with(parts, threads, Memory::default, read, |(part, sets)| take(&part, &sets))
}
