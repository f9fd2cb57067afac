use axum::response::Response;
use serde::Serialize;

use super::{answer, search::Asked, types::Resource};
use crate::{
    App,
    api::{Cursor, Problem},
};

/// What a search found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bundle<'a, R> {
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    link: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Found<'a, R>>,
}

#[derive(Debug, Serialize)]
struct Link {
    relation: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a, R> {
    full_url: String,
    resource: &'a R,
    search: Mode,
}

#[derive(Debug, Serialize)]
struct Mode {
    mode: &'static str,
}

/// Where a search goes on, and how many it gives.
pub(super) fn paging(asked: &Asked) -> Result<(Cursor, usize), Problem> {
    let after = asked.get("_cursor").map_or(Ok(Cursor::default()), |text| Cursor::read(Some(text)))?;
    Ok((after, asked.count()?))
}

/// Where the facade is, without a slash at the end.
pub(super) fn base(app: &App) -> String {
    format!("{}/fhir", app.parts().settings.origin)
}

/// A page of what was found, by the place of each. There may be one more than a page has: then there is a next one.
pub(super) fn page<R: Resource>(
    app: &App,
    asked: &Asked,
    count: usize,
    mut found: Vec<(Cursor, R)>,
) -> Response {
    let has_more = found.len() > count;
    found.truncate(count);
    let here = format!("{}/{}", base(app), R::TYPE);
    let mut link = vec![Link { relation: "self", url: format!("{here}?{}", asked.address(None)) }];
    if let Some((last, _)) = found.last().filter(|_| has_more) {
        link.push(Link { relation: "next", url: format!("{here}?{}", asked.address(Some(&last.text()))) });
    }
    let entry = found.iter().map(|(_, resource)| Found {
        full_url: format!("{here}/{}", resource.id()),
        resource,
        search: Mode { mode: "match" },
    });
    answer(&Bundle { resource_type: "Bundle", kind: "searchset", link, entry: entry.collect() })
}
