use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::cursor::Cursor;

/// A page of a list that goes by position.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// What is on the page.
    pub(crate) items: Vec<T>,
    /// The address of the next page; none where there is nothing after this one by now.
    #[schema(format = "uri-reference")]
    pub(crate) next: Option<String>,
    /// Where this page ended. Sent as `after` later, it gives what has come since.
    pub(crate) cursor: String,
}

/// Things with the place of each, cut to a page. `asked` is what the address asked for beside the page: `holder=kommune&`.
pub(crate) fn page<T: Serialize>(
    path: &str,
    asked: &str,
    (after, limit): (Cursor, usize),
    mut things: Vec<(Cursor, T)>,
) -> Response {
    let has_more = things.len() > limit;
    things.truncate(limit);
    let cursor = things.last().map_or(after, |(cursor, _)| cursor.clone()).text();
    let next = has_more.then(|| format!("{path}?{asked}limit={limit}&after={cursor}"));
    let link = next.as_ref().and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    let items = things.into_iter().map(|(_, thing)| thing).collect();
    let mut response = Json(Page { items, next, cursor }).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}
