//! Keeps what cases add to figures, by the position of the log.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use samspill_base::{CaseLog, Position};
use samspill_store::{CommunityId, Store, StoreError};

use super::CaseFacts;
use crate::{
    downtime::{DowntimeKind, KnownDowntime, Periods},
    exchange::meaning::AddressBook,
    projections::Agreements,
};

/// Entries that are asked for at a time.
const ENTRIES_AT_ONCE: usize = 1_000;

/// Reads every case of a community once, and afterwards those that an entry or the time has changed.
#[derive(Clone, Debug)]
pub struct Keeper {
    store: Store,
    community: CommunityId,
    agreements: Agreements,
    book: Arc<AddressBook>,
    /// Up to which entry the log is read; none before the first step.
    position: Option<Position>,
    as_of: Timestamp,
    /// The last case of the first pass; none when it is over.
    after: Option<String>,
    cases: BTreeMap<String, Arc<CaseFacts>>,
    waiting: BTreeSet<String>,
    /// The downtime that is known; none where it must be read first.
    periods: Option<Periods>,
}

/// What cases add, as of an instant.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// By case.
    pub cases: BTreeMap<String, Arc<CaseFacts>>,
    /// As of when.
    pub as_of: Timestamp,
    /// Up to which entry of the log.
    pub position: u64,
}

impl Kept {
    /// What each case adds.
    pub fn all(&self) -> impl Iterator<Item = &CaseFacts> + Clone {
        self.cases.values().map(Arc::as_ref)
    }

    /// Of the cases that a party takes no part in.
    pub fn without<'k>(&'k self, party: &'k str) -> impl Iterator<Item = &'k CaseFacts> + Clone {
        self.all().filter(move |facts| !facts.parties.contains(party))
    }
}

impl Keeper {
    /// Nothing read yet.
    pub fn new(store: Store, community: CommunityId, agreements: Agreements, book: Arc<AddressBook>) -> Self {
        Self {
            store,
            community,
            agreements,
            book,
            position: None,
            as_of: Timestamp::MIN,
            after: Some(String::new()),
            cases: BTreeMap::new(),
            waiting: BTreeSet::new(),
            periods: None,
        }
    }

    /// Reads on, `limit` cases at the most, as of `now`; whether there is more to read. What was read before stays as it is.
    ///
    /// What somebody registers about downtime may change any case: then all are read again.
    ///
    /// # Errors
    ///
    /// A store that can't be read; the next step asks for the same again.
    pub async fn step(&mut self, now: Timestamp, limit: usize) -> Result<bool, StoreError> {
        if self.position.is_none() {
            self.position = Some(self.store.head(&self.community).await?.position);
        }
        self.as_of = now;
        if self.periods.is_none() {
            let known = KnownDowntime::read(&self.store, &self.community, &self.book, now).await?;
            self.periods = Some(known.periods);
        }
        if let Some(after) = self.after.clone() {
            let cases = self.store.cases(&self.community, &after, limit.max(1)).await?;
            for case in &cases {
                self.read(case, now).await?;
            }
            self.after = cases.last().cloned();
            return Ok(true);
        }
        self.wake(now).await?;
        if self.periods.is_none() {
            self.after = Some(String::new());
            return Ok(true);
        }
        let next: Vec<String> = self.waiting.iter().take(limit.max(1)).cloned().collect();
        for case in next {
            self.read(&case, now).await?;
            self.waiting.remove(&case);
        }
        Ok(!self.waiting.is_empty())
    }

    /// What has been read so far.
    pub fn kept(&self) -> Kept {
        Kept {
            cases: self.cases.clone(),
            as_of: self.as_of,
            position: self.position.unwrap_or(Position(0)).0,
        }
    }

    /// How many cases have been read.
    pub fn count(&self) -> usize {
        self.cases.len()
    }

    /// The cases that new entries or the time have changed.
    async fn wake(&mut self, now: Timestamp) -> Result<(), StoreError> {
        loop {
            let from = Position(self.position.unwrap_or(Position(0)).0 + 1);
            let entries = self.store.read(&self.community, from, ENTRIES_AT_ONCE).await?;
            let Some(last) = entries.last() else { break };
            self.position = Some(last.entry.position);
            if entries
                .iter()
                .any(|entry| DowntimeKind::called(&entry.entry.kind).is_some_and(DowntimeKind::moves_periods))
            {
                self.periods = None;
            }
            self.waiting.extend(entries.into_iter().map(|entry| entry.entry.case));
        }
        let due = |facts: &CaseFacts| facts.until.is_some_and(|until| until <= now);
        let changed = self.cases.iter().filter(|(_, facts)| due(facts)).map(|(case, _)| case.clone());
        self.waiting.extend(changed);
        Ok(())
    }

    async fn read(&mut self, case: &str, now: Timestamp) -> Result<(), StoreError> {
        let entries = self.store.case_entries(&self.community, case).await?;
        let log = CaseLog { case: case.to_owned(), entries };
        let none = Periods::default();
        let known = (&*self.book, self.periods.as_ref().unwrap_or(&none));
        let facts = self
            .agreements
            .evaluated(&log, log.as_of().unwrap_or(now))
            .map(|read| CaseFacts::of(&log, read.agreement, &read.evaluation, known, read.until));
        self.cases.insert(case.to_owned(), Arc::new(facts.unwrap_or_default()));
        Ok(())
    }
}
