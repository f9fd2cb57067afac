use axum::{extract::State, response::Response};
use jiff::Timestamp;
use samspill_base::Position;
use samspill_engine::DutyStatus;
use samspill_service::{access::Action, projections::DutyRow};
use serde::Serialize;

use super::{
    about, answer, bundle, ids,
    search::{Asked, Sent},
    types::{Concept, Identifier, Meta, Period, Reference, Resource},
};
use crate::{
    App,
    api::{Caller, Cursor, Path, Problem, status_at},
};

/// A duty.
///
/// | duty | `status` | `businessStatus` |
/// |---|---|---|
/// | open | `requested` | `open` |
/// | past its limit and not done | `requested`, as it is still to be done | `missed` |
/// | closed after its limit without being done | `failed` | `missed` |
/// | done in time | `completed` | `kept` |
/// | done late | `completed` | `late` |
/// | fell away | `cancelled` | `waived` |
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Task {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    identifier: Vec<Identifier>,
    status: &'static str,
    business_status: Concept,
    intent: &'static str,
    priority: &'static str,
    code: Concept,
    description: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    subject: Option<Reference>,
    encounter: Reference,
    execution_period: Period,
    authored_on: Timestamp,
    last_modified: Timestamp,
    owner: Reference,
    reason_code: Concept,
    #[serde(skip_serializing_if = "Option::is_none")]
    restriction: Option<Restriction>,
}

/// Until when it is to be done.
#[derive(Debug, Serialize)]
struct Restriction {
    period: Period,
}

impl Resource for Task {
    const TYPE: &'static str = "Task";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Task {
    fn of(app: &App, row: &DutyRow, now: Timestamp) -> Self {
        let (base, status) = (bundle::base(app), status_at(row, now));
        let ended = row.fulfilled.as_ref().or(row.closed.as_ref()).map(|entry| entry.at);
        let own = |what: &str| format!("{base}/{what}");
        let id = ids::task(row.trigger.position, row.triggered.as_second(), &row.duty);
        let says = says(app, row);
        Self {
            resource_type: Self::TYPE,
            identifier: vec![Identifier { system: own("NamingSystem/duty"), value: id.clone() }],
            id,
            meta: Meta { last_updated: Some(ended.unwrap_or(row.triggered)), ..Meta::default() },
            status: word(row, status),
            business_status: Concept::code(own("CodeSystem/duty-status"), status.as_str(), None),
            intent: "order",
            priority: if row.severity == "serious" { "urgent" } else { "routine" },
            code: Concept::code(
                own("CodeSystem/duty"),
                row.duty.clone(),
                says.as_ref().map(|(name, _)| name.clone()),
            ),
            description: says.map_or_else(|| row.duty.clone(), |(_, says)| says),
            subject: about::subject(app, &row.case),
            encounter: Reference::to("Encounter", &ids::encounter(&row.case)),
            execution_period: Period { start: Some(row.triggered), end: ended },
            authored_on: row.triggered,
            last_modified: ended.unwrap_or(row.triggered),
            owner: Reference::by(
                "Organization",
                Identifier { system: own("NamingSystem/role"), value: row.holder.clone() },
                Some(row.holder.clone()),
            ),
            reason_code: Concept {
                text: Some(format!("{} ({})", row.clause, row.version)),
                ..Concept::default()
            },
            restriction: row
                .due
                .instant()
                .map(|due| Restriction { period: Period { start: None, end: Some(due) } }),
        }
    }
}

/// The name of a duty, and what it says, in bokmål.
fn says(app: &App, row: &DutyRow) -> Option<(String, String)> {
    let versions =
        app.parts().projections.agreements().all().iter().flat_map(|agreement| &agreement.versions);
    let duty = versions
        .filter(|version| version.version == row.version)
        .find_map(|version| version.duty(&row.duty))?;
    Some((duty.name.nb.clone(), duty.says.nb.clone()))
}

fn word(row: &DutyRow, status: DutyStatus) -> &'static str {
    match status {
        DutyStatus::Missed if row.closed.is_some() => "failed",
        DutyStatus::Open | DutyStatus::Missed => "requested",
        DutyStatus::Kept | DutyStatus::Late => "completed",
        DutyStatus::Waived => "cancelled",
    }
}

/// A duty of a stay, done or not.
pub(super) async fn read(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let position = ids::trigger(&id).filter(|position| *position > 0).ok_or_else(Problem::not_there)?;
    let parts = app.parts();
    let entries = parts.store.read(&parts.community, Position(position), 1).await?;
    let case = entries.first().map(|entry| entry.entry.case.clone()).ok_or_else(Problem::not_there)?;
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    let tasks = opened.rows.duties.iter().map(|row| Task::of(&app, row, app.now()));
    let task = tasks.into_iter().find(|task| task.id == id).ok_or_else(Problem::not_there)?;
    Ok(answer(&task))
}

/// Duties of open stays that are neither done nor closed; with `encounter`, all of that stay.
pub(super) async fn search(
    State(app): State<App>,
    Caller(signed): Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let known = [
        "patient",
        "subject",
        "encounter",
        "status",
        "business-status",
        "owner",
        "code",
        "period",
        "authored-on",
        "modified",
    ];
    let asked = Asked::read(sent, &known)?;
    let (after, count) = bundle::paging(&asked)?;
    let now = app.now();
    let mut found = Vec::new();
    for row in rows(&app, &signed, &asked).await? {
        let (task, place) = (Task::of(&app, &row, now), place(&row));
        if place > after && is_asked(&asked, &task, &row, now)? {
            found.push((place, task));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.truncate(count + 1);
    app.listed(&signed, Action::ListStay, "fhir Task", found.len().min(count)).await?;
    Ok(bundle::page(&app, &asked, count, found))
}

async fn rows(app: &App, signed: &crate::Signed, asked: &Asked) -> Result<Vec<DutyRow>, Problem> {
    let stays = about::stays(app, signed, asked, &Cursor::default());
    if asked.get("encounter").is_none() {
        let mut rows = Vec::new();
        for line in stays {
            rows.extend(app.line_seen_by(signed, &line).row.undone.iter().cloned());
        }
        return Ok(rows);
    }
    let mut rows = Vec::new();
    for line in stays {
        rows.extend(app.stay(signed, &line.row.case, Action::ReadStay).await?.rows.duties);
    }
    Ok(rows)
}

fn is_asked(asked: &Asked, task: &Task, row: &DutyRow, now: Timestamp) -> Result<bool, Problem> {
    Ok(asked.takes("_id", |id| id == task.id)
        && asked.is_code("status", "", task.status)
        && asked.is_code(
            "business-status",
            &task.business_status.coding[0].system,
            status_at(row, now).as_str(),
        )
        && asked.is_code("owner", "", &row.holder)
        && asked.is_code("code", &task.code.coding[0].system, &row.duty)
        && asked.at("period", row.due.instant().or(task.execution_period.end))?
        && asked.at("authored-on", Some(task.authored_on))?
        && asked.at("modified", Some(task.last_modified))?
        && asked.at("_lastUpdated", task.meta.last_updated)?)
}

fn place(row: &DutyRow) -> Cursor {
    Cursor { position: row.trigger.position, name: format!("{} {}", row.duty, row.triggered) }
}
