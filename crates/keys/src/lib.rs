//! Keys of our own: those that say who we are (`private_key_jwt`, RFC 7523), and those that prove that a token is sent by the one it
//! was made for (`DPoP`, RFC 9449).
//!
//! The message service and login providers ask for the same two things, so that both are written once. Nothing here asks the network or
//! a clock.

mod jwk;
mod proof;
mod signing;

pub use proof::{PROOF_TYPE, Proved, Prover, token_hash};
pub use signing::{KeyFault, SigningKey};
