//! The link by which somebody shows that they read what is sent to an address.

use jiff::{SignedDuration, Timestamp};

use super::{Doing, Kept, NoticeError, NoticeState, Notices};
use crate::people::{Random, digest_of, new_secret};

/// How long a link can be used; exactly as long, it still can.
pub const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// How long after one link the next is sent, so that nobody fills another's mailbox.
pub const LINK_PAUSE: SignedDuration = SignedDuration::from_mins(10);

impl Notices {
    /// Makes the link that is to be sent now. Links before it are void. `None` where nobody asked for one, where one was sent a moment
    /// ago, or where the choice was changed meanwhile. The secret is kept nowhere: a link that can't be sent is [put
    /// back](Self::unsent), and another one made.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn make_link(
        &self,
        kept: &Kept,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Option<(String, Kept)>, NoticeError> {
        if !kept.wants_link(now) {
            return Ok(None);
        }
        let token = new_secret(random);
        let link = digest_of(&token);
        let sent = Kept { state: NoticeState::Sent, asked: Some(now), link, ..kept.clone() };
        let is_kept = self.put(&sent, random, now).await?;
        Ok(is_kept.then(|| (token, Kept { version: kept.version + 1, ..sent })))
    }

    /// Says that a link wasn't sent: it is asked for again, and no pause kept.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn unsent(&self, kept: &Kept, random: &dyn Random, now: Timestamp) -> Result<(), NoticeError> {
        let asked = Kept { state: NoticeState::Asked, asked: None, link: None, ..kept.clone() };
        self.put(&asked, random, now).await.map(drop)
    }

    /// Says that nobody takes messages at the address: nothing is sent there any more.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn refuse(&self, kept: &Kept, random: &dyn Random, now: Timestamp) -> Result<(), NoticeError> {
        let mut refused = Kept { state: NoticeState::Refused, link: None, ..kept.clone() };
        refused.choice.is_verified = false;
        self.put(&refused, random, now).await.map(drop)
    }

    /// Asks for another link.
    ///
    /// # Errors
    ///
    /// [`NoticeError::Changed`] where none is waited for, and the store's.
    pub async fn ask_again(&self, doing: Doing<'_>) -> Result<Kept, NoticeError> {
        let known = self.of(&doing.by.account).await?;
        match known.state {
            NoticeState::Asked => Ok(known),
            NoticeState::Sent | NoticeState::Refused => {
                let asked = Kept { state: NoticeState::Asked, link: None, ..known };
                self.written(asked, None, doing).await
            }
            NoticeState::Off | NoticeState::On => Err(NoticeError::Changed),
        }
    }

    /// Whether a link can be used by whom it is tried by.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn is_link(&self, account: &str, token: &str, now: Timestamp) -> Result<bool, NoticeError> {
        Ok(self.of(account).await?.is_proved_by(token, now))
    }

    /// Uses a link up: notices are sent to its address from now on.
    ///
    /// # Errors
    ///
    /// [`NoticeError::NoLink`], [`NoticeError::Changed`], and the store's.
    pub async fn confirm(&self, token: &str, doing: Doing<'_>) -> Result<Kept, NoticeError> {
        let known = self.of(&doing.by.account).await?;
        if !known.is_proved_by(token, doing.now) {
            return Err(NoticeError::NoLink);
        }
        let mut proved = Kept { state: NoticeState::On, link: None, ..known };
        proved.choice.is_verified = true;
        self.written(proved, Some("varsler bekreftet"), doing).await
    }
}

impl Kept {
    /// Whether a link is to be sent now: somebody asked for one, and none was sent a moment ago.
    pub fn wants_link(&self, now: Timestamp) -> bool {
        let is_early = self.asked.is_some_and(|asked| now.duration_since(asked) < LINK_PAUSE);
        self.state == NoticeState::Asked && !is_early
    }

    fn is_proved_by(&self, token: &str, now: Timestamp) -> bool {
        let is_it = self.link.is_some() && digest_of(token) == self.link;
        let is_young = self.asked.is_some_and(|asked| now.duration_since(asked) <= LINK_LASTS);
        self.state == NoticeState::Sent && is_it && is_young
    }
}
