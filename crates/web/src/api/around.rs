//! What surrounds all routes of the API: problems are written with the request's id, and methods and media types are told of.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;

use super::problem::{DESCRIBED, Problem, ProblemKind};
use crate::{App, front::RequestId};

/// How a problem is written, for a request with this id.
pub(crate) type Write = fn(&Problem, &str) -> Response;

/// Puts the layer around routes.
pub(crate) fn around(routes: Router<App>, write: Write) -> Router<App> {
    routes.layer(middleware::from_fn(move |request, next| told(request, next, write)))
}

/// Any path that isn't one.
pub(crate) async fn unknown() -> Problem {
    Problem::not_there()
}

async fn told(request: Request, next: Next, write: Write) -> Response {
    let instance = instance(&request);
    let method = request.method().clone();
    let wanted = request.headers().get_all(header::ACCEPT).iter().cloned().collect::<Vec<_>>();
    let response = next.run(request).await;
    if method == Method::OPTIONS && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // Which methods there are is put in by the router, which is outside this layer.
        return StatusCode::NO_CONTENT.into_response();
    }
    if response.status().is_success() && method.is_safe() && !is_acceptable(&wanted, response.headers()) {
        return write(&not_acceptable(response.headers()), &instance);
    }
    worded(response, &instance, write)
}

/// The request's id, which the front door gave, or one of our own.
fn instance(request: &Request) -> String {
    let given = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    format!("/requests/{}", given.unwrap_or_else(|| Uuid::now_v7().to_string()))
}

/// A problem with its body; any other answer as it is. What a library refused gets our words.
fn worded(mut response: Response, instance: &str, write: Write) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return write(&problem, instance);
    }
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let is_worded =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().ends_with(b"+json"));
    if !is_error || is_worded {
        return response;
    }
    let kind = ProblemKind::of_status(response.status());
    let detail = match kind {
        ProblemKind::Method => "See the Allow header for the methods of this place.",
        ProblemKind::TooLarge => "Send less at a time.",
        ProblemKind::NotSignedIn
        | ProblemKind::Forged
        | ProblemKind::Scope
        | ProblemKind::NotThere
        | ProblemKind::Parameter
        | ProblemKind::Body
        | ProblemKind::Content
        | ProblemKind::KeyMissing
        | ProblemKind::KeyTaken
        | ProblemKind::Changed
        | ProblemKind::MediaType
        | ProblemKind::NotAcceptable
        | ProblemKind::TooMany
        | ProblemKind::Busy
        | ProblemKind::Failed => DESCRIBED,
    };
    let (parts, _) = std::mem::replace(&mut response, Response::new(Body::empty())).into_parts();
    let mut told = write(&Problem::new(kind, detail), instance);
    *told.status_mut() = parts.status;
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = parts.headers.get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

fn not_acceptable(headers: &HeaderMap) -> Problem {
    let given = media_type(headers).unwrap_or_default();
    Problem::new(
        ProblemKind::NotAcceptable,
        format!("It is given as {given}: take that, or */*, into Accept."),
    )
}

/// Whether an answer is of a media type that is wanted. Nothing wanted is anything; a weight of nought is not.
fn is_acceptable(wanted: &[HeaderValue], headers: &HeaderMap) -> bool {
    let Some(given) = media_type(headers) else { return true };
    let text = wanted.iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    text.trim().is_empty() || text.split(',').any(|one| takes(one, given))
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    said.split(';').next().map(str::trim)
}

fn takes(range: &str, given: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let is_nought = parts.any(|part| {
        let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
        weight.is_some_and(|weight| weight.bytes().all(|byte| byte == b'0' || byte == b'.'))
    });
    let (kind, sub) = range.split_once('/').unwrap_or((range, "*"));
    let (given_kind, given_sub) = given.split_once('/').unwrap_or((given, ""));
    let fits = |asked: &str, has: &str| asked == "*" || asked.eq_ignore_ascii_case(has);
    // JSON is what FHIR's and the problems' types are.
    let is_json = sub.eq_ignore_ascii_case("json") && given_sub.ends_with("+json");
    !is_nought && fits(kind, given_kind) && (fits(sub, given_sub) || is_json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wanted_media_type_is_taken_at_its_word() {
        let rows = [
            ("", "application/json", true),
            ("*/*", "application/json", true),
            ("application/*", "application/json", true),
            ("text/html, application/json;q=0.1", "application/json", true),
            ("application/json;q=0", "application/json", false),
            ("application/json;q=0.0", "application/json", false),
            ("text/html", "application/json", false),
            ("application/json", "application/fhir+json", true),
            ("application/fhir+json", "application/json", false),
            ("text/event-stream", "text/event-stream", true),
        ];
        for (wanted, given, expected) in rows {
            let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(given))].into_iter().collect();
            let wanted = [HeaderValue::from_static(wanted)];
            assert_eq!(is_acceptable(&wanted, &headers), expected, "{wanted:?} {given}");
        }
    }
}
