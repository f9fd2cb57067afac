//! An account is tied to a name at a login provider, by logging in there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::PeopleTx;

use super::{
    Account, Accounts, OidcName, PeopleError,
    accounts::{changed, known},
};
use crate::audit::{Happened, Happening};

/// At which door something happens.
#[derive(Clone, Copy, Debug)]
pub struct AtDoor<'a> {
    /// What this program is called in the access log.
    pub node: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Accounts {
    /// Ties an account to a name at a login provider, and writes into the access log that it was, for the auditors of each party that the
    /// account has to do with: all of it or nothing. From then on whoever has that name there logs in as the account.
    ///
    /// # Errors
    ///
    /// [`PeopleError::Changed`] where it has such a name by now, or somebody else wrote the account since it was read;
    /// [`PeopleError::LoginTaken`] where the name is another account's.
    pub async fn tie(&self, account: &Account, to: &OidcName, at: AtDoor<'_>) -> Result<(), PeopleError> {
        let other = self.store.account_of_subject(&self.community, &to.issuer, &to.subject).await?;
        if other.is_some_and(|other| other.id != account.id) {
            return Err(PeopleError::LoginTaken(account.login.clone()));
        }
        let work = async |tx: &mut PeopleTx| {
            let row = known(tx, &account.id).await?;
            let now = Account::of(&row, tx.roles(&account.id).await?);
            changed(tx, &account.id, |row| {
                if row.version != account.version || row.oidc.is_some() {
                    return Err(PeopleError::Changed);
                }
                row.oidc = Some((to.issuer.clone(), to.subject.clone()));
                Ok(())
            })
            .await?;
            told(tx, &now, to, at).await
        };
        self.store.write_people(&self.community, work).await
    }
}

async fn told(
    tx: &mut PeopleTx,
    account: &Account,
    to: &OidcName,
    at: AtDoor<'_>,
) -> Result<(), PeopleError> {
    let detail = format!("{}: knyttet til {}", account.login, to.issuer);
    let happening = Happening {
        account: &account.id,
        name: &account.name,
        what: Happened::AccountChanged,
        detail: &detail,
        request: at.request,
        at: at.now,
    };
    let parties: BTreeSet<&str> = account.roles.iter().map(|held| held.party.as_str()).collect();
    // Without a role it is told all the same, to those who see all.
    let parties = if parties.is_empty() { BTreeSet::from([""]) } else { parties };
    for party in parties {
        let row = samspill_store::NewAccess { party: party.to_owned(), ..happening.row(at.node) };
        tx.log_access(&row).await?;
    }
    Ok(())
}
