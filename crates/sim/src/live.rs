//! The parties of a region in one log that people write in too: they act through the mailroom, and read what others wrote.
//!
//! ```text
//!   history: stays that began before an instant ──▶ entries, appended        Live: stays that began later ──▶ messages
//!                                                                                   ▲   act ──▶ send ──▶ take ──▶ receipt
//!                                                                                   └── the log, read as it grows
//! ```
//!
//! Time is an argument. [`Live::until`] acts up to an instant, however far off: what is past is caught up with in its own order and by
//! its own times. A region that was stopped is found again from its world and the log alone: [`Live::resume`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position, Value};
use samspill_service::exchange::{
    mailroom::{MailError, Mailroom},
    meaning::{Known, message_in},
};
use samspill_store::{Append, AppendKey, StoreError};
use samspill_transport::Parcel;

use crate::{
    Act, ActKind, Form, Play, PostError, Posted, StayKey,
    post::{beside, post},
    time::after,
};

/// Parties that act in a log that they share with people.
#[derive(Debug)]
pub struct Live {
    play: Play,
    room: Mailroom,
    /// Stays that began from this instant on are told by messages.
    from: Timestamp,
    stays: BTreeMap<StayKey, Vec<Entry>>,
    /// Messages and events that stand in the log.
    done: BTreeSet<String>,
    read: Position,
    now: Timestamp,
}

/// What a region has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acted {
    /// Messages that were sent.
    pub messages: usize,
    /// Entries that were appended without one.
    pub entries: usize,
}

/// Why the parties can't go on.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mailroom.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// An act that no message can be made of.
    #[error("{kind} about {case} can't be sent: {says}")]
    Post {
        /// The kind of the entry.
        kind: String,
        /// The stay.
        case: String,
        /// Why.
        says: PostError,
    },
}

/// Who hands over.
const HOLDER: &str = "region";
/// How long a message is on its way.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(20);
/// Entries that are read from the log at a time.
const PAGE: usize = 1_000;

/// What everybody did up to an instant, as entries for a log, each recorded when it was received; and the parties, to go on with.
pub fn history(mut play: Play, until: Timestamp) -> (Play, Vec<Entry>) {
    let entries = play.until(until).into_iter().flat_map(|step| {
        let recorded = step.received;
        step.entries.into_iter().map(move |entry| Entry { recorded: Some(recorded), ..entry })
    });
    let entries = entries.collect();
    (play, entries)
}

impl Live {
    /// Parties that go on after a history whose last entry has this position: from `from` on they act in the log.
    pub fn new(play: Play, room: Mailroom, from: Timestamp, read: Position) -> Self {
        let (stays, done) = (BTreeMap::new(), BTreeSet::new());
        Self { play, room, from, stays, done, read, now: from }
    }

    /// Parties that have gone on for a while, and were stopped: they read the log again, and know what they did and saw. What they would
    /// have done while nobody asked them, they do when they are asked next.
    ///
    /// # Errors
    /// Where the log can't be read.
    pub async fn resume(
        play: Play,
        room: Mailroom,
        from: Timestamp,
        read: Position,
    ) -> Result<Self, LiveError> {
        let mut live = Self::new(play, room, from, read);
        let news = live.news().await?;
        for entry in &news {
            live.now = live.now.max(entry.recorded.unwrap_or(live.now));
            let acts = live.play.see(std::slice::from_ref(entry), live.now);
            for act in acts.iter().filter(|act| act.admitted < from) {
                live.play.entries(act);
            }
        }
        Ok(live)
    }

    /// Up to when they have acted.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets everybody see what is new in the log, and do what is due up to an instant, in the order of time.
    ///
    /// # Errors
    /// Where the store fails. What was done then stays done, and isn't done again.
    pub async fn until(&mut self, until: Timestamp) -> Result<Acted, LiveError> {
        let mut acted = Acted::default();
        while let Some(at) = self.play.next_at().filter(|next| *next < until) {
            self.turn(at.max(self.now), &mut acted).await?;
        }
        if until >= self.now {
            self.turn(until, &mut acted).await?;
        }
        Ok(acted)
    }

    /// Everybody looks once, and then again while something comes of it.
    async fn turn(&mut self, now: Timestamp, acted: &mut Acted) -> Result<(), LiveError> {
        self.now = now;
        loop {
            let news = self.news().await?;
            let acts = self.play.see(&news, now);
            if acts.is_empty() {
                return Ok(());
            }
            for act in acts {
                self.does(&act, acted).await?;
            }
        }
    }

    async fn does(&mut self, act: &Act, acted: &mut Acted) -> Result<(), LiveError> {
        let is_done = act.entry.id.as_deref().is_some_and(|id| self.done.contains(id));
        // A stay that somebody else began in the log is nobody's of this world, whatever its ids look like.
        let is_strange = self.play.world().patient(act.stay).is_none();
        match act.what {
            _ if is_done || is_strange => Ok(()),
            ActKind::Message(form) if !self.is_old(act) => {
                acted.messages += 1;
                self.sends(act, form).await
            }
            ActKind::Event | ActKind::Message(_) => {
                acted.entries += 1;
                self.registers(act).await
            }
        }
    }

