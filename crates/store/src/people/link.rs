use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, name, short},
    sql,
};

/// A link to set a password with, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Whose password.
    pub account: String,
    /// Up to and including this instant.
    pub until: Timestamp,
    /// When it was used, or made void.
    pub used: Option<Timestamp>,
}

const LINK: &str = "setup_link";

impl PeopleTx {
    /// Keeps a link under the SHA-256 of its secret.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn add_link(
        &mut self,
        digest: &[u8; 32],
        account: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        name(account, "id of an account")?;
        let params = [Param::Bytes(digest), Param::Text(account), Param::Int(microseconds(until))];
        self.desk()?.put("keep a link", sql::people::ADD_LINK, &params).await?;
        self.done(());
        Ok(())
    }

    /// A link by the SHA-256 of its secret.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn link(&mut self, digest: &[u8; 32]) -> Result<Option<LinkRow>, StoreError> {
        let found = LinkRow::by(&mut self.desk()?, digest).await?;
        Ok(self.done(found))
    }

    /// Makes all links of an account void.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn void_links(&mut self, account: &str, at: Timestamp) -> Result<(), StoreError> {
        short(account, "id of an account")?;
        let params = [Param::Text(account), Param::Int(microseconds(at))];
        self.desk()?.put("make links void", sql::people::VOID_LINKS, &params).await?;
        self.done(());
        Ok(())
    }

    /// Forgets links and sessions whose time was over before an instant.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn forget_before(&mut self, instant: Timestamp) -> Result<u64, StoreError> {
        let params = [Param::Int(microseconds(instant))];
        let mut desk = self.desk()?;
        let links = desk.run("forget old links", sql::people::DROP_LINKS, &params).await?;
        let sessions = desk.run("forget old sessions", sql::people::DROP_SESSIONS, &params).await?;
        Ok(self.done(links + sessions))
    }
}

impl Store {
    /// A link by the SHA-256 of its secret.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn link(
        &self,
        community: &CommunityId,
        digest: &[u8; 32],
    ) -> Result<Option<LinkRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        LinkRow::by(&mut Desk::new(session.as_mut(), community), digest).await
    }
}

impl LinkRow {
    async fn by(desk: &mut Desk<'_>, digest: &[u8; 32]) -> Result<Option<Self>, StoreError> {
        let rows = desk.rows("read a link", sql::people::LINK, &[Param::Bytes(digest)]).await?;
        rows.into_iter().next().map(Self::read).transpose()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            account: row.text(LINK, 0)?,
            until: row.instant(LINK, 1)?,
            used: row.maybe_instant(LINK, 2)?,
        })
    }
}
