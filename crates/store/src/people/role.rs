use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, name, short},
    sql,
};

/// What an account is, where, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleRow {
    /// The role.
    pub role: String,
    /// The party, as the address book calls it.
    pub party: String,
    /// The unit of the party; empty for all of it.
    pub unit: String,
    /// From this instant on.
    pub from: Timestamp,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

const ROLE: &str = "account_role";

impl PeopleTx {
    /// Gives an account a role, or gives a role that it has another end: one that begins at the same instant is the same.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn set_role(&mut self, account: &str, role: &RoleRow) -> Result<(), StoreError> {
        name(account, "id of an account")?;
        name(&role.role, "role")?;
        name(&role.party, "party")?;
        short(&role.unit, "unit")?;
        let params = [
            Param::Text(account),
            Param::Text(&role.role),
            Param::Text(&role.party),
            Param::Text(&role.unit),
            Param::Int(microseconds(role.from)),
            Param::MaybeInt(role.until.map(microseconds)),
        ];
        self.desk()?.put("give a role", sql::people::SET_ROLE, &params).await?;
        self.done(());
        Ok(())
    }

    /// The roles of an account, those that are over and those to come too.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn roles(&mut self, account: &str) -> Result<Vec<RoleRow>, StoreError> {
        let found = RoleRow::of(&mut self.desk()?, account).await?;
        Ok(self.done(found))
    }
}

impl Store {
    /// The roles of an account, those that are over and those to come too.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn roles(&self, community: &CommunityId, account: &str) -> Result<Vec<RoleRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        RoleRow::of(&mut Desk::new(session.as_mut(), community), account).await
    }
}

impl RoleRow {
    pub(super) async fn of(desk: &mut Desk<'_>, account: &str) -> Result<Vec<Self>, StoreError> {
        short(account, "id of an account")?;
        let rows = desk.rows("read the roles", sql::people::ROLES, &[Param::Text(account)]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            role: row.text(ROLE, 0)?,
            party: row.text(ROLE, 1)?,
            unit: row.text(ROLE, 2)?,
            from: row.instant(ROLE, 3)?,
            until: row.maybe_instant(ROLE, 4)?,
        })
    }
}
