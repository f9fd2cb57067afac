//! Administration: parties, accounts, calendars, templates, downtime, the access log, and what people took on themselves.

mod access_log;
mod accounts;
mod addresses;
mod downtime;
mod grants;
mod home;
mod protect;
mod templates;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use samspill_service::access::{Action, Decision, Resource};

pub(super) use accounts::give_back;

use super::Frame;
use crate::{App, Refused};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(home::home))
        .route("/admin/parter", get(home::parties))
        .route("/admin/parter/egen", get(addresses::own).post(addresses::save))
        .route("/admin/parter/egen/fil", post(addresses::reset))
        .route("/admin/parter/enhet", get(addresses::unit).post(addresses::save_unit))
        .route("/admin/kalendere", get(home::calendars))
        .route("/admin/kontoer", get(accounts::list).post(accounts::make))
        .route("/admin/kontoer/{id}", get(accounts::one))
        .route("/admin/kontoer/{id}/rolle", post(accounts::give_role))
        .route("/admin/kontoer/{id}/rolle/slutt", post(accounts::end_role))
        .route("/admin/kontoer/{id}/lenke", post(accounts::invite))
        .route("/admin/kontoer/{id}/steng", post(accounts::close))
        .route("/admin/kontoer/{id}/apne", post(accounts::reopen))
        .route("/admin/kontoer/{id}/las-opp", post(accounts::unlock))
        .route("/admin/kontoer/{id}/logg-ut", post(accounts::log_out))
        .route("/admin/kontoer/{id}/nokkel", post(accounts::end_token))
        .route("/admin/maltekster", get(templates::list))
        .route("/admin/maltekster/ny", get(templates::begin))
        .route("/admin/maltekster/{template}", get(templates::one).post(templates::save))
        .route("/admin/maltekster/{template}/fjern", post(templates::remove))
        .route("/admin/nedetid", get(downtime::list).post(downtime::register))
        .route("/admin/nedetid/skjemaer", get(downtime::forms))
        .route("/admin/nedetid/{id}", post(downtime::change))
        .route("/admin/logg", get(access_log::ask).post(access_log::search))
        .route("/admin/vern", get(protect::ask).post(protect::protect))
        .route("/admin/tilganger", get(grants::list))
        .route("/admin/tilganger/{number}", post(grants::review))
}

/// Whether somebody has a task within their own party, and by which rule.
async fn may_own(app: &App, frame: &Frame, action: Action) -> Result<Decision, Refused> {
    let signed = &frame.signed;
    let own = Resource::Party(&signed.subject.party);
    let allowed = app.may_in(signed, signed.purpose(), action, own).await?;
    Ok(Decision { is_allowed: true, rule: allowed.rule })
}

/// Whether a page shows the way to a task within one's own party.
fn is_open(app: &App, frame: &Frame, action: Action) -> bool {
    let signed = &frame.signed;
    let own = Resource::Party(&signed.subject.party);
    signed.decides(signed.purpose(), action, own, app.now()).is_allowed
}
