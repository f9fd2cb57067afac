//! Entries as bytes: equal entries have the same bytes, and different ones different bytes.
//!
//! This is form 1. It is what the database keeps and what the hash chain covers, so it is written down to the byte, and
//! it never changes; a form 2 would begin with another byte.
//!
//! ```text
//! entry  = 01 text(case) text(kind) instant(happened)
//!          maybe(instant(sent)) maybe(instant(received)) maybe(instant(acknowledged)) maybe(instant(recorded))
//!          maybe(instant(as_of))
//!          maybe(text(id)) maybe(text(person)) maybe(text(from)) maybe(text(to))
//!          map(facts) maybe(map(body))
//! text   = length in bytes (4) · UTF-8
//! instant= nanoseconds since 1970-01-01T00:00Z (16, two's complement)
//! maybe  = 00, or 01 and the thing
//! map    = number of names (4) · for each name, sorted by its bytes: text(name) value
//! value  = 00 (empty) | 01 (no) | 02 (yes) | 03 text(decimal) | 04 text | 05 list | 06 map
//! list   = number of values (4) · values
//! decimal= an optional minus, digits without leading noughts, and, where there are digits after the point that are
//!          not all nought, a point and those digits without noughts at the end: -12, 0, 0.5
//! ```
//!
//! All numbers are big-endian. The position is not among the bytes: it belongs to the log and stands in the
//! [chain](crate::chain). Nanoseconds, because that is what an entry holds, and 16 bytes, because 8 end in the year
//! 2262 and people write 9999-12-31.

mod read;
mod write;

pub(crate) use read::{decimal, read_entry};
pub(crate) use write::{decimal_text, entry_bytes, put_text};

/// The first byte.
const FORM: u8 = 1;

/// Lists and maps within each other at the most; one more is refused when it is appended.
pub const VALUE_DEPTH_MAX: usize = 64;

mod tag {
    pub(super) const EMPTY: u8 = 0;
    pub(super) const NO: u8 = 1;
    pub(super) const YES: u8 = 2;
    pub(super) const NUMBER: u8 = 3;
    pub(super) const TEXT: u8 = 4;
    pub(super) const LIST: u8 = 5;
    pub(super) const MAP: u8 = 6;
}

#[cfg(test)]
mod tests;
