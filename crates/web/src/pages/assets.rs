//! Styles and scripts, under a path with a digest of all of them: browsers keep them for a year, and another program has another path.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

use crate::{App, Refused};

/// Name and contents, our own first.
static ASSETS: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (name, contents) in ASSETS {
        all.update(name);
        all.update((contents.len() as u64).to_be_bytes());
        all.update(contents);
    }
    all.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes all letters");
        text
    })
});

/// What a browser keeps for as long as it likes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The static files.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/statisk/{digest}/{name}", get(file))
}

/// Where a file is found; `None` where the program was built without it.
pub fn asset(name: &str) -> Option<String> {
    find(name).map(|_| format!("/statisk/{}/{name}", *DIGEST))
}

/// The addresses of styles, in the order in which they are read: what others wrote gives way to ours by layers.
pub(crate) fn styles() -> Vec<String> {
    let order = ["samspill.css", "reading.css", "designsystemet-theme.css", "designsystemet.css"];
    order.into_iter().filter_map(asset).collect()
}

/// The addresses of scripts.
pub(super) fn scripts() -> Vec<String> {
    ["htmx.js", "samspill.js"].into_iter().filter_map(asset).collect()
}

async fn file(Path((_, name)): Path<(String, String)>) -> Result<Response, Refused> {
    let contents = find(&name).ok_or(Refused::NotThere)?;
    let kind = HeaderValue::from_static(content_type(&name));
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOREVER)];
    Ok((headers, contents).into_response())
}

fn find(name: &str) -> Option<&'static [u8]> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(_, contents)| *contents)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}
