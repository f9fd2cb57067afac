use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_formats::messages::types::Message;

use super::{
    identity::message_key,
    life::{Change, Event, Life, Sent, State, event_of},
    limits::ReceiptLimits,
};

/// The lives of all messages that were sent, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Lives {
    lives: BTreeMap<String, Life>,
    /// Events for messages that aren't known: they wait here until the message is, as when a log is read in another order.
    orphans: BTreeMap<String, Vec<Event>>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was taken.
    Taken(Change),
    /// No message of that id was sent from here. It is kept, and reported.
    UnknownMessage,
    /// It isn't a receipt that can be understood: not one at all, without sender, or with an unknown status.
    NotUnderstood,
}

impl Lives {
    /// Takes a message that is sent. Events that came before it was known are taken with it. A message known already stays as
    /// it is: sent again as it was, it has one life.
    pub fn send(&mut self, sent: Sent, limits: &ReceiptLimits) {
        let key = message_key(&sent.id);
        let life = self.lives.entry(key.clone()).or_insert_with(|| Life::new(sent, limits));
        for event in self.orphans.remove(&key).unwrap_or_default() {
            life.apply(event);
        }
    }

    /// Takes an event for the message of this id.
    pub fn apply(&mut self, id: &str, event: Event) -> Outcome {
        let key = message_key(id);
        if let Some(life) = self.lives.get_mut(&key) {
            return Outcome::Taken(life.apply(event));
        }
        let waiting = self.orphans.entry(key).or_default();
        if !waiting.contains(&event) {
            waiting.push(event);
        }
        Outcome::UnknownMessage
    }

    /// Takes a receipt as it was read.
    pub fn receive(&mut self, receipt: &Message, at: Timestamp) -> Outcome {
        match event_of(receipt, at) {
            Some((id, event)) => self.apply(&id, event),
            None => Outcome::NotUnderstood,
        }
    }

    /// The life of a message.
    pub fn get(&self, id: &str) -> Option<&Life> {
        self.lives.get(&message_key(id))
    }

    /// Events for messages that were never sent from here, by message id.
    pub fn orphans(&self) -> impl Iterator<Item = (&str, &[Event])> {
        self.orphans.iter().map(|(id, events)| (id.as_str(), events.as_slice()))
    }

    /// All that somebody must act on at a time: message id, receiver and state.
    pub fn for_people(&self, now: Timestamp) -> impl Iterator<Item = (&str, &str, State)> {
        let all = self
            .lives
            .values()
            .flat_map(move |life| life.states(now).map(|(to, state)| (life.id(), to, state)));
        all.filter(|(_, _, state)| state.needs_a_person())
    }

    /// The earliest moment after which something is overdue: look then.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        self.lives.values().filter_map(|life| life.next_deadline(now)).min()
    }
}
