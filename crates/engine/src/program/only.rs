//! A program for some rules alone.

use std::{collections::BTreeSet, sync::Arc};

use samspill_agreement::model::{RequirementEffect, WindowEffect};

use super::{
    Program, Verdicts,
    code::{Code, Cond, DutyCode, MeterCode, VersionCode, WaiverTestCode},
    day_costs::DayCosts,
    plan::can_plan,
    sums::day_costs,
};

/// The duties and meters that are told of, by number.
#[derive(Clone, Debug)]
pub(crate) struct Only {
    duties: BTreeSet<u32>,
    meters: BTreeSet<u32>,
    /// By place of the meter in the first version, what its days cost together.
    costs: Arc<[Option<DayCosts>]>,
}

impl Program {
    /// The same program, asked about these duties and meters alone: it reads what they hang on, and nothing else.
    ///
    /// What it says of them is what the whole program says. It tells of no findings.
    #[must_use]
    pub fn only(mut self, ids: &[&str]) -> Self {
        let numbers = |named: &mut dyn Iterator<Item = &str>| -> BTreeSet<u32> {
            (0..).zip(named).filter(|(_, id)| ids.contains(id)).map(|(number, _)| number).collect()
        };
        let mut only = Only {
            costs: Arc::default(),
            duties: numbers(&mut self.names.duties.iter().map(|duty| duty.id.as_str())),
            meters: numbers(&mut self.names.meters.iter().map(|meter| meter.id.as_str())),
        };
        if let Some(code) = &mut self.code {
            only.prune(code);
        }
        self.sums = self.code.as_ref().map(|code| {
            let mut sums = code.clone();
            only.prune_to_sums(&mut sums);
            if can_plan(&sums) {
                only.costs = day_costs(&sums);
            }
            sums
        });
        self.flat = None;
        self.only = Some(only);
        self
    }
}

impl Only {
    /// Takes out the rules that nothing asked for hangs on.
    fn prune(&self, code: &mut Code) {
        let mut needed: BTreeSet<u16> = BTreeSet::new();
        for version in &mut code.versions {
            version.meters.retain(|meter| self.meters.contains(&meter.number));
            for meter in &version.meters {
                meter_conditions(meter, &mut |condition| condition_duties(condition, &mut needed));
            }
            // The hours of a meter's days can hang on duties.
            if !version.meters.is_empty() {
                let hours = version.hours.iter().flat_map(|hours| &hours.conditions);
                hours.for_each(|condition| condition_duties(condition, &mut needed));
            }
        }
        let is_asked = |duty: &DutyCode| self.duties.contains(&duty.number) || needed.contains(&duty.id);
        for version in &mut code.versions {
            version.duties.retain(is_asked);
            prune_marks(version);
        }
        let mut phases: BTreeSet<u16> = BTreeSet::new();
        code.versions
            .iter()
            .for_each(|version| version_conditions(version, &mut |part| phases_of(part, &mut phases)));
        // Versions share phases: one that is nobody's question here can silence repetitions there.
        let silencing =
            code.versions.iter().flat_map(|version| &version.phases).filter(|phase| phase.ignored != 0);
        phases.extend(silencing.map(|phase| phase.id));
        for version in &mut code.versions {
            version.phases.retain(|phase| phases.contains(&phase.id));
            version.find_marked();
        }
        code.without_findings = true;
    }

    /// Takes out what changes no sum: who pays, and whether days that count are contestable or may still change.
    fn prune_to_sums(&self, code: &mut Code) {
        for meter in code.versions.iter_mut().flat_map(|version| &mut version.meters) {
            meter.contestable.clear();
            meter.provisional.clear();
            (meter.payer, meter.payer_at) = (None, 0);
        }
        self.prune(code);
    }

    /// By place of the meter in the first version, what its days cost together; empty where no plans can be made.
    pub(crate) fn costs(&self) -> &Arc<[Option<DayCosts>]> {
        &self.costs
    }

    /// Whether a duty is told of.
    pub(crate) fn has_duty(&self, number: u32) -> bool {
        self.duties.contains(&number)
    }

    /// Leaves in the verdicts only what is asked for.
    pub(crate) fn filter(&self, verdicts: &mut Verdicts) {
        verdicts.findings.clear();
        verdicts.duties.retain(|duty| self.duties.contains(&duty.duty));
        if verdicts.meters.iter().all(|meter| self.meters.contains(&meter.meter)) {
            return;
        }
        let mut days = std::mem::take(&mut verdicts.days).into_iter();
        for meter in &verdicts.meters {
            let own = days.by_ref().take(meter.days as usize);
            verdicts.days.extend(own.filter(|_| self.meters.contains(&meter.meter)));
        }
        verdicts.meters.retain(|meter| self.meters.contains(&meter.meter));
    }
}

/// Takes out what only finds fault: what makes entries void, moves them, or marks phases stays.
fn prune_marks(version: &mut VersionCode) {
    version.requirements.retain(|rule| rule.effect == RequirementEffect::Void);
    version.windows.retain(|rule| rule.effect == WindowEffect::CountsFromNextOpening);
    version.contents.clear();
}

/// The conditions of a meter.
fn meter_conditions(meter: &MeterCode, take: &mut dyn FnMut(&Cond)) {
    let waived = meter.waivers.iter().flat_map(|waiver| {
        let tested = match &waiver.test {
            WaiverTestCode::Unless(_) => None,
            WaiverTestCode::IfWithin(_, _, condition) => Some(condition),
        };
        std::iter::once(&waiver.when).chain(tested)
    });
    let marked = meter.contestable.iter().chain(&meter.provisional).map(|mark| &mark.when);
    let stopped = meter.stops.iter().map(|stop| &stop.when);
    let own = [&meter.liable, &meter.start_when].into_iter();
    for condition in own.chain(waived).chain(marked).chain(stopped) {
        take(condition);
    }
}

/// Gives every condition of a version's rules to `take`.
pub(crate) fn version_conditions(version: &VersionCode, take: &mut dyn FnMut(&Cond)) {
    version.hours.iter().flat_map(|hours| &hours.conditions).for_each(&mut *take);
    for rule in &version.requirements {
        [&rule.when, &rule.that].into_iter().for_each(&mut *take);
    }
    version.windows.iter().map(|rule| &rule.when).for_each(&mut *take);
    for duty in &version.duties {
        [&duty.when, &duty.must_where].into_iter().for_each(&mut *take);
        duty.exceptions.iter().map(|exception| &exception.when).for_each(&mut *take);
    }
    version.meters.iter().for_each(|meter| meter_conditions(meter, take));
}

/// The phases that a condition asks about.
fn phases_of(condition: &Cond, into: &mut BTreeSet<u16>) {
    condition.asks(&mut |part| {
        if let Cond::InPhase(phase) = part {
            into.insert(*phase);
        }
        false
    });
}

/// The duties that a condition asks about.
fn condition_duties(condition: &Cond, into: &mut BTreeSet<u16>) {
    condition.asks(&mut |part| {
        if let Cond::Duty { duty, .. } = part {
            into.insert(*duty);
        }
        false
    });
}
