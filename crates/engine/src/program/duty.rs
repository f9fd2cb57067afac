//! Duties, in numbers: what was triggered, by when it was due, and how it went.

use jiff::civil::Date;
use samspill_agreement::model::{MayPrecede, Period, Which};
use samspill_base::columns::{NO_TIME, instant, nanos};

use super::{
    case::{Beyond, Case, Seen},
    code::{DeadlineCode, DutyCode, Kinds, PairingCode},
    cond::{Verdict, View},
    limits::{Count, Limit, Pause},
    source::Source,
};
use crate::{DutyStatus, FindingEffect, trigger::next_period};

/// An instance of a duty, read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instance {
    /// The number of verdicts.
    pub number: u32,
    /// The number of its id.
    pub id: u16,
    pub status: DutyStatus,
    /// The position of the entry that triggered it.
    pub trigger: u64,
    pub triggered: i64,
    pub due: Limit,
    /// What fulfilled it: position and time; position 0 for nothing.
    pub fulfilled: (u64, i64),
    /// What closed it.
    pub closed: (u64, i64),
}

/// Nothing fulfilled or closed it.
pub(crate) const NOTHING: (u64, i64) = (0, NO_TIME);

/// An instance before its limit is known.
#[derive(Clone, Copy, Debug)]
struct Triggered {
    /// The place of the trigger.
    by: usize,
    at: i64,
    start: i64,
    is_renewal: bool,
}

/// What fulfilled or closed an instance, by place.
#[derive(Clone, Copy, Default)]
struct Ended {
    fulfilled: Option<usize>,
    closed: Option<usize>,
}

impl Ended {
    fn done(self) -> Option<usize> {
        self.fulfilled.or(self.closed)
    }
}

/// Which limit applies to an instance.
enum Applies<'d> {
    Limit(&'d DeadlineCode),
    /// It hangs on facts that are missing.
    Undecided,
    /// An exception says that there is no duty.
    NoDuty,
}

/// A span in which a clock stands still, by places.
type Span = (usize, Option<usize>);

