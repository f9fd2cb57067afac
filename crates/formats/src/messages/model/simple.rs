//! Simple types: whether a value has the form it must have.

use super::{
    dates::{self, Shape},
    pattern::Pattern,
    uri,
};
use crate::messages::base64_text;

/// The types of XML Schema that the standards use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    String,
    Token,
    NmToken,
    Id,
    Boolean,
    Integer,
    Decimal,
    Double,
    DateTime,
    Date,
    Time,
    YearMonth,
    Year,
    AnyUri,
    Base64,
}

/// A simple type: a form, narrowed.
#[derive(Clone, Debug)]
pub(super) enum Simple {
    Plain(Primitive),
    /// One of several forms.
    Union(Vec<Primitive>),
    /// One of these values.
    Listed(Primitive, Vec<&'static str>),
    Pattern(Primitive, Pattern),
    /// This value.
    Fixed(&'static str),
    /// This value, or nothing, which means this value.
    FixedOrEmpty(&'static str),
}

impl Primitive {
    pub(super) const ALL: [Self; 15] = [
        Self::String,
        Self::Token,
        Self::NmToken,
        Self::Id,
        Self::Boolean,
        Self::Integer,
        Self::Decimal,
        Self::Double,
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::YearMonth,
        Self::Year,
        Self::AnyUri,
        Self::Base64,
    ];

    /// What XML Schema calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Token => "token",
            Self::NmToken => "NMTOKEN",
            Self::Id => "ID",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Double => "double",
            Self::DateTime => "dateTime",
            Self::Date => "date",
            Self::Time => "time",
            Self::YearMonth => "gYearMonth",
            Self::Year => "gYear",
            Self::AnyUri => "anyURI",
            Self::Base64 => "base64Binary",
        }
    }

    /// What it is and how to write it, after "isn't": `a day: write for example 2026-03-01`.
    pub(super) fn form(self) -> &'static str {
        match self {
            Self::String | Self::Token => "text",
            Self::NmToken => "a word: write letters, digits, `-`, `.`, `_` and `:` only",
            Self::Id => "an id: write letters, digits, `-`, `.` and `_`, a letter or `_` first",
            Self::Boolean => "a yes or no: write `true` or `false`",
            Self::Integer => "a whole number: write digits only",
            Self::Decimal => "a number: write it with a point, such as 2.5",
            Self::Double => "a number: write it with a point, such as 2.5 or 1.2e3",
            Self::DateTime => "a day and time: write for example 2026-03-01T12:30:00",
            Self::Date => "a day: write for example 2026-03-01",
            Self::Time => "a time: write for example 12:30:00",
            Self::YearMonth => "a month: write for example 2026-03",
            Self::Year => "a year: write for example 2026",
            Self::AnyUri => {
                "an address: write `%` only before two hexadecimal digits, and a letter first where `:` follows"
            }
            Self::Base64 => "base64: write groups of four characters, `=` only at the end",
        }
    }

    fn holds(self, value: &str) -> bool {
        if matches!(self, Self::String | Self::Token) {
            return true;
        }
        let value = trimmed(value);
        match self {
            Self::String | Self::Token => true,
            Self::NmToken => !value.is_empty() && value.chars().all(is_name_character),
            Self::Id => {
                value.starts_with(begins_name) && value.chars().all(|it| it != ':' && is_name_character(it))
            }
            Self::Boolean => matches!(value, "true" | "false" | "1" | "0"),
            Self::Integer => is_integer(value),
            Self::Decimal => is_decimal(value),
            Self::Double => is_double(value),
            Self::DateTime => dates::is(Shape::DateTime, value),
            Self::Date => dates::is(Shape::Date, value),
            Self::Time => dates::is(Shape::Time, value),
            Self::YearMonth => dates::is(Shape::YearMonth, value),
            Self::Year => dates::is(Shape::Year, value),
            Self::AnyUri => uri::is(value),
            Self::Base64 => is_base64(value),
        }
    }
}

