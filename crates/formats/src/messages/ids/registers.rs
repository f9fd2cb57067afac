use std::fmt;

use super::{
    digits::{self, DigitTrouble},
    rules::RULES,
};

/// A HER-id (`HER`): the number of a party in Adresseregisteret. It has no check digit.
///
/// Leading zeros don't count: `0902` and `902` are the same party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HerId(u64);

/// An HPR number (`HPR`): the number of a health professional in Helsepersonellregisteret. It has no check digit.
///
/// Leading zeros don't count: some systems fill up to nine digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HprNumber(u64);

/// What is wrong with the number of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterNumberError {
    /// It isn't digits.
    #[error("{0}")]
    Digits(#[from] DigitTrouble),
    /// There is nothing.
    #[error("it is empty: write the number")]
    Empty,
    /// There are only zeros.
    #[error("it is zero, which is nobody's number")]
    Zero,
    /// It has more digits than these numbers have.
    #[error(
        "it has {found} digits, and these numbers have {most} at most: look for another number in its place"
    )]
    TooLong {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
}

impl HerId {
    /// Reads a number. White space at both ends is passed over. Two ids joined by a dot are refused: each level has its own.
    pub fn parse(text: &str) -> Result<Self, RegisterNumberError> {
        number(text, RULES.her.most_digits).map(Self)
    }

    /// The number.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl HprNumber {
    /// Reads a number. White space at both ends is passed over.
    pub fn parse(text: &str) -> Result<Self, RegisterNumberError> {
        number(text, RULES.hpr.most_digits).map(Self)
    }

    /// The number.
    pub fn value(self) -> u64 {
        self.0
    }
}

fn number(text: &str, most: usize) -> Result<u64, RegisterNumberError> {
    let digits = digits::digits(text)?;
    if digits.is_empty() {
        return Err(RegisterNumberError::Empty);
    }
    if digits.len() > most {
        return Err(RegisterNumberError::TooLong { found: digits.len(), most });
    }
    match digits.parse() {
        Ok(0) => Err(RegisterNumberError::Zero),
        Ok(number) => Ok(number),
        Err(_) => Err(RegisterNumberError::TooLong { found: digits.len(), most }),
    }
}

impl fmt::Display for HerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for HprNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
