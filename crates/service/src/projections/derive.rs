//! From a case to its rows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_agreement::model::Severity;
use samspill_base::{CaseLog, Position};
use samspill_engine::{
    DutyReading, DutyStatus, EntryRef, Evaluation, Finding, MeterDay, MeterReading, PhaseReading, Step,
    explain::{self, About},
};

use super::{
    Agreements, Course, DayRow, DutyRow, EntryRow, FindingRow, MeterRow, MeterSum, PhaseRow, PositionRun,
    SearchRow, Span, StayRow,
    moments::{Spans, read_at},
};

/// Entries of other cases that may lie within a run of positions: reading them costs less than asking once more.
const RUN_GAP_MAX: u64 = 32;

/// All rows of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReading {
    /// Its duties, in the order of the agreement, then of their triggers.
    pub duties: Vec<DutyRow>,
    /// Its findings, in the order of what they are about.
    pub findings: Vec<FindingRow>,
    /// Its meters, in the order of the agreement.
    pub meters: Vec<MeterRow>,
    /// Its line on a board.
    pub stay: StayRow,
    /// What a search finds it by.
    pub search: SearchRow,
}

impl CaseReading {
    /// Reads a case as its rows are kept: as of the last instant at which anything in it was recorded.
    pub fn kept(agreements: &Agreements, log: &CaseLog) -> Self {
        Self::at(agreements, log, read_at(log))
    }

    /// Reads a case as of an instant, or as of its own if it gives one.
    pub fn at(agreements: &Agreements, log: &CaseLog, now: Timestamp) -> Self {
        let as_of = log.as_of().unwrap_or(now);
        match agreements.read(log, as_of) {
            Some((about, evaluation)) => {
                let spans = Spans::of(agreements, about.agreement, log, &evaluation);
                Reader { about, evaluation: &evaluation, spans }.read(agreements, log)
            }
            None => without_agreement(agreements, log, as_of),
        }
    }

    /// Whether anything is left to do or to wait for: what it began with still runs, a duty is undone, time alone changes it, or
    /// nobody knows which agreement it follows.
    pub fn is_open(&self) -> bool {
        let StayRow { is_going_on, undone, span, days_span, agreement, .. } = &self.stay;
        *is_going_on
            || !undone.is_empty()
            || span.until.is_some()
            || days_span.until.is_some()
            || agreement.is_none()
    }
}

struct Reader<'r> {
    about: About<'r>,
    evaluation: &'r Evaluation,
    spans: Spans,
}

impl Reader<'_> {
    fn read(&self, agreements: &Agreements, log: &CaseLog) -> CaseReading {
        let evaluation = self.evaluation;
        let duties: Vec<DutyRow> = evaluation.duties.iter().map(|duty| self.duty(duty)).collect();
        let meters: Vec<MeterRow> = evaluation.meters.iter().map(|meter| self.meter(meter)).collect();
        let mut undone: Vec<DutyRow> =
            duties.iter().filter(|duty| duty.course == Course::Undone).cloned().collect();
        undone.sort_by_key(|duty| duty.due);
        let running = || evaluation.phases.iter().filter(|phase| phase.until.is_none());
        let phases: Vec<PhaseRow> = running().map(phase_row).collect();
        let search = search_row(agreements, log, &phases, self.spans.days);
        let stay = StayRow {
            case: log.case.clone(),
            agreement: Some(evaluation.agreement.to_string()),
            names_other: agreements.names_other(log, evaluation.as_of),
            version: evaluation.version.clone(),
            is_going_on: is_going_on(&evaluation.phases),
            phases,
            undone,
            meters: meters.iter().map(sum).collect(),
            findings: evaluation.findings.len() as u64,
            span: self.spans.duties,
            days_span: self.spans.days,
        };
        let findings = evaluation.findings.iter().map(|finding| self.finding(finding)).collect();
        CaseReading { duties, findings, meters, stay, search }
    }

    fn duty(&self, duty: &DutyReading) -> DutyRow {
        DutyRow {
            case: self.evaluation.case.clone(),
            duty: duty.duty.to_string(),
            clause: duty.clause.to_string(),
            version: duty.version.clone(),
            holder: duty.holder.to_string(),
            severity: severity(duty.severity),
            trigger: entry_row(&duty.trigger),
            triggered: duty.triggered,
            limit: duty.steps.iter().rev().find_map(limit_text),
            due: duty.due.into(),
            course: course(duty),
            fulfilled: duty.fulfilled.as_ref().map(entry_row),
            closed: duty.closed.as_ref().map(entry_row),
            used: numbers(&duty.used()),
            span: self.spans.duties,
        }
    }

    fn finding(&self, finding: &Finding) -> FindingRow {
        FindingRow {
            case: self.evaluation.case.clone(),
            rule: finding.rule.to_string(),
            clause: finding.clause.to_string(),
            version: finding.version.clone(),
            effect: finding.effect.as_str().to_owned(),
            severity: severity(finding.severity),
            at: finding.at,
            entry: finding.entry.as_ref().map(entry_row),
            message: explain::finding(&self.about, self.evaluation, finding),
            used: numbers(&finding.used),
            span: self.spans.days,
        }
    }

    fn meter(&self, meter: &MeterReading) -> MeterRow {
        MeterRow {
            case: self.evaluation.case.clone(),
            meter: meter.meter.to_string(),
            clause: meter.clause.to_string(),
            version: meter.version.clone(),
            count: meter.count,
            amount_ore: meter.amount.map(|amount| amount.0),
            payer: meter.payer.clone(),
            waived_by: meter.waived_by.iter().map(ToString::to_string).collect(),
            days: days(&meter.days),
            span: self.spans.days,
        }
    }
}

