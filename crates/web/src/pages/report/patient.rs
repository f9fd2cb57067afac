//! Who has looked at a patient's information, across both sides; made to be printed.

use std::collections::BTreeSet;

use askama::Template;
use axum::{Form, extract::State, response::Response};
use samspill_service::{
    access::{Action, Resource},
    audit::{About, Look, PatientReport, ReportLine},
    projections::Board,
};
use serde::Deserialize;

use super::words::Words;
use crate::{
    App, Refused,
    pages::{Frame, fill, html, person_id},
};

/// Whose report.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    person: String,
}

#[derive(Template)]
#[template(path = "report/patient.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    person: String,
    report: Option<Shown>,
}

struct Shown {
    title: String,
    sum: String,
    rows: Vec<(String, ReportLine)>,
}

/// The form that asks for whom. A patient's id is sent in forms alone: addresses are written down in too many places.
pub(super) async fn ask(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    page(frame, String::new(), None)
}

/// The report of a patient.
pub(super) async fn report(
    State(app): State<App>,
    frame: Frame,
    Form(asked): Form<Asked>,
) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    let person = person_id(&asked.person);
    let report = if person.is_empty() { None } else { Some(made(&app, &frame, &person).await?) };
    page(frame, person, report)
}

async fn may_read(app: &App, frame: &Frame) -> Result<(), Refused> {
    let signed = &frame.signed;
    app.may_in(signed, signed.purpose(), Action::ReadPatientReport, Resource::Community).await.map(|_| ())
}

fn page(frame: Frame, person: String, report: Option<Shown>) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    html(&Page { report, person, frame: frame.titled(w.report).wide(), w })
}

async fn made(app: &App, frame: &Frame, person: &str) -> Result<Shown, Refused> {
    let cases = cases_of(app, person).await?;
    let persons = BTreeSet::from([person.to_owned()]);
    let audit = &app.parts().audit;
    recorded(app, frame, person).await?;
    let report = audit.report(&persons, &cases, frame.language()).await;
    let PatientReport { lines, looks } = report.map_err(Refused::failed)?;
    let (w, clock) = (Words::of(frame.language()), frame.clock());
    Ok(Shown {
        title: fill(w.of_person, &[("person", &person), ("when", &clock.instant(frame.now))]),
        sum: fill(w.looks, &[("n", &looks), ("stays", &cases.len())]),
        rows: lines.into_iter().map(|line| (clock.instant(line.at), line)).collect(),
    })
}

/// Writes down for whom a report is made, before it is: the log has the person by key alone.
async fn recorded(app: &App, frame: &Frame, person: &str) -> Result<(), Refused> {
    let (signed, action) = (&frame.signed, Action::ReadPatientReport);
    let look = Look {
        by: &signed.subject,
        action,
        purpose: signed.purpose(),
        decision: signed.decides(signed.purpose(), action, Resource::Community, app.now()),
        about: About::Person(person),
        detail: "",
        count: 1,
        request: signed.request(),
        at: app.now(),
    };
    app.parts().audit.record(&look).await.map(|_| ()).map_err(Refused::failed)
}

/// The stays whose entries name this person, letter by letter.
async fn cases_of(app: &App, person: &str) -> Result<BTreeSet<String>, Refused> {
    let parts = app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    let found = board.naming(person).await.map_err(Refused::failed)?;
    Ok(found.into_iter().map(|row| row.case).collect())
}
