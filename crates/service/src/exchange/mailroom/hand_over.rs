//! From the outbox to a channel.

use jiff::Timestamp;
use samspill_formats::messages::types::Kind;
use samspill_store::{Direction, KeptMessage, OutboxState, Outgoing, StoreError, Tx};
use samspill_transport::{Channel, FaultReport, Parcel, SendFault};

use super::{HERE, MailError, Mailroom, receive::tell_life};
use crate::exchange::receipts::Event;

/// What was done with parcels that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedOver {
    /// Handed over.
    pub sent: usize,
    /// What was handed over: the code of 8279 of each.
    pub kinds: Vec<String>,
    /// To be tried again.
    pub later: usize,
    /// Given up, for a person.
    pub dead: usize,
}

impl HandedOver {
    /// Whether there was anything to do: then there may be more.
    pub fn is_something(&self) -> bool {
        self.sent + self.later + self.dead > 0
    }
}

impl Mailroom {
    /// Hands parcels that are due over to a channel, some at the most. `holder` names this node: while it has a parcel up, others
    /// leave it alone.
    ///
    /// A crash on the way means that a parcel goes again, under the same id.
    ///
    /// # Errors
    ///
    /// Where the store fails. A channel that fails is no error: the parcel is tried again, or is a dead letter.
    pub async fn hand_over(
        &self,
        channel: &dyn Channel,
        holder: &str,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
    ) -> Result<HandedOver, MailError> {
        let mut done = HandedOver::default();
        for outgoing in self.take_up(channel.name(), holder, clock()).await? {
            // Those before it may have taken long. It isn't this node's any more, and due again for whoever takes it up next.
            if outgoing.until.is_none_or(|until| until <= clock()) {
                continue;
            }
            let tried = self.hand_one_over(channel, &outgoing, holder, clock, &mut done).await;
            self.unless_failed(tried, &outgoing, holder, clock(), &mut done).await?;
        }
        Ok(done)
    }

    async fn hand_one_over(
        &self,
        channel: &dyn Channel,
        outgoing: &Outgoing,
        holder: &str,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
        done: &mut HandedOver,
    ) -> Result<(), MailError> {
        let Some((parcel, kept)) = self.parcel(outgoing).await? else { return Ok(()) };
        let result = channel.send(&parcel).await;
        self.settle(outgoing, &kept, holder, result, clock(), done).await
    }

