use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, long, name, short},
    sql,
};

/// Somebody who may log in, or another system.
///
/// Ids, logins and what another system calls it have 1000 bytes at the most. Instants are kept in microseconds, rounded down.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id, which never changes.
    pub id: String,
    /// What is typed to log in. Two accounts of a community don't have the same; case matters here.
    pub login: String,
    /// The name of the person, or of the system.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// What a password is compared with.
    pub secret: Option<String>,
    /// Who logs it in, and what it is called there: an `OpenID` provider's issuer and subject.
    pub oidc: Option<(String, String)>,
    /// `invited`, `active` or `closed`.
    pub state: String,
    /// The language of pages.
    pub language: String,
    /// What the person has chosen, as JSON.
    pub settings: String,
    /// How often a wrong password was given since the right one was.
    pub failures: u32,
    /// When it may try again, where it may not now.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
    /// How often it was written, from 1. Whoever changes it must have seen the last one.
    pub version: u64,
}

/// Shows whose it is, and not what its password is compared with.
impl std::fmt::Debug for AccountRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRow")
            .field("id", &self.id)
            .field("login", &self.login)
            .field("state", &self.state)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

const ACCOUNT: &str = "account";
const READING: &str = "read an account";

impl PeopleTx {
    /// Keeps a new account; [`AccountRow::version`] is read as 1. `false` where its id, its login, or its name at another system
    /// belongs to somebody else: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn add_account(&mut self, account: &AccountRow) -> Result<bool, StoreError> {
        account.check()?;
        let first = AccountRow { version: 1, ..account.clone() };
        let written = first.write(&mut self.desk()?, sql::people::ADD_ACCOUNT, &first.made_param()).await?;
        Ok(self.done(written == 1))
    }

    /// Writes an account in place of the version that it was made from, and counts the version on. `false` where somebody else
    /// wrote it meanwhile: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept, and a login that somebody else has.
    pub async fn set_account(&mut self, account: &AccountRow) -> Result<bool, StoreError> {
        account.check()?;
        let written = account.write(&mut self.desk()?, sql::people::SET_ACCOUNT, &[]).await?;
        Ok(self.done(written == 1))
    }

    /// Writes an account as it stands, whichever: as much work as [`PeopleTx::set_account`], and nothing is changed by it. Nothing is
    /// written where there are no accounts.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn write_anew(&mut self) -> Result<(), StoreError> {
        self.desk()?.put("write an account", sql::people::WRITE_ANEW, &[]).await?;
        self.done(());
        Ok(())
    }

    /// An account by its id.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn account(&mut self, id: &str) -> Result<Option<AccountRow>, StoreError> {
        let found = AccountRow::one(&mut self.desk()?, sql::people::ACCOUNT, &[id]).await?;
        Ok(self.done(found))
    }

    /// An account by its login.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn account_of_login(&mut self, login: &str) -> Result<Option<AccountRow>, StoreError> {
        let found = AccountRow::one(&mut self.desk()?, sql::people::ACCOUNT_OF_LOGIN, &[login]).await?;
        Ok(self.done(found))
    }
}

