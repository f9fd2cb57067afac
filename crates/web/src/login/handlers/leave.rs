use axum::{Form, extract::State, response::Response};
use serde::Deserialize;

use super::with_cookie;
use crate::{
    App, Refused,
    login::{
        cookie::Cookie,
        layer::Visit,
        notes::{Noted, note},
        secret::same,
        visitor::Visitor,
    },
    pages::see_other,
};

/// A form that holds nothing but what shows that our page sent it.
#[derive(Deserialize)]
pub(super) struct Bare {
    #[serde(rename = "_token", default)]
    token: String,
}

/// Ends the session.
pub(super) async fn log_out(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Bare>,
) -> Result<Response, Refused> {
    if let Some(visit) = &visitor.visit {
        check(visit, &form.token)?;
        app.parts().accounts.log_out(&visit.token, app.now()).await.map_err(Refused::failed)?;
        note(&app, &visitor, Noted::LoggedOut(&visit.session)).await?;
    }
    Ok(left(&app))
}

/// Ends all sessions of the account.
pub(super) async fn log_out_everywhere(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Bare>,
) -> Result<Response, Refused> {
    let Some(visit) = &visitor.visit else { return Ok(left(&app)) };
    check(visit, &form.token)?;
    let account = &visit.session.account.id;
    app.parts().accounts.log_out_everywhere(account, app.now()).await.map_err(Refused::failed)?;
    note(&app, &visitor, Noted::LoggedOut(&visit.session)).await?;
    Ok(left(&app))
}

/// Whether a form was sent by a page of this session.
pub(super) fn check(visit: &Visit, token: &str) -> Result<(), Refused> {
    if same(&visit.session.form_token, token) { Ok(()) } else { Err(Refused::NotThere) }
}

fn left(app: &App) -> Response {
    with_cookie(see_other("/logg-inn?ut=ja"), app.parts().login.cookies().gone(Cookie::Session))
}
