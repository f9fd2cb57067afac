//! What goes wrong on a network and in its nodes, decided beforehand by a seed: a schedule that a harness asks. Nothing here
//! sends or stops anything.
//!
//! ```
//! use samspill_sim::faults::{Fate, Plan, Rates};
//!
//! let plan = Plan::new(7, Rates::shipped());
//! let fates: Vec<Fate> = (0..1000).map(|nth| plan.fate("8900001 8900101", nth)).collect();
//! assert!(fates.iter().filter(|fate| **fate == Fate::Deliver).count() > 700);
//! assert_eq!(plan.fate("8900001 8900101", 3), fates[3], "whoever asks again gets the same answer");
//! ```

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Deserialize;

use crate::{
    Chance,
    settings::{SettingsError, Thousandths, table},
    time::{Wall, after, before},
};

/// What becomes of a parcel that is handed to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It comes at once, and the sender is told so.
    Deliver,
    /// It comes so much later; the sender is told at once.
    Delay(SignedDuration),
    /// It comes, and the sender isn't told: it will try again.
    AnswerLost,
    /// It comes twice, the second time so much later.
    Double(SignedDuration),
    /// It waits until so many later parcels of the line have come.
    Overtaken(u32),
    /// It doesn't come, and the sender is told. Tried again so many times, it goes the same way; the time after, it comes.
    Lost(u32),
}

/// A span of time in which something is away: from `from` on, until before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outage {
    /// The first instant of it.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

/// How often what goes wrong. `data/faults.toml` explains the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Parcels.
    pub parcels: ParcelRates,
    /// The broker between nodes.
    pub broker: BrokerRates,
    /// Nodes.
    pub nodes: NodeRates,
}

/// How often what goes wrong with parcels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParcelRates {
    /// Late.
    pub delayed: Thousandths,
    /// By so many seconds.
    pub delay: [u32; 2],
    /// There, but the sender isn't told.
    pub answer_lost: Thousandths,
    /// Twice.
    pub doubled: Thousandths,
    /// After later ones.
    pub overtaken: Thousandths,
    /// After so many.
    pub overtaken_by: [u32; 2],
    /// Not there.
    pub lost: Thousandths,
    /// So many times.
    pub lost_times: [u32; 2],
}

/// How often the broker is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerRates {
    /// Of each thousand days.
    pub down: Thousandths,
    /// For so many seconds.
    pub down_for: [u32; 2],
}

/// How often what goes wrong with nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeRates {
    /// Of each thousand steps.
    pub crash: Thousandths,
    /// Of each thousand days.
    pub clock_back: Thousandths,
    /// By so many seconds.
    pub clock_back_by: [u32; 2],
}

impl Rates {
    /// The shipped rates.
    ///
    /// # Panics
    /// Never: that they can be read is tested.
    pub fn shipped() -> Self {
        #[expect(clippy::expect_used, reason = "the file is built in, and a test reads it")]
        Self::read(include_str!("../data/faults.toml")).expect("the shipped rates can be read")
    }

    /// Rates of a file (TOML).
    ///
    /// # Errors
    /// Where it is no TOML, lacks a key, or has one that isn't known.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        table("faults.toml", text)
    }

    /// Nothing goes wrong.
    pub fn none() -> Self {
        let parcels = ParcelRates {
            delayed: 0,
            delay: [0, 0],
            answer_lost: 0,
            doubled: 0,
            overtaken: 0,
            overtaken_by: [0, 0],
            lost: 0,
            lost_times: [0, 0],
        };
        let broker = BrokerRates { down: 0, down_for: [0, 0] };
        Self { parcels, broker, nodes: NodeRates { crash: 0, clock_back: 0, clock_back_by: [0, 0] } }
    }
}

/// What goes wrong, and when. Its answers hang on the seed and what is asked about, never on what was asked before.
#[derive(Clone, Debug)]
pub struct Plan {
    chance: Chance,
    rates: Rates,
    wall: Wall,
}

