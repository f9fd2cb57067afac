//! The jobs that every community needs.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use samspill_service::people::Accounts;
use samspill_store::{BackupLock, CommunityId, Head, Store, StoreError};
use samspill_transport::Doing;

use super::post::Post;
use crate::{
    config::{BackupConfig, recipients},
    jobs::{Job, Outcome, after},
};

/// Looks at limits.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) post: Arc<dyn Post>,
    pub(super) every: Duration,
}

impl Job for Tick {
    fn name(&self) -> &'static str {
        "tick"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn run(&self, _: Timestamp) -> Doing<'_, Outcome> {
        self.post.tick()
    }
}

/// Walks the chain of the log.
#[derive(Debug)]
pub(super) struct Verify {
    store: Store,
    community: CommunityId,
    every: Duration,
    /// How far the log was whole, which later walks must find again.
    known: Mutex<Option<Head>>,
}

impl Verify {
    pub(super) fn new(store: Store, community: CommunityId, every: Duration) -> Self {
        Self { store, community, every, known: Mutex::default() }
    }

    async fn walk(&self) -> Outcome {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known: Vec<Head> = lock().iter().copied().collect();
        let (head, found) = match self.walked(&known).await {
            Ok(walked) => walked,
            Err(error) => return Outcome::Failed { says: error.to_string() },
        };
        if found {
            *lock() = Some(head);
            return Outcome::Done;
        }
        tracing::error!("the log is not whole");
        let says =
            "the log is not whole: run `samspill verify`, stop writing, and restore a backup".to_owned();
        Outcome::Failed { says }
    }

    async fn walked(&self, known: &[Head]) -> Result<(Head, bool), StoreError> {
        let head = self.store.head(&self.community).await?;
        let found = self.store.verify(&self.community, known).await?;
        Ok((head, found.is_whole()))
    }
}

impl Job for Verify {
    fn name(&self) -> &'static str {
        "verify"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn run(&self, _: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(self.walk())
    }
}

/// How far ahead of ours the clock of another node may be. A backup that is dated later than that was made before a clock was set back.
const AHEAD_MAX: Duration = Duration::from_mins(10);

/// Writes a backup, and removes old ones.
#[derive(Debug)]
pub(super) struct BackUp {
    store: Store,
    config: BackupConfig,
    /// What names of its files begin with.
    stem: String,
}

impl BackUp {
    pub(super) fn new(store: Store, config: BackupConfig, community: &str) -> Self {
        Self { store, config, stem: format!("samspill-{community}-") }
    }

    /// Another node may have made one a moment ago, or this one before it was begun anew.
    async fn when_due(&self, now: Timestamp) -> Outcome {
        let result = match self.newest(now) {
            Ok(Some(newest)) if after(newest, self.config.every) > now => return Outcome::Done,
            Ok(_) => self.write(now).await,
            Err(error) => Err(error.to_string()),
        };
        match result {
            Ok(()) => Outcome::Done,
            Err(says) => Outcome::Failed { says: format!("no backup was made: {says}") },
        }
    }

    /// Written beside, then put in place: a file of the final name is whole.
    async fn write(&self, now: Timestamp) -> Result<(), String> {
        let text = fs::read_to_string(&self.config.recipients).map_err(|error| error.to_string())?;
        let name = format!("{}{}.age", self.stem, now.strftime("%Y%m%dT%H%M%SZ"));
        let partial = Partial(self.config.folder.join(format!("{name}.part")));
        let mut file = fs::File::create(&partial.0).map_err(|error| error.to_string())?;
        let lock = BackupLock::Recipients(recipients(&text));
        self.store.backup(&lock, &mut file).await.map_err(|error| error.to_string())?;
        let placed = file.sync_all().and_then(|()| fs::rename(&partial.0, self.config.folder.join(&name)));
        placed.and_then(|()| sync_folder(&self.config.folder)).map_err(|error| error.to_string())?;
        self.remove_old(now).map_err(|error| error.to_string())
    }

    fn remove_old(&self, now: Timestamp) -> io::Result<()> {
        let keep = usize::try_from(self.config.keep).unwrap_or(usize::MAX);
        let backups = self.backups(now)?;
        let old = backups.len().saturating_sub(keep);
        backups[..old].iter().try_for_each(|it| fs::remove_file(&it.path))
    }

    /// When the newest was made, of those that the clock has come to.
    fn newest(&self, now: Timestamp) -> io::Result<Option<Timestamp>> {
        Ok(self.backups(now)?.last().filter(|it| it.has_been).map(|it| it.made))
    }

    /// Whole backups of this community, oldest first. Those that are dated in the future were made before the clock was set back, and so
    /// before those that aren't. Other files of the folder are left alone.
    fn backups(&self, now: Timestamp) -> io::Result<Vec<Backup>> {
        let latest = after(now, AHEAD_MAX);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.config.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let made = name.strip_prefix(&self.stem).and_then(|rest| rest.strip_suffix(".age"));
            if let Some(made) = made.and_then(|made| made.parse::<Timestamp>().ok()) {
                found.push(Backup { has_been: made <= latest, made, path });
            }
        }
        found.sort();
        Ok(found)
    }
}

/// A whole backup. In the order of their making: see [`BackUp::backups`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Backup {
    /// Whether the clock has come to its date.
    has_been: bool,
    made: Timestamp,
    path: PathBuf,
}

impl Job for BackUp {
    fn name(&self) -> &'static str {
        "backup"
    }

    /// Looks every hour at least: another node may have made the last one, at another time of day.
    fn every(&self) -> Duration {
        self.config.every.min(Duration::from_hours(1))
    }

    fn run(&self, now: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(self.when_due(now))
    }
}

/// Forgets sessions and links whose time was over long ago.
#[derive(Debug)]
pub(super) struct Forget {
    pub(super) accounts: Accounts,
}

impl Job for Forget {
    fn name(&self) -> &'static str {
        "forget"
    }

    fn every(&self) -> Duration {
        Duration::from_hours(24)
    }

    fn run(&self, now: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(async move {
            match self.accounts.forget_old(now).await {
                Ok(_) => Outcome::Done,
                Err(error) => Outcome::Failed { says: format!("old sessions were not forgotten: {error}") },
            }
        })
    }
}

/// A file that is removed where it was not put in place.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // Where it was put in place there is none.
        let _ = fs::remove_file(&self.0);
    }
}

/// So that the new name is on disk before old backups are removed.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
