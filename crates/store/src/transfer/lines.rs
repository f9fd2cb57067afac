use std::io::{BufRead, Read};

use super::{Line, file_error};
use crate::{LogEntry, StoreError};

/// Bytes of a line at the most: a message of the largest size in base64, with notes of the largest size, and room beside them.
const LINE_BYTES_MAX: u64 = 16 * LogEntry::BYTES_MAX as u64;

/// The lines of an export, one at a time.
pub(super) struct Lines<'a> {
    input: &'a mut (dyn BufRead + Send),
    /// The line that was read last, from 1.
    pub(super) line: u64,
    text: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(input: &'a mut (dyn BufRead + Send)) -> Self {
        Self { input, line: 0, text: Vec::new() }
    }

    /// The next line, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, StoreError> {
        self.text.clear();
        self.line += 1;
        let read = (&mut *self.input).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.text);
        if read.map_err(file_error("read the export"))? == 0 {
            return Ok(None);
        }
        let line = self.line;
        let wrong = |says: String| StoreError::Import { line, says };
        if !self.text.ends_with(b"\n") {
            return Err(wrong("the line has no end: the export was cut off, make another".to_owned()));
        }
        let text =
            std::str::from_utf8(&self.text).map_err(|error| wrong(format!("this is not UTF-8: {error}")))?;
        serde_json::from_str(text)
            .map(Some)
            .map_err(|error| wrong(format!("this is no line of an export: {error}")))
    }

    pub(super) fn wrong(&self, says: impl Into<String>) -> StoreError {
        StoreError::Import { line: self.line, says: says.into() }
    }
}
