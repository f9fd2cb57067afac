use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, long, name, short},
    sql,
};

/// That somebody takes access to a case on themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Who.
    pub account: String,
    /// Their name, as it was then.
    pub name: String,
    /// In which role.
    pub role: String,
    /// For which party.
    pub party: String,
    /// Access to which case.
    pub case: String,
    /// Why, in their words.
    pub reason: String,
    /// From this instant on.
    pub at: Timestamp,
    /// Up to and including this instant.
    pub until: Timestamp,
}

/// What somebody took on themselves, and what was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptGrant {
    /// Which one: 1, 2, 3, … in a community, without holes.
    pub number: u64,
    /// Who took what.
    pub grant: NewGrant,
    /// What was said of it afterwards; none while nobody did.
    pub review: Option<Review>,
}

/// What was said of access that somebody took on themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Who looked at it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they found.
    pub verdict: String,
    /// In their words.
    pub remark: String,
}

const GRANT: &str = "self_grant";
const READING: &str = "read what people took on themselves";

impl PeopleTx {
    /// Keeps that somebody takes access on themselves. Gives its number.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn add_grant(&mut self, grant: &NewGrant) -> Result<u64, StoreError> {
        grant.check()?;
        let mut desk = self.desk()?;
        let rows = desk.rows(READING, sql::people::LAST_GRANT, &[]).await?;
        let number = 1 + rows.into_iter().next().map_or(Ok(0), |mut row| row.count(GRANT, 0))?;
        let params = [
            Param::Int(i64::try_from(number).unwrap_or(i64::MAX)),
            Param::Text(&grant.account),
            Param::Text(&grant.name),
            Param::Text(&grant.role),
            Param::Text(&grant.party),
            Param::Text(&grant.case),
            Param::Text(&grant.reason),
            Param::Int(microseconds(grant.at)),
            Param::Int(microseconds(grant.until)),
        ];
        desk.put("keep what somebody took on themselves", sql::people::ADD_GRANT, &params).await?;
        Ok(self.done(number))
    }

    /// One of them, by its number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn grant(&mut self, number: u64) -> Result<Option<KeptGrant>, StoreError> {
        let params = [Param::Int(i64::try_from(number).unwrap_or(i64::MAX))];
        let found = KeptGrant::all(&mut self.desk()?, sql::people::GRANT, &params).await?;
        Ok(self.done(found.into_iter().next()))
    }

    /// Keeps what was said of one. `false` where there is none, or it was reviewed before: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn review_grant(&mut self, number: u64, review: &Review) -> Result<bool, StoreError> {
        name(&review.by, "name of who reviews")?;
        name(&review.verdict, "verdict")?;
        long(&review.remark, "remark")?;
        let params = [
            Param::Int(i64::try_from(number).unwrap_or(i64::MAX)),
            Param::Text(&review.by),
            Param::Int(microseconds(review.at)),
            Param::Text(&review.verdict),
            Param::Text(&review.remark),
        ];
        let written = self.desk()?.run("keep a review", sql::people::REVIEW_GRANT, &params).await?;
        Ok(self.done(written == 1))
    }
}

impl Store {
    /// What an account took on itself and runs at an instant.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn grants_running(
        &self,
        community: &CommunityId,
        account: &str,
        now: Timestamp,
    ) -> Result<Vec<KeptGrant>, StoreError> {
        let mut session = self.database().begin_read().await?;
        KeptGrant::running(&mut Desk::new(session.as_mut(), community), account, now).await
    }

    /// Up to `limit` of them after a number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn grants(
        &self,
        community: &CommunityId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<KeptGrant>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let params = [Param::Int(i64::try_from(after).unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
        let mut desk = Desk::new(session.as_mut(), community);
        KeptGrant::all(&mut desk, sql::people::GRANTS_AFTER, &params).await
    }

    /// Up to `limit` of them that nobody reviewed, the oldest first; of one party, or of all.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn grants_unreviewed(
        &self,
        community: &CommunityId,
        party: Option<&str>,
        limit: usize,
    ) -> Result<Vec<KeptGrant>, StoreError> {
        short(party.unwrap_or_default(), "party")?;
        let mut session = self.database().begin_read().await?;
        let params = [Param::MaybeText(party), Param::Int(limit_number(limit))];
        let mut desk = Desk::new(session.as_mut(), community);
        KeptGrant::all(&mut desk, sql::people::GRANTS_UNREVIEWED, &params).await
    }
}

impl NewGrant {
    fn check(&self) -> Result<(), StoreError> {
        name(&self.account, "id of an account")?;
        name(&self.case, "case")?;
        short(&self.role, "role")?;
        short(&self.party, "party")?;
        long(&self.name, "name")?;
        long(&self.reason, "reason").map_err(StoreError::from)
    }
}

impl KeptGrant {
    /// What an account took on itself and runs at an instant.
    pub(super) async fn running(
        desk: &mut Desk<'_>,
        account: &str,
        now: Timestamp,
    ) -> Result<Vec<Self>, StoreError> {
        short(account, "id of an account")?;
        let params = [Param::Text(account), Param::Int(microseconds(now))];
        Self::all(desk, sql::people::GRANTS_RUNNING, &params).await
    }

    async fn all(
        desk: &mut Desk<'_>,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Self>, StoreError> {
        let rows = desk.rows(READING, sql, params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        let number = row.count(GRANT, 0)?;
        let grant = NewGrant {
            account: row.text(GRANT, 1)?,
            name: row.text(GRANT, 2)?,
            role: row.text(GRANT, 3)?,
            party: row.text(GRANT, 4)?,
            case: row.text(GRANT, 5)?,
            reason: row.text(GRANT, 6)?,
            at: row.instant(GRANT, 7)?,
            until: row.instant(GRANT, 8)?,
        };
        let (by, at) = (row.maybe_text(GRANT, 9)?, row.maybe_instant(GRANT, 10)?);
        let verdict = row.maybe_text(GRANT, 11)?.unwrap_or_default();
        let remark = row.maybe_text(GRANT, 12)?.unwrap_or_default();
        let review = by.zip(at).map(|(by, at)| Review { by, at, verdict, remark });
        Ok(Self { number, grant, review })
    }
}
