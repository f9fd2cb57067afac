//! What all requests go through, and what all answers share.

mod refused;
mod signed;

pub use refused::Refused;
pub use signed::Signed;
