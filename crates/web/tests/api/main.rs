//! The API as other systems use it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where something isn't there, and says when a tool isn't installed"
)]

#[path = "../support/mod.rs"]
mod support;

mod bulk;
mod described;
mod following;
mod help;
mod intake;
mod messages;
mod reading;
mod refused;
mod writing;