impl Plan {
    /// The plan of a seed.
    pub fn new(seed: u64, rates: Rates) -> Self {
        Self { chance: Chance::of(seed).branch("faults"), rates, wall: Wall::new() }
    }

    /// The fate of the `nth` parcel (counted from 0) that is handed to a line for the first time. A line is called whatever the
    /// harness calls it, such as its two ends. A parcel that is tried again has no new fate: see [`Fate::Lost`].
    pub fn fate(&self, line: &str, nth: u64) -> Fate {
        let (mut chance, rates) = (self.chance.branch("parcel").branch(line).nth(nth), self.rates.parcels);
        let wrong = [rates.delayed, rates.answer_lost, rates.doubled, rates.overtaken, rates.lost];
        let rest = 1000_u32.saturating_sub(wrong.iter().sum());
        match chance.share(wrong.into_iter().chain([rest])) {
            0 => Fate::Delay(seconds(chance.within(rates.delay))),
            1 => Fate::AnswerLost,
            2 => Fate::Double(seconds(chance.within(rates.delay))),
            3 => Fate::Overtaken(chance.within(rates.overtaken_by)),
            4 => Fate::Lost(chance.within(rates.lost_times)),
            _ => Fate::Deliver,
        }
    }

    /// Whether the broker is down at an instant. It may be down from one day into the next, as far as a day.
    pub fn is_broker_down(&self, broker: &str, at: Timestamp) -> bool {
        let day = self.wall.day(at);
        let days = [day.yesterday().ok(), Some(day)].into_iter().flatten();
        let mut outages = days.filter_map(|day| self.outage(broker, day));
        outages.any(|outage| outage.from <= at && at < outage.until)
    }

    /// When the broker goes down on a day (of Norwegian time), if it does.
    pub fn outage(&self, broker: &str, day: Date) -> Option<Outage> {
        let (mut chance, rates) = (self.of_day("broker", broker, day), self.rates.broker);
        if !chance.hits(rates.down) {
            return None;
        }
        let midnight = self.wall.at(day, jiff::civil::Time::midnight());
        let from = after(midnight, seconds(chance.below(DAY_SECONDS)));
        let lasts = chance.within(rates.down_for).min(DAY_SECONDS);
        Some(Outage { from, until: after(from, seconds(lasts)) })
    }

    /// Whether a node stops at once after its `nth` step (counted from 0). What a step is, the harness says.
    pub fn crashes(&self, node: &str, nth: u64) -> bool {
        self.chance.branch("crash").branch(node).nth(nth).hits(self.rates.nodes.crash)
    }

    /// What a node's clock says: behind for the rest of a day after it was set back, and right otherwise. So it goes backwards
    /// once on such a day, and jumps ahead at midnight.
    pub fn clock(&self, node: &str, at: Timestamp) -> Timestamp {
        match self.clock_set_back(node, self.wall.day(at)) {
            Some((from, by)) if from <= at => before(at, by),
            Some(_) | None => at,
        }
    }

    /// When a node's clock is set back on a day, and by how much, if it is.
    pub fn clock_set_back(&self, node: &str, day: Date) -> Option<(Timestamp, SignedDuration)> {
        let (mut chance, rates) = (self.of_day("clock", node, day), self.rates.nodes);
        if !chance.hits(rates.clock_back) {
            return None;
        }
        let midnight = self.wall.at(day, jiff::civil::Time::midnight());
        let from = after(midnight, seconds(chance.below(DAY_SECONDS)));
        Some((from, seconds(chance.within(rates.clock_back_by))))
    }

    fn of_day(&self, what: &str, of: &str, day: Date) -> Chance {
        self.chance.branch(what).branch(of).branch(&day.to_string())
    }
}

const DAY_SECONDS: u32 = 86_400;

