//! Keys: our own that sign, those that live as long as a login, and those that a provider publishes.

mod jwk;
mod proof;
mod signed;
mod signing;

pub(super) use proof::{PROOF_TYPE, Prover, token_hash};
pub(super) use signed::{Untrusted, header_of, read_with};
pub use signing::{KeyFault, SigningKey};
