//! Access to a stay, taken on oneself with a reason.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    audit::{GrantError, GrantSettings},
};
use serde::Deserialize;

use super::words::Words;
use crate::{
    App, Refused,
    pages::{Frame, fill, html, link, see_other},
};

/// Which stay, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    sak: String,
    begrunnelse: String,
}

#[derive(Template)]
#[template(path = "report/own.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    reason: String,
    hint: String,
    lasts: String,
    error: String,
}

#[derive(Template)]
#[template(path = "report/which.html")]
struct WhichPage {
    frame: Frame,
    w: &'static Words,
}

/// The form. A stay that isn't there, or of a party that isn't theirs, looks the same.
pub(super) async fn ask(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    if asked.sak.trim().is_empty() {
        return if frame.has_task(Action::GrantSelf) { which(frame) } else { Err(Refused::NotThere) };
    }
    may_take(&app, &frame, &asked.sak).await?;
    page(&app, frame, asked, String::new())
}

/// Asks which stay, of who comes from the menu.
fn which(frame: Frame) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    html(&WhichPage { w, frame: frame.titled(w.take) })
}

/// Takes it, and goes to the stay.
pub(super) async fn take(
    State(app): State<App>,
    frame: Frame,
    Form(asked): Form<Asked>,
) -> Result<Response, Refused> {
    may_take(&app, &frame, &asked.sak).await?;
    let (signed, settings) = (&frame.signed, GrantSettings::default());
    let audit = &app.parts().audit;
    let taken = audit.grant_self(
        &signed.subject,
        &asked.sak,
        &asked.begrunnelse,
        &settings,
        signed.request(),
        app.now(),
    );
    match taken.await {
        Ok(_) => Ok(see_other(&link::path(&["opphold", &asked.sak]))),
        Err(GrantError::Reason { length, min, max }) => {
            let w = Words::of(frame.language());
            let error = fill(w.wrong_reason, &[("n", &length), ("min", &min), ("max", &max)]);
            page(&app, frame, asked, error)
        }
        Err(error) => Err(Refused::failed(error)),
    }
}

async fn may_take(app: &App, frame: &Frame, case: &str) -> Result<(), Refused> {
    let found = app.parts().live.involvement_of(case, app.now()).await;
    let found = found.map_err(Refused::failed)?;
    let involvement = found.ok_or(Refused::NotThere)?;
    let signed = &frame.signed;
    app.may(signed, signed.purpose(), Action::GrantSelf, &involvement).await.map(|_| ())
}

fn page(app: &App, frame: Frame, asked: Asked, error: String) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let GrantSettings { lasts, reason_min, reason_max } = GrantSettings::default();
    let until = app.now().checked_add(lasts).unwrap_or(app.now());
    html(&Page {
        w,
        case: asked.sak,
        reason: asked.begrunnelse,
        hint: fill(w.reason_hint, &[("min", &reason_min), ("max", &reason_max)]),
        lasts: fill(w.lasts, &[("when", &frame.clock().instant(until))]),
        error,
        frame: frame.titled(w.take),
    })
}
