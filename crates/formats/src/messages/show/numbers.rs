//! Numbers as people write them.

use super::Language;

/// A number with a decimal comma, where the language has one. Anything but digits around one point is left as it is.
pub(super) fn decimal(text: &str, language: Language) -> String {
    let is_decimal = text.trim_start_matches('-').split_once('.').is_some_and(|(whole, part)| {
        [whole, part]
            .iter()
            .all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    match language {
        Language::Bokmal | Language::Nynorsk if is_decimal => text.replace('.', ","),
        Language::Bokmal | Language::Nynorsk | Language::English => text.to_owned(),
    }
}

/// A telephone number in groups: `900 94 004`, `73 55 55 55`, `+47 22 34 56 78`. One that isn't Norwegian stays as written.
pub(super) fn telephone(number: &str) -> String {
    let digits: String = number.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (code, rest) = match digits.strip_prefix("+47").or_else(|| digits.strip_prefix("0047")) {
        Some(rest) => ("+47 ", rest),
        None => ("", digits.as_str()),
    };
    if rest.len() != 8 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.trim().to_owned();
    }
    match rest.as_bytes()[0] {
        b'4' | b'8' | b'9' => format!("{code}{} {} {}", &rest[..3], &rest[3..5], &rest[5..]),
        _ => format!("{code}{} {} {} {}", &rest[..2], &rest[2..4], &rest[4..6], &rest[6..]),
    }
}

/// A national identity number with a space after the date; any other as it is.
pub(super) fn identity(number: &str) -> String {
    if number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{} {}", &number[..6], &number[6..])
    } else {
        number.to_owned()
    }
}

/// The size of a file: `812 byte`, `1,5 MB`. Rounded down to the tenth.
pub(super) fn size(bytes: usize, bytes_word: &str, language: Language) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} {bytes_word}"),
        1_000..1_000_000 => (1_000, "kB"),
        _ => (1_000_000, "MB"),
    };
    let tenths = bytes * 10 / unit;
    format!("{} {name}", decimal(&format!("{}.{}", tenths / 10, tenths % 10), language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimal_numbers_get_a_comma() {
        let rows = [
            ("2.5", "2,5"),
            ("-0.5", "-0,5"),
            ("3", "3"),
            ("1.2.3", "1.2.3"),
            (".5", ".5"),
            ("2.5 mg", "2.5 mg"),
        ];
        for (text, told) in rows {
            assert_eq!(decimal(text, Language::Bokmal), told);
            assert_eq!(decimal(text, Language::English), text);
        }
    }

    #[test]
    fn telephone_numbers_are_grouped() {
        let rows = [
            ("90094004", "900 94 004"),
            ("73555555", "73 55 55 55"),
            ("+4722345678", "+47 22 34 56 78"),
            ("004790094004", "+47 900 94 004"),
            ("116117", "116117"),
            ("+46 8 123 45", "+46 8 123 45"),
        ];
        for (number, told) in rows {
            assert_eq!(telephone(number), told);
        }
    }

    #[test]
    fn sizes_change_unit_at_a_thousand_and_a_million() {
        let rows = [
            (999, "999 byte"),
            (1_000, "1,0 kB"),
            (999_999, "999,9 kB"),
            (1_000_000, "1,0 MB"),
            (1_550_000, "1,5 MB"),
        ];
        for (bytes, told) in rows {
            assert_eq!(size(bytes, "byte", Language::Bokmal), told);
        }
    }
}