impl<S: Source> Case<'_, S> {
    /// Reads all duties that follow a version.
    pub(crate) fn duties(&mut self, version: usize, into: &mut Vec<Instance>) -> Result<(), Beyond> {
        let code = self.code;
        for duty in &code.versions[version].duties {
            if self.memory.present & duty.after_any != 0 {
                self.duty(version, duty, into)?;
            }
        }
        Ok(())
    }

    fn duty(&mut self, version: usize, duty: &DutyCode, into: &mut Vec<Instance>) -> Result<(), Beyond> {
        let mut work = std::mem::take(&mut self.memory.duty_work);
        self.triggers(version, duty, &mut work);
        let outcome = self.read_instances(version, duty, &mut work, into);
        self.memory.duty_work = work;
        outcome
    }

    fn read_instances(
        &mut self,
        version: usize,
        duty: &DutyCode,
        work: &mut DutyWork,
        into: &mut Vec<Instance>,
    ) -> Result<(), Beyond> {
        if work.instances.is_empty() {
            return Ok(());
        }
        work.candidates.find(self, duty);
        let suspensions = self.suspensions(duty);
        for instance in &work.instances {
            let ended = self.ended(duty, instance, &mut work.candidates);
            into.extend(self.read_instance(version, duty, instance, ended, &suspensions)?);
        }
        Ok(())
    }

    /// The instances of a duty that follow this version.
    pub(crate) fn triggers(&mut self, version: usize, duty: &DutyCode, work: &mut DutyWork) {
        let DutyWork { places, instances, .. } = work;
        places.clear();
        instances.clear();
        self.possible_triggers(duty, places);
        places.retain(|place| {
            let at = self.time(*place, duty.counts_from);
            let view = View { at, ..View::of_entry(version, *place, &self.memory.seen[*place]) };
            let verdict = self.read(&view, &duty.when);
            if let (Verdict::Undecided(missing), true) = (verdict, self.follows(at, version)) {
                self.find(*place, duty.rule, FindingEffect::Undecided, missing);
            }
            verdict.is_yes()
        });
        match duty.which {
            Which::Every | Which::Preferred => {}
            Which::First => places.truncate(1),
            Which::Latest => {
                places.drain(..places.len().saturating_sub(1));
            }
        }
        for place in places {
            self.instances(version, duty, *place, instances);
        }
        instances.retain(|instance| self.follows(instance.at, version));
    }

    /// The entries that can trigger the duty and whose time that counts has come, in order.
    fn possible_triggers(&self, duty: &DutyCode, into: &mut Vec<usize>) {
        let has_come = |place: &usize| {
            self.memory.seen[*place].counts() && self.time(*place, duty.counts_from) <= self.as_of
        };
        if duty.which == Which::Preferred {
            let first = |kind: &Kinds| self.of_kinds(*kind).find(has_come);
            into.extend(duty.after.iter().find_map(first));
        } else {
            into.extend(self.of_kinds(duty.after_any).filter(has_come));
        }
    }

    fn instances(&self, version: usize, duty: &DutyCode, place: usize, into: &mut Vec<Triggered>) {
        let at = self.time(place, duty.counts_from);
        let given = self.memory.seen[place].given;
        let first = Triggered { by: place, at, start: at.max(given), is_renewal: false };
        into.push(first);
        if let Some(period) = duty.each {
            self.renewed(version, duty, first, period, into);
        }
    }

    /// One instance for each period from the trigger's until the duty is closed or the case is read.
    fn renewed(
        &self,
        version: usize,
        duty: &DutyCode,
        first: Triggered,
        period: Period,
        into: &mut Vec<Triggered>,
    ) {
        let days = self.days(version);
        let seen = &self.memory.seen;
        let after = seen[first.by].happened;
        let ends = |place: &usize| seen[*place].happened > after && seen[*place].was_given();
        let closed =
            self.of_kinds(duty.waived_by).find(ends).map_or(self.as_of, |place| seen[place].happened);
        let until = closed.min(self.as_of);
        let next_of = |at: i64| -> Option<i64> {
            let day: Date = next_period(days.date_of(instant(at)).ok()?, period)?;
            days.start_of_day(day).ok().map(nanos)
        };
        let mut next = next_of(first.at);
        while let Some(at) = next.filter(|at| *at <= until) {
            next = next_of(at);
            into.push(Triggered { by: first.by, at, start: at, is_renewal: true });
        }
    }

    /// The trigger of each instance that was found, what fulfilled it and what closed it, by place.
    pub(crate) fn all_ended(
        &self,
        duty: &DutyCode,
        work: &mut DutyWork,
    ) -> Vec<(usize, Option<usize>, Option<usize>)> {
        let DutyWork { instances, candidates, .. } = work;
        candidates.find(self, duty);
        let ended = |instance: &Triggered| {
            let ended = self.ended(duty, instance, candidates);
            (instance.by, ended.fulfilled, ended.closed)
        };
        instances.iter().map(ended).collect()
    }

    fn ended(&self, duty: &DutyCode, instance: &Triggered, candidates: &mut Candidates) -> Ended {
        let seen = &self.memory.seen;
        let ends =
            |place: &usize| seen[*place].was_given() && seen[*place].order() > seen[instance.by].order();
        let closed = self.of_kinds(duty.waived_by).find(ends);
        let fulfilled = candidates.first_for(self, duty, instance, closed);
        Ended { fulfilled, closed: if fulfilled.is_some() { None } else { closed } }
    }

    /// The spans in which the clock of a duty stands still, in order.
    fn suspensions(&self, duty: &DutyCode) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let seen = &self.memory.seen;
        for (from, until) in &duty.suspended_by {
            let mut places = self.of_kinds(from | until).filter(|place| seen[*place].counts());
            while let Some(begins) = places.by_ref().find(|place| seen[*place].bit & from != 0) {
                spans.push((begins, places.by_ref().find(|place| seen[*place].bit & until != 0)));
            }
        }
        spans.sort_by_key(|(from, _)| seen[*from].order());
        spans
    }

    /// The reading of one instance; `None` where an exception says that there is no duty.
    fn read_instance(
        &mut self,
        version: usize,
        duty: &DutyCode,
        instance: &Triggered,
        ended: Ended,
        suspensions: &[Span],
    ) -> Result<Option<Instance>, Beyond> {
        let view =
            View { at: instance.at, ..View::of_entry(version, instance.by, &self.memory.seen[instance.by]) };
        let (triggered, due) = match self.deadline(&view, duty, instance.by) {
            Applies::NoDuty => return Ok(None),
            Applies::Limit(deadline) => self.due(
                &view,
                duty,
                deadline,
                instance,
                ended,
                &pauses(&self.memory.seen, instance.by, suspensions),
            )?,
            // A count that starts anew is told all the same: only its limit can't be.
            Applies::Undecided => (
                self.resets(duty, instance, ended)
                    .last()
                    .map_or(instance.at, |place| self.memory.seen[place].happened),
                Limit::NotYetKnown,
            ),
        };
        Ok(Some(self.instance(duty, instance.by, ended, (triggered, due))))
    }

    fn instance(&self, duty: &DutyCode, by: usize, ended: Ended, (triggered, due): (i64, Limit)) -> Instance {
        let seen = &self.memory.seen;
        let fulfilled = ended
            .fulfilled
            .map_or(NOTHING, |place| (seen[place].position, self.time_given(place, duty.fulfilled_at)));
        let closed = ended.closed.map_or(NOTHING, |place| (seen[place].position, seen[place].happened));
        Instance {
            number: duty.number,
            id: duty.id,
            status: status(due, fulfilled, closed, self.as_of),
            trigger: seen[by].position,
            triggered,
            due,
            fulfilled,
            closed,
        }
    }

    /// When the count started, and the limit: from the trigger, or from the last entry that started the count anew.
    fn due(
        &self,
        view: &View<'_>,
        duty: &DutyCode,
        deadline: &DeadlineCode,
        instance: &Triggered,
        ended: Ended,
        pauses: &[Pause],
    ) -> Result<(i64, Limit), Beyond> {
        let seen = &self.memory.seen;
        let read_at = ended.done().map_or(self.as_of, |place| seen[place].happened);
        let counted_from =
            |at: i64| if !instance.is_renewal && at == instance.at { seen[instance.by].happened } else { at };
        let count =
            Count { view: *view, start: instance.start, pauses, from: counted_from(instance.at), read_at };
        let (mut from, mut due) = (instance.at, self.limit(&count, deadline)?);
        for place in self.resets(duty, instance, ended) {
            let at = seen[place].happened;
            // A limit that has passed unkept stays passed: what comes after can't undo it.
            if due.is_past(at) {
                break;
            }
            from = at;
            due = self.limit(&Count { start: at, from: counted_from(at), ..count }, deadline)?;
        }
        Ok((from, due))
    }

    /// The entries after the trigger that start the count anew, until the duty is done or closed.
    fn resets(&self, duty: &DutyCode, instance: &Triggered, ended: Ended) -> impl Iterator<Item = usize> {
        let seen = &self.memory.seen;
        let after = seen[instance.by].order();
        let before = ended.done().map(|place| seen[place].order());
        self.of_kinds(duty.reset_by)
            .filter(move |place| seen[*place].counts() && seen[*place].order() > after)
            .take_while(move |place| before.is_none_or(|before| seen[*place].order() < before))
    }

    /// The limit that applies: the first exception's whose condition holds, or the duty's own.
    fn deadline<'d>(&mut self, view: &View<'_>, duty: &'d DutyCode, by: usize) -> Applies<'d> {
        for exception in &duty.exceptions {
            match self.read(view, &exception.when) {
                Verdict::No => {}
                Verdict::Yes => return exception.deadline.as_ref().map_or(Applies::NoDuty, Applies::Limit),
                Verdict::Undecided(missing) => {
                    self.find(by, exception.rule, FindingEffect::Undecided, missing);
                    return Applies::Undecided;
                }
            }
        }
        Applies::Limit(&duty.deadline)
    }
}

