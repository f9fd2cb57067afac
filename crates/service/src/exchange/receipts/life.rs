use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_formats::messages::types::{Body, Head, Message, Party, Unit};

use super::{
    identity::{comparable, message_key},
    limits::ReceiptLimits,
};

/// A message that was sent, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sent {
    /// Its id (`MsgId`).
    pub id: String,
    /// Its own time (`GenDate`): the limit counts from here.
    pub made: Timestamp,
    /// Its receivers, primary and copies, by [`receiver_key`].
    pub receivers: BTreeSet<String>,
}

impl Sent {
    /// What a head says. None if its time can't be read, or none of its receivers has an id.
    pub fn of(head: &Head) -> Option<Self> {
        let others = head.others.iter().filter(|other| other.role.value != "OR").map(|other| &other.party);
        let receivers: BTreeSet<String> =
            std::iter::once(&head.receiver).chain(others).filter_map(receiver_key).collect();
        let made = head.made.earliest()?;
        (!receivers.is_empty()).then(|| Self { id: head.id.clone(), made, receivers })
    }
}

/// What names a receiver in a message and in its receipt alike: `HER:8000012`. The service if there is one, else the person,
/// else the organisation (HITS 1168:2016 11); by its id of HER, or else the first of its ids by kind.
pub fn receiver_key(party: &Party) -> Option<String> {
    let inner = party.levels.get(1..).unwrap_or_default();
    let unit = inner.iter().rev().find(|level| !level.is_person);
    let person = inner.iter().rev().find(|level| level.is_person);
    [unit, person, party.levels.first()].into_iter().flatten().find_map(unit_key)
}

fn unit_key(unit: &Unit) -> Option<String> {
    let filled = unit.ids.iter().filter(|id| !id.value.is_empty());
    let first = filled.min_by_key(|id| (id.kind.value != "HER", &id.kind.value, &id.value))?;
    Some(format!("{}:{}", first.kind.value, comparable(&first.kind.value, &first.value)))
}

/// Something that became of a message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The transport says that it arrived at a receiver's.
    Delivered {
        /// Which receiver.
        receiver: String,
        /// When that came.
        at: Timestamp,
    },
    /// The transport says that it didn't. It may be sent again as it is.
    NotDelivered {
        /// Which receiver.
        receiver: String,
        /// When that came.
        at: Timestamp,
    },
    /// A receipt came.
    Receipt(Seen),
}

/// A receipt that came.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Seen {
    /// Who sent it, by [`receiver_key`].
    pub receiver: String,
    /// When it came here; not when it was made.
    pub at: Timestamp,
    /// Its own id.
    pub id: String,
    /// What it says.
    pub says: Final,
    /// Its reasons, as they are to be shown: `E36 Pasientopplysninger er utilstrekkelige: …`.
    pub reasons: Vec<String>,
}

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Final {
    /// Status 2.
    Rejected,
    /// Status 1; also 3, which accepts all but the parts it names.
    Accepted,
}

/// How it stands with one receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It went out.
    Sent,
    /// The transport gave it up.
    NotDelivered,
    /// It arrived, and no receipt has come.
    Delivered,
    /// No receipt came within the limit: it counts as rejected, and a person must act. A receipt may still come.
    Overdue,
    /// It was accepted.
    Accepted,
    /// It was rejected.
    Rejected,
    /// It was accepted after the limit.
    CompletedLate,
    /// It was rejected after the limit.
    RejectedLate,
}

impl State {
    /// Whether a receipt has come: nothing that comes later changes it.
    pub fn is_final(self) -> bool {
        match self {
            Self::Accepted | Self::Rejected | Self::CompletedLate | Self::RejectedLate => true,
            Self::Sent | Self::NotDelivered | Self::Delivered | Self::Overdue => false,
        }
    }

    /// Whether somebody on the sender's side must act.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::NotDelivered | Self::Overdue | Self::Rejected | Self::RejectedLate => true,
            Self::Sent | Self::Delivered | Self::Accepted | Self::CompletedLate => false,
        }
    }
}

/// What an event changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The state, as of the latest event.
    State {
        /// Before.
        from: State,
        /// After.
        to: State,
    },
    /// Nothing.
    Nothing,
    /// Nothing, and it is something to look at.
    Reported(Reported),
}

/// Something about an event to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reported {
    /// The message didn't go to this receiver. The event is kept beside.
    UnknownReceiver,
    /// This very receipt has come before.
    SameReceiptAgain,
    /// A second receipt that says the same as the first. It is kept.
    SecondReceipt,
    /// A second receipt that says the opposite of the first, which the standard forbids. It is kept; the first one stands.
    ContradictingReceipt,
}

/// What became of one message, for each of its receivers. All it holds is what came and when: the state at a time follows
/// from that, so the order in which events are told makes no difference.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Life {
    id: String,
    made: Timestamp,
    deadline: Timestamp,
    receivers: BTreeMap<String, Facts>,
    strays: Vec<Event>,
    latest: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Facts {
    transport: BTreeSet<(Timestamp, Transport)>,
    /// In the order that they came.
    receipts: Vec<Seen>,
}

/// Of two at the same moment, the later in this order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Transport {
    GivenUp,
    Arrived,
}

impl Life {
    /// A message that was just sent. The limit is that of the day it was made on.
    pub fn new(sent: Sent, limits: &ReceiptLimits) -> Self {
        let (limit, _) = limits.at(sent.made);
        Self {
            id: sent.id,
            made: sent.made,
            deadline: sent.made.checked_add(limit).unwrap_or(Timestamp::MAX),
            receivers: sent.receivers.into_iter().map(|receiver| (receiver, Facts::default())).collect(),
            strays: Vec::new(),
            latest: sent.made,
        }
    }

