//! The front door: login and sessions, the API, and the pages, over HTTP.
//!
//! ```text
//!   request ─▶ front: limits, headers, session ─▶ Signed ──┬─▶ pages   HTML, forms first
//!                                                          ├─▶ api     JSON, NDJSON, streams; OpenAPI
//!                                                          └─▶ fhir    R4
//!                                  every one of them asks ─▶ App::may ─▶ policy, access log
//! ```
//!
//! [`router`] is what a process listens with. Nothing here knows SQL; what is decided stands in `samspill-service`.

#[expect(unused_qualifications, reason = "the macro that describes operations names types in full")]
mod api;
mod app;
mod fhir;
pub mod front;
pub mod login;
pub mod pages;

pub use app::{App, Parts};
pub use front::{Refused, Signed};

use axum::Router;

/// All routes of the front door.
pub fn router(app: App) -> Router {
    let routes = Router::new().merge(pages::routes()).merge(api::routes()).merge(fhir::routes());
    let inside = login::seen(front::inside(routes.merge(login::routes()), &app), &app);
    front::outside(inside, &app).with_state(app)
}
