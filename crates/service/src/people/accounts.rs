use std::sync::Arc;

use jiff::Timestamp;
use samspill_store::{AccountRow, CommunityId, PeopleTx, Store};
use tokio::sync::{OnceCell, Semaphore};

use super::{
    Account, AccountSettings, AccountState, NewAccount, PeopleError, Random,
    account::{language_slug, normal_login},
    bytes,
    password::fits,
};

/// The accounts of a community: who may log in, and who is logged in. Clones are the same.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(super) store: Store,
    pub(super) community: CommunityId,
    settings: Arc<AccountSettings>,
    /// Lets so many hash at once.
    hashers: Arc<Semaphore>,
    /// What passwords of names are compared with that nobody has.
    pub(super) decoy: Arc<OnceCell<String>>,
}

impl Accounts {
    /// The accounts of a community in a store.
    pub fn new(store: Store, community: CommunityId, settings: AccountSettings) -> Self {
        let hashers = Arc::new(Semaphore::new(settings.hashing.at_once.max(1)));
        Self { store, community, settings: Arc::new(settings), hashers, decoy: Arc::new(OnceCell::new()) }
    }

    /// What they go by.
    pub fn settings(&self) -> &AccountSettings {
        &self.settings
    }

    /// Makes an account. It has no roles, and nobody can log in with it before it has a password or logs in elsewhere.
    ///
    /// # Errors
    ///
    /// A login that is none, or that is somebody else's.
    pub async fn make(
        &self,
        new: &NewAccount,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Account, PeopleError> {
        let row = new_row(new, random, now)?;
        let work = async |tx: &mut PeopleTx| added(tx, &row).await;
        self.store.write_people(&self.community, work).await?;
        Ok(Account::of(&row, Vec::new()))
    }

    /// An account by its id.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, PeopleError> {
        let found = self.store.account(&self.community, id).await?;
        self.with_roles(found).await
    }

    /// An account by its login, however that is typed.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn by_login(&self, login: &str) -> Result<Option<Account>, PeopleError> {
        let Ok(login) = normal_login(login) else { return Ok(None) };
        let found = self.store.account_of_login(&self.community, &login).await?;
        self.with_roles(found).await
    }

    /// An account by what an `OpenID` provider calls it.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn by_oidc(&self, issuer: &str, subject: &str) -> Result<Option<Account>, PeopleError> {
        let found = self.store.account_of_subject(&self.community, issuer, subject).await?;
        self.with_roles(found).await
    }

    /// Up to `limit` accounts after a login, in the order of their logins; from the first after `""`.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn list(&self, after_login: &str, limit: usize) -> Result<Vec<Account>, PeopleError> {
        let mut accounts = Vec::new();
        for row in self.store.accounts(&self.community, after_login, limit).await? {
            accounts.extend(self.with_roles(Some(row)).await?);
        }
        Ok(accounts)
    }

    /// The accounts that may be used and have a role for a party at an instant, in the order of their logins: whom a duty of the party
    /// can be given to.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn of_party(&self, party: &str, now: Timestamp) -> Result<Vec<Account>, PeopleError> {
        let mut accounts = Vec::new();
        for row in self.store.accounts_of_party(&self.community, party).await? {
            accounts.extend(self.with_roles(Some(row)).await?);
        }
        let works = |account: &Account| {
            let mut roles = account.roles.iter();
            account.state == AccountState::Active && roles.any(|role| role.party == party && role.runs(now))
        };
        accounts.retain(works);
        Ok(accounts)
    }

    /// How many accounts there are.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn count(&self) -> Result<u64, PeopleError> {
        Ok(self.store.count_accounts(&self.community).await?)
    }

    /// Writes name, address for e-mail, language, settings and name at another system as they are in the account.
    ///
    /// # Errors
    ///
    /// [`PeopleError::Changed`] where somebody else wrote it since it was read.
    pub async fn update(&self, account: &Account) -> Result<Account, PeopleError> {
        let oidc = account.oidc.clone().map(|name| (name.issuer, name.subject));
        let elsewhere = match &oidc {
            Some((issuer, subject)) => {
                self.store.account_of_subject(&self.community, issuer, subject).await?
            }
            None => None,
        };
        if elsewhere.is_some_and(|other| other.id != account.id) {
            return Err(PeopleError::LoginTaken(account.login.clone()));
        }
        self.change(&account.id, |row| {
            if row.version != account.version {
                return Err(PeopleError::Changed);
            }
            row.name.clone_from(&account.name);
            row.email.clone_from(&account.email);
            row.settings.clone_from(&account.settings);
            language_slug(account.language).clone_into(&mut row.language);
            row.oidc = oidc;
            Ok(())
        })
        .await
    }

    /// Changes an account in a transaction of its own.
    pub(super) async fn change(
        &self,
        account: &str,
        change: impl FnOnce(&mut AccountRow) -> Result<(), PeopleError>,
    ) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| changed(tx, account, change).await;
        self.store.write_people(&self.community, work).await
    }

    /// Hashes a password, when it is its turn, beside the threads that answer requests. Randomness is asked for first.
    pub(super) async fn hash(&self, password: &str, random: &dyn Random) -> Result<String, PeopleError> {
        let (hashing, password, salt) = (self.settings.hashing, password.to_owned(), Salt(bytes(random)));
        let hashed = self.blocking(move || hashing.hash(&password, &salt)).await?;
        Ok(hashed?)
    }

    /// Whether a password is the one that was kept.
    pub(super) async fn fits(&self, password: &str, kept: &str) -> Result<bool, PeopleError> {
        let (password, kept) = (password.to_owned(), kept.to_owned());
        self.blocking(move || fits(&password, &kept)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PeopleError> {
        let turn = self.hashers.clone().acquire_owned().await.map_err(|_| PeopleError::Ending)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| PeopleError::Ending)
    }

    async fn with_roles(&self, row: Option<AccountRow>) -> Result<Option<Account>, PeopleError> {
        let Some(row) = row else { return Ok(None) };
        let roles = self.store.roles(&self.community, &row.id).await?;
        Ok(Some(Account::of(&row, roles)))
    }
}

