//! Checks on the house itself.
//!
//! Every check is a function from a [`Tree`] to the [`Fault`]s in it. `tests/tidy.rs` runs them all on this
//! repository; each module shows on made-up trees that its check finds what it looks for.

pub mod arrows;
pub mod decisions;
mod fault;
pub mod floats;
pub mod functions;
pub mod glossary;
pub mod identity;
mod ignored;
pub mod leftovers;
pub mod links;
pub mod lints;
pub mod machine_paths;
mod manifest;
pub mod plain;
pub mod pure;
pub mod ratchet;
mod rust;
mod tell;
mod tree;

pub use fault::{Fault, listed};
pub use tell::tell;
pub use tree::{Tree, TreeFile};
