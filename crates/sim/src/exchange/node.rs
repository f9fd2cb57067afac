use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use samspill_base::{Entry, Position};
use samspill_service::exchange::{
    mailroom::{Mailroom, Routes, Settings},
    meaning::message_in,
    receipts::ReceiptLimits,
};
use samspill_store::{CommunityId, Options, Place, Store, StoreError};

use super::line::LINE;
use crate::{StayKey, World};

/// A party's node: a mailroom over a store of its own.
#[derive(Debug)]
pub(super) struct Node {
    /// The party, as the region calls it.
    pub(super) name: String,
    /// What the HER-ids of the party begin with.
    pub(super) organisation: String,
    pub(super) room: Mailroom,
    /// The stays as the log tells of them, for the systems of the party.
    pub(super) stays: BTreeMap<StayKey, Vec<Entry>>,
    /// Events that the party registered itself, by the ids of their entries.
    pub(super) events: BTreeMap<String, StayKey>,
    /// How many steps it has taken.
    pub(super) steps: u64,
    path: PathBuf,
    settings: Settings,
    read: Position,
}

/// The community of each node's log. It is the same for all: nobody looks into another's store.
const COMMUNITY: &str = "region";

impl Node {
    pub(super) async fn new(world: &World, name: &str, path: PathBuf) -> Result<Self, StoreError> {
        let settings = settings(world, name);
        let hers = world.region.hers(name);
        let organisation = hers.first().map(|her| super::line::organisation(her).to_owned());
        Ok(Self {
            name: name.to_owned(),
            organisation: organisation.unwrap_or_default(),
            room: open(&path, settings.clone()).await?,
            stays: BTreeMap::new(),
            events: BTreeMap::new(),
            steps: 0,
            path,
            settings,
            read: Position(0),
        })
    }

    /// What a stopped process leaves is let go of, and another one begins.
    pub(super) async fn restart(&mut self) -> Result<(), StoreError> {
        self.room.store().close().await;
        self.room = open(&self.path, self.settings.clone()).await?;
        Ok(())
    }

    /// What has come into the log since this was asked last. Corrections are left out: who has read a message acts on it once.
    pub(super) async fn news(&mut self) -> Result<Vec<Entry>, StoreError> {
        let mut tail = self.room.store().tail(self.room.community(), self.read);
        let mut news = Vec::new();
        loop {
            let lines = tail.next(1_000).await?;
            if lines.is_empty() {
                break;
            }
            for entry in lines.into_iter().map(|line| line.entry) {
                if let Some(key) = self.stay_of(&entry) {
                    self.stays.entry(key).or_default().push(entry.clone());
                }
                if !entry.id.as_deref().is_some_and(|id| id.contains('~')) {
                    news.push(entry);
                }
            }
        }
        self.read = tail.last();
        Ok(news)
    }

    /// What the log calls a stay; none while nothing of it is there.
    pub(super) fn case(&self, key: StayKey) -> Option<&str> {
        self.stays.get(&key)?.last().map(|entry| entry.case.as_str())
    }

    /// The stay that an entry is about, by its message or as the party registered it.
    fn stay_of(&self, entry: &Entry) -> Option<StayKey> {
        let id = entry.id.as_deref()?;
        self.events.get(id).copied().or_else(|| StayKey::of_id(message_in(id)))
    }

    /// When the first parcel is due that waits for the line, or that somebody holds.
    /// `now` is what its clock says.
    pub(super) async fn due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        use samspill_store::OutboxState::{Dead, Sending, Sent, Waiting};
        let counts = self.room.store().queue_counts(self.room.community()).await?;
        let lease = self.settings.retry.lease;
        let due = counts.iter().filter(|count| count.channel == LINE).filter_map(|count| match count.state {
            Waiting => Some(count.oldest_due),
            Sending => Some(crate::time::after(now, lease)),
            Dead | Sent => None,
        });
        Ok(due.min())
    }
}

async fn open(path: &std::path::Path, settings: Settings) -> Result<Mailroom, StoreError> {
    let store = Store::open(&Place::file(path), Options::default()).await?;
    Ok(Mailroom::new(store, CommunityId::new(COMMUNITY)?, settings))
}

fn settings(world: &World, name: &str) -> Settings {
    #[expect(
        clippy::expect_used,
        reason = "the limits are built into the service, which tests that they can be read"
    )]
    let limits = ReceiptLimits::shipped().expect("the shipped limits can be read");
    let region = &world.region;
    let mut settings = Settings::new(region.recipients(name), region.directory(), region.addresses(), limits);
    settings.routes = Routes { default: Some(LINE.to_owned()), ..Routes::default() };
    settings
}
