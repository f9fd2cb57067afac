//! Searching the access log, which is itself recorded.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_service::{
    access::{Action, Resource},
    audit::{AccessFilter, KeptAccess, Search, words as audited},
};
use serde::Deserialize;

use super::{may_own, words::Words};
use crate::{
    App, Refused,
    pages::{Frame, html, person_id},
};

/// Rows on a page.
const ROWS: usize = 100;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    person: String,
    opphold: String,
    konto: String,
    fra: String,
    til: String,
    forut: String,
}

#[derive(Template)]
#[template(path = "admin/log.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    asked: Asked,
    wrong: Wrong,
    rows: Option<Vec<Row>>,
    /// The number that older rows stand before.
    older: Option<u64>,
}

/// What stands beside days that are none; empty where all is well.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    from: &'static str,
    until: &'static str,
}

/// The instants that a search is between.
struct Between {
    from: Option<Timestamp>,
    before: Option<Timestamp>,
}

struct Row {
    at: String,
    who: String,
    role: String,
    what: String,
    case: String,
    purpose: String,
    ground: String,
    is_refused: bool,
    lines: u64,
}

/// The form. What is looked for may be a patient's id: it is sent in forms alone, as addresses are written down in too many places.
pub(super) async fn ask(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ReadAccessLog).await?;
    page(frame, Asked::default(), Wrong::default(), None)
}

/// The rows of one's own party that fit. The search stands in the log before anything is found; with a day that is none, nothing is
/// searched for.
pub(super) async fn search(
    State(app): State<App>,
    frame: Frame,
    Form(asked): Form<Asked>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ReadAccessLog).await?;
    match between(&asked, &app.zone(), Words::of(frame.language())) {
        Ok(between) => {
            let found = found(&app, &frame, &asked, between).await?;
            page(frame, asked, Wrong::default(), Some(found))
        }
        Err(wrong) => page(frame, asked, wrong, None),
    }
}

fn page(
    frame: Frame,
    asked: Asked,
    wrong: Wrong,
    found: Option<Vec<KeptAccess>>,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let last = found.as_ref().filter(|rows| rows.len() == ROWS).and_then(|rows| rows.last());
    let older = last.map(|row| row.number);
    let rows = found.map(|rows| rows.iter().map(|kept| row(kept, &frame)).collect());
    html(&Page { older, rows, asked, wrong, frame: frame.titled(w.log).wide(), w })
}

async fn found(
    app: &App,
    frame: &Frame,
    asked: &Asked,
    between: Between,
) -> Result<Vec<KeptAccess>, Refused> {
    let signed = &frame.signed;
    let own = Resource::Party(&signed.subject.party);
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = AccessFilter {
        person: said(&person_id(&asked.person)),
        case: said(&asked.opphold),
        account: said(&asked.konto),
        party: Some(signed.subject.party.clone()),
        from: between.from,
        before: between.before,
        ..AccessFilter::default()
    };
    let search = Search {
        by: &signed.subject,
        purpose: signed.purpose(),
        decision: signed.decides(signed.purpose(), Action::ReadAccessLog, own, app.now()),
        filter: &filter,
        before: asked.forut.parse().ok(),
        limit: ROWS,
        request: signed.request(),
        now: app.now(),
    };
    app.parts().audit.search(&search).await.map_err(Refused::failed)
}

/// From the beginning of the first day to the end of the last. A field that is left empty is no limit.
fn between(asked: &Asked, zone: &TimeZone, w: &Words) -> Result<Between, Wrong> {
    let read = |text: &str, later| {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { day(text, zone, later).map(Some).ok_or(w.wrong_day) }
    };
    match (read(&asked.fra, 0), read(&asked.til, 1)) {
        (Ok(from), Ok(before)) => Ok(Between { from, before }),
        (from, before) => {
            Err(Wrong { from: from.err().unwrap_or_default(), until: before.err().unwrap_or_default() })
        }
    }
}

/// The first instant of a day, so many days later.
fn day(text: &str, zone: &TimeZone, later: i64) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let day = day.checked_add(jiff::Span::new().days(later)).ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

fn row(kept: &KeptAccess, frame: &Frame) -> Row {
    let (access, language) = (&kept.access, frame.language());
    let unit = if access.unit.is_empty() { String::new() } else { format!(", {}", access.unit) };
    let detail = if access.detail.is_empty() { String::new() } else { format!(": {}", access.detail) };
    Row {
        at: frame.clock().instant(access.at),
        who: format!("{} ({})", access.name, access.account),
        role: format!("{}, {}{unit}", audited::role(&access.role, language), access.party),
        what: format!("{}{detail}", audited::action(&access.action, language)),
        case: access.case.clone().unwrap_or_default(),
        purpose: audited::purpose(&access.purpose, language).to_owned(),
        ground: audited::rule(&access.rule, language).to_owned(),
        is_refused: access.is_refused,
        lines: access.lines,
    }
}
