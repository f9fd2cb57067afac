//! Who may do what, and for how long.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

mod involved;
mod lists;
mod support;
mod table;
mod time;
