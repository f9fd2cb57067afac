//! A network in memory, for tests: nothing happens by itself, and there is no clock. What is sent waits on its way until the test
//! delivers it, and a test can have it lost, doubled, delivered out of order, or its answer lost.
//!
//! ```
//! use samspill_transport::{Channel, Parcel, Received, Settle, fake::Network};
//!
//! # let parcel = Parcel {
//! #     id: "1".into(), from: "10".into(), to: "20".into(), kind: "LOG_INNLAGT".into(), message: "m".into(),
//! #     conversation: None, made: jiff::Timestamp::UNIX_EPOCH, bytes: b"<x/>".to_vec(),
//! # };
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let network = Network::new();
//! let hospital = network.channel("sykehus", &["10"]);
//! let municipality = network.channel("kommune", &["20"]);
//! hospital.send(&parcel).await.unwrap();
//! network.deliver_next();
//! let arrival = municipality.receive().await;
//! assert_eq!(arrival.received, Received::Parcel(parcel));
//! arrival.settle(Settle::Taken).await;
//! # });
//! ```

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::{Arrival, Channel, Doing, FaultReport, Health, Parcel, Received, SendFault, Settle, Settlement};

/// Mailboxes, and what is on its way to them. Clones are the same network.
#[derive(Clone, Debug, Default)]
pub struct Network {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// In the order in which they were sent.
    on_their_way: VecDeque<Letter>,
    /// What arrived, by HER-id.
    mailboxes: BTreeMap<String, VecDeque<Received>>,
    /// Given out and not settled.
    held: usize,
    mishaps: VecDeque<Mishap>,
    down: BTreeSet<String>,
}

/// Something on its way, and to which HER-id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The HER-id that it is for.
    pub to: String,
    /// What it is.
    pub what: Received,
}

/// What happens to one sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing: it is sent as it should.
    None,
    /// It is sent, and the answer is lost: the sender hears `Unknown`.
    AnswerLost,
    /// It is lost before it is sent: the sender hears `Unknown`.
    Lost,
    /// It is not sent: the sender hears `Later`.
    Later,
    /// It is refused with this condition.
    Refused(String),
    /// It is sent twice.
    Doubled,
}

impl Network {
    /// A network with nothing on its way.
    pub fn new() -> Self {
        Self::default()
    }

    /// A channel that receives what is for these HER-ids. Several channels can receive for the same one: each parcel comes
    /// to one of them.
    pub fn channel(&self, name: &str, own: &[&str]) -> FakeChannel {
        let own = own.iter().map(|id| (*id).to_owned()).collect();
        FakeChannel { network: self.clone(), name: name.to_owned(), own }
    }

    /// What happens to the next sendings that nothing is planned for yet, one for each; after them all goes well.
    pub fn plan(&self, mishaps: impl IntoIterator<Item = Mishap>) {
        self.state().mishaps.extend(mishaps);
    }

    /// How much is on its way.
    pub fn on_their_way(&self) -> usize {
        self.state().on_their_way.len()
    }

    /// How much has arrived and was not received yet, or was received and not settled.
    pub fn unsettled(&self) -> usize {
        let state = self.state();
        state.held + state.mailboxes.values().map(VecDeque::len).sum::<usize>()
    }

    /// Whether nothing is on its way and all that arrived is settled.
    pub fn is_quiet(&self) -> bool {
        self.on_their_way() == 0 && self.unsettled() == 0
    }

    /// What is on its way at this place, counted from 0 for what was sent first.
    pub fn letter(&self, place: usize) -> Option<Letter> {
        self.state().on_their_way.get(place).cloned()
    }

    /// Delivers what was sent first. `None` where nothing is on its way.
    pub fn deliver_next(&self) -> Option<Letter> {
        self.deliver(0)
    }

    /// Delivers what is on its way at this place: not the first, and it overtakes. `None` where nothing is there.
    pub fn deliver(&self, place: usize) -> Option<Letter> {
        let mut state = self.state();
        let letter = state.on_their_way.remove(place)?;
        state.mailboxes.entry(letter.to.clone()).or_default().push_back(letter.what.clone());
        drop(state);
        self.inner.changed.notify_waiters();
        Some(letter)
    }

    /// Delivers all that is on its way, in order, and says how much it was.
    pub fn deliver_all(&self) -> usize {
        let mut delivered = 0;
        while self.deliver_next().is_some() {
            delivered += 1;
        }
        delivered
    }

    /// Loses what is on its way at this place.
    pub fn lose(&self, place: usize) -> Option<Letter> {
        self.state().on_their_way.remove(place)
    }

