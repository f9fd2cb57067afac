//! The FHIR facade as systems use it that know the standard and not us.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where something isn't there, and says when a tool isn't installed"
)]

#[path = "../support/mod.rs"]
mod support;

mod checked;
mod reading;
