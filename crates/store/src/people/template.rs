//! Texts that a party's people begin their messages with.

use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, long, name, short},
    sql,
};

/// A text of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRow {
    /// Whose it is. 1 to 1000 bytes.
    pub party: String,
    /// Its id, 1 to 1000 bytes, which no other text of the party has.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The kind of entry that it is for; empty: any that has its field.
    pub kind: String,
    /// The field that it fills.
    pub field: String,
    /// What it says.
    pub text: String,
    /// The name of who wrote it last.
    pub by: String,
    /// How often it was written; 0 for one that wasn't.
    pub version: u64,
    /// When it was written last.
    pub changed: Timestamp,
}

const TEMPLATE: &str = "text_template";
const READING: &str = "read templates";

impl PeopleTx {
    /// Keeps a template in place of the version that it was made from: 0, if it is new. `false` where somebody wrote another one meanwhile,
    /// or removed it: then nothing was written.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn set_template(&mut self, row: &TemplateRow) -> Result<bool, StoreError> {
        row.check()?;
        let written = row.write(&mut self.desk()?).await?;
        Ok(self.done(written))
    }

    /// Removes the version of a template that was seen. `false` where the party has no such: then nothing was written.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn drop_template(&mut self, party: &str, id: &str, version: u64) -> Result<bool, StoreError> {
        short(party, "party")?;
        short(id, "id of a template")?;
        let params = [Param::Text(party), Param::Text(id), number(version)];
        let gone = self.desk()?.run("remove a template", sql::templates::DROP, &params).await?;
        Ok(self.done(gone == 1))
    }

    /// A template of a party, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn template(&mut self, party: &str, id: &str) -> Result<Option<TemplateRow>, StoreError> {
        let found = TemplateRow::one(&mut self.desk()?, party, id).await?;
        Ok(self.done(found))
    }

    /// How many templates a party has, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn count_templates(&mut self, party: &str) -> Result<u64, StoreError> {
        short(party, "party")?;
        let rows = self.desk()?.rows(READING, sql::templates::COUNT, &[Param::Text(party)]).await?;
        let count = rows.into_iter().next().map_or(Ok(0), |mut row| row.count(TEMPLATE, 0))?;
        Ok(self.done(count))
    }
}

impl Store {
    /// The templates of a party, in the order of their ids. How many there may be is for who writes them to see to.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn templates(
        &self,
        community: &CommunityId,
        party: &str,
    ) -> Result<Vec<TemplateRow>, StoreError> {
        short(party, "party")?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let rows = desk.rows(READING, sql::templates::ALL, &[Param::Text(party)]).await?;
        rows.into_iter().map(TemplateRow::read).collect()
    }

    /// A template of a party.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn template(
        &self,
        community: &CommunityId,
        party: &str,
        id: &str,
    ) -> Result<Option<TemplateRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        TemplateRow::one(&mut Desk::new(session.as_mut(), community), party, id).await
    }
}

impl TemplateRow {
    async fn one(desk: &mut Desk<'_>, party: &str, id: &str) -> Result<Option<Self>, StoreError> {
        short(party, "party")?;
        short(id, "id of a template")?;
        let rows = desk.rows(READING, sql::templates::ONE, &[Param::Text(party), Param::Text(id)]).await?;
        rows.into_iter().next().map(Self::read).transpose()
    }

    fn check(&self) -> Result<(), StoreError> {
        name(&self.party, "party")?;
        name(&self.id, "id of a template")?;
        short(&self.name, "name of a template")?;
        short(&self.kind, "kind of a template")?;
        short(&self.field, "field of a template")?;
        long(&self.text, "template")?;
        long(&self.by, "name").map_err(StoreError::from)
    }

    async fn write(&self, desk: &mut Desk<'_>) -> Result<bool, StoreError> {
        let mut params = vec![
            Param::Text(&self.party),
            Param::Text(&self.id),
            Param::Text(&self.name),
            Param::Text(&self.kind),
            Param::Text(&self.field),
            Param::Text(&self.text),
            Param::Text(&self.by),
            Param::Int(microseconds(self.changed)),
        ];
        let sql = if self.version == 0 {
            sql::templates::ADD
        } else {
            params.push(number(self.version));
            sql::templates::SET
        };
        Ok(desk.run("keep a template", sql, &params).await? == 1)
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            party: row.text(TEMPLATE, 0)?,
            id: row.text(TEMPLATE, 1)?,
            name: row.text(TEMPLATE, 2)?,
            kind: row.text(TEMPLATE, 3)?,
            field: row.text(TEMPLATE, 4)?,
            text: row.text(TEMPLATE, 5)?,
            by: row.text(TEMPLATE, 6)?,
            version: row.count(TEMPLATE, 7)?,
            changed: row.instant(TEMPLATE, 8)?,
        })
    }
}

fn number(version: u64) -> Param<'static> {
    Param::Int(i64::try_from(version).unwrap_or(i64::MAX))
}
