//! The mailroom as the process drives it.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use samspill_service::addresses::Changes;
use samspill_service::exchange::{
    mailroom::{HandedOver, MailError, Mailroom, Taken},
    receipts::Final,
};
use samspill_store::{AlertFilter, OutboxState, QueueCount, Standing};
use samspill_transport::{Arrival, Channel, Doing, FaultReport, Parcel, Received, Settle};

use crate::{
    Base, Measures, Post, Trouble,
    jobs::Outcome,
    metrics::{
        Metrics, QueueState,
        ReceiptVerdict::{Accepted, Rejected},
        Way,
    },
};

/// What the error queue of a receiver calls a document that is no message (HITS 1216:2018 2.2.6).
const NOT_READ: &str = "transport:not-well-formed-xml";

/// Receipts are counted by what they say.
const RECEIPT: &str = "APPREC";

#[derive(Debug)]
pub(super) struct MailPost {
    room: RwLock<Mailroom>,
    holder: String,
    base: Base,
}

impl MailPost {
    pub(super) fn new(room: Mailroom, holder: &str, base: Base) -> Self {
        Self { room: RwLock::new(room), holder: holder.to_owned(), base }
    }

    /// The mailroom by the address book as it is now.
    fn room(&self) -> Mailroom {
        self.room.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn metrics(&self) -> &Arc<Metrics> {
        &self.base.metrics
    }

    async fn take_parcel(&self, parcel: &Parcel, channel: &str) -> Result<Taken, MailError> {
        let begun = Instant::now();
        let taken = self.room().take(parcel, channel, Timestamp::now()).await?;
        if taken.is_again {
            tracing::debug!(channel, number = taken.number.0, "came again");
            return Ok(taken);
        }
        self.metrics().append(begun.elapsed());
        self.count(&taken, channel);
        if taken.receipts > 0 {
            self.base.wake.notify_waiters();
        }
        tracing::info!(
            channel,
            kind = taken.kind.as_str(),
            number = taken.number.0,
            entries = taken.entries,
            receipts = taken.receipts,
            standing = taken.standing.as_str(),
            "taken in"
        );
        Ok(taken)
    }

    fn count(&self, taken: &Taken, channel: &str) {
        let metrics = self.metrics();
        if taken.kind != RECEIPT {
            metrics.message(Way::In, &taken.kind, channel);
        }
        if let Some(says) = taken.receipt {
            metrics.receipt(Way::In, if says == Final::Accepted { Accepted } else { Rejected });
        }
        (0..taken.rejections).for_each(|_| metrics.receipt(Way::Out, Rejected));
        (taken.rejections..taken.receipts).for_each(|_| metrics.receipt(Way::Out, Accepted));
    }

    async fn take_arrival(&self, arrival: Arrival, channel: &str) -> Result<(), Trouble> {
        let done = match &arrival.received {
            Received::Parcel(parcel) => self.take_parcel(parcel, channel).await.map(|taken| settling(&taken)),
            Received::Fault(fault) => {
                let told = self.room().take_fault(fault, Timestamp::now()).await;
                told.map(|_| Settle::Taken)
            }
        };
        match done {
            Ok(settle) => {
                arrival.settle(settle).await;
                Ok(())
            }
            Err(error) => {
                arrival.settle(Settle::Later).await;
                Err(trouble(&error))
            }
        }
    }

    async fn hand_over_by(&self, channel: &dyn Channel) -> Result<usize, Trouble> {
        let clock = || Timestamp::now();
        let here = self.deliver_here().await?;
        let done = self.room().hand_over(channel, &self.holder, &clock).await.map_err(|it| trouble(&it))?;
        for kind in done.kinds.iter().filter(|kind| *kind != RECEIPT) {
            self.metrics().message(Way::Out, kind, channel.name());
        }
        if done.is_something() {
            tracing::info!(
                channel = channel.name(),
                sent = done.sent,
                later = done.later,
                dead = done.dead,
                "handed over"
            );
        }
        // What waits for its next try is no reason to look again at once.
        Ok(here + done.sent + done.dead)
    }

    async fn deliver_here(&self) -> Result<usize, Trouble> {
        let clock = || Timestamp::now();
        let done: HandedOver =
            self.room().hand_over_here(&self.holder, &clock).await.map_err(|it| trouble(&it))?;
        Ok(done.sent)
    }

    async fn look(&self) -> Result<Outcome, Trouble> {
        while self.deliver_here().await? > 0 {}
        let ticked = self.room().tick(Timestamp::now()).await.map_err(|it| trouble(&it))?;
        for name in &ticked.raised {
            tracing::warn!(alert = name.as_str(), "raised");
        }
        for name in &ticked.cleared {
            tracing::info!(alert = name.as_str(), "cleared");
        }
        if !ticked.overdue.is_empty() {
            tracing::warn!(count = ticked.overdue.len(), "receipts are overdue");
        }
        Ok(Outcome::Done)
    }

    async fn measured(&self) -> Result<Measures, Trouble> {
        let room = self.room();
        let (store, community) = (room.store(), room.community());
        let counts = store.queue_counts(community).await.map_err(|it| trouble(&it.into()))?;
        let active = store.alerts(community, AlertFilter::Active).await.map_err(|it| trouble(&it.into()))?;
        let alerts = u64::try_from(active.len()).unwrap_or(u64::MAX);
        Ok(Measures { queues: queues(&counts, Timestamp::now()), alerts })
    }
}

impl Post for MailPost {
    fn take<'a>(&'a self, arrival: Arrival, channel: &'a str) -> Doing<'a, Result<(), Trouble>> {
        Box::pin(self.take_arrival(arrival, channel))
    }

    fn hand_over<'a>(&'a self, channel: &'a dyn Channel) -> Doing<'a, Result<usize, Trouble>> {
        Box::pin(self.hand_over_by(channel))
    }

    fn tick(&self) -> Doing<'_, Outcome> {
        Box::pin(async {
            let looked = self.look().await;
            looked.unwrap_or_else(|Trouble(says)| Outcome::Failed { says })
        })
    }

    fn renew(&self, changes: &Changes) {
        let mut room = self.room.write().unwrap_or_else(PoisonError::into_inner);
        *room = room.changed_by(changes);
    }

    fn measure(&self) -> Doing<'_, Result<Measures, Trouble>> {
        Box::pin(self.measured())
    }
}

/// What a channel is told. A document that nobody can read is kept here too; its sender hears of it by the channel's own means.
fn settling(taken: &Taken) -> Settle {
    if taken.standing != Standing::Unreadable {
        return Settle::Taken;
    }
    let says = taken.why.join(" ");
    Settle::Refused(FaultReport { about: String::new(), condition: NOT_READ.to_owned(), says, at: None })
}

fn queues(counts: &[QueueCount], now: Timestamp) -> BTreeMap<String, QueueState> {
    let mut queues: BTreeMap<String, QueueState> = BTreeMap::new();
    for count in counts {
        let queue = queues.entry(count.channel.clone()).or_default();
        match count.state {
            OutboxState::Waiting | OutboxState::Sending => {
                queue.waiting += count.count;
                let age = Duration::try_from(now.duration_since(count.waits_since)).unwrap_or_default();
                queue.oldest = queue.oldest.max(age);
            }
            OutboxState::Dead => queue.dead += count.count,
            OutboxState::Sent => {}
        }
    }
    queues
}

fn trouble(error: &MailError) -> Trouble {
    Trouble(error.to_string())
}
