use std::io::{BufRead, ErrorKind};

use crate::{Limits, Place, ReadError, item::PastLimit};

/// Physical lines of a source, none longer in memory than the limit.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    line: u64,
    bytes_read: u64,
    bytes_max: u64,
    line_bytes_max: usize,
    given_back: Vec<u8>,
    given_back_from: usize,
}

/// What a call of [`Lines::next_line`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The source is at its end; nothing was appended.
    End,
    /// A line was appended, with its `\n` if it had one.
    Whole,
    /// The line passes the limit; only its beginning was appended, the rest is skipped.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, limits: &Limits) -> Self {
        Self {
            input,
            line: 0,
            bytes_read: 0,
            bytes_max: limits.file_bytes_max,
            line_bytes_max: limits.line_bytes_max,
            given_back: Vec::new(),
            given_back_from: 0,
        }
    }

    /// Goes on in a source from which so many lines and bytes have been read.
    pub(crate) fn resumed(input: R, limits: &Limits, line: u64, bytes_read: u64) -> Self {
        Self { line, bytes_read, ..Self::new(input, limits) }
    }

    /// The rest of the source, apart from lines that were given back.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    /// The number of the line that was read last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes taken from the source so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Appends the next line to `into`. A byte order mark before the first line is dropped.
    pub(crate) fn next_line(&mut self, into: &mut Vec<u8>) -> Result<Line, ReadError> {
        let start = into.len();
        let found =
            if self.given_back_from < self.given_back.len() { self.again(into) } else { self.fresh(into)? };
        if found == Line::End {
            return Ok(found);
        }
        self.line += 1;
        if self.line == 1 && into[start..].starts_with(b"\xEF\xBB\xBF") {
            into.drain(start..start + 3);
        }
        Ok(found)
    }

    /// Gives the lines that were read last back, to be read again; `lines` is how many they were.
    pub(crate) fn give_back(&mut self, bytes: &[u8], lines: u64) {
        self.line -= lines;
        if self.given_back_from < self.given_back.len() {
            // They came from what was given back before, and nothing is copied.
            self.given_back_from -= bytes.len();
        } else {
            self.given_back = bytes.to_vec();
            self.given_back_from = 0;
        }
    }

    fn again(&mut self, into: &mut Vec<u8>) -> Line {
        let rest = &self.given_back[self.given_back_from..];
        let count = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        into.extend_from_slice(&rest[..count]);
        self.given_back_from += count;
        Line::Whole
    }

    fn fresh(&mut self, into: &mut Vec<u8>) -> Result<Line, ReadError> {
        let mut length = 0_usize;
        loop {
            let place = Place { line: self.line + 1, column: 1 };
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(ReadError::from_io(place, error)),
            };
            if available.is_empty() {
                return Ok(if length == 0 { Line::End } else { self.verdict(length) });
            }
            let newline = memchr::memchr(b'\n', available);
            let count = newline.map_or(available.len(), |newline| newline + 1);
            let room = (self.line_bytes_max + 1).saturating_sub(length);
            into.extend_from_slice(&available[..count.min(room)]);
            self.input.consume(count);
            length = length.saturating_add(count - usize::from(newline.is_some()));
            self.bytes_read += count as u64;
            if self.bytes_read > self.bytes_max {
                return Err(ReadError::from_io(place, PastLimit::File(self.bytes_max).into()));
            }
            if newline.is_some() {
                return Ok(self.verdict(length));
            }
        }
    }

    fn verdict(&self, length: usize) -> Line {
        if length > self.line_bytes_max { Line::TooLong } else { Line::Whole }
    }
}

/// The text of a line, or the column and a message where it isn't UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, (u64, String)> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let bad = bytes[error.valid_up_to()];
        let column = Place::START.after(good).column;
        (
            column,
            format!(
                "the byte {bad:#04X} is not UTF-8: save the file as UTF-8 (in a spreadsheet «CSV UTF-8»)"
            ),
        )
    })
}
