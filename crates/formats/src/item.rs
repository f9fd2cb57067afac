use std::{fmt, io};

use samspill_base::Entry;

/// A place in a file: line and column, both from 1. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Place {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place that is reached when `text` has been read from here.
    pub(crate) fn after(self, text: &[u8]) -> Self {
        let tail = memchr::memrchr(b'\n', text).map(|newline| &text[newline + 1..]);
        let characters = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() as u64;
        match tail {
            None => Self { line: self.line, column: self.column + characters(text) },
            Some(tail) => {
                let lines = memchr::memchr_iter(b'\n', text).count() as u64;
                Self { line: self.line + lines, column: 1 + characters(tail) }
            }
        }
    }
}

/// What a reader yields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all items are entries: a box would cost an allocation for each"
)]
pub enum Item {
    /// An entry of the log.
    Entry(Entry),
    /// The case of this name is complete. Only formats that keep a case together (XES) say so.
    CaseEnd(String),
    /// Something in the log that isn't as it should be. Reading goes on.
    Trouble(ReadTrouble),
}

/// What became of the thing that a trouble is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It was read all the same: a warning.
    Kept,
    /// The line, row or event was left out: a bad line.
    LeftOut,
}

/// A mistake in a log: where, what is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadTrouble {
    /// Where it starts.
    pub place: Place,
    /// Whether the entry was left out.
    pub effect: Effect,
    /// What is wrong and what to write instead, as a sentence without a full stop.
    pub message: String,
}

impl ReadTrouble {
    pub(crate) fn left_out(place: Place, message: impl Into<String>) -> Self {
        Self { place, effect: Effect::LeftOut, message: message.into() }
    }

    pub(crate) fn kept(place: Place, message: impl Into<String>) -> Self {
        Self { place, effect: Effect::Kept, message: message.into() }
    }
}

impl fmt::Display for ReadTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.place.line, self.place.column, self.message)
    }
}

/// Why reading a log ended before the log did.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source of the bytes failed, or broke off inside a gzip member.
    #[error("reading the log failed at line {}: {source}", place.line)]
    Source {
        /// How far the reader had come.
        place: Place,
        /// What the source said.
        source: io::Error,
    },
    /// This is no document of the format.
    #[error("line {}, column {}: {message}", place.line, place.column)]
    Unreadable {
        /// Where it stopped making sense.
        place: Place,
        /// What is wrong and what to do.
        message: String,
    },
    /// The log, or a tag in it, is larger than [`Limits`](crate::Limits) allow.
    #[error("{message}")]
    TooLarge {
        /// Which limit, and how large it is.
        message: String,
    },
    /// The header row of a CSV file doesn't fit the column mapping.
    #[error(transparent)]
    Columns(#[from] crate::ColumnMapError),
    /// A second pass over a log met other entries than the first.
    #[error(
        "the log changed while it was being read: «{case}» has more entries than were counted; read it again"
    )]
    Changed {
        /// The case that gave it away.
        case: String,
    },
}

impl ReadError {
    pub(crate) fn unreadable(place: Place, message: impl Into<String>) -> Self {
        Self::Unreadable { place, message: message.into() }
    }

    /// A failure of the source; one that hides a passed limit becomes [`ReadError::TooLarge`].
    pub(crate) fn from_io(place: Place, source: io::Error) -> Self {
        match source.get_ref().and_then(|inner| inner.downcast_ref::<PastLimit>()) {
            Some(limit) => Self::TooLarge { message: limit.to_string() },
            None => Self::Source { place, source },
        }
    }
}

/// A limit that was passed, on its way through [`io::Error`].
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum PastLimit {
    #[error("the log is larger than {0} bytes unpacked: split it, or raise the limit for files")]
    File(u64),
    #[error(
        "the document is larger than {0} bytes, and must be held in memory: split it, or raise the limit for documents"
    )]
    Document(u64),
    #[error("a tag is longer than {0} bytes: shorten it, or raise the limit for lines")]
    Tag(u64),
}

impl From<PastLimit> for io::Error {
    fn from(limit: PastLimit) -> Self {
        Self::other(limit)
    }
}

/// `text`, cut to what fits in a message.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let mut cut: String = text.chars().take(CHARACTERS_MAX).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