impl Simple {
    /// Whether any value is of the type.
    #[inline]
    pub(super) fn is_free_text(&self) -> bool {
        matches!(self, Self::Plain(Primitive::String | Primitive::Token))
    }

    /// Whether any base64 is of the type, and nothing else.
    #[inline]
    pub(super) fn is_base64(&self) -> bool {
        matches!(self, Self::Plain(Primitive::Base64))
    }

    /// Whether a value is of the type. White space at the ends counts for text only.
    pub(super) fn holds(&self, value: &str) -> bool {
        match self {
            Self::Plain(primitive) => primitive.holds(value),
            Self::Union(members) => members.iter().any(|member| member.holds(value)),
            Self::Listed(Primitive::String, listed) => listed.contains(&value),
            Self::Listed(_, listed) => {
                listed.iter().any(|one| value.split_ascii_whitespace().eq(one.split(' ')))
            }
            Self::Pattern(primitive, pattern) => {
                let value = trimmed(value);
                primitive.holds(value) && pattern.holds(value)
            }
            Self::Fixed(fixed) => value == *fixed,
            Self::FixedOrEmpty(fixed) => value.is_empty() || value == *fixed,
        }
    }

    /// What it is and how to write it, after "isn't".
    pub(super) fn form(&self) -> String {
        match self {
            Self::Plain(primitive) => primitive.form().to_owned(),
            Self::Pattern(Primitive::Boolean, _) => Primitive::Boolean.form().to_owned(),
            Self::Pattern(_, _) => {
                "an object identifier: write numbers with points between, such as 2.16.578.1".to_owned()
            }
            Self::Union(_) => {
                "a day, time, month or year: write for example 2026-03-01 or 2026-03-01T12:30:00".to_owned()
            }
            Self::Listed(_, listed) => format!("one of the values it may have: write {}", quoted(listed)),
            Self::Fixed(fixed) | Self::FixedOrEmpty(fixed) => {
                format!("the only value it may have: write `{fixed}`")
            }
        }
    }

    /// Whether no two in a document may be the same.
    pub(super) fn is_id(&self) -> bool {
        matches!(self, Self::Plain(Primitive::Id))
    }

    /// The form that it narrows, if it is one.
    pub(super) fn base(&self) -> Option<Primitive> {
        match self {
            Self::Plain(base) | Self::Listed(base, _) | Self::Pattern(base, _) => Some(*base),
            Self::Fixed(_) | Self::FixedOrEmpty(_) => Some(Primitive::String),
            Self::Union(_) => None,
        }
    }
}

/// Without white space at both ends. XML has no other of ASCII than space, tab and line ends.
fn trimmed(value: &str) -> &str {
    value.trim_ascii()
}

fn quoted(values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    quoted.join(", ")
}

fn begins_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':' | '\u{B7}')
}

fn unsigned(value: &str) -> &str {
    value.strip_prefix(['+', '-']).unwrap_or(value)
}

