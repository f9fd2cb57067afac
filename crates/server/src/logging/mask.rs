//! The net under the log: whatever looks like a national identity number is taken out.

use std::borrow::Cow;

/// What stands in its place.
pub(super) const MASKED: &str = "***";
/// Digits of an identity number.
const DIGITS: usize = 11;
/// Signs that people write between the digits of one number, at the most.
const SIGNS_MAX: usize = 3;

/// The text without anything that looks like an identity number: eleven digits or more together, or groups of digits that are
/// eleven together with a few signs between them (`178571 12345`). Digits of any script count. It takes out other
/// numbers too, and that is as it should be.
pub fn masked(text: &str) -> Cow<'_, str> {
    let groups = groups(text);
    let mut hidden: Vec<(usize, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        if let Some(last) = number_from(&groups[at..]) {
            hidden.push((group.start, groups[at + last].end));
        }
    }
    if hidden.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, &hidden)) }
}

/// Digits that stand together.
struct Group {
    start: usize,
    end: usize,
    digits: usize,
    /// Whether it goes on from the group before.
    goes_on: bool,
}

/// Which of the groups, from the first on, ends a number that the first begins.
fn number_from(groups: &[Group]) -> Option<usize> {
    let mut digits = 0;
    for (at, group) in groups.iter().enumerate() {
        if at > 0 && !group.goes_on {
            return None;
        }
        digits += group.digits;
        if digits == DIGITS || (at == 0 && digits > DIGITS) {
            return Some(at);
        }
        if digits > DIGITS {
            return None;
        }
    }
    None
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut signs = SIGNS_MAX + 1;
    let mut is_in = false;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        match (letter.is_numeric(), is_in) {
            (true, true) => {
                if let Some(group) = groups.last_mut() {
                    group.end = end;
                    group.digits += 1;
                }
            }
            (true, false) => {
                groups.push(Group { start: at, end, digits: 1, goes_on: signs <= SIGNS_MAX });
                signs = 0;
            }
            (false, _) if may_stand_between(letter) => signs += 1,
            (false, _) => signs = SIGNS_MAX + 1,
        }
        is_in = letter.is_numeric();
    }
    groups
}

/// Signs between the digits of one number: blanks, hyphens, points, and what can't be seen. Not those that part one value from
/// the next.
fn may_stand_between(letter: char) -> bool {
    !letter.is_alphanumeric() && !matches!(letter, ':' | ';' | '=' | '"' | '{' | '}' | '[' | ']' | '(' | ')')
}

fn without(text: &str, hidden: &[(usize, usize)]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in hidden {
        if *start >= at {
            left.push_str(&text[at..*start]);
            left.push_str(MASKED);
        }
        at = at.max(*end);
    }
    left + &text[at..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Synthetic: 80 is added to the month.
    const NUMBER: &str = "17857112345";

    #[test]
    fn ten_digits_are_kept_and_eleven_are_not() {
        for (text, left) in [
            ("8000012", "8000012"),
            ("1234567890", "1234567890"),
            ("12345678901", "***"),
            ("123456789012", "***"),
            ("stay 12345678901 of", "stay *** of"),
            ("x12345678901y", "x***y"),
        ] {
            assert_eq!(masked(text), left);
        }
    }

    #[test]
    fn signs_between_the_digits_do_not_help() {
        for text in [
            "178571 12345",
            "178571-12345",
            "17.85.71 - 12345",
            "1 7 8 5 7 1 1 2 3 4 5",
            "178571\u{200b}12345",
            "178571\n12345",
            "17/85/71/123/45",
        ] {
            assert_eq!(masked(text), "***", "{text}");
        }
    }

    #[test]
    fn digits_of_other_scripts_count() {
        assert_eq!(masked("１７８５７１１２３４５"), "***");
        assert_eq!(masked("١٧٨٥٧١١٢٣٤٥"), "***");
    }

    #[test]
    fn times_and_addresses_stay() {
        for text in ["2026-11-22 10:02:24", "127.0.0.1:8311", "10.20.30.40:5432", "8000011, 8000012", "a1-b2"]
        {
            assert_eq!(masked(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_hides_an_identity_number(before in "\\PC{0,12}", after in "\\PC{0,12}", sign in "[ .\\-_/]{0,3}") {
            let (birth, rest) = NUMBER.split_at(6);
            // Digits that stand right before or after make it another number, which may be shown.
            prop_assume!(!before.chars().any(char::is_numeric) && !after.chars().any(char::is_numeric));
            let text = format!("{before}{birth}{sign}{rest}{after}");
            let left = masked(&text).into_owned();
            prop_assert!(!left.contains(birth) && !left.contains(rest), "{left}");
        }

        #[test]
        fn no_eleven_digits_are_ever_left(text in "[0-9 a-z.:\\-]{0,60}") {
            let left = masked(&text).into_owned();
            let longest = left.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
            prop_assert!(longest < 11, "{left}");
        }

        #[test]
        fn masking_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = masked(&text).into_owned();
            prop_assert_eq!(masked(&once).into_owned(), once);
        }
    }
}
