//! What must hold on both databases: every test of `on_both!` runs on each.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

#[path = "../support/mod.rs"]
mod support;

mod backups;
mod bench;
mod errors;
mod log;
mod many;
mod projections;
mod samples;
mod schema;
mod tampering;
mod transfer;
