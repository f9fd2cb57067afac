//! Downtime: registered, moved, ended, withdrawn; and the forms to print before it comes.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use samspill_service::{
    access::Action,
    downtime::{
        Change, ChangeTo, DeskError, DowntimeDesk, DowntimeFinding, NewPeriod, Period, Sort,
        forms::{Print, blank_forms, form_kinds},
    },
};
use serde::Deserialize;
use uuid::Uuid;

use super::{may_own, words::Words};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, html, link, see_other},
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: String,
}

/// Downtime that is registered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Registered {
    enhet: String,
    slag: String,
    hvorfor: String,
    fra: String,
    til: String,
}

/// What becomes of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    hva: String,
    hvorfor: String,
    fra: String,
    til: String,
}

#[derive(Template)]
#[template(path = "admin/downtime.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    rows: Vec<Row>,
    form: Registered,
    error: String,
    sorts: Vec<Choice>,
    units: Vec<Choice>,
}

struct Row {
    address: String,
    sort: &'static str,
    unit: String,
    why: String,
    from: String,
    until: String,
    standing: (&'static str, &'static str),
    is_running: bool,
    from_field: String,
    until_field: String,
}

/// The downtime of one's own party, the newest first.
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::WriteDowntime).await?;
    let w = Words::of(frame.language());
    let frame = match asked.gjort.as_str() {
        "registrert" => frame.says(Tone::Success, w.registered),
        "endret" => frame.says(Tone::Success, w.changed),
        _ => frame,
    };
    page(&app, frame, Registered::default(), String::new()).await
}

/// Registers downtime of one's own party. What is worth a look is said, and holds nothing back.
pub(super) async fn register(
    State(app): State<App>,
    frame: Frame,
    Form(form): Form<Registered>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::WriteDowntime).await?;
    let Some(new) = new_period(&app, &frame, &form) else {
        let w = Words::of(frame.language());
        return page(&app, frame, form, w.wrong_time.to_owned()).await;
    };
    match desk(&app)?.register(&new).await {
        Ok(done) => {
            app.waiting().forget_downtime().await;
            answer(&app, frame, &done.findings, "registrert").await
        }
        Err(error) => refused(&app, frame, form, error).await,
    }
}

/// Registers what became of it.
pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<Changed>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::WriteDowntime).await?;
    let periods = desk(&app)?.periods(app.now()).await.map_err(Refused::failed)?;
    let is_own = |period: &&Period| period.party == frame.signed.subject.party;
    periods.get(&id).filter(is_own).ok_or(Refused::NotThere)?;
    let Some(to) = change_to(&app, &form) else {
        let w = Words::of(frame.language());
        return page(&app, frame, Registered::default(), w.wrong_time.to_owned()).await;
    };
    let change = Change {
        id: Uuid::new_v4().to_string(),
        of: id,
        to,
        why: form.hvorfor.trim().to_owned(),
        registered_by: frame.signed.subject.name.clone(),
        recorded: app.now(),
    };
    match desk(&app)?.change(&change).await {
        Ok(done) => {
            app.waiting().forget_downtime().await;
            answer(&app, frame, &done.findings, "endret").await
        }
        Err(error) => refused(&app, frame, Registered::default(), error).await,
    }
}

/// Forms on paper, one of each kind: a file that stands alone, for when nothing else works.
pub(super) async fn forms(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::WriteDowntime).await?;
    let agreements = app.parts().projections.agreements();
    let version = agreements.all().first().ok_or(Refused::NotThere)?.newest();
    let periods = desk(&app)?.periods(app.now()).await.map_err(Refused::failed)?;
    let print = Print { book: app.book(), periods: &periods, as_of: app.now(), language: frame.language() };
    let text = blank_forms(version, &form_kinds(version), &print);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"skjemaer.html\"")),
    ];
    Ok((headers, text).into_response())
}

fn desk(app: &App) -> Result<DowntimeDesk<'_>, Refused> {
    let parts = app.parts();
    let first = parts.projections.agreements().all().first().ok_or(Refused::NotThere)?;
    Ok(DowntimeDesk {
        store: &parts.store,
        community: &parts.community,
        book: app.book(),
        calendar: &first.newest().calendar.days,
        practice: None,
    })
}

