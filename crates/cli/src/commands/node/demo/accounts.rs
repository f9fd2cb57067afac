//! Who logs in to the demo: somebody of every role, at the trust, in two municipalities, and at the general practitioner's.

use jiff::Timestamp;
use samspill_server::{DemoLogin, Trouble, config::Config, node};
use samspill_service::{
    access::Role,
    people::{NewAccount, RoleHeld, SystemRandom},
};
use samspill_sim::Region;
use samspill_store::Store;

/// Somebody of the demo.
struct Somebody {
    login: &'static str,
    name: &'static str,
    shown: String,
    group: String,
    role: Role,
    party: String,
    unit: Option<String>,
}

/// No secret: it stands on the login page.
const PASSWORD: &str = "demo-samspill";

/// The logins that the login page shows.
pub(super) fn logins(region: &Region) -> Vec<DemoLogin> {
    let login = |it: Somebody| DemoLogin {
        login: it.login.to_owned(),
        password: PASSWORD.to_owned(),
        shown: it.shown,
        group: it.group,
    };
    all(region).into_iter().map(login).collect()
}

/// Makes the accounts that aren't there.
pub(super) async fn make(config: &Config, store: &Store, region: &Region) -> Result<(), Trouble> {
    let Some(web) = &config.web else { return Ok(()) };
    let (accounts, now) = (node::accounts(config, web, store), Timestamp::now());
    for it in all(region) {
        if accounts.by_login(it.login).await.map_err(told)?.is_some() {
            continue;
        }
        let account =
            accounts.make(&NewAccount::new(it.login, it.name), &SystemRandom, now).await.map_err(told)?;
        let role = RoleHeld { role: it.role, party: it.party, unit: it.unit, from: now, until: None };
        accounts.give_role(&account.id, &role).await.map_err(told)?;
        accounts.preset_password(&account.id, PASSWORD, &SystemRandom, now).await.map_err(told)?;
    }
    Ok(())
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble(error.to_string())
}

fn all(region: &Region) -> Vec<Somebody> {
    let mut all = of_the_trust(region);
    let places = region.municipalities.iter().zip([TROMSO, HARSTAD]);
    all.extend(places.flat_map(|(it, logins)| of_a_municipality(&it.name, logins)));
    all.extend(region.gps.iter().zip(GPS).map(|(it, (login, name, shown))| Somebody {
        login,
        name,
        shown: shown.to_owned(),
        group: it.name.clone(),
        role: Role::Gp,
        party: it.name.clone(),
        unit: None,
    }));
    all
}

/// Login, name, and what the button says.
type Login = (&'static str, &'static str, &'static str);

/// The case office, the care unit, accounts, and the administrator of a municipality.
const TROMSO: [Login; 4] = [
    ("tildeling.tromso", "Ingrid Fjellhauk", "Saksbehandler, tildelingskontoret"),
    ("tjeneste.tromso", "Aslak Myrhaugen", "Sykepleier, hjemmetjenesten"),
    ("regnskap.tromso", "Wenche Lyngfar", "Økonomi"),
    ("admin.tromso", "Trygve Vardebu", "Administrator"),
];
const HARSTAD: [Login; 4] = [
    ("tildeling.harstad", "Solveig Kaldhammar", "Saksbehandler, tildelingskontoret"),
    ("tjeneste.harstad", "Reidar Multemyr", "Sykepleier, hjemmetjenesten"),
    ("regnskap.harstad", "Målfrid Sildholm", "Økonomi"),
    ("admin.harstad", "Edmund Solhaugvik", "Administrator"),
];

/// A practitioner of each office.
const GPS: [Login; 2] = [
    ("fastlege.tromso", "Ragna Tareneset", "Fastlege"),
    ("fastlege.harstad", "Gudmund Drivisen", "Fastlege"),
];

fn of_a_municipality(party: &str, logins: [Login; 4]) -> impl Iterator<Item = Somebody> {
    let roles = [Role::CaseOffice, Role::CareUnit, Role::MunicipalAccounts, Role::Administrator];
    logins.into_iter().zip(roles).map(move |((login, name, shown), role)| Somebody {
        login,
        name,
        shown: shown.to_owned(),
        group: format!("{party} kommune"),
        role,
        party: party.to_owned(),
        unit: None,
    })
}

fn of_the_trust(region: &Region) -> Vec<Somebody> {
    let trust = &region.trust;
    let ward =
        |field: &str| trust.wards.iter().find(|ward| ward.field == field).map(|ward| ward.name.clone());
    let somebody = |(login, name, shown): Login, role: Role, unit: Option<String>| Somebody {
        login,
        name,
        shown: unit.as_ref().map_or_else(|| shown.to_owned(), |unit| format!("{shown}, {unit}")),
        group: trust.name.clone(),
        role,
        party: trust.name.clone(),
        unit,
    };
    vec![
        somebody(("sykepleier", "Karen Nordglimt", "Sykepleier"), Role::Ward, ward("somatikk")),
        somebody(("sykepleier.psykiatri", "Odd Skarvtind", "Sykepleier"), Role::Ward, ward("phv")),
        somebody(("sykepleier.rus", "Laila Isranden", "Sykepleier"), Role::Ward, ward("tsb")),
        somebody(("lege", "Sigurd Steinrøys", "Lege"), Role::Physician, ward("somatikk")),
        somebody(("samhandling", "Anne-Grethe Havregard", "Samhandlingskontoret"), Role::Coordination, None),
        somebody(("regnskap.sykehus", "Birger Torvmyr", "Økonomi"), Role::HospitalAccounts, None),
        somebody(("sekretariat", "Ellen Rognskjær", "Sekretær for utvalgene"), Role::Secretary, None),
        somebody(("utvalg", "Peder Østskrent", "Medlem av et utvalg"), Role::Member, None),
        somebody(("revisor", "Gudny Åkervind", "Revisor"), Role::Auditor, None),
        somebody(("admin", "Jostein Tangstrøm", "Administrator"), Role::Administrator, None),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use samspill_sim::{Chance, Settings};

    use super::*;

    #[test]
    fn there_is_somebody_of_every_role_and_each_login_once() {
        let all = all(&Region::of(&Settings::unn_like(), &Chance::of(1)));
        let roles: BTreeSet<Role> = all.iter().map(|it| it.role).collect();
        let missing: Vec<_> = Role::ALL.into_iter().filter(|role| !roles.contains(role)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(all.iter().map(|it| it.login).collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.iter().filter(|it| it.role == Role::Ward).all(|it| it.unit.is_some()));
    }
}
