use jiff::Timestamp;
use samspill_store::{PeopleTx, TokenRow};

use super::{
    Account, AccountState, Accounts, PeopleError, Random, RoleHeld, RoleKey,
    accounts::known,
    invite::open,
    secret::{digest_of, handle, new_secret},
    sessions::subject,
};
use crate::access::{Means, Subject};

/// Another system's token in a list. Its secret isn't kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHeld {
    /// What it is called where it is listed and ended. No secret.
    pub handle: String,
    /// The role and party that it acts in; none where this program doesn't know the role.
    pub role: Option<RoleKey>,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Up to and including this instant.
    pub until: Timestamp,
    /// When it was ended before its time.
    pub ended: Option<Timestamp>,
}

impl Accounts {
    /// Makes a token with which another system acts as an account, in a role. It is shown once.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`], [`PeopleError::Closed`], [`PeopleError::NoRole`], and [`PeopleError::Time`] for a time further off
    /// than [`super::AccountSettings::token_max`].
    pub async fn make_token(
        &self,
        account: &str,
        role: &RoleKey,
        name: &str,
        until: Timestamp,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<String, PeopleError> {
        self.near_enough(until, now)?;
        let token = new_secret(random);
        let work = async |tx: &mut PeopleTx| {
            made(tx, account, &Made { role, name, until, token: &token }, now).await
        };
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

    /// The tokens of an account, in the order in which they were made, also those that don't run any more.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn tokens(&self, account: &str) -> Result<Vec<TokenHeld>, PeopleError> {
        let rows = self.store.tokens_of(&self.community, account).await?;
        Ok(rows.into_iter().map(TokenHeld::of).collect())
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

    /// Refuses an end that lies behind, or further ahead than tokens may last.
    pub(super) fn near_enough(&self, until: Timestamp, now: Timestamp) -> Result<(), PeopleError> {
        let lasts = until.duration_since(now);
        if until < now || lasts > self.settings().token_max { Err(PeopleError::Time) } else { Ok(()) }
    }
}

/// A token to be kept.
#[derive(Clone, Copy)]
pub(super) struct Made<'a> {
    pub(super) role: &'a RoleKey,
    pub(super) name: &'a str,
    pub(super) until: Timestamp,
    pub(super) token: &'a str,
}

/// Keeps a token of an account that is open and has the role now.
pub(super) async fn made(
    tx: &mut PeopleTx,
    account: &str,
    new: &Made<'_>,
    now: Timestamp,
) -> Result<(), PeopleError> {
    let row = known(tx, account).await?;
    open(&row)?;
    let held: Vec<RoleHeld> = tx.roles(account).await?.into_iter().filter_map(RoleHeld::of).collect();
    if new.role.units(&held, now).is_none() {
        return Err(PeopleError::NoRole(new.role.to_string()));
    }
    let row = TokenRow {
        digest: digest_of(new.token).ok_or(PeopleError::NoLink)?,
        account: row.id,
        role: new.role.role.as_str().to_owned(),
        party: new.role.party.clone(),
        name: new.name.to_owned(),
        made: now,
        until: new.until,
        ended: None,
    };
    Ok(tx.add_token(&row).await?)
}

impl TokenHeld {
    pub(super) fn of(row: TokenRow) -> Self {
        Self {
            handle: handle(&row.digest),
            role: RoleKey::of(&row.role, &row.party),
            name: row.name,
            made: row.made,
            until: row.until,
            ended: row.ended,
        }
    }

    /// Whether it is taken at an instant, as far as it goes by itself: the account must be open and have the role too.
    pub fn runs(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now <= self.until
    }
}
