//! The API as other systems use it.
#![expect(clippy::unwrap_used, reason = "a test ends where something isn't there")]

#[path = "../support/mod.rs"]
mod support;

mod bulk;
mod following;
mod help;
mod intake;
mod messages;
mod reading;
mod writing;
