//! Who has taken a duty on, among colleagues. The duty is still the party's.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    people::{duty_at, duty_of},
    projections::DutyRow,
};
use serde::Deserialize;

use super::Words;
use crate::{
    App, Refused,
    pages::{Choice, Frame, desk, html, sides::side_of, stay::duty_key, undo},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    opphold: String,
    plikt: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    opphold: String,
    plikt: String,
    /// An account; empty for nobody.
    til: String,
}

#[derive(Template)]
#[template(path = "tasks/give.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    duty: String,
    colleagues: Vec<Choice>,
}

/// Whom to give a duty to.
pub(super) async fn choose(
    State(app): State<App>,
    frame: Frame,
    Query(which): Query<Which>,
) -> Result<Response, Refused> {
    is_theirs(&app, &frame, &which.opphold, &duty_at(&which.plikt, &frame.subject().party)).await?;
    let w = Words::of(frame.language());
    let own = &frame.subject().account;
    let colleagues = desk::colleagues(&app, &frame).await?;
    let named = colleagues.into_iter().map(|(id, name)| {
        let label = if id == *own { format!("{name} ({})", w.me.to_lowercase()) } else { name };
        Choice::new(id, label, own)
    });
    let nobody = Choice::new("", w.nobody, own);
    let colleagues = named.chain([nobody]).collect();
    html(&Page { frame: frame.titled(w.give_title), w, case: which.opphold, duty: which.plikt, colleagues })
}

/// Gives a duty to a colleague, or lets go of it.
pub(super) async fn assign(
    State(app): State<App>,
    frame: Frame,
    Form(told): Form<Told>,
) -> Result<Response, Refused> {
    let duty = duty_at(&told.plikt, &frame.subject().party);
    is_theirs(&app, &frame, &told.opphold, &duty).await?;
    if told.til.is_empty() {
        let undo = desk::let_go(&app, &frame, &told.opphold, &duty).await?;
        return Ok(undo::done("/oppgaver", "sluppet", undo.as_deref()));
    }
    let colleagues = desk::colleagues(&app, &frame).await?;
    let to = colleagues.into_iter().find(|(id, _)| *id == told.til);
    let to = to.ok_or_else(|| Refused::Wrong("til: velg en kollega i lista".to_owned()))?;
    let undo = desk::give(&app, &frame, (told.opphold, duty), to).await?;
    Ok(undo::done("/oppgaver", "gitt", undo.as_deref()))
}

/// Refuses whoever gives or lets go of what isn't a duty of their own side in a stay of theirs, as an assignment of their own party names
/// it. Who looks after another's is theirs to say.
pub(in crate::pages) async fn is_theirs(
    app: &App,
    frame: &Frame,
    case: &str,
    assigned: &str,
) -> Result<(), Refused> {
    let key = duty_of(assigned, &frame.subject().party).ok_or(Refused::NotThere)?;
    let opened = app.stay(&frame.signed, case, Action::WriteStay).await?;
    let own = side_of(app.book(), &frame.subject().party);
    let is_it = |duty: &DutyRow| {
        Some(duty.holder.as_str()) == own
            && duty_key(&duty.duty, duty.trigger.position, duty.triggered) == key
    };
    if opened.rows.duties.iter().any(is_it) { Ok(()) } else { Err(Refused::NotThere) }
}
