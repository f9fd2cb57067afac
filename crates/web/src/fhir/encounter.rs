use axum::{extract::State, response::Response};
use jiff::Timestamp;
use samspill_service::{access::Action, live::StayLine};
use serde::Serialize;

use super::{
    about, answer, bundle, ids,
    search::{Asked, Sent},
    types::{Coding, Concept, Identifier, Meta, Period, Reference, Resource},
};
use crate::{
    App,
    api::{Caller, Cursor, Path, Problem},
};

/// A stay.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Encounter {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    identifier: Vec<Identifier>,
    status: &'static str,
    class: Coding,
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    phases: Vec<Concept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Reference>,
    period: Period,
}

impl Resource for Encounter {
    const TYPE: &'static str = "Encounter";

    fn id(&self) -> &str {
        &self.id
    }
}

/// What is the same of a stay that is open and one that isn't.
struct Known<'a> {
    case: &'a str,
    is_going_on: bool,
    first: Timestamp,
    last: Timestamp,
    last_position: u64,
}

impl Encounter {
    fn of(app: &App, line: &StayLine) -> Self {
        let row = &line.row;
        let known = Known {
            case: &row.case,
            is_going_on: row.is_going_on,
            first: line.first,
            last: line.last,
            last_position: line.last_position,
        };
        let system = format!("{}/CodeSystem/phase", bundle::base(app));
        let phase = |it: &samspill_service::projections::PhaseRow| {
            Concept::code(system.clone(), it.phase.clone(), None)
        };
        let subject = ids::patient_of(app, line).map(|id| Reference::to("Patient", &id));
        Self { phases: row.phases.iter().map(phase).collect(), subject, ..Self::known(app, &known) }
    }

    fn known(app: &App, known: &Known<'_>) -> Self {
        let system = format!("{}/NamingSystem/stay", bundle::base(app));
        Self {
            resource_type: Self::TYPE,
            id: ids::encounter(known.case),
            meta: Meta {
                version_id: Some(known.last_position.to_string()),
                last_updated: Some(known.last),
                profile: Vec::new(),
            },
            identifier: vec![Identifier { system, value: known.case.to_owned() }],
            status: if known.is_going_on { "in-progress" } else { "finished" },
            class: Coding {
                system: "http://terminology.hl7.org/CodeSystem/v3-ActCode".to_owned(),
                code: "IMP".to_owned(),
                display: Some("inpatient encounter".to_owned()),
            },
            phases: Vec::new(),
            subject: None,
            period: Period { start: Some(known.first), end: (!known.is_going_on).then_some(known.last) },
        }
    }
}

/// A stay, open or not.
pub(super) async fn read(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let case = ids::case(&app, &id).await?.ok_or_else(Problem::not_there)?;
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    if let Some(line) = &opened.line {
        return Ok(answer(&Encounter::of(&app, line)));
    }
    let times = || opened.entries.iter().map(|entry| entry.happened);
    let last_position = opened.entries.last().map_or(0, |entry| entry.position.0);
    let (first, last) = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
    Ok(answer(&Encounter::known(
        &app,
        &Known { case: &case, is_going_on: false, first, last, last_position },
    )))
}

/// Open stays. With `_cursor` of the last page, those that have changed since.
pub(super) async fn search(
    State(app): State<App>,
    Caller(signed): Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked = Asked::read(sent, &["identifier", "patient", "subject", "status", "date"])?;
    let (after, count) = bundle::paging(&asked)?;
    let mut found = Vec::new();
    for line in about::stays(&app, &signed, &asked, &after) {
        let encounter = Encounter::of(&app, &line);
        let is_asked = asked.takes("_id", |id| id == encounter.id)
            && asked.is_code("identifier", &encounter.identifier[0].system, &line.row.case)
            && asked.is_code("status", "", encounter.status)
            && asked.at("date", encounter.period.start)?
            && asked.at("_lastUpdated", encounter.meta.last_updated)?;
        if is_asked {
            found.push((Cursor::at(line.last_position), encounter));
        }
        if found.len() > count {
            break;
        }
    }
    app.listed(&signed, Action::ListStay, "fhir Encounter", found.len().min(count)).await?;
    Ok(bundle::page(&app, &asked, count, found))
}
