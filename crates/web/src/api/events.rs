use std::convert::Infallible;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, stream};
use jiff::Timestamp;
use samspill_base::Entry;
use samspill_service::access::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    changes::{Changes, Told},
    extract::{Caller, Query},
    link,
    problem::Problem,
};
use crate::App;

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsAsked {
    /// What comes after this position; `Last-Event-ID` goes first. From now on, if neither is said.
    #[param(maximum = 9_007_199_254_740_991_i64)]
    after: Option<u64>,
}

/// Something came into a stay. What it says is read where `entry` points: then it is in the access log who looked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryEvent {
    /// Its position in the log: the id of the event.
    position: u64,
    /// The stay.
    case: String,
    /// What it is.
    kind: String,
    /// When it happened.
    happened: Timestamp,
    /// When it was written into the log.
    recorded: Option<Timestamp>,
    /// Who sent or registered it.
    from: Option<String>,
    /// Whom it is for.
    to: Option<String>,
    /// Where the stay is.
    #[schema(format = "uri-reference")]
    stay: String,
    /// Where the entry is.
    #[schema(format = "uri-reference")]
    entry: String,
}

/// What comes into the caller's stays, as server-sent events: `event: entry`, with the position in the log as `id` and an `EntryEvent` as
/// `data`.
///
/// Each entry comes once and in order, whichever node wrote it. A stream ends after some minutes; opened again with `Last-Event-ID`, as
/// browsers do by themselves, it goes on where it was.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", operation_id = "followEvents",
    params(EventsAsked, ("Last-Event-ID" = Option<u64>, Header, description = "The id of the last event that the caller has")),
    responses((status = 200, description = "A stream of events", body = EntryEvent, content_type = "text/event-stream")))]
pub(crate) async fn stream(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(query): Query<EventsAsked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = last_event(&headers)?.or(query.after);
    app.listed(&signed, Action::ListStay, "events", 0).await?;
    Ok(answer(Changes::after(app, signed, after)?, note))
}

/// The position that a caller has come to.
pub(crate) fn last_event(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get("last-event-id").filter(|value| !value.is_empty()) else { return Ok(None) };
    let position = value.to_str().ok().and_then(|text| text.parse().ok());
    let says = "it is no id of this stream: send the last one you got, or leave it out";
    position.map(Some).ok_or_else(|| Problem::parameter("Last-Event-ID", says))
}

/// Changes as an answer; `event` words each entry.
pub(crate) fn answer(changes: Changes, event: fn(&Entry) -> Option<Event>) -> Response {
    let mut response = Sse::new(events(changes, event)).into_response();
    // Proxies are told not to hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn events(
    changes: Changes,
    event: fn(&Entry) -> Option<Event>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(changes, move |mut changes| async move {
        loop {
            let told = changes.next().await.unwrap_or_else(|problem| {
                tracing::warn!(detail = problem.detail, "a stream ended");
                None
            })?;
            let told = match told {
                Told::Entry(entry) => event(&entry).map(|event| event.id(entry.position.0.to_string())),
                // An event without data is not told to pages, and moves the last id on.
                Told::Beat(position) => Some(Event::default().comment("lever").id(position.to_string())),
            };
            if let Some(told) = told {
                return Some((Ok(told), changes));
            }
        }
    })
}

fn note(entry: &Entry) -> Option<Event> {
    let position = entry.position.0.to_string();
    let note = EntryEvent {
        position: entry.position.0,
        case: entry.case.clone(),
        kind: entry.kind.clone(),
        happened: entry.happened,
        recorded: entry.recorded,
        from: entry.from.clone(),
        to: entry.to.clone(),
        stay: link(&["stays", &entry.case]),
        entry: link(&["stays", &entry.case, "entries", &position]),
    };
    Event::default().event("entry").json_data(note).ok()
}
