use std::fmt;

use super::{
    digits::{self, DigitTrouble},
    rules::RULES,
};

/// A DUF number (`DUF`), from Utlendingsdirektoratet: the year, six digits, and two check digits.
///
/// It identifies a person: `Debug` and `Display` hide it, as for [`super::PersonNumber`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DufNumber {
    digits: [u8; 12],
}

/// What is wrong with a DUF number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DufNumberError {
    /// It isn't twelve digits.
    #[error("{0}")]
    Digits(#[from] DigitTrouble),
    /// The last two digits don't fit.
    #[error("its last two digits don't fit the others: a digit is wrong, or two have changed places")]
    CheckDigits,
}

impl DufNumber {
    /// Reads a number. The last two digits are what the weighted sum of the first ten leaves when divided by 11, from 00 to
    /// 10.
    pub fn parse(text: &str) -> Result<Self, DufNumberError> {
        let number = Self { digits: digits::exactly(text)? };
        let (body, check) = number.digits.split_at(10);
        if digits::remainder(body, &RULES.duf.weights) == digits::value(check) {
            Ok(number)
        } else {
            Err(DufNumberError::CheckDigits)
        }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        digits::text(&self.digits)
    }
}

impl fmt::Debug for DufNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DufNumber({self})")
    }
}

impl fmt::Display for DufNumber {
    /// Twelve stars.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("************")
    }
}
