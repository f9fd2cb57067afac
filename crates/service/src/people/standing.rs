//! Closing accounts, opening them again, and letting them be tried again.

use jiff::Timestamp;
use samspill_store::{AccountRow, PeopleTx};

use super::{Account, AccountState, Accounts, PeopleError, accounts::changed};

impl Accounts {
    /// Closes an account: its sessions, links and tokens end with it, all at once.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`].
    pub async fn close(&self, account: &str, now: Timestamp) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| closed(tx, account, now).await;
        self.store.write_people(&self.community, work).await.map(drop)
    }

    /// Opens an account again that was closed, as one that nobody has logged in with: it wants a new link. What ended when it was
    /// closed stays ended. One that isn't closed stays as it is.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`].
    pub async fn reopen(&self, account: &str, now: Timestamp) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| reopened(tx, account, now).await;
        self.store.write_people(&self.community, work).await
    }

    /// Lets an account be tried again at once.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`].
    pub async fn unlock(&self, account: &str) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| unlocked(tx, account).await;
        self.store.write_people(&self.community, work).await
    }
}

pub(super) async fn closed(tx: &mut PeopleTx, account: &str, now: Timestamp) -> Result<Account, PeopleError> {
    let close = |row: &mut AccountRow| {
        AccountState::Closed.as_str().clone_into(&mut row.state);
        Ok(())
    };
    let account = changed(tx, account, close).await?;
    end_all(tx, &account.id, now).await?;
    Ok(account)
}

pub(super) async fn reopened(
    tx: &mut PeopleTx,
    account: &str,
    now: Timestamp,
) -> Result<Account, PeopleError> {
    let mut was_closed = false;
    let open = |row: &mut AccountRow| {
        was_closed = row.state == AccountState::Closed.as_str();
        if was_closed {
            AccountState::Invited.as_str().clone_into(&mut row.state);
            row.secret = None;
            (row.failures, row.locked_until) = (0, None);
        }
        Ok(())
    };
    let account = changed(tx, account, open).await?;
    if was_closed {
        // They ended when it was closed; of an account that an older program closed, perhaps not all.
        end_all(tx, &account.id, now).await?;
    }
    Ok(account)
}

pub(super) async fn unlocked(tx: &mut PeopleTx, account: &str) -> Result<Account, PeopleError> {
    let unlock = |row: &mut AccountRow| {
        (row.failures, row.locked_until) = (0, None);
        Ok(())
    };
    changed(tx, account, unlock).await
}

/// Ends all by which somebody could go on with an account.
async fn end_all(tx: &mut PeopleTx, account: &str, now: Timestamp) -> Result<(), PeopleError> {
    tx.void_links(account, now).await?;
    tx.end_tokens_of(account, now).await?;
    tx.end_sessions_of(account, now).await?;
    Ok(())
}
