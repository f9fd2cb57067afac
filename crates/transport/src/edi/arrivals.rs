//! Fetching what came, and telling the service what became of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::StatusCode;
use tokio::time::{Instant, sleep_until};

use super::{
    api::Api,
    clock::Clock,
    fault::CallFault,
    receipt,
    settings::EdiSettings,
    unread::{Entry, Key, Listed, Unread},
    wire::Message,
};
use crate::{Arrival, Doing, FaultReport, Health, Parcel, Received, Settle, Settlement};

/// What a receipt is called where messages are named by their kind (8279).
pub(super) const RECEIPT: &str = "APPREC";

/// The messages that come.
#[derive(Debug)]
pub(super) struct Arrivals {
    api: Arc<Api>,
    clock: Clock,
    own: BTreeSet<u32>,
    page: usize,
    idle: Duration,
    unread: Mutex<Unread>,
    /// Only one asks for a list at a time.
    turn: tokio::sync::Mutex<()>,
}

/// A message in hand. Dropped, it goes back.
#[derive(Debug)]
struct Hold {
    arrivals: Arc<Arrivals>,
    entry: Option<Entry>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fetching,
    HandedOver,
}

impl Arrivals {
    pub(super) fn new(settings: &EdiSettings, api: Arc<Api>, clock: Clock) -> Self {
        Self {
            api,
            clock,
            own: settings.own.clone(),
            page: usize::try_from(settings.page).unwrap_or(usize::MAX),
            idle: settings.poll_interval,
            unread: Mutex::new(Unread::new()),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The next message, as soon as there is one. All waiting is until an instant that is kept, so that being dropped and called
    /// again doesn't begin it anew.
    pub(super) async fn next(self: &Arc<Self>) -> Arrival {
        loop {
            sleep_until(self.api.line.resume()).await;
            if let Some(hold) = self.take() {
                if let Some(arrival) = hold.fetch().await {
                    return arrival;
                }
                continue;
            }
            let _turn = self.turn.lock().await;
            if !self.unread().has_ready() {
                self.list().await;
            }
        }
    }

    /// What to tell of messages that can't be fetched.
    pub(super) fn stuck(&self) -> Option<Health> {
        self.unread().stuck()
    }

    fn take(self: &Arc<Self>) -> Option<Hold> {
        let entry = self.unread().take();
        entry.map(|entry| Hold { arrivals: Arc::clone(self), entry: Some(entry), stage: Stage::Fetching })
    }

    async fn list(&self) {
        let (at, from) = self.unread().next_list();
        sleep_until(at.max(self.api.line.resume())).await;
        let asked = Instant::now();
        // Where it fails, the line tells of it, and when to try again.
        if let Ok(messages) = self.api.unread(from).await {
            let listed = self.listed(messages, asked);
            self.unread().list(listed, self.idle);
        }
    }

    fn listed(&self, messages: Vec<Message>, asked: Instant) -> Listed {
        let is_full = messages.len() >= self.page;
        let all = messages.into_iter().take(self.page);
        let entries: Vec<Entry> = all.filter_map(|message| self.entry(message)).collect();
        Listed { entries, asked, is_full }
    }

    fn entry(&self, message: Message) -> Option<Entry> {
        let entry = Entry::of(message, &self.own);
        if entry.is_none() {
            tracing::warn!(
                "the message service lists a message without an id or for a HER-id that isn't ours"
            );
        }
        entry
    }

    fn unread(&self) -> MutexGuard<'_, Unread> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_aside(&self, key: Key) {
        let mut unread = self.unread();
        let wait = self.api.line.backoff(unread.tries(key));
        unread.set_aside(key, wait);
    }

    fn set_stuck(&self, key: Key, says: &str) {
        tracing::warn!(id = %key.id, to = key.to, fault = says, "a message can't be fetched or marked as read");
        let mut unread = self.unread();
        let wait = self.api.line.backoff(unread.tries(key));
        unread.set_stuck(key, wait, self.clock.now(), says.to_owned());
    }

    /// What a failure to fetch means for the message.
    fn failed(&self, key: Key, fault: &CallFault) {
        match fault {
            CallFault::Refused(problem) if is_gone(problem.status) => self.unread().done(key),
            CallFault::NotDone { .. } => self.set_aside(key),
            CallFault::Unsure { .. } | CallFault::Unreadable { .. } | CallFault::Refused(_) => {
                self.set_stuck(key, fault.brief());
            }
        }
    }

    /// Marks a message as read. Where that fails it comes again.
    async fn mark_read(&self, key: Key) {
        match self.api.mark_read(key.id, key.to).await {
            Ok(()) => self.unread().done(key),
            Err(CallFault::Refused(problem)) if is_gone(problem.status) => self.unread().done(key),
            Err(fault @ CallFault::Refused(_)) => self.set_stuck(key, fault.brief()),
            Err(CallFault::NotDone { .. } | CallFault::Unsure { .. } | CallFault::Unreadable { .. }) => {
                self.set_aside(key);
            }
        }
    }

    /// Tells the sender by a negative receipt, and is then done with the message. A receipt gets none.
    async fn refuse(&self, entry: &Entry, report: &FaultReport) {
        let told = if entry.is_receipt { Ok(()) } else { self.reject(entry.key, report).await };
        match told {
            Ok(()) | Err(CallFault::Refused(_)) => self.mark_read(entry.key).await,
            Err(CallFault::NotDone { .. } | CallFault::Unsure { .. } | CallFault::Unreadable { .. }) => {
                self.set_aside(entry.key);
            }
        }
    }

    async fn reject(&self, key: Key, report: &FaultReport) -> Result<(), CallFault> {
        let receipt = receipt::rejection(report);
        if self.has_receipt(key).await? {
            return Ok(());
        }
        self.api.post_receipt(key.id, key.to, &receipt).await.map(drop)
    }

    async fn has_receipt(&self, key: Key) -> Result<bool, CallFault> {
        let receipts = match self.api.receipts(key.id).await {
            Err(CallFault::Refused(_)) => return Ok(false),
            other => other?,
        };
        Ok(receipts.iter().any(|it| it.receiver_her_id == key.to && it.app_rec_status.is_some()))
    }
}

fn is_gone(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

impl Hold {
    async fn fetch(mut self) -> Option<Arrival> {
        let entry = self.entry.clone()?;
        match self.arrivals.api.document(entry.key.id).await {
            Ok(bytes) => {
                self.arrivals.unread().set_loose(entry.key);
                self.stage = Stage::HandedOver;
                let parcel = parcel(entry, bytes, &self.arrivals.clock);
                Some(Arrival::new(Received::Parcel(parcel), self))
            }
            Err(fault) => {
                self.entry = None;
                self.arrivals.failed(entry.key, &fault);
                None
            }
        }
    }
}

fn parcel(entry: Entry, bytes: Vec<u8>, clock: &Clock) -> Parcel {
    Parcel {
        id: entry.key.id.to_string(),
        from: entry.from,
        to: entry.key.to.to_string(),
        kind: if entry.is_receipt { RECEIPT.to_owned() } else { String::new() },
        message: entry.message,
        conversation: None,
        made: entry.made.unwrap_or_else(|| clock.now()),
        bytes,
    }
}

impl Settlement for Hold {
    fn settle(mut self: Box<Self>, settle: Settle) -> Doing<'static, ()> {
        Box::pin(async move {
            let Some(entry) = self.entry.clone() else { return };
            match settle {
                Settle::Taken => self.arrivals.mark_read(entry.key).await,
                Settle::Later => self.arrivals.set_aside(entry.key),
                Settle::Refused(report) => self.arrivals.refuse(&entry, &report).await,
            }
            self.entry = None;
        })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some(entry) = self.entry.take() else { return };
        match self.stage {
            Stage::Fetching => self.arrivals.unread().put_back(entry),
            Stage::HandedOver => self.arrivals.set_aside(entry.key),
        }
    }
}
