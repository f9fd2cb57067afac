//! Agreements, proposals and figures, as people of every role see them.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod admin;
mod agreements;
mod figures;
mod proposals;
