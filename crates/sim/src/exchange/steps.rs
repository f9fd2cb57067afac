//! What nodes do with parcels.

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position};
use samspill_service::exchange::mailroom::{MailError, Taken};
use samspill_store::{Append, AppendKey, OutboxState, StoreError};
use samspill_transport::Parcel;

use super::{
    Failure,
    crash::{stopped_after, while_pending},
    harness::{Happening, Harness, Look},
    line::{LINE, Stop},
    node::Node,
    shape::Defect,
};
use crate::time::{after, before};

impl Harness {
    /// A node hands over what is due. Where it stops, what it had taken up waits until its time is over.
    pub(super) async fn hands_over(&mut self, place: usize) -> Result<(), Failure> {
        let now = self.clock(place);
        let stop = self.stops(place).map(|turns| Stop { after: turns % 3, is_sent: turns.is_multiple_of(2) });
        self.net.stop_next(stop);
        let done = self.hand_all(place, now).await.map_err(|error| self.machine(&error))?;
        self.net.stop_next(None);
        if done.is_none() {
            self.count("crashes between sending and settling");
            self.nodes[place].restart().await.map_err(|error| self.machine(&error))?;
        }
        let due = self.nodes[place].due(now).await.map_err(|error| self.machine(&error))?;
        if let Some(due) = due {
            // The clock of the node says when; it may be wrong, but it goes as fast as ours.
            let wait = due.duration_since(now).max(SignedDuration::from_secs(1));
            self.look(Look::Outbox, place, after(self.now, wait));
        }
        Ok(())
    }

    /// All that is due, until nothing is; none where the node stopped.
    async fn hand_all(&mut self, place: usize, now: Timestamp) -> Result<Option<()>, MailError> {
        let (room, end) = (self.nodes[place].room.clone(), &self.ends[place]);
        let work = async {
            while room.hand_over(end, "node", &move || now).await?.is_something() {}
            Ok(())
        };
        let net = self.net.clone();
        while_pending(work, move || net.has_stopped()).await.transpose()
    }

    /// A parcel comes. While the broker is away, it waits there.
    pub(super) async fn comes(&mut self, place: usize, parcel: Parcel) -> Result<(), Failure> {
        if self.net.is_down(self.now) {
            let later = after(self.now, SignedDuration::from_mins(5));
            self.agenda.enter(later, Happening::Comes(place, Box::new(parcel)));
            return Ok(());
        }
        self.note_order(place, &parcel);
        let is_again = !self.came.insert((place, parcel.id.clone()));
        let stops = self.stops(place);
        let taken = self.take_in(place, &parcel, stops).await.map_err(|error| self.machine(&error))?;
        if is_again && self.shape.defect == Some(Defect::ForgetsWhatCame) {
            self.write_again(place, &taken).await.map_err(|error| self.machine(&error))?;
        }
        let soon = after(self.now, SignedDuration::from_secs(1));
        if taken.receipts > 0 {
            self.look(Look::Outbox, place, soon);
        }
        self.look(Look::Log, place, self.now);
        if stops.is_some_and(|turns| turns.is_multiple_of(3)) {
            // It was taken, and the line wasn't told.
            self.count("crashes between taking and settling");
            let again = after(self.now, SignedDuration::from_secs(61));
            self.agenda.enter(again, Happening::Comes(place, Box::new(parcel)));
        }
        Ok(())
    }

    /// Takes a parcel; where the node stops in the middle, it comes again at once, and whatever was done by then comes out the same.
    async fn take_in(
        &mut self,
        place: usize,
        parcel: &Parcel,
        stops: Option<u32>,
    ) -> Result<Taken, MailError> {
        let now = self.clock(place);
        if let Some(turns) = stops {
            let room = self.nodes[place].room.clone();
            let stopped = stopped_after(turns, Box::pin(room.take(parcel, LINE, now))).await;
            drop((room, stopped));
            self.nodes[place].restart().await?;
        }
        let mut taken = Box::pin(self.nodes[place].room.take(parcel, LINE, now)).await?;
        if stops.is_some() {
            // Whether this was the first time depends on how far the one that stopped had come.
            taken.receipts = taken.receipts.max(1);
        }
        Ok(taken)
    }

    fn note_order(&mut self, place: usize, parcel: &Parcel) {
        let Some(posted) = self.posted.get(&parcel.message) else { return };
        let is_early = posted.cancels.as_ref().is_some_and(|id| {
            !self.came.iter().any(|(at, message)| *at == place && message == &format!("melding {id}"))
        });
        self.came.insert((place, format!("melding {}", parcel.message)));
        if is_early {
            self.count("cancelled before it came");
        }
    }

    /// Writes what a message gave once more, as a node would that has forgotten that it came.
    async fn write_again(&mut self, place: usize, taken: &Taken) -> Result<(), StoreError> {
        let (Some(case), node) = (&taken.case, &self.nodes[place]) else { return Ok(()) };
        let now = self.now;
        let all = node.room.store().case_entries(node.room.community(), case).await?;
        let is_plain = |entry: &&Entry| entry.id.as_deref().is_some_and(|id| id.len() == 36);
        let Some(last) = all.iter().rfind(is_plain) else { return Ok(()) };
        let id = last.id.as_ref().map(|id| format!("{id}~99"));
        let again = Entry { id, position: Position(0), ..last.clone() };
        let key = AppendKey::new(format!("igjen-{}", all.len()))?;
        let append = Append { key, recorded: now, entries: vec![again] };
        node.room.store().append(node.room.community(), &append).await?;
        Ok(())
    }
}

/// Lets dead letters of a node go, but for every other one. Gives how many.
pub(super) async fn release(node: &Node, now: Timestamp) -> Result<usize, StoreError> {
    let (store, community) = (node.room.store(), node.room.community());
    let dead = store.outbox(community, Some(OutboxState::Dead), "", 10_000).await?;
    let mut released = 0;
    for parcel in dead.iter().step_by(2) {
        let due = before(now, SignedDuration::from_secs(1));
        if node.room.release(&parcel.id, due).await.unwrap_or(false) {
            released += 1;
        }
    }
    Ok(released)
}
