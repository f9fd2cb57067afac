use jiff::Timestamp;

use super::{
    Desk, MessageNumber, OutboxState,
    desk::{long, name, short},
    message::unknown_word,
};
use crate::{
    CommunityId, Store, StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    sql,
};

/// A message that is to be handed to a channel.
///
/// Ids and names have 1000 bytes at the most. Instants are kept in microseconds, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOutgoing {
    /// The parcel's id, which the channel and the receiver know it by: once in a community.
    pub id: String,
    /// The message whose bytes it carries.
    pub message: MessageNumber,
    /// The channel.
    pub channel: String,
    /// Whom the channel shall bring it to; empty where the channel knows.
    pub to: String,
    /// When it is to be handed over: at this instant or later.
    pub due: Timestamp,
    /// When it was put here.
    pub made: Timestamp,
}

/// A parcel of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The parcel's id.
    pub id: String,
    /// The message whose bytes it carries.
    pub message: MessageNumber,
    /// The channel.
    pub channel: String,
    /// Whom the channel shall bring it to.
    pub to: String,
    /// When it is to be handed over.
    pub due: Timestamp,
    /// When it was put here.
    pub made: Timestamp,
    /// Where it is.
    pub state: OutboxState,
    /// How often somebody took it to hand it over, this time included; from 0 again when it is released.
    pub attempts: u32,
    /// Who has taken it, or handed it over; empty where nobody has.
    pub holder: String,
    /// How long it is held: before this instant nobody else gets it.
    pub until: Option<Timestamp>,
    /// When it was handed over, or given up.
    pub ended: Option<Timestamp>,
    /// Why it was given up, in a word for programs; empty otherwise.
    pub condition: String,
    /// What went wrong the last time, for people; empty where nothing did.
    pub says: String,
}

/// How many parcels of a channel are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueCount {
    /// The channel.
    pub channel: String,
    /// The state, never [`OutboxState::Sent`].
    pub state: OutboxState,
    /// How many: 1 at least.
    pub count: u64,
    /// When the first of them was or is due. A try that fails moves it on: it doesn't say how long anything has waited.
    pub oldest_due: Timestamp,
    /// When the oldest of them was put here, however often it was tried since.
    pub oldest_made: Timestamp,
}

impl NewOutgoing {
    /// Refuses what one of the databases could not give back.
    fn check(&self) -> Result<(), StoreError> {
        name(&self.id, "id of a parcel")?;
        name(&self.channel, "channel")?;
        short(&self.to, "receiver").map_err(StoreError::from)
    }

    fn params(&self) -> [Param<'_>; 6] {
        [
            Param::Text(&self.id),
            self.message.param(),
            Param::Text(&self.channel),
            Param::Text(&self.to),
            Param::Int(microseconds(self.due)),
            Param::Int(microseconds(self.made)),
        ]
    }
}

const WRITING: &str = "write to the outbox";
const READING: &str = "read the outbox";

impl Tx {
    /// Puts a parcel into the outbox. A parcel whose id is there already, whatever became of it, changes nothing: `false`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoMessage`] and texts that can't be kept: the transaction goes on without it. After any other error it
    /// can only be dropped.
    pub async fn enqueue(&mut self, parcel: &NewOutgoing) -> Result<bool, StoreError> {
        parcel.check()?;
        self.known(parcel.message).await?;
        let written = self.desk()?.run(WRITING, sql::mail::ENQUEUE, &parcel.params()).await?;
        Ok(self.done(written == 1))
    }

    /// The same, for whoever needn't know whether it was there: the database is told with what is written next.
    ///
    /// # Errors
    ///
    /// As [`Tx::enqueue`].
    pub async fn post(&mut self, parcel: &NewOutgoing) -> Result<(), StoreError> {
        parcel.check()?;
        self.known(parcel.message).await?;
        self.desk()?.put(WRITING, sql::mail::ENQUEUE, &parcel.params()).await?;
        self.done(());
        Ok(())
    }