fn seconds(count: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(count))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;

    fn days() -> impl Iterator<Item = Date> {
        date(2025, 1, 1).series(jiff::Span::new().days(1)).take(1000)
    }

    #[test]
    fn each_fate_comes_about_as_often_as_its_rate_says() {
        let plan = Plan::new(1, Rates::shipped());
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for nth in 0..10_000 {
            let name = match plan.fate("a b", nth) {
                Fate::Deliver => "deliver",
                Fate::Delay(_) => "delay",
                Fate::AnswerLost => "answer",
                Fate::Double(_) => "double",
                Fate::Overtaken(by) => {
                    if (1..=4).contains(&by) {
                        "overtaken"
                    } else {
                        "wrong"
                    }
                }
                Fate::Lost(times) => {
                    if (1..=3).contains(&times) {
                        "lost"
                    } else {
                        "wrong"
                    }
                }
            };
            *counts.entry(name).or_default() += 1;
        }
        let expected = [
            ("answer", 250),
            ("delay", 600),
            ("deliver", 8300),
            ("double", 250),
            ("lost", 300),
            ("overtaken", 300),
        ];
        assert_eq!(counts.len(), expected.len(), "{counts:?}");
        for (name, about) in expected {
            assert!(counts[name].abs_diff(about) < 120, "{counts:?}");
        }
    }

    #[test]
    fn without_rates_nothing_goes_wrong() {
        let plan = Plan::new(1, Rates::none());
        assert!((0..1000).all(|nth| plan.fate("a", nth) == Fate::Deliver && !plan.crashes("a", nth)));
        assert!(days().all(|day| plan.outage("b", day).is_none() && plan.clock_set_back("n", day).is_none()));
    }

    #[test]
    fn a_broker_is_down_from_its_first_instant_until_before_its_last() {
        let plan = Plan::new(1, Rates::shipped());
        let outages: Vec<Outage> = days().filter_map(|day| plan.outage("b", day)).collect();
        assert!((30..100).contains(&outages.len()), "{}", outages.len());
        let one = SignedDuration::from_nanos(1);
        for outage in outages {
            assert!(
                plan.is_broker_down("b", outage.from) && plan.is_broker_down("b", before(outage.until, one))
            );
        }
        let alone = plan.outage("b", days().find(|day| plan.outage("b", *day).is_some()).unwrap()).unwrap();
        assert!(!plan.is_broker_down("b", before(alone.from, one)) && !plan.is_broker_down("b", alone.until));
    }

    #[test]
    fn a_clock_goes_back_once_on_its_day_and_is_right_the_next() {
        let plan = Plan::new(1, Rates::shipped());
        let (day, (from, by)) = days().find_map(|day| Some((day, plan.clock_set_back("n", day)?))).unwrap();
        let just_before = before(from, SignedDuration::from_nanos(1));
        assert_eq!(plan.clock("n", just_before), just_before);
        assert_eq!(plan.clock("n", from), before(from, by));
        assert!(plan.clock("n", from) < plan.clock("n", just_before));
        let next = plan.wall.at(day.tomorrow().unwrap(), jiff::civil::Time::midnight());
        assert!(plan.clock_set_back("n", day.tomorrow().unwrap()).is_none(), "of this seed");
        assert_eq!(plan.clock("n", next), next);
    }

    #[test]
    fn lines_nodes_and_seeds_have_fates_of_their_own() {
        let fates = |seed, line| {
            (0..200).map(|nth| Plan::new(seed, Rates::shipped()).fate(line, nth)).collect::<Vec<_>>()
        };
        assert_eq!(fates(1, "a"), fates(1, "a"));
        assert_ne!(fates(1, "a"), fates(1, "b"));
        assert_ne!(fates(1, "a"), fates(2, "a"));
        let plan = Plan::new(1, Rates::shipped());
        let crashes = |node: &str| (0..2000).filter(|nth| plan.crashes(node, *nth)).collect::<Vec<_>>();
        assert!(!crashes("a").is_empty());
        assert_ne!(crashes("a"), crashes("b"));
    }
}
