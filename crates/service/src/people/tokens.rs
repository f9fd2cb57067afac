use jiff::Timestamp;
use samspill_store::{PeopleTx, TokenRow};

use super::{
    Account, AccountState, Accounts, PeopleError, Random, RoleKey,
    secret::{digest_of, new_secret},
    sessions::subject,
};
use crate::access::{Means, Subject};

impl Accounts {
    /// Makes a token with which another system acts as an account, in a role. It is shown once.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`], [`PeopleError::NoRole`], and [`PeopleError::Time`] for a time further off than
    /// [`super::AccountSettings::token_max`].
    pub async fn make_token(
        &self,
        account: &str,
        role: &RoleKey,
        name: &str,
        until: Timestamp,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<String, PeopleError> {
        if until < now || until.duration_since(now) > self.settings().token_max {
            return Err(PeopleError::Time);
        }
        let known = self.account(account).await?;
        let known = known.ok_or_else(|| PeopleError::NoAccount(account.to_owned()))?;
        if role.units(&known.roles, now).is_none() {
            return Err(PeopleError::NoRole(role.to_string()));
        }
        let token = new_secret(random);
        let row = TokenRow {
            digest: digest_of(&token).ok_or(PeopleError::NoLink)?,
            account: known.id,
            role: role.role.as_str().to_owned(),
            party: role.party.clone(),
            name: name.to_owned(),
            made: now,
            until,
            ended: None,
        };
        let work = async |tx: &mut PeopleTx| tx.add_token(&row).await;
        self.store.write_people(&self.community, work).await?;
        Ok(token)
    }

    /// Which system a token stands for; `None` for one that never was, was ended, or whose time is over, and where the account is
    /// closed or doesn't have the role any more.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn by_token(&self, token: &str, now: Timestamp) -> Result<Option<Subject>, PeopleError> {
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let row = self.store.token(&self.community, digest.as_bytes()).await?;
        let Some(row) = row.filter(|row| row.ended.is_none() && now <= row.until) else { return Ok(None) };
        let (Some(account), Some(role)) =
            (self.account(&row.account).await?, RoleKey::of(&row.role, &row.party))
        else {
            return Ok(None);
        };
        self.subject_of(&account, &role, Means::Machine, now).await
    }

    /// An account in a role; `None` where it is closed or doesn't have the role at that instant. An account that is only invited may
    /// act as a machine, as machines never set a password.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn subject_of(
        &self,
        account: &Account,
        role: &RoleKey,
        means: Means,
        now: Timestamp,
    ) -> Result<Option<Subject>, PeopleError> {
        let may = match means {
            Means::Person => account.state == AccountState::Active,
            Means::Machine => account.state != AccountState::Closed,
        };
        if !may {
            return Ok(None);
        }
        let grants = match means {
            Means::Person => self.store.grants_running(&self.community, &account.id, now).await?,
            Means::Machine => Vec::new(),
        };
        Ok(subject(account, role, means, grants, now))
    }

    /// The tokens of an account, in the order in which they were made, without their secrets.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn tokens(&self, account: &str) -> Result<Vec<TokenRow>, PeopleError> {
        Ok(self.store.tokens_of(&self.community, account).await?)
    }

    /// Ends all tokens of an account. Says how many.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn end_tokens(&self, account: &str, now: Timestamp) -> Result<u64, PeopleError> {
        let work = async |tx: &mut PeopleTx| tx.end_tokens_of(account, now).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }
}