/// When the clock stood still after a trigger, in order; spans that touch are one.
fn pauses(seen: &[Seen], by: usize, suspensions: &[Span]) -> Vec<Pause> {
    let mut merged: Vec<Pause> = Vec::new();
    for (from, until) in suspensions {
        if until.is_some_and(|until| seen[until].order() <= seen[by].order()) {
            continue;
        }
        let span = (seen[*from].happened, until.map_or(i64::MAX, |until| seen[until].happened));
        match merged.last_mut() {
            Some((_, last)) if span.0 <= *last => *last = (*last).max(span.1),
            Some(_) | None => merged.push(span),
        }
    }
    merged
}

/// How it went: see the readable evaluator.
pub(crate) fn status(due: Limit, fulfilled: (u64, i64), closed: (u64, i64), as_of: i64) -> DutyStatus {
    if fulfilled != NOTHING {
        return if due.is_past(fulfilled.1) { DutyStatus::Late } else { DutyStatus::Kept };
    }
    if closed != NOTHING {
        let missed = due.is_past(closed.1) || due == Limit::AtOnce;
        return if missed { DutyStatus::Missed } else { DutyStatus::Waived };
    }
    if due.is_past(as_of) { DutyStatus::Missed } else { DutyStatus::Open }
}

/// Working memory for one duty, used again for the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct DutyWork {
    places: Vec<usize>,
    instances: Vec<Triggered>,
    candidates: Candidates,
}

