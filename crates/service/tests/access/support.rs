//! People and stays for tests.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use samspill_service::access::{Involvement, Means, Protection, Role, SelfGrant, Subject};

pub(crate) const OWN: &str = "Nesodal";
pub(crate) const UNIT: &str = "Hjemmesykepleien nord";

pub(crate) fn now() -> Timestamp {
    "2025-02-06T12:00:00+01:00".parse().unwrap()
}

pub(crate) fn after(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

/// Somebody in a unit of [`OWN`].
pub(crate) fn subject(role: Role) -> Subject {
    Subject {
        account: "a1".to_owned(),
        name: "Kari".to_owned(),
        role,
        party: OWN.to_owned(),
        units: set([UNIT]),
        means: Means::Person,
        grants: Vec::new(),
    }
}

/// Access to a stay that runs for an hour more.
pub(crate) fn grant(case: &str) -> SelfGrant {
    SelfGrant { case: case.to_owned(), until: after(1) }
}

/// An open stay between two other parties.
pub(crate) fn stay(case: &str) -> Involvement {
    Involvement {
        case: case.to_owned(),
        parties: set(["Fjordheim", "Havrelia"]),
        units: [("Fjordheim".to_owned(), "Medisin".to_owned())].into(),
        payers: set(["Havrelia"]),
        is_open: true,
        last: after(-1),
        protection: Protection::None,
    }
}

/// One that [`OWN`] takes part in, by another unit.
pub(crate) fn of_party(case: &str) -> Involvement {
    let mut stay = stay(case);
    stay.parties.insert(OWN.to_owned());
    stay.units.insert((OWN.to_owned(), "Saksbehandling".to_owned()));
    stay
}

/// One that the subject's own unit takes part in.
pub(crate) fn of_unit(case: &str) -> Involvement {
    let mut stay = of_party(case);
    stay.units.insert((OWN.to_owned(), UNIT.to_owned()));
    stay
}

/// One that [`OWN`] pays for.
pub(crate) fn paid(case: &str) -> Involvement {
    Involvement { payers: set([OWN]), ..of_party(case) }
}

pub(crate) fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}