    /// Delivers between two parties of this node: what is sent is taken in.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn hand_over_here(
        &self,
        holder: &str,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
    ) -> Result<HandedOver, MailError> {
        let mut done = HandedOver::default();
        for outgoing in self.take_up(HERE, holder, clock()).await? {
            let tried = self.deliver_one(&outgoing, holder, clock, &mut done).await;
            self.unless_failed(tried, &outgoing, holder, clock(), &mut done).await?;
        }
        Ok(done)
    }

    async fn deliver_one(
        &self,
        outgoing: &Outgoing,
        holder: &str,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
        done: &mut HandedOver,
    ) -> Result<(), MailError> {
        let Some((parcel, kept)) = self.parcel(outgoing).await? else { return Ok(()) };
        self.take(&parcel, HERE, clock()).await?;
        self.settle(outgoing, &kept, holder, Ok(()), clock(), done).await
    }

    /// Takes the word of a receiving system that a parcel of ours can't be unpacked there: it is a dead letter, for a person.
    /// Gives whether such a parcel was sent.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn take_fault(&self, fault: &FaultReport, now: Timestamp) -> Result<bool, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let Some(outgoing) = tx.outgoing(&fault.about).await? else { return Ok(false) };
        tx.outgoing_dead(&fault.about, now, &fault.condition, &fault.says).await?;
        if let Some(kept) = tx.message(outgoing.message).await? {
            tell_transport(&mut tx, &kept, &outgoing.to, Transport::GivenUp, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Lets a dead letter go again, by the channel that goes to its receiver now. Gives whether it was one.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn release(&self, parcel: &str, now: Timestamp) -> Result<bool, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let Some(outgoing) = tx.outgoing(parcel).await? else { return Ok(false) };
        let channel = match outgoing.channel.as_str() {
            HERE => HERE,
            known => self.settings.routes.channel(&outgoing.to).unwrap_or(known),
        };
        let released = tx.release_by(parcel, channel, now).await?;
        tx.commit().await?;
        Ok(released)
    }

    async fn take_up(&self, channel: &str, holder: &str, now: Timestamp) -> Result<Vec<Outgoing>, MailError> {
        if !self.is_something_due(channel, now).await? {
            return Ok(Vec::new());
        }
        let until = now.checked_add(self.settings.retry.lease).unwrap_or(Timestamp::MAX);
        let mut tx = self.store.begin(&self.community).await?;
        let taken = tx.take_due(channel, now, until, holder, self.settings.retry.at_once).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Whether a look at the outbox is worth the log's lock.
    async fn is_something_due(&self, channel: &str, now: Timestamp) -> Result<bool, MailError> {
        let counts = self.store.queue_counts(&self.community).await?;
        Ok(counts.iter().any(|count| {
            count.channel == channel && count.state != OutboxState::Dead && count.oldest_due <= now
        }))
    }

    async fn parcel(&self, outgoing: &Outgoing) -> Result<Option<(Parcel, KeptMessage)>, MailError> {
        let Some(kept) = self.store.message(&self.community, outgoing.message).await? else {
            return Ok(None);
        };
        let parcel = Parcel {
            id: outgoing.id.clone(),
            from: kept.from.clone(),
            to: outgoing.to.clone(),
            kind: kept.kind.clone(),
            message: kept.id.clone(),
            conversation: None,
            made: outgoing.made,
            bytes: kept.bytes.clone(),
        };
        Ok(Some((parcel, kept)))
    }

    /// A parcel that failed here is left for later, and those behind it go on. What failed again and again is given up, for a person, but
    /// where it may pass by itself, as a missing key does and a database that is out of reach: that is no fault of the parcel's.
    ///
    /// # Errors
    ///
    /// Where not even that can be written: then those behind it would fare no better.
    async fn unless_failed(
        &self,
        tried: Result<(), MailError>,
        outgoing: &Outgoing,
        holder: &str,
        now: Timestamp,
        done: &mut HandedOver,
    ) -> Result<(), MailError> {
        let Err(error) = tried else { return Ok(()) };
        tracing::error!(%error, "a parcel failed here");
        let next = self.settings.retry.next(outgoing.attempts, now);
        // It may be what can't be read.
        let kept = self.store.message(&self.community, outgoing.message).await.ok().flatten();
        let mut tx = self.store.begin(&self.community).await?;
        if next.is_none() && !passes(&error) {
            tx.outgoing_dead(&outgoing.id, now, GAVE_UP, &error.to_string()).await?;
            if let Some(kept) = kept {
                tell_transport(&mut tx, &kept, &outgoing.to, Transport::GivenUp, now).await?;
            }
            done.dead += 1;
        } else {
            let lease_ends = now.checked_add(self.settings.retry.lease).unwrap_or(Timestamp::MAX);
            let due = next.unwrap_or(lease_ends);
            tx.outgoing_later(&outgoing.id, holder, due, &error.to_string()).await?;
            done.later += 1;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn settle(
        &self,
        outgoing: &Outgoing,
        kept: &KeptMessage,
        holder: &str,
        result: Result<(), SendFault>,
        now: Timestamp,
        done: &mut HandedOver,
    ) -> Result<(), MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        match self.outcome(outgoing, result, now) {
            Outcome::Sent => {
                tx.outgoing_sent(&outgoing.id, holder, now).await?;
                tell_transport(&mut tx, kept, &outgoing.to, Transport::Arrived, now).await?;
                done.sent += 1;
                done.kinds.push(kept.kind.clone());
            }
            Outcome::Later { due, says } => {
                tx.outgoing_later(&outgoing.id, holder, due, &says).await?;
                done.later += 1;
            }
            Outcome::Dead { condition, says } => {
                tx.outgoing_dead(&outgoing.id, now, &condition, &says).await?;
                tell_transport(&mut tx, kept, &outgoing.to, Transport::GivenUp, now).await?;
                done.dead += 1;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    fn outcome(&self, outgoing: &Outgoing, result: Result<(), SendFault>, now: Timestamp) -> Outcome {
        let says = match result {
            Ok(()) => return Outcome::Sent,
            Err(SendFault::Refused { condition, says }) => return Outcome::Dead { condition, says },
            Err(SendFault::Later { says } | SendFault::Unknown { says }) => says,
        };
        match self.settings.retry.next(outgoing.attempts, now) {
            Some(due) => Outcome::Later { due, says },
            None => Outcome::Dead { condition: GAVE_UP.to_owned(), says },
        }
    }
}

/// What a dead letter is called that was tried often enough.
const GAVE_UP: &str = "gave-up";

/// Whether an error may pass without anybody's looking at the parcel.
fn passes(error: &MailError) -> bool {
    let MailError::Store(error) = error else { return false };
    let is_sealed = matches!(error, StoreError::Sealed { .. } | StoreError::PersonsSealed { .. });
    is_sealed || error.may_pass()
}

enum Outcome {
    Sent,
    Later { due: Timestamp, says: String },
    Dead { condition: String, says: String },
}

#[derive(Clone, Copy)]
enum Transport {
    Arrived,
    GivenUp,
}

/// Tells the life of a message what the transport did. Receipts have no lives.
async fn tell_transport(
    tx: &mut Tx,
    kept: &KeptMessage,
    to: &str,
    what: Transport,
    at: Timestamp,
) -> Result<(), MailError> {
    if kept.kind == Kind::Kvittering.message_type() || kept.direction == Direction::In {
        return Ok(());
    }
    let receiver = format!("HER:{to}");
    let event = match what {
        Transport::Arrived => Event::Delivered { receiver, at },
        Transport::GivenUp => Event::NotDelivered { receiver, at },
    };
    tell_life(tx, &kept.id, event, at).await.map(drop)
}
