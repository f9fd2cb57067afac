//! Ids as they are compared.

/// An id without what people write in it for reading: white space, and the dots of older HER-ids (`369.767`).
pub(super) fn comparable(kind: &str, value: &str) -> String {
    let is_dot_of_her = |character| kind == "HER" && character == '.';
    value.chars().filter(|character| !character.is_whitespace() && !is_dot_of_her(*character)).collect()
}

/// Whether two ids of a kind are the same as they are compared. One with nothing in it is no other's.
pub(super) fn is_same(kind: &str, one: &str, other: &str) -> bool {
    if ends_otherwise(one, other) {
        return false;
    }
    let is_passed_over = |byte: u8| is_space(byte) || (kind == "HER" && byte == b'.');
    let counts = |byte: &u8| !is_passed_over(*byte);
    if one.is_ascii() && other.is_ascii() {
        let mut digits = one.bytes().filter(counts).peekable();
        return digits.peek().is_some() && digits.eq(other.bytes().filter(counts));
    }
    let own = comparable(kind, one);
    !own.is_empty() && own == comparable(kind, other)
}

/// Whether the last characters of two ids, which count whatever the kind, are two: of different ids they mostly are.
fn ends_otherwise(one: &str, other: &str) -> bool {
    let last = |id: &str| id.bytes().last().filter(u8::is_ascii_alphanumeric);
    last(one).zip(last(other)).is_some_and(|(one, other)| one != other)
}

/// White space of ASCII, as [`char::is_whitespace`] has it.
fn is_space(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

/// Whether this is a GUID as text: 8, 4, 4, 4 and 12 hexadecimal digits, in either case, with or without braces around.
pub(super) fn is_guid(text: &str) -> bool {
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let mut parts = bare.split('-');
    let has_lengths = [8, 4, 4, 4, 12].into_iter().all(|length| {
        parts
            .next()
            .is_some_and(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    has_lengths && parts.next().is_none()
}

/// A message id as it is compared: case says nothing in a GUID.
pub(super) fn message_key(id: &str) -> String {
    id.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_five_groups_of_hexadecimal_digits() {
        let rows = [
            ("987885e0-dd93-11de-8a39-0800200c9a66", true),
            ("987885E0-DD93-11DE-8A39-0800200C9A66", true),
            ("{987885e0-dd93-11de-8a39-0800200c9a66}", true),
            ("987885e0-dd93-11de-8a39-0800200c9a6", false),
            ("987885e0-dd93-11de-8a39-0800200c9a666", false),
            ("987885g0-dd93-11de-8a39-0800200c9a66", false),
            ("987885e0dd9311de8a390800200c9a66", false),
            ("987885e0-dd93-11de-8a39-0800200c9a66-1", false),
            ("{987885e0-dd93-11de-8a39-0800200c9a66", false),
            ("", false),
            ("12345", false),
        ];
        for (text, expected) in rows {
            assert_eq!(is_guid(text), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_the_same_when_what_is_compared_of_them_is() {
        let ids =
            ["369767", "369.767", " 369767 ", "369\u{a0}767", "369768", "36976", "", ".", " ", "æ", "æ "];
        for kind in ["HER", "ENH"] {
            for (one, other) in ids.iter().flat_map(|one| ids.map(|other| (*one, other))) {
                let expected = comparable(kind, one);
                let expected = !expected.is_empty() && expected == comparable(kind, other);
                assert_eq!(is_same(kind, one, other), expected, "{kind} «{one}» «{other}»");
            }
        }
    }

    #[test]
    fn dots_and_spaces_of_an_id_say_nothing_but_dots_of_other_ids_do() {
        assert_eq!(comparable("HER", "369.767"), comparable("HER", " 369767"));
        assert_ne!(comparable("LOK", "1.2"), comparable("LOK", "12"));
    }
}
