use axum::{extract::State, response::Response};
use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_engine::DutyStatus;
use samspill_service::{
    access::Action,
    downtime::Beside,
    projections::{DueRow, DutyRow},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    asked::asked,
    cursor::{Cursor, limit},
    extract::{Caller, Query},
    link,
    page::{Page, page},
    problem::Problem,
    shape::{Duty, status_at},
    stays::seen_by,
};
use crate::{App, pages::Names};

/// Which duties.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DutiesAsked {
    /// Those that stand so: `open` or `missed`. Both, if nothing is said.
    #[param(inline)]
    status: Option<UndoneStatus>,
    /// Those of this holder, by role in the agreement: `kommune`.
    holder: Option<String>,
    /// Those of this rule.
    duty: Option<String>,
    /// Those of this stay.
    case: Option<String>,
    /// Those that matter so much.
    severity: Option<String>,
    /// Those with a limit before this instant, and those that are due at once.
    due_before: Option<Timestamp>,
    /// The cursor of an earlier page.
    #[param(pattern = "^[0-9a-f]{1,15}([.]([0-9a-f]{2})*)?$", example = "4b7")]
    after: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
}

/// How a duty stands that is neither done nor closed.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UndoneStatus {
    /// Its limit hasn't passed.
    Open,
    /// Its limit has passed.
    Missed,
}

impl UndoneStatus {
    fn is(self, status: DutyStatus) -> bool {
        match self {
            Self::Open => status == DutyStatus::Open,
            Self::Missed => status == DutyStatus::Missed,
        }
    }

    fn word(self) -> String {
        let status = match self {
            Self::Open => DutyStatus::Open,
            Self::Missed => DutyStatus::Missed,
        };
        status.as_str().to_owned()
    }
}

impl DutiesAsked {
    fn takes(&self, duty: &DutyRow, now: Timestamp) -> bool {
        let is = |asked: &Option<String>, has: &str| asked.as_deref().is_none_or(|asked| asked == has);
        self.status.is_none_or(|status| status.is(status_at(duty, now)))
            && is(&self.holder, &duty.holder)
            && is(&self.duty, &duty.duty)
            && is(&self.case, &duty.case)
            && is(&self.severity, &duty.severity)
            && self.due_before.is_none_or(|before| duty.due < DueRow::At(before))
    }

    fn asked(&self) -> String {
        asked(&[
            ("status", self.status.map(UndoneStatus::word)),
            ("holder", self.holder.clone()),
            ("duty", self.duty.clone()),
            ("case", self.case.clone()),
            ("severity", self.severity.clone()),
            ("due_before", self.due_before.map(|it| it.to_string())),
        ])
    }
}

/// The duties of the caller's open stays that are neither done nor closed, in the order of what triggered them.
#[utoipa::path(get, path = "/api/v1/duties", tag = "duties", operation_id = "listDuties", params(DutiesAsked),
    responses((status = 200, description = "A page of duties", body = Page<Duty>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(query): Query<DutiesAsked>,
) -> Result<Response, Problem> {
    let (after, limit) = (Cursor::read(query.after.as_deref())?, limit(query.limit)?);
    let now = app.now();
    let stays = seen_by(&app, &signed);
    let duties = stays.iter().flat_map(|line| line.row.undone.iter().map(move |duty| (line, duty)));
    let asked = duties.filter(|(_, duty)| query.takes(duty, now)).map(|it| (place(it.1), it));
    let mut found: Vec<_> = asked.filter(|(place, _)| *place > after).collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.truncate(limit + 1);
    app.listed(&signed, Action::ListStay, "duties", found.len().min(limit)).await?;
    let downtime = app.downtime().await?;
    let beside = Beside { periods: &downtime.periods, book: app.book(), now };
    let names = Names::new(app.parts().projections.agreements(), Language::Bokmal);
    let found = found.into_iter().map(|(place, (line, duty))| {
        let version = names.of(line.row.agreement.as_deref(), &duty.version).version();
        let downtime = beside.of(duty, &line.involvement, version).map(Into::into);
        (place, Duty { downtime, ..Duty::of(duty, now) })
    });
    Ok(page(&link(&["duties"]), &query.asked(), (after, limit), found.collect()))
}

/// Where a duty stands in the list. An entry triggers each rule once at a time.
fn place(duty: &DutyRow) -> Cursor {
    Cursor { position: duty.trigger.position, name: format!("{} {}", duty.duty, duty.triggered) }
}
