//! Plans: what is left to do for a case once its shape is known.
//!
//! The shape of a case is the order of its kinds, what its entries answer, and what they say of facts. It settles which
//! entries count, which duties there are, what fulfils and closes them, and which runs a meter has. A plan holds that,
//! worked out once by the general reading; what is left are limits, comparisons of instants, and days.

use samspill_agreement::model::{RequirementEffect, StopEffect};
use samspill_base::{Clock, columns::NO_TIME};

use super::{
    case::{Beyond, Case},
    code::{
        Code, Cond, DayExprCode, DayKindCode, DutyCode, Kinds, LimitCode, MarkCode, MeterCode, OffsetCode,
        PairingCode, SetCode, VersionCode, WaiverCode, WaiverTestCode,
    },
    cond::{Verdict, View},
    duty::DutyWork,
    source::{SaidValue, Source},
};

/// A plan for all cases of one shape.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub duties: Vec<PlannedDuty>,
    pub meters: Vec<PlannedMeter>,
    /// The entries of unknown kind, by number.
    pub unknown: Vec<u32>,
    /// The entries whose other times are asked for, by number: their order is not part of the shape.
    pub clocked: Vec<u32>,
}

/// An instance of a duty: everything but times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedDuty {
    /// The duty, by its place in the version.
    pub duty: u16,
    /// Its own limit, or that of the exception with this place; `None` where it can't be decided which.
    pub deadline: Option<Limits>,
    /// Entries by number.
    pub trigger: u32,
    pub fulfilled: Option<u32>,
    pub closed: Option<u32>,
    /// The entry that the limit is counted back from.
    pub target: Option<u32>,
}

/// Whose limit applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limits {
    Own,
    Exception(u16),
}

/// A meter: everything but days.
#[derive(Clone, Debug)]
pub(crate) struct PlannedMeter {
    /// Its place in the version.
    pub meter: u16,
    pub runs: Vec<PlannedRun>,
    pub waivers: u32,
    /// What is undecided whatever duties come to.
    pub is_undecided: bool,
    pub liable: Rest,
    pub contestable: Vec<Rest>,
    pub provisional: Vec<Rest>,
    /// Who says who pays, if the meter asks.
    pub payer: Option<PlannedPayer>,
}

/// Who says who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlannedPayer {
    /// Nobody: the fact's default, if it has one.
    Nobody,
    /// The entry with this number, itself.
    Entry(u32),
    /// A kind that always says so.
    Always(SaidValue),
}

/// A run of a meter, by numbers of entries.
#[derive(Clone, Debug)]
pub(crate) struct PlannedRun {
    pub start: u32,
    /// What stops it: the entry, and the stop's place in the meter.
    pub stops: Vec<(u32, u16)>,
}

/// What is left of a condition: it hangs on how duties went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    Settled(Verdict),
    Duty { states: u8, duty: u16 },
    Not(Box<Rest>),
    All(Vec<Rest>),
    Any(Vec<Rest>),
}

/// Whether plans can be made for the rules: nothing in them hangs on times in a way that plans don't hold. What hours there
/// are makes no difference: whatever hangs on hours has no plan.
pub(crate) fn can_plan(code: &Code) -> bool {
    let [version] = &code.versions[..] else { return false };
    let requirements = version.requirements.iter().all(|rule| {
        rule.ahead.is_none()
            && rule.within.is_none()
            && rule.effect == RequirementEffect::Void
            && is_plain(&rule.when)
            && is_plain(&rule.that)
    });
    code.without_findings
        && requirements
        && version.windows.is_empty()
        && version.contents.is_empty()
        && version.duties.iter().all(can_plan_duty)
        && version.meters.iter().all(can_plan_meter)
}

fn can_plan_duty(duty: &DutyCode) -> bool {
    // Read at another time than the trigger happened, a condition would hang on times.
    let untimed = duty.counts_from == Clock::Happened
        || (duty.when == Cond::Always
            && duty.exceptions.iter().all(|exception| exception.when == Cond::Always));
    let deadlines = std::iter::once(&duty.deadline)
        .chain(duty.exceptions.iter().filter_map(|exception| exception.deadline.as_ref()));
    untimed
        && duty.each.is_none()
        && duty.suspended_by.is_empty()
        && duty.reset_by == 0
        && duty.fulfilled_at == Clock::Happened
        && !matches!(duty.pairing, PairingCode::ByReference(_))
        && is_plain(&duty.when)
        && is_plain(&duty.must_where)
        && duty.exceptions.iter().all(|exception| is_plain(&exception.when))
        && deadlines.into_iter().all(|deadline| deadline.given.is_none() && can_plan_limit(&deadline.rule))
}

