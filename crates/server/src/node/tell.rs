//! Tells people by e-mail what they chose to be told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use samspill_service::{
    access::{Means, Subject},
    downtime::{KnownDowntime, Periods},
    exchange::astray::{Astray, astray},
    live::LiveError,
    notices::{Kept, Letter, News, NoticeError, NoticeKind, NoticeState, Notices, Tries, Watch},
    people::{Account, AccountState, PeopleError, RoleHeld, RoleKey, SystemRandom},
};
use samspill_store::StoreError;
use samspill_transport::Doing;
use samspill_web::App;
use sha2::{Digest as _, Sha256};

use crate::{
    Front,
    email::{Line, LineFault, SendFault, Smtp},
    jobs::{Job, Outcome},
    metrics::{Metrics, NoticeOutcome},
    pause::Pauses,
};

/// After an answer that says «not now» of one address: from a minute to an hour.
const PAUSES: Pauses = Pauses { first: Duration::from_mins(1), max: Duration::from_hours(1) };

/// How often what was told long ago is forgotten.
const FORGET_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Tells people, again and again.
#[derive(Debug)]
pub(super) struct Tell {
    /// The front door, when it is open.
    pub(super) front: Front,
    pub(super) smtp: Smtp,
    pub(super) metrics: Arc<Metrics>,
    pub(super) every: Duration,
    /// What is known of addresses that were to be tried later. Forgotten when the process ends: then they are tried at once.
    pub(super) later: Mutex<Later>,
}

/// Who is tried later, and when old claims were last forgotten.
#[derive(Debug, Default)]
pub(super) struct Later {
    accounts: BTreeMap<String, (u32, Timestamp)>,
    forgot: Option<Timestamp>,
    /// Whose letter ended the last round: the next begins after.
    ended_at: String,
}

