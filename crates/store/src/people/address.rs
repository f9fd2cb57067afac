//! What administrators changed in the address book.

use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, long, name, short},
    sql,
};

/// The entry of a party in the address book, as it was written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    /// Whose it is. 1 to 1000 bytes.
    pub party: String,
    /// How often it was written.
    pub version: u64,
    /// What it says, in a form that is the writer's business; empty: what the node's file says.
    pub entry: String,
    /// The name of who wrote it.
    pub by: String,
    /// When.
    pub changed: Timestamp,
}

const ENTRY: &str = "address_entry";
const READING: &str = "read the address book";

impl PeopleTx {
    /// Keeps an entry as the next version after the one that it was made from, which stays: 0, if there was none. `false` where somebody
    /// wrote that version meanwhile: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn add_address(&mut self, row: &AddressRow) -> Result<bool, StoreError> {
        name(&row.party, "party")?;
        long(&row.entry, "entry of the address book")?;
        long(&row.by, "name")?;
        let params = [
            Param::Text(&row.party),
            Param::Int(i64::try_from(row.version).unwrap_or(i64::MAX)),
            Param::Text(&row.entry),
            Param::Text(&row.by),
            Param::Int(microseconds(row.changed)),
        ];
        let written = self.desk()?.run("keep an address", sql::addresses::ADD, &params).await?;
        Ok(self.done(written == 1))
    }

    /// The newest entry of a party, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn address(&mut self, party: &str) -> Result<Option<AddressRow>, StoreError> {
        short(party, "party")?;
        let rows = self.desk()?.rows(READING, sql::addresses::ONE, &[Param::Text(party)]).await?;
        let found = rows.into_iter().next().map(AddressRow::read).transpose()?;
        Ok(self.done(found))
    }

    /// The newest entry of each party, as this transaction sees it, in the order of their names.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn addresses(&mut self) -> Result<Vec<AddressRow>, StoreError> {
        let found = AddressRow::all(&mut self.desk()?).await?;
        Ok(self.done(found))
    }
}

impl Store {
    /// The newest entry of each party that has one, in the order of their names.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn addresses(&self, community: &CommunityId) -> Result<Vec<AddressRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        AddressRow::all(&mut Desk::new(session.as_mut(), community)).await
    }

    /// How often anything was changed. It grows with each change, and only then.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn address_changes(&self, community: &CommunityId) -> Result<u64, StoreError> {
        let mut session = self.database().begin_read().await?;
        let rows = Desk::new(session.as_mut(), community).rows(READING, sql::addresses::COUNT, &[]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.count(ENTRY, 0))
    }
}

impl AddressRow {
    async fn all(desk: &mut Desk<'_>) -> Result<Vec<Self>, StoreError> {
        let rows = desk.rows(READING, sql::addresses::ALL, &[]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            party: row.text(ENTRY, 0)?,
            version: row.count(ENTRY, 1)?,
            entry: row.text(ENTRY, 2)?,
            by: row.text(ENTRY, 3)?,
            changed: row.instant(ENTRY, 4)?,
        })
    }
}
