//! That nobody is told twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use samspill_store::PeopleTx;

use super::{News, NoticeError, Notices, news::given};

/// After so long a claim without an end is one of a node that stopped in the middle.
pub const CLAIM_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// How long what was told is remembered. What lasts longer is told once more.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Whether a claim that is given back counts as a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// Nothing was sent.
    NotCounted,
    /// It may have been sent: it is tried once more and no more.
    Counted,
}

impl Notices {
    /// Who has taken what on, by case and duty.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn given(&self) -> Result<BTreeMap<(String, String), String>, NoticeError> {
        Ok(given(self.store.assignments(&self.community, &BTreeSet::new()).await?))
    }

    /// Those of some news that an account wasn't told yet, and that nobody is telling it now.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn untold(
        &self,
        account: &str,
        news: Vec<News>,
        now: Timestamp,
    ) -> Result<Vec<News>, NoticeError> {
        let told = self.store.told(&self.community, account, &keys(&news), stale(now)).await?;
        let told: BTreeSet<String> = told.into_iter().collect();
        Ok(news.into_iter().filter(|it| !told.contains(&it.key)).collect())
    }

    /// Claims news, to tell them now. Those that another node claimed meanwhile are left out.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn claim(
        &self,
        account: &str,
        news: Vec<News>,
        now: Timestamp,
    ) -> Result<Vec<News>, NoticeError> {
        let keys = keys(&news);
        let work = async |tx: &mut PeopleTx| tx.claim_notices(account, &keys, now, stale(now)).await;
        let claimed: BTreeSet<String> =
            self.store.write_people(&self.community, work).await?.into_iter().collect();
        Ok(news.into_iter().filter(|it| claimed.contains(&it.key)).collect())
    }

    /// Says that news were told.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn told(&self, account: &str, news: &[News], now: Timestamp) -> Result<(), NoticeError> {
        let keys = keys(news);
        let work = async |tx: &mut PeopleTx| tx.told_notices(account, &keys, now).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// Gives claimed news back.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn release(&self, account: &str, news: &[News], tries: Tries) -> Result<(), NoticeError> {
        let keys = keys(news);
        let counted = u8::from(tries == Tries::Counted);
        let work = async |tx: &mut PeopleTx| tx.release_notices(account, &keys, counted).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// Forgets what was told a year ago.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, NoticeError> {
        let before = now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        let work = async |tx: &mut PeopleTx| tx.forget_notices_before(before).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }
}

fn keys(news: &[News]) -> Vec<String> {
    let keys: BTreeSet<&String> = news.iter().map(|it| &it.key).collect();
    keys.into_iter().cloned().collect()
}

fn stale(now: Timestamp) -> Timestamp {
    now.checked_sub(CLAIM_LASTS).unwrap_or(Timestamp::MIN)
}
