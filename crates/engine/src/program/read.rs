//! The whole reading of a case, in numbers.

use samspill_base::{
    Position,
    columns::{NO_TIME, instant},
};

use super::{
    case::{Beyond, Case, Found, Memory, NONE},
    code::Code,
    duty::Instance,
    limits::Limit,
    meter::Counted,
    plan::Plan,
    run_plan::run_plan,
    source::Source,
    verdict::{DutyVerdict, FindingVerdict, Verdicts},
};
use crate::Due;

/// Memory that is used again from case to case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    memory: Memory,
    instances: Vec<Instance>,
    counted: Counted,
}

impl Reader {
    /// Reads a case as of an instant.
    ///
    /// # Errors
    /// [`Beyond`] where the case is beyond what a program reads; `verdicts` then hold nothing.
    pub(crate) fn read<S: Source>(
        &mut self,
        code: &Code,
        source: &S,
        as_of: i64,
        verdicts: &mut Verdicts,
    ) -> Result<(), Beyond> {
        verdicts.clear();
        self.instances.clear();
        self.counted.clear();
        let newest = code.versions.len() - 1;
        let mut case = Case { code, source, as_of, newest, memory: &mut self.memory };
        case.load()?;
        case.mark();
        for version in 0..code.versions.len() {
            case.duties(version, &mut self.instances)?;
        }
        for version in 0..code.versions.len() {
            case.meters(version, &self.instances, &mut self.counted, verdicts);
        }
        self.memory.unknown_kinds.sort_unstable();
        verdicts.unknown_kinds.extend(self.memory.unknown_kinds.iter().map(|position| Position(*position)));
        verdicts.version = main_version(&self.memory, newest);
        verdicts.duties.extend(self.instances.iter().map(duty_verdict));
        in_order(&mut self.memory.found);
        verdicts.findings.extend(self.memory.found.iter().map(finding_verdict));
        Ok(())
    }
}

/// The version in force at the first entry that any version covers; the newest where none does.
fn main_version(memory: &Memory, newest: usize) -> u32 {
    let first = memory.seen.iter().map(|seen| seen.version).find(|version| *version != NONE);
    first.map_or(u32::try_from(newest).unwrap_or(u32::MAX), u32::from)
}

impl Reader {
    /// The plan for cases of this one's shape.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn plan<S: Source>(&mut self, code: &Code, source: &S, as_of: i64) -> Result<Plan, Beyond> {
        let newest = code.versions.len() - 1;
        let mut case = Case { code, source, as_of, newest, memory: &mut self.memory };
        case.load()?;
        case.mark();
        case.plan()
    }

    /// Carries out a plan.
    ///
    /// # Errors
    /// [`Beyond`] where a time of the case is beyond what was planned for.
    pub(crate) fn run_plan<S: Source>(
        &mut self,
        code: &Code,
        source: &S,
        plan: &Plan,
        as_of: i64,
        verdicts: &mut Verdicts,
    ) -> Result<(), Beyond> {
        verdicts.clear();
        run_plan(code, source, plan, as_of, (&mut self.instances, verdicts))
    }

    /// Reads the duties of a case alone: no meters, no findings.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn duties<S: Source>(
        &mut self,
        code: &Code,
        source: &S,
        as_of: i64,
    ) -> Result<&[Instance], Beyond> {
        self.instances.clear();
        let newest = code.versions.len() - 1;
        let mut case = Case { code, source, as_of, newest, memory: &mut self.memory };
        case.load()?;
        case.mark();
        for version in 0..code.versions.len() {
            case.duties(version, &mut self.instances)?;
        }
        Ok(&self.instances)
    }

    /// The openings to which windows moved entries of the case that was read last.
    pub(crate) fn given_times(&self) -> impl Iterator<Item = i64> + '_ {
        self.memory.seen.iter().map(|seen| seen.given).filter(|at| *at != NO_TIME)
    }
}

pub(crate) fn duty_verdict(instance: &Instance) -> DutyVerdict {
    let entry = |(position, at): (u64, i64)| (at != NO_TIME).then(|| (Position(position), instant(at)));
    DutyVerdict {
        duty: instance.number,
        trigger: Position(instance.trigger),
        triggered: instant(instance.triggered),
        due: match instance.due {
            Limit::At(at) => Due::At(instant(at)),
            Limit::AtOnce => Due::AtOnce,
            Limit::NotYetKnown => Due::NotYetKnown,
        },
        status: instance.status,
        fulfilled: entry(instance.fulfilled),
        closed: entry(instance.closed),
    }
}

fn finding_verdict(found: &Found) -> FindingVerdict {
    FindingVerdict {
        rule: found.rule,
        effect: found.effect,
        entry: (found.position != 0).then_some(Position(found.position)),
        at: instant(found.at),
    }
}

/// By the instant they are about, then by entry and rule; what several readings said about an entry stands once.
fn in_order(found: &mut Vec<Found>) {
    if found.len() > 1 {
        found.sort_by_key(|found| (found.at, found.position, found.rank, found.effect));
        found.dedup();
    }
}
