//! Taking back what was just done: a button on the next page, for some minutes, that works without scripts.
//!
//! ```text
//!   act ─▶ 303 /oppgaver?gjort=gitt&angre=ID ─▶ Frame finds what ID is, and shows the button while it can be pressed
//!                                                  │ POST /angre: the same question to the policy as the act, the same row of the access log
//!                                                  ▼
//!                     303 to the page with «angret», or a page that says who changed it since, or that it is too late
//! ```

use askama::Template;
use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use samspill_service::{
    access::Action,
    people::{Offer, Undo, Undone},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{Frame, admin, desk, fill, html, link, message, see_other, tasks, words::words};
use crate::{App, Refused};

words! {
    /// Words of what can't be taken back any more.
    Words {
        title: "Det ble ikke angret" | "Det vart ikkje angra" | "It was not undone",
        changed: "Noen har endret dette etter deg. Det står slik de gjorde det, og ingenting er endret nå." | "Nokon har endra dette etter deg. Det står slik dei gjorde det, og ingenting er endra no." | "Somebody has changed this after you. It stands as they left it, and nothing was changed now.",
        gone: "Det er angret allerede, eller det er for lenge siden. Ingenting er endret nå." | "Det er angra alt, eller det er for lenge sidan. Ingenting er endra no." | "It was undone already, or it is too long ago. Nothing was changed now.",
        who: "Nå: {name}, gitt av {by} {at}." | "No: {name}, gitt av {by} {at}." | "Now: {name}, given by {by} {at}.",
        nobody: "Nå er det ikke gitt til noen." | "No er det ikkje gitt til nokon." | "Nobody has it now.",
        back: "Gå til siden" | "Gå til sida" | "Go to the page",
    }
}

/// What a page offers to take back.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Its id.
    pub id: String,
    /// Up to when, in words.
    pub until: String,
}

/// What the address of any page may say of what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    angre: String,
    angret: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    angre: String,
}

#[derive(Template)]
#[template(path = "undo/undo.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    lead: &'static str,
    /// How it stands now; empty where that says nothing.
    now: String,
    back: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/angre", get(lost).post(undo))
}

/// Nothing is there to look at: whoever comes by the address, as after another choice of language, begins anew.
async fn lost(_: Frame) -> Response {
    see_other("/")
}

/// Somebody who may take back what they are doing.
pub(super) fn offer<'a>(frame: &'a Frame, id: &'a str) -> Offer<'a> {
    Offer { id, account: &frame.subject().account, now: frame.now }
}

/// An id under which something may be taken back.
pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// On to a page that says what was done, and offers to take it back where there is an id of that.
pub(super) fn done(path: &str, what: &str, undo: Option<&str>) -> Response {
    see_other(&link::query(path, &[("gjort", what), ("angre", undo.unwrap_or_default())]))
}

/// What the address of a page says of taking back: what is offered, if the reader may still have it, and whether it was just done.
pub(super) async fn told(
    app: &App,
    frame: &Frame,
    query: Option<&str>,
) -> Result<(Option<Offered>, bool), Refused> {
    let asked: Asked = serde_html_form::from_str(query.unwrap_or_default()).unwrap_or_default();
    let is_done = asked.angret == "ja";
    let Ok(id) = Uuid::parse_str(&asked.angre) else { return Ok((None, is_done)) };
    let id = id.to_string();
    let found = desk::desk(app).offered(&frame.subject().account, &id, frame.now).await;
    let found = found.map_err(Refused::failed)?;
    Ok((found.map(|(_, until)| Offered { id, until: frame.clock().time(until) }), is_done))
}

async fn undo(State(app): State<App>, frame: Frame, Form(told): Form<Told>) -> Result<Response, Refused> {
    let id = Uuid::parse_str(&told.angre).map_err(|_| Refused::Wrong("angre".to_owned()))?.to_string();
    let (desk, account) = (desk::desk(&app), frame.subject().account.clone());
    let offered = desk.offered(&account, &id, frame.now).await.map_err(Refused::failed)?;
    let Some((what, _)) = offered else { return gone(frame, "/") };
    let back = allowed(&app, &frame, &what).await?;
    let done = match &what {
        Undo::RoleEnded(_) => admin::give_back(&app, &frame, &id).await?,
        Undo::Assigned { .. } | Undo::Seen(_) | Undo::DraftDropped(_) => {
            desk.undo(&account, &id, frame.now).await.map_err(Refused::failed)?
        }
    };
    match done {
        Undone::Done => Ok(see_other(&link::query(&back, &[("angret", "ja")]))),
        Undone::Changed => {
            let now = now(&app, &frame, &what).await?;
            told_otherwise(frame, (StatusCode::CONFLICT, |w| w.changed), now, &back)
        }
        Undone::Gone => gone(frame, &back),
    }
}

/// Where what is taken back belongs; refused to who may not do it, as the act would be.
async fn allowed(app: &App, frame: &Frame, what: &Undo) -> Result<String, Refused> {
    match what {
        Undo::Assigned { case, duty, .. } => {
            let Some(number) = message::number_in_key(duty, &frame.subject().party) else {
                tasks::is_theirs(app, frame, case, duty).await?;
                return Ok("/oppgaver".to_owned());
            };
            message::Sight::open(app, &frame.signed, number, Action::ReadMessage).await?;
            Ok(link::path(&["melding", &number.to_string()]))
        }
        Undo::Seen(_) if frame.has_task(Action::ReadMessage) => Ok("/innboks".to_owned()),
        Undo::Seen(_) => Err(Refused::NotThere),
        Undo::DraftDropped(_) => Ok("/kladder".to_owned()),
        // Whether they keep the account is looked at, and written down, where it is given back.
        Undo::RoleEnded(ended) => Ok(link::path(&["admin", "kontoer", &ended.account])),
    }
}

/// How it stands now, where somebody has changed it.
async fn now(app: &App, frame: &Frame, what: &Undo) -> Result<String, Refused> {
    let Undo::Assigned { case, duty, .. } = what else { return Ok(String::new()) };
    let w = Words::of(frame.language());
    let all = desk::desk(app).assignments(&[case.clone()].into()).await.map_err(Refused::failed)?;
    let found = all.into_iter().find(|it| it.duty == *duty);
    Ok(found.map_or_else(
        || w.nobody.to_owned(),
        |it| {
            let at = frame.clock().instant(it.at);
            fill(w.who, &[("name", &it.to_name), ("by", &it.by), ("at", &at)])
        },
    ))
}

fn gone(frame: Frame, back: &str) -> Result<Response, Refused> {
    told_otherwise(frame, (StatusCode::GONE, |w| w.gone), String::new(), back)
}

fn told_otherwise(
    frame: Frame,
    (status, lead): (StatusCode, fn(&'static Words) -> &'static str),
    now: String,
    back: &str,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let page = Page { frame: frame.titled(w.title), w, lead: lead(w), now, back: back.to_owned() };
    Ok((status, html(&page)?).into_response())
}
