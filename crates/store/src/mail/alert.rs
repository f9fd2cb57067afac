use jiff::Timestamp;

use super::{
    Desk,
    desk::{long, name, short},
};
use crate::{
    CommunityId, Store, StoreError, Tx,
    database::{Param, Row},
    entry::microseconds,
    sql,
};

/// What somebody must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it is about, such as `queue-amqp`: while it is raised, it isn't raised again. 1 to 1000 bytes.
    pub name: String,
    /// What to tell.
    pub says: String,
    /// Since when, in microseconds, rounded down.
    pub at: Timestamp,
}

/// An alert that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAlert {
    /// What it is about.
    pub name: String,
    /// What was told when it was raised.
    pub says: String,
    /// When it was raised.
    pub raised: Timestamp,
    /// When it was over; `None` while it isn't.
    pub cleared: Option<Timestamp>,
}

/// Which alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertFilter {
    /// Those that aren't over.
    Active,
    /// Those that are over too.
    All,
}

impl Tx {
    /// Raises an alert. `true` where it wasn't raised: then somebody is to be told. While it is, nothing is written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn raise(&mut self, alert: &Alert) -> Result<bool, StoreError> {
        name(&alert.name, "name of an alert")?;
        long(&alert.says, "alert")?;
        let params = [Param::Text(&alert.name), Param::Text(&alert.says), Param::Int(microseconds(alert.at))];
        let written = self.desk()?.run("raise an alert", sql::mail::RAISE, &params).await?;
        Ok(self.done(written == 1))
    }

    /// Says that what an alert is about is over. `true` where it was raised: then somebody is to be told.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn clear(&mut self, alert: &str, at: Timestamp) -> Result<bool, StoreError> {
        short(alert, "name of an alert")?;
        let params = [Param::Text(alert), Param::Int(microseconds(at))];
        let written = self.desk()?.run("clear an alert", sql::mail::CLEAR, &params).await?;
        Ok(self.done(written == 1))
    }
}

impl Store {
    /// The alerts of a community, in the order in which they were raised.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn alerts(
        &self,
        community: &CommunityId,
        filter: AlertFilter,
    ) -> Result<Vec<KeptAlert>, StoreError> {
        let mut session = self.database().begin_read().await?;
        KeptAlert::all(&mut Desk::new(session.as_mut(), community), filter).await
    }
}

const ALERT: &str = "alert";

impl KeptAlert {
    /// The alerts of a community.
    pub(crate) async fn all(desk: &mut Desk<'_>, filter: AlertFilter) -> Result<Vec<Self>, StoreError> {
        let sql = match filter {
            AlertFilter::Active => sql::mail::ALERTS_ACTIVE,
            AlertFilter::All => sql::mail::ALERTS,
        };
        let rows = desk.rows("read the alerts", sql, &[]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        name(&self.name, "name of an alert")?;
        long(&self.says, "alert").map_err(StoreError::from)
    }

    /// Writes it after all others.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let params = [
            Param::Text(&self.name),
            Param::Text(&self.says),
            Param::Int(microseconds(self.raised)),
            Param::MaybeInt(self.cleared.map(microseconds)),
        ];
        desk.put("write an alert", sql::mail::ADD_ALERT, &params).await
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.text(ALERT, 0)?,
            says: row.text(ALERT, 1)?,
            raised: row.instant(ALERT, 2)?,
            cleared: row.maybe_instant(ALERT, 3)?,
        })
    }
}