fn new_period(app: &App, frame: &Frame, form: &Registered) -> Option<NewPeriod> {
    let zone = app.zone();
    let now = app.now();
    Some(NewPeriod {
        id: Uuid::new_v4().to_string(),
        party: frame.signed.subject.party.clone(),
        unit: Some(form.enhet.clone()).filter(|unit| !unit.is_empty()),
        sort: if form.slag == "uplanlagt" { Sort::Unplanned } else { Sort::Planned },
        announced: now,
        announced_by: frame.signed.subject.name.clone(),
        from: instant(&form.fra, &zone)?,
        until: if form.til.is_empty() { None } else { Some(instant(&form.til, &zone)?) },
        why: form.hvorfor.trim().to_owned(),
        systems: std::collections::BTreeSet::new(),
        registered_by: frame.signed.subject.name.clone(),
        recorded: now,
    })
}

fn change_to(app: &App, form: &Changed) -> Option<ChangeTo> {
    let (zone, now) = (app.zone(), app.now());
    match form.hva.as_str() {
        "slutt" => Some(ChangeTo::Ended(now)),
        "trukket" => Some(ChangeTo::Withdrawn),
        _ => Some(ChangeTo::Span {
            announced: now,
            from: instant(&form.fra, &zone)?,
            until: if form.til.is_empty() { None } else { Some(instant(&form.til, &zone)?) },
        }),
    }
}

/// `2025-03-01T14:30` as clocks here show it.
fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

/// On to the list; where something is worth a look, the list says it.
async fn answer(
    app: &App,
    frame: Frame,
    findings: &[DowntimeFinding],
    done: &str,
) -> Result<Response, Refused> {
    if findings.is_empty() {
        return Ok(see_other(&link::query("/admin/nedetid", &[("gjort", done)])));
    }
    let (w, language) = (Words::of(frame.language()), frame.language());
    let frame = findings.iter().fold(frame.says(Tone::Success, w.registered), |frame, finding| {
        frame.says(Tone::Warning, finding.sentence(language))
    });
    page(app, frame, Registered::default(), String::new()).await
}

async fn refused(app: &App, frame: Frame, form: Registered, error: DeskError) -> Result<Response, Refused> {
    match error {
        DeskError::Store(error) => Err(Refused::failed(error)),
        DeskError::Refused(why) => {
            let why = why.sentence(frame.language());
            page(app, frame, form, why).await
        }
        DeskError::Afterwards(why) => {
            let why = why.sentence(frame.language());
            page(app, frame, form, why).await
        }
    }
}

async fn page(app: &App, frame: Frame, form: Registered, error: String) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let periods = desk(app)?.periods(app.now()).await.map_err(Refused::failed)?;
    let own: Vec<&Period> = periods.of_party(&frame.signed.subject.party).collect();
    let rows = own.into_iter().rev().map(|period| row(period, &frame, &app.zone())).collect();
    let address = app.book().find(&frame.signed.subject.party);
    let services = address.iter().flat_map(|address| address.open_services());
    let services = services.map(|(_, unit)| Choice::new(unit.name.clone(), unit.name.clone(), &form.enhet));
    let whole = Choice::new("", w.whole_party, &form.enhet);
    html(&Page {
        w,
        rows,
        error,
        sorts: vec![
            Choice::new("planlagt", w.planned, &form.slag),
            Choice::new("uplanlagt", w.unplanned, &form.slag),
        ],
        units: std::iter::once(whole).chain(services).collect(),
        form,
        frame: frame.titled(w.downtime),
    })
}

fn row(period: &Period, frame: &Frame, zone: &TimeZone) -> Row {
    let (w, clock) = (Words::of(frame.language()), frame.clock());
    let field = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let is_over = period.is_withdrawn || period.has_ended;
    Row {
        address: link::path(&["admin", "nedetid", &period.id]),
        sort: period.sort.name(frame.language()),
        unit: period.unit.clone().unwrap_or_else(|| w.whole_party.to_owned()),
        why: period.why.clone(),
        from: clock.instant(period.from),
        until: period.until.map_or_else(|| w.not_known.to_owned(), |until| clock.instant(until)),
        standing: match (period.is_withdrawn, period.has_ended, period.contains(frame.now)) {
            (true, _, _) => ("neutral", w.withdrawn),
            (false, true, _) => ("neutral", w.ended),
            (false, false, true) => ("danger", w.runs),
            (false, false, false) => ("info", if period.from > frame.now { w.to_come } else { w.is_over }),
        },
        is_running: !is_over,
        from_field: field(period.from),
        until_field: period.until.map(field).unwrap_or_default(),
    }
}
