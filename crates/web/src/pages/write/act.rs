//! What may be done to an entry that stands there: put right, taken back, cancelled; each with what it leads to.

use askama::Template;
use axum::{
    extract::{Path, RawForm, State},
    response::Response,
};
use samspill_agreement::model::KindId;
use samspill_base::Entry;
use samspill_engine::SetAsideWhy;
use samspill_service::{
    casework::{ActOn, Form, Plan, StayView, Typed, acts_on, cancel, plan},
    exchange::mailroom::{FormDone, FormStands},
};

use super::{Room, Said, Shown, Words, compose::TRIES, rehearsed, said::new_id};
use crate::{
    App, Refused,
    pages::{Frame, fill, html, link, see_other},
};

#[derive(Template)]
#[template(path = "write/act.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    name: String,
    at: String,
    acts: Vec<Act>,
    problem: String,
}

/// One thing that may be done.
struct Act {
    id: &'static str,
    name: String,
    lead: &'static str,
    leads_to: Vec<Shown>,
    look: Vec<Shown>,
    /// Where the form for it is; empty where it is done from here.
    href: String,
    /// What the form brings along.
    hidden: Vec<(String, String)>,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Path((case, position)): Path<(String, u64)>,
) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    shown(&room, position, String::new()).await
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    Path((case, position)): Path<(String, u64)>,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let mut said = Said::read(&bytes)?;
    said.set("retter", position.to_string());
    let stay = link::query(&link::path(&["opphold", &case]), &[("gjort", "kansellert")]);
    for _ in 0..TRIES {
        let room = Room::open(&app, &frame, &case).await?;
        match room.stands(&said).await? {
            FormStands::New => {}
            FormStands::Same(_) => return Ok(see_other(&stay)),
            FormStands::Other(_) => return shown(&room, position, used(&frame)).await,
        }
        let done = {
            let view = room.view()?;
            let Some(entry) = own(&room, &view, position) else {
                // A second time, or after a colleague, it is cancelled: that is done. Whatever else became of it must be seen first.
                let is_done = is_cancelled(&room, &view, position);
                return is_done.then(|| see_other(&stay)).ok_or(Refused::Changed);
            };
            let (id, from) = (said.id()?, room.from());
            let undone = cancelling(&room, &view, entry, (&id, &from));
            room.carry_out(&undone, Vec::new(), &said).await?
        };
        match done {
            Ok(FormDone::Moved) => {}
            Ok(FormDone::Done(_) | FormDone::Before(FormStands::Same(_))) => return Ok(see_other(&stay)),
            Ok(FormDone::Before(FormStands::New | FormStands::Other(_))) => {
                return shown(&room, position, used(&frame)).await;
            }
            Err(problem) => return shown(&room, position, problem).await,
        }
    }
    Err(Refused::Changed)
}

/// That the form was sent for something else: then nothing was done by it here.
fn used(frame: &Frame) -> String {
    Words::of(frame.language()).sent_before.to_owned()
}

async fn shown(room: &Room<'_>, position: u64, problem: String) -> Result<Response, Refused> {
    let (frame, w) = (room.frame, Words::of(room.frame.language()));
    let view = room.view()?;
    let entry = own(room, &view, position).ok_or(Refused::NotThere)?;
    let kind = view.kind(&entry.kind).ok_or(Refused::NotThere)?;
    let mut acts = Vec::new();
    for act in acts_on(entry, &view, room.role, room.table()) {
        acts.push(told(room, &view, entry, act).await?);
    }
    html(&Page {
        frame: frame.clone().titled(w.act),
        w,
        case: room.called.clone(),
        stay: link::path(&["opphold", &room.log.case]),
        name: kind.name.in_language(frame.language()).to_owned(),
        at: frame.clock().instant(entry.happened),
        acts,
        problem,
    })
}

/// An entry of the writer's own that counts.
fn own<'v>(room: &Room<'_>, view: &StayView<'v>, position: u64) -> Option<&'v Entry> {
    view.counting().find(|entry| entry.position.0 == position && room.is_own(entry))
}