/// A case whose agreement nobody knows: it can be found, and is on the board.
fn without_agreement(agreements: &Agreements, log: &CaseLog, as_of: Timestamp) -> CaseReading {
    let spans = Spans::without_agreement(log, as_of);
    let stay = StayRow {
        case: log.case.clone(),
        agreement: None,
        names_other: agreements.names_other(log, as_of),
        version: String::new(),
        is_going_on: false,
        phases: Vec::new(),
        undone: Vec::new(),
        meters: Vec::new(),
        findings: 0,
        span: spans.duties,
        days_span: spans.days,
    };
    let (duties, findings, meters) = (Vec::new(), Vec::new(), Vec::new());
    CaseReading { duties, findings, meters, stay, search: search_row(agreements, log, &[], spans.days) }
}

/// Whether a phase runs that began with the case: of those that its first entry of any phase began, or one of the same name later.
/// Phases that only come after, and never end, don't keep a case open.
fn is_going_on(phases: &[PhaseReading]) -> bool {
    let Some(first) = phases.first().map(|phase| phase.from.position) else { return false };
    let with_first: BTreeSet<&str> = phases
        .iter()
        .filter(|phase| phase.from.position == first)
        .map(|phase| phase.phase.as_str())
        .collect();
    phases.iter().any(|phase| phase.until.is_none() && with_first.contains(phase.phase.as_str()))
}

fn course(duty: &DutyReading) -> Course {
    match duty.status {
        DutyStatus::Kept => Course::Kept,
        DutyStatus::Late => Course::Late,
        DutyStatus::Waived => Course::Waived,
        DutyStatus::Missed if duty.closed.is_some() => Course::ClosedMissed,
        DutyStatus::Missed | DutyStatus::Open => Course::Undone,
    }
}

fn limit_text(step: &Step) -> Option<String> {
    if let Step::Limited(text, _) = step { Some(text.clone()) } else { None }
}

fn severity(severity: Severity) -> String {
    let word = match severity {
        Severity::Remark => "remark",
        Severity::Deviation => "deviation",
        Severity::Serious => "serious",
    };
    word.to_owned()
}

fn entry_row(entry: &EntryRef) -> EntryRow {
    EntryRow { position: entry.position.0, kind: entry.kind.to_string(), at: entry.at }
}

fn phase_row(phase: &PhaseReading) -> PhaseRow {
    PhaseRow { phase: phase.phase.to_string(), from: entry_row(&phase.from) }
}

fn sum(meter: &MeterRow) -> MeterSum {
    let MeterRow { meter, count, amount_ore, payer, .. } = meter;
    MeterSum { meter: meter.clone(), count: *count, amount_ore: *amount_ore, payer: payer.clone() }
}

fn numbers(positions: &[Position]) -> Vec<u64> {
    positions.iter().map(|position| position.0).collect()
}

/// Days that follow each other and are alike as one row.
fn days(days: &[MeterDay]) -> Vec<DayRow> {
    let mut rows: Vec<DayRow> = Vec::new();
    let mut before: Option<&MeterDay> = None;
    for day in days {
        let follows = |other: &MeterDay| other.date.tomorrow().is_ok_and(|next| next == day.date);
        match rows.last_mut().filter(|_| before.is_some_and(|other| follows(other) && are_alike(other, day)))
        {
            Some(row) => row.last = day.date,
            None => rows.push(day_row(day)),
        }
        before = Some(day);
    }
    rows
}

/// Whether two days differ in nothing but their dates and numbers.
fn are_alike(one: &MeterDay, other: &MeterDay) -> bool {
    one.status == other.status
        && one.is_final == other.is_final
        && one.amount == other.amount
        && one.used == other.used
        && one.because.len() == other.because.len()
        && one
            .because
            .iter()
            .zip(&other.because)
            .all(|(a, b)| a.code() == b.code() && a.clause() == b.clause())
}

fn day_row(day: &MeterDay) -> DayRow {
    DayRow {
        first: day.date,
        last: day.date,
        status: day.status.as_str().to_owned(),
        counts: day.status.counts(),
        is_final: day.is_final,
        amount_ore: day.amount.map(|amount| amount.0),
        because: day.because.iter().map(|reason| reason.code().to_owned()).collect(),
        clauses: day.because.iter().map(|reason| reason.clause().to_string()).collect(),
        used: numbers(&day.used),
    }
}

fn search_row(agreements: &Agreements, log: &CaseLog, phases: &[PhaseRow], span: Span) -> SearchRow {
    let entries = || log.entries.iter();
    let happened = || entries().map(|entry| entry.happened);
    SearchRow {
        case: log.case.clone(),
        persons: agreements.persons_of(&log.entries),
        named: entries().filter_map(|entry| entry.person.clone()).collect(),
        parties: entries().flat_map(|entry| entry.from.iter().chain(&entry.to)).cloned().collect(),
        ids: entries().filter_map(|entry| entry.id.clone()).collect(),
        kinds: entries().map(|entry| entry.kind.clone()).collect(),
        phases: phases.iter().map(|phase| phase.phase.clone()).collect(),
        first: happened().min().unwrap_or_default(),
        last: happened().max().unwrap_or_default(),
        entries: log.entries.len() as u64,
        log: position_runs(log),
        span,
    }
}

fn position_runs(log: &CaseLog) -> Vec<PositionRun> {
    let mut runs: Vec<PositionRun> = Vec::new();
    for entry in &log.entries {
        let position = entry.position.0;
        match runs.last_mut().filter(|run| position.saturating_sub(run.last) <= RUN_GAP_MAX) {
            Some(run) => run.last = position.max(run.last),
            None => runs.push(PositionRun { first: position, last: position }),
        }
    }
    runs
}
