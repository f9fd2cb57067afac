use std::{cmp::Ordering, collections::BTreeMap, fmt};

/// A value in an entry's facts or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Said to be nothing.
    Empty,
    /// Yes or no.
    Bool(bool),
    /// A number, kept exactly as written in decimal.
    Number(Decimal),
    /// Text; dates and times are text until a rule asks for them.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// Named values.
    Map(BTreeMap<String, Value>),
}

/// An exact decimal number: `mantissa × 10^-scale`. The engine knows no floating numbers.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

impl Decimal {
    /// Digits after the point at the most; a number with more is kept as text by the readers.
    pub const SCALE_MAX: u8 = 9;

    /// Noughts that an exponent may add at the most: more would pass the range anyway, but for nought itself.
    const EXPONENT_MAX: u8 = 18;

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self { mantissa: number, scale: 0 }
    }

    /// Reads `-12`, `35.0` or `1.25e2`. `None` where it is not a number, or has more digits than fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let part = part.trim_end_matches('0');
        let mut mantissa: i64 = format!("{whole}{part}").parse().ok()?;
        let mut scale = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
        if scale < -i32::from(Self::EXPONENT_MAX) {
            return None;
        }
        while scale < 0 {
            mantissa = mantissa.checked_mul(10)?;
            scale += 1;
        }
        let scale = u8::try_from(scale).ok().filter(|scale| *scale <= Self::SCALE_MAX)?;
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }

    /// The number as a whole one, if it is one.
    pub fn as_whole(self) -> Option<i64> {
        let unit = 10_i64.pow(u32::from(self.scale));
        (self.mantissa % unit == 0).then_some(self.mantissa / unit)
    }

    fn at_largest_scale(self) -> i128 {
        i128::from(self.mantissa) * 10_i128.pow(u32::from(Self::SCALE_MAX - self.scale))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at_largest_scale().cmp(&other.at_largest_scale())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let unit = 10_u64.pow(u32::from(self.scale));
        let size = self.mantissa.unsigned_abs();
        write!(f, "{sign}{}.{:0width$}", size / unit, size % unit, width = usize::from(self.scale))
    }
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether it says nothing: empty, blank text, no values.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(values) => values.iter().all(Self::is_blank),
            Self::Map(values) => values.values().all(Self::is_blank),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The value from JSON. Numbers that no [`Decimal`] holds become text.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Empty,
            serde_json::Value::Bool(yes) => Self::Bool(*yes),
            serde_json::Value::Number(number) => Self::from_number_text(&number.to_string()),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Array(values) => Self::List(values.iter().map(Self::from_json).collect()),
            serde_json::Value::Object(fields) => {
                Self::Map(fields.iter().map(|(name, value)| (name.clone(), Self::from_json(value))).collect())
            }
        }
    }

    /// A number if the text is one, otherwise the text.
    pub fn from_number_text(text: &str) -> Self {
        Decimal::parse(text).map_or_else(|| Self::text(text), Self::Number)
    }

    /// The value as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Bool(yes) => (*yes).into(),
            Self::Number(number) => {
                serde_json::from_str(&number.to_string()).unwrap_or_else(|_| number.to_string().into())
            }
            Self::Text(text) => text.clone().into(),
            Self::List(values) => values.iter().map(Self::to_json).collect(),
            Self::Map(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("–"),
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(_) | Self::Map(_) => write!(f, "{}", self.to_json()),
        }
    }
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_by_size_not_by_writing() {
        assert_eq!(Decimal::parse("35.0"), Decimal::parse("35"));
        assert!(Decimal::parse("-0.5") < Decimal::parse("0.25"));
        assert_eq!(Decimal::parse("1.25e2").and_then(Decimal::as_whole), Some(125));
        assert_eq!(Decimal::parse("0.5").and_then(Decimal::as_whole), None);
    }

    #[test]
    fn what_is_no_number_is_kept_as_text() {
        for text in ["", "-", "1.", "1.0000000001", "99999999999999999999", "NaN", "1e99", "0e2147483647"] {
            let kept = Value::from_number_text(text);
            match Decimal::parse(text) {
                None => assert_eq!(kept, Value::text(text)),
                Some(number) => assert_eq!(kept, Value::Number(number)),
            }
        }
        assert_eq!(Decimal::parse("1.0000000001"), None);
    }
}
