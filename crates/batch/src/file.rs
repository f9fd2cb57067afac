//! A log's file, read into columns by every core.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use samspill_formats::{
    ColumnsRead, CsvPlan, Format, Place, ReadError, ReadOptions, Wanted, maybe_gz, read_columns,
};

use crate::{Threads, ordered};

/// Reads a log into columns, with what [`read_columns`] gives.
///
/// A table (CSV) that isn't packed is held in memory and read in parts, one for each thread; of every other log the
/// bytes are fetched and unpacked by one thread and read by another.
///
/// # Errors
/// Those of [`read_columns`].
pub fn read_file(
    file: File,
    options: &ReadOptions,
    wanted: &Wanted,
    threads: Threads,
) -> Result<ColumnsRead, ReadError> {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let mut input = BufReader::with_capacity(BLOCK_BYTES, file);
    if threads == Threads::ONE {
        return read_columns(input, options, wanted);
    }
    let head = input.fill_buf().map_err(failed)?;
    let is_table = options.format.unwrap_or_else(|| Format::of_head(head)) == Format::Csv;
    let is_packed = head.starts_with(&[0x1F, 0x8B]);
    if is_table && !is_packed {
        match whole_file(&mut input, options.limits.file_bytes_max, threads) {
            Some(table) => read_parts(&table, io::empty(), options, wanted, threads),
            None => read_table(input, length, options, wanted, threads),
        }
    } else {
        read_piped(input, options, wanted)
    }
}

/// Bytes that go from thread to thread at a time.
const BLOCK_BYTES: usize = 256 << 10;

/// Blocks that wait at the most.
const BLOCKS_WAITING: usize = 8;

fn failed(source: io::Error) -> ReadError {
    ReadError::Source { place: Place::START, source }
}

fn read_table(
    mut input: impl BufRead,
    length: u64,
    options: &ReadOptions,
    wanted: &Wanted,
    threads: Threads,
) -> Result<ColumnsRead, ReadError> {
    let bytes_max = options.limits.file_bytes_max;
    // One byte more, so that the end is found without making room for more.
    let room = usize::try_from(length.min(bytes_max)).unwrap_or(0).saturating_add(1);
    let mut table = Vec::with_capacity(room);
    input.by_ref().take(bytes_max).read_to_end(&mut table).map_err(failed)?;
    let has_more = !input.fill_buf().map_err(failed)?.is_empty();
    // A table past the limit is told about as any log is.
    if has_more {
        return read_columns((&table[..]).chain(input), options, wanted);
    }
    read_parts(&table, input, options, wanted, threads)
}

/// Reads a table, of which perhaps more comes, in parts.
fn read_parts(
    table: &[u8],
    rest: impl BufRead,
    options: &ReadOptions,
    wanted: &Wanted,
    threads: Threads,
) -> Result<ColumnsRead, ReadError> {
    // A table that is odd from its first line on is told about as any log is.
    let Some(plan) = CsvPlan::new(table, options, wanted)? else {
        return read_columns(table.chain(rest), options, wanted);
    };
    let mut chunks = Vec::new();
    let parts = plan.split(table, threads.get()).into_iter();
    let read = |range| plan.read_chunk(table, range);
    let Ok(()) = ordered(parts, threads, read, |chunk| -> Result<(), std::convert::Infallible> {
        chunks.push(chunk);
        Ok(())
    });
    plan.merge(table, chunks)
}

/// The whole of a file of known length, fetched by several threads, each its part.
///
/// `None` where it isn't such a file, is longer than `bytes_max`, or changes meanwhile: then the input stands where it stood.
#[cfg(unix)]
fn whole_file(input: &mut BufReader<File>, bytes_max: u64, threads: Threads) -> Option<Vec<u8>> {
    use std::os::unix::fs::FileExt;
    let start = input.stream_position().ok()?;
    let file = input.get_ref();
    let length = file.metadata().ok().filter(std::fs::Metadata::is_file)?.len().checked_sub(start)?;
    let length = usize::try_from(length).ok().filter(|_| length <= bytes_max)?;
    let mut table = vec![0; length];
    let each = length.div_ceil(threads.get()).max(1);
    let is_read = thread::scope(|scope| {
        let fetched = (0..)
            .step_by(each)
            .zip(table.chunks_mut(each))
            .map(|(from, part)| scope.spawn(move || file.read_exact_at(part, start + from).is_ok()));
        let fetched: Vec<_> = fetched.collect();
        fetched.into_iter().all(|part| part.join().unwrap_or(false))
    });
    let is_all = matches!(file.read_at(&mut [0], start + length as u64), Ok(0));
    (is_read && is_all).then_some(table)
}

/// Elsewhere files are fetched in one piece.
#[cfg(not(unix))]
fn whole_file(_: &mut BufReader<File>, _: u64, _: Threads) -> Option<Vec<u8>> {
    None
}

/// Unpacks in one thread and reads in another.
fn read_piped(
    input: impl BufRead + Send,
    options: &ReadOptions,
    wanted: &Wanted,
) -> Result<ColumnsRead, ReadError> {
    thread::scope(|scope| {
        let (give, blocks) = sync_channel(BLOCKS_WAITING);
        scope.spawn(move || {
            let unpacked = maybe_gz(input, &options.limits);
            let mut unpacked = match unpacked {
                Ok(unpacked) => unpacked,
                Err(error) => return drop(give.send(Err(error))),
            };
            loop {
                let mut block = Vec::with_capacity(BLOCK_BYTES);
                let outcome = unpacked.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut block);
                let is_last = outcome.is_err() || block.is_empty();
                // What was unpacked before it broke off is read; the failure comes after it.
                let sent = block.is_empty() || give.send(Ok(block)).is_ok();
                if let (Err(error), true) = (outcome, sent) {
                    let _ = give.send(Err(error));
                }
                if is_last || !sent {
                    return;
                }
            }
        });
        read_columns(Piped { blocks, block: Vec::new(), read: 0 }, options, wanted)
    })
}

/// Bytes that come from another thread, block by block.
struct Piped {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    read: usize,
}

impl BufRead for Piped {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read == self.block.len() {
            self.block.clear();
            self.read = 0;
            // A sender that is gone has sent all there is.
            if let Ok(block) = self.blocks.recv() {
                self.block = block?;
            }
        }
        Ok(&self.block[self.read..])
    }

    fn consume(&mut self, count: usize) {
        self.read += count;
    }
}

impl Read for Piped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
