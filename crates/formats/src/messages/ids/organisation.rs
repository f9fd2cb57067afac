use std::fmt;

use super::{
    digits::{self, DigitTrouble},
    rules::RULES,
    series::{Series, SyntheticSource},
};

/// An organisation number of Enhetsregisteret (`ENH`): nine digits, the last a check digit (mod 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganisationNumber {
    digits: [u8; 9],
}

/// What is wrong with an organisation number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationNumberError {
    /// It isn't nine digits.
    #[error("{0}")]
    Digits(#[from] DigitTrouble),
    /// It begins with a digit that no organisation number begins with.
    #[error("organisation numbers begin with 8 or 9, synthetic ones with 2 or 3: look at the first digit")]
    FirstDigit,
    /// The last digit doesn't fit.
    #[error("its last digit doesn't fit the others: a digit is wrong, or two have changed places")]
    CheckDigit,
}

impl OrganisationNumber {
    /// Reads a number. White space at both ends is passed over; spaces in it are not.
    ///
    /// Source: Brønnøysundregistrene, «Om organisasjonsnummeret».
    pub fn parse(text: &str) -> Result<Self, OrganisationNumberError> {
        let rules = &RULES.organisation;
        let number = Self { digits: digits::exactly(text)? };
        let first = digits::value(&number.digits[..1]);
        if !rules.real_first_digits.contains(&first) && !rules.synthetic_first_digits.contains(&first) {
            return Err(OrganisationNumberError::FirstDigit);
        }
        match digits::remainder(&number.digits, &rules.weights) {
            0 => Ok(number),
            _ => Err(OrganisationNumberError::CheckDigit),
        }
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        digits::text(&self.digits)
    }

    /// Whether it can belong to a real organisation.
    pub fn series(&self) -> Series {
        let first = digits::value(&self.digits[..1]);
        if RULES.organisation.synthetic_first_digits.contains(&first) {
            Series::Synthetic(SyntheticSource::Skatteetaten)
        } else {
            Series::Real
        }
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
