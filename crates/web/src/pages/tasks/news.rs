//! What came since somebody last said that they had seen the tasks of their role.

use axum::{Form, extract::State, response::Response};
use jiff::Timestamp;
use samspill_service::{access::Action, people::RoleKey};
use serde::Deserialize;

use super::{Owed, Words};
use crate::{
    App, Refused,
    pages::{Frame, desk::desk, fill, see_other},
};

/// What is new.
#[derive(Debug)]
pub(super) struct News {
    /// How much, in words.
    pub(super) text: String,
    /// Up to when the page shows it, in microseconds since 1970: what comes after that is still new.
    pub(super) until: i64,
}

/// The form that says that somebody has seen it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    til: i64,
}

/// What is new among the duties of the own side; none where nothing is.
pub(super) async fn since<'o>(
    app: &App,
    frame: &Frame,
    ours: impl Iterator<Item = &'o Owed<'o>>,
) -> Result<Option<News>, Refused> {
    let desk = desk(app);
    let looked =
        desk.looked_at_tasks(&frame.subject().account, &role(frame)).await.map_err(Refused::failed)?;
    let is_after = |at: Timestamp| looked.is_none_or(|looked| looked < at);
    let (mut new, mut late) = (0_u32, 0_u32);
    for it in ours {
        new += u32::from(is_after(it.duty.triggered));
        late += u32::from(it.duty.due.instant().is_some_and(|due| due < frame.now && is_after(due)));
    }
    let w = Words::of(frame.language());
    let text = fill(w.news, &[("new", &new), ("late", &late)]);
    Ok((new + late > 0).then(|| News { text, until: frame.now.as_microsecond() }))
}

/// Remembers that somebody has seen the tasks as the page showed them.
pub(super) async fn seen(
    State(app): State<App>,
    frame: Frame,
    Form(seen): Form<Seen>,
) -> Result<Response, Refused> {
    if !frame.has_task(Action::ListStay) {
        return Err(Refused::NotThere);
    }
    let until = Timestamp::from_microsecond(seen.til).map_err(|_| Refused::NotThere)?.min(frame.now);
    let account = &frame.subject().account;
    desk(&app).look_at_tasks(account, &role(&frame), until).await.map_err(Refused::failed)?;
    Ok(see_other("/oppgaver?gjort=sett"))
}

fn role(frame: &Frame) -> String {
    RoleKey { role: frame.subject().role, party: frame.subject().party.clone() }.to_string()
}
