//! Identifiers: person numbers, organisation numbers, HER-ids, HPR numbers, each a type of its own.
//!
//! A value of such a type has passed what can be checked without asking a register: length, digits, date, check digits.
//! That it belongs to somebody, only the register knows. What is wrong is told in words that say what to look at, and never
//! repeats the number. How the numbers are built stands in `numbers.toml`, with its sources.
//!
//! # A person number depends on the day it is used
//!
//! Numbers issued from 2032 follow another rule for the first check digit, and tell neither century nor sex. What a number
//! says is therefore asked for a day, that of the message.

mod check;
mod digits;
mod duf;
mod organisation;
mod person;
mod registers;
mod rules;
mod series;

pub use check::{IdTrouble, check};
pub use digits::DigitTrouble;
pub use duf::{DufNumber, DufNumberError};
pub use organisation::{OrganisationNumber, OrganisationNumberError};
pub use person::{PersonNumber, PersonNumberError, PersonNumberKind, Sex};
pub use registers::{HerId, HprNumber, RegisterNumberError};
pub use series::{Series, SeriesRefused, SyntheticPolicy, SyntheticSource};
