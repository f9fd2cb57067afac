//! What a template may say.

use jiff::civil::Date;
use samspill_formats::messages::ids::{PersonNumber, PersonNumberError};

/// Letters of a template's name.
pub const NAME_LETTERS_MAX: usize = 80;
/// Letters of a template's text.
pub const TEXT_LETTERS_MAX: usize = 4000;

/// Digits of a person's number, and how people group them: the day, and the rest.
const DIGITS: usize = 11;
const GROUPS: [usize; 2] = [6, 5];

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// It says nothing.
    Empty,
    /// It has more letters than may be.
    TooLong,
    /// Something in it looks like the number of a person.
    Person,
}

/// Looks at a name, on a day.
///
/// # Errors
///
/// What is wrong with it, the first of them.
pub fn check_name(name: &str, on: Date) -> Result<(), TextFault> {
    check(name, NAME_LETTERS_MAX, on)
}

/// Looks at a text, on a day.
///
/// # Errors
///
/// What is wrong with it, the first of them.
pub fn check_text(text: &str, on: Date) -> Result<(), TextFault> {
    check(text, TEXT_LETTERS_MAX, on)
}

/// Whether something in a text looks like the number of a person: eleven digits in a row, or six and five, that begin with a day or
/// as a help number does, whatever the check digits say, for somebody may have typed one wrong; or eleven digits grouped in any other way whose check digits fit. One
/// character between groups is passed over.
pub fn holds_person_number(text: &str, on: Date) -> bool {
    let groups = groups(text);
    (0..groups.len()).any(|first| looks_like_one(&groups[first..], on))
}

fn check(text: &str, letters_max: usize, on: Date) -> Result<(), TextFault> {
    if text.trim().is_empty() {
        Err(TextFault::Empty)
    } else if text.chars().count() > letters_max {
        Err(TextFault::TooLong)
    } else if holds_person_number(text, on) {
        Err(TextFault::Person)
    } else {
        Ok(())
    }
}

/// Digits in a row.
struct Group {
    digits: String,
    /// Whether one character alone stands between it and the group before.
    goes_on: bool,
}

/// The digits of a text, group by group.
fn groups(text: &str) -> Vec<Group> {
    let (mut groups, mut between) = (Vec::<Group>::new(), 2);
    for letter in text.chars() {
        match groups.last_mut() {
            Some(last) if letter.is_ascii_digit() && between == 0 => last.digits.push(letter),
            _ if letter.is_ascii_digit() => {
                groups.push(Group { digits: letter.to_string(), goes_on: between == 1 });
            }
            _ => {}
        }
        between = if letter.is_ascii_digit() { 0 } else { between + 1 };
    }
    groups
}

/// Whether the first of these groups, with those that go on from it, are a person's number.
fn looks_like_one(groups: &[Group], on: Date) -> bool {
    let (mut digits, mut lengths) = (String::new(), Vec::new());
    for (place, group) in groups.iter().enumerate() {
        if (place > 0 && !group.goes_on) || digits.len() >= DIGITS {
            break;
        }
        digits.push_str(&group.digits);
        lengths.push(group.digits.len());
    }
    let is_usual = lengths == [DIGITS] || lengths == GROUPS;
    match PersonNumber::parse(&digits, on) {
        Ok(_) => true,
        Err(PersonNumberError::Digits(_) | PersonNumberError::NoSuchDay) => false,
        Err(
            PersonNumberError::FirstCheckDigit
            | PersonNumberError::SecondCheckDigit
            | PersonNumberError::NotIssuedYet { .. },
        ) => is_usual,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn holds(text: &str) -> bool {
        holds_person_number(text, date(2026, 3, 1))
    }

    #[test]
    fn what_looks_like_the_number_of_a_person_is_found() {
        let whole =
            ["41814061033", "pasient 41814061033.", "418140 61033", "418140\u{a0}61033", "418140-61033"];
        let wrong_digit = ["41814061034", "418140 61034"];
        let grouped = ["41 81 40 61033", "41.81.40.61033", "77626000 41814061033", "1) 418140 61033"];
        for text in whole.into_iter().chain(wrong_digit).chain(grouped) {
            assert!(holds(text), "{text}");
        }
    }

    #[test]
    fn what_else_has_digits_is_left_alone() {
        for text in [
            "",
            "Ring 77 62 60 00 eller 776 26 000",
            "Ring 77 62 60 00, 77 62 61 00",
            "4181406103",
            "418140610330",
            "32814061033",
            "41 81 40 61034",
            "2026-03-01 12:30",
            "418140  61033",
            "NS 4102: 1234.56.78901",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_it_may_be_and_no_longer() {
        let on = date(2026, 3, 1);
        assert_eq!(check_name(&"å".repeat(NAME_LETTERS_MAX), on), Ok(()));
        assert_eq!(check_name(&"å".repeat(NAME_LETTERS_MAX + 1), on), Err(TextFault::TooLong));
        assert_eq!(check_text(&"å".repeat(TEXT_LETTERS_MAX), on), Ok(()));
        assert_eq!(check_text(&"å".repeat(TEXT_LETTERS_MAX + 1), on), Err(TextFault::TooLong));
        assert_eq!(check_text(" \n", on), Err(TextFault::Empty));
        assert_eq!(check_text("Født 418140 61033", on), Err(TextFault::Person));
    }
}
