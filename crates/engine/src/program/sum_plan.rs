//! Plans for totals: what is left to do for a case of known shape, where nobody asks for its days one by one.

use super::{
    code::Code,
    cond::Verdict,
    only::Only,
    plan::{Plan, PlannedDuty, PlannedRun, Rest, all},
};

/// A plan for the totals of all cases of one shape.
#[derive(Clone, Debug)]
pub(crate) struct SumPlan {
    pub duties: Vec<SumDuty>,
    pub runs: Vec<SumRun>,
    /// See [`Plan::clocked`].
    pub clocked: Vec<u32>,
}

/// An instance of a duty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SumDuty {
    pub planned: PlannedDuty,
    /// Its number in verdicts.
    pub number: u32,
    /// All bits where the duty is told of, none where something only hangs on it.
    pub told: u8,
}

/// A run of a meter whose days can count.
#[derive(Clone, Debug)]
pub(crate) struct SumRun {
    /// The place of its meter in the version.
    pub meter: u16,
    pub run: PlannedRun,
    pub liable: Liable,
}

/// Whether somebody is liable for the days of a run, by how the planned duties went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Liable {
    Settled(Verdict),
    /// Where any of these instances, by number, is in one of these states.
    Any(Vec<(u16, u8)>),
    Not(Box<Liable>),
    All(Vec<Liable>),
    Either(Vec<Liable>),
}

impl SumPlan {
    pub(crate) fn of(code: &Code, only: &Only, plan: &Plan) -> Self {
        let version = &code.versions[0];
        let duty = |planned: &PlannedDuty| {
            let number = version.duties[usize::from(planned.duty)].number;
            SumDuty { planned: *planned, number, told: if only.has_duty(number) { u8::MAX } else { 0 } }
        };
        let duties: Vec<SumDuty> = plan.duties.iter().map(duty).collect();
        let ids: Vec<(u16, u32)> = plan
            .duties
            .iter()
            .map(|planned| (version.duties[usize::from(planned.duty)].id, planned.trigger))
            .collect();
        // A waiver makes all days fall away.
        let meters = plan.meters.iter().filter(|meter| meter.waivers == 0);
        let runs = meters.flat_map(|meter| {
            meter.runs.iter().map(|run| SumRun {
                meter: meter.meter,
                run: run.clone(),
                liable: Liable::of(&meter.liable, &ids, run.start),
            })
        });
        let can_count = |run: &SumRun| match &run.liable {
            Liable::Settled(verdict) => verdict.is_yes(),
            Liable::Any(_) | Liable::Not(_) | Liable::All(_) | Liable::Either(_) => true,
        };
        Self { duties, runs: runs.filter(can_count).collect(), clocked: plan.clocked.clone() }
    }
}

impl Liable {
    /// What is left of a condition for a run that starts with this entry; `duties` are the ids and triggers of the instances.
    fn of(rest: &Rest, duties: &[(u16, u32)], start: u32) -> Self {
        let parts = |rests: &[Rest]| rests.iter().map(|rest| Self::of(rest, duties, start)).collect();
        match rest {
            Rest::Settled(verdict) => Self::Settled(*verdict),
            Rest::Duty { states, duty } => {
                let of_duty = || (0..).zip(duties).filter(|(_, (id, _))| id == duty);
                let has_own = of_duty().any(|(_, (_, trigger))| *trigger == start);
                let meant = of_duty().filter(|(_, (_, trigger))| !has_own || *trigger == start);
                Self::Any(meant.map(|(number, _)| (number, *states)).collect())
            }
            Rest::Not(inner) => Self::Not(Box::new(Self::of(inner, duties, start))),
            Rest::All(rests) => Self::All(parts(rests)),
            Rest::Any(rests) => Self::either(parts(rests)),
        }
    }

    /// Either of them: in one list, where all are lists.
    fn either(parts: Vec<Self>) -> Self {
        let mut joined: Vec<(u16, u8)> = Vec::new();
        for part in &parts {
            let Self::Any(instances) = part else { return Self::Either(parts) };
            for (number, states) in instances {
                match joined.iter_mut().find(|(known, _)| known == number) {
                    Some((_, known)) => *known |= states,
                    None => joined.push((*number, *states)),
                }
            }
        }
        Self::Any(joined)
    }

    /// Whether it is so, as the instances went: the bits of their statuses, by number.
    #[inline]
    pub(crate) fn holds(&self, statuses: &[u8]) -> bool {
        match self {
            Self::Any(instances) => is_any(instances, statuses),
            Self::Settled(_) | Self::Not(_) | Self::All(_) | Self::Either(_) => self.read(statuses).is_yes(),
        }
    }

    fn read(&self, statuses: &[u8]) -> Verdict {
        match self {
            Self::Settled(verdict) => *verdict,
            Self::Any(instances) => Verdict::of(is_any(instances, statuses)),
            Self::Not(inner) => inner.read(statuses).not(),
            Self::All(parts) => all(parts.iter().map(|part| part.read(statuses))),
            Self::Either(parts) => all(parts.iter().map(|part| part.read(statuses).not())).not(),
        }
    }
}

#[inline]
fn is_any(instances: &[(u16, u8)], statuses: &[u8]) -> bool {
    instances.iter().any(|(number, states)| statuses[usize::from(*number)] & states != 0)
}