    /// Puts a copy of what is on its way at this place behind all the rest.
    pub fn double(&self, place: usize) -> Option<Letter> {
        let mut state = self.state();
        let letter = state.on_their_way.get(place)?.clone();
        state.on_their_way.push_back(letter.clone());
        Some(letter)
    }

    /// From now on the channel of this name sends nothing and receives nothing.
    pub fn take_down(&self, channel: &str) {
        self.state().down.insert(channel.to_owned());
    }

    /// The channel of this name works again.
    pub fn bring_up(&self, channel: &str) {
        self.state().down.remove(channel);
        self.inner.changed.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One end of a [`Network`].
#[derive(Debug)]
pub struct FakeChannel {
    network: Network,
    name: String,
    own: BTreeSet<String>,
}

impl FakeChannel {
    /// What has arrived, without waiting.
    pub fn try_receive(&self) -> Option<Arrival> {
        let mut state = self.network.state();
        if state.down.contains(&self.name) {
            return None;
        }
        let (her_id, what) = self.own.iter().find_map(|her_id| {
            let what = state.mailboxes.get_mut(her_id)?.pop_front()?;
            Some((her_id.clone(), what))
        })?;
        state.held += 1;
        drop(state);
        let held =
            Held { network: self.network.clone(), letter: Some(Letter { to: her_id, what: what.clone() }) };
        Some(Arrival::new(what, held))
    }

    fn try_send(&self, parcel: &Parcel) -> Result<(), SendFault> {
        let mut state = self.network.state();
        if state.down.contains(&self.name) {
            return Err(SendFault::Later { says: "the network is down".to_owned() });
        }
        let mishap = state.mishaps.pop_front().unwrap_or(Mishap::None);
        let letter = Letter { to: parcel.to.clone(), what: Received::Parcel(parcel.clone()) };
        let unknown = || SendFault::Unknown { says: "the answer is lost".to_owned() };
        match mishap {
            Mishap::None => state.on_their_way.push_back(letter),
            Mishap::Doubled => state.on_their_way.extend([letter.clone(), letter]),
            Mishap::AnswerLost => {
                state.on_their_way.push_back(letter);
                return Err(unknown());
            }
            Mishap::Lost => return Err(unknown()),
            Mishap::Later => return Err(SendFault::Later { says: "the other side is busy".to_owned() }),
            Mishap::Refused(condition) => {
                return Err(SendFault::Refused { condition, says: "the other side refuses it".to_owned() });
            }
        }
        Ok(())
    }
}

impl Channel for FakeChannel {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(async { self.try_send(parcel) })
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(async {
            loop {
                // Listens before it looks: what changes in between is heard.
                let mut changed = Box::pin(self.network.inner.changed.notified());
                changed.as_mut().enable();
                if let Some(arrival) = self.try_receive() {
                    return arrival;
                }
                changed.await;
            }
        })
    }

    fn health(&self) -> Health {
        if self.network.state().down.contains(&self.name) {
            // There is no clock here to say since when.
            return Health::Down { since: Timestamp::UNIX_EPOCH, says: "the network is down".to_owned() };
        }
        Health::Up
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }
}

/// Something received and not settled. Dropped, it is at the front of its mailbox again.
#[derive(Debug)]
struct Held {
    network: Network,
    letter: Option<Letter>,
}

impl Held {
    fn end(&mut self, settle: &Settle) {
        let Some(letter) = self.letter.take() else { return };
        let mut state = self.network.state();
        state.held -= 1;
        match settle {
            Settle::Taken => {}
            // Behind the rest: one that can't be taken now doesn't hold up the others.
            Settle::Later => state.mailboxes.entry(letter.to).or_default().push_back(letter.what),
            Settle::Refused(fault) => {
                if let Received::Parcel(parcel) = letter.what {
                    let fault = FaultReport { about: parcel.id, ..fault.clone() };
                    state.on_their_way.push_back(Letter { to: parcel.from, what: Received::Fault(fault) });
                }
            }
        }
        drop(state);
        self.network.inner.changed.notify_waiters();
    }
}

impl Settlement for Held {
    fn settle(mut self: Box<Self>, settle: Settle) -> Doing<'static, ()> {
        Box::pin(async move { self.end(&settle) })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(letter) = self.letter.take() else { return };
        let mut state = self.network.state();
        state.held -= 1;
        state.mailboxes.entry(letter.to).or_default().push_front(letter.what);
        drop(state);
        self.network.inner.changed.notify_waiters();
    }
}