/// Why a round can't go on.
#[derive(Debug, thiserror::Error)]
enum RoundFault {
    #[error(transparent)]
    Line(#[from] LineFault),
    /// The line was good for nothing when a letter went to somebody: the line's fault, or their address's.
    #[error(transparent)]
    Letter(LineFault),
    #[error(transparent)]
    Notices(#[from] NoticeError),
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Live(#[from] LiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Posted {
    /// There was none.
    Nothing,
    /// It was taken.
    Sent,
    /// It is tried later.
    Later,
    /// Its address is refused.
    Refused,
}

impl Job for Tell {
    fn name(&self) -> &'static str {
        "notices"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn run(&self, now: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(async move {
            // Until the front door is open, nobody knows what is late.
            let Some(app) = self.front.now() else { return Outcome::Done };
            let parts = app.parts();
            let notices =
                Notices::new(parts.store.clone(), parts.community.clone(), parts.people_register.clone());
            let astray = Vec::new();
            let counts = [0; 3];
            let mut round = Round {
                job: self,
                app: &app,
                notices,
                now,
                astray,
                periods: Periods::default(),
                line: None,
                counts,
                suspect: None,
            };
            let ended = round.all().await;
            if let Some(line) = round.line.take() {
                line.close().await;
            }
            let [mails, later, refused] = round.counts;
            if round.counts != [0; 3] {
                tracing::info!(job = "notices", mails, later, refused, "people were told what they chose");
            }
            match ended {
                Ok(()) => Outcome::Done,
                Err(fault) => Outcome::Failed { says: format!("people can't be told: {fault}") },
            }
        })
    }
}

/// One round over all who are to be told something.
struct Round<'r> {
    job: &'r Tell,
    app: &'r App,
    notices: Notices,
    now: Timestamp,
    /// The messages that didn't get through; none unless somebody wants to be told of them.
    astray: Vec<Astray>,
    /// The downtime that is known.
    periods: Periods,
    /// Opened for the first letter, and used for all.
    line: Option<Line>,
    /// Sent, later, refused.
    counts: [u64; 3],
    /// Whose letter the line broke at, and how: their address is to blame if the next letter is taken.
    suspect: Option<(String, LineFault)>,
}

impl Round<'_> {
    async fn all(&mut self) -> Result<(), RoundFault> {
        self.forget().await?;
        let all = self.notices.to_send().await?;
        if all.is_empty() {
            return Ok(());
        }
        let given = self.notices.given().await?;
        if all.iter().any(|kept| kept.choice.kinds.contains(&NoticeKind::Astray)) {
            self.astray = astray(&self.app.parts().mailroom, self.app.live(), &[], self.now).await?;
        }
        self.periods = self.known_downtime().await?;
        for kept in self.job.in_turn(&all, self.now) {
            match self.post(kept, &given).await {
                Ok(posted) => self.count(&kept.account, posted),
                Err(RoundFault::Letter(fault)) => self.broke(&kept.account, fault)?,
                Err(fault) => return Err(fault),
            }
        }
        self.suspect.take().map_or(Ok(()), |(_, fault)| Err(fault.into()))
    }

    async fn known_downtime(&self) -> Result<Periods, StoreError> {
        let parts = self.app.parts();
        Ok(KnownDowntime::read(&parts.store, &parts.community, self.app.book(), self.now).await?.periods)
    }

    /// Sends somebody what they are to have now.
    async fn post(
        &mut self,
        kept: &Kept,
        given: &BTreeMap<(String, String), String>,
    ) -> Result<Posted, RoundFault> {
        let account = self.app.parts().accounts.account(&kept.account).await?;
        let Some(account) = account.filter(|it| it.state == AccountState::Active) else {
            return Ok(Posted::Nothing);
        };
        match kept.state {
            NoticeState::Asked if kept.wants_link(self.now) => self.link(kept, &account).await,
            NoticeState::On if kept.choice.is_verified => self.news(kept, &account, given).await,
            NoticeState::On
            | NoticeState::Asked
            | NoticeState::Off
            | NoticeState::Sent
            | NoticeState::Refused => Ok(Posted::Nothing),
        }
    }

    /// The line broke at somebody's letter. The next one tells whether it is their address; after two in a row, all wait. The round after
    /// begins with those behind them, so that whoever it breaks at holds nobody up for good.
    fn broke(&mut self, account: &str, fault: LineFault) -> Result<(), RoundFault> {
        account.clone_into(&mut self.job.later().ended_at);
        if self.suspect.is_some() {
            return Err(fault.into());
        }
        self.suspect = Some((account.to_owned(), fault));
        Ok(())
    }

    /// Sends the link that shows that somebody reads what is sent to their address.
    async fn link(&mut self, kept: &Kept, account: &Account) -> Result<Posted, RoundFault> {
        // A line first: a link that is made and can't be sent would be of no use.
        self.open().await?;
        let made = self.notices.make_link(kept, &SystemRandom, self.now).await?;
        let Some((token, made)) = made else { return Ok(Posted::Nothing) };
        let letter = Letter::of_link(&token, &self.app.parts().settings.origin, account.language);
        let sent = self.send(&kept.choice.address, &letter, &token).await;
        match sent {
            Ok(()) => Ok(Posted::Sent),
            Err(SendFault::Refused) => {
                self.notices.refuse(&made, &SystemRandom, self.now).await?;
                Ok(Posted::Refused)
            }
            Err(SendFault::Later(_)) => {
                self.notices.unsent(&made, &SystemRandom, self.now).await?;
                Ok(Posted::Later)
            }
            Err(SendFault::Line(fault) | SendFault::Broken(fault)) => {
                self.notices.unsent(&made, &SystemRandom, self.now).await?;
                Err(RoundFault::Letter(fault))
            }
        }
    }

    /// Sends all that is new to somebody in one letter.
    async fn news(
        &mut self,
        kept: &Kept,
        account: &Account,
        given: &BTreeMap<(String, String), String>,
    ) -> Result<Posted, RoundFault> {
        let news = self.new_to(kept, account, given).await?;
        if news.is_empty() {
            return Ok(Posted::Nothing);
        }
        // Nothing is claimed while there is nobody to send it.
        self.open().await?;
        let news = self.notices.claim(&account.id, news, self.now).await?;
        if news.is_empty() {
            return Ok(Posted::Nothing);
        }
        let parts = self.app.parts();
        let zone = parts.projections.agreements().zone();
        let letter = Letter::of_news(&news, &parts.settings.origin, account.language, (self.now, &zone));
        let sent = self.send(&kept.choice.address, &letter, &key_of(&news)).await;
        self.noted(kept, &news, sent).await
    }

    /// Notes what became of a letter with news.
    async fn noted(
        &self,
        kept: &Kept,
        news: &[News],
        sent: Result<(), SendFault>,
    ) -> Result<Posted, RoundFault> {
        let Err(fault) = sent else {
            self.notices.told(&kept.account, news, self.now).await?;
            return Ok(Posted::Sent);
        };
        // Where the line broke while the letter went, the server may have taken it.
        let tries = if matches!(fault, SendFault::Broken(_)) { Tries::Counted } else { Tries::NotCounted };
        self.notices.release(&kept.account, news, tries).await?;
        match fault {
            SendFault::Refused => {
                self.notices.refuse(kept, &SystemRandom, self.now).await?;
                Ok(Posted::Refused)
            }
            SendFault::Later(_) => Ok(Posted::Later),
            SendFault::Line(fault) | SendFault::Broken(fault) => Err(RoundFault::Letter(fault)),
        }
    }

    /// What somebody may be told now and wasn't told yet.
    async fn new_to(
        &self,
        kept: &Kept,
        account: &Account,
        given: &BTreeMap<(String, String), String>,
    ) -> Result<Vec<News>, RoundFault> {
        let subjects = self.subjects(account).await?;
        let (parts, stays) = (self.app.parts(), self.app.live().stays());
        let watch = Watch {
            stays: &stays,
            astray: &self.astray,
            given,
            policy: &parts.policy,
            book: self.app.book(),
            agreements: parts.projections.agreements(),
            periods: &self.periods,
            now: self.now,
        };
        let night = kept.choice.quiet.end(self.now, &parts.projections.agreements().zone());
        let news = watch.awake(watch.news_of(&subjects, &kept.choice), night);
        Ok(if news.is_empty() { news } else { self.notices.untold(&account.id, news, self.now).await? })
    }

    /// The account in each of its roles.
    async fn subjects(&self, account: &Account) -> Result<Vec<Subject>, RoundFault> {
        let mut keys: Vec<RoleKey> =
            account.roles.iter().filter(|held| held.runs(self.now)).map(RoleHeld::key).collect();
        keys.sort();
        keys.dedup();
        let mut subjects = Vec::new();
        for key in keys {
            let accounts = &self.app.parts().accounts;
            subjects.extend(accounts.subject_of(account, &key, Means::Person, self.now).await?);
        }
        Ok(subjects)
    }

    async fn open(&mut self) -> Result<(), LineFault> {
        if self.line.is_none() {
            self.line = Some(self.job.smtp.open().await?);
        }
        Ok(())
    }

    async fn send(&mut self, to: &str, letter: &Letter, key: &str) -> Result<(), SendFault> {
        let line = self.line.as_mut().ok_or(LineFault::Away)?;
        let sent = line.send(to, letter, &digest(key)).await;
        if matches!(sent, Err(SendFault::Line(_) | SendFault::Broken(_))) {
            self.line = None;
        }
        sent
    }

    async fn forget(&self) -> Result<(), NoticeError> {
        let last = self.job.later().forgot;
        if last.is_none_or(|last| self.now.duration_since(last) >= FORGET_EVERY) {
            self.notices.forget_old(self.now).await?;
            self.job.later().forgot = Some(self.now);
        }
        Ok(())
    }

    fn count(&mut self, account: &str, posted: Posted) {
        if posted == Posted::Sent
            && let Some((suspect, _)) = self.suspect.take()
        {
            self.count(&suspect, Posted::Later);
        }
        let (place, outcome) = match posted {
            Posted::Nothing => return,
            Posted::Sent => (0, NoticeOutcome::Sent),
            Posted::Later => (1, NoticeOutcome::Later),
            Posted::Refused => (2, NoticeOutcome::Refused),
        };
        self.counts[place] += 1;
        self.job.metrics.notice(outcome);
        let mut later = self.job.later();
        if posted == Posted::Later {
            let failures = later.accounts.get(account).map_or(1, |(failures, _)| failures + 1);
            let at = crate::jobs::after(self.now, PAUSES.after(failures));
            later.accounts.insert(account.to_owned(), (failures, at));
        } else {
            later.accounts.remove(account);
        }
    }
}

impl Tell {
    /// Who is to be told now, beginning after whoever ended the last round.
    fn in_turn<'k>(&self, all: &'k [Kept], now: Timestamp) -> Vec<&'k Kept> {
        let ended_at = self.later().ended_at.clone();
        let mut due: Vec<&Kept> = all.iter().filter(|kept| self.is_due(&kept.account, now)).collect();
        due.sort_by_key(|kept| (kept.account <= ended_at, &kept.account));
        due
    }

    /// Whether somebody needn't wait after an answer that said «not now».
    fn is_due(&self, account: &str, now: Timestamp) -> bool {
        self.later().accounts.get(account).is_none_or(|(_, at)| *at <= now)
    }

    fn later(&self) -> std::sync::MutexGuard<'_, Later> {
        self.later.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a letter with these news is called: the same again where they are sent again.
fn key_of(news: &[News]) -> String {
    news.iter().map(|it| it.key.as_str()).collect()
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(format!("samspill letter 1\n{text}"));
    digest.iter().take(16).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests;
