use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, EntryHash, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, long, name, short},
    sql,
};

/// What another system logs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The SHA-256 of its secret.
    pub digest: EntryHash,
    /// Which account.
    pub account: String,
    /// In which role.
    pub role: String,
    /// For which party.
    pub party: String,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Up to and including this instant.
    pub until: Timestamp,
    /// When it was ended.
    pub ended: Option<Timestamp>,
}

const TOKEN: &str = "machine_token";

impl PeopleTx {
    /// Keeps a token.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn add_token(&mut self, token: &TokenRow) -> Result<(), StoreError> {
        name(&token.account, "id of an account")?;
        name(&token.role, "role")?;
        name(&token.party, "party")?;
        long(&token.name, "name of a token")?;
        let params = [
            Param::Bytes(token.digest.as_bytes()),
            Param::Text(&token.account),
            Param::Text(&token.role),
            Param::Text(&token.party),
            Param::Text(&token.name),
            Param::Int(microseconds(token.made)),
            Param::Int(microseconds(token.until)),
        ];
        self.desk()?.put("keep a token", sql::people::ADD_TOKEN, &params).await?;
        self.done(());
        Ok(())
    }

    /// Ends a token. `false` where there is none that wasn't ended.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn end_token(&mut self, digest: &[u8; 32], at: Timestamp) -> Result<bool, StoreError> {
        let params = [Param::Bytes(digest), Param::Int(microseconds(at))];
        let ended = self.desk()?.run("end a token", sql::people::END_TOKEN, &params).await?;
        Ok(self.done(ended == 1))
    }

    /// The tokens of an account, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn tokens_of(&mut self, account: &str) -> Result<Vec<TokenRow>, StoreError> {
        let found = TokenRow::of(&mut self.desk()?, account).await?;
        Ok(self.done(found))
    }

    /// Ends all tokens of an account.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn end_tokens_of(&mut self, account: &str, at: Timestamp) -> Result<u64, StoreError> {
        short(account, "id of an account")?;
        let params = [Param::Text(account), Param::Int(microseconds(at))];
        let ended = self.desk()?.run("end tokens", sql::people::END_TOKENS_OF, &params).await?;
        Ok(self.done(ended))
    }
}

impl Store {
    /// A token by the SHA-256 of its secret, whether it is valid or not.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn token(
        &self,
        community: &CommunityId,
        digest: &[u8; 32],
    ) -> Result<Option<TokenRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows("read a token", sql::people::TOKEN, &[Param::Bytes(digest)]).await?;
        rows.into_iter().next().map(TokenRow::read).transpose()
    }

    /// The tokens of an account, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn tokens_of(
        &self,
        community: &CommunityId,
        account: &str,
    ) -> Result<Vec<TokenRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        TokenRow::of(&mut Desk::new(session.as_mut(), community), account).await
    }
}

impl TokenRow {
    async fn of(desk: &mut Desk<'_>, account: &str) -> Result<Vec<Self>, StoreError> {
        short(account, "id of an account")?;
        let rows = desk.rows("read the tokens", sql::people::TOKENS_OF, &[Param::Text(account)]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            digest: row.hash(TOKEN, 0)?,
            account: row.text(TOKEN, 1)?,
            role: row.text(TOKEN, 2)?,
            party: row.text(TOKEN, 3)?,
            name: row.text(TOKEN, 4)?,
            made: row.instant(TOKEN, 5)?,
            until: row.instant(TOKEN, 6)?,
            ended: row.maybe_instant(TOKEN, 7)?,
        })
    }
}
