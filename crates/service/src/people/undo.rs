//! Taking back what was just done, where nothing followed from it: who does what, how far somebody has seen, a draft, a role's end.
//!
//! ```text
//!   act ──▶ done, and what was before is kept ──▶ Undo: for some minutes, for who did it
//!                                                  │ undo
//!                                                  ▼
//!                     is it as the act left it? ──▶ put back, once   or   changed by somebody since: left as it is
//! ```
//!
//! What is in the log of a stay can't be taken back: it is put right, withdrawn or cancelled there, by an entry that all can see.

use jiff::{SignedDuration, Timestamp};
use samspill_base::Position;
use samspill_store::{Assignment, Draft, PeopleTx, StoreError, UndoRow};
use serde::{Deserialize, Serialize};

use super::Desk;

/// For how long something may be taken back.
pub const UNDO_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Bytes that are kept of what may be taken back, at most: a draft with more in it is thrown away for good.
const KEPT_BYTES_MAX: usize = 15 << 20;

/// To whom it is offered to take something back.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// An id that no other has, and that nobody can guess.
    pub id: &'a str,
    /// Who did it.
    pub account: &'a str,
    /// When.
    pub now: Timestamp,
}

/// What was done, with what was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undo {
    /// Somebody was given something to do in a case, or let go of it.
    Assigned {
        /// The case.
        case: String,
        /// What is to be done.
        duty: String,
        /// Who did it before; nobody in particular, where there is none.
        before: Option<Given>,
        /// Who does it by this act.
        after: Option<Given>,
    },
    /// Cases were marked as seen.
    Seen(Vec<SeenSince>),
    /// A draft was thrown away.
    DraftDropped(KeptDraft),
    /// A role was ended.
    RoleEnded(EndedRole),
}

/// Who was given something, as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Who does it.
    pub to: String,
    /// Their name.
    pub to_name: String,
    /// The name of who said so.
    pub by: String,
    /// When, to the microsecond.
    pub at: Timestamp,
}

/// How far a case was seen before, and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSince {
    /// The case.
    pub case: String,
    /// The last place that was seen before; none of a case that was never opened.
    pub before: Option<u64>,
    /// The last place that is seen now.
    pub after: u64,
}

/// A draft as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft {
    id: String,
    case: String,
    kind: String,
    json: String,
    version: u64,
    at: Timestamp,
}

/// A role that was ended, row by row: the same role may begin on several days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRole {
    /// Whose.
    pub account: String,
    /// The party that it is for.
    pub party: String,
    /// The role.
    pub(super) role: String,
    /// The unit; empty for all of the party.
    pub(super) unit: String,
    /// Its rows: from when, until when before, and until when by this act.
    pub(super) rows: Vec<EndedRow>,
}

/// A row of a role that was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EndedRow {
    pub(super) from: Timestamp,
    pub(super) before: Option<Timestamp>,
    pub(super) after: Option<Timestamp>,
}

/// What became of taking something back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// All is as before.
    Done,
    /// Somebody changed it since: it was left as they left it.
    Changed,
    /// It was taken back already, or its time is over.
    Gone,
}

impl Undo {
    /// Keeps it, in the transaction in which it was done. `false` where it is too large to keep.
    pub(super) async fn offer(&self, tx: &mut PeopleTx, offer: Offer<'_>) -> Result<bool, StoreError> {
        tx.forget_undos(offer.now).await?;
        let Ok(json) = serde_json::to_string(self) else { return Ok(false) };
        let Ok(until) = offer.now.checked_add(UNDO_FOR) else { return Ok(false) };
        if json.len() > KEPT_BYTES_MAX {
            return Ok(false);
        }
        let (id, account) = (offer.id.to_owned(), offer.account.to_owned());
        tx.offer_undo(&UndoRow { id, account, json, until }).await?;
        Ok(true)
    }

    /// What a row says, if its time isn't over. At its last instant it isn't.
    pub(super) fn of(row: &UndoRow, now: Timestamp) -> Option<Self> {
        if now > row.until { None } else { serde_json::from_str(&row.json).ok() }
    }
}

impl Given {
    fn of(assignment: Assignment) -> Self {
        let Assignment { to, to_name, by, at, .. } = assignment;
        Self { to, to_name, by, at }
    }

    fn assignment(self, case: &str, duty: &str) -> Assignment {
        let Self { to, to_name, by, at } = self;
        Assignment { case: case.to_owned(), duty: duty.to_owned(), to, to_name, by, at }
    }
}

impl Desk {
    /// What an account may take back under an id, and until when.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn offered(
        &self,
        account: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<(Undo, Timestamp)>, StoreError> {
        let row = self.store.undo(&self.community, account, id).await?;
        Ok(row.and_then(|row| Some((Undo::of(&row, now)?, row.until))))
    }