/// The entries that can fulfil a duty, by the time that counts.
#[derive(Clone, Debug, Default)]
struct Candidates {
    /// When, the position and the place.
    all: Vec<(i64, u64, usize)>,
    /// Which have fulfilled an instance, where each fulfils one.
    taken: Vec<bool>,
}

impl Candidates {
    fn find<S: Source>(&mut self, case: &Case<'_, S>, duty: &DutyCode) {
        self.all.clear();
        for place in case.of_kinds(duty.must) {
            let seen = &case.memory.seen[place];
            let at = case.time_given(place, duty.fulfilled_at);
            if seen.was_given() && at <= case.as_of && is_such(case, duty, place, seen) {
                self.all.push((at, seen.position, place));
            }
        }
        self.all.sort_unstable();
        self.taken.clear();
        self.taken.resize(self.all.len(), false);
    }

    /// The first one that fulfils the instance before it was closed; taken, where each fulfils one.
    fn first_for<S: Source>(
        &mut self,
        case: &Case<'_, S>,
        duty: &DutyCode,
        instance: &Triggered,
        closed: Option<usize>,
    ) -> Option<usize> {
        let seen = &case.memory.seen;
        let from = match (duty.may_precede, instance.is_renewal) {
            (MayPrecede::Yes, _) => i64::MIN,
            (MayPrecede::No, true) => instance.at,
            (MayPrecede::No, false) => seen[instance.by].happened.min(instance.at),
        };
        let own = seen[instance.by].position;
        let in_time = |(at, position, _): &(i64, u64, usize)| {
            closed.is_none_or(|closed| (*at, *position) < seen[closed].order())
        };
        if let PairingCode::ByReference(field) = duty.pairing {
            let id = case.source.id(seen[instance.by].entry as usize)?;
            let names = |place: usize| {
                let named = case.source.field(seen[place].entry as usize, field);
                named.map(ToString::to_string).unwrap_or_default() == id
            };
            let fits = |found: &&(i64, u64, usize)| {
                found.0 >= from && found.1 != own && in_time(found) && names(found.2)
            };
            return self.all.iter().find(fits).map(|found| found.2);
        }
        let takes = duty.pairing == PairingCode::OneEach || duty.each.is_some();
        let free = |place: &usize| {
            let found = self.all[*place];
            found.0 >= from && found.1 != own && !(takes && self.taken[*place])
        };
        let place = (0..self.all.len()).find(free)?;
        if !in_time(&self.all[place]) {
            return None;
        }
        self.taken[place] |= takes;
        Some(self.all[place].2)
    }
}

/// Whether the entry is as the duty asks what fulfils it to be.
fn is_such<S: Source>(case: &Case<'_, S>, duty: &DutyCode, place: usize, seen: &Seen) -> bool {
    let version = if seen.version == super::case::NONE { case.newest } else { usize::from(seen.version) };
    // The condition was lowered for the version of the duty; another version numbers its facts otherwise.
    let view = View::of_entry(version, place, seen);
    case.read(&view, &duty.must_where).is_yes()
}
