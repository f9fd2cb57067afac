//! Many cases at a glance: how each duty went, what findings there were, what the meters came to.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::Ore;

use crate::{DutyStatus, Evaluation, FindingEffect};

/// Counts over many cases. Memory grows with the different delays there were, not with the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many cases.
    pub cases: u64,
    /// By duty, in the order in which they were first seen by name.
    pub duties: BTreeMap<String, DutySummary>,
    /// How many findings, by rule and effect.
    pub findings: BTreeMap<(String, FindingEffect), u64>,
    /// By meter.
    pub meters: BTreeMap<String, MeterSummary>,
    /// How many entries were of a kind that the agreement doesn't know, by kind.
    pub unknown_kinds: BTreeMap<String, u64>,
}

/// How a duty went over many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutySummary {
    /// How many instances, by status.
    pub by_status: BTreeMap<DutyStatus, u64>,
    /// Seconds past the limit of those that were done late, and how many were by so many.
    pub(crate) late_by_seconds: BTreeMap<i64, u64>,
}

/// What a meter came to over many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeterSummary {
    /// How many cases had any days that count.
    pub cases: u64,
    /// How many days count.
    pub days: u64,
    /// What they cost, of the cases whose days could all be priced.
    pub amount: Ore,
    /// How many cases have days without a certain price.
    pub unpriced_cases: u64,
}

impl DutySummary {
    /// How many instances there were in all.
    pub fn total(&self) -> u64 {
        self.by_status.values().sum()
    }

    /// How many had this status.
    pub fn count(&self, status: DutyStatus) -> u64 {
        self.by_status.get(&status).copied().unwrap_or_default()
    }

    /// The delay, in seconds, that this per cent of the late ones did not exceed (nearest rank); `None` without any late ones.
    pub fn late_by_percentile(&self, percent: u8) -> Option<i64> {
        let late: u64 = self.late_by_seconds.values().sum();
        let rank = (late * u64::from(percent.min(100))).div_ceil(100).max(1);
        let mut counted = 0;
        let is_reached = |(_, count): &(&i64, &u64)| {
            counted += **count;
            counted >= rank
        };
        self.late_by_seconds.iter().find(is_reached).map(|(seconds, _)| *seconds)
    }
}

impl Summary {
    /// Adds a case.
    pub fn add(&mut self, evaluation: &Evaluation) {
        self.cases += 1;
        for duty in &evaluation.duties {
            let summary = entry(&mut self.duties, duty.duty.as_str());
            *summary.by_status.entry(duty.status).or_default() += 1;
            if let (DutyStatus::Late, Some(late)) = (duty.status, duty.late_by(evaluation)) {
                *summary.late_by_seconds.entry(late.as_secs()).or_default() += 1;
            }
        }
        for finding in &evaluation.findings {
            *self.findings.entry((finding.rule.to_string(), finding.effect)).or_default() += 1;
        }
        // A meter can have a reading for each version: the case counts once.
        let mut counting: BTreeSet<&str> = BTreeSet::new();
        for meter in &evaluation.meters {
            let summary = entry(&mut self.meters, meter.meter.as_str());
            summary.cases += u64::from(meter.count > 0 && counting.insert(meter.meter.as_str()));
            summary.days += u64::from(meter.count);
            match meter.amount {
                Some(amount) => summary.amount = [summary.amount, amount].into_iter().sum(),
                None => summary.unpriced_cases += 1,
            }
        }
        for aside in &evaluation.set_aside {
            if aside.why == crate::SetAsideWhy::UnknownKind {
                *entry(&mut self.unknown_kinds, &aside.kind) += 1;
            }
        }
    }
}

/// The value under a name, made where it is new, without copying a name that is there.
fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, name: &str) -> &'m mut V {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), V::default());
    }
    map.get_mut(name).expect("just inserted")
}
