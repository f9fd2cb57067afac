//! The same stays for systems that know FHIR R4 (4.0.1) and not us: read, search, and follow along. It only reads.
//!
//! ```text
//!   Patient            a person that a stay is about (no-basis-Patient); the name withheld where it is protected
//!   Encounter          a stay
//!   Communication      a message between record systems, and how it went
//!   DocumentReference  the same message as a document, with its files
//!   Task               a duty, with its limit
//! ```
//!
//! The types are small and our own: what is written is all there is. What is shown goes through the same door as in the API.

mod about;
mod bundle;
mod capability;
mod communication;
mod document;
mod encounter;
mod events;
mod ids;
mod outcome;
mod patient;
mod search;
mod task;
#[expect(clippy::struct_field_names, reason = "the standard names the fields")]
mod types;

pub(crate) use outcome::written;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;

use crate::{App, api};

/// The media type of FHIR in JSON.
const FHIR_JSON: &str = "application/fhir+json";

/// The routes of the facade.
pub(crate) fn routes() -> Router<App> {
    let fhir = Router::new()
        .route("/metadata", get(capability::statement))
        .route("/$events", get(events::stream))
        .route("/Patient", get(patient::search))
        .route("/Patient/_search", post(patient::search))
        .route("/Patient/{id}", get(patient::read))
        .route("/Encounter", get(encounter::search))
        .route("/Encounter/_search", post(encounter::search))
        .route("/Encounter/{id}", get(encounter::read))
        .route("/Communication", get(communication::search))
        .route("/Communication/_search", post(communication::search))
        .route("/Communication/{id}", get(communication::read))
        .route("/DocumentReference", get(document::search))
        .route("/DocumentReference/_search", post(document::search))
        .route("/DocumentReference/{id}", get(document::read))
        .route("/Task", get(task::search))
        .route("/Task/_search", post(task::search))
        .route("/Task/{id}", get(task::read))
        .fallback(api::unknown);
    api::around(Router::new().nest("/fhir", fhir), written)
}

/// A resource as an answer.
fn answer(resource: &impl Serialize) -> Response {
    let text = serde_json::to_vec(resource).unwrap_or_default();
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/fhir+json; charset=utf-8"))], text)
        .into_response()
}
