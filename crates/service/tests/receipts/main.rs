//! Receipts: which one a message gets, how it is written, and what becomes of a message that was sent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the crate is pure, its tests read files")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod conformance;
mod life;
#[path = "../../../formats/tests/lxml/mod.rs"]
mod lxml;
mod own;
mod support;
mod valid;
