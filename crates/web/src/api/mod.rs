//! The API: how other systems read, write and follow along. Version 1 is under `/api/v1`; `/openapi.json` describes it, made from this code.
//!
//! ```text
//!   request ─▶ around ─▶ handler ─▶ front door (App::stay, App::may, Signed::sees) ─▶ store, projections, mailroom
//!                 │                                                      │
//!                 └◀── problem+json, Allow, HEAD, OPTIONS, 406 ◀─────────┘
//! ```
//!
//! Lists and streams go by position in the log: pages while entries arrive pass nothing over. What is written is written once for each
//! `Idempotency-Key`, and checked against `If-Match` where the caller sends it.

mod agreements;
mod around;
mod asked;
mod changes;
mod cursor;
mod duties;
mod entries;
mod etag;
mod events;
mod explain;
mod extract;
mod intake;
mod key;
mod log_in;
mod log_out;
mod messages;
mod openapi;
mod page;
mod problem;
mod shape;
mod stays;
mod write;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

pub(crate) use around::{Write, around, unknown};
pub(crate) use changes::Changes;
pub(crate) use cursor::Cursor;
pub(crate) use events::{answer as events, last_event};
pub(crate) use extract::{Body, Caller, Path, is_of};
pub(crate) use messages::{MessageDoor, may_read};
pub(crate) use problem::{Problem, ProblemKind, written};
pub(crate) use shape::{Attachment, status_at};

use crate::App;

/// Where version 1 begins.
const V1: &str = "/api/v1";

/// Bytes of a log that is handed in at once, at the most.
const LOG_BYTES_MAX: usize = 32 << 20;

/// Bytes of a message that is handed in, at the most.
const MESSAGE_BYTES_MAX: usize = 20 << 20;

/// The routes of the API.
pub(crate) fn routes() -> Router<App> {
    let routes =
        Router::new().route("/openapi.json", get(openapi::document)).nest(V1, v1().fallback(around::unknown));
    around(routes, problem::written)
}

fn v1() -> Router<App> {
    Router::new()
        .route("/problems/{problem}", get(openapi::problem))
        .route("/stays", get(stays::list).post(entries::begin))
        .route("/stays/{case}", get(stays::one))
        .route("/stays/{case}/days", get(stays::days))
        .route("/stays/{case}/entries", get(entries::list).post(entries::append))
        .route("/stays/{case}/entries/{position}", get(entries::one))
        .route("/stays/{case}/duties/{duty}/explanation", get(explain::duty))
        .route("/stays/{case}/days/{meter}/{date}/explanation", get(explain::day))
        .route("/duties", get(duties::list))
        .route(
            "/messages",
            get(messages::list).merge(post(intake::hand_in).layer(DefaultBodyLimit::max(MESSAGE_BYTES_MAX))),
        )
        .route("/messages/{number}", get(messages::one))
        .route("/messages/{number}/document", get(messages::document))
        .route("/messages/{number}/attachments/{attachment}", get(messages::attachment))
        .route("/agreements", get(agreements::list))
        .route("/agreements/{agreement}/versions/{version}", get(agreements::one))
        .route("/agreements/{agreement}/versions/{version}/text", get(agreements::text))
        .route(
            "/log",
            get(log_out::stream).merge(post(log_in::take).layer(DefaultBodyLimit::max(LOG_BYTES_MAX))),
        )
        .route("/events", get(events::stream))
}

/// A path of version 1, each part encoded.
pub(crate) fn link(parts: &[&str]) -> String {
    let encoded = parts.iter().map(|part| encoded(part));
    std::iter::once(V1.to_owned()).chain(encoded).collect::<Vec<_>>().join("/")
}

/// A part of a path or a value of a query, with all but letters, digits, `-`, `.`, `_`, `~` and `@` encoded.
pub(crate) fn encoded(part: &str) -> String {
    part.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_encodes_what_paths_cant_hold() {
        assert_eq!(link(&["stays", "a/b ?ø"]), "/api/v1/stays/a%2Fb%20%3F%C3%B8");
        assert_eq!(
            link(&["stays", "opphold-1", "duties", "svar@3"]),
            "/api/v1/stays/opphold-1/duties/svar@3"
        );
    }
}
