use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, EntryHash, Store, StoreError,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, name, short},
    sql,
};

/// What somebody wants to be told of by e-mail, sealed by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Whose choice. 1 to 1000 bytes.
    pub account: String,
    /// `off`, `asked`, `sent`, `on` or `refused`.
    pub state: String,
    /// What the key is called that it is sealed with.
    pub key_id: String,
    /// What is sealed.
    pub sealed: Vec<u8>,
    /// The SHA-256 of the secret in the link that was sent. No backup has it.
    pub link: Option<EntryHash>,
    /// When a link was last sent.
    pub asked: Option<Timestamp>,
    /// How often it was written, from 1; 0 for one that isn't kept yet.
    pub version: u64,
    /// When it was written.
    pub changed: Timestamp,
}

const NOTICE: &str = "notice_choice";
const READING: &str = "read what people want to be told";
const CLAIMING: &str = "claim notices";

/// How often a notice is claimed at the most: once, and once more where the first claim had no end.
const TRIES_MAX: i64 = 2;

impl PeopleTx {
    /// Keeps a choice in place of the version that it was made from: 0, if none was kept. `false` where somebody else wrote it
    /// meanwhile: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn set_notice(&mut self, row: &NoticeRow) -> Result<bool, StoreError> {
        row.check()?;
        let written = row.write(&mut self.desk()?).await?;
        Ok(self.done(written))
    }

    /// The choice of an account.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn notice(&mut self, account: &str) -> Result<Option<NoticeRow>, StoreError> {
        short(account, "id of an account")?;
        let found = NoticeRow::some(&mut self.desk()?, sql::notices::CHOICE, &[Param::Text(account)]).await?;
        Ok(self.done(found.into_iter().next()))
    }

    /// Claims notices for an account, to send them now. Gives those that are this caller's: not those that were told, nor those that
    /// somebody claimed after `stale`. One whose claim had no end is claimed a second time, and never a third.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn claim_notices(
        &mut self,
        account: &str,
        notices: &[String],
        now: Timestamp,
        stale: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        name(account, "id of an account")?;
        let mut claimed = Vec::new();
        for notice in notices {
            name(notice, "notice")?;
            let params = [
                Param::Text(account),
                Param::Text(notice),
                Param::Int(microseconds(now)),
                Param::Int(microseconds(stale)),
                Param::Int(TRIES_MAX),
            ];
            if self.desk()?.run(CLAIMING, sql::notices::CLAIM, &params).await? == 1 {
                claimed.push(notice.clone());
            }
            self.done(());
        }
        Ok(claimed)
    }

    /// Says that claimed notices were told.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn told_notices(
        &mut self,
        account: &str,
        notices: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for notice in notices {
            let params = [Param::Text(account), Param::Text(notice), Param::Int(microseconds(now))];
            self.desk()?.put(CLAIMING, sql::notices::TOLD, &params).await?;
            self.done(());
        }
        Ok(())
    }

    /// Gives claimed notices back, so that they are tried again: those that surely weren't sent, `0` tries; those that may have been,
    /// with the `1` try that it was.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn release_notices(
        &mut self,
        account: &str,
        notices: &[String],
        tries: u8,
    ) -> Result<(), StoreError> {
        for notice in notices {
            let back = Param::Int(1 - i64::from(tries.min(1)));
            let params = [Param::Text(account), Param::Text(notice), back];
            self.desk()?.put(CLAIMING, sql::notices::RELEASE, &params).await?;
            self.done(());
        }
        Ok(())
    }

    /// Forgets what was claimed or told before an instant. Gives how much.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn forget_notices_before(&mut self, instant: Timestamp) -> Result<u64, StoreError> {
        let params = [Param::Int(microseconds(instant))];
        let gone = self.desk()?.run("forget old notices", sql::notices::FORGET, &params).await?;
        Ok(self.done(gone))
    }

    /// Says that an account has seen the tasks of a role, as they were at an instant. It never goes back.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn look_at_tasks(
        &mut self,
        account: &str,
        role: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        name(account, "id of an account")?;
        name(role, "role")?;
        let params = [Param::Text(account), Param::Text(role), Param::Int(microseconds(at))];
        self.desk()?.put("keep what was seen", sql::notices::LOOK_AT_TASKS, &params).await?;
        self.done(());
        Ok(())
    }
}

