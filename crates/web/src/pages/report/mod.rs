//! The patient's own report of who has looked, and access that somebody takes on themselves.

mod own;
mod patient;
mod words;

use axum::{Router, routing::get};

use crate::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/innsyn", get(patient::ask).post(patient::report))
        .route("/selvtilgang", get(own::ask).post(own::take))
}
