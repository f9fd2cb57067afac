/// Why a text isn't a number of so many digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigitTrouble {
    /// A character that isn't a digit.
    #[error("character {at} isn't a digit: write digits only, without spaces, dots or letters")]
    NotADigit {
        /// Which character, counted from 1.
        at: usize,
    },
    /// Too few or too many digits.
    #[error("it has {found} digits and must have {wanted}: look for a digit that is missing or too many")]
    Length {
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
}

/// The digits of a text, as ASCII; white space at both ends is passed over.
pub(super) fn exactly<const N: usize>(text: &str) -> Result<[u8; N], DigitTrouble> {
    let text = digits(text)?;
    text.as_bytes().try_into().map_err(|_| DigitTrouble::Length { found: text.len(), wanted: N })
}

/// The text without white space at its ends, if all else is digits.
pub(super) fn digits(text: &str) -> Result<&str, DigitTrouble> {
    let text = text.trim();
    match text.chars().position(|c| !c.is_ascii_digit()) {
        Some(before) => Err(DigitTrouble::NotADigit { at: before + 1 }),
        None => Ok(text),
    }
}

/// What the weighted sum of the digits leaves when divided by 11. Digits beyond the weights count once.
pub(super) fn remainder(digits: &[u8], weights: &[u8]) -> u32 {
    let weight = |index: usize| weights.get(index).map_or(1, |weight| u32::from(*weight));
    digits.iter().enumerate().map(|(index, digit)| number(*digit) * weight(index)).sum::<u32>() % 11
}

/// The number that ASCII digits write.
pub(super) fn value(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + number(*digit))
}

fn number(digit: u8) -> u32 {
    u32::from(digit - b'0')
}

/// ASCII digits as text.
pub(super) fn text(digits: &[u8]) -> &str {
    // digits are ASCII, so that this never falls back
    std::str::from_utf8(digits).unwrap_or_default()
}