fn can_plan_limit(rule: &LimitCode) -> bool {
    match rule {
        LimitCode::AtOnce
        | LimitCode::Elapsed(_)
        | LimitCode::Days { .. }
        | LimitCode::BeforeKind(..)
        | LimitCode::FirstWorkingDayOfNextMonth
        | LimitCode::LastDayOfMonth
        | LimitCode::DayOfNextMonth(_)
        | LimitCode::Annual { .. } => true,
        LimitCode::ClockOn { day, .. } => is_plain_day(*day),
        LimitCode::Within(..) | LimitCode::BeforeFact(..) => false,
    }
}

fn can_plan_meter(meter: &MeterCode) -> bool {
    let marks = meter.contestable.iter().chain(&meter.provisional).all(|mark| is_plain(&mark.when));
    let stops = meter.stops.iter().all(|stop| is_plain(&stop.when) && stop.day.iter().all(is_plain_expr));
    let waivers = meter.waivers.iter().all(|waiver| {
        is_plain(&waiver.when)
            && matches!(waiver.test, WaiverTestCode::Unless(_))
            && !asks_duties(&waiver.when)
    });
    is_plain_day(meter.counts)
        && meter.first_day.iter().all(is_plain_expr)
        && is_plain(&meter.start_when)
        && is_plain(&meter.liable)
        && marks
        && stops
        && waivers
}

fn is_plain_day(day: DayKindCode) -> bool {
    day == DayKindCode::Any || day == DayKindCode::Working
}

fn is_plain_expr(expr: &DayExprCode) -> bool {
    let is_plain = |offset: &OffsetCode| is_plain_day(offset.of) && offset.cut_off.is_none();
    match expr {
        DayExprCode::FromEntry(offset) | DayExprCode::Field(offset, _) => is_plain(offset),
        DayExprCode::FromKind(..) | DayExprCode::Fact(..) => false,
    }
}

/// Whether a condition compares nothing with another fact.
fn is_plain(condition: &Cond) -> bool {
    !condition.asks(&mut |part| matches!(part, Cond::FactIsFact { .. } | Cond::FieldIsFact { .. }))
}

fn asks_duties(condition: &Cond) -> bool {
    condition.asks(&mut |part| matches!(part, Cond::Duty { .. }))
}

/// The kinds of entry that duties are counted from at another time than when they happened.
fn clocked(version: &VersionCode) -> Kinds {
    let duties = version.duties.iter().map(|duty| (duty.counts_from, duty.after_any));
    let liable = version.meters.iter().flat_map(|meter| &meter.liable_duties);
    let all = duties.chain(liable.map(|duty| (duty.counts_from, duty.after)));
    all.filter(|(clock, _)| *clock != Clock::Happened).fold(0, |kinds, (_, after)| kinds | after)
}

/// Whether what is known of the other times of entries is what plans hold for: they have come, after the entry happened, while
/// the rules were in force.
///
/// # Errors
/// [`Beyond`] where it isn't.
pub(crate) fn clocks_hold<S: Source>(
    source: &S,
    entries: &[u32],
    as_of: i64,
    until: i64,
) -> Result<(), Beyond> {
    let holds = |entry: &u32| {
        let happened = source.happened(*entry as usize);
        let [sent, received, acknowledged, _] = source.clocks(*entry as usize);
        [sent, received, acknowledged]
            .iter()
            .all(|time| *time == NO_TIME || (happened <= *time && *time <= as_of && *time < until))
    };
    if !source.has_clocks() || entries.iter().all(holds) { Ok(()) } else { Err(Beyond) }
}

/// Whether entries of a kind can be part of a shape.
pub(crate) fn can_shape(code: &Code, kind: u16) -> bool {
    let kind = &code.kinds[usize::from(kind)];
    kind.cancels.is_none() && kind.sets.iter().all(|(_, to)| matches!(to, SetCode::Value(_)))
}

