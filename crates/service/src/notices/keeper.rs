use jiff::Timestamp;
use samspill_store::{CommunityId, EntryHash, NoticeRow, PeopleTx, Store};

use super::{Choice, NoticeError, NoticeState};
use crate::{
    access::Subject,
    audit::{Deed, Doer, Happened, PersonRegister},
    people::Random,
};

/// What people chose to be told, and what they were told. Clones are the same.
#[derive(Clone, Debug)]
pub struct Notices {
    pub(super) store: Store,
    pub(super) community: CommunityId,
    register: PersonRegister,
}

/// What somebody chose, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whose it is.
    pub account: String,
    /// Whether anything is sent.
    pub state: NoticeState,
    /// What they chose.
    pub choice: Choice,
    /// When a link was last sent.
    pub asked: Option<Timestamp>,
    /// How often it was written; 0 for what nobody has chosen yet.
    pub version: u64,
    pub(super) link: Option<EntryHash>,
}

/// Somebody who changes their own notices, for the access log.
#[derive(Clone, Copy, Debug)]
pub struct Doing<'a> {
    /// Who.
    pub by: &'a Subject,
    /// What this program is called in the access log.
    pub node: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// Where randomness comes from.
    pub random: &'a dyn Random,
    /// When.
    pub now: Timestamp,
}

/// Choices that are read at a time.
const AT_ONCE: usize = 500;

impl Notices {
    /// The notices of a community in a store, sealed with the keys of the register of persons.
    pub fn new(store: Store, community: CommunityId, register: PersonRegister) -> Self {
        Self { store, community, register }
    }

    /// What an account chose; what is usual, and nothing sent, for one that didn't.
    ///
    /// # Errors
    ///
    /// The store's, and what can't be opened.
    pub async fn of(&self, account: &str) -> Result<Kept, NoticeError> {
        let row = self.store.notice(&self.community, account).await?;
        row.map_or_else(|| Ok(Kept::none(account)), |row| self.opened(&row))
    }

