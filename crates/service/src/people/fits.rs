//! Which roles can be held for which party.

use super::RoleHeld;
use crate::{
    access::{Policy, Role},
    exchange::meaning::{AddressBook, Role as PartyRole},
};

/// Why a role can't be held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoleFault {
    /// The address book doesn't know the party by this name.
    #[error("the address book has no party «{name}»: write one of {known}")]
    NoParty {
        /// What was written.
        name: String,
        /// The parties that there are, a few of them.
        known: String,
    },
    /// The party has no such unit.
    #[error("«{party}» has no unit «{unit}»: write one of {known}, or none for all of the party")]
    NoUnit {
        /// The party.
        party: String,
        /// What was written.
        unit: String,
        /// The units that there are.
        known: String,
    },
    /// A role of another sort of party, such as a ward of a municipality.
    #[error("«{party}» has nobody in the role {role}: it is of another sort of party")]
    NotThere {
        /// The party.
        party: String,
        /// The role.
        role: &'static str,
    },
    /// A role that reaches beyond its party is given by who runs the node.
    #[error("the role {0} reaches beyond its own party: it is given at the node's machine")]
    BeyondParty(&'static str),
}

/// Parties and units that a fault names.
const NAMED_MAX: usize = 12;

/// Whether a role is one of this sort of party: nobody is at a ward of a municipality. The roles that look after agreements, access
/// and accounts are everywhere.
pub fn fits_party(role: Role, party: PartyRole) -> bool {
    match role {
        Role::Ward | Role::Physician | Role::Coordination | Role::HospitalAccounts => {
            party == PartyRole::Sykehus
        }
        Role::CaseOffice | Role::CareUnit | Role::MunicipalAccounts => party == PartyRole::Kommune,
        Role::Gp => party == PartyRole::Fastlege,
        Role::Secretary | Role::Member | Role::Auditor | Role::Administrator => true,
    }
}

/// Whether all that a role shows of persons is of its own party. Such roles are for each party's administrator to give.
pub fn is_local(role: Role, policy: &Policy) -> bool {
    !policy.shows_persons_of_all(role)
}

/// Whether a role can be held: the party and unit are in the address book, by the names that it has for them, and the role fits.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_role(book: &AddressBook, held: &RoleHeld) -> Result<(), RoleFault> {
    let Some(address) = book.parties.iter().find(|party| party.name == held.party) else {
        let known = listed(book.parties.iter().map(|party| party.name.as_str()));
        return Err(RoleFault::NoParty { name: held.party.clone(), known });
    };
    if !fits_party(held.role, address.role) {
        return Err(RoleFault::NotThere { party: held.party.clone(), role: held.role.as_str() });
    }
    let Some(unit) = &held.unit else { return Ok(()) };
    if address.services.values().any(|service| service.name == *unit) {
        return Ok(());
    }
    let known = listed(address.services.values().map(|service| service.name.as_str()));
    Err(RoleFault::NoUnit { party: held.party.clone(), unit: unit.clone(), known })
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("«{name}»")).take(NAMED_MAX + 1).collect();
    if names.len() > NAMED_MAX {
        names.truncate(NAMED_MAX);
        names.push("…".to_owned());
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn book() -> AddressBook {
        AddressBook::read(
            r#"
            [[part]]
            navn = "UNN"
            rolle = "sykehus"
            virksomhet = { navn = "Universitetssykehuset", her = "8000001" }
            tjenester.somatikk = { navn = "Medisinsk", her = "8000002" }
            [[part]]
            navn = "Nesodal"
            rolle = "kommune"
            virksomhet = { navn = "Nesodal kommune", her = "8000011" }
            [[part]]
            navn = "Legene"
            rolle = "fastlege"
            virksomhet = { navn = "Legene", her = "8000021" }
            "#,
        )
        .unwrap()
    }

    fn check(role: Role, party: &str, unit: Option<&str>) -> Result<(), RoleFault> {
        let (party, unit) = (party.to_owned(), unit.map(str::to_owned));
        check_role(&book(), &RoleHeld { role, party, unit, from: Timestamp::UNIX_EPOCH, until: None })
    }

    #[test]
    fn each_role_is_held_at_its_own_sort_of_party() {
        let at = |party: &str| -> Vec<&str> {
            let held = Role::ALL.into_iter().filter(|role| check(*role, party, None).is_ok());
            held.map(Role::as_str).collect()
        };
        let everywhere = ["sekretariat", "utvalgsmedlem", "revisor", "administrator"];
        let hospital = ["sengepost", "lege", "samhandlingskontor", "sykehusregnskap"];
        assert_eq!(at("UNN"), [hospital, everywhere].concat());
        assert_eq!(
            at("Nesodal"),
            [&["tildelingskontor", "tjenesteenhet", "kommuneregnskap"][..], &everywhere].concat()
        );
        assert_eq!(at("Legene"), [&["fastlege"][..], &everywhere].concat());
    }

    #[test]
    fn parties_and_units_are_written_as_the_address_book_has_them() {
        assert_eq!(check(Role::Ward, "UNN", Some("Medisinsk")), Ok(()));
        assert!(matches!(check(Role::Ward, "UNN", Some("8000002")), Err(RoleFault::NoUnit { .. })));
        assert!(matches!(check(Role::Ward, "Nesodal", Some("x")), Err(RoleFault::NotThere { .. })));
        for other in ["Universitetssykehuset", "8000001", "unn", ""] {
            let fault = check(Role::Administrator, other, None).unwrap_err();
            assert!(fault.to_string().contains("«Nesodal»"), "{fault}");
        }
    }

    #[test]
    fn a_role_that_shows_persons_of_all_parties_is_not_for_one_party_to_give() {
        let beyond: Vec<Role> =
            Role::ALL.into_iter().filter(|role| !is_local(*role, &Policy::shipped())).collect();
        assert_eq!(beyond, [Role::Auditor]);
    }
}
