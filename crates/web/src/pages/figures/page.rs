//! The page of figures.

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::Response,
};
use jiff::civil::Date;
use samspill_service::access::{Action, Resource};
use serde::Deserialize;

use super::{
    report::{Payers, Report, Scope, View},
    room::{Room, Standing},
    sections::{Section, Writer, ran_in_downtime},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, fill, html, link},
};

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `egne` or `felles`.
    pub(super) visning: String,
    /// The year.
    pub(super) aar: String,
    /// `unn/svar-utskrivningsklar`.
    pub(super) plikt: String,
}

#[derive(Template)]
#[template(path = "figures/figures.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    lead: String,
    views: Vec<Choice>,
    years: Vec<Choice>,
    duties: Vec<Choice>,
    sections: Vec<Shown>,
    whole: String,
    hides: bool,
    /// Whether any duty stands under downtime.
    has_downtime: bool,
}

struct Shown {
    section: Section,
    csv: String,
    xlsx: String,
}

#[derive(Template)]
#[template(path = "figures/making.html")]
struct MakingPage {
    frame: Frame,
    w: &'static Words,
    text: String,
}

/// The figures of one's own party, or of the community.
pub(super) async fn show(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let frame = frame.titled(w.title).wide();
    let view = view(&app, &frame, &asked).await?;
    match room.report(&app, view).await? {
        Standing::Ready(report) => page(&app, frame, &asked, &report),
        Standing::Making(read) => making(frame, w, read),
    }
}

/// What somebody may see of what is asked for: own figures where the role has any, and otherwise everybody's.
pub(super) async fn view(app: &App, frame: &Frame, asked: &Asked) -> Result<View, Refused> {
    let (signed, party) = (&frame.signed, &frame.signed.subject.party);
    let scope = if asked.visning == "felles" { Scope::Community } else { Scope::Own };
    let resource = match scope {
        Scope::Own => Resource::Party(party),
        Scope::Community => Resource::Community,
    };
    app.may_in(signed, signed.purpose(), Action::ReadFigures, resource).await?;
    let year = asked.aar.parse().unwrap_or_else(|_| usual_year(frame.clock().today(), scope));
    Ok(View { year, scope, party: party.clone(), payers: Payers::of(signed.subject.role) })
}

/// This year; in its first month the year before, of which others can be shown.
fn usual_year(today: Date, scope: Scope) -> i16 {
    match (scope, today.month()) {
        (Scope::Community, 1) => today.year() - 1,
        (Scope::Own | Scope::Community, _) => today.year(),
    }
}

/// The sections of a report, and the duties to choose from.
pub(super) fn write(app: &App, frame: &Frame, asked: &Asked, report: &Report) -> (Vec<Section>, Vec<Choice>) {
    let key = |agreement: &str, duty: &str| format!("{agreement}/{duty}");
    let named = report.duties.iter().find(|it| key(&it.agreement, &it.id) == asked.plikt);
    let chosen = named.or_else(|| report.duties.first());
    let (language, w) = (frame.language(), Words::of(frame.language()));
    let writer = Writer { report, names: frame.names(app), language, w, chosen };
    let chosen = chosen.map(|it| key(&it.agreement, &it.id)).unwrap_or_default();
    let duties = report.duties.iter();
    let duties = duties.map(|it| Choice::new(key(&it.agreement, &it.id), writer.duty_name(it), &chosen));
    (writer.sections(), duties.collect())
}

fn page(app: &App, frame: Frame, asked: &Asked, report: &Report) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let (sections, duties) = write(app, &frame, asked, report);
    let (lead, chosen) = match report.view.scope {
        Scope::Own => (w.own_lead, "egne"),
        Scope::Community => (w.all_lead, "felles"),
    };
    let when = frame.clock().instant(report.as_of);
    let hides = sections.iter().any(|section| section.table.hides());
    let file = |name: &str| {
        let asked = [("visning", chosen), ("aar", asked.aar.as_str()), ("plikt", asked.plikt.as_str())];
        link::query(&link::path(&["tall", name]), &asked)
    };
    let year = report.view.year.to_string();
    let years = report.years.iter().map(|it| Choice::new(it.to_string(), it.to_string(), &year));
    html(&Page {
        w,
        lead: fill(lead, &[("party", &report.view.party), ("when", &when)]),
        views: vec![Choice::new("egne", w.own, chosen), Choice::new("felles", w.all, chosen)],
        years: years.collect(),
        duties,
        whole: file("tall.xlsx"),
        sections: sections
            .into_iter()
            .map(|section| Shown {
                csv: file(&format!("{}.csv", section.table.id)),
                xlsx: file(&format!("{}.xlsx", section.table.id)),
                section,
            })
            .collect(),
        hides,
        has_downtime: report.duties.iter().any(ran_in_downtime),
        frame,
    })
}

/// The page of figures that are being made: it loads again.
fn making(frame: Frame, w: &'static Words, read: usize) -> Result<Response, Refused> {
    let mut answer = html(&MakingPage { frame, w, text: fill(w.making, &[("n", &read)]) })?;
    answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    Ok(answer)
}
