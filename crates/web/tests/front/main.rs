//! What stands in front of all pages.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod forms;
mod guard;
mod headers;
mod limits;
mod own;
mod region;
