//! The mailroom: what comes in, what goes out, and that nothing is lost or counted twice.
#![expect(clippy::disallowed_methods, reason = "the messages of the tests are files")]
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

mod people;
mod sending;
mod settling;
mod support;
mod taking;
mod two_sides;
