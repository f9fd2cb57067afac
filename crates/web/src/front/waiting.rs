use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use samspill_service::{
    access::Action,
    downtime::KnownDowntime,
    exchange::astray::{Astray, astray},
    live::StayLine,
    people::Desk,
};
use tokio::time::Instant;

use super::{Refused, Signed};
use crate::App;

/// How old what every page says may be, in seconds. What somebody does themselves is seen at once.
const FRESH_SECONDS: u32 = 5;

/// What every page says waits for somebody: kept for some seconds, so that a page asks the store for none of it. Each node keeps its own.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Who holds it reads anew: one at a time.
    astray: tokio::sync::Mutex<Option<Kept<Arc<[Astray]>>>>,
    downtime: tokio::sync::Mutex<Option<Kept<Arc<KnownDowntime>>>>,
    /// By account, for the role that it last asked in.
    unread: Mutex<HashMap<String, (String, Kept<usize>)>>,
}

/// Something, and when it was read: by the clock of the machine, and by the clock that pages go by.
#[derive(Clone, Debug)]
struct Kept<T> {
    what: T,
    read: Instant,
    now: Timestamp,
}

impl<T> Kept<T> {
    fn new(what: T, now: Timestamp) -> Self {
        Self { what, read: Instant::now(), now }
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.now);
        self.read.elapsed() < Duration::from_secs(FRESH_SECONDS.into())
            && SignedDuration::ZERO <= age
            && age < SignedDuration::from_secs(FRESH_SECONDS.into())
    }
}

impl Waiting {
    /// Messages were seen to: they are read anew.
    pub(crate) async fn forget_astray(&self) {
        if let Some(kept) = self.astray.lock().await.as_mut() {
            kept.now = Timestamp::MIN;
        }
    }

    /// Downtime was registered, or what became of it: it is read anew.
    pub(crate) async fn forget_downtime(&self) {
        if let Some(kept) = self.downtime.lock().await.as_mut() {
            kept.now = Timestamp::MIN;
        }
    }

    /// An account read something: what it hasn't read is counted anew.
    pub(crate) fn forget_unread(&self, account: &str) {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    fn unread(&self, account: &str, role: &str, now: Timestamp) -> Option<usize> {
        let all = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, kept) = all.get(account)?;
        (of == role && kept.is_fresh(now)).then_some(kept.what)
    }

    fn keep_unread(&self, account: &str, role: String, unread: Kept<usize>) {
        let mut all = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(account.to_owned(), (role, unread));
    }
}

impl App {
    /// The messages that didn't get through, as of some seconds ago at the most.
    async fn astray(&self) -> Result<Arc<[Astray]>, Refused> {
        let now = self.now();
        let mut kept = self.waiting().astray.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh(now)) {
            return Ok(Arc::clone(&kept.what));
        }
        let known: Arc<[Astray]> = kept.as_ref().map(|kept| Arc::clone(&kept.what)).unwrap_or_default();
        let found = astray(&self.parts().mailroom, self.live(), &known, now).await;
        let found: Arc<[Astray]> = found.map_err(Refused::failed)?.into();
        *kept = Some(Kept::new(Arc::clone(&found), now));
        Ok(found)
    }

    /// What is known of the downtime of all parties, as of some seconds ago at the most.
    pub(crate) async fn downtime(&self) -> Result<Arc<KnownDowntime>, Refused> {
        let now = self.now();
        let mut kept = self.waiting().downtime.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh(now)) {
            return Ok(Arc::clone(&kept.what));
        }
        let parts = self.parts();
        let found = KnownDowntime::read(&parts.store, &parts.community, self.book(), now).await;
        let found = Arc::new(found.map_err(Refused::failed)?);
        *kept = Some(Kept::new(Arc::clone(&found), now));
        Ok(found)
    }

    /// The messages that somebody's party sent, that they may read, and that didn't get through; none for who reads no messages.
    pub(crate) async fn astray_seen_by(&self, signed: &Signed) -> Result<Vec<Astray>, Refused> {
        let now = self.now();
        if !signed.has_task(Action::ReadMessage, now) {
            return Ok(Vec::new());
        }
        let all = self.astray().await?;
        let may = |action, resource: samspill_service::access::Resource<'_>| {
            signed.decides(signed.purpose(), action, resource, now).is_allowed
        };
        Ok(all.iter().filter(|it| it.is_for(self.book(), &signed.subject.party, may)).cloned().collect())
    }

    /// In how many stays something came that somebody hasn't read, as of some seconds ago at the most; none for who reads no messages.
    pub(crate) async fn unread_of(&self, signed: &Signed) -> Result<Option<usize>, Refused> {
        let now = self.now();
        if !signed.has_task(Action::ReadMessage, now) {
            return Ok(None);
        }
        let subject = &signed.subject;
        let role = format!("{}\n{}", subject.role.as_str(), subject.party);
        if let Some(unread) = self.waiting().unread(&subject.account, &role, now) {
            return Ok(Some(unread));
        }
        let parts = self.parts();
        let desk = Desk::new(parts.store.clone(), parts.community.clone());
        let seen = desk.seen(&subject.account).await.map_err(Refused::failed)?;
        let stays = self.live().stays();
        let is_new = |line: &StayLine| seen.get(&line.row.case).is_none_or(|seen| *seen < line.last_position);
        let new = stays.iter().filter(|line| {
            is_new(line)
                && signed.sees(&line.involvement, Action::ReadMessage, now)
                && is_new(&self.line_seen_by(signed, line))
        });
        let unread = new.count();
        self.waiting().keep_unread(&subject.account, role, Kept::new(unread, now));
        Ok(Some(unread))
    }
}
