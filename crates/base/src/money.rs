use std::fmt;

/// An amount in øre (1/100 krone, or 1/100 of the agreement's own currency). Never a floating number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Ore(pub i64);

impl Ore {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` where it would pass the range of `i64`.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This amount times `numerator / denominator`, rounded half away from zero to whole øre.
    ///
    /// `None` where the denominator is 0 or the result would pass the range of `i64`.
    ///
    /// # Ten per cent on top
    /// ```
    /// # use samspill_base::Ore;
    /// assert_eq!(Ore(598_105).scaled(110, 100), Some(Ore(657_916)));
    /// assert_eq!(Ore(i64::MAX).scaled(2, 1), None);
    /// ```
    pub fn scaled(self, numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let product = i128::from(self.0) * i128::from(numerator);
        let denominator = i128::from(denominator);
        let half = denominator.abs() / 2;
        let towards = if (product < 0) == (denominator < 0) { half } else { -half };
        // `towards` has the sign of the quotient's remainder, so that halves move away from zero.
        let signed = if denominator < 0 { -towards } else { towards };
        i64::try_from((product + signed) / denominator).ok().map(Self)
    }

    /// Reads `"5981"`, `"5981.00"` or `"130,50"` (kroner, two decimals at most) as øre.
    ///
    /// `None` where the text is anything else, or past the range of `i64`.
    pub fn parse_kroner(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let (negative, whole) = whole.strip_prefix('-').map_or((false, whole), |rest| (true, rest));
        if whole.is_empty() || !digits_only(whole) || !digits_only(part) || part.len() > 2 {
            return None;
        }
        let cents = match part.len() {
            0 => 0,
            1 => part.parse::<i64>().ok()? * 10,
            _ => part.parse().ok()?,
        };
        let ore = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
        Some(Self(if negative { -ore } else { ore }))
    }
}

impl fmt::Display for Ore {
    /// Kroner with two decimals and a narrow gap between thousands: `34 470,00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ore = self.0.unsigned_abs();
        let digits = (ore / 100).to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push('\u{a0}');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{grouped},{:02}", ore % 100)
    }
}

impl std::iter::Sum for Ore {
    /// Adds, holding at the ends of the range: a sum of real invoices is far inside it.
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, next| Self(sum.0.saturating_add(next.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kroner_are_read_to_the_ore() {
        for (text, expected) in [
            ("5981", Some(598_100)),
            ("5981.5", Some(598_150)),
            ("130,05", Some(13_005)),
            ("-1", Some(-100)),
            ("", None),
            ("1.234", None),
            ("1e3", None),
            ("92233720368547758.08", None),
        ] {
            assert_eq!(Ore::parse_kroner(text), expected.map(Ore), "{text}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(Ore(5).scaled(1, 2), Some(Ore(3)));
        assert_eq!(Ore(-5).scaled(1, 2), Some(Ore(-3)));
        assert_eq!(Ore(5).scaled(-1, 2), Some(Ore(-3)));
        assert_eq!(Ore(4).scaled(1, 0), None);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(Ore(3_447_000).to_string(), "34\u{a0}470,00");
        assert_eq!(Ore(-5).to_string(), "-0,05");
    }
}