    /// Whether the stay began before messages did: then what is said of it goes into the log as entries.
    fn is_old(&self, act: &Act) -> bool {
        act.admitted < self.from
    }

    /// An entry goes into the log as somebody types it in, in the case that the log has for the stay.
    async fn registers(&mut self, act: &Act) -> Result<(), LiveError> {
        let case = self.stays.get(&act.stay).and_then(|known| known.last()).map(|entry| entry.case.clone());
        let case = case.unwrap_or_else(|| act.entry.case.clone());
        let of_case = |entry: Entry| Entry { case: case.clone(), position: Position(0), ..entry };
        let entries: Vec<Entry> = self.play.entries(act).into_iter().map(of_case).collect();
        let Some(recorded) = entries.first().map(|entry| entry.received.unwrap_or(act.at)) else {
            return Ok(());
        };
        let key = AppendKey::new(format!("hendelse-{}", act.entry.id.as_deref().unwrap_or_default()));
        let append = Append { key: key.map_err(StoreError::from)?, recorded, entries };
        self.room.store().append(self.room.community(), &append).await?;
        Ok(())
    }

    /// A reply with a clear answer is sent with it, as who writes it here would. All else is sent as record systems write it.
    async fn sends(&mut self, act: &Act, form: Form) -> Result<(), LiveError> {
        let is_typed = form == Form::Usual && act.entry.field("svar").is_some();
        let is_sent = is_typed && self.sends_typed(act).await?;
        if !is_sent {
            self.sends_document(act, form).await?;
        }
        self.deliver(act.at).await
    }

    /// Whether the mailroom could make the message itself.
    async fn sends_typed(&mut self, act: &Act) -> Result<bool, LiveError> {
        let Some(beside) = beside(act, self.play.world()) else { return Ok(false) };
        let mut entry = act.entry.clone();
        entry.body.get_or_insert_default().remove("tekst");
        if let Some(known) = self.stays.get(&act.stay).and_then(|known| known.last()) {
            entry.case.clone_from(&known.case);
        }
        let id = entry.id.clone().unwrap_or_default();
        let by = self.staff(act);
        match self.room.send_entry(&entry, &beside, &id, &by, act.at).await {
            Ok(_) => Ok(true),
            Err(MailError::Store(error)) => Err(error.into()),
            // What is unclear to the mailroom goes as a document, and a person settles it.
            Err(_) => Ok(false),
        }
    }

    async fn sends_document(&mut self, act: &Act, form: Form) -> Result<(), LiveError> {
        let log = self.stays.get(&act.stay).map_or(&[][..], Vec::as_slice);
        let posted = post(act, log, &Known::default(), self.play.world()).map_err(|says| {
            LiveError::Post { kind: act.entry.kind.clone(), case: act.entry.case.clone(), says }
        })?;
        match self.room.send(&posted.bytes, act.at).await {
            Ok(_) => Ok(()),
            // What a mailroom doesn't send, another system may.
            Err(MailError::Unreadable(_)) if matches!(form, Form::Wrong(_)) => {
                let parcel = past(act, posted);
                self.room.take(&parcel, "utenom", after(act.at, ON_ITS_WAY)).await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What was sent is taken in, and receipts go back, until nothing is under way.
    async fn deliver(&self, at: Timestamp) -> Result<(), LiveError> {
        let clock = move || after(at, ON_ITS_WAY);
        while self.room.hand_over_here(HOLDER, &clock).await?.is_something() {}
        Ok(())
    }

    /// Who writes for a party.
    fn staff(&self, act: &Act) -> String {
        let from = act.entry.from.as_deref().unwrap_or_default();
        let region = &self.play.world().region;
        let ward = region.ward(from).and_then(|it| it.staff.first());
        let office = region.municipality(from).and_then(|it| it.staff.first());
        ward.or(office).map_or_else(|| from.to_owned(), |it| format!("{} {}", it.given, it.family))
    }

    /// What has come into the log.
    async fn news(&mut self) -> Result<Vec<Entry>, StoreError> {
        let mut tail = self.room.store().tail(self.room.community(), self.read);
        let mut news = Vec::new();
        loop {
            let lines = tail.next(PAGE).await?;
            if lines.is_empty() {
                break;
            }
            for entry in lines.into_iter().map(|line| line.entry) {
                self.learn(&entry);
                news.push(entry);
            }
        }
        self.read = tail.last();
        Ok(news)
    }

    fn learn(&mut self, entry: &Entry) {
        let Some(id) = entry.id.as_deref() else { return };
        self.done.insert(id.to_owned());
        self.done.insert(message_in(id).to_owned());
        let named =
            || entry.field("gjelder").and_then(Value::as_text).and_then(|id| StayKey::of_id(message_in(id)));
        let key = StayKey::of_id(message_in(id)).or_else(|| StayKey::of_event(id)).or_else(named);
        if let Some(key) = key {
            self.stays.entry(key).or_default().push(entry.clone());
        }
    }
}

fn past(act: &Act, posted: Posted) -> Parcel {
    Parcel {
        id: format!("utenom-{}", posted.id),
        from: posted.from,
        to: posted.to,
        kind: posted.kind.message_type().to_owned(),
        message: posted.id,
        conversation: None,
        made: act.at,
        bytes: posted.bytes,
    }
}
