//! The register of persons: who the patients are that the log only has ids of, sealed field by field of a row.
//!
//! What is sealed can be opened by whoever has the key ring, and by nobody who has the database alone. The key of a row is an
//! HMAC-SHA-256 of the id, with a key that stays the same for ever: the access log names persons by it. The same keys seal what
//! messages and decisions say in the store, and whom the log's entries are about.

mod error;
mod find;
mod from_message;
mod mail_seal;
mod own;
mod person;
mod pseudonym;
mod register;
mod ring;
mod seal;

pub use error::RegisterError;
pub use from_message::person_of;
pub use mail_seal::MailSeal;
pub use person::Person;
pub use pseudonym::Choices;
pub use register::{PersonRegister, Rotated};
pub use ring::{KeyRing, KeyRingError};
