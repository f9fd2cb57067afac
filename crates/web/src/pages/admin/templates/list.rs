//! The templates of one's own party.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use samspill_service::{access::Action, templates::TemplateRow};
use serde::Deserialize;

use super::{Words, offered::Offered};
use crate::{
    App, Refused,
    pages::{Frame, Pager, PagerWords, Tone, admin::may_own, fill, html, link},
};

/// Templates on a page.
const ROWS: usize = 50;

/// Which page, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Asked {
    side: String,
    gjort: String,
}

#[derive(Template)]
#[template(path = "admin/templates.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    lead: String,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    name: String,
    kind: String,
    field: String,
    changed: String,
}

/// The templates, by name.
pub(in crate::pages::admin) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageTemplates).await?;
    let (w, parts) = (Words::of(frame.language()), app.parts());
    let frame = match asked.gjort.as_str() {
        "lagret" => frame.says(Tone::Success, w.saved),
        "fjernet" => frame.says(Tone::Success, w.removed),
        _ => frame,
    };
    let own = frame.signed.subject.party.clone();
    let mut all = parts.store.templates(&parts.community, &own).await.map_err(Refused::failed)?;
    all.sort_by_cached_key(|row| (row.name.to_lowercase(), row.id.clone()));
    let address = |side: usize| link::query("/admin/maltekster", &[("side", &side.to_string())]);
    let words = PagerWords { shown: w.shown, before: w.before, after: w.after };
    // A page that isn't there is the nearest one: the address may be of before somebody removed some.
    let asked = asked.side.parse().unwrap_or(1);
    let (range, pager) = Pager::cut(all.len(), (ROWS, asked), address, words);
    let offered = Offered::of(&app, &frame);
    html(&ListPage {
        w,
        lead: fill(w.lead, &[("party", &own)]),
        rows: all[range].iter().map(|it| row(it, &frame, &offered)).collect(),
        pager,
        frame: frame.titled(w.title).wide(),
    })
}

fn row(of: &TemplateRow, frame: &Frame, offered: &Offered) -> Row {
    let w = Words::of(frame.language());
    Row {
        href: link::path(&["admin", "maltekster", &of.id]),
        name: of.name.clone(),
        kind: offered.kind_name(&of.kind),
        field: offered.field_name(&of.kind, &of.field),
        changed: fill(w.changed_by, &[("time", &frame.clock().instant(of.changed)), ("name", &of.by)]),
    }
}
