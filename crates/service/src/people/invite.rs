//! How an account comes to its password.

use jiff::Timestamp;
use samspill_store::{AccountRow, EntryHash, LinkRow, PeopleTx};

use super::{
    Account, AccountState, Accounts, LoginError, PeopleError, Random, RefusedWhy,
    accounts::known,
    check_password,
    secret::{digest_of, new_secret},
};

/// A link to set a password with. Whoever has it can, so it is shown once and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupLink {
    /// The secret at the end of the address.
    pub token: String,
    /// Up to and including this instant.
    pub until: Timestamp,
}

/// Shows nothing of the secret.
impl std::fmt::Debug for SetupLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetupLink").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Makes a link for an account. Links that it had are void.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`] and [`PeopleError::Closed`].
    pub async fn invite(
        &self,
        account: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<SetupLink, PeopleError> {
        let link = self.new_link(random, now)?;
        let work = async |tx: &mut PeopleTx| invited(tx, account, &link, now).await;
        self.store.write_people(&self.community, work).await?;
        Ok(link)
    }

    /// A link that nobody has yet, and that isn't kept.
    pub(super) fn new_link(&self, random: &dyn Random, now: Timestamp) -> Result<SetupLink, PeopleError> {
        let until = now.checked_add(self.settings().link_for).map_err(|_| PeopleError::Time)?;
        Ok(SetupLink { token: new_secret(random), until })
    }

    /// Whom a link is for; `None` for a link that was used, is too old, or never was.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn invited(&self, token: &str, now: Timestamp) -> Result<Option<Account>, PeopleError> {
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let link = self.store.link(&self.community, digest.as_bytes()).await?;
        match link.filter(|link| is_good(link, now)) {
            Some(link) => {
                Ok(self.account(&link.account).await?.filter(|it| it.state != AccountState::Closed))
            }
            None => Ok(None),
        }
    }

    /// Sets the password of whom a link is for. The link is used up, all sessions of the account end, and it may be tried again if it
    /// was locked.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoLink`], and [`PeopleError::Password`] for a password that isn't taken: then the link can still be used.
    pub async fn set_password(
        &self,
        token: &str,
        password: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Account, PeopleError> {
        let account = self.invited(token, now).await?.ok_or(PeopleError::NoLink)?;
        check_password(password, &account.login)?;
        let secret = self.hash(password, random).await?;
        let digest = digest_of(token).ok_or(PeopleError::NoLink)?;
        self.store_password(&account.id, secret, now, Some(digest)).await
    }

    /// Changes a password: the old one must be known. All sessions of the account end.
    ///
    /// # Errors
    ///
    /// [`PeopleError::WrongPassword`], which counts as one for the lock too; [`PeopleError::Locked`], whatever was written as the
    /// old one; [`PeopleError::Password`].
    pub async fn change_password(
        &self,
        account: &str,
        old: &str,
        new: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), PeopleError> {
        let known = self.store.account(&self.community, account).await?;
        let known = known.ok_or_else(|| PeopleError::NoAccount(account.to_owned()))?;
        self.check_login(&known.login, old, random, now).await.map_err(not_the_old)?;
        check_password(new, &known.login)?;
        let secret = self.hash(new, random).await?;
        self.store_password(account, secret, now, None).await?;
        Ok(())
    }

    /// Sets a password without a link and without looking at how good it is: for demonstrations and tests.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NoAccount`] and [`PeopleError::Closed`].
    pub async fn preset_password(
        &self,
        account: &str,
        password: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Account, PeopleError> {
        let secret = self.hash(password, random).await?;
        self.store_password(account, secret, now, None).await
    }

    /// Keeps a password, if the link is still good where there is one.
    async fn store_password(
        &self,
        account: &str,
        secret: String,
        now: Timestamp,
        link: Option<EntryHash>,
    ) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let mut row = known(tx, account).await?;
            open(&row)?;
            if let Some(digest) = link {
                let link = tx.link(digest.as_bytes()).await?;
                link.filter(|link| is_good(link, now)).ok_or(PeopleError::NoLink)?;
            }
            row.secret = Some(secret);
            AccountState::Active.as_str().clone_into(&mut row.state);
            (row.failures, row.locked_until) = (0, None);
            tx.set_account(&row).await?;
            row.version += 1;
            tx.void_links(account, now).await?;
            tx.end_sessions_of(account, now).await?;
            Ok::<_, PeopleError>((row, tx.roles(account).await?))
        };
        let (row, roles) = self.store.write_people(&self.community, work).await?;
        Ok(Account::of(&row, roles))
    }
}

/// Keeps a link, in place of those that the account had.
pub(super) async fn invited(
    tx: &mut PeopleTx,
    account: &str,
    link: &SetupLink,
    now: Timestamp,
) -> Result<(), PeopleError> {
    let digest = digest_of(&link.token).ok_or(PeopleError::NoLink)?;
    open(&known(tx, account).await?)?;
    tx.void_links(account, now).await?;
    Ok(tx.add_link(digest.as_bytes(), account, link.until).await?)
}

/// Why an old password wasn't taken. Who asks is logged in: they may know that the account is locked.
fn not_the_old(error: LoginError) -> PeopleError {
    match error {
        LoginError::Refused(RefusedWhy::Locked) => PeopleError::Locked,
        LoginError::Refused(RefusedWhy::Closed) => PeopleError::Closed,
        LoginError::Refused(RefusedWhy::Password | RefusedWhy::Unknown) => PeopleError::WrongPassword,
        LoginError::Failed(error) => error,
    }
}

fn is_good(link: &LinkRow, now: Timestamp) -> bool {
    link.used.is_none() && now <= link.until
}

/// Refuses an account that is closed.
pub(super) fn open(row: &AccountRow) -> Result<(), PeopleError> {
    if row.state == AccountState::Closed.as_str() { Err(PeopleError::Closed) } else { Ok(()) }
}