    /// Says who does something, in place of who did; it can be taken back.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn assign_for_now(
        &self,
        assignment: &Assignment,
        offer: Offer<'_>,
    ) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let before = tx.assignment(&assignment.case, &assignment.duty).await?.map(Given::of);
            tx.assign(assignment).await?;
            let after = tx.assignment(&assignment.case, &assignment.duty).await?.map(Given::of);
            let (case, duty) = (assignment.case.clone(), assignment.duty.clone());
            Undo::Assigned { case, duty, before, after }.offer(tx, offer).await
        };
        self.store.write_people(&self.community, work).await
    }

    /// Says that nobody in particular does something; it can be taken back. `false` where nobody did.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn unassign_for_now(
        &self,
        case: &str,
        duty: &str,
        offer: Offer<'_>,
    ) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let before = tx.assignment(case, duty).await?.map(Given::of);
            if !tx.unassign(case, duty).await? {
                return Ok(false);
            }
            let (case, duty) = (case.to_owned(), duty.to_owned());
            Undo::Assigned { case, duty, before, after: None }.offer(tx, offer).await
        };
        self.store.write_people(&self.community, work).await
    }

    /// Says how far an account has seen some cases, all of it or none; it can be taken back. `false` where it had seen them all.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn mark_seen_for_now(
        &self,
        seen: &[(String, u64)],
        offer: Offer<'_>,
    ) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let before = tx.seen(offer.account).await?;
            let mut since = Vec::new();
            for (case, position) in seen {
                let was = before.get(case).map(|position| position.0);
                if was.is_none_or(|was| was < *position) {
                    tx.mark_seen(offer.account, case, Position(*position)).await?;
                    since.push(SeenSince { case: case.clone(), before: was, after: *position });
                }
            }
            if since.is_empty() { Ok(false) } else { Undo::Seen(since).offer(tx, offer).await }
        };
        self.store.write_people(&self.community, work).await
    }

    /// Throws a draft away; it can be taken back. `false` where the account has no such draft, or it is too large to keep it so.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn drop_draft_for_now(&self, id: &str, offer: Offer<'_>) -> Result<bool, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let Some(draft) = tx.draft(offer.account, id).await? else { return Ok(false) };
            tx.drop_draft(offer.account, id).await?;
            let Draft { id, case, kind, json, version, at, .. } = draft;
            Undo::DraftDropped(KeptDraft { id, case, kind, json, version, at }).offer(tx, offer).await
        };
        self.store.write_people(&self.community, work).await
    }

    /// Takes something back, if it is as the act left it. Roles are their keeper's to give back.
    ///
    /// # Errors
    ///
    /// The store's; then nothing was written.
    pub async fn undo(&self, account: &str, id: &str, now: Timestamp) -> Result<Undone, StoreError> {
        let mut tx = self.store.begin_people(&self.community).await?;
        let row = tx.take_undo(account, id).await?;
        let Some(undo) = row.and_then(|row| Undo::of(&row, now)) else { return Ok(Undone::Gone) };
        let is_done = match undo {
            Undo::Assigned { case, duty, before, after } => {
                put_assignment_back(&mut tx, (&case, &duty), before, after).await?
            }
            Undo::Seen(since) => put_seen_back(&mut tx, account, &since).await?,
            Undo::DraftDropped(kept) => tx.restore_draft(&kept.draft(account)).await?,
            Undo::RoleEnded(_) => return Ok(Undone::Gone),
        };
        // What was changed since is left, and so is the offer: nothing of this transaction stands.
        if !is_done {
            return Ok(Undone::Changed);
        }
        tx.commit().await?;
        Ok(Undone::Done)
    }
}

impl KeptDraft {
    fn draft(self, account: &str) -> Draft {
        let Self { id, case, kind, json, version, at } = self;
        Draft { id, account: account.to_owned(), case, kind, json, version, at }
    }
}

async fn put_assignment_back(
    tx: &mut PeopleTx,
    (case, duty): (&str, &str),
    before: Option<Given>,
    after: Option<Given>,
) -> Result<bool, StoreError> {
    if tx.assignment(case, duty).await?.map(Given::of) != after {
        return Ok(false);
    }
    match before {
        Some(given) => tx.assign(&given.assignment(case, duty)).await?,
        None => drop(tx.unassign(case, duty).await?),
    }
    Ok(true)
}

/// Puts back how far cases were seen; those that were opened and read on since stay as they are. `false` where that is all of them.
async fn put_seen_back(tx: &mut PeopleTx, account: &str, since: &[SeenSince]) -> Result<bool, StoreError> {
    let mut is_any = false;
    for it in since {
        let places = (Position(it.after), it.before.map(Position));
        is_any |= tx.see_again(account, &it.case, places).await?;
    }
    Ok(is_any)
}
