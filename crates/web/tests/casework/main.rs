//! Writing in stays by forms alone, as a browser without scripts does it.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod desk;
mod downtime;
mod files;
mod found;
mod languages;
mod lost;
mod mail;
mod once;
mod refused;
mod settle;
mod templates;
mod way;
mod words;
