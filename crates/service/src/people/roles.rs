use std::{collections::BTreeSet, fmt, str::FromStr};

use jiff::Timestamp;
use samspill_store::RoleRow;

use crate::access::Role;

/// A role that an account has, had, or is to have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleHeld {
    /// The role.
    pub role: Role,
    /// The party, as the address book calls it.
    pub party: String,
    /// The unit of the party; `None` for all of it.
    pub unit: Option<String>,
    /// From this instant on.
    pub from: Timestamp,
    /// Before this instant: at it, the role is over.
    pub until: Option<Timestamp>,
}

impl RoleHeld {
    /// Whether it is held at an instant.
    pub fn runs(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Whether it is held at an instant or later.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now.max(self.from) < until)
    }

    /// Whether it is the same role for the same unit, whenever it is held.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        (self.role, &self.party, &self.unit) == (other.role, &other.party, &other.unit)
    }

    /// Whether there is an instant at which both are held.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let both = self.from.max(other.from);
        [self, other].into_iter().all(|role| role.until.is_none_or(|until| both < until))
    }

    /// The role and party, which is what people choose.
    pub fn key(&self) -> RoleKey {
        RoleKey { role: self.role, party: self.party.clone() }
    }

    pub(super) fn row(&self) -> RoleRow {
        RoleRow {
            role: self.role.as_str().to_owned(),
            party: self.party.clone(),
            unit: self.unit.clone().unwrap_or_default(),
            from: self.from,
            until: self.until,
        }
    }

    /// The role of a row; none where this program doesn't know it.
    pub(super) fn of(row: RoleRow) -> Option<Self> {
        let RoleRow { role, party, unit, from, until } = row;
        let unit = Some(unit).filter(|unit| !unit.is_empty());
        Role::called(&role).map(|role| Self { role, party, unit, from, until })
    }
}

/// A role for a party: what somebody acts in. Written `sengepost:UNN Tromsø`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey {
    /// The role.
    pub role: Role,
    /// The party.
    pub party: String,
}

impl RoleKey {
    pub(super) fn of(role: &str, party: &str) -> Option<Self> {
        Role::called(role).map(|role| Self { role, party: party.to_owned() })
    }

    /// The units for which somebody has it at an instant, none for all of the party; `None` if they don't have it.
    pub(super) fn units(&self, held: &[RoleHeld], now: Timestamp) -> Option<BTreeSet<String>> {
        let mut units = held
            .iter()
            .filter(|held| held.runs(now) && held.role == self.role && held.party == self.party)
            .map(|held| held.unit.clone())
            .peekable();
        units.peek()?;
        let units: Option<BTreeSet<String>> = units.collect();
        Some(units.unwrap_or_default())
    }
}

/// The roles for parties that can be chosen at an instant, in their order.
pub(super) fn choices(held: &[RoleHeld], now: Timestamp) -> Vec<RoleKey> {
    let keys: BTreeSet<RoleKey> = held.iter().filter(|held| held.runs(now)).map(RoleHeld::key).collect();
    keys.into_iter().collect()
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.role.as_str(), self.party)
    }
}

/// Text that is no role for a party.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no role for a party: write sengepost:UNN Tromsø")]
pub struct RoleKeyError(String);

impl FromStr for RoleKey {
    type Err = RoleKeyError;

    fn from_str(text: &str) -> Result<Self, RoleKeyError> {
        let wrong = || RoleKeyError(text.chars().take(80).collect());
        let (role, party) = text.split_once(':').ok_or_else(wrong)?;
        Self::of(role, party).filter(|key| !key.party.is_empty()).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn held(unit: Option<&str>, from: i64, until: Option<i64>) -> RoleHeld {
        let unit = unit.map(str::to_owned);
        RoleHeld { role: Role::Ward, party: "UNN".to_owned(), unit, from: at(from), until: until.map(at) }
    }

    #[test]
    fn a_role_begins_at_its_first_instant_and_is_over_at_its_last() {
        let role = held(None, 10, Some(20));
        let runs = [9, 10, 19, 20, 21].map(|second| role.runs(at(second)));
        assert_eq!(runs, [false, true, true, false, false]);
        assert!(held(None, 10, None).runs(Timestamp::MAX));
    }

    #[test]
    fn roles_overlap_where_an_instant_has_both() {
        let role = held(None, 10, Some(20));
        let others = [(0, Some(10)), (0, Some(11)), (19, None), (20, None), (12, Some(12)), (0, None)];
        let overlaps = others.map(|(from, until)| role.overlaps(&held(None, from, until)));
        assert_eq!(overlaps, [false, true, true, false, false, true]);
        assert!(!held(None, 10, Some(10)).overlaps(&held(None, 0, None)), "what never runs overlaps nothing");
    }

    #[test]
    fn a_role_lasts_until_its_end_also_before_it_begins() {
        let lasts = [9, 10, 19, 20].map(|second| held(None, 10, Some(20)).lasts(at(second)));
        assert_eq!(lasts, [true, true, true, false]);
        assert!(!held(None, 10, Some(10)).lasts(at(0)) && held(None, 10, None).lasts(at(99)));
    }

    #[test]
    fn units_are_those_that_run_and_all_of_the_party_wins() {
        let key = held(None, 0, None).key();
        let some = [held(Some("b"), 0, None), held(Some("a"), 0, None), held(Some("c"), 0, Some(5))];
        assert_eq!(key.units(&some, at(5)).unwrap().into_iter().collect::<Vec<_>>(), ["a", "b"]);
        let all = [held(Some("b"), 0, None), held(None, 0, None)];
        assert_eq!(key.units(&all, at(5)), Some(BTreeSet::new()));
        assert_eq!(key.units(&[held(None, 6, None)], at(5)), None);
        assert_eq!(choices(&some, at(5)), [key]);
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = RoleKey { role: Role::Gp, party: "Legene: øst".to_owned() };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in ["", "fastlege", "fastlege:", "keiser:Legene", ":Legene"] {
            assert!(bad.parse::<RoleKey>().is_err(), "{bad}");
        }
    }
}
