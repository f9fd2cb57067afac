use super::{
    Desk,
    desk::{long, name, short},
};
use crate::{StoreError, Tx, database::Param, entry::limit_number, sql};

/// What was told of a message that isn't known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stray {
    /// Its place among the strays; only their order matters.
    pub(crate) number: u64,
    /// The message's id.
    pub(crate) about: String,
    /// What was told, as JSON.
    pub(crate) json: String,
}

const DOING: &str = "write receipts for what isn't known";

impl Tx {
    /// Strays of a community at the most. When one more comes, the oldest goes.
    pub const STRAYS_MAX: i64 = 10_000;

    /// Keeps what was told of a message that isn't known, as JSON, for when it is.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn add_stray(&mut self, about: &str, json: &str) -> Result<(), StoreError> {
        let stray = Stray { number: 0, about: about.to_owned(), json: json.to_owned() };
        stray.check()?;
        let mut desk = self.desk()?;
        stray.write(&mut desk).await?;
        desk.put(DOING, sql::mail::CAP_STRAYS, &[Param::Int(Self::STRAYS_MAX)]).await?;
        self.done(());
        Ok(())
    }

    /// Gives what was told of a message before it was known, in the order in which it came, and forgets it.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn take_strays(&mut self, about: &str) -> Result<Vec<String>, StoreError> {
        short(about, "id of the message that a receipt is for")?;
        let mut desk = self.desk()?;
        let rows = desk.rows(DOING, sql::mail::STRAYS, &[Param::Text(about)]).await?;
        let found: Vec<_> = rows.into_iter().map(|mut row| row.text(STRAY, 0)).collect::<Result<_, _>>()?;
        if !found.is_empty() {
            desk.put(DOING, sql::mail::DROP_STRAYS, &[Param::Text(about)]).await?;
        }
        Ok(self.done(found))
    }
}

const STRAY: &str = "stray";

impl Stray {
    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        name(&self.about, "id of the message that a receipt is for")?;
        long(&self.json, "receipt").map_err(StoreError::from)
    }

    /// Writes it after all others, whatever its number.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let params = [Param::Text(&self.about), Param::Text(&self.json)];
        desk.put(DOING, sql::mail::ADD_STRAY, &params).await
    }

    /// Strays after a number, so many at the most.
    pub(crate) async fn after(
        desk: &mut Desk<'_>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let params = [Param::Int(i64::try_from(after).unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
        let rows = desk.rows("read receipts for what isn't known", sql::mail::STRAYS_AFTER, &params).await?;
        let read = rows.into_iter().map(|mut row| {
            Ok(Self { number: row.count(STRAY, 0)?, about: row.text(STRAY, 1)?, json: row.text(STRAY, 2)? })
        });
        read.collect()
    }
}
