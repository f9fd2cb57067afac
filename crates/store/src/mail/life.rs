use jiff::Timestamp;

use super::{
    Desk, MessageNumber,
    desk::{long, name, short},
};
use crate::{
    CommunityId, Store, StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    sql,
};

/// What an outgoing message waits for: its life, which the caller keeps as JSON, with what of it must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeRow {
    /// The message's id, in the form in which ids are compared. 1 to 1000 bytes.
    pub id: String,
    /// The message.
    pub message: MessageNumber,
    /// When something must have come, in microseconds, rounded down. `None`: there is nothing to wait for.
    pub deadline: Option<Timestamp>,
    /// Whether a person must look at it.
    pub needs_person: bool,
    /// All of it, as JSON.
    pub json: String,
}

const READING: &str = "read what messages wait for";

impl Tx {
    /// The life of a message, by its id.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn life(&mut self, id: &str) -> Result<Option<LifeRow>, StoreError> {
        short(id, "id of a message")?;
        let rows = self.desk()?.rows(READING, sql::mail::LIFE, &[Param::Text(id)]).await?;
        let found = rows.into_iter().next().map(LifeRow::read).transpose()?;
        Ok(self.done(found))
    }

    /// Writes the life of a message, in place of what it was.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoMessage`] and texts that can't be kept: the transaction goes on without it. After any other error it
    /// can only be dropped.
    pub async fn set_life(&mut self, life: &LifeRow) -> Result<(), StoreError> {
        life.check()?;
        self.known(life.message).await?;
        life.write(&mut self.desk()?).await?;
        self.done(());
        Ok(())
    }

    /// The ids of up to `limit` lives whose deadline is `now` or was before, the earliest first.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn lives_due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<String>, StoreError> {
        let params = [Param::Int(microseconds(now)), Param::Int(limit_number(limit))];
        let rows = self.desk()?.rows(READING, sql::mail::LIVES_DUE, &params).await?;
        let ids = rows.into_iter().map(|mut row| row.text(LIFE, 0)).collect::<Result<_, _>>()?;
        Ok(self.done(ids))
    }
}

impl Store {
    /// Up to `limit` lives that a person must look at, of messages after a number, in the order of the messages.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn lives_for_persons(
        &self,
        community: &CommunityId,
        after: MessageNumber,
        limit: usize,
    ) -> Result<Vec<LifeRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let params = [after.param(), Param::Int(limit_number(limit))];
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::mail::LIVES_OF_PERSONS, &params).await?;
        rows.into_iter().map(LifeRow::read).collect()
    }
}

const LIFE: &str = "life";

impl LifeRow {
    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        name(&self.id, "id of a message")?;
        long(&self.json, "life of a message").map_err(StoreError::from)
    }

    /// Writes it in place of what it was.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let params = [
            Param::Text(&self.id),
            self.message.param(),
            Param::MaybeInt(self.deadline.map(microseconds)),
            Param::Int(self.needs_person.into()),
            Param::Text(&self.json),
        ];
        desk.put("write what a message waits for", sql::mail::SET_LIFE, &params).await
    }

    /// Lives after one, so many at the most.
    pub(crate) async fn after(
        desk: &mut Desk<'_>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let params = [Param::Text(after), Param::Int(limit_number(limit))];
        let rows = desk.rows(READING, sql::mail::LIVES_AFTER, &params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    /// Lives of some messages.
    pub(super) async fn of(desk: &mut Desk<'_>, messages: &[MessageNumber]) -> Result<Vec<Self>, StoreError> {
        let asked: Vec<_> = messages.iter().map(|number| number.param()).collect();
        let rows = desk.rows_of(READING, sql::mail::LIVES_OF, &asked, &[]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(LIFE, 0)?,
            message: MessageNumber(row.count(LIFE, 1)?),
            deadline: row.maybe_instant(LIFE, 2)?,
            needs_person: row.int(LIFE, 3)? != 0,
            json: row.text(LIFE, 4)?,
        })
    }
}
