use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use samspill_base::Entry;
use samspill_store::StoreError;
use samspill_transport::Parcel;
use tempfile::TempDir;

use super::{
    Check, Counts, Failure, Shape,
    clock::clock,
    line::{End, Net, organisation},
    node::Node,
};
use crate::{Partner, StayKey, World, agenda::Agenda, faults::Plan, time::after};

/// Something that happens at an instant.
#[derive(Debug)]
pub(super) enum Happening {
    /// A party looks at its log and its plans.
    Wakes(usize),
    /// A node looks into its outbox.
    HandsOver(usize),
    /// A parcel comes to a node.
    Comes(usize, Box<Parcel>),
    /// A node looks at what time has changed.
    Ticks(usize),
}

/// A message that a party has sent.
#[derive(Clone, Debug)]
pub(super) struct Posted {
    /// The node of the party.
    pub(super) by: usize,
    /// The node that its receiver's HER-id belongs to.
    pub(super) to: Option<usize>,
    pub(super) at: Timestamp,
    pub(super) stay: StayKey,
    /// The message that it cancels.
    pub(super) cancels: Option<String>,
    /// Whether the mailroom sent it; otherwise it went past it.
    pub(super) is_by_mailroom: bool,
}

/// Parties, their nodes, the line between them, and what happens when.
pub(super) struct Harness {
    pub(super) seed: u64,
    pub(super) shape: Shape,
    pub(super) world: Arc<World>,
    pub(super) plan: Plan,
    pub(super) net: Net,
    pub(super) nodes: Vec<Node>,
    pub(super) ends: Vec<End>,
    pub(super) partners: Vec<Box<dyn Partner>>,
    pub(super) posted: BTreeMap<String, Posted>,
    /// What each party wrote about each stay.
    pub(super) written: BTreeMap<(usize, StayKey), Vec<Entry>>,
    pub(super) counts: Counts,
    pub(super) agenda: Agenda<Happening>,
    pub(super) now: Timestamp,
    pub(super) is_calm: bool,
    /// Parcels that came to each node.
    pub(super) came: std::collections::BTreeSet<(usize, String)>,
    next: BTreeMap<(Look, usize), Timestamp>,
    _folder: TempDir,
}

/// What a node does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    Log,
    Outbox,
}

/// How often nodes look at what time has changed.
const TICK: SignedDuration = SignedDuration::from_hours(6);
/// Longer than this nothing is overtaken.
const HELD: SignedDuration = SignedDuration::from_hours(24);
/// A run that isn't quiet after so many happenings never is.
const HAPPENINGS_MAX: u64 = 2_000_000;

impl Harness {
    pub(super) async fn new(seed: u64, shape: &Shape) -> Result<Self, Failure> {
        let failed = |says: String| Failure { seed, day: None, message: None, check: Check::Machine, says };
        let world = Arc::new(World::of(seed, shape.days, shape.settings.clone()));
        let folder = folder().map_err(|error| failed(error.to_string()))?;
        let plan = Plan::new(seed, shape.rates);
        let net = Net::new(seed, plan.clone(), shape.refused, shape.defect);
        let mut nodes = Vec::new();
        for (place, name) in world.region.parties().enumerate() {
            let path = folder.path().join(format!("node-{place}.db"));
            nodes.push(Node::new(&world, name, path).await.map_err(|error| failed(error.to_string()))?);
        }
        let ends = nodes.iter().map(|node| net.end(&node.name)).collect();
        let partners = world.partners();
        let mut harness = Self {
            seed,
            shape: shape.clone(),
            world,
            plan,
            net,
            nodes,
            ends,
            partners,
            posted: BTreeMap::new(),
            written: BTreeMap::new(),
            counts: Counts::new(),
            agenda: Agenda::new(),
            now: Timestamp::UNIX_EPOCH,
            is_calm: false,
            came: std::collections::BTreeSet::new(),
            next: BTreeMap::new(),
            _folder: folder,
        };
        harness.begin();
        Ok(harness)
    }

    fn begin(&mut self) {
        for place in 0..self.partners.len() {
            self.plan_wake(place);
        }
        self.now = self.agenda.next_at().unwrap_or(self.now);
        for place in 0..self.nodes.len() {
            self.agenda.enter(self.now, Happening::Ticks(place));
        }
    }

    /// Runs until nobody plans anything and all that is under way is there.
    pub(super) async fn run(&mut self) -> Result<(), Failure> {
        let mut happened = 0;
        while let Some(at) = self.agenda.next_at() {
            let Some((_, happening)) = self.agenda.due(at) else { break };
            self.now = self.now.max(at);
            self.net.set_now(self.now);
            self.take(happening).await?;
            self.enter_comes();
            happened += 1;
            if happened > HAPPENINGS_MAX {
                return Err(self.failure(Check::Quiet, None, "the nodes don't come to rest".to_owned()));
            }
        }
        *self.counts.entry("happenings").or_default() += happened;
        Ok(())
    }

