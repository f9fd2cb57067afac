//! No real national identity number stands in the tree.
//!
//! A number of eleven digits is taken for real when its first six are a day (a D-number has 40 added to the
//! day) and its last two are right, by the rule for numbers issued until 2031 or by the one from 2032 on.
//! Synthetic numbers have 80 added to the month, so they are no day and pass.

use crate::{Fault, Tree};

const WEIGHTS_1: [u32; 9] = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const WEIGHTS_2: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/// The remainders of the first check that are right: 0 until 2031, these from 2032 on.
const FIRST_REMAINDERS: std::ops::RangeInclusive<u32> = 0..=3;

/// The lines that hold a real number, written together or as six and five digits. The fault doesn't repeat it.
///
/// Lock files are left out: machines write them, and their checksums hold any digits.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let files =
        tree.files.iter().filter(|file| !file.ends_with(".lock") && !file.ends_with("package-lock.json"));
    for file in files {
        let real = file.lines().filter(|(_, line)| holds_real_number(line));
        faults.extend(real.map(|(number, _)| {
            let says =
                "an identity number that can be somebody's: use a synthetic one, with 80 added to the month";
            Fault::at(&file.path, number, says)
        }));
    }
    faults
}

fn holds_real_number(line: &str) -> bool {
    let runs: Vec<_> = digit_runs(line).collect();
    let alone = runs.iter().any(|(_, digits)| is_real(digits));
    let parted = runs.windows(2).any(|pair| {
        let [(start, first), (next, second)] = pair else { return false };
        (first.len(), second.len()) == (6, 5)
            && line.get(start + 6..*next) == Some(" ")
            && is_real(&format!("{first}{second}"))
    });
    alone || parted
}

/// The runs of digits in a line, each with the byte at which it starts.
fn digit_runs(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| (run.as_ptr().addr() - line.as_ptr().addr(), run))
}

/// Whether these digits can be the identity number or D-number of a person.
fn is_real(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(10)).collect();
    digits.len() == 11 && is_day(&digits) && has_right_check_digits(&digits)
}

fn is_day(digits: &[u32]) -> bool {
    let (day, month) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]);
    let day = if day > 40 { day - 40 } else { day };
    // 29 February always counts: the digits don't say the century alone.
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn has_right_check_digits(digits: &[u32]) -> bool {
    let first = (weighted(digits, &WEIGHTS_1) + digits[9]) % 11;
    let second = (weighted(digits, &WEIGHTS_2) + digits[10]) % 11;
    FIRST_REMAINDERS.contains(&first) && second == 0
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number for this day that leaves this remainder in the first check. Made here, so that none stands in the source.
    fn number(day: u32, month: u32, remainder: u32) -> String {
        (100..1000)
            .find_map(|individual| complete(&format!("{day:02}{month:02}71{individual}"), remainder))
            .unwrap()
    }

    /// The nine digits with the two that follow from them; `None` where one would be ten.
    fn complete(nine: &str, remainder: u32) -> Option<String> {
        let mut digits: Vec<u32> = nine.chars().filter_map(|digit| digit.to_digit(10)).collect();
        for (weights, remainder) in [(&WEIGHTS_1[..], remainder), (&WEIGHTS_2[..], 0)] {
            digits.push((0..10).find(|digit| (weighted(&digits, weights) + digit) % 11 == remainder)?);
        }
        Some(digits.iter().map(ToString::to_string).collect())
    }

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("a.md", text)])).len()
    }

    #[test]
    fn numbers_of_both_rules_are_found() {
        for remainder in 0..11 {
            let real = usize::from(remainder <= 3);
            assert_eq!(count(&number(17, 5, remainder)), real, "remainder {remainder}");
        }
    }

    #[test]
    fn d_numbers_are_found_and_synthetic_ones_are_not() {
        assert_eq!(count(&number(57, 5, 0)), 1);
        assert_eq!(count(&number(17, 85, 0)), 0);
        assert_eq!(count(&number(57, 85, 0)), 0);
    }

    #[test]
    fn what_is_no_day_is_no_number() {
        let on = |day, month| count(&number(day, month, 0));
        assert_eq!([on(29, 2), on(30, 2), on(30, 4), on(31, 4), on(31, 12), on(1, 13)], [1, 0, 1, 0, 1, 0]);
    }

    #[test]
    fn a_number_is_found_wherever_it_stands_and_not_repeated() {
        let real = number(17, 5, 0);
        let (birth, personal) = real.split_at(6);
        assert_eq!(count(&format!("one\nfnr{real}x\n{birth} {personal}\n")), 2);
        assert!(!check(&Tree::of(&[("a.md", &real)]))[0].to_string().contains(&real));
    }

    #[test]
    fn longer_numbers_and_wrong_check_digits_pass() {
        let real = number(17, 5, 0);
        assert_eq!(count(&format!("{real}0 0{real}")), 0);
        let (rest, last) = real.split_at(10);
        let wrong = (last.parse::<u32>().unwrap() + 1) % 10;
        assert_eq!(count(&format!("{rest}{wrong}")), 0);
    }

    #[test]
    fn lock_files_are_left_out() {
        assert_eq!(check(&Tree::of(&[("Cargo.lock", &number(17, 5, 0))])), []);
    }
}