/// Bytes that were random when they were asked for.
#[derive(Debug)]
struct Salt([u8; 16]);

impl Random for Salt {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().zip(self.0).for_each(|(byte, random)| *byte = random);
    }
}

/// An account, or that there is none.
pub(super) async fn known(tx: &mut PeopleTx, account: &str) -> Result<AccountRow, PeopleError> {
    tx.account(account).await?.ok_or_else(|| PeopleError::NoAccount(account.to_owned()))
}

/// Keeps a new account, or says that its login is taken.
pub(super) async fn added(tx: &mut PeopleTx, row: &AccountRow) -> Result<(), PeopleError> {
    if tx.add_account(row).await? { Ok(()) } else { Err(PeopleError::LoginTaken(row.login.clone())) }
}

/// Changes an account, in a transaction that may do more.
pub(super) async fn changed(
    tx: &mut PeopleTx,
    account: &str,
    change: impl FnOnce(&mut AccountRow) -> Result<(), PeopleError>,
) -> Result<Account, PeopleError> {
    let mut row = known(tx, account).await?;
    change(&mut row)?;
    if !tx.set_account(&row).await? {
        return Err(PeopleError::Changed);
    }
    row.version += 1;
    Ok(Account::of(&row, tx.roles(account).await?))
}

/// The row of a new account.
pub(super) fn new_row(
    new: &NewAccount,
    random: &dyn Random,
    now: Timestamp,
) -> Result<AccountRow, PeopleError> {
    let id = bytes::<16>(random).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Ok(AccountRow {
        id,
        login: normal_login(&new.login)?,
        name: new.name.trim().to_owned(),
        email: new.email.clone(),
        secret: None,
        oidc: new.oidc.clone().map(|name| (name.issuer, name.subject)),
        state: AccountState::Invited.as_str().to_owned(),
        language: language_slug(new.language).to_owned(),
        settings: "{}".to_owned(),
        failures: 0,
        locked_until: None,
        made: now,
        version: 1,
    })
}
