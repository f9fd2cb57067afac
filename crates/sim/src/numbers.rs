//! Synthetic national identity numbers.

use std::collections::BTreeSet;

use jiff::civil::Date;
use samspill_formats::messages::ids::{PersonNumber, PersonNumberKind, Series, Sex, SyntheticSource};

use crate::Chance;

/// Added to the month: the synthetic numbers of Skatteetaten, which nobody has.
const SYNTHETIC_MONTH: i16 = 80;
/// Added to the day of a D-number.
const D_NUMBER_DAY: i16 = 40;
/// A day on which a number tells its century; from 2032 on none does.
const READ_ON: Date = jiff::civil::date(2025, 1, 1);

/// Numbers that were given out, so that none is given twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    given: BTreeSet<String>,
}

impl Numbers {
    /// A number of this kind for somebody born on a day: right check digits, the right century and sex. `None` where all such
    /// numbers are given out.
    pub(crate) fn give(
        &mut self,
        kind: PersonNumberKind,
        born: Date,
        sex: Sex,
        chance: &mut Chance,
    ) -> Option<String> {
        let first = chance.below(1000);
        let tried = (0..1000).map(|step| (first + step) % 1000);
        let mut fitting = tried.filter_map(|individual| number(kind, born, individual));
        let found = fitting.find(|text| is_of(text, kind, born, sex) && !self.given.contains(text))?;
        self.given.insert(found.clone());
        Some(found)
    }
}

/// Whether a number can be nobody's: synthetic, of Skatteetaten's series.
pub(crate) fn is_synthetic(number: &PersonNumber) -> bool {
    number.series() == Series::Synthetic(SyntheticSource::Skatteetaten)
}

fn is_of(text: &str, kind: PersonNumberKind, born: Date, sex: Sex) -> bool {
    PersonNumber::parse(text, READ_ON).is_ok_and(|number| {
        let says = (number.kind(), number.birth_date(READ_ON), number.sex(READ_ON));
        is_synthetic(&number) && says == (kind, Some(born), Some(sex))
    })
}

/// The nine digits with their check digits; `None` where one of them would be ten.
fn number(kind: PersonNumberKind, born: Date, individual: u32) -> Option<String> {
    let added = if kind == PersonNumberKind::DNummer { D_NUMBER_DAY } else { 0 };
    let (day, month) = (i16::from(born.day()) + added, i16::from(born.month()) + SYNTHETIC_MONTH);
    let nine = format!("{day:02}{month:02}{:02}{individual:03}", born.year() % 100);
    let ten = with_check_digit(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2])?;
    with_check_digit(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
}

fn with_check_digit(digits: &str, weights: &[u32]) -> Option<String> {
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = (11 - sum % 11) % 11;
    (check < 10).then(|| format!("{digits}{check}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_are_synthetic_of_the_right_day_and_sex_and_given_once() {
        let (mut numbers, mut chance) = (Numbers::default(), Chance::of(1));
        for born in
            [date(1928, 2, 29), date(1939, 12, 31), date(1940, 1, 1), date(1999, 5, 17), date(2003, 7, 1)]
        {
            for (kind, sex) in
                [(PersonNumberKind::Fodselsnummer, Sex::Woman), (PersonNumberKind::DNummer, Sex::Man)]
            {
                let given: Vec<String> =
                    (0..20).filter_map(|_| numbers.give(kind, born, sex, &mut chance)).collect();
                assert_eq!(given.len(), 20, "{born}");
                assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 20, "{born}");
                assert!(given.iter().all(|text| is_of(text, kind, born, sex)), "{born}");
                assert!(given.iter().all(|text| text.as_bytes()[2] >= b'8'), "80 is added to the month");
            }
        }
    }

    #[test]
    fn when_all_numbers_of_a_day_are_given_out_there_are_none() {
        let (mut numbers, mut chance) = (Numbers::default(), Chance::of(1));
        let born = date(1950, 6, 1);
        let mut give = || numbers.give(PersonNumberKind::Fodselsnummer, born, Sex::Man, &mut chance);
        let count = std::iter::from_fn(&mut give).count();
        assert!((100..500).contains(&count), "{count}");
        assert_eq!(give(), None);
    }
}
