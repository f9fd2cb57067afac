use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::people::{RoleKey, Session, SystemRandom};
use serde::Deserialize;

use super::{leave::check, welcomed};
use crate::{
    App, Refused,
    login::{
        notes::{Noted, note},
        return_to::local,
        visitor::Visitor,
        words::LoginWords,
    },
    pages::{Shell, html, words::role_name},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    til: Option<String>,
}

/// The form for choosing a role.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(rename = "_token", default)]
    token: String,
    rolle: String,
    til: Option<String>,
}

#[derive(Template)]
#[template(path = "login/roles.html")]
struct RolesPage {
    frame: Shell,
    w: &'static LoginWords,
    roles: Vec<Shown>,
    to: String,
}

struct Shown {
    key: String,
    name: &'static str,
    party: String,
    is_current: bool,
}

/// The roles that somebody can act in.
pub(super) async fn page(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let session = &visitor.visit.as_ref().ok_or(Refused::NotSignedIn)?.session;
    let (w, language) = (visitor.words(), visitor.language());
    let mut frame = visitor.shell(w.role_title);
    frame.token.clone_from(&session.form_token);
    let roles = session.roles.iter().map(|key| Shown {
        key: key.to_string(),
        name: role_name(key.role, language),
        party: key.party.clone(),
        is_current: is_current(session, key),
    });
    html(&RolesPage { frame, w, roles: roles.collect(), to: local(asked.til.as_deref()).to_owned() })
}

fn is_current(session: &Session, key: &RoleKey) -> bool {
    session.subject.as_ref().is_some_and(|subject| subject.role == key.role && subject.party == key.party)
}

/// Goes on in another role, with a new session.
pub(super) async fn choose(
    State(app): State<App>,
    visitor: Visitor,
    Form(choice): Form<Choice>,
) -> Result<Response, Refused> {
    let visit = visitor.visit.as_ref().ok_or(Refused::NotSignedIn)?;
    check(visit, &choice.token)?;
    let key = choice.rolle.parse::<RoleKey>().ok().filter(|key| visit.session.roles.contains(key));
    let key = key.ok_or(Refused::NotThere)?;
    let chosen = app.parts().accounts.choose_role(&visit.token, &key, &SystemRandom, app.now()).await;
    let begun = chosen.map_err(Refused::failed)?.ok_or(Refused::NotThere)?;
    note(&app, &visitor, Noted::RoleChosen(&begun.session)).await?;
    welcomed(&app, &begun.token, &begun.session, choice.til.as_deref().unwrap_or_default()).await
}