    /// Whether anything is sent to an account. Nothing is opened for it.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn state_of(&self, account: &str) -> Result<NoticeState, NoticeError> {
        let row = self.store.notice(&self.community, account).await?;
        Ok(row.map_or(NoticeState::Off, |row| NoticeState::called(&row.state)))
    }

    /// All choices by which something is to be sent now, notices or a link, in the order of the accounts' ids. What can't be opened is
    /// left out, and told of in the program's log.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn to_send(&self) -> Result<Vec<Kept>, NoticeError> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let rows = self.store.notices_after(&self.community, &after, AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(all) };
            after.clone_from(&last.account);
            let sends = |row: &&NoticeRow| {
                matches!(NoticeState::called(&row.state), NoticeState::On | NoticeState::Asked)
            };
            for row in rows.iter().filter(sends) {
                match self.opened(row) {
                    Ok(kept) => all.push(kept),
                    Err(error) => tracing::error!(%error, "what somebody chose to be told can't be opened"),
                }
            }
        }
    }

    /// Keeps what somebody chose for themselves, in place of the version that they saw, with a row of the access log. An address that
    /// they haven't proved gets a link first; one that they have stays proved until it is another, or was refused.
    ///
    /// # Errors
    ///
    /// [`NoticeError::Changed`], and the store's.
    pub async fn choose(
        &self,
        wants: Choice,
        is_on: bool,
        version: u64,
        doing: Doing<'_>,
    ) -> Result<Kept, NoticeError> {
        let known = self.of(&doing.by.account).await?;
        if known.version != version {
            return Err(NoticeError::Changed);
        }
        let is_same = known.choice.address == wants.address && known.state != NoticeState::Refused;
        let is_verified = is_same && known.choice.is_verified;
        let state = match (is_on, is_verified) {
            (false, _) => NoticeState::Off,
            (true, true) => NoticeState::On,
            (true, false) if is_same && known.state == NoticeState::Sent => NoticeState::Sent,
            (true, false) => NoticeState::Asked,
        };
        let link = known.link.filter(|_| state == NoticeState::Sent);
        let kept = Kept { state, choice: Choice { is_verified, ..wants }, link, ..known };
        let detail = if is_on { "varsler på" } else { "varsler av" };
        self.written(kept, Some(detail), doing).await
    }

    /// Forgets the address and all that was chosen: nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`Self::choose`].
    pub async fn forget(&self, version: u64, doing: Doing<'_>) -> Result<Kept, NoticeError> {
        let known = self.of(&doing.by.account).await?;
        if known.version != version {
            return Err(NoticeError::Changed);
        }
        let kept = Kept { state: NoticeState::Off, choice: Choice::default(), link: None, ..known };
        self.written(kept, Some("varsler slettet"), doing).await
    }

    /// Writes a choice that somebody changed, and the row of the access log.
    pub(super) async fn written(
        &self,
        kept: Kept,
        detail: Option<&str>,
        doing: Doing<'_>,
    ) -> Result<Kept, NoticeError> {
        let row = self.sealed(&kept, doing.random, doing.now)?;
        let deed = detail.map(|detail| Deed {
            by: Doer::Subject(doing.by),
            what: Happened::AccountChanged,
            party: &doing.by.party,
            detail,
            request: doing.request,
            at: doing.now,
        });
        let work = async |tx: &mut PeopleTx| {
            if !tx.set_notice(&row).await? {
                return Err(NoticeError::Changed);
            }
            if let Some(deed) = deed {
                tx.log_access(&deed.row(doing.node)).await?;
            }
            Ok(())
        };
        self.store.write_people(&self.community, work).await?;
        Ok(Kept { version: kept.version + 1, ..kept })
    }

    /// Writes a choice that the node changed. `false` where somebody else wrote it meanwhile: then theirs stands.
    pub(super) async fn put(
        &self,
        kept: &Kept,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<bool, NoticeError> {
        let row = self.sealed(kept, random, now)?;
        let work = async |tx: &mut PeopleTx| tx.set_notice(&row).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }

    fn sealed(&self, kept: &Kept, random: &dyn Random, now: Timestamp) -> Result<NoticeRow, NoticeError> {
        let text = serde_json::to_string(&kept.choice).map_err(|_| NoticeError::Unreadable)?;
        let (key_id, sealed) = self.register.seal_own(&kept.account, &text, random)?;
        Ok(NoticeRow {
            account: kept.account.clone(),
            state: kept.state.as_str().to_owned(),
            key_id,
            sealed,
            link: kept.link,
            asked: kept.asked,
            version: kept.version,
            changed: now,
        })
    }

    fn opened(&self, row: &NoticeRow) -> Result<Kept, NoticeError> {
        let text = self.register.open_own(&row.account, &row.key_id, &row.sealed)?;
        Ok(Kept {
            account: row.account.clone(),
            state: NoticeState::called(&row.state),
            choice: serde_json::from_str(&text).map_err(|_| NoticeError::Unreadable)?,
            asked: row.asked,
            version: row.version,
            link: row.link,
        })
    }

    /// Seals up to `limit` choices anew that are sealed with another key than the newest. Gives how many were sealed, and how many are
    /// left.
    ///
    /// # Errors
    ///
    /// What can't be opened, and the store's.
    pub async fn rotate(
        &self,
        random: &dyn Random,
        limit: usize,
        now: Timestamp,
    ) -> Result<(u64, u64), NoticeError> {
        let newest = self.register.newest_key();
        let mut resealed = 0;
        for row in self.store.notices_not_sealed_with(&self.community, newest, limit).await? {
            // Whoever wrote it meanwhile has sealed it with the newest key.
            resealed += u64::from(self.put(&self.opened(&row)?, random, now).await?);
        }
        let left = self.store.count_notices_not_sealed_with(&self.community, newest).await?;
        Ok((resealed, left))
    }
}

impl Kept {
    fn none(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            state: NoticeState::Off,
            choice: Choice::default(),
            asked: None,
            version: 0,
            link: None,
        }
    }
}
