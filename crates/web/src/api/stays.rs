use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use samspill_service::{access::Action, live::StayLine};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    asked::asked,
    cursor::{Cursor, limit},
    etag,
    extract::{Caller, Path, Query},
    link,
    page::{Page, page},
    problem::Problem,
    shape::{Meter, Stay, StaySummary},
};
use crate::{App, Signed};

/// Which stays.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StaysAsked {
    /// Those in this phase.
    phase: Option<String>,
    /// Those with an undone duty of this holder, by role in the agreement: `kommune`.
    holder: Option<String>,
    /// Those that follow this agreement.
    agreement: Option<String>,
    /// Those with a duty past its limit, or without one.
    overdue: Option<bool>,
    /// The cursor of an earlier page: what has changed since.
    #[param(pattern = "^[0-9a-f]{1,15}([.]([0-9a-f]{2})*)?$", example = "4b7")]
    after: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
}

impl StaysAsked {
    fn takes(&self, line: &StayLine, now: Timestamp) -> bool {
        let row = &line.row;
        self.phase.as_ref().is_none_or(|phase| row.phases.iter().any(|it| it.phase == *phase))
            && self.holder.as_ref().is_none_or(|holder| row.undone.iter().any(|it| it.holder == *holder))
            && self.agreement.as_ref().is_none_or(|agreement| row.agreement.as_ref() == Some(agreement))
            && self.overdue.is_none_or(|overdue| (row.overdue(now) > 0) == overdue)
    }

    fn asked(&self) -> String {
        asked(&[
            ("phase", self.phase.clone()),
            ("holder", self.holder.clone()),
            ("agreement", self.agreement.clone()),
            ("overdue", self.overdue.map(|it| it.to_string())),
        ])
    }
}

/// The open stays of the caller, in the order in which they last changed.
///
/// A stay that changes while pages are read comes once more, at the end: whoever goes on with the last cursor has all of them as they
/// are now.
#[utoipa::path(get, path = "/api/v1/stays", tag = "stays", operation_id = "listStays", params(StaysAsked),
    responses((status = 200, description = "A page of stays", body = Page<StaySummary>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(query): Query<StaysAsked>,
) -> Result<Response, Problem> {
    let (after, limit) = (Cursor::read(query.after.as_deref())?, limit(query.limit)?);
    let now = app.now();
    let mut summaries = Vec::new();
    for line in listed_after(&app, &signed, after.position) {
        if query.takes(&line, now) {
            summaries.push((Cursor::at(line.last_position), summary(&signed, &line, now)));
        }
        if summaries.len() > limit {
            break;
        }
    }
    app.listed(&signed, Action::ListStay, "stays", summaries.len().min(limit)).await?;
    Ok(page(&link(&["stays"]), &query.asked(), (after, limit), summaries))
}

/// The stays of the caller's lists, as the caller sees them, in which something that the caller sees came after a position; in that
/// order. What is asked for is looked for in these: else the answer would tell of the rest.
fn listed_after(app: &App, signed: &Signed, position: u64) -> Vec<Arc<StayLine>> {
    let (now, stays) = (app.now(), app.live().stays());
    let is_listed = |line: &&Arc<StayLine>| {
        line.last_position > position && signed.sees(&line.involvement, Action::ListStay, now)
    };
    let seen = stays.iter().filter(is_listed).map(|line| app.line_seen_by(signed, line));
    let mut found: Vec<_> = seen.filter(|line| line.last_position > position).collect();
    found.sort_by_key(|line| line.last_position);
    found
}

/// A line as the caller sees it: days are for those who may read them.
fn summary(signed: &Signed, line: &StayLine, now: Timestamp) -> StaySummary {
    let mut summary = StaySummary::of(line, now);
    if !signed.sees(&line.involvement, Action::ReadDays, now) {
        summary.days.clear();
    }
    summary
}

/// A stay with its duties and findings, and for whom may see them its days, as of now. Its tag is for `If-Match` when something is written.
#[utoipa::path(get, path = "/api/v1/stays/{case}", tag = "stays", operation_id = "readStay",
    params(("case" = String, Path, description = "The stay"), ("If-None-Match" = Option<String>, Header, description = "The tag that the caller has")),
    responses((status = 200, description = "The stay", body = Stay, headers(("ETag" = String, description = "Of the stay"))),
        (status = 304, description = "The caller has it already")))]
pub(crate) async fn one(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(case): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    let now = app.now();
    let last = opened.entries.iter().map(|entry| entry.position.0).max().unwrap_or_default();
    let mut rows = opened.rows;
    if !signed.sees(&opened.involvement, Action::ReadDays, now) {
        rows.meters.clear();
    }
    let mut stay = Stay::timeless(&case, &opened.involvement, &rows, last, now);
    let tag = etag::of(last, &stay);
    if etag::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    stay.as_of = Some(now);
    Ok(([(header::ETAG, tag)], Json(stay)).into_response())
}

/// The days of a stay and what they cost, without what is clinical: for accounts.
#[utoipa::path(get, path = "/api/v1/stays/{case}/days", tag = "stays", operation_id = "readDays",
    params(("case" = String, Path, description = "The stay")),
    responses((status = 200, description = "Its meters", body = Vec<Meter>)))]
pub(crate) async fn days(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(case): Path<String>,
) -> Result<Json<Vec<Meter>>, Problem> {
    let opened = app.stay(&signed, &case, Action::ReadDays).await?;
    Ok(Json(opened.rows.meters.iter().map(Meter::from).collect()))
}

/// The stays that the caller sees in lists, as the caller sees them.
pub(crate) fn seen_by(app: &App, signed: &Signed) -> Vec<Arc<StayLine>> {
    app.lines_seen_by(signed, Action::ListStay)
}
