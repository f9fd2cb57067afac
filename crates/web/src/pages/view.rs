//! How pages look: the form in the frame's menu.

use axum::{
    Form, Router,
    http::{HeaderValue, header},
    response::Response,
    routing::post,
};
use serde::Deserialize;

use super::{Theme, language_called, language_code, see_other};
use crate::App;

/// A year, in seconds: the choice is the browser's to keep.
const KEPT_SECONDS: u32 = 31_536_000;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    tema: String,
    sprak: String,
    tilbake: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/visning", post(choose))
}

/// Keeps the choice in cookies that say nothing about anybody, and goes back. What nobody knows changes nothing.
async fn choose(Form(chosen): Form<Chosen>) -> Response {
    let mut answer = see_other(&chosen.tilbake);
    let theme = Theme::called(&chosen.tema).map(|theme| ("tema", theme.as_str()));
    let language = language_called(&chosen.sprak).map(|language| ("sprak", language_code(language)));
    for (name, value) in theme.into_iter().chain(language) {
        let cookie = format!("{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    answer
}