fn is_integer(value: &str) -> bool {
    let digits = unsigned(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, with at most one point before, between or after them.
fn is_decimal(value: &str) -> bool {
    let (whole, fraction) = unsigned(value).split_once('.').unwrap_or((unsigned(value), ""));
    whole.len() + fraction.len() > 0
        && [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_double(value: &str) -> bool {
    let (mantissa, exponent) = value.split_once(['e', 'E']).map_or((value, None), |(m, e)| (m, Some(e)));
    matches!(value, "INF" | "-INF" | "NaN") || is_decimal(mantissa) && exponent.is_none_or(is_integer)
}

/// Groups of four characters, white space anywhere; the bits that the last group doesn't use must be 0.
fn is_base64(value: &str) -> bool {
    const LARGE: usize = 1 << 10;
    value.len() >= LARGE && base64_text::is_usual(value.as_bytes()) || is_any_base64(value)
}

fn is_any_base64(value: &str) -> bool {
    const SPACE: u8 = 64;
    const PAD: u8 = 65;
    let (mut digits, mut pads, mut last) = (0_usize, 0_usize, 0_u8);
    for byte in value.bytes() {
        match BASE64[usize::from(byte)] {
            SPACE => {}
            PAD => pads += 1,
            digit if digit < SPACE && pads == 0 => {
                digits += 1;
                last = digit;
            }
            _ => return false,
        }
    }
    match (digits % 4, pads) {
        (0, 0) => true,
        (2, 2) => last.trailing_zeros() >= 4,
        (3, 1) => last.trailing_zeros() >= 2,
        _ => false,
    }
}

/// The value of a base64 digit; 64 for white space, 65 for `=`, 66 for anything else.
static BASE64: [u8; 256] = {
    let mut table = [66; 256];
    let digits = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < digits.len() {
        #[expect(clippy::cast_possible_truncation, reason = "there are 64")]
        {
            table[digits[value] as usize] = value as u8;
        }
        value += 1;
    }
    table[b' ' as usize] = 64;
    table[b'\t' as usize] = 64;
    table[b'\n' as usize] = 64;
    table[b'\r' as usize] = 64;
    table[b'=' as usize] = 65;
    table
};

#[cfg(test)]
mod tests {
    use super::{Primitive, Simple};

    fn check(primitive: Primitive, right: &[&str], wrong: &[&str]) {
        for value in right {
            assert!(Simple::Plain(primitive).holds(value), "{value}");
        }
        for value in wrong {
            assert!(!Simple::Plain(primitive).holds(value), "{value}");
        }
    }

    #[test]
    fn numbers() {
        check(Primitive::Integer, &["0", "-12", "+007", " 5 "], &["", "-", "1.0", "1 2", "1e3"]);
        check(Primitive::Decimal, &["0", "-1.5", ".5", "5.", "+1"], &["", ".", "1,5", "1e3", "--1"]);
        check(
            Primitive::Double,
            &["0", "1.5e-3", "1E5", "INF", "-INF", "NaN", ".5"],
            &["", "e5", "1e", "1e5.0", "inf", "1,5"],
        );
    }

    #[test]
    fn yes_and_no() {
        check(
            Primitive::Boolean,
            &["true", "false", "1", "0", " true\n"],
            &["", "ja", "True", "2", "true false"],
        );
    }

    #[test]
    fn base64_counts_its_digits() {
        check(
            Primitive::Base64,
            &["", "QUJD", "QUI=", "QQ==", "QU JD\n", "QQ = ="],
            &["Q", "QQ", "QUI", "QQ=", "QUJD=", "QUI=QUJD", "QU*D"],
        );
        check(Primitive::Base64, &[], &["QR==", "QUJ=", "===="]);
    }

    #[test]
    fn words_and_ids() {
        check(Primitive::NmToken, &["NI", "1-a.b:c", "å"], &["", "a b", "a/b"]);
        check(Primitive::Id, &["a1", "_x"], &["", "1a", "a:b", "-a"]);
    }

    #[test]
    fn listed_words_may_have_white_space_around_and_listed_text_may_not() {
        let word = Simple::Listed(Primitive::Token, vec!["text/plain", "two words"]);
        assert!(word.holds(" text/plain ") && word.holds("two  words") && !word.holds("twowords"));
        let text = Simple::Listed(Primitive::String, vec!["EPJ sak"]);
        assert!(text.holds("EPJ sak") && !text.holds(" EPJ sak"));
    }

    #[test]
    fn a_fixed_element_may_be_empty_and_a_fixed_attribute_may_not() {
        assert!(Simple::FixedOrEmpty("v1").holds("") && Simple::FixedOrEmpty("v1").holds("v1"));
        assert!(!Simple::Fixed("v1").holds("") && !Simple::Fixed("v1").holds("v1 "));
    }
}
