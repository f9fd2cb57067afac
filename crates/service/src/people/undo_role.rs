//! Ending a role so that it can be given back.

use samspill_store::PeopleTx;

use super::{
    AccountState, Keeper, Keeps, PeopleError, RoleHeld, holding,
    undo::{EndedRole, EndedRow, Offer, Undo, Undone},
};
use crate::audit::Doer;

impl Keeper<'_> {
    /// Ends a role now, as [`Keeper::end_role`] does; it can be given back by who ended it. `false` where that isn't offered.
    ///
    /// # Errors
    ///
    /// As [`Keeper::end_role`].
    pub async fn end_role_for_now(
        &self,
        account: &str,
        role: &RoleHeld,
        id: &str,
    ) -> Result<bool, PeopleError> {
        let Doer::Subject(by) = self.by else { return Err(PeopleError::NotYours) };
        if by.party != role.party {
            return Err(PeopleError::NotYours);
        }
        let work = async |tx: &mut PeopleTx| {
            let before = self.kept(tx, account, Keeps::Roles).await?;
            holding::ended(tx, account, role, self.now).await?;
            self.tell_of(tx, &before, role, "avsluttet").await?;
            let after: Vec<_> = tx.roles(account).await?.into_iter().filter_map(RoleHeld::of).collect();
            let ended = EndedRole {
                account: account.to_owned(),
                party: role.party.clone(),
                role: role.role.as_str().to_owned(),
                unit: role.unit.clone().unwrap_or_default(),
                rows: ended_rows(&before.roles, &after, role),
            };
            // What they may end and not give, they can't give back either.
            if self.may_give(role).is_err() {
                return Ok(false);
            }
            let offer = Offer { id, account: &by.account, now: self.now };
            Ok::<_, PeopleError>(Undo::RoleEnded(ended).offer(tx, offer).await?)
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Gives back a role that they ended, as it was, if nobody gave or ended it since.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`], [`PeopleError::NoAccount`], and those of [`Keeper::may_give`]: what may not be given may not be given back.
    pub async fn give_back(&self, id: &str) -> Result<Undone, PeopleError> {
        let Doer::Subject(by) = self.by else { return Err(PeopleError::NotYours) };
        let mut tx = self.accounts.store.begin_people(&self.accounts.community).await?;
        let row = tx.take_undo(&by.account, id).await?;
        let Some(Undo::RoleEnded(ended)) = row.and_then(|row| Undo::of(&row, self.now)) else {
            return Ok(Undone::Gone);
        };
        let kept = self.kept(&mut tx, &ended.account, Keeps::Roles).await?;
        let Some(again) = ended.again(&kept.roles) else { return Ok(Undone::Changed) };
        if kept.state == AccountState::Closed {
            return Ok(Undone::Changed);
        }
        for role in &again {
            self.may_give(role)?;
            tx.set_role(&ended.account, &role.row()).await?;
            self.tell_of(&mut tx, &kept, role, "gitt tilbake").await?;
        }
        tx.commit().await?;
        Ok(Undone::Done)
    }
}

/// The rows of a role that an act gave another end.
fn ended_rows(before: &[RoleHeld], after: &[RoleHeld], role: &RoleHeld) -> Vec<EndedRow> {
    let of_role = before.iter().filter(|held| held.is_same_as(role));
    let changed = of_role.filter_map(|was| {
        let now = after.iter().find(|held| held.is_same_as(was) && held.from == was.from)?;
        let row = EndedRow { from: was.from, before: was.until, after: now.until };
        (now.until != was.until).then_some(row)
    });
    changed.collect()
}

impl EndedRole {
    /// The roles as they were, if those that are held now are as the act left them.
    fn again(&self, held: &[RoleHeld]) -> Option<Vec<RoleHeld>> {
        let is_it = |it: &&RoleHeld| {
            it.role.as_str() == self.role
                && it.party == self.party
                && it.unit.as_deref().unwrap_or_default() == self.unit
        };
        let of_role: Vec<&RoleHeld> = held.iter().filter(is_it).collect();
        let again: Option<Vec<RoleHeld>> = self
            .rows
            .iter()
            .map(|row| {
                let now = of_role.iter().find(|it| it.from == row.from && it.until == row.after)?;
                Some(RoleHeld { until: row.before, ..(*now).clone() })
            })
            .collect();
        // What was given since would overlap with it.
        let is_given_since = |again: &RoleHeld| {
            let others = of_role.iter().filter(|it| !self.rows.iter().any(|row| row.from == it.from));
            others.into_iter().any(|other| other.overlaps(again))
        };
        again.filter(|again| !again.is_empty() && !again.iter().any(is_given_since))
    }
}