/// Whether an entry of the writer's own was cancelled.
fn is_cancelled(room: &Room<'_>, view: &StayView<'_>, position: u64) -> bool {
    let is_own = room.log.entries.iter().any(|entry| entry.position.0 == position && room.is_own(entry));
    let mut aside = view.evaluation.set_aside.iter().filter(|aside| aside.position.0 == position);
    is_own && aside.any(|aside| matches!(aside.why, SetAsideWhy::Cancelled { .. }))
}

async fn told(room: &Room<'_>, view: &StayView<'_>, entry: &Entry, act: ActOn) -> Result<Act, Refused> {
    match act {
        ActOn::Correct => Ok(correcting(room, entry)),
        ActOn::Withdraw(kind) => withdrawing(room, view, &kind).await,
        ActOn::Cancel => cancelled(room, view, entry).await,
    }
}

fn correcting(room: &Room<'_>, entry: &Entry) -> Act {
    let w = Words::of(room.frame.language());
    let form = link::path(&["opphold", &room.log.case, "skriv", &entry.kind]);
    Act {
        id: "rett",
        name: w.correct.to_owned(),
        lead: w.correct_lead,
        leads_to: Vec::new(),
        look: Vec::new(),
        href: link::query(&form, &[("retter", &entry.position.0.to_string())]),
        hidden: Vec::new(),
    }
}

async fn withdrawing(room: &Room<'_>, view: &StayView<'_>, kind: &KindId) -> Result<Act, Refused> {
    let w = Words::of(room.frame.language());
    let declared = view.version.kinds.get(kind.as_str()).ok_or(Refused::NotThere)?;
    let carried = room.carried().await?;
    let form = Form::of(view, declared, room.role, room.table(), &carried);
    let (id, from) = (new_id(), room.from());
    let to = room.receivers(declared, "").into_iter().find(|it| it.selected).map(|it| it.value);
    let to = to.unwrap_or_default();
    let writing = room.writing(&id, &from, &to, room.frame.now);
    let planned = plan(&form, &Typed::default(), &writing, view, room.table(), &carried);
    let (leads_to, look) = leads_to(room, view, &planned).await?;
    let name = declared.name.in_language(room.frame.language());
    Ok(Act {
        id: "trekk",
        name: fill(w.withdraw, &[("kind", &name)]),
        lead: w.withdraw_lead,
        leads_to,
        look,
        href: link::path(&["opphold", &room.log.case, "skriv", kind.as_str()]),
        hidden: Vec::new(),
    })
}

async fn cancelled(room: &Room<'_>, view: &StayView<'_>, entry: &Entry) -> Result<Act, Refused> {
    let w = Words::of(room.frame.language());
    let (id, from) = (new_id(), room.from());
    let (leads_to, look) = leads_to(room, view, &cancelling(room, view, entry, (&id, &from))).await?;
    let hidden = vec![("id".to_owned(), id)];
    let (name, lead) = (w.cancel.to_owned(), w.cancel_lead);
    Ok(Act { id: "kanseller", name, lead, leads_to, look, href: String::new(), hidden })
}

fn cancelling(room: &Room<'_>, view: &StayView<'_>, entry: &Entry, (id, from): (&str, &str)) -> Plan {
    let to = entry.to.clone().unwrap_or_default();
    cancel(entry, &room.writing(id, from, &to, room.frame.now), view, room.role, room.table())
}

async fn leads_to(
    room: &Room<'_>,
    view: &StayView<'_>,
    planned: &Plan,
) -> Result<(Vec<Shown>, Vec<Shown>), Refused> {
    Ok(match rehearsed(room, view, (planned, Vec::new()), None).await? {
        Ok(seen) => (seen.leads_to, seen.look),
        Err(text) => (Vec::new(), vec![Shown { tone: "warning", text, clause: String::new() }]),
    })
}
