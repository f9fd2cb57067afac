use std::fmt;

use jiff::civil::Date;

use super::{
    digits::{self, DigitTrouble},
    rules::{CenturyKind, PersonRules, RULES},
    series::{Series, SyntheticSource},
};

/// A Norwegian person number: fødselsnummer, D-number, H-number or felles hjelpenummer, eleven digits.
///
/// Neither `Debug` nor `Display` shows it, so that it doesn't get into logs by chance; [`PersonNumber::as_str`] gives it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonNumber {
    digits: [u8; 11],
}

/// The kinds of person number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonNumberKind {
    /// `FNR`, given by Folkeregisteret at birth or on moving to Norway.
    Fodselsnummer,
    /// `DNR`: 40 added to the day.
    DNummer,
    /// `HNR`, help number of one unit: 40 added to the month (HIS 1001:2010).
    HNummer,
    /// `FHN`, felles hjelpenummer: begins with 8 or 9, the rest means nothing.
    FellesHjelpenummer,
}

/// The sex that a number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// The last of the three digits after the date is even.
    Woman,
    /// It is odd.
    Man,
}

/// What is wrong with a person number. The number itself isn't told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonNumberError {
    /// It isn't eleven digits.
    #[error("{0}")]
    Digits(#[from] DigitTrouble),
    /// The first six digits are no day.
    #[error(
        "its first six digits are no day: look at day and month (a D-number has 40 added to the day, an H-number 40 to the month)"
    )]
    NoSuchDay,
    /// The first check digit doesn't fit.
    #[error("its check digits don't fit: a digit is wrong, or two have changed places")]
    FirstCheckDigit,
    /// The last digit doesn't fit.
    #[error("its last digit doesn't fit the others: a digit is wrong, or two have changed places")]
    SecondCheckDigit,
    /// It is built as numbers are that don't exist yet on the day of the message.
    #[error(
        "it is built as numbers issued from {from} are, and the message is older: look for a wrong digit"
    )]
    NotIssuedYet {
        /// The first day such numbers are issued.
        from: Date,
    },
}

impl PersonNumber {
    /// Reads a number that is used on a day, that of the message. White space at both ends is passed over.
    ///
    /// Before 2032-01-01 the first check digit must leave remainder 0; from that day on, 0, 1, 2 or 3, because numbers of
    /// both kinds are then in use. The day in the number must exist in one of the centuries it can be of; where the century
    /// can't be told, 29 February of the year 00 passes, because 2000 had one.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use samspill_formats::messages::ids::{PersonNumber, PersonNumberKind};
    ///
    /// // 80 added to the month: a synthetic number of Skatteetaten
    /// let number = PersonNumber::parse("41814061033", date(2026, 3, 1)).expect("its check digits fit");
    /// assert_eq!(number.kind(), PersonNumberKind::DNummer);
    /// assert_eq!(number.birth_date(date(2026, 3, 1)), Some(date(1940, 1, 1)));
    /// assert_eq!(format!("{number:?}"), "PersonNumber(DNummer ***********)");
    /// ```
    ///
    /// # Errors
    ///
    /// The first that is wrong, in the order of digits, day, first and second check digit.
    ///
    /// Source: folkeregisterforskriften §§ 2-2-1 and 2-2-2; Skatteetaten, «Nytt fødselsnummer fra 2032».
    pub fn parse(text: &str, on: Date) -> Result<Self, PersonNumberError> {
        let rules = &RULES.person;
        let number = Self { digits: digits::exactly(text)? };
        number.check_day(rules, on)?;
        number.check_digits(rules, on)?;
        Ok(number)
    }

    /// The eleven digits. They identify a person: neither log them nor show them to others than those who may know.
    pub fn as_str(&self) -> &str {
        digits::text(&self.digits)
    }

    /// Which kind it is, by how it is built.
    pub fn kind(&self) -> PersonNumberKind {
        let added = &RULES.person.added;
        if digits::value(&self.digits[..1]) >= added.common_help_first_digit {
            PersonNumberKind::FellesHjelpenummer
        } else if self.written_day() > added.d_number_day {
            PersonNumberKind::DNummer
        } else if self.month_added() == added.help_number_month {
            PersonNumberKind::HNummer
        } else {
            PersonNumberKind::Fodselsnummer
        }
    }

    /// Whether it can belong to a real person.
    pub fn series(&self) -> Series {
        let added = &RULES.person.added;
        match (self.kind(), self.month_added()) {
            (PersonNumberKind::FellesHjelpenummer | PersonNumberKind::HNummer, _) => Series::Undecided,
            (_, month) if month == added.skatteetaten_month => {
                Series::Synthetic(SyntheticSource::Skatteetaten)
            }
            (_, month) if month == added.helsenett_month => {
                Series::Synthetic(SyntheticSource::NorskHelsenett)
            }
            (_, month) if month == added.help_number_month => Series::Synthetic(SyntheticSource::Nav),
            (PersonNumberKind::Fodselsnummer | PersonNumberKind::DNummer, _) => Series::Real,
        }
    }

