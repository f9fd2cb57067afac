use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, name, short},
    sql,
};

/// Who a patient is, sealed by the caller.
///
/// The store can't open it: it knows neither the key that it is sealed with nor the one that the row's key was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The row's key, which says nothing of the person. 1 to 1000 bytes.
    pub person: String,
    /// What the key that it is sealed with is called. 1 to 1000 bytes.
    pub key_id: String,
    /// `none`, `address` or `identity`: what of it is kept from most.
    pub protection: String,
    /// What is sealed.
    pub sealed: Vec<u8>,
    /// How often it was written, from 1; 0 for a person that isn't kept yet.
    pub version: u64,
    /// When it was written.
    pub changed: Timestamp,
}

const PERSON: &str = "person";
const READING: &str = "read persons";

/// What both kinds of transaction can do.
macro_rules! in_transaction {
    ($type:ty) => {
        impl $type {
            /// Keeps a person in place of the version that it was made from: 0, if it wasn't kept. `false` where somebody else wrote
            /// it meanwhile: then nothing was written.
            ///
            /// # Errors
            ///
            /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
            pub async fn set_person(&mut self, person: &PersonRow) -> Result<bool, StoreError> {
                person.check()?;
                let written = person.write(&mut self.desk()?).await?;
                Ok(self.done(written))
            }

            /// A person by the row's key.
            ///
            /// # Errors
            ///
            /// A database that can't be read.
            pub async fn person(&mut self, person: &str) -> Result<Option<PersonRow>, StoreError> {
                short(person, "key of a person")?;
                let found = PersonRow::some(&mut self.desk()?, &[Param::Text(person)]).await?;
                Ok(self.done(found.into_iter().next()))
            }
        }
    };
}

in_transaction!(Tx);
in_transaction!(PeopleTx);

impl Store {
    /// Some persons by the rows' keys, in no order. Those that aren't known are left out.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn persons(
        &self,
        community: &CommunityId,
        persons: &BTreeSet<String>,
    ) -> Result<Vec<PersonRow>, StoreError> {
        persons.iter().try_for_each(|person| short(person, "key of a person"))?;
        let asked: Vec<_> = persons.iter().map(|person| Param::Text(person)).collect();
        let mut session = self.database().begin_read().await?;
        PersonRow::some(&mut Desk::new(session.as_mut(), community), &asked).await
    }

    /// What is kept from most of whom, by the rows' keys: all of whom something is.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn persons_protected(
        &self,
        community: &CommunityId,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::people::PERSONS_PROTECTED, &[]).await?;
        rows.into_iter().map(|mut row| Ok((row.text(PERSON, 0)?, row.text(PERSON, 1)?))).collect()
    }

    /// Up to `limit` persons after one, in the order of the rows' keys; from the first after `""`.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn persons_after(
        &self,
        community: &CommunityId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<PersonRow>, StoreError> {
        self.read_persons(community, sql::people::PERSONS_AFTER, after, limit).await
    }

    /// Up to `limit` persons that are sealed with another key than this.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn persons_not_sealed_with(
        &self,
        community: &CommunityId,
        key_id: &str,
        limit: usize,
    ) -> Result<Vec<PersonRow>, StoreError> {
        self.read_persons(community, sql::people::PERSONS_NOT_OF_KEY, key_id, limit).await
    }

    /// How many persons are sealed with another key than this.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn count_persons_not_sealed_with(
        &self,
        community: &CommunityId,
        key_id: &str,
    ) -> Result<u64, StoreError> {
        short(key_id, "id of a key")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::people::COUNT_NOT_OF_KEY, &[Param::Text(key_id)]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.count(PERSON, 0))
    }

    async fn read_persons(
        &self,
        community: &CommunityId,
        sql: &'static str,
        by: &str,
        limit: usize,
    ) -> Result<Vec<PersonRow>, StoreError> {
        short(by, "key")?;
        let mut session = self.database().begin_read().await?;
        let params = [Param::Text(by), Param::Int(limit_number(limit))];
        let rows = Desk::new(session.as_mut(), community).rows(READING, sql, &params).await?;
        rows.into_iter().map(PersonRow::read).collect()
    }
}

impl PersonRow {
    fn check(&self) -> Result<(), StoreError> {
        name(&self.person, "key of a person")?;
        name(&self.key_id, "id of a key")?;
        name(&self.protection, "protection").map_err(StoreError::from)
    }

    async fn write(&self, desk: &mut Desk<'_>) -> Result<bool, StoreError> {
        let mut params = vec![
            Param::Text(&self.person),
            Param::Text(&self.key_id),
            Param::Text(&self.protection),
            Param::Bytes(&self.sealed),
            Param::Int(microseconds(self.changed)),
        ];
        let sql = if self.version == 0 {
            sql::people::ADD_PERSON
        } else {
            params.push(Param::Int(i64::try_from(self.version).unwrap_or(i64::MAX)));
            sql::people::SET_PERSON
        };
        Ok(desk.run("keep a person", sql, &params).await? == 1)
    }

    async fn some(desk: &mut Desk<'_>, asked: &[Param<'_>]) -> Result<Vec<Self>, StoreError> {
        let rows = desk.rows_of(READING, sql::people::PERSONS, asked, &[]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.text(PERSON, 0)?,
            key_id: row.text(PERSON, 1)?,
            protection: row.text(PERSON, 2)?,
            sealed: row.bytes(PERSON, 3)?,
            version: row.count(PERSON, 4)?,
            changed: row.instant(PERSON, 5)?,
        })
    }
}