    /// Takes parcels of a channel to hand them over, `limit` at the most, the longest due first: those that wait and are due at `now`
    /// or were before, and those that somebody took and held until `now` or before. Each counts one attempt more.
    ///
    /// Nobody else gets them before `until`. Whoever takes longer than that may see a parcel handed over twice; the receiver
    /// knows it by its id. A clock that is set back only makes it later that a parcel comes again; one that jumps ahead makes
    /// it earlier.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn take_due(
        &mut self,
        channel: &str,
        now: Timestamp,
        until: Timestamp,
        holder: &str,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError> {
        name(holder, "holder")?;
        short(channel, "channel")?;
        let mut desk = self.desk()?;
        let params = [Param::Text(channel), Param::Int(microseconds(now)), Param::Int(limit_number(limit))];
        let rows = desk.rows(READING, sql::mail::PARCELS_DUE, &params).await?;
        let mut taken: Vec<_> = rows.into_iter().map(Outgoing::read).collect::<Result<_, _>>()?;
        for parcel in &mut taken {
            parcel.take(&mut desk, holder, until).await?;
        }
        Ok(self.done(taken))
    }

    /// A parcel was handed over by `holder`. So it is also where somebody else has taken it since, as what is sent is sent; but one
    /// that was given up stays so. `false` where nothing was written.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn outgoing_sent(&mut self, id: &str, holder: &str, at: Timestamp) -> Result<bool, StoreError> {
        short(holder, "holder")?;
        let more = [Param::Text(holder), Param::Int(microseconds(at))];
        self.settle(sql::mail::PARCEL_SENT, id, &more).await
    }

    /// `holder` could not hand a parcel over, and it is to be tried again when it is `due`. `says` tells people why. `false`, and
    /// nothing is written, where this holder doesn't have it any more.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn outgoing_later(
        &mut self,
        id: &str,
        holder: &str,
        due: Timestamp,
        says: &str,
    ) -> Result<bool, StoreError> {
        short(holder, "holder")?;
        long(says, "reason")?;
        let more = [Param::Text(holder), Param::Int(microseconds(due)), Param::Text(says)];
        self.settle(sql::mail::PARCEL_LATER, id, &more).await
    }

    /// A parcel is given up, whoever holds it, also one that was handed over and then came back: it becomes a dead letter.
    /// `condition` is a word for programs, `says` is for people. `false`, and nothing is written, where it was given up before.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn outgoing_dead(
        &mut self,
        id: &str,
        at: Timestamp,
        condition: &str,
        says: &str,
    ) -> Result<bool, StoreError> {
        short(condition, "condition")?;
        long(says, "reason")?;
        let more = [Param::Int(microseconds(at)), Param::Text(condition), Param::Text(says)];
        self.settle(sql::mail::PARCEL_DEAD, id, &more).await
    }

    /// A dead letter waits again until it is `due`, and its attempts are counted anew. `false`, and nothing is written, where it
    /// is none.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn release(&mut self, id: &str, due: Timestamp) -> Result<bool, StoreError> {
        self.settle(sql::mail::RELEASE_PARCEL, id, &[Param::Int(microseconds(due))]).await
    }

    /// As [`Tx::release`], by another channel: the one that it was given to doesn't lead to its receiver.
    ///
    /// # Errors
    ///
    /// A channel's name that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn release_by(&mut self, id: &str, channel: &str, due: Timestamp) -> Result<bool, StoreError> {
        name(channel, "channel")?;
        let more = [Param::Int(microseconds(due)), Param::Text(channel)];
        self.settle(sql::mail::RELEASE_PARCEL_BY, id, &more).await
    }

    /// A parcel by its id.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn outgoing(&mut self, id: &str) -> Result<Option<Outgoing>, StoreError> {
        short(id, "id of a parcel")?;
        let rows = self.desk()?.rows(READING, sql::mail::PARCEL, &[Param::Text(id)]).await?;
        let found = rows.into_iter().next().map(Outgoing::read).transpose()?;
        Ok(self.done(found))
    }

    async fn settle(&mut self, sql: &'static str, id: &str, more: &[Param<'_>]) -> Result<bool, StoreError> {
        short(id, "id of a parcel")?;
        let params: Vec<_> = std::iter::once(Param::Text(id)).chain(more.iter().copied()).collect();
        let written = self.desk()?.run(WRITING, sql, &params).await?;
        Ok(self.done(written == 1))
    }
}

