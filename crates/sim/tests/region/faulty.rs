//! Parties that know their own log alone, over a network with faults.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use samspill_base::Entry;
use samspill_sim::{
    ActKind, Form, Ledger, Partner, World,
    faults::{Fate, Plan, Rates},
};

/// A network of entries: what a harness with nodes and messages does, without these.
struct Network<'w> {
    world: &'w Arc<World>,
    plan: Plan,
    ledger: Ledger,
    handed: BTreeMap<String, u64>,
    /// By when they come and in which order they were handed over.
    under_way: BTreeMap<(Timestamp, usize), (String, Vec<Entry>)>,
    logs: BTreeMap<String, Vec<Entry>>,
}

impl Network<'_> {
    fn hand_over(&mut self, act: &samspill_sim::Act) {
        if !matches!(act.what, ActKind::Message(Form::Usual | Form::Note)) {
            return;
        }
        let to = act.entry.to.as_deref().and_then(|to| self.world.region.party_of(to)).unwrap().to_owned();
        let line = format!("{} {to}", act.by);
        let nth = self.handed.entry(line.clone()).or_default();
        let later = |seconds| SignedDuration::from_secs(seconds);
        let comes = match self.plan.fate(&line, *nth) {
            Fate::Deliver | Fate::AnswerLost => vec![later(30)],
            Fate::Delay(by) => vec![by],
            Fate::Double(by) => vec![later(30), by],
            Fate::Overtaken(by) => vec![later(3600 * i64::from(by))],
            Fate::Lost(times) => vec![later(600 * i64::from(times))],
        };
        *nth += 1;
        for by in comes {
            let at = act.at.checked_add(by).unwrap();
            let entries = self.ledger.take(act, at, self.world);
            self.under_way.insert((at, self.under_way.len()), (to.clone(), entries));
        }
    }
}

/// Runs until nobody plans anything, or for so long; says what each party did.
fn run(world: &Arc<World>, rates: Rates) -> BTreeMap<String, Vec<String>> {
    let plan = Plan::new(world.seed, rates);
    let mut partners: Vec<Box<dyn Partner>> = world.partners();
    let mut network = Network {
        world,
        plan,
        ledger: Ledger::default(),
        handed: BTreeMap::new(),
        under_way: BTreeMap::new(),
        logs: BTreeMap::new(),
    };
    let mut did: BTreeMap<String, Vec<String>> = BTreeMap::new();
    loop {
        let wakes = partners.iter().filter_map(|it| it.wakes()).min();
        let comes = network.under_way.first_key_value().map(|((at, _), _)| *at);
        let Some(now) = [wakes, comes].into_iter().flatten().min() else { break };
        let mut seen: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        while let Some(first) = network.under_way.first_entry().filter(|first| first.key().0 <= now) {
            let (to, entries) = first.remove();
            network.logs.entry(to.clone()).or_default().extend(entries.clone());
            seen.entry(to).or_default().extend(entries);
        }
        for partner in &mut partners {
            let seen = seen.remove(partner.name()).unwrap_or_default();
            for act in partner.next(&seen, now) {
                did.entry(act.by.clone())
                    .or_default()
                    .push(format!("{} {} {}", act.at, act.entry.kind, act.entry.case));
                network.hand_over(&act);
            }
        }
    }
    did
}

#[test]
fn parties_go_on_over_a_network_with_faults_until_all_stays_are_over() {
    let world = Arc::new(World::new(3, 20));
    let (calm, rough) = (run(&world, Rates::none()), run(&world, Rates::shipped()));
    assert_eq!(calm.keys().collect::<Vec<_>>(), rough.keys().collect::<Vec<_>>());
    assert_eq!(rough, run(&world, Rates::shipped()), "the same faults again");
    assert_ne!(calm, rough);
    let hospital = &world.region.trust.name;
    let ends = |did: &[String]| -> BTreeSet<String> {
        let told = did.iter().filter(|it| it.contains(" utskrevet ") || it.contains(" dodsfall "));
        told.filter_map(|it| it.split(' ').nth(2).map(str::to_owned)).collect()
    };
    let (calm, rough) = (ends(&calm[hospital]), ends(&rough[hospital]));
    assert!(calm.len().abs_diff(rough.len()) < 10, "{} and {}", calm.len(), rough.len());
}

/// A party that is asked seldom does the same things as one that is asked often, as long as nothing is seen in between.
#[test]
fn how_often_a_party_is_asked_changes_nothing() {
    let world = Arc::new(World::new(3, 10));
    let [mut often, mut seldom] = [world.partners().remove(0), world.partners().remove(0)];
    let mut one = Vec::new();
    while let Some(now) = often.wakes() {
        one.extend(often.next(&[], now));
    }
    let other = seldom.next(&[], Timestamp::MAX);
    assert_eq!(one.len(), other.len());
    assert_eq!(one, other);
}

#[test]
fn the_same_entries_again_are_answered_once() {
    let world = Arc::new(World::new(3, 10));
    let steps = samspill_sim::steps(&world);
    let ready =
        steps.iter().find(|it| it.act.entry.kind == "utskrivningsklar" && !it.entries.is_empty()).unwrap();
    let name = ready.act.entry.to.clone().unwrap();
    let mut partners = world.partners();
    let office = partners.iter_mut().find(|it| it.name() == name).unwrap();
    let doubled = [ready.entries.clone(), ready.entries.clone()].concat();
    let far = ready.received.checked_add(SignedDuration::from_hours(24 * 3)).unwrap();
    let replies = |acts: Vec<samspill_sim::Act>| {
        acts.into_iter().filter(|it| it.entry.kind == "svar-utskrivningsklar").count()
    };
    let first = replies(office.next(&doubled, far));
    assert!(first <= 1, "{first}");
    assert_eq!(replies(office.next(&ready.entries, far)), 0);
}
