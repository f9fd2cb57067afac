//! The table of rights, read from data.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use super::{Action, Purpose, Role};

/// What each role may do, and for how long after a stay. Clones are the same policy.
#[derive(Clone, Debug)]
pub struct Policy(pub(super) Arc<BTreeMap<Role, Rights>>);

/// What a role may do.
#[derive(Clone, Debug, Default)]
pub(super) struct Rights {
    /// What a stay may be looked into for, the usual one first.
    pub(super) purposes: Vec<Purpose>,
    /// Stays, by the relation.
    pub(super) stays: Vec<(Relation, StayRights)>,
    /// The own party.
    pub(super) own: BTreeSet<Action>,
    /// What belongs to all.
    pub(super) community: BTreeSet<Action>,
}

/// What a relation to a stay gives.
#[derive(Clone, Debug)]
pub(super) struct StayRights {
    pub(super) actions: BTreeSet<Action>,
    /// Whole days after the latest entry of a settled stay; none without a limit.
    pub(super) days_after: Option<u32>,
}

/// How somebody is related to a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    OwnUnit,
    OwnParty,
    Pays,
    Taken,
}

/// A policy can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table of rights: {0}")]
pub struct PolicyError(String);

static SHIPPED: LazyLock<Policy> = LazyLock::new(|| {
    Policy::read(include_str!("../../data/access.toml"))
        .expect("the table is part of the program, and a test reads it")
});

impl Policy {
    /// The policy that is shipped.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a policy (TOML); `data/access.toml` explains the keys.
    ///
    /// # Errors
    /// No TOML, a word that isn't known, a role that is left out.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let file: BTreeMap<String, RightsText> =
            toml::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        let rights = file.into_iter().map(|(role, text)| Ok((role_called(&role)?, text.rights()?)));
        let rights: BTreeMap<Role, Rights> = rights.collect::<Result<_, PolicyError>>()?;
        match Role::ALL.into_iter().find(|role| !rights.contains_key(role)) {
            Some(role) => Err(PolicyError(format!(
                "the role «{}» is left out: enter [{0}], with empty lists if it may do nothing",
                role.as_str()
            ))),
            None => Ok(Self(Arc::new(rights))),
        }
    }

    /// What a role usually looks into stays for. A role that sees no stays looks after access or figures.
    pub fn usual_purpose(&self, role: Role) -> Purpose {
        let named = self.rights(role).and_then(|rights| rights.purposes.first().copied());
        named.unwrap_or(match role {
            Role::Auditor => Purpose::Oversight,
            Role::Administrator => Purpose::Operation,
            Role::Ward
            | Role::Physician
            | Role::Coordination
            | Role::HospitalAccounts
            | Role::CaseOffice
            | Role::CareUnit
            | Role::MunicipalAccounts
            | Role::Gp
            | Role::Secretary
            | Role::Member => Purpose::Quality,
        })
    }

    /// Whether a role has anything to do with persons whom its own party has no part in: what belongs to all holds more for it than
    /// agreements, figures and downtime.
    pub fn shows_persons_of_all(&self, role: Role) -> bool {
        self.rights(role)
            .is_some_and(|rights| rights.community.iter().any(|action| action.is_about_persons()))
    }

    pub(super) fn rights(&self, role: Role) -> Option<&Rights> {
        self.0.get(&role)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RightsText {
    purposes: Vec<String>,
    unit: Option<StayText>,
    party: Option<StayText>,
    pays: Option<StayText>,
    taken: Option<StayText>,
    #[serde(default)]
    own: Vec<String>,
    #[serde(default)]
    community: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StayText {
    actions: Vec<String>,
    days_after: Option<u32>,
}

impl RightsText {
    fn rights(self) -> Result<Rights, PolicyError> {
        let relations = [
            (Relation::OwnUnit, self.unit),
            (Relation::OwnParty, self.party),
            (Relation::Pays, self.pays),
            (Relation::Taken, self.taken),
        ];
        let stays = relations.into_iter().filter_map(|(relation, text)| Some((relation, text?)));
        let stays = stays.map(|(relation, text)| {
            Ok((relation, StayRights { actions: actions(&text.actions)?, days_after: text.days_after }))
        });
        Ok(Rights {
            purposes: self.purposes.iter().map(|slug| purpose_called(slug)).collect::<Result<_, _>>()?,
            stays: stays.collect::<Result<_, PolicyError>>()?,
            own: actions(&self.own)?,
            community: actions(&self.community)?,
        })
    }
}

fn actions(slugs: &[String]) -> Result<BTreeSet<Action>, PolicyError> {
    let unknown = |slug: &str| {
        PolicyError(format!("«{slug}» is no action: they are {}", listed(&Action::ALL.map(Action::as_str))))
    };
    slugs.iter().map(|slug| Action::called(slug).ok_or_else(|| unknown(slug))).collect()
}

fn purpose_called(slug: &str) -> Result<Purpose, PolicyError> {
    let unknown = || {
        PolicyError(format!(
            "«{slug}» is no purpose: they are {}",
            listed(&Purpose::ALL.map(Purpose::as_str))
        ))
    };
    Purpose::called(slug).ok_or_else(unknown)
}

fn role_called(slug: &str) -> Result<Role, PolicyError> {
    let unknown =
        || PolicyError(format!("«{slug}» is no role: they are {}", listed(&Role::ALL.map(Role::as_str))));
    Role::called(slug).ok_or_else(unknown)
}

fn listed(slugs: &[&str]) -> String {
    slugs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_can_be_read() {
        assert_eq!(Policy::shipped().0.len(), Role::ALL.len());
    }

    #[test]
    fn a_role_that_is_left_out_and_words_that_are_not_known_are_told() {
        let shipped = include_str!("../../data/access.toml");
        let told = |text: &str| Policy::read(text).unwrap_err().to_string();
        assert!(told(&shipped.replace("[fastlege]", "[tannlege]")).contains("«tannlege» is no role"));
        assert!(told(&shipped.replacen("\"liste\"", "\"listen\"", 1)).contains("«listen» is no action"));
        assert!(told(&shipped.replacen("\"omsorg\"", "\"omsut\"", 1)).contains("«omsut» is no purpose"));
        let (before, _) = shipped.split_once("[administrator]").unwrap();
        assert!(told(before).contains("«administrator» is left out"));
    }
}
