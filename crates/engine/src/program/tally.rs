//! Verdicts of many cases, counted.

use std::collections::BTreeMap;

use samspill_base::Ore;

use super::{Batch, DutyVerdict, Program, Verdicts};
use crate::{
    Due, DutyStatus, FindingEffect,
    evaluation::lateness,
    summary::{DutySummary, MeterSummary, Summary},
};

/// Counts over the verdicts of many cases: a [`Summary`] in numbers, which parts of a log can be added to apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    cases: u64,
    /// By duty and status.
    duties: Vec<[u64; DutyStatus::ALL.len()]>,
    /// By duty, seconds past the limit of those done late.
    late_by_seconds: Vec<BTreeMap<i64, u64>>,
    findings: BTreeMap<(u32, FindingEffect), u64>,
    meters: BTreeMap<u32, MeterSummary>,
    unknown_kinds: BTreeMap<String, u64>,
    /// Cases that count under several versions of a meter, by the meter's id: they are counted once.
    counted_twice: BTreeMap<String, u64>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(program: &Program) -> Self {
        let duties = program.duties().len();
        Self {
            duties: vec![[0; DutyStatus::ALL.len()]; duties],
            late_by_seconds: vec![BTreeMap::new(); duties],
            ..Self::default()
        }
    }

    /// Adds the verdicts of a case of the batch.
    pub fn add(&mut self, batch: &Batch<'_>, case: usize, verdicts: &Verdicts) {
        self.cases += 1;
        for duty in &verdicts.duties {
            let number = duty.duty as usize;
            self.duties[number][duty.status as usize] += 1;
            if let Some(late) = late_by_seconds(batch.program(), verdicts, duty) {
                *self.late_by_seconds[number].entry(late).or_default() += 1;
            }
        }
        for finding in &verdicts.findings {
            *self.findings.entry((finding.rule, finding.effect)).or_default() += 1;
        }
        self.add_meters(batch.program(), verdicts);
        for position in &verdicts.unknown_kinds {
            if let Some(kind) = batch.kind_at(case, *position) {
                match self.unknown_kinds.get_mut(kind) {
                    Some(count) => *count += 1,
                    None => {
                        self.unknown_kinds.insert(kind.to_owned(), 1);
                    }
                }
            }
        }
    }

    fn add_meters(&mut self, program: &Program, verdicts: &Verdicts) {
        for (place, meter) in verdicts.meters.iter().enumerate() {
            let summary = self.meters.entry(meter.meter).or_default();
            summary.days += u64::from(meter.count);
            summary.cases += u64::from(meter.count > 0);
            match meter.amount {
                Some(amount) => summary.amount = [summary.amount, amount].into_iter().sum(),
                None => summary.unpriced_cases += 1,
            }
            let id = &program.meters()[meter.meter as usize].id;
            let earlier = verdicts.meters[..place]
                .iter()
                .any(|other| other.count > 0 && program.meters()[other.meter as usize].id == *id);
            if earlier && meter.count > 0 {
                *self.counted_twice.entry(id.to_string()).or_default() += 1;
            }
        }
    }

    /// Adds what was counted of another part of the log.
    pub fn merge(&mut self, other: Self) {
        self.cases += other.cases;
        for (here, there) in self.duties.iter_mut().zip(other.duties) {
            for (here, there) in here.iter_mut().zip(there) {
                *here += there;
            }
        }
        for (here, there) in self.late_by_seconds.iter_mut().zip(other.late_by_seconds) {
            add_counts(here, there);
        }
        add_counts(&mut self.findings, other.findings);
        for (meter, summary) in other.meters {
            add_meter(self.meters.entry(meter).or_default(), &summary);
        }
        add_counts(&mut self.unknown_kinds, other.unknown_kinds);
        add_counts(&mut self.counted_twice, other.counted_twice);
    }

    /// The summary, by names.
    pub fn summary(self, program: &Program) -> Summary {
        let mut summary =
            Summary { cases: self.cases, unknown_kinds: self.unknown_kinds, ..Summary::default() };
        for ((name, counts), late) in program.duties().iter().zip(self.duties).zip(self.late_by_seconds) {
            if counts.iter().all(|count| *count == 0) {
                continue;
            }
            let duty: &mut DutySummary = summary.duties.entry(name.id.to_string()).or_default();
            for (status, count) in DutyStatus::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
                *duty.by_status.entry(status).or_default() += count;
            }
            add_counts(&mut duty.late_by_seconds, late);
        }
        for ((rule, effect), count) in self.findings {
            let rule = program.rules()[rule as usize].id.to_string();
            *summary.findings.entry((rule, effect)).or_default() += count;
        }
        for (meter, counted) in self.meters {
            let id = program.meters()[meter as usize].id.to_string();
            add_meter(summary.meters.entry(id).or_default(), &counted);
        }
        for (meter, twice) in self.counted_twice {
            if let Some(summary) = summary.meters.get_mut(&meter) {
                summary.cases -= twice;
            }
        }
        summary
    }
}

fn add_counts<K: Ord>(to: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (what, count) in more {
        *to.entry(what).or_default() += count;
    }
}

fn add_meter(to: &mut MeterSummary, more: &MeterSummary) {
    to.cases += more.cases;
    to.days += more.days;
    to.amount = [to.amount, more.amount].into_iter().sum::<Ore>();
    to.unpriced_cases += more.unpriced_cases;
}

/// Seconds past the limit, for an instance that was done late.
fn late_by_seconds(program: &Program, verdicts: &Verdicts, duty: &DutyVerdict) -> Option<i64> {
    let (Due::At(due), DutyStatus::Late, Some((_, done))) = (duty.due, duty.status, duty.fulfilled) else {
        return None;
    };
    let zone = &program.agreement().versions[verdicts.version as usize].calendar.zone;
    Some(lateness(due, done, zone).as_secs())
}
