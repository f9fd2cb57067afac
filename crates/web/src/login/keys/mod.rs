//! Keys: those of our own, and those that a provider publishes.

mod signed;

pub use samspill_keys::{KeyFault, SigningKey};
pub(super) use samspill_keys::{PROOF_TYPE, Proved, Prover, token_hash};
pub(super) use signed::{Untrusted, header_of, read_with};