impl Store {
    /// Up to `limit` parcels of the outbox after one, by the bytes of their ids; those in a state, or all.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn outbox(
        &self,
        community: &CommunityId,
        state: Option<OutboxState>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let mut session = self.database().begin_read().await?;
        Outgoing::after(&mut Desk::new(session.as_mut(), community), state, after, limit).await
    }

    /// How many parcels of each channel wait, are being sent or were given up, and since when. Those that were sent aren't
    /// counted; a channel and state without any isn't there.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn queue_counts(&self, community: &CommunityId) -> Result<Vec<QueueCount>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let rows = Desk::new(session.as_mut(), community).rows(READING, sql::mail::QUEUES, &[]).await?;
        let read = rows.into_iter().map(|mut row| {
            Ok(QueueCount {
                channel: row.text(OUTBOX, 0)?,
                state: state(&mut row, 1)?,
                count: row.count(OUTBOX, 2)?,
                oldest_due: row.instant(OUTBOX, 3)?,
                oldest_made: row.instant(OUTBOX, 4)?,
            })
        });
        read.collect()
    }
}

const OUTBOX: &str = "outbox";

fn state(row: &mut Row, column: usize) -> Result<OutboxState, StoreError> {
    let word = row.text(OUTBOX, column)?;
    OutboxState::of_word(&word).ok_or_else(|| unknown_word(OUTBOX, &word))
}

impl Outgoing {
    /// Parcels after one, in a state or all, so many at the most.
    pub(crate) async fn after(
        desk: &mut Desk<'_>,
        state: Option<OutboxState>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let after = [Param::Text(after), Param::Int(limit_number(limit))];
        let rows = match state {
            None => desk.rows(READING, sql::mail::PARCELS_AFTER, &after).await?,
            Some(state) => {
                let [after, limit] = after;
                let params = [after, limit, Param::Text(state.as_str())];
                desk.rows(READING, sql::mail::PARCELS_IN_STATE, &params).await?
            }
        };
        rows.into_iter().map(Self::read).collect()
    }

    /// Parcels of some messages.
    pub(super) async fn of(desk: &mut Desk<'_>, messages: &[MessageNumber]) -> Result<Vec<Self>, StoreError> {
        let asked: Vec<_> = messages.iter().map(|number| number.param()).collect();
        let rows = desk.rows_of(READING, sql::mail::PARCELS_OF, &asked, &[]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    async fn take(&mut self, desk: &mut Desk<'_>, holder: &str, until: Timestamp) -> Result<(), StoreError> {
        let params = [Param::Text(&self.id), Param::Text(holder), Param::Int(microseconds(until))];
        desk.put(WRITING, sql::mail::TAKE_PARCEL, &params).await?;
        self.state = OutboxState::Sending;
        self.attempts = self.attempts.saturating_add(1);
        holder.clone_into(&mut self.holder);
        self.until = Some(until);
        Ok(())
    }

    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        name(&self.id, "id of a parcel")?;
        name(&self.channel, "channel")?;
        for (text, what) in [(&self.to, "receiver"), (&self.holder, "holder"), (&self.condition, "condition")]
        {
            short(text, what)?;
        }
        long(&self.says, "reason").map_err(StoreError::from)
    }

    /// Writes it as it is, into an outbox where it isn't.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let params = [
            Param::Text(&self.id),
            self.message.param(),
            Param::Text(&self.channel),
            Param::Text(&self.to),
            Param::Int(microseconds(self.due)),
            Param::Int(microseconds(self.made)),
            Param::Text(self.state.as_str()),
            Param::Int(self.attempts.into()),
            Param::Text(&self.holder),
            Param::MaybeInt(self.until.map(microseconds)),
            Param::MaybeInt(self.ended.map(microseconds)),
            Param::Text(&self.condition),
            Param::Text(&self.says),
        ];
        desk.put(WRITING, sql::mail::ADD_PARCEL, &params).await
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(OUTBOX, 0)?,
            message: MessageNumber(row.count(OUTBOX, 1)?),
            channel: row.text(OUTBOX, 2)?,
            to: row.text(OUTBOX, 3)?,
            due: row.instant(OUTBOX, 4)?,
            made: row.instant(OUTBOX, 5)?,
            state: state(&mut row, 6)?,
            attempts: row.small(OUTBOX, 7)?,
            holder: row.text(OUTBOX, 8)?,
            until: row.maybe_instant(OUTBOX, 9)?,
            ended: row.maybe_instant(OUTBOX, 10)?,
            condition: row.text(OUTBOX, 11)?,
            says: row.text(OUTBOX, 12)?,
        })
    }
}
