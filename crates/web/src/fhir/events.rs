use axum::{
    extract::State,
    http::HeaderMap,
    response::{Response, sse::Event},
};
use jiff::Timestamp;
use samspill_base::Entry;
use samspill_service::access::Action;
use serde::Serialize;

use super::{
    ids,
    search::{Asked, Sent},
};
use crate::{
    App,
    api::{Caller, Changes, Problem, events, last_event},
};

/// That a stay has changed, without what it says: a history of one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    entry: [ChangedEntry; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangedEntry {
    full_url: String,
    request: Request,
    response: Answered,
}

#[derive(Debug, Serialize)]
struct Request {
    method: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    status: &'static str,
    etag: String,
    last_modified: Timestamp,
}

/// What changes in the caller's stays, as server-sent events: `event: Encounter`, with the position in the log as `id`. What it says is
/// read where it points.
pub(super) async fn stream(
    State(app): State<App>,
    Caller(signed): Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked = Asked::read(sent, &["after"])?;
    let after = asked
        .get("after")
        .map(|text| text.parse().map_err(|_| Problem::parameter("after", "write a position")));
    let after = last_event(&headers)?.or(after.transpose()?);
    app.listed(&signed, Action::ListStay, "fhir events", 0).await?;
    Ok(events(Changes::after(app, signed, after)?, changed))
}

fn changed(entry: &Entry) -> Option<Event> {
    let url = format!("Encounter/{}", ids::encounter(&entry.case));
    let at = entry.recorded.unwrap_or(entry.happened);
    let changed = Changed {
        resource_type: "Bundle",
        kind: "history",
        timestamp: at,
        entry: [ChangedEntry {
            full_url: format!("urn:samspill:{url}"),
            request: Request { method: "PUT", url },
            response: Answered {
                status: "200",
                etag: format!("W/\"{}\"", entry.position.0),
                last_modified: at,
            },
        }],
    };
    Event::default().event("Encounter").json_data(changed).ok()
}
