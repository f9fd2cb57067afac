//! The pages for logging in and out.

mod account;
mod entry;
mod leave;
mod provider;
mod resume;
mod roles;
mod setup;

use axum::{
    Router,
    http::{HeaderValue, header::SET_COOKIE},
    response::Response,
    routing::{get, post},
};
use samspill_service::people::Session;

use super::{cookie::Cookie, oidc::CALLBACK, return_to::local, visitor::Visitor};
use crate::{
    App, Refused,
    pages::{link, see_other},
};

/// The routes of logging in and out.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/logg-inn", get(entry::page).post(entry::log_in))
        .route("/logg-inn/demo", post(entry::log_in_demo))
        .route("/logg-ut", post(leave::log_out))
        .route("/logg-ut/overalt", post(leave::log_out_everywhere))
        .route("/velg-rolle", get(roles::page).post(roles::choose))
        .route("/oppsett/{token}", get(setup::page).post(setup::keep))
        .route("/fortsett", get(resume::page).post(resume::forget))
        .route("/konto", get(account::page))
        .route("/konto/okt", post(account::end_session))
        .route("/konto/sprak", post(account::language))
        .route("/konto/passord", post(account::password))
        .route("/oidc/inn", get(provider::begin))
        .route(CALLBACK, get(provider::finish))
        .route("/oidc/ut", get(provider::end_session))
        .route("/oidc/utlogging", post(provider::logged_out))
}

/// Sets a cookie in an answer.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The answer to somebody who just got a session: its cookie, and on to the page that was wanted or first to the choice of a role.
async fn welcomed(app: &App, token: &str, session: &Session, to: &str) -> Result<Response, Refused> {
    let to = local(Some(to));
    let answer = if let Some(subject) = &session.subject {
        app.settle_in(subject).await?;
        see_other(to)
    } else {
        see_other(&link::query("/velg-rolle", &[("til", if to == "/" { "" } else { to })]))
    };
    let cookies = app.parts().login.cookies();
    Ok(with_cookie(answer, cookies.set(Cookie::Session, token, None)))
}

/// Ends the session that the browser came with, so that nobody goes on with it after another logged in.
async fn leave_behind(app: &App, visitor: &Visitor) -> Result<(), Refused> {
    if let Some(visit) = &visitor.visit {
        app.parts().accounts.log_out(&visit.token, app.now()).await.map_err(Refused::failed)?;
    }
    Ok(())
}
