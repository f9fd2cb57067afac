//! What handlers of pages answer with.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{Refused, login::is_here};

/// A page. Nothing on the way keeps it: it may be about a patient.
pub fn html(template: &impl Template) -> Result<Response, Refused> {
    let text = template.render().map_err(Refused::failed)?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, text).into_response())
}

/// On to a page of ours, after a form was taken. An address that isn't ours, or can't stand in a header, leads to the start page.
pub fn see_other(path: &str) -> Response {
    let path = if is_here(path) { path } else { "/" };
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}