impl Store {
    /// An account by its id.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn account(&self, community: &CommunityId, id: &str) -> Result<Option<AccountRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        AccountRow::one(&mut Desk::new(session.as_mut(), community), sql::people::ACCOUNT, &[id]).await
    }

    /// An account by its login.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn account_of_login(
        &self,
        community: &CommunityId,
        login: &str,
    ) -> Result<Option<AccountRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        AccountRow::one(&mut desk, sql::people::ACCOUNT_OF_LOGIN, &[login]).await
    }

    /// An account by what another system calls it.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn account_of_subject(
        &self,
        community: &CommunityId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AccountRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        AccountRow::one(&mut desk, sql::people::ACCOUNT_OF_SUBJECT, &[issuer, subject]).await
    }

    /// Up to `limit` accounts after a login, in the order of the bytes of their logins; from the first after `""`.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn accounts(
        &self,
        community: &CommunityId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<AccountRow>, StoreError> {
        short(after, "login")?;
        let mut session = self.database().begin_read().await?;
        let params = [Param::Text(after), Param::Int(limit_number(limit))];
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::people::ACCOUNTS_AFTER, &params).await?;
        rows.into_iter().map(AccountRow::read).collect()
    }

    /// The accounts that have, had or are to have a role for a party, in the order of their logins.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn accounts_of_party(
        &self,
        community: &CommunityId,
        party: &str,
    ) -> Result<Vec<AccountRow>, StoreError> {
        short(party, "party")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::people::ACCOUNTS_OF_PARTY, &[Param::Text(party)]).await?;
        rows.into_iter().map(AccountRow::read).collect()
    }

    /// How many accounts there are.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn count_accounts(&self, community: &CommunityId) -> Result<u64, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows("count the accounts", sql::people::COUNT_ACCOUNTS, &[]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.count(ACCOUNT, 0))
    }
}

impl AccountRow {
    fn check(&self) -> Result<(), StoreError> {
        name(&self.id, "id of an account")?;
        name(&self.login, "login")?;
        name(&self.language, "language")?;
        long(&self.name, "name of an account")?;
        long(&self.settings, "settings of an account")?;
        long(self.email.as_deref().unwrap_or_default(), "address for e-mail")?;
        long(self.secret.as_deref().unwrap_or_default(), "secret of an account")?;
        if let Some((issuer, subject)) = &self.oidc {
            name(issuer, "issuer")?;
            name(subject, "subject")?;
        }
        Ok(())
    }

    fn made_param(&self) -> [Param<'static>; 1] {
        [Param::Int(microseconds(self.made))]
    }

    /// Writes it. `made` stands before the version only in a new one.
    async fn write(
        &self,
        desk: &mut Desk<'_>,
        sql: &'static str,
        made: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        let (issuer, subject) = self.oidc.as_ref().map(|(issuer, subject)| (&**issuer, &**subject)).unzip();
        let mut params = vec![
            Param::Text(&self.id),
            Param::Text(&self.login),
            Param::Text(&self.name),
            Param::MaybeText(self.email.as_deref()),
            Param::MaybeText(self.secret.as_deref()),
            Param::MaybeText(issuer),
            Param::MaybeText(subject),
            Param::Text(&self.state),
            Param::Text(&self.language),
            Param::Text(&self.settings),
            Param::Int(self.failures.into()),
            Param::MaybeInt(self.locked_until.map(microseconds)),
        ];
        params.extend(made);
        params.push(Param::Int(i64::try_from(self.version).unwrap_or(i64::MAX)));
        desk.run("write an account", sql, &params).await
    }

    /// The account that a statement finds by these texts.
    pub(super) async fn one(
        desk: &mut Desk<'_>,
        sql: &'static str,
        texts: &[&str],
    ) -> Result<Option<Self>, StoreError> {
        if texts.iter().any(|text| short(text, "name of an account").is_err()) {
            return Ok(None);
        }
        let params: Vec<_> = texts.iter().map(|text| Param::Text(text)).collect();
        let rows = desk.rows(READING, sql, &params).await?;
        rows.into_iter().next().map(Self::read).transpose()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(ACCOUNT, 0)?,
            login: row.text(ACCOUNT, 1)?,
            name: row.text(ACCOUNT, 2)?,
            email: row.maybe_text(ACCOUNT, 3)?,
            secret: row.maybe_text(ACCOUNT, 4)?,
            oidc: row.maybe_text(ACCOUNT, 5)?.zip(row.maybe_text(ACCOUNT, 6)?),
            state: row.text(ACCOUNT, 7)?,
            language: row.text(ACCOUNT, 8)?,
            settings: row.text(ACCOUNT, 9)?,
            failures: row.small(ACCOUNT, 10)?,
            locked_until: row.maybe_instant(ACCOUNT, 11)?,
            made: row.instant(ACCOUNT, 12)?,
            version: row.count(ACCOUNT, 13)?,
        })
    }
}
