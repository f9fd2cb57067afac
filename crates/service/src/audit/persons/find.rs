use std::ops::Range;

/// Digits of a national identity number, and those of its day of birth, after which people write a sign.
const DIGITS: usize = 11;
const OF_DAY: usize = 6;

/// Where what is built as a national identity number stands in a text: eleven digits together, or six and five with a space, a point or
/// a hyphen between them, and no digit beside them. In their order. Whether its check digits fit isn't asked: a number with a slip in it
/// tells of somebody too.
pub(super) fn numbers_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(|letter: char| letter.is_ascii_digit()))
    {
        let start = at + start;
        let length = digits(text, start);
        let end = match length {
            DIGITS => Some(start + DIGITS),
            OF_DAY => second_part(text, start + OF_DAY),
            _ => None,
        };
        found.extend(end.map(|end| start..end));
        at = end.unwrap_or(start + length);
    }
    found
}

/// How many digits stand together from a place on.
fn digits(text: &str, from: usize) -> usize {
    text.bytes().skip(from).take_while(u8::is_ascii_digit).count()
}

/// Where the five digits end that come after a day and a sign, if they do.
fn second_part(text: &str, at: usize) -> Option<usize> {
    let is_sign = matches!(text.as_bytes().get(at), Some(b' ' | b'.' | b'-'));
    (is_sign && digits(text, at + 1) == DIGITS - OF_DAY).then_some(at + 1 + DIGITS - OF_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_write_them_and_nothing_else_is() {
        for (text, expected) in [
            ("41814061033", vec!["41814061033"]),
            ("fnr:41814061033.", vec!["41814061033"]),
            ("x41814061033ø", vec!["41814061033"]),
            ("418140 61033", vec!["418140 61033"]),
            ("418140-61033 og 418140.61034", vec!["418140-61033", "418140.61034"]),
            ("ø41814061033 41814061034", vec!["41814061033", "41814061034"]),
            ("418140 418140 61033", vec!["418140 61033"]),
            ("418140610331", vec![]),
            ("4181406103", vec![]),
            ("418140  61033", vec![]),
            ("418140 610331", vec![]),
            ("1418140 61033", vec![]),
            ("2025-03-28T14:00:00Z", vec![]),
            ("urn:uuid:6f1d0c3e-0000-4000-8000-123456789012", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = numbers_in(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
