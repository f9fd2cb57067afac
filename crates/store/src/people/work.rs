//! What people do with cases, beside what stands in the log: how far they have seen, who does what, what they began to write.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::Position;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, long, name, short},
    sql,
};

/// That somebody does something in a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// The case.
    pub case: String,
    /// What is to be done, under a key that is the caller's. 1 to 1000 bytes.
    pub duty: String,
    /// Who does it: an account.
    pub to: String,
    /// Their name.
    pub to_name: String,
    /// The name of who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What somebody has begun to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id, 1 to 1000 bytes, which no other draft has.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// The case; empty where there is none yet.
    pub case: String,
    /// What it is to be.
    pub kind: String,
    /// What is written so far, as JSON.
    pub json: String,
    /// How often it was kept; 0 for one that wasn't.
    pub version: u64,
    /// When it was kept.
    pub at: Timestamp,
}

const SEEN: &str = "case_seen";
const ASSIGNMENT: &str = "assignment";
const DRAFT: &str = "draft";

/// Assignments that are read at a time.
const AT_ONCE: usize = 1000;

impl PeopleTx {
    /// Says how far an account has seen a case. It never goes back.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn mark_seen(
        &mut self,
        account: &str,
        case: &str,
        position: Position,
    ) -> Result<(), StoreError> {
        name(account, "id of an account")?;
        name(case, "case")?;
        let position = i64::try_from(position.0).unwrap_or(i64::MAX);
        let params = [Param::Text(account), Param::Text(case), Param::Int(position)];
        self.desk()?.put("keep what was seen", sql::people::MARK_SEEN, &params).await?;
        self.done(());
        Ok(())
    }

    /// Says who does something, in place of who did.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn assign(&mut self, assignment: &Assignment) -> Result<(), StoreError> {
        name(&assignment.case, "case")?;
        name(&assignment.duty, "duty")?;
        name(&assignment.to, "id of an account")?;
        long(&assignment.to_name, "name")?;
        long(&assignment.by, "name")?;
        let params = [
            Param::Text(&assignment.case),
            Param::Text(&assignment.duty),
            Param::Text(&assignment.to),
            Param::Text(&assignment.to_name),
            Param::Text(&assignment.by),
            Param::Int(microseconds(assignment.at)),
        ];
        self.desk()?.put("assign", sql::people::ASSIGN, &params).await?;
        self.done(());
        Ok(())
    }

    /// Says that nobody in particular does something. `false` where nobody did.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn unassign(&mut self, case: &str, duty: &str) -> Result<bool, StoreError> {
        short(case, "case")?;
        short(duty, "duty")?;
        let params = [Param::Text(case), Param::Text(duty)];
        let gone = self.desk()?.run("take an assignment back", sql::people::UNASSIGN, &params).await?;
        Ok(self.done(gone == 1))
    }

    /// Keeps a draft in place of the version that it was made from: 0, if it is new. `false` where somebody kept another one
    /// meanwhile, or threw it away: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn set_draft(&mut self, draft: &Draft) -> Result<bool, StoreError> {
        draft.check()?;
        let written = draft.write(&mut self.desk()?).await?;
        Ok(self.done(written))
    }

    /// Throws a draft away. `false` where the account has no such draft.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn drop_draft(&mut self, account: &str, id: &str) -> Result<bool, StoreError> {
        short(account, "id of an account")?;
        short(id, "id of a draft")?;
        let params = [Param::Text(account), Param::Text(id)];
        let gone = self.desk()?.run("throw a draft away", sql::people::DROP_DRAFT, &params).await?;
        Ok(self.done(gone == 1))
    }
}

