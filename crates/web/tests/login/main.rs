//! Logging in and out with a password, sessions, and what is tried against them.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod browser;
mod demo;
mod late;
mod newcomer;
mod notices;
mod own;
mod roles;
mod setup;
mod word;
