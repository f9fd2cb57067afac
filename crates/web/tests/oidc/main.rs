//! Logging in at a provider: the whole way at one that enforces what `HelseID` does, and refusals of one that misbehaves.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod house;
mod keys;
mod logouts;
mod machines;
mod parties;
mod proofs;
mod provider;
mod refusals;
mod stub;
mod whole_way;
