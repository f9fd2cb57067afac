//! Routes that leak on purpose: the walk must find each of them.

use std::convert::Infallible;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{
        Html, IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::get,
};
use futures_util::{Stream, StreamExt};
use samspill_service::access::{Action, Role};
use samspill_web::{App, Signed, front};
use tokio_stream::wrappers::BroadcastStream;

use crate::{
    routes::Routes,
    secrets::Secrets,
    streams::heard,
    support::{Side, User},
    unlimited,
    walk::Walk,
};

/// The leaks, each a way in which it could happen.
const LEAKS: [(&str, &str); 6] = [
    ("unasked", "/lekk/opphold/{case}"),
    ("list", "/lekk/tavle"),
    ("error", "/lekk/feil/{case}"),
    ("header", "/lekk/felt/{case}"),
    ("status", "/lekk/status/{case}"),
    ("length", "/lekk/lengde/{case}"),
];

fn router(app: &App) -> Router {
    let routes = Router::new()
        .route("/lekk/opphold/{case}", get(unasked))
        .route("/lekk/tavle", get(list))
        .route("/lekk/feil/{case}", get(error))
        .route("/lekk/felt/{case}", get(header))
        .route("/lekk/status/{case}", get(status))
        .route("/lekk/lengde/{case}", get(length))
        .route("/lekk/strom", get(stream))
        .route("/tett/opphold/{case}", get(tight));
    front::outside(front::inside(routes, app), app).with_state(app.clone())
}

/// Forgot to ask the policy.
async fn unasked(State(app): State<App>, Path(case): Path<String>) -> String {
    let parts = app.parts();
    format!("{:?}", parts.store.case_entries(&parts.community, &case).await)
}

/// Shows all lines.
async fn list(State(app): State<App>) -> Json<Vec<String>> {
    Json(app.live().stays().iter().map(|line| line.row.case.clone()).collect())
}

/// Refuses, and says whom it is about.
async fn error(State(app): State<App>, Path(case): Path<String>) -> Response {
    let persons = app.live().stay(&case).map(|line| line.persons.clone());
    (StatusCode::NOT_FOUND, Html(format!("<p>Du har ikke tilgang til {persons:?}</p>"))).into_response()
}

/// Says it where nobody looks.
async fn header(State(app): State<App>, Path(case): Path<String>) -> Response {
    let persons = app.live().stay(&case).map(|line| line.persons.join(",")).unwrap_or_default();
    // Of a refusal, the layer in front would have dropped it.
    ([("x-person", persons)], Html("<p>Hei</p>")).into_response()
}

/// Refuses otherwise what is there.
async fn status(State(app): State<App>, Path(case): Path<String>) -> StatusCode {
    let found = app.live().involvement_of(&case, app.now()).await;
    if matches!(found, Ok(Some(_))) { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND }
}

/// The same words, and a blank too many.
async fn length(State(app): State<App>, Path(case): Path<String>) -> Response {
    let found = app.live().involvement_of(&case, app.now()).await;
    let blank = if matches!(found, Ok(Some(_))) { " " } else { "" };
    (StatusCode::NOT_FOUND, Html(format!("<p>Finnes ikke</p>{blank}"))).into_response()
}

/// Tells everybody of everything.
async fn stream(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = BroadcastStream::new(app.live().changes())
        .filter_map(async |change| Some(Ok(Event::default().data(change.ok()?.case))));
    Sse::new(changes.boxed())
}

/// As it should be.
async fn tight(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
) -> Result<String, samspill_web::Refused> {
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    Ok(format!("{:?} {:?}", opened.entries, opened.rows))
}

fn routes(paths: &[&str]) -> Routes {
    let mut routes = Routes::default();
    for path in paths {
        routes.source("src/lekk.rs", &format!(".route(\"{path}\", get(a))"));
    }
    assert!(routes.troubles.is_empty());
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_finds_every_way_of_leaking() {
    let t = unlimited().await;
    let secrets = Secrets::of(&t).await;
    let user = User::new(router(&t.app), t.user(Role::CaseOffice, Side::Second).signed);
    for (how, path) in LEAKS {
        let routes = routes(&[path]);
        let walk = Walk { t: &t, user: &user, routes: &routes.paths, secrets: &secrets, pauses: &[] };
        let found = (walk.leaks().await.len(), walk.differences().await.len());
        let is_found = match how {
            "status" | "length" => found.0 == 0 && found.1 > 0,
            _ => found.0 > 0,
        };
        assert!(is_found, "{how}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_finds_nothing_where_there_is_nothing() {
    let t = unlimited().await;
    let secrets = Secrets::of(&t).await;
    let routes = routes(&["/tett/opphold/{case}"]);
    for (role, side) in
        [(Role::CaseOffice, Side::Second), (Role::Gp, Side::Gp), (Role::Administrator, Side::Trust)]
    {
        let user = User::new(router(&t.app), t.user(role, side).signed);
        let walk = Walk { t: &t, user: &user, routes: &routes.paths, secrets: &secrets, pauses: &[] };
        assert!(!secrets.targets(&t, user.signed.as_ref()).is_empty());
        assert_eq!((walk.leaks().await, walk.differences().await), (Vec::new(), Vec::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_tells_everybody_is_heard() {
    let t = unlimited().await;
    let user = User::new(router(&t.app), t.user(Role::CaseOffice, Side::Second).signed);
    let others = t.case_of(Side::First);
    let [heard]: [_; 1] = heard(&t, &user, &routes(&["/lekk/strom"]), &others)
        .await
        .try_into()
        .unwrap_or_else(|_| panic!("one stream"));
    assert!(heard.text.contains(&others), "{}", heard.text);
}

/// In a stay that several share, nothing of what lies between others is shown.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_shared_stay_the_others_messages_are_secrets_too() {
    let t = unlimited().await;
    let secrets = Secrets::of(&t).await;
    let user = User::new(router(&t.app), t.user(Role::CaseOffice, Side::Second).signed);
    let hidden = secrets.hidden_from(&t, user.signed.as_ref());
    assert!(hidden.texts.iter().any(|text| text.contains("den første kommunen")));
    let shared = t.shared_case();
    let shown = user.get(&format!("/tett/opphold/{shared}")).await;
    assert!(shown.text().contains("den andre kommunen"));
    assert_eq!(hidden.found_in(&shown.text(), ""), [].into());
    let unasked = user.get(&format!("/lekk/opphold/{shared}")).await;
    assert!(!hidden.found_in(&unasked.text(), "").is_empty());
}
