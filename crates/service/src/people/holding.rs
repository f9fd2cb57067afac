//! Giving roles, and ending them.

use jiff::Timestamp;
use samspill_store::PeopleTx;

use super::{Accounts, PeopleError, RoleHeld, accounts::known};

impl Accounts {
    /// Gives an account a role. From its beginning on the account has it as this says: the same role for the same unit that was held
    /// at the same time ends where this begins, or never begins. So a last day holds also where the role had none before.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`], and a party or unit without a name.
    pub async fn give_role(&self, account: &str, role: &RoleHeld) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| given(tx, account, role).await;
        self.store.write_people(&self.community, work).await
    }

    /// Ends a role at an instant, for all the time in which it would have been held with `role`. Sessions that run in it have no
    /// role from then on. What is to come of it never begins; what is over stays as it was.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`]; [`PeopleError::NoRole`] where there is nothing left to end.
    pub async fn end_role(&self, account: &str, role: &RoleHeld, at: Timestamp) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| ended(tx, account, role, at).await;
        self.store.write_people(&self.community, work).await
    }
}

pub(super) async fn given(tx: &mut PeopleTx, account: &str, role: &RoleHeld) -> Result<(), PeopleError> {
    known(tx, account).await?;
    for held in all(tx, account).await? {
        if held.is_same_as(role) && held.overlaps(role) {
            let until = Some(role.from.max(held.from));
            tx.set_role(account, &RoleHeld { until, ..held }.row()).await?;
        }
    }
    Ok(tx.set_role(account, &role.row()).await?)
}

pub(super) async fn ended(
    tx: &mut PeopleTx,
    account: &str,
    role: &RoleHeld,
    at: Timestamp,
) -> Result<(), PeopleError> {
    known(tx, account).await?;
    let mut is_none = true;
    for held in all(tx, account).await? {
        if held.is_same_as(role) && held.overlaps(role) && held.lasts(at) {
            let until = Some(at.max(held.from));
            tx.set_role(account, &RoleHeld { until, ..held }.row()).await?;
            is_none = false;
        }
    }
    if is_none { Err(PeopleError::NoRole(role.key().to_string())) } else { Ok(()) }
}

async fn all(tx: &mut PeopleTx, account: &str) -> Result<Vec<RoleHeld>, PeopleError> {
    Ok(tx.roles(account).await?.into_iter().filter_map(RoleHeld::of).collect())
}
