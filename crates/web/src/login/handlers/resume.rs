//! What was filled in when a session was over, for whoever filled it in and is logged in again.

use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    App, Refused,
    login::words::LoginWords,
    pages::{Frame, html, see_other},
};

/// What of a form isn't for reading: how it was sent, and what names what it is about.
const ASIDE: [&str; 9] = ["gjor", "id", "seen", "likevel", "kladd", "versjon", "retter", "gang", "melding"];

#[derive(Template)]
#[template(path = "login/resume.html")]
struct Page {
    frame: Frame,
    w: &'static LoginWords,
    path: String,
    /// What is sent along.
    fields: Vec<(String, String)>,
    /// What was typed, to read.
    typed: Vec<String>,
    /// Whether the form itself can be shown again, filled.
    is_shown_again: bool,
}

/// Shows what was kept. Nothing of it is sent before somebody presses the button.
pub(super) async fn page(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    let kept = app.kept_forms().of(&frame.signed.subject.account, frame.now).ok_or(Refused::NotThere)?;
    let w = LoginWords::of(frame.language());
    let is_shown_again = kept.path.starts_with("/opphold/") && kept.path.contains("/skriv/");
    let is_read = |name: &str| !ASIDE.contains(&name);
    let typed = kept.fields.iter().filter(|(name, text)| is_read(name) && !text.trim().is_empty());
    html(&Page {
        w,
        typed: typed.map(|(_, text)| text.clone()).collect(),
        path: kept.path,
        fields: kept.fields.into_iter().filter(|(name, _)| !is_shown_again || name != "gjor").collect(),
        is_shown_again,
        frame: frame.titled(w.kept_title),
    })
}

/// Throws away what was kept.
pub(super) async fn forget(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    app.kept_forms().forget(&frame.signed.subject.account);
    Ok(see_other("/"))
}
