use std::ops::Range;

use super::{ColumnsRead, csv_plan::CsvPlan, table::Table};
use crate::ReadError;

/// What was read of a part of a table. Made by [`CsvPlan::read_chunk`], used by [`CsvPlan::merge`].
#[derive(Debug)]
pub struct CsvChunk {
    pub(crate) table: Table,
    /// Lines of the rows that were read.
    pub(crate) lines: u64,
    /// Bytes of the rows that were read; less than the range has if the part made no sense from there on.
    pub(crate) whole: usize,
    pub(crate) range: Range<usize>,
}

impl CsvChunk {
    /// Lines of a chunk are counted as if it stood after so many lines: the first line of a file is read in a way of
    /// its own.
    pub(crate) const FIRST_LINE: u64 = 1;
}

pub(crate) fn merged(plan: &CsvPlan, bytes: &[u8], chunks: Vec<CsvChunk>) -> Result<ColumnsRead, ReadError> {
    let mut table = Table::new(&plan.wanted);
    let (mut at, mut lines) = (plan.bytes, plan.lines);
    for chunk in chunks {
        if chunk.range.start != at || !ends_a_row(bytes, chunk.range.start + chunk.whole) {
            break;
        }
        table.absorb(chunk.table, lines.saturating_sub(CsvChunk::FIRST_LINE));
        at += chunk.whole;
        lines += chunk.lines;
        if at < chunk.range.end {
            break;
        }
    }
    if at < bytes.len() {
        plan.read_rest(&bytes[at..], lines, at as u64, &mut table)?;
    }
    table.check_size()?;
    Ok(table.finish())
}

fn ends_a_row(bytes: &[u8], at: usize) -> bool {
    at == bytes.len() || at.checked_sub(1).is_none_or(|last| bytes[last] == b'\n')
}
