//! The line between nodes: what becomes of each parcel follows from the seed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use samspill_transport::{Arrival, Channel, Doing, Health, Parcel, SendFault};

use super::shape::Defect;
use crate::{
    Chance,
    faults::{Fate, Plan},
    time::after,
};

/// The name of the channel and of the broker behind it.
pub(super) const LINE: &str = "linje";

/// What all ends of the line share. Clones are the same line.
#[derive(Clone, Debug)]
pub(super) struct Net {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    plan: Plan,
    chance: Chance,
    refused: u32,
    defect: Option<Defect>,
    now: Timestamp,
    /// Faults have stopped.
    is_calm: bool,
    /// How many parcels went by each line, first tries only.
    handed: BTreeMap<String, u64>,
    /// How often a parcel that was tried before is still lost.
    losing: BTreeMap<String, u32>,
    known: BTreeSet<String>,
    /// Parcels that wait until others have passed.
    held: Vec<Held>,
    /// What comes, and when.
    comes: Vec<(Timestamp, Parcel)>,
    counts: BTreeMap<&'static str, u64>,
    /// The node stops at a sending, after so many others.
    stops: Option<Stop>,
    has_stopped: bool,
}

/// A node that stops while it hands parcels over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    /// After so many sendings.
    pub(super) after: u32,
    /// Whether that one gets away.
    pub(super) is_sent: bool,
}

#[derive(Debug)]
struct Held {
    line: String,
    passes: u32,
    since: Timestamp,
    parcel: Parcel,
}

impl Net {
    pub(super) fn new(seed: u64, plan: Plan, refused: u32, defect: Option<Defect>) -> Self {
        let state = State {
            plan,
            chance: Chance::of(seed).branch("line"),
            refused,
            defect,
            now: Timestamp::UNIX_EPOCH,
            is_calm: false,
            handed: BTreeMap::new(),
            losing: BTreeMap::new(),
            known: BTreeSet::new(),
            held: Vec::new(),
            comes: Vec::new(),
            counts: BTreeMap::new(),
            stops: None,
            has_stopped: false,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of a node.
    pub(super) fn end(&self, node: &str) -> End {
        End { net: self.clone(), node: node.to_owned() }
    }

    pub(super) fn set_now(&self, now: Timestamp) {
        self.state().now = now;
    }

    /// From now on nothing goes wrong, and what waits comes.
    pub(super) fn calm(&self) {
        let mut state = self.state();
        state.is_calm = true;
        state.losing.clear();
        state.let_go(|_| true);
    }

    /// What has waited since before an instant comes, though nothing has passed it.
    pub(super) fn let_go_older(&self, than: Timestamp) {
        self.state().let_go(|held| held.since < than);
    }

    /// Sends what no mailroom knows of, as the system of a party that goes past it.
    pub(super) fn send_past(&self, parcel: Parcel) {
        let mut state = self.state();
        let at = after(state.now, SignedDuration::from_secs(20));
        state.comes.push((at, parcel));
    }

    /// What was sent since this was asked last, and when it comes.
    pub(super) fn take_comes(&self) -> Vec<(Timestamp, Parcel)> {
        std::mem::take(&mut self.state().comes)
    }

    pub(super) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.state().counts.clone()
    }

    /// Has the next node that sends stop.
    pub(super) fn stop_next(&self, stop: Option<Stop>) {
        let mut state = self.state();
        (state.stops, state.has_stopped) = (stop, false);
    }

    pub(super) fn has_stopped(&self) -> bool {
        self.state().has_stopped
    }

    pub(super) fn is_down(&self, at: Timestamp) -> bool {
        let state = self.state();
        !state.is_calm && state.plan.is_broker_down(LINE, at)
    }
}

impl State {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn let_go(&mut self, which: impl Fn(&Held) -> bool) {
        let soon = after(self.now, SignedDuration::from_secs(5));
        let (go, stay): (Vec<Held>, Vec<Held>) = self.held.drain(..).partition(|held| which(held));
        self.held = stay;
        self.comes.extend(go.into_iter().map(|held| (soon, held.parcel)));
    }

    fn deliver(&mut self, line: &str, parcel: &Parcel, by: SignedDuration) {
        self.comes.push((after(self.now, by), parcel.clone()));
        for held in self.held.iter_mut().filter(|held| held.line == line) {
            held.passes = held.passes.saturating_sub(1);
        }
        self.let_go(|held| held.passes == 0);
    }