impl Store {
    /// The choice of an account.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn notice(
        &self,
        community: &CommunityId,
        account: &str,
    ) -> Result<Option<NoticeRow>, StoreError> {
        short(account, "id of an account")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let found = NoticeRow::some(&mut desk, sql::notices::CHOICE, &[Param::Text(account)]).await?;
        Ok(found.into_iter().next())
    }

    /// Up to `limit` choices after an account, in the order of the accounts' ids; from the first after `""`.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn notices_after(
        &self,
        community: &CommunityId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        self.read_notices(community, sql::notices::CHOICES_AFTER, after, limit).await
    }

    /// Up to `limit` choices that are sealed with another key than this.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn notices_not_sealed_with(
        &self,
        community: &CommunityId,
        key_id: &str,
        limit: usize,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        self.read_notices(community, sql::notices::CHOICES_NOT_OF_KEY, key_id, limit).await
    }

    /// How many choices are sealed with another key than this.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn count_notices_not_sealed_with(
        &self,
        community: &CommunityId,
        key_id: &str,
    ) -> Result<u64, StoreError> {
        short(key_id, "id of a key")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::notices::COUNT_NOT_OF_KEY, &[Param::Text(key_id)]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.count(NOTICE, 0))
    }

    /// Those of some notices that an account isn't to be told any more: told, claimed after `stale`, or claimed as often as may be.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn told(
        &self,
        community: &CommunityId,
        account: &str,
        notices: &[String],
        stale: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        short(account, "id of an account")?;
        notices.iter().try_for_each(|notice| short(notice, "notice"))?;
        let asked: Vec<_> = notices.iter().map(|notice| Param::Text(notice)).collect();
        let more = [Param::Text(account), Param::Int(microseconds(stale)), Param::Int(TRIES_MAX)];
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows_of(READING, sql::notices::TOLD_OF, &asked, &more).await?;
        rows.into_iter().map(|mut row| row.text("notice_told", 0)).collect()
    }

    /// When an account last said that it had seen the tasks of a role.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn looked_at_tasks(
        &self,
        community: &CommunityId,
        account: &str,
        role: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        short(account, "id of an account")?;
        short(role, "role")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let params = [Param::Text(account), Param::Text(role)];
        let rows = desk.rows("read what was seen", sql::notices::LOOKED_AT_TASKS, &params).await?;
        rows.into_iter().next().map(|mut row| row.instant("task_look", 0)).transpose()
    }

    async fn read_notices(
        &self,
        community: &CommunityId,
        sql: &'static str,
        by: &str,
        limit: usize,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        short(by, "key")?;
        let mut session = self.database().begin_read().await?;
        let params = [Param::Text(by), Param::Int(limit_number(limit))];
        NoticeRow::some(&mut Desk::new(session.as_mut(), community), sql, &params).await
    }
}

impl NoticeRow {
    fn check(&self) -> Result<(), StoreError> {
        name(&self.account, "id of an account")?;
        name(&self.state, "state of notices")?;
        name(&self.key_id, "id of a key").map_err(StoreError::from)
    }

    async fn write(&self, desk: &mut Desk<'_>) -> Result<bool, StoreError> {
        let mut params = vec![
            Param::Text(&self.account),
            Param::Text(&self.state),
            Param::Text(&self.key_id),
            Param::Bytes(&self.sealed),
            Param::MaybeBytes(self.link.as_ref().map(|link| &link.as_bytes()[..])),
            Param::MaybeInt(self.asked.map(microseconds)),
            Param::Int(microseconds(self.changed)),
        ];
        let sql = if self.version == 0 {
            sql::notices::ADD_CHOICE
        } else {
            params.push(Param::Int(i64::try_from(self.version).unwrap_or(i64::MAX)));
            sql::notices::SET_CHOICE
        };
        Ok(desk.run("keep what somebody wants to be told", sql, &params).await? == 1)
    }

    async fn some(
        desk: &mut Desk<'_>,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Self>, StoreError> {
        let rows = desk.rows(READING, sql, params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            account: row.text(NOTICE, 0)?,
            state: row.text(NOTICE, 1)?,
            key_id: row.text(NOTICE, 2)?,
            sealed: row.bytes(NOTICE, 3)?,
            link: row.maybe_hash(NOTICE, 4)?,
            asked: row.maybe_instant(NOTICE, 5)?,
            version: row.count(NOTICE, 6)?,
            changed: row.instant(NOTICE, 7)?,
        })
    }
}