impl<S: Source> Case<'_, S> {
    /// The plan for cases of this one's shape. The case is loaded and marked.
    ///
    /// # Errors
    /// [`Beyond`] where its times are not what plans hold for.
    pub(crate) fn plan(&mut self) -> Result<Plan, Beyond> {
        let code = self.code;
        let version = &code.versions[0];
        let clocked: Vec<u32> = self.of_kinds(clocked(version)).map(|place| self.entry(place)).collect();
        clocks_hold(self.source, &clocked, self.as_of, version.in_force.1)?;
        let mut duties = Vec::new();
        let mut work = DutyWork::default();
        for (place, duty) in (0..).zip(&version.duties) {
            if self.memory.present & duty.after_any != 0 {
                self.plan_duty(place, duty, &mut work, &mut duties);
            }
        }
        let meters = (0..).zip(&version.meters).filter_map(|(place, meter)| self.plan_meter(place, meter));
        let meters = meters.collect();
        let known: Vec<u32> = self.memory.seen.iter().map(|seen| seen.entry).collect();
        let count = u32::try_from(self.source.len()).unwrap_or(0);
        let unknown = (0..count).filter(|entry| !known.contains(entry)).collect();
        Ok(Plan { duties, meters, unknown, clocked })
    }

    fn entry(&self, place: usize) -> u32 {
        self.memory.seen[place].entry
    }

    fn plan_duty(&mut self, number: u16, duty: &DutyCode, work: &mut DutyWork, into: &mut Vec<PlannedDuty>) {
        self.triggers(0, duty, work);
        for (by, fulfilled, closed) in self.all_ended(duty, work) {
            let view = View::of_entry(0, by, &self.memory.seen[by]);
            let Some(deadline) = self.planned_limits(&view, duty) else { continue };
            let rule = match deadline {
                Some(Limits::Own) => Some(&duty.deadline),
                Some(Limits::Exception(place)) => duty.exceptions[usize::from(place)].deadline.as_ref(),
                None => None,
            };
            let target = match rule.map(|rule| &rule.rule) {
                Some(LimitCode::BeforeKind(_, kind)) => self.target(*kind, self.memory.seen[by].happened),
                Some(_) | None => None,
            };
            into.push(PlannedDuty {
                duty: number,
                deadline,
                trigger: self.entry(by),
                fulfilled: fulfilled.map(|place| self.entry(place)),
                closed: closed.map(|place| self.entry(place)),
                target: target.map(|place| self.entry(place)),
            });
        }
    }

    fn target(&self, kind: u64, from: i64) -> Option<usize> {
        let seen = &self.memory.seen;
        self.of_kinds(kind).find(|place| seen[*place].happened >= from && seen[*place].counts())
    }

    /// Which limit applies; `Some(None)`: it can't be decided; `None`: there is no duty.
    #[expect(clippy::option_option, reason = "no duty, no known limit, or this one")]
    fn planned_limits(&self, view: &View<'_>, duty: &DutyCode) -> Option<Option<Limits>> {
        for (place, exception) in (0..).zip(&duty.exceptions) {
            match self.read(view, &exception.when) {
                Verdict::No => {}
                Verdict::Yes => return exception.deadline.as_ref().map(|_| Some(Limits::Exception(place))),
                Verdict::Undecided(_) => return Some(None),
            }
        }
        Some(Some(Limits::Own))
    }

    fn plan_meter(&self, number: u16, meter: &MeterCode) -> Option<PlannedMeter> {
        let mut is_undecided = false;
        let runs: Vec<PlannedRun> = self
            .of_kinds(meter.start)
            .filter(|place| self.memory.seen[*place].counts())
            .filter(|place| {
                let verdict =
                    self.read(&View::of_entry(0, *place, &self.memory.seen[*place]), &meter.start_when);
                is_undecided |= matches!(verdict, Verdict::Undecided(_));
                verdict.is_yes()
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|start| self.plan_run(meter, start, &mut is_undecided))
            .collect();
        let waivers = meter.waivers.iter().filter(|waiver| {
            self.of_kinds(waiver.at).filter(|place| self.memory.seen[*place].was_given()).any(|anchor| {
                let view = View::of_entry(0, anchor, &self.memory.seen[anchor]);
                let verdict = self.read(&view, &waiver.when);
                is_undecided |= matches!(verdict, Verdict::Undecided(_));
                verdict.is_yes() && self.has_none(&view, waiver)
            })
        });
        let waivers = u32::try_from(waivers.count()).unwrap_or(u32::MAX);
        if runs.is_empty() && waivers == 0 {
            return None;
        }
        let view = View { version: 0, at: self.as_of, entry: None, duties: &[], trigger: None };
        let rests = |marks: &[MarkCode]| marks.iter().map(|mark| self.rest(&view, &mark.when)).collect();
        Some(PlannedMeter {
            meter: number,
            runs,
            waivers,
            is_undecided,
            liable: self.rest(&view, &meter.liable),
            contestable: rests(&meter.contestable),
            provisional: rests(&meter.provisional),
            payer: meter.payer.map(|slot| self.planned_payer(meter, slot)),
        })
    }

    /// Whether a waiver's kinds are missing at its anchor.
    fn has_none(&self, view: &View<'_>, waiver: &WaiverCode) -> bool {
        match &waiver.test {
            WaiverTestCode::Unless(kinds) => self.latest(view.at, *kinds, 0).is_none(),
            WaiverTestCode::IfWithin(..) => false,
        }
    }

    fn plan_run(&self, meter: &MeterCode, start: usize, is_undecided: &mut bool) -> PlannedRun {
        let seen = &self.memory.seen;
        let mut run = PlannedRun { start: self.entry(start), stops: Vec::new() };
        for place in self.of_kinds(meter.stopping).filter(|place| *place > start && seen[*place].was_given())
        {
            for (number, stop) in
                (0..).zip(&meter.stops).filter(|(_, stop)| stop.kinds & seen[place].bit != 0)
            {
                match self.read(&View::of_entry(0, place, &seen[place]), &stop.when) {
                    Verdict::Yes => run.stops.push((self.entry(place), number)),
                    Verdict::Undecided(_) => *is_undecided = true,
                    Verdict::No => {}
                }
                if run
                    .stops
                    .last()
                    .is_some_and(|(_, last)| meter.stops[usize::from(*last)].effect == StopEffect::EndsRun)
                {
                    return run;
                }
            }
        }
        run
    }

    /// Whose word on who pays counts.
    fn planned_payer(&self, meter: &MeterCode, slot: u16) -> PlannedPayer {
        let seen = &self.memory.seen;
        let named_at = self.of_kinds(meter.payer_at).find(|place| seen[*place].was_given());
        let at = named_at.map_or(self.as_of, |place| seen[place].happened);
        match self.word(slot, at) {
            None => PlannedPayer::Nobody,
            Some(said) if said.is_constant => PlannedPayer::Always(said.value),
            Some(said) => PlannedPayer::Entry(said.entry),
        }
    }

    /// What is left of a condition that is read when the case is.
    fn rest(&self, view: &View<'_>, condition: &Cond) -> Rest {
        match condition {
            Cond::Duty { states, duty } => Rest::Duty { states: *states, duty: *duty },
            Cond::Not(inner) if asks_duties(inner) => Rest::Not(Box::new(self.rest(view, inner))),
            Cond::All(parts) if asks_duties(condition) => {
                Rest::All(parts.iter().map(|part| self.rest(view, part)).collect())
            }
            Cond::Any(parts) if asks_duties(condition) => {
                Rest::Any(parts.iter().map(|part| self.rest(view, part)).collect())
            }
            Cond::Always
            | Cond::Fact { .. }
            | Cond::FactKnown { .. }
            | Cond::FactIsFact { .. }
            | Cond::Field { .. }
            | Cond::FieldIsFact { .. }
            | Cond::Has { .. }
            | Cond::InPhase(_)
            | Cond::Not(_)
            | Cond::All(_)
            | Cond::Any(_) => Rest::Settled(self.read(view, condition)),
        }
    }
}

/// All of them, in three-valued logic: the first no settles it.
pub(crate) fn all(parts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut missing = 0;
    for part in parts {
        match part {
            Verdict::Yes => {}
            Verdict::No => return Verdict::No,
            Verdict::Undecided(slots) => missing |= slots,
        }
    }
    if missing == 0 { Verdict::Yes } else { Verdict::Undecided(missing) }
}
