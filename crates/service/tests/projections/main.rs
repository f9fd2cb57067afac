//! Rows beside the log say what evaluating each case says.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests read what is shipped, and measure with a clock"
)]

mod hostile;
mod lists;
mod made_up;
mod persons;
mod schema;
mod span;
mod stored;
mod support;
