//! Parties that act, one after the other, over a network on which nothing goes wrong or over a log that they share with people.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samspill_base::Entry;

use crate::{Act, ActKind, Chance, Ledger, Partner, Step, World, agenda::Agenda, time::after};

/// The parties of a world as they act. It can be stopped at any instant, and goes on from there.
///
/// [`Play::until`] lets them act by themselves: what one sends the others get. [`Play::see`] lets them act by a log that they share,
/// which people and other systems write in too. The first may be followed by the second, and not the other way round.
#[derive(Debug)]
pub struct Play {
    world: Arc<World>,
    partners: Vec<Box<dyn Partner>>,
    ledger: Ledger,
    arrivals: Agenda<(usize, Vec<Entry>)>,
}

impl Play {
    /// The parties before anybody has acted.
    pub fn new(world: Arc<World>) -> Self {
        let partners = world.partners();
        Self { world, partners, ledger: Ledger::default(), arrivals: Agenda::new() }
    }

    /// The world that they act in.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// When somebody has something to do next, if nothing is seen before; none where nobody plans anything.
    pub fn next_at(&self) -> Option<Timestamp> {
        let wakes = self.partners.iter().filter_map(|partner| partner.wakes());
        wakes.chain(self.arrivals.next_at()).min()
    }

    /// What everybody does up to an instant, that instant included, in the order of time. What is on its way then arrives later.
    pub fn until(&mut self, until: Timestamp) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some(now) = self.next_at().filter(|next| *next <= until) {
            while let Some((_, (to, entries))) = self.arrivals.due(now) {
                self.ask(to, &entries, now, &mut steps);
            }
            for place in 0..self.partners.len() {
                if self.partners[place].wakes().is_some_and(|at| at <= now) {
                    self.ask(place, &[], now, &mut steps);
                }
            }
        }
        steps
    }

    /// Lets the parties see what has come into a log that they share, in its order, and act up to `now`. Each sees what is for it;
    /// corrections of what was seen before are passed over, for who has read a message acts on it once.
    ///
    /// What was on its way when they began to share a log is seen first.
    pub fn see(&mut self, news: &[Entry], now: Timestamp) -> Vec<Act> {
        let mut seen = vec![Vec::new(); self.partners.len()];
        while let Some((_, (to, entries))) = self.arrivals.due(Timestamp::MAX) {
            seen[to].extend(entries);
        }
        let is_correction = |entry: &&Entry| entry.id.as_deref().is_some_and(|id| id.contains('~'));
        for entry in news.iter().filter(|entry| !is_correction(entry)) {
            if let Some(to) = self.place_of(entry) {
                seen[to].push(entry.clone());
            }
        }
        let mut acts = Vec::new();
        for (partner, seen) in self.partners.iter_mut().zip(seen) {
            if !seen.is_empty() || partner.wakes().is_some_and(|at| at <= now) {
                acts.extend(partner.next(&seen, now));
            }
        }
        acts.sort_by_key(|act| act.at);
        acts
    }

    /// The entries of an act for a log that hears of all of them, without a message.
    pub fn entries(&mut self, act: &Act) -> Vec<Entry> {
        self.ledger.take(act, arrives(act, &self.world), &self.world)
    }

    fn ask(&mut self, place: usize, seen: &[Entry], now: Timestamp, steps: &mut Vec<Step>) {
        for act in self.partners[place].next(seen, now) {
            let received = arrives(&act, &self.world);
            let entries = self.ledger.take(&act, received, &self.world);
            if let Some(to) = self.place_of(&act.entry).filter(|_| !entries.is_empty()) {
                self.arrivals.enter(received, (to, entries.clone()));
            }
            steps.push(Step { act, received, entries });
        }
    }

    /// The place of the party that an entry is for.
    fn place_of(&self, entry: &Entry) -> Option<usize> {
        let to = self.world.region.party_of(entry.to.as_deref()?)?;
        self.partners.iter().position(|partner| partner.name() == to)
    }
}

/// When the receiver has it: some seconds later. An event is registered at once.
fn arrives(act: &Act, world: &World) -> Timestamp {
    if act.what == ActKind::Event {
        return act.at;
    }
    let mut chance = Chance::of(world.seed).branch(act.entry.id.as_deref().unwrap_or_default());
    after(act.at, SignedDuration::from_secs(i64::from(chance.within([5, 90]))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The kind of an act, and its id.
    fn named(act: &Act) -> String {
        format!("{} {}", act.entry.kind, act.entry.id.as_deref().unwrap_or_default())
    }

    #[test]
    fn a_play_that_is_stopped_goes_on_as_if_it_had_not_been() {
        let world = Arc::new(World::new(3, 15));
        let whole = Play::new(world.clone()).until(Timestamp::MAX);
        let mut play = Play::new(world.clone());
        let mut parts = Vec::new();
        let middle = whole[whole.len() / 2].act.at;
        for until in [middle, middle, Timestamp::MAX] {
            parts.extend(play.until(until));
        }
        assert_eq!(whole, parts);
    }

    /// Where nothing but what they did themselves is in the log, parties that share it do what they would have done.
    #[test]
    fn parties_that_share_a_log_go_on() {
        let world = Arc::new(World::new(3, 15));
        let whole = Play::new(world.clone()).until(Timestamp::MAX);
        let middle = whole[whole.len() / 2].act.at;
        let mut play = Play::new(world);
        let mut done: Vec<String> = play.until(middle).iter().map(|step| named(&step.act)).collect();
        let mut news = Vec::new();
        while let Some(now) = play.next_at().map(|at| at.max(middle)).filter(|_| done.len() < whole.len() * 2)
        {
            loop {
                let acts = play.see(&news, now);
                news = acts.iter().flat_map(|act| play.entries(act)).collect();
                done.extend(acts.iter().map(named));
                if news.is_empty() {
                    break;
                }
            }
        }
        let expected: BTreeSet<String> = whole.iter().map(|step| named(&step.act)).collect();
        let count = done.len();
        let done: BTreeSet<String> = done.into_iter().collect();
        assert_eq!(done.len(), count, "nothing is done twice");
        let missing: Vec<_> = expected.difference(&done).collect();
        let more: Vec<_> = done.difference(&expected).collect();
        assert!(missing.is_empty() && more.is_empty(), "missing {missing:#?}, more {more:#?}");
    }
}