    fn send(&mut self, node: &str, parcel: &Parcel) -> Result<(), SendFault> {
        if !self.is_calm && self.plan.is_broker_down(LINE, self.now) {
            self.count("broker down");
            return Err(SendFault::Later { says: "megleren svarer ikke".to_owned() });
        }
        let line = format!("{node} {}", organisation(&parcel.to));
        if !self.known.insert(parcel.id.clone()) {
            return self.send_again(&line, parcel);
        }
        let handed = self.handed.entry(line.clone()).or_default();
        let nth = *handed;
        *handed += 1;
        let all: u64 = self.handed.values().sum();
        if let Some(Defect::LosesForEver(every)) = self.defect
            && all.is_multiple_of(every)
        {
            return Ok(());
        }
        let mut chance = self.chance.branch(&line).nth(nth);
        let usual = SignedDuration::from_secs(i64::from(chance.within([5, 90])));
        if !self.is_calm && chance.hits(self.refused) {
            self.count("refused");
            let (condition, says) = ("amqp:not-found".to_owned(), "ingen slik kø".to_owned());
            return Err(SendFault::Refused { condition, says });
        }
        let fate = if self.is_calm { Fate::Deliver } else { self.plan.fate(&line, nth) };
        self.meet(fate, &line, parcel, usual)
    }

    fn meet(
        &mut self,
        fate: Fate,
        line: &str,
        parcel: &Parcel,
        usual: SignedDuration,
    ) -> Result<(), SendFault> {
        match fate {
            Fate::Deliver => self.deliver(line, parcel, usual),
            Fate::Delay(by) => {
                self.count("late");
                self.deliver(line, parcel, by);
            }
            Fate::AnswerLost => {
                self.count("answer lost");
                self.deliver(line, parcel, usual);
                return Err(unknown());
            }
            Fate::Double(by) => {
                self.count("doubled");
                self.deliver(line, parcel, usual);
                self.comes.push((after(self.now, by), parcel.clone()));
            }
            Fate::Overtaken(passes) => {
                self.count("overtaken");
                let (line, parcel) = (line.to_owned(), parcel.clone());
                self.held.push(Held { line, passes: passes.max(1), since: self.now, parcel });
            }
            Fate::Lost(times) => {
                self.count("lost");
                self.losing.insert(parcel.id.clone(), times);
                return Err(unknown());
            }
        }
        Ok(())
    }

    fn send_again(&mut self, line: &str, parcel: &Parcel) -> Result<(), SendFault> {
        self.count("sent again");
        if let Some(left) = self.losing.get_mut(&parcel.id).filter(|left| **left > 0) {
            *left -= 1;
            return Err(SendFault::Later { says: "den andre siden er opptatt".to_owned() });
        }
        self.deliver(line, parcel, SignedDuration::from_secs(10));
        Ok(())
    }
}

/// The organisation that a HER-id of the region belongs to.
pub(super) fn organisation(her: &str) -> &str {
    her.get(..her.len().saturating_sub(2)).unwrap_or_default()
}

fn unknown() -> SendFault {
    SendFault::Unknown { says: "linjen brøt før svaret kom".to_owned() }
}

/// A node's end of the line.
#[derive(Debug)]
pub(super) struct End {
    net: Net,
    node: String,
}

impl End {
    fn hand(&self, parcel: &Parcel) -> Option<Result<(), SendFault>> {
        let mut state = self.net.state();
        match state.stops.as_mut() {
            Some(stop) if stop.after == 0 => {
                let is_sent = stop.is_sent;
                state.has_stopped = true;
                if is_sent {
                    // Nobody is there to hear the answer.
                    let _unheard = state.send(&self.node, parcel);
                }
                None
            }
            Some(stop) => {
                stop.after -= 1;
                Some(state.send(&self.node, parcel))
            }
            None => Some(state.send(&self.node, parcel)),
        }
    }
}

impl Channel for End {
    fn name(&self) -> &str {
        LINE
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(async move {
            match self.hand(parcel) {
                Some(result) => result,
                None => std::future::pending().await,
            }
        })
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(std::future::pending())
    }

    fn health(&self) -> Health {
        Health::Up
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }
}
