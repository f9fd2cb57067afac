//! Duties: what was triggered, by when it was due, and how it went.

use std::sync::Arc;

use jiff::Timestamp;
use samspill_agreement::model::{Deadline, Duty, Exception, KindId, Version};
use samspill_base::ClauseRef;

use crate::{
    Due, DutyReading, DutyStatus, EntryRef, Finding, Step,
    case::{Case, Seen},
    condition::{Verdict, View},
    limit::{Count, Pause},
    marks::About,
    pairing::{Ended, order, pair},
    phase::Phases,
    trigger::{Origin, Triggered, triggers},
};

/// All duties of the case that follow this version.
pub(crate) fn duties<'a>(
    case: &Case<'a>,
    phases: &Phases,
    version: &'a Arc<Version>,
    findings: &mut Vec<Finding>,
) -> Vec<DutyReading> {
    let mut readings = Vec::new();
    for duty in &version.duties {
        let instances = triggers(case, phases, version, duty, findings);
        let ended = pair(case, phases, duty, &instances);
        let resets: Vec<&Seen<'a>> =
            case.of_kinds(&duty.reset_by).into_iter().filter(|seen| seen.counts()).collect();
        let suspensions = suspensions(case, duty);
        for (instance, ended) in instances.into_iter().zip(ended) {
            let (resets, suspensions) = (&resets[..], &suspensions[..]);
            let reader = Reader { case, resets, suspensions, phases, version, duty };
            readings.extend(reader.read(&instance, ended, findings));
        }
    }
    readings
}

/// When a count starts: for the reader, and for the limit, which a window can have moved.
#[derive(Clone, Copy)]
struct Start {
    from: Timestamp,
    at: Timestamp,
}

struct Reader<'c, 'a> {
    case: &'c Case<'a>,
    /// The entries that start the count anew, in order.
    resets: &'c [&'c Seen<'a>],
    /// The spans in which the clock stands still, in order.
    suspensions: &'c [Span<'c, 'a>],
    phases: &'c Phases,
    version: &'a Arc<Version>,
    duty: &'c Duty,
}

impl<'c, 'a> Reader<'c, 'a> {
    /// The reading of one instance; `None` where an exception says that there is no duty.
    fn read(
        &self,
        instance: &Triggered<'c, 'a>,
        ended: Ended<'c, 'a>,
        findings: &mut Vec<Finding>,
    ) -> Option<DutyReading> {
        let view = View::of_entry(self.case, self.phases, self.version, instance.by).at(instance.at);
        let mut steps = instance.steps.clone();
        let (deadline, clause) = self.deadline(&view, instance.by, &mut steps, findings)?;
        let mut from = instance.at;
        let mut due = self.limit(&view, instance, ended, Start { from, at: instance.start }, deadline);
        for reset in self.resets(instance, ended) {
            // A limit that has passed unkept stays passed: what comes after can't undo it.
            if due.0.instant().is_some_and(|due| reset.happened() > due) {
                break;
            }
            from = reset.happened();
            steps.push(Step::Reset(reset.reference(from)));
            due = self.limit(&view, instance, ended, Start { from, at: from }, deadline);
        }
        let (due, limit_steps) = due;
        steps.extend(limit_steps);
        let fulfilled = ended.fulfilled.map(|seen| seen.reference(seen.time_given(self.duty.fulfilled_at)));
        let closed = ended.closed.map(|seen| seen.reference(seen.happened()));
        Some(DutyReading {
            duty: self.duty.id.clone(),
            clause,
            version: self.version.version.clone(),
            holder: self.duty.holder.clone(),
            severity: self.duty.severity,
            trigger: instance.by.reference(instance.by.happened()),
            triggered: from,
            due,
            status: status(due, fulfilled.as_ref(), closed.as_ref(), self.case.as_of),
            fulfilled,
            closed,
            steps,
        })
    }

    /// The limit that applies: the first exception's whose condition holds, or the duty's own.
    ///
    /// Where an exception can't be decided, neither can the limit. `None` where there is no duty.
    fn deadline(
        &self,
        view: &View<'_, 'a>,
        by: &Seen<'a>,
        steps: &mut Vec<Step>,
        findings: &mut Vec<Finding>,
    ) -> Option<(Option<&'c Deadline>, ClauseRef)> {
        for exception in &self.duty.exceptions {
            match view.read(&exception.when) {
                Verdict::No => {}
                Verdict::Yes => return excepted(exception, steps),
                Verdict::Undecided(facts) => {
                    let about = About::of(view, by, &exception.id, &exception.clause, self.duty.severity);
                    findings.push(about.undecided(facts.clone()));
                    steps.push(Step::Undecided(exception.id.clone(), facts.into_iter().collect()));
                    return Some((None, self.duty.clause.clone()));
                }
            }
        }
        Some((Some(&self.duty.deadline), self.duty.clause.clone()))
    }