impl Store {
    /// How far an account has seen its cases.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn seen(
        &self,
        community: &CommunityId,
        account: &str,
    ) -> Result<BTreeMap<String, Position>, StoreError> {
        short(account, "id of an account")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows("read what was seen", sql::people::SEEN, &[Param::Text(account)]).await?;
        rows.into_iter().map(read_seen).collect()
    }

    /// Who does what in some cases, or in all of them where none is named.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn assignments(
        &self,
        community: &CommunityId,
        cases: &BTreeSet<String>,
    ) -> Result<Vec<Assignment>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        if cases.is_empty() {
            return Assignment::all(&mut desk).await;
        }
        cases.iter().try_for_each(|case| short(case, "case"))?;
        let asked: Vec<_> = cases.iter().map(|case| Param::Text(case)).collect();
        let rows = desk.rows_of("read who does what", sql::people::ASSIGNMENTS, &asked, &[]).await?;
        rows.into_iter().map(Assignment::read).collect()
    }

    /// The drafts of an account, the newest first.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn drafts(&self, community: &CommunityId, account: &str) -> Result<Vec<Draft>, StoreError> {
        short(account, "id of an account")?;
        self.read_drafts(community, sql::people::DRAFTS, &[Param::Text(account)]).await
    }

    /// A draft of an account.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn draft(
        &self,
        community: &CommunityId,
        account: &str,
        id: &str,
    ) -> Result<Option<Draft>, StoreError> {
        short(account, "id of an account")?;
        short(id, "id of a draft")?;
        let params = [Param::Text(account), Param::Text(id)];
        let found = self.read_drafts(community, sql::people::DRAFT, &params).await?;
        Ok(found.into_iter().next())
    }

    async fn read_drafts(
        &self,
        community: &CommunityId,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Draft>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let rows = Desk::new(session.as_mut(), community).rows("read drafts", sql, params).await?;
        rows.into_iter().map(Draft::read).collect()
    }
}

pub(super) fn read_seen(mut row: Row) -> Result<(String, Position), StoreError> {
    Ok((row.text(SEEN, 0)?, Position(row.count(SEEN, 1)?)))
}

impl Assignment {
    async fn all(desk: &mut Desk<'_>) -> Result<Vec<Self>, StoreError> {
        let mut all: Vec<Self> = Vec::new();
        loop {
            let (case, duty) = all.last().map_or(("", ""), |last| (&*last.case, &*last.duty));
            let params = [Param::Text(case), Param::Text(duty), Param::Int(limit_number(AT_ONCE))];
            let rows = desk.rows("read who does what", sql::people::ASSIGNMENTS_AFTER, &params).await?;
            if rows.is_empty() {
                return Ok(all);
            }
            let read: Vec<Self> = rows.into_iter().map(Self::read).collect::<Result<_, _>>()?;
            all.extend(read);
        }
    }

    pub(super) fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            case: row.text(ASSIGNMENT, 0)?,
            duty: row.text(ASSIGNMENT, 1)?,
            to: row.text(ASSIGNMENT, 2)?,
            to_name: row.text(ASSIGNMENT, 3)?,
            by: row.text(ASSIGNMENT, 4)?,
            at: row.instant(ASSIGNMENT, 5)?,
        })
    }
}

impl Draft {
    pub(super) fn check(&self) -> Result<(), StoreError> {
        name(&self.id, "id of a draft")?;
        name(&self.account, "id of an account")?;
        short(&self.case, "case")?;
        short(&self.kind, "kind of a draft")?;
        long(&self.json, "draft").map_err(StoreError::from)
    }

    async fn write(&self, desk: &mut Desk<'_>) -> Result<bool, StoreError> {
        let mut params = vec![
            Param::Text(&self.id),
            Param::Text(&self.account),
            Param::Text(&self.case),
            Param::Text(&self.kind),
            Param::Text(&self.json),
            Param::Int(microseconds(self.at)),
        ];
        let sql = if self.version == 0 {
            sql::people::ADD_DRAFT
        } else {
            params.push(Param::Int(i64::try_from(self.version).unwrap_or(i64::MAX)));
            sql::people::SET_DRAFT
        };
        Ok(desk.run("keep a draft", sql, &params).await? == 1)
    }

    pub(super) fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(DRAFT, 0)?,
            account: row.text(DRAFT, 1)?,
            case: row.text(DRAFT, 2)?,
            kind: row.text(DRAFT, 3)?,
            json: row.text(DRAFT, 4)?,
            version: row.count(DRAFT, 5)?,
            at: row.instant(DRAFT, 6)?,
        })
    }
}