    async fn take(&mut self, happening: Happening) -> Result<(), Failure> {
        match happening {
            Happening::Wakes(place) if self.is_planned(Look::Log, place) => self.wakes(place).await,
            Happening::HandsOver(place) if self.is_planned(Look::Outbox, place) => {
                self.hands_over(place).await
            }
            Happening::Wakes(_) | Happening::HandsOver(_) => Ok(()),
            Happening::Comes(place, parcel) => self.comes(place, *parcel).await,
            Happening::Ticks(place) => self.ticks(place).await,
        }
    }

    /// Whether this is the look that was planned last; one that another took the place of isn't taken.
    fn is_planned(&mut self, look: Look, place: usize) -> bool {
        let is_it = self.next.get(&(look, place)).is_some_and(|at| *at <= self.now);
        if is_it {
            self.next.remove(&(look, place));
        }
        is_it
    }

    /// Plans a look, unless an earlier one is planned.
    pub(super) fn look(&mut self, look: Look, place: usize, at: Timestamp) {
        let at = at.max(self.now);
        if self.next.get(&(look, place)).is_some_and(|planned| *planned <= at) {
            return;
        }
        self.next.insert((look, place), at);
        let happening = match look {
            Look::Log => Happening::Wakes(place),
            Look::Outbox => Happening::HandsOver(place),
        };
        self.agenda.enter(at, happening);
    }

    pub(super) fn plan_wake(&mut self, place: usize) {
        if let Some(at) = self.partners[place].wakes() {
            self.look(Look::Log, place, at);
        }
    }

    /// What the line was given is on the agenda, if it has a receiver.
    fn enter_comes(&mut self) {
        for (at, parcel) in self.net.take_comes() {
            match self.node_of(&parcel.to) {
                Some(place) => self.agenda.enter(at, Happening::Comes(place, Box::new(parcel))),
                None => self.count("to nobody"),
            }
        }
    }

    /// The node of the organisation that a HER-id belongs to.
    pub(super) fn node_of(&self, her: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.organisation == organisation(her))
    }

    async fn ticks(&mut self, place: usize) -> Result<(), Failure> {
        let now = self.clock(place);
        if now != self.now {
            self.count("clock wrong");
        }
        let ticked = self.nodes[place].room.tick(now).await.map_err(|error| self.machine(&error))?;
        self.add("overdue", ticked.overdue.len());
        self.add("alerts", ticked.raised.len());
        self.net.let_go_older(crate::time::before(self.now, HELD));
        let goes_on = self.partners.iter().any(|it| it.wakes().is_some());
        if goes_on || self.next.keys().any(|(look, _)| *look == Look::Log) {
            self.agenda.enter(after(self.now, TICK), Happening::Ticks(place));
        } else if !self.is_calm {
            self.grow_calm().await?;
        }
        Ok(())
    }

    /// Faults stop: what waits comes, dead letters are let go of but for every other one, and everybody looks once more.
    async fn grow_calm(&mut self) -> Result<(), Failure> {
        self.is_calm = true;
        self.net.calm();
        for place in 0..self.nodes.len() {
            let released = self.release(place).await.map_err(|error| self.machine(&error))?;
            self.add("released", released);
            self.look(Look::Outbox, place, self.now);
            self.agenda.enter(after(self.now, TICK), Happening::Ticks(place));
        }
        Ok(())
    }

    /// What the clock of a node says.
    pub(super) fn clock(&self, place: usize) -> Timestamp {
        if self.is_calm {
            return self.now;
        }
        clock(&self.plan, self.seed, &self.nodes[place].name, self.now)
    }

    pub(super) fn count(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    pub(super) fn add(&mut self, what: &'static str, count: usize) {
        *self.counts.entry(what).or_default() += u64::try_from(count).unwrap_or(u64::MAX);
    }

    pub(super) fn failure(&self, check: Check, message: Option<&str>, says: String) -> Failure {
        let at = message.and_then(|id| self.posted.get(id)).map(|posted| posted.at);
        let day = at.map(|at| self.world.wall.day(at));
        Failure { seed: self.seed, day, message: message.map(str::to_owned), check, says }
    }

    pub(super) fn machine(&self, error: &dyn std::error::Error) -> Failure {
        self.failure(Check::Machine, None, format!("{}: {error}", self.now))
    }

    pub(super) async fn close(&self) {
        for node in &self.nodes {
            node.room.store().close().await;
        }
    }

    async fn release(&mut self, place: usize) -> Result<usize, StoreError> {
        super::steps::release(&self.nodes[place], self.now).await
    }
}

/// A folder for the stores: in memory where there is such a place, for nobody needs them after a power cut.
fn folder() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let named = || tempfile::Builder::new().prefix("samspill-sim").to_owned();
    if memory.is_dir() { named().tempdir_in(memory) } else { named().tempdir() }
}