    fn limit(
        &self,
        view: &View<'_, 'a>,
        instance: &Triggered<'_, 'a>,
        ended: Ended<'_, 'a>,
        start: Start,
        deadline: Option<&Deadline>,
    ) -> (Due, Vec<Step>) {
        let Some(deadline) = deadline else { return (Due::NotYetKnown, Vec::new()) };
        let (pauses, mut steps) = self.pauses(instance);
        let is_from_trigger = instance.origin == Origin::Trigger && start.from == instance.at;
        let done = ended.fulfilled.or(ended.closed).map(Seen::happened);
        let count = Count {
            view,
            start: start.at,
            pauses: &pauses,
            from: if is_from_trigger { instance.by.happened() } else { start.from },
            read_at: done.unwrap_or(self.case.as_of),
        };
        let (due, limited) = count.limit(deadline);
        steps.extend(limited);
        (due, steps)
    }

    /// The entries after the trigger that start the count anew, until the duty is done or closed.
    fn resets(
        &self,
        instance: &Triggered<'_, 'a>,
        ended: Ended<'_, 'a>,
    ) -> impl Iterator<Item = &'c Seen<'a>> {
        let after = order(instance.by);
        let before = ended.fulfilled.or(ended.closed).map(order);
        let resets = self.resets.iter().copied();
        let first = self.resets.partition_point(|seen| order(seen) <= after);
        resets.skip(first).take_while(move |seen| before.is_none_or(|before| order(seen) < before))
    }

    /// When the clock stood still, in order; spans that touch are one.
    fn pauses(&self, instance: &Triggered<'_, 'a>) -> (Vec<Pause>, Vec<Step>) {
        let after = order(instance.by);
        let found: Vec<Span<'_, 'a>> = self
            .suspensions
            .iter()
            .filter(|(_, until)| until.is_none_or(|until| order(until) > after))
            .copied()
            .collect();
        let steps = found
            .iter()
            .map(|(from, until)| {
                Step::Suspended(
                    from.reference(from.happened()),
                    until.map(|seen| seen.reference(seen.happened())),
                )
            })
            .collect();
        (merged(found.iter().map(|(from, until)| (from.happened(), until.map(Seen::happened)))), steps)
    }
}

/// A span in which the clock stands still: from an entry to the one that ends it, if one has.
type Span<'c, 'a> = (&'c Seen<'a>, Option<&'c Seen<'a>>);

/// The spans in which the clock of a duty stands still, by each of its rules, in order.
fn suspensions<'c, 'a>(case: &'c Case<'a>, duty: &Duty) -> Vec<Span<'c, 'a>> {
    let mut found: Vec<Span<'c, 'a>> = Vec::new();
    for rule in &duty.suspended_by {
        let kinds: Vec<KindId> = std::iter::once(&rule.from).chain(&rule.until).cloned().collect();
        let mut entries = case.of_kinds(&kinds).into_iter().filter(|seen| seen.counts());
        while let Some(from) = entries.by_ref().find(|seen| seen.kind.id == rule.from) {
            found.push((from, entries.by_ref().find(|seen| seen.is_any(&rule.until))));
        }
    }
    found.sort_by_key(|(from, _)| order(from));
    found
}

/// The exception's limit; `None` where it says that there is no duty.
fn excepted<'c>(
    exception: &'c Exception,
    steps: &mut Vec<Step>,
) -> Option<(Option<&'c Deadline>, ClauseRef)> {
    steps.push(Step::Excepted { rule: exception.id.clone(), clause: exception.clause.clone() });
    exception.deadline.as_ref().map(|deadline| (Some(deadline), exception.clause.clone()))
}

fn merged(spans: impl Iterator<Item = Pause>) -> Vec<Pause> {
    let mut merged: Vec<Pause> = Vec::new();
    for (from, until) in spans {
        match merged.last_mut() {
            Some((_, last)) if last.is_none_or(|last| from <= last) => {
                *last = match (*last, until) {
                    (Some(last), Some(until)) => Some(last.max(until)),
                    (None, _) | (_, None) => None,
                };
            }
            Some(_) | None => merged.push((from, until)),
        }
    }
    merged
}

/// How it went. Equal to the limit is kept; done while the limit isn't known is kept so far.
///
/// What closes a duty in time makes it fall away. A duty that was due at once had no time in hand: closed and undone,
/// it was missed.
fn status(due: Due, fulfilled: Option<&EntryRef>, closed: Option<&EntryRef>, as_of: Timestamp) -> DutyStatus {
    let past = |at: Timestamp| due.instant().is_some_and(|due| at > due);
    match (fulfilled, closed) {
        (Some(done), _) if past(done.at) => DutyStatus::Late,
        (Some(_), _) => DutyStatus::Kept,
        (None, Some(closed)) if past(closed.at) || due == Due::AtOnce => DutyStatus::Missed,
        (None, Some(_)) => DutyStatus::Waived,
        (None, None) if past(as_of) => DutyStatus::Missed,
        (None, None) => DutyStatus::Open,
    }
}