    /// The day of birth that the number tells on a day, if it tells one.
    ///
    /// `None` for felles hjelpenummer, for all numbers from 2032-01-01 on, for individual numbers whose century isn't known
    /// or could be two, and where the day would be after `on`. The register may have used another day when numbers of the
    /// real one had run out (folkeregisterforskriften § 3-3-1), so that a date of birth of its own goes before this one.
    pub fn birth_date(&self, on: Date) -> Option<Date> {
        let rules = &RULES.person;
        if self.kind() == PersonNumberKind::FellesHjelpenummer || on >= rules.changes_from {
            return None;
        }
        let mut days = self.days(rules).filter(|day| *day <= on);
        let day = days.next()?;
        days.next().is_none().then_some(day)
    }

    /// The sex that the number tells on a day: none for felles hjelpenummer, and none at all from 2032-01-01 on.
    pub fn sex(&self, on: Date) -> Option<Sex> {
        if self.kind() == PersonNumberKind::FellesHjelpenummer || on >= RULES.person.changes_from {
            return None;
        }
        Some(if self.individual().is_multiple_of(2) { Sex::Woman } else { Sex::Man })
    }

    fn check_day(&self, rules: &PersonRules, on: Date) -> Result<(), PersonNumberError> {
        if self.kind() == PersonNumberKind::FellesHjelpenummer {
            return Ok(());
        }
        let century_told = on < rules.changes_from && self.centuries(rules).next().is_some();
        let exists = if century_told {
            self.days(rules).next().is_some()
        } else {
            self.day_in(LEAP_CENTURY).is_some()
        };
        if exists { Ok(()) } else { Err(PersonNumberError::NoSuchDay) }
    }

    fn check_digits(&self, rules: &PersonRules, on: Date) -> Result<(), PersonNumberError> {
        let first = digits::remainder(&self.digits[..10], &rules.first_weights);
        let second = digits::remainder(&self.digits, &rules.second_weights);
        match (rules.remainders(on).contains(&first), second) {
            (true, 0) => Ok(()),
            (true, _) => Err(PersonNumberError::SecondCheckDigit),
            (false, 0) if rules.is_of_the_change(first) => {
                Err(PersonNumberError::NotIssuedYet { from: rules.changes_from })
            }
            (false, _) => Err(PersonNumberError::FirstCheckDigit),
        }
    }

    /// The days it can be of, one for each century.
    fn days<'r>(&self, rules: &'r PersonRules) -> impl Iterator<Item = Date> + use<'r> {
        let number = *self;
        number.centuries(rules).filter_map(move |century| number.day_in(century))
    }

    fn centuries<'r>(&self, rules: &'r PersonRules) -> impl Iterator<Item = i16> + use<'r> {
        let kind = match self.kind() {
            PersonNumberKind::DNummer => CenturyKind::DNumber,
            PersonNumberKind::Fodselsnummer
            | PersonNumberKind::HNummer
            | PersonNumberKind::FellesHjelpenummer => CenturyKind::Others,
        };
        rules.centuries(kind, self.year(), self.individual())
    }

    fn day_in(&self, century: i16) -> Option<Date> {
        let added = &RULES.person.added;
        let written = self.written_day();
        let day = if written > added.d_number_day { written - added.d_number_day } else { written };
        let month = self.written_month() - self.month_added();
        let year = century + i16::try_from(self.year()).ok()?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// What was added to the month; 0 if nothing that is known.
    fn month_added(&self) -> u32 {
        let added = &RULES.person.added;
        let month = self.written_month();
        [added.help_number_month, added.helsenett_month, added.skatteetaten_month]
            .into_iter()
            .find(|added| (added + 1..=added + 12).contains(&month))
            .unwrap_or(0)
    }

    fn written_day(&self) -> u32 {
        digits::value(&self.digits[..2])
    }

    fn written_month(&self) -> u32 {
        digits::value(&self.digits[2..4])
    }

    fn year(&self) -> u32 {
        digits::value(&self.digits[4..6])
    }

    fn individual(&self) -> u32 {
        digits::value(&self.digits[6..9])
    }
}

/// A century whose year 00 is a leap year, so that each day that exists in any century exists in it.
const LEAP_CENTURY: i16 = 2000;

impl PersonNumberKind {
    /// Its value in table 8116, ID-type for personer.
    pub fn id_type(self) -> &'static str {
        match self {
            Self::Fodselsnummer => "FNR",
            Self::DNummer => "DNR",
            Self::HNummer => "HNR",
            Self::FellesHjelpenummer => "FHN",
        }
    }
}

impl fmt::Debug for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonNumber({:?} {self})", self.kind())
    }
}

impl fmt::Display for PersonNumber {
    /// Eleven stars.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***********")
    }
}
