//! Health, readiness and metrics over HTTP, for machines nearby.
//!
//! | path | says |
//! |---|---|
//! | `/health` | 200 while the process lives |
//! | `/ready` | 200 where work may be sent here, 503 and why where not |
//! | `/metrics` | what is counted |
//!
//! What goes wrong is answered as `application/problem+json` (RFC 9457). Each answer has an `X-Request-Id`.

use std::{
    any::Any,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{Stop, config::HttpConfig, metrics::Metrics, process::board::Board};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// What requests are answered from.
#[derive(Clone, Debug)]
struct Desk {
    board: Board,
    metrics: Arc<Metrics>,
    requests: Arc<AtomicU64>,
}

/// A listener that answers from the moment it is made.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    listener: TcpListener,
    router: Router,
}

/// Takes the address and port.
pub(crate) async fn listen(
    config: &HttpConfig,
    board: Board,
    metrics: Arc<Metrics>,
) -> io::Result<Listening> {
    let listener = TcpListener::bind((config.address, config.port)).await?;
    let address = listener.local_addr()?;
    let desk = Desk { board, metrics, requests: Arc::default() };
    let routes = Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics_text))
        .with_state(desk.clone());
    Ok(Listening {
        address,
        listener,
        router: limited(routes, config.request_time_max, config.body_bytes_max, desk),
    })
}

impl Listening {
    /// Answers until it is to stop. Requests under way are answered first.
    pub(crate) async fn answer(self, stop: Stop) -> io::Result<()> {
        let asked = async move { stop.asked().await };
        axum::serve(self.listener, self.router).with_graceful_shutdown(asked).await
    }
}

/// The routes with their limits. The outermost layer sees every answer, and words what went wrong.
fn limited(routes: Router, time_max: Duration, body_bytes_max: usize, desk: Desk) -> Router {
    routes
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time_max))
        .layer(RequestBodyLimitLayer::new(body_bytes_max))
        .layer(middleware::from_fn_with_state(desk, told))
}

async fn health() -> Response {
    answer(StatusCode::OK, JSON, json!({"alive": true, "version": env!("CARGO_PKG_VERSION")}).to_string())
}

async fn ready(State(desk): State<Desk>) -> Response {
    let readiness = desk.board.readiness();
    let status = if readiness.is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(status, JSON, readiness.told.to_string())
}

async fn metrics_text(State(desk): State<Desk>) -> Response {
    answer(StatusCode::OK, OPEN_METRICS, desk.metrics.text())
}

fn answer(status: StatusCode, kind: HeaderValue, body: String) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        body,
    )
        .into_response()
}

/// Gives a request its id, counts and logs it, and words an error that has no words.
async fn told(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let id = format!("{:08x}", desk.requests.fetch_add(1, Ordering::Relaxed));
    let (path, method) = (path_of(&request), request.method().clone());
    let began = Instant::now();
    let mut response = next.run(request).await;
    let status = response.status();
    let has_words = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == JSON);
    if status.as_u16() >= 400 && !has_words {
        response = problem(status, response, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    desk.metrics.request(path, status.as_u16());
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(request = id, method = word(&method), path, status = status.as_u16(), ms, "answered");
    response
}

/// The path of a route; what a stranger wrote instead of one is not repeated.
fn path_of(request: &Request) -> &'static str {
    let path = request.uri().path();
    ["/health", "/ready", "/metrics"].into_iter().find(|known| *known == path).unwrap_or("other")
}

fn word(method: &Method) -> &'static str {
    if method == Method::GET { "GET" } else { "other" }
}

fn problem(status: StatusCode, response: Response, id: &str) -> Response {
    let detail = match status {
        StatusCode::NOT_FOUND => "there is nothing here: ask /health, /ready or /metrics",
        StatusCode::METHOD_NOT_ALLOWED => "this is only read: ask with GET",
        StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than `body_bytes_max` in [http] allows",
        StatusCode::SERVICE_UNAVAILABLE => {
            "the answer took longer than `request_time_max` in [http]: ask again"
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            "the program failed: its log says where, under this request's id"
        }
        _ => "the request can't be answered",
    };
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("error"),
        "status": status.as_u16(),
        "detail": detail,
        "instance": format!("request:{id}"),
    });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, PROBLEM);
    Response::from_parts(parts, Body::from(body.to_string()))
}

#[cfg(test)]
mod tests;
