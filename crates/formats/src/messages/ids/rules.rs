use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// The rules in `numbers.toml`.
pub(super) static RULES: LazyLock<Rules> =
    LazyLock::new(|| match toml::from_str(include_str!("numbers.toml")) {
        Ok(rules) => rules,
        Err(error) => panic!("the program was built with a broken file: numbers.toml: {error}"),
    });

#[derive(Debug, Deserialize)]
pub(super) struct Rules {
    pub(super) person: PersonRules,
    pub(super) duf: DufRules,
    pub(super) organisation: OrganisationRules,
    pub(super) her: RegisterRules,
    pub(super) hpr: RegisterRules,
}

#[derive(Debug, Deserialize)]
pub(super) struct PersonRules {
    pub(super) first_weights: [u8; 9],
    pub(super) second_weights: [u8; 10],
    remainders: Vec<u32>,
    pub(super) changes_from: Date,
    remainders_after_change: Vec<u32>,
    pub(super) added: Added,
    century: Vec<CenturyRow>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Added {
    pub(super) d_number_day: u32,
    pub(super) help_number_month: u32,
    pub(super) helsenett_month: u32,
    pub(super) skatteetaten_month: u32,
    pub(super) common_help_first_digit: u32,
}

/// Two-digit years and individual numbers of a century, limits included.
#[derive(Debug, Deserialize)]
struct CenturyRow {
    kind: CenturyKind,
    years: [u32; 2],
    individuals: [u32; 2],
    century: i16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum CenturyKind {
    #[serde(rename = "d-nummer")]
    DNumber,
    #[serde(rename = "others")]
    Others,
}

#[derive(Debug, Deserialize)]
pub(super) struct DufRules {
    pub(super) weights: [u8; 10],
}

#[derive(Debug, Deserialize)]
pub(super) struct OrganisationRules {
    pub(super) weights: [u8; 8],
    pub(super) real_first_digits: Vec<u32>,
    pub(super) synthetic_first_digits: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RegisterRules {
    pub(super) most_digits: usize,
}

impl PersonRules {
    /// The remainders that the first check digit of a number may leave when it is used on this day.
    pub(super) fn remainders(&self, on: Date) -> &[u32] {
        if on < self.changes_from { &self.remainders } else { &self.remainders_after_change }
    }

    /// Whether a remainder is one that only numbers issued after the change leave.
    pub(super) fn is_of_the_change(&self, remainder: u32) -> bool {
        self.remainders_after_change.contains(&remainder) && !self.remainders.contains(&remainder)
    }

    /// The centuries that a year and an individual number can be of, by the rows for this kind.
    pub(super) fn centuries(
        &self,
        kind: CenturyKind,
        year: u32,
        individual: u32,
    ) -> impl Iterator<Item = i16> {
        let within = |[first, last]: [u32; 2], number: u32| (first..=last).contains(&number);
        self.century
            .iter()
            .filter(move |row| row.kind == kind)
            .filter(move |row| within(row.years, year) && within(row.individuals, individual))
            .map(|row| row.century)
    }
}
