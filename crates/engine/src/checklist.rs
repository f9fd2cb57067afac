//! Checklists: which points the log shows as done.

use samspill_agreement::model::{CheckPoint, Checklist, DoneBy, Version};
use samspill_base::Value;

use crate::{
    CheckReading, CheckStatus, ChecklistReading, EntryRef,
    case::Case,
    condition::{Verdict, View},
    duties::Duties,
    phase::Phases,
};

/// The kind of entry by which a person says that a point is done, and the body field that names the point.
const BY_PERSON: (&str, &str) = ("sjekkpunkt", "punkt");

/// The checklists of this version that apply to the case.
pub(crate) fn checklists<'a>(
    case: &Case<'a>,
    phases: &Phases,
    version: &'a Version,
    duties: &Duties<'_>,
) -> Vec<ChecklistReading> {
    let view =
        View { case, phases, version, at: case.as_of, entry: None, duties: Some(duties), trigger: None };
    version.checklists.iter().filter_map(|list| read_list(&view, list)).collect()
}

fn read_list(view: &View<'_, '_>, list: &Checklist) -> Option<ChecklistReading> {
    if view.read(&list.when) == Verdict::No {
        return None;
    }
    let points = list.points.iter().filter_map(|point| read_point(view, point)).collect();
    Some(ChecklistReading { checklist: list.id.clone(), version: view.version.version.clone(), points })
}

fn read_point(view: &View<'_, '_>, point: &CheckPoint) -> Option<CheckReading> {
    let (status, done_by) = match view.read(&point.when) {
        Verdict::No => return None,
        Verdict::Undecided(_) => (CheckStatus::Undecided, None),
        Verdict::Yes => said_by_person(view, point)
            .map_or_else(|| read_done(view, point), |done| (CheckStatus::Done, Some(done))),
    };
    Some(CheckReading {
        point: point.id.clone(),
        clause: point.clause.clone(),
        phase: point.phase.clone(),
        status,
        done_by,
    })
}

fn said_by_person(view: &View<'_, '_>, point: &CheckPoint) -> Option<EntryRef> {
    let (kind, field) = BY_PERSON;
    let names_point = |value: &Value| value.as_text() == Some(point.id.as_str());
    let said = view
        .case
        .seen
        .iter()
        .find(|seen| seen.kind.id.as_str() == kind && seen.entry.field(field).is_some_and(names_point))?;
    Some(said.reference(said.happened()))
}

fn read_done(view: &View<'_, '_>, point: &CheckPoint) -> (CheckStatus, Option<EntryRef>) {
    let done_or_missing = |done: Option<EntryRef>| match done {
        Some(done) => (CheckStatus::Done, Some(done)),
        None => (CheckStatus::Missing, None),
    };
    match &point.done_by {
        DoneBy::Kinds(kinds) => done_or_missing(
            view.case
                .seen
                .iter()
                .find(|seen| seen.is_any(kinds) && seen.was_given())
                .map(|seen| seen.reference(seen.happened())),
        ),
        DoneBy::Duty(duty) => done_or_missing(
            view.duties
                .and_then(|duties| duties.first_fulfilled(duty))
                .and_then(|reading| reading.fulfilled.clone()),
        ),
        DoneBy::Condition(condition) => match view.read(condition) {
            Verdict::Yes => (CheckStatus::Done, None),
            Verdict::No => (CheckStatus::Missing, None),
            Verdict::Undecided(_) => (CheckStatus::Undecided, None),
        },
        DoneBy::Person => (CheckStatus::AskPerson, None),
        DoneBy::Reminder => (CheckStatus::Reminder, None),
    }
}
