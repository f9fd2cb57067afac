//! What stands in front of all pages.

#[path = "../support/mod.rs"]
mod support;

mod region;
