//! What somebody began to write: kept by account.

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
    pages::{Frame, Tone, html, link, see_other},
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
    let parts = app.parts();
    let account = &frame.signed.subject.account;
    let drafts = parts.store.drafts(&parts.community, account).await.map_err(Refused::failed)?;
    let names = frame.names(&app);
    let mut lines = Vec::new();
    for draft in drafts {
        // What a person may no longer see, isn't theirs to go on with.
        let stay = app.live().involvement_of(&draft.case, frame.now).await.map_err(Refused::failed)?;
        if !stay.is_some_and(|stay| frame.signed.sees(&stay, Action::WriteStay, frame.now)) {
            continue;
        }
        let href = link::path(&["opphold", &draft.case, "skriv", &draft.kind]);
        lines.push(Line {
            name: names.newest(None).kind(&draft.kind).to_owned(),
            at: frame.clock().instant(draft.at),
            href: link::query(&href, &[("kladd", &draft.id)]),
            case: draft.case,
            id: draft.id,
        });
    }
    app.listed(&frame.signed, Action::ListStay, "kladder", lines.len()).await?;
    let framed = frame.titled(w.drafts);
    let framed = match asked.gjort.as_str() {
        "lagret" => framed.says(Tone::Success, w.draft_kept),
        "kastet" => framed.says(Tone::Success, w.draft_dropped),
        "endret" => framed.says(Tone::Warning, w.draft_changed),
        _ => framed,
    };
    html(&Page { frame: framed, w, lines })
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let parts = app.parts();
    let account = frame.signed.subject.account.clone();
    let mut tx = parts.store.begin_people(&parts.community).await.map_err(Refused::failed)?;
    tx.drop_draft(&account, said.get("kladd")).await.map_err(Refused::failed)?;
    tx.commit().await.map_err(Refused::failed)?;
    Ok(see_other("/kladder?gjort=kastet"))
}

/// Keeps what is written so far, in place of the version that it was made from.
pub(super) async fn kept(
    room: &Room<'_>,
    kind: &str,
    id: &str,
    version: u64,
    fields: &[(String, String)],
) -> Result<Response, Refused> {
    let parts = room.app.parts();
    let draft = Draft {
        id: id.to_owned(),
        account: room.frame.signed.subject.account.clone(),
        case: room.log.case.clone(),
        kind: kind.to_owned(),
        json: serde_json::to_string(fields).map_err(Refused::failed)?,
        version,
        at: room.frame.now,
    };
    let mut tx = parts.store.begin_people(&parts.community).await.map_err(Refused::failed)?;
    let is_kept = tx.set_draft(&draft).await.map_err(Refused::failed)?;
    tx.commit().await.map_err(Refused::failed)?;
    Ok(see_other(if is_kept { "/kladder?gjort=lagret" } else { "/kladder?gjort=endret" }))
}

/// A draft of the writer's own for this stay.
pub(super) async fn opened(room: &Room<'_>, id: &str) -> Result<Said, Refused> {
    let parts = room.app.parts();
    let account = &room.frame.signed.subject.account;
    let found = parts.store.draft(&parts.community, account, id).await.map_err(Refused::failed)?;
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
    let parts = room.app.parts();
    let mut tx = parts.store.begin_people(&parts.community).await.map_err(Refused::failed)?;
    tx.drop_draft(&room.frame.signed.subject.account, id).await.map_err(Refused::failed)?;
    tx.commit().await.map_err(Refused::failed)
}
