//! Forms from elsewhere are refused: who is logged in sends a form only from our own pages.

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use samspill_service::access::Means;
use subtle::ConstantTimeEq;

use super::{Refused, Signed};
use crate::App;

/// The hidden field of forms.
const FIELD: &str = "_token";
/// Where scripts and JSON bring it.
const HEADER: HeaderName = HeaderName::from_static("x-form-token");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request that changes something through if it comes from our own pages.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    match checked(&app, request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

async fn checked(app: &App, request: Request) -> Result<Request, Refused> {
    if changes_nothing(request.method()) || is_by_token(&request) {
        return Ok(request);
    }
    if !is_from_here(request.headers(), app.parts().login.origin()) {
        return Err(Refused::Forged);
    }
    let Some(signed) = request.extensions().get::<Signed>().cloned() else { return Ok(request) };
    match request.headers().get(HEADER) {
        Some(told) if is_same(told.as_bytes(), &signed) => Ok(request),
        Some(_) => Err(Refused::Forged),
        None => with_token_in_body(request, &signed).await,
    }
}

fn changes_nothing(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Whether who asks is known by a token that no browser sends by itself, or is another system with none at all.
fn is_by_token(request: &Request) -> bool {
    match request.extensions().get::<Signed>() {
        Some(signed) => signed.subject.means == Means::Machine,
        None => {
            !request.headers().contains_key(header::COOKIE) && !request.headers().contains_key(header::ORIGIN)
        }
    }
}

/// Whether what browsers say of where a form stood is our own origin, as they write it. Old ones say nothing: then the token decides alone.
pub(crate) fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let said = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = said(&FETCH_SITE).is_none_or(|site| site == "same-origin" || site == "none");
    site && said(&header::ORIGIN).is_none_or(|said| said == origin)
}

fn is_same(told: &[u8], signed: &Signed) -> bool {
    let own = signed.form_token.as_bytes();
    !own.is_empty() && bool::from(told.ct_eq(own))
}

/// Reads the body for its token, and puts it back.
async fn with_token_in_body(request: Request, signed: &Signed) -> Result<Request, Refused> {
    let (parts, body) = request.into_parts();
    // The layer outside has limited it.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| Refused::TooLarge)?;
    let sent =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let told = if sent.starts_with("application/x-www-form-urlencoded") {
        of_form(&bytes)
    } else if sent.starts_with("multipart/form-data") {
        of_parts(sent, &bytes).await
    } else {
        None
    };
    match told {
        Some(told) if is_same(told.as_bytes(), signed) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Some(_) | None => Err(Refused::Forged),
    }
}

fn of_form(bytes: &Bytes) -> Option<String> {
    let fields: Vec<(String, String)> = serde_html_form::from_bytes(bytes).ok()?;
    fields.into_iter().find_map(|(name, value)| (name == FIELD).then_some(value))
}

async fn of_parts(sent: &str, bytes: &Bytes) -> Option<String> {
    let again = Request::builder().header(header::CONTENT_TYPE, sent).body(Body::from(bytes.clone()));
    let mut again = again.ok()?;
    // The layer outside has limited it.
    DefaultBodyLimit::disable().apply(&mut again);
    let mut parts = Multipart::from_request(again, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some(FIELD) {
            return part.text().await.ok();
        }
    }
    None
}
