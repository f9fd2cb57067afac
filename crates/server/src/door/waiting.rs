use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

/// What is said while the front door isn't open. Clones say the same.
#[derive(Clone, Debug)]
pub struct Waiting(Arc<RwLock<String>>);

impl Default for Waiting {
    fn default() -> Self {
        Self::new("Samspill starter.")
    }
}

impl Waiting {
    /// This, until it is said otherwise.
    pub fn new(says: &str) -> Self {
        Self(Arc::new(RwLock::new(says.to_owned())))
    }

    /// Says something else from now on.
    pub fn say(&self, says: &str) {
        says.clone_into(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// A page that comes again by itself; for programs, a problem (RFC 9457).
    pub(super) fn answer(&self, path: &str) -> Response {
        let says = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let is_program = path.starts_with("/api/") || path.starts_with("/fhir/");
        let (kind, body) = if is_program {
            ("application/problem+json", problem(&says))
        } else {
            ("text/html; charset=utf-8", page(&says))
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::RETRY_AFTER, HeaderValue::from_static("2")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
            ),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        (StatusCode::SERVICE_UNAVAILABLE, headers, Body::from(body)).into_response()
    }
}

fn problem(says: &str) -> String {
    serde_json::json!({ "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": says }).to_string()
}

fn page(says: &str) -> String {
    let says = says.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<html lang=\"nb\"><head><meta charset=\"utf-8\"/><meta http-equiv=\"refresh\" content=\"2\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>Samspill</title></head>\
         <body><main><h1>Samspill</h1><p role=\"status\">{says}</p><p>Siden kommer av seg selv.</p></main></body></html>\n"
    )
}
