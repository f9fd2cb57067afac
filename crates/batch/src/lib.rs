//! Whole logs at once: read by every core, with answers in the order of the log.
//!
//! The crates below are pure and know no threads. Here they are put to work side by side: parts of a file become
//! columns, parts of a log become verdicts, and what comes out is the same, byte for byte, however many there are.

mod file;
mod ordered;
mod sets;
mod summary;
mod threads;

pub use file::read_file;
pub use ordered::{ordered, ordered_with};
pub use sets::{read_sets, stream_sets};
pub use summary::summarise;
pub use threads::Threads;
