//! An evaluation as JSON, the shape that `samspill check --format json` prints.
//!
//! Times are RFC 3339 with the offset of the agreement's zone, in seconds (a limit that is the last instant of a
//! day is written with its last second), amounts are whole øre, `late_by_seconds` whole seconds.

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::format_instant;
use serde_json::{Map, Value, json};

use crate::{
    ChecklistReading, Due, DutyReading, EntryRef, Evaluation, Finding, MeterDay, MeterReading, PhaseReading,
    SetAside, SetAsideWhy,
    explain::{self, About},
};

/// The evaluation of a case as one object; its sentences in this language.
pub fn to_json(agreement: &Agreement, evaluation: &Evaluation, language: Language) -> Value {
    let writer = Writer { about: About { agreement, language }, evaluation };
    json!({
        "case": evaluation.case,
        "agreement": evaluation.agreement,
        "version": evaluation.version,
        "as_of": writer.time(evaluation.as_of),
        "duties": evaluation.duties.iter().map(|duty| writer.duty(duty)).collect::<Vec<_>>(),
        "findings": evaluation.findings.iter().map(|finding| writer.finding(finding)).collect::<Vec<_>>(),
        "meters": evaluation.meters.iter().map(meter).collect::<Vec<_>>(),
        "facts": facts(evaluation),
        "phases": evaluation.phases.iter().map(|phase| writer.phase(phase)).collect::<Vec<_>>(),
        "checklists": evaluation.checklists.iter().map(|list| writer.checklist(list)).collect::<Vec<_>>(),
        "set_aside": evaluation.set_aside.iter().map(set_aside).collect::<Vec<_>>(),
    })
}

struct Writer<'w> {
    about: About<'w>,
    evaluation: &'w Evaluation,
}

impl Writer<'_> {
    fn time(&self, at: Timestamp) -> String {
        let whole_seconds = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let is_day_end = at.subsec_nanosecond() == 999_999_999;
        format_instant(if is_day_end { whole_seconds } else { at }, &self.evaluation.zone)
    }

    fn entry(&self, entry: &EntryRef) -> Value {
        json!({ "position": entry.position, "kind": entry.kind, "at": self.time(entry.at) })
    }

    fn duty(&self, duty: &DutyReading) -> Value {
        let due = match duty.due {
            Due::At(at) => Value::from(self.time(at)),
            Due::AtOnce | Due::NotYetKnown => Value::Null,
        };
        let late = duty.late_by(self.evaluation);
        json!({
            "duty": duty.duty,
            "clause": duty.clause,
            "version": duty.version,
            "holder": duty.holder,
            "severity": duty.severity,
            "triggered": self.time(duty.triggered),
            "due": due,
            "status": duty.status.as_str(),
            "fulfilled": duty.fulfilled.as_ref().map(|done| self.time(done.at)),
            "late_by": late.map(|late| jiff::SignedDuration::from_secs(late.as_secs()).to_string()),
            "late_by_seconds": late.map(|late| late.as_secs()),
            "used": duty.used(),
        })
    }

    fn finding(&self, finding: &Finding) -> Value {
        json!({
            "rule": finding.rule,
            "clause": finding.clause,
            "version": finding.version,
            "effect": finding.effect.as_str(),
            "severity": finding.severity,
            "at": self.time(finding.at),
            "entry": finding.entry.as_ref().map(|entry| self.entry(entry)),
            "message": explain::finding(&self.about, self.evaluation, finding),
            "used": finding.used,
        })
    }

    fn phase(&self, phase: &PhaseReading) -> Value {
        json!({
            "phase": phase.phase,
            "from": self.time(phase.from.at),
            "until": phase.until.as_ref().map(|until| self.time(until.at)),
        })
    }

    fn checklist(&self, list: &ChecklistReading) -> Value {
        let points: Vec<Value> = list
            .points
            .iter()
            .map(|point| {
                json!({
                    "point": point.point,
                    "clause": point.clause,
                    "phase": point.phase,
                    "status": point.status.as_str(),
                    "done_by": point.done_by.as_ref().map(|done| self.entry(done)),
                })
            })
            .collect();
        json!({ "checklist": list.checklist, "version": list.version, "points": points })
    }
}

fn meter(meter: &MeterReading) -> Value {
    json!({
        "meter": meter.meter,
        "clause": meter.clause,
        "version": meter.version,
        "count": meter.count,
        "amount_ore": meter.amount,
        "payer": meter.payer,
        "waived": meter.waived_by,
        "days": meter.days.iter().map(day).collect::<Vec<_>>(),
    })
}

fn day(day: &MeterDay) -> Value {
    json!({
        "date": day.date.to_string(),
        "status": day.status.as_str(),
        "because": day.because.iter().map(|reason| reason.code().to_owned()).collect::<Vec<_>>(),
        "clause": day.because.first().map(|reason| reason.clause().to_string()),
        "amount_ore": day.amount,
        "final": day.is_final,
        "used": day.used,
    })
}

fn facts(evaluation: &Evaluation) -> Value {
    let facts: Map<String, Value> =
        evaluation.facts.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect();
    Value::Object(facts)
}

fn set_aside(aside: &SetAside) -> Value {
    let (why, by) = match aside.why {
        SetAsideWhy::UnknownKind => ("unknown-kind", None),
        SetAsideWhy::Cancelled { by } => ("cancelled", Some(by)),
        SetAsideWhy::OutsideCalendar => ("outside-calendar", None),
        SetAsideWhy::Repeats => ("repeats", None),
    };
    json!({ "position": aside.position, "kind": aside.kind, "why": why, "by": by })
}
