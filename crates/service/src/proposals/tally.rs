//! What cases come to, before and after.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::Ore;
use samspill_engine::{DutyStatus, Evaluation};

use crate::figures::Cube;

/// What cases come to, before and after.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many cases there are.
    pub cases: u64,
    /// In how many of them days or amounts differ.
    pub changed_cases: u64,
    /// By duty.
    pub duties: BTreeMap<String, DutyChange>,
    /// By meter.
    pub meters: BTreeMap<String, MeterChange>,
}

/// Something before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides<T> {
    /// By the agreement as it is.
    pub before: T,
    /// By the proposal.
    pub after: T,
}

/// How a duty goes before and after: instances by status, and the cases that they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyChange {
    /// In how many cases it goes otherwise.
    pub changed_cases: u64,
    counts: Sides<BTreeMap<DutyStatus, Count>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    instances: u64,
    cases: u64,
}

/// What a meter comes to before and after, in all and by payer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeterChange {
    /// In all.
    pub total: Sides<Total>,
    by_payer: BTreeMap<String, PayerChange>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PayerChange {
    sides: Sides<Total>,
    /// How many days differ, more and fewer together.
    changed_days: u64,
    changed_cases: u64,
}

/// Days and money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many days count.
    pub days: u64,
    /// What they cost, of the cases whose days could all be priced.
    pub amount: Ore,
    /// How many cases have days without a certain price.
    pub unpriced_cases: u64,
    /// How many cases have any days that count.
    pub cases: u64,
}

/// One of two sides.
#[derive(Clone, Copy, Debug)]
enum Which {
    Before,
    After,
}

impl<T> Sides<T> {
    fn side(&mut self, which: Which) -> &mut T {
        match which {
            Which::Before => &mut self.before,
            Which::After => &mut self.after,
        }
    }
}

impl Tally {
    /// Adds a case as it was evaluated both ways. `payer` says what a payer is called.
    pub(super) fn add(&mut self, both: Sides<&Evaluation>, payer: &impl Fn(&str) -> String) {
        self.cases += 1;
        self.changed_cases += u64::from(money(both.before) != money(both.after));
        self.add_duties(both);
        self.add_meters(both, payer);
    }

    fn add_duties(&mut self, both: Sides<&Evaluation>) {
        let sides = Sides { before: statuses(both.before), after: statuses(both.after) };
        let ids: BTreeSet<&str> = sides.before.keys().chain(sides.after.keys()).copied().collect();
        for id in ids {
            let change = self.duties.entry(id.to_owned()).or_default();
            let (before, after) = (sides.before.get(id), sides.after.get(id));
            change.changed_cases += u64::from(before != after);
            let both = [(before, &mut change.counts.before), (after, &mut change.counts.after)];
            for (found, counts) in both {
                for (status, instances) in found.into_iter().flatten() {
                    let count = counts.entry(*status).or_default();
                    count.instances += instances;
                    count.cases += 1;
                }
            }
        }
    }

    fn add_meters(&mut self, both: Sides<&Evaluation>, payer: &impl Fn(&str) -> String) {
        let mut days: BTreeMap<(&str, String), Sides<u64>> = BTreeMap::new();
        for (evaluation, which) in [(both.before, Which::Before), (both.after, Which::After)] {
            for meter in &evaluation.meters {
                let payer = meter.payer.as_deref().map(payer).unwrap_or_default();
                let change = self.meters.entry(meter.meter.to_string()).or_default();
                change.total.side(which).add(meter.count, meter.amount);
                let by_payer = change.by_payer.entry(payer.clone()).or_default();
                by_payer.sides.side(which).add(meter.count, meter.amount);
                let days = days.entry((meter.meter.as_str(), payer)).or_default();
                *days.side(which) += u64::from(meter.count);
            }
        }
        for ((meter, payer), Sides { before, after }) in days {
            let change = self.meters.get_mut(meter).and_then(|it| it.by_payer.get_mut(&payer));
            if let Some(change) = change.filter(|_| before != after) {
                change.changed_days += before.abs_diff(after);
                change.changed_cases += 1;
            }
        }
    }
}

impl DutyChange {
    /// How many instances had this status.
    pub fn count(&self, status: DutyStatus) -> Sides<u64> {
        self.of(status, |count| count.instances)
    }

    /// How many cases those come from.
    pub fn cases(&self, status: DutyStatus) -> Sides<u64> {
        self.of(status, |count| count.cases)
    }

    fn of(&self, status: DutyStatus, number: fn(&Count) -> u64) -> Sides<u64> {
        let of = |side: &BTreeMap<DutyStatus, Count>| side.get(&status).map_or(0, number);
        Sides { before: of(&self.counts.before), after: of(&self.counts.after) }
    }

    /// Whether any number differs.
    pub fn is_changed(&self) -> bool {
        DutyStatus::ALL.into_iter().any(|status| {
            let Sides { before, after } = self.count(status);
            before != after
        })
    }
}

impl MeterChange {
    /// Who pays, by name; the empty name where cases don't say.
    pub fn payers(&self) -> Vec<String> {
        self.by_payer.keys().cloned().collect()
    }

    /// The days before or after along these payers, so that small numbers can be hidden.
    pub fn cube(&self, payers: &[String], side: impl Fn(&Sides<Total>) -> Total) -> Cube {
        let mut cube = Cube::new(vec![payers.to_vec()]);
        for (payer, change) in &self.by_payer {
            let total = side(&change.sides);
            cube.add_cases(&[payer.as_str()], total.days, total.amount.0, total.cases);
        }
        cube
    }

    /// The days that differ, along these payers.
    pub fn changed(&self, payers: &[String]) -> Cube {
        let mut cube = Cube::new(vec![payers.to_vec()]);
        for (payer, change) in &self.by_payer {
            cube.add_cases(&[payer.as_str()], change.changed_days, 0, change.changed_cases);
        }
        cube
    }
}

impl Total {
    fn add(&mut self, days: u32, amount: Option<Ore>) {
        self.days += u64::from(days);
        self.cases += u64::from(days > 0);
        match amount {
            Some(amount) => self.amount = [self.amount, amount].into_iter().sum(),
            None => self.unpriced_cases += 1,
        }
    }
}

/// How many instances of each duty have each status.
fn statuses(evaluation: &Evaluation) -> BTreeMap<&str, BTreeMap<DutyStatus, u64>> {
    let mut found: BTreeMap<&str, BTreeMap<DutyStatus, u64>> = BTreeMap::new();
    for duty in &evaluation.duties {
        *found.entry(duty.duty.as_str()).or_default().entry(duty.status).or_default() += 1;
    }
    found
}

fn money(evaluation: &Evaluation) -> Vec<(u32, Option<Ore>)> {
    evaluation.meters.iter().map(|meter| (meter.count, meter.amount)).collect()
}
