//! What somebody began to write: kept by account.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, RawForm, State},
    response::Response,
};
use samspill_service::access::Action;
use samspill_store::Draft;

use super::{Room, Said, Words};
use crate::{
    App, Refused,
    pages::{Frame, Tone, desk::desk, html, link, patients::Patients, undo},
};

#[derive(Template)]
#[template(path = "write/drafts.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    case: String,
    at: String,
    href: String,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: String,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let drafts = desk(&app).drafts(&frame.subject().account).await.map_err(Refused::failed)?;
    let called = called(&app, &frame, &drafts).await?;
    let names = frame.names(&app);
    let mut lines = Vec::new();
    for draft in drafts {
        // What a person may no longer see, isn't theirs to go on with.
        let stay = app.live().involvement_of(&draft.case, frame.now).await.map_err(Refused::failed)?;
        if !stay.is_some_and(|stay| frame.signed.sees(&stay, Action::WriteStay, frame.now)) {
            continue;
        }
        let href = link::path(&["opphold", &draft.case, "skriv", &draft.kind]);
        let case = called.get(&draft.case).unwrap_or(&draft.case).clone();
        lines.push(Line {
            name: names.newest(None).kind(&draft.kind).to_owned(),
            at: frame.clock().instant(draft.at),
            href: link::query(&href, &[("kladd", &draft.id)]),
            case,
            id: draft.id,
        });
    }
    app.listed(&frame.signed, Action::ListStay, "kladder", lines.len()).await?;
    let framed = frame.titled(w.drafts);
    let framed = match asked.gjort.as_str() {
        "lagret" => framed.says(Tone::Success, w.draft_kept),
        "kastet" => framed.says(Tone::Success, w.draft_dropped),
        _ => framed,
    };
    html(&Page { frame: framed, w, lines })
}

/// What the stays of drafts are called to the reader, by case: by their patients, where the policy shows that.
async fn called(app: &App, frame: &Frame, drafts: &[Draft]) -> Result<BTreeMap<String, String>, Refused> {
    let stays: Vec<_> = drafts.iter().filter_map(|draft| app.live().stay(&draft.case)).collect();
    let ids = stays.iter().flat_map(|line| line.persons.iter().cloned()).collect();
    let patients = Patients::of(app, &ids).await?;
    let named = stays
        .iter()
        .map(|line| (line.row.case.clone(), patients.called(frame, &line.involvement, &line.persons).title));
    Ok(named.collect())
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let id = undo::new_id();
    let is_offered = desk(&app).drop_draft_for_now(said.get("kladd"), undo::offer(&frame, &id)).await;
    let id = is_offered.map_err(Refused::failed)?.then_some(id);
    Ok(undo::done("/kladder", "kastet", id.as_deref()))
}

/// Keeps what is written so far, in place of the version that it was made from. `false` where that version isn't there any more: it was
/// kept anew in another window, sent, or thrown away.
pub(super) async fn is_kept(
    room: &Room<'_>,
    kind: &str,
    id: &str,
    version: u64,
    fields: &[(String, String)],
) -> Result<bool, Refused> {
    let draft = Draft {
        id: id.to_owned(),
        account: room.frame.signed.subject.account.clone(),
        case: room.log.case.clone(),
        kind: kind.to_owned(),
        json: serde_json::to_string(fields).map_err(Refused::failed)?,
        version,
        at: room.frame.now,
    };
    let kept = desk(room.app).save_draft(&draft).await.map_err(Refused::failed)?;
    Ok(kept.is_some())
}

/// A draft of the writer's own for this stay.
pub(super) async fn opened(room: &Room<'_>, id: &str) -> Result<Said, Refused> {
    let account = &room.frame.signed.subject.account;
    let found = desk(room.app).draft(account, id).await.map_err(Refused::failed)?;
    let draft = found.filter(|draft| draft.case == room.log.case).ok_or(Refused::NotThere)?;
    let fields: Vec<(String, String)> = serde_json::from_str(&draft.json).map_err(Refused::failed)?;
    let mut said = Said::default();
    for (name, text) in fields {
        said.set(&name, text);
    }
    said.set("kladd", draft.id);
    said.set("versjon", draft.version.to_string());
    Ok(said)
}

/// Throws a draft away that was sent.
pub(super) async fn dropped(room: &Room<'_>, id: &str) -> Result<(), Refused> {
    if id.is_empty() {
        return Ok(());
    }
    let account = &room.frame.signed.subject.account;
    desk(room.app).drop_draft(account, id).await.map(drop).map_err(Refused::failed)
}