    /// The message's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was made.
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// The last moment at which a receipt is in time.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Takes an event. Told twice, it is the same as told once.
    pub fn apply(&mut self, event: Event) -> Change {
        let (receiver, at) = event.about();
        let receiver = receiver.to_owned();
        let now = self.latest.max(at);
        let Some(from) = self.state(&receiver, now) else {
            if !self.strays.contains(&event) {
                self.strays.push(event);
            }
            return Change::Reported(Reported::UnknownReceiver);
        };
        self.latest = now;
        let reported = self.receivers.get_mut(&receiver).and_then(|facts| facts.take(event));
        match self.state(&receiver, now) {
            Some(to) if to != from => Change::State { from, to },
            Some(_) | None => reported.map_or(Change::Nothing, Change::Reported),
        }
    }

    /// How it stands with a receiver at a time; none if the message didn't go there. Exactly at the limit a receipt isn't
    /// overdue yet, and one that comes then is in time. Events after that time aren't looked at.
    pub fn state(&self, receiver: &str, now: Timestamp) -> Option<State> {
        let facts = self.receivers.get(receiver)?;
        Some(match facts.first_receipt(now) {
            Some(receipt) => final_state(receipt, self.deadline),
            None if now > self.deadline => State::Overdue,
            None => facts.transport_state(now),
        })
    }

    /// How it stands with each receiver.
    pub fn states(&self, now: Timestamp) -> impl Iterator<Item = (&str, State)> {
        self.receivers
            .keys()
            .filter_map(move |receiver| Some((receiver.as_str(), self.state(receiver, now)?)))
    }

    /// The receipts of a receiver in the order they came: the first is the one that counts.
    pub fn receipts(&self, receiver: &str) -> &[Seen] {
        self.receivers.get(receiver).map_or(&[], |facts| &facts.receipts)
    }

    /// What came about receivers that the message didn't go to.
    pub fn strays(&self) -> &[Event] {
        &self.strays
    }

    /// The moment after which somebody's receipt is overdue: a job that looks then, or later, misses nothing. None when all
    /// receipts have come or are overdue already.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let is_waiting = self.states(now).any(|(_, state)| !state.is_final() && state != State::Overdue);
        is_waiting.then_some(self.deadline)
    }
}

impl Event {
    /// Whom it is about, and when it came.
    pub fn about(&self) -> (&str, Timestamp) {
        match self {
            Self::Delivered { receiver, at } | Self::NotDelivered { receiver, at } => (receiver, *at),
            Self::Receipt(seen) => (&seen.receiver, seen.at),
        }
    }
}

fn final_state(receipt: &Seen, deadline: Timestamp) -> State {
    match (receipt.says, receipt.at > deadline) {
        (Final::Accepted, false) => State::Accepted,
        (Final::Rejected, false) => State::Rejected,
        (Final::Accepted, true) => State::CompletedLate,
        (Final::Rejected, true) => State::RejectedLate,
    }
}

impl Facts {
    fn take(&mut self, event: Event) -> Option<Reported> {
        match event {
            Event::Delivered { at, .. } => {
                self.transport.insert((at, Transport::Arrived));
                None
            }
            Event::NotDelivered { at, .. } => {
                self.transport.insert((at, Transport::GivenUp));
                None
            }
            Event::Receipt(seen) => self.take_receipt(seen),
        }
    }

    fn take_receipt(&mut self, seen: Seen) -> Option<Reported> {
        let is_same =
            |other: &Seen| message_key(&other.id) == message_key(&seen.id) && other.says == seen.says;
        if let Some(known) = self.receipts.iter_mut().find(|other| is_same(other)) {
            known.at = known.at.min(seen.at);
            self.receipts.sort_by(|one, other| one.order().cmp(&other.order()));
            return Some(Reported::SameReceiptAgain);
        }
        let reported = match self.receipts.first() {
            None => None,
            Some(first) if first.says == seen.says => Some(Reported::SecondReceipt),
            Some(_) => Some(Reported::ContradictingReceipt),
        };
        self.receipts.push(seen);
        self.receipts.sort_by(|one, other| one.order().cmp(&other.order()));
        reported
    }

    fn first_receipt(&self, now: Timestamp) -> Option<&Seen> {
        self.receipts.first().filter(|receipt| receipt.at <= now)
    }

    fn transport_state(&self, now: Timestamp) -> State {
        match self.transport.iter().rev().find(|(at, _)| *at <= now) {
            None => State::Sent,
            Some((_, Transport::GivenUp)) => State::NotDelivered,
            Some((_, Transport::Arrived)) => State::Delivered,
        }
    }
}

impl Seen {
    /// As they came; of two at the same moment a rejection goes first, so that somebody looks.
    fn order(&self) -> (Timestamp, Final, &str) {
        (self.at, self.says, &self.id)
    }
}

/// What a receipt tells: the id of the message that it is for, and the event. None if the message isn't a receipt, doesn't say
/// who sent it, or has a status that means nothing.
pub fn event_of(message: &Message, at: Timestamp) -> Option<(String, Event)> {
    let Body::Receipt(receipt) = &message.body else { return None };
    let says = match receipt.status.value.as_str() {
        "1" | "3" => Final::Accepted,
        "2" => Final::Rejected,
        _ => return None,
    };
    let reasons = receipt.errors.iter().map(|error| match error.original.as_str() {
        "" => format!("{} {}", error.value, error.name),
        text => format!("{} {}: {text}", error.value, error.name),
    });
    let receiver = receiver_key(&message.head.sender)?;
    let seen = Seen { receiver, at, id: message.head.id.clone(), says, reasons: reasons.collect() };
    Some((receipt.original_id.clone(), Event::Receipt(seen)))
}
