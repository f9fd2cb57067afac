//! The messages of Norwegian health care: Hodemelding, PLO, receipts, dialogue and epicrises.
//!
//! A message is a tree ([`crate::xml`]) that keeps all it says, and over it types with what has meaning. Reading never stops
//! at content: what is wrong is a [`Finding`] with its path, and the rest is read.

mod base64_text;
pub mod codes;
mod digest;
mod finding;
pub mod ids;
mod kinds;
pub mod make;
pub mod model;
mod norway;
pub mod profile;
pub mod read;
pub mod show;
pub mod types;

pub use digest::digest;
pub use finding::{Finding, Severity};
pub use norway::norway;
