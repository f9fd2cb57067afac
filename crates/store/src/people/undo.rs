//! What somebody did a moment ago and may take back: what to put back is the caller's to say, as JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::Position;

use super::{Assignment, Draft, PeopleTx, work::read_seen};
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, long, name, short},
    sql,
};

/// Something that an account may take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoRow {
    /// Its id, 1 to 1000 bytes, which no other has.
    pub id: String,
    /// Who may.
    pub account: String,
    /// What was before, and what was done, as JSON.
    pub json: String,
    /// Up to and including this instant.
    pub until: Timestamp,
}

const UNDO: &str = "undo";

impl PeopleTx {
    /// Keeps what can be taken back.
    ///
    /// # Errors
    ///
    /// A text that can't be kept, and an id that is taken.
    pub async fn offer_undo(&mut self, undo: &UndoRow) -> Result<(), StoreError> {
        name(&undo.id, "id of what may be taken back")?;
        name(&undo.account, "id of an account")?;
        long(&undo.json, "what may be taken back")?;
        let params = [
            Param::Text(&undo.id),
            Param::Text(&undo.account),
            Param::Text(&undo.json),
            Param::Int(microseconds(undo.until)),
        ];
        self.desk()?.put("keep what may be taken back", sql::people::OFFER_UNDO, &params).await?;
        self.done(());
        Ok(())
    }

    /// What an account may take back under an id, which nobody may from then on. Whether its time is over is the caller's to see.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn take_undo(&mut self, account: &str, id: &str) -> Result<Option<UndoRow>, StoreError> {
        let mut desk = self.desk()?;
        let found = UndoRow::by(&mut desk, account, id).await?;
        if found.is_some() {
            let params = [Param::Text(account), Param::Text(id)];
            desk.put("take something back", sql::people::DROP_UNDO, &params).await?;
        }
        Ok(self.done(found))
    }

    /// Forgets what could be taken back until before an instant.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn forget_undos(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let params = [Param::Int(microseconds(before))];
        let gone =
            self.desk()?.run("forget what could be taken back", sql::people::DROP_UNDOS, &params).await?;
        Ok(self.done(gone))
    }

    /// Who does one thing in a case.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn assignment(&mut self, case: &str, duty: &str) -> Result<Option<Assignment>, StoreError> {
        short(case, "case")?;
        short(duty, "duty")?;
        let params = [Param::Text(case), Param::Text(duty)];
        let rows = self.desk()?.rows("read who does what", sql::people::ASSIGNMENT, &params).await?;
        let found = rows.into_iter().next().map(Assignment::read).transpose()?;
        Ok(self.done(found))
    }

    /// A draft of an account.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn draft(&mut self, account: &str, id: &str) -> Result<Option<Draft>, StoreError> {
        short(account, "id of an account")?;
        short(id, "id of a draft")?;
        let params = [Param::Text(account), Param::Text(id)];
        let rows = self.desk()?.rows("read a draft", sql::people::DRAFT, &params).await?;
        let found = rows.into_iter().next().map(Draft::read).transpose()?;
        Ok(self.done(found))
    }

    /// Puts a draft back that was thrown away, with the version that it had. `false` where there is one of its id.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn restore_draft(&mut self, draft: &Draft) -> Result<bool, StoreError> {
        draft.check()?;
        let params = [
            Param::Text(&draft.id),
            Param::Text(&draft.account),
            Param::Text(&draft.case),
            Param::Text(&draft.kind),
            Param::Text(&draft.json),
            Param::Int(microseconds(draft.at)),
            Param::Int(i64::try_from(draft.version).unwrap_or(i64::MAX)),
        ];
        let put = self.desk()?.run("put a draft back", sql::people::RESTORE_DRAFT, &params).await?;
        Ok(self.done(put == 1))
    }

    /// How far an account has seen its cases, as this transaction sees it.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn seen(&mut self, account: &str) -> Result<BTreeMap<String, Position>, StoreError> {
        short(account, "id of an account")?;
        let rows =
            self.desk()?.rows("read what was seen", sql::people::SEEN, &[Param::Text(account)]).await?;
        let read = rows.into_iter().map(read_seen).collect::<Result<_, _>>()?;
        Ok(self.done(read))
    }

    /// Says that an account has seen a case as far as before, or never opened it, where it has seen it exactly as far as `now`.
    /// `false` where it has seen more since: then nothing was written.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn see_again(
        &mut self,
        account: &str,
        case: &str,
        (now, before): (Position, Option<Position>),
    ) -> Result<bool, StoreError> {
        short(account, "id of an account")?;
        short(case, "case")?;
        let number = |position: Position| Param::Int(i64::try_from(position.0).unwrap_or(i64::MAX));
        let params = [Param::Text(account), Param::Text(case), number(now)];
        let mut desk = self.desk()?;
        let changed = match before {
            None => desk.run("take back what was seen", sql::people::UNSEE, &params).await?,
            Some(before) => {
                let params = [&params[..], &[number(before)]].concat();
                desk.run("take back what was seen", sql::people::SEE_AGAIN, &params).await?
            }
        };
        Ok(self.done(changed == 1))
    }
}

impl Store {
    /// What an account may take back under an id. Whether its time is over is the caller's to see.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn undo(
        &self,
        community: &CommunityId,
        account: &str,
        id: &str,
    ) -> Result<Option<UndoRow>, StoreError> {
        let mut session = self.database().begin_read().await?;
        UndoRow::by(&mut Desk::new(session.as_mut(), community), account, id).await
    }
}

impl UndoRow {
    async fn by(desk: &mut Desk<'_>, account: &str, id: &str) -> Result<Option<Self>, StoreError> {
        short(account, "id of an account")?;
        short(id, "id of what may be taken back")?;
        let params = [Param::Text(account), Param::Text(id)];
        let rows = desk.rows("read what may be taken back", sql::people::UNDO, &params).await?;
        rows.into_iter().next().map(|row| Self::read(row, account, id)).transpose()
    }

    fn read(mut row: Row, account: &str, id: &str) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.to_owned(),
            account: account.to_owned(),
            json: row.text(UNDO, 0)?,
            until: row.instant(UNDO, 1)?,
        })
    }
}
