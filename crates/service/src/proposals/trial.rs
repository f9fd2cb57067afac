//! The same log under another agreement.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Ore};
use samspill_engine::{Dates, DutyStatus, Engine, Evaluation};

use crate::figures::Cube;

/// What a log comes to before and after a proposal, as cases are added.
///
/// Before, each version is held to the days it is in force; after, the proposed one to every case. Cases that name another agreement are
/// left out. So numbers are those of the command `samspill whatif`.
#[derive(Clone, Debug)]
pub struct Trial {
    before: Agreement,
    after: Agreement,
    /// How many cases were read both ways.
    pub cases: u64,
    /// In how many of them days or amounts differ.
    pub changed_cases: u64,
    /// How many cases name another agreement.
    pub left_out: u64,
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
    by_payer: BTreeMap<String, Sides<Total>>,
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

impl Trial {
    /// Before any case.
    pub fn new(before: Agreement, after: Agreement) -> Self {
        let (duties, meters) = (BTreeMap::new(), BTreeMap::new());
        Self { before, after, cases: 0, changed_cases: 0, left_out: 0, duties, meters }
    }

    /// The agreement as it is.
    pub fn before(&self) -> &Agreement {
        &self.before
    }

    /// The proposal.
    pub fn after(&self) -> &Agreement {
        &self.after
    }

    /// Reads a case both ways, as of an instant or of its own.
    pub fn add(&mut self, log: &CaseLog, as_of: Timestamp) {
        let as_of = log.as_of().unwrap_or(as_of);
        if crate::projections::names_other(&self.before, log, as_of) {
            self.left_out += 1;
            return;
        }
        let before = Engine::new(&self.before).evaluate(log, as_of);
        let after = Engine::new(&self.after).with_dates(Dates::NewestAlways).evaluate(log, as_of);
        self.cases += 1;
        self.changed_cases += u64::from(money(&before) != money(&after));
        self.add_side(&before, |sides| &mut sides.before, |sides| &mut sides.before);
        self.add_side(&after, |sides| &mut sides.after, |sides| &mut sides.after);
    }

    fn add_side(
        &mut self,
        evaluation: &Evaluation,
        counts: impl Fn(&mut Sides<BTreeMap<DutyStatus, Count>>) -> &mut BTreeMap<DutyStatus, Count>,
        total: impl Fn(&mut Sides<Total>) -> &mut Total,
    ) {
        let mut seen: BTreeSet<(&str, DutyStatus)> = BTreeSet::new();
        for duty in &evaluation.duties {
            let change = self.duties.entry(duty.duty.to_string()).or_default();
            let count = counts(&mut change.counts).entry(duty.status).or_default();
            count.instances += 1;
            count.cases += u64::from(seen.insert((duty.duty.as_str(), duty.status)));
        }
        for meter in &evaluation.meters {
            let change = self.meters.entry(meter.meter.to_string()).or_default();
            total(&mut change.total).add(meter.count, meter.amount);
            let payer = meter.payer.clone().unwrap_or_default();
            total(change.by_payer.entry(payer).or_default()).add(meter.count, meter.amount);
        }
    }
}

impl DutyChange {
    /// How many instances had this status.
    pub fn count(&self, status: DutyStatus) -> Sides<u64> {
        let of = |side: &BTreeMap<DutyStatus, Count>| side.get(&status).map_or(0, |count| count.instances);
        Sides { before: of(&self.counts.before), after: of(&self.counts.after) }
    }

    /// How many cases those come from.
    pub fn cases(&self, status: DutyStatus) -> Sides<u64> {
        let of = |side: &BTreeMap<DutyStatus, Count>| side.get(&status).map_or(0, |count| count.cases);
        Sides { before: of(&self.counts.before), after: of(&self.counts.after) }
    }

    /// Whether anything differs.
    pub fn is_changed(&self) -> bool {
        DutyStatus::ALL.into_iter().any(|status| {
            let Sides { before, after } = self.count(status);
            before != after
        })
    }
}

impl MeterChange {
    /// By who pays; the empty name where cases don't say.
    pub fn by_payer(&self) -> impl Iterator<Item = (&str, Sides<Total>)> {
        self.by_payer.iter().map(|(payer, sides)| (payer.as_str(), *sides))
    }

    /// The days before or after along payers, so that small numbers can be hidden.
    pub fn cube(&self, side: impl Fn(&Sides<Total>) -> Total) -> Cube {
        let mut cube = Cube::new(vec![self.by_payer.keys().cloned().collect()]);
        for (payer, sides) in &self.by_payer {
            let total = side(sides);
            cube.add_cases(&[payer.as_str()], total.days, total.amount.0, total.cases);
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

fn money(evaluation: &Evaluation) -> Vec<(u32, Option<Ore>)> {
    evaluation.meters.iter().map(|meter| (meter.count, meter.amount)).collect()
}
