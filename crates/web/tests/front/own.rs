//! Routes of our own behind the real front: what a handler gets, and what becomes of what it gives.

use std::time::Duration;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use samspill_service::access::Action;
use samspill_web::{App, Refused, Signed, front};

use crate::support::{TestApp, User};

/// The application with these routes instead of its own.
pub(crate) fn router(app: &App) -> Router {
    let routes = Router::new()
        .route("/hei", get(async || "hei"))
        .route("/opphold/{case}", get(open))
        .route(
            "/endre",
            post(async |signed: Signed, body: Bytes| format!("{}: {}", signed.subject.account, body.len())),
        )
        .route("/innlogging", post(async |body: Bytes| body.len().to_string()))
        .route("/logg-inn", post(async || "feil passord"))
        .route("/api/v1/log", post(async |body: Bytes| body.len().to_string()))
        .route("/api/hei", get(async || "hei"))
        .route("/treg", post(slow))
        .route("/panikk", get(panics))
        .route(
            "/feil",
            get(async || -> Result<(), Refused> { Err(Refused::Failed("passordet er hunter2".into())) }),
        )
        .route(
            "/galt",
            get(async || -> Result<(), Refused> {
                Err(Refused::Wrong("dato: skriv 2025-02-28 <b>".to_owned()))
            }),
        )
        .route("/tekst", get(async || (StatusCode::BAD_REQUEST, "Failed to deserialize query: hemmelig")))
        .route("/ord", get(async || (StatusCode::BAD_REQUEST, axum::response::Html("<p>egne ord</p>"))))
        .route("/kun-innlogget", get(async |_: Signed| "inne"));
    front::outside(front::inside(routes, app), app).with_state(app.clone())
}

async fn open(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Result<String, Refused> {
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    Ok(format!("{:?}", opened.entries))
}

async fn slow(body: Bytes) -> String {
    tokio::time::sleep(Duration::from_millis(u64::try_from(body.len()).unwrap())).await;
    "endelig".to_owned()
}

async fn panics() -> &'static str {
    assert!(std::env::args().count() == 0, "hemmelig panikk");
    ""
}

/// The same person before these routes.
pub(crate) fn at_own(t: &TestApp, user: &User) -> User {
    User::new(router(&t.app), user.signed.clone())
}
