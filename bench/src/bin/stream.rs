//! Goal 8: a log of which only a part is ever in memory.
//!
//! `stream FOLDER TIMES THREADS [OUT]`: the rows of the folder so many times over, made a part at a time, as a reader makes
//! them. Timed is all of it: making the parts, reading the cases, and the digest of the verdicts. With OUT the bytes are
//! written there too, in the order of the cases, whatever the number of threads.

use std::{
    fs::File,
    io::{BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
};

use samspill_agreement::model::Agreement;
use samspill_base::Columns;
use samspill_batch::{Threads, ordered_with};
use samspill_bench::{
    Trouble, fines, memory,
    rows::{Rows, case_name},
    rules, side,
};
use samspill_engine::{
    Dates,
    program::{Memory, Program},
};
use serde_json::{Value, json};

/// About so many rows are in memory for each thread.
const PART_ROWS: usize = 60_000;

struct Stream {
    agreement: Agreement,
    rows: Rows,
    cases: u32,
    /// Where in the rows each part lies: whole cases.
    parts: Vec<Range<usize>>,
    times: usize,
    threads: Threads,
    out: Option<PathBuf>,
}

impl side::Side for Stream {
    fn run(&mut self) -> Result<Value, Trouble> {
        let program = Program::compile(&self.agreement, Dates::InForce);
        let mut digest = FIRST_DIGEST;
        let mut out = self.out.as_ref().map(File::create).transpose()?.map(BufWriter::new);
        let parts = 0..self.parts.len() * self.times;
        let keep = || (Columns::default(), Memory::default());
        let read = |(columns, memory): &mut (Columns, Memory), part| {
            self.make(part, columns);
            let batch = program.bind(columns);
            let mut sets = vec![0; batch.cases() * program.sets().width()];
            let mut reader = batch.reader_with(std::mem::take(memory));
            reader.read_sets(0..batch.cases(), fines::as_of(), &mut sets);
            *memory = reader.into_memory();
            (digested(FIRST_DIGEST, &sets), sets)
        };
        ordered_with(
            parts,
            self.threads,
            keep,
            read,
            |(part, sets): (u64, Vec<u8>)| -> Result<(), Trouble> {
                digest = digested(digest, &part.to_le_bytes());
                match &mut out {
                    Some(out) => Ok(out.write_all(&sets)?),
                    None => Ok(()),
                }
            },
        )?;
        if let Some(mut out) = out {
            out.flush()?;
        }
        Ok(json!({ "digest": format!("{digest:016x}"), "peak_bytes": memory::peak_bytes()? }))
    }

    fn verdicts(&self) -> &[u8] {
        &[]
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.cases as usize * self.times, "rows": self.rows.case.len() * self.times })
    }
}

impl Stream {
    /// Makes a part of the log: its rows with new case numbers, and the names of its cases.
    fn make(&self, part: usize, columns: &mut Columns) {
        let rows = self.parts[part % self.parts.len()].clone();
        let round = u32::try_from(part / self.parts.len()).unwrap_or(u32::MAX);
        let first = self.rows.case[rows.start];
        let last = self.rows.case[rows.end - 1];
        *columns = Columns::default();
        for kind in &self.rows.kinds {
            columns.kinds.push(kind);
        }
        for case in first..=last {
            columns.cases.push(&case_name(round * self.cases + case));
        }
        columns.case.extend(self.rows.case[rows.clone()].iter().map(|case| case - first));
        columns.kind.extend(self.rows.kind[rows.clone()].iter().map(|kind| u32::from(*kind)));
        columns.happened.extend(&self.rows.at[rows]);
    }
}

const FIRST_DIGEST: u64 = 0xcbf2_9ce4_8422_2325;

/// A digest that hangs on every byte and on their order (FNV-1a over eight bytes at a time).
fn digested(mut digest: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in
        words.iter().map(|word| u64::from_le_bytes(*word)).chain(rest.iter().map(|byte| u64::from(*byte)))
    {
        digest = (digest ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        digest ^= digest >> 29;
    }
    digest
}

/// Cuts the rows into parts of whole cases.
fn parts_of(case: &[u32]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while start < case.len() {
        let mut end = (start + PART_ROWS).min(case.len());
        while end < case.len() && case[end] == case[end - 1] {
            end += 1;
        }
        parts.push(start..end);
        start = end;
    }
    parts
}

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, times, threads, out) = match &arguments[..] {
        [folder, times, threads] => (folder, times, threads, None),
        [folder, times, threads, out] => (folder, times, threads, Some(PathBuf::from(out))),
        _ => return Err("stream FOLDER TIMES THREADS [OUT]".into()),
    };
    let rows = Rows::read(Path::new(folder))?;
    side::serve(&mut Stream {
        agreement: rules::agreement(fines::AGREEMENT)?,
        parts: parts_of(&rows.case),
        cases: rows.cases(),
        rows,
        times: times.parse()?,
        threads: Threads::new(threads.parse()?),
        out,
    })
}
