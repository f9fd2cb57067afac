use std::io::{self, BufRead, Cursor, Read};

use super::{
    ColumnsRead,
    csv_plan::CsvPlan,
    csv_rows::{RowReader, Stop, Tail},
    table::Table,
    wanted::Wanted,
};
use crate::{CsvReader, ReadError, ReadOptions};

/// Read at a time.
pub(crate) const BLOCK_BYTES: usize = 1 << 20;

/// Reads a table from a source, so many bytes at a time.
pub(crate) fn read_csv(
    input: impl BufRead,
    options: &ReadOptions,
    wanted: &Wanted,
    block_bytes: usize,
) -> Result<ColumnsRead, ReadError> {
    let (map, zone, limits) = (options.columns.clone(), options.zone.clone(), options.limits.clone());
    let Some((header, mut input, lines, bytes)) = CsvReader::new(input, map, zone, limits).header()? else {
        return Ok(Table::new(wanted).finish());
    };
    let plan = CsvPlan::of_header(header, wanted, lines, 0);
    let mut rows = RowReader::new(&plan, lines);
    let mut block = Vec::new();
    let mut bytes_before = bytes;
    loop {
        let read = input.by_ref().take(block_bytes as u64).read_to_end(&mut block);
        let (tail, failure) = after(read);
        plan.check_size(bytes_before + block.len() as u64)?;
        let stop = rows.read(&block, tail);
        let (done, goes_on) = match stop {
            Stop::Done => (block.len(), true),
            Stop::NeedsMore(at) => (at, true),
            Stop::Broken(at) => (at, false),
        };
        bytes_before += done as u64;
        block.drain(..done);
        if goes_on && failure.is_none() && tail == Tail::Unknown {
            continue;
        }
        let (mut table, lines) = rows.into_table();
        if !block.is_empty() || failure.is_some() {
            let rest = Cursor::new(block).chain(Failing(failure)).chain(input);
            plan.read_rest(rest, lines, bytes_before, &mut table)?;
        }
        table.check_size()?;
        return Ok(table.finish());
    }
}

/// What comes after a block of which so much was read, and whether the source failed.
fn after(read: io::Result<usize>) -> (Tail, Option<io::Error>) {
    match read {
        Ok(0) => (Tail::End, None),
        Ok(_) => (Tail::Unknown, None),
        Err(error) => (Tail::Unknown, Some(error)),
    }
}

/// A source that fails once, if there is a failure; it is at its end otherwise.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.fill_buf().map(<[u8]>::len)
    }
}

impl BufRead for Failing {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.take().map_or(Ok(&[]), Err)
    }

    fn consume(&mut self, _: usize) {}
}
