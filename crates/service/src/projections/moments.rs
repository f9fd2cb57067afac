//! When time alone changes what a case says.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Entry};
use samspill_engine::{DutyStatus, Evaluation, Finding, FindingEffect, Missing};
use serde::{Deserialize, Serialize};

use super::Agreements;

/// The instants for which a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first: what the case was read as of.
    pub as_of: Timestamp,
    /// The first one after them, at which something else comes by time alone; none where nothing does.
    pub until: Option<Timestamp>,
    /// Whether the case itself says as of when it is read: then the row holds for ever, and for the past too.
    pub is_fixed: bool,
}

impl Span {
    /// As of when a row is read at an instant: that instant, or what the case says; `None` outside the span.
    pub fn reads_as(&self, now: Timestamp) -> Option<Timestamp> {
        if self.is_fixed {
            return Some(self.as_of);
        }
        (self.as_of <= now && self.until.is_none_or(|until| now < until)).then_some(now)
    }

    /// Whether a row holds at an instant.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.reads_as(now).is_some()
    }
}

/// The spans of a reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spans {
    /// Of duties and phases.
    pub duties: Span,
    /// Of findings and days.
    pub days: Span,
}

impl Spans {
    /// The spans of a case without an agreement: it may name one when an entry's time has come.
    pub(super) fn without_agreement(log: &CaseLog, as_of: Timestamp) -> Self {
        let span = span(log, as_of, entry_times(log, as_of));
        Self { duties: span, days: span }
    }

    /// The spans of an evaluation.
    pub(super) fn of(
        agreements: &Agreements,
        agreement: &Agreement,
        log: &CaseLog,
        evaluation: &Evaluation,
    ) -> Self {
        let as_of = evaluation.as_of;
        let period = if comes_back(agreement, log) { midnight(as_of, &evaluation.zone) } else { None };
        let wakes = [entry_times(log, as_of), openings(evaluation), period].into_iter().flatten().min();
        let duties = span(log, as_of, wakes);
        let passes = passing(evaluation);
        let is_quiet = wakes.is_none() && passes.is_none();
        let is_counted =
            evaluation.meters.is_empty() || (is_quiet && is_settled(agreements, log, evaluation));
        let midnight = if is_counted { None } else { midnight(as_of, &evaluation.zone) };
        let days = span(log, as_of, [wakes, passes, midnight].into_iter().flatten().min());
        Self { duties, days }
    }
}

/// The instant as of which rows are read: what the case says, or the last one at which anything in it was recorded.
///
/// An entry that doesn't say when it was recorded was when it happened. A case without entries is read as of 1970.
pub(super) fn read_at(log: &CaseLog) -> Timestamp {
    let recorded = |entry: &Entry| entry.recorded.unwrap_or(entry.happened);
    log.as_of().or_else(|| log.entries.iter().map(recorded).max()).unwrap_or_default()
}

fn span(log: &CaseLog, as_of: Timestamp, until: Option<Timestamp>) -> Span {
    let is_fixed = log.as_of().is_some();
    Span { as_of, until: until.filter(|_| !is_fixed), is_fixed }
}

/// The next time of any entry that hasn't come.
fn entry_times(log: &CaseLog, as_of: Timestamp) -> Option<Timestamp> {
    let times = log.entries.iter().flat_map(|entry| {
        let others = [entry.sent, entry.received, entry.acknowledged, entry.recorded];
        others.into_iter().flatten().chain([entry.happened])
    });
    times.filter(|at| *at > as_of).min()
}

/// The next opening that an entry waits for: only then it is given.
fn openings(evaluation: &Evaluation) -> Option<Timestamp> {
    let is_moved = |finding: &&Finding| finding.effect == FindingEffect::CountsFromNextOpening;
    let given = evaluation.findings.iter().filter(is_moved).filter_map(|finding| {
        let Missing::OutsideHours(opening) = finding.missing else { return None };
        opening
    });
    given.filter(|at| *at > evaluation.as_of).min()
}

/// Whether any duty that an entry of the case can trigger comes back each day, week, month or year. All periods begin at a midnight.
fn comes_back(agreement: &Agreement, log: &CaseLog) -> bool {
    agreement.versions.iter().any(|version| {
        let returning: Vec<_> = version.duties.iter().filter(|duty| duty.each.is_some()).collect();
        !returning.is_empty()
            && log
                .entries
                .iter()
                .filter_map(|entry| version.kind_called(&entry.kind))
                .any(|kind| returning.iter().any(|duty| duty.after.contains(&kind.id)))
    })
}

/// The next instant at which an open duty becomes missed.
fn passing(evaluation: &Evaluation) -> Option<Timestamp> {
    let open = evaluation.duties.iter().filter(|duty| duty.status == DutyStatus::Open);
    let due = open.filter_map(|duty| duty.due.instant()).min()?;
    due.checked_add(SignedDuration::from_nanos(1)).ok()
}

/// The next first instant of a local day.
fn midnight(as_of: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let tomorrow = as_of.to_zoned(zone.clone()).tomorrow().ok()?;
    Some(tomorrow.start_of_day().ok()?.timestamp())
}

/// Whether days are no longer added, in a case where nothing else comes by time alone: then two days later its days would have grown.
fn is_settled(agreements: &Agreements, log: &CaseLog, evaluation: &Evaluation) -> bool {
    let Ok(later) = evaluation.as_of.checked_add(SignedDuration::from_hours(48)) else { return true };
    agreements.read(log, later).is_some_and(|(_, later)| later.meters == evaluation.meters)
}
