//! The front door as the process keeps it: a place where it listens, TLS where it is done here, and an application behind it once there
//! is one.
//!
//! ```text
//!   connection ─▶ TLS, or none ─▶ HTTP/2 or 1.1 ─▶ Door ──┬─ not open yet: a page that says so (503), and comes again by itself
//!                                                         └─ open: samspill_web::router
//! ```
//!
//! Over TLS, browsers take HTTP/2: then pages that follow events share a connection, where HTTP/1.1 gives a browser six for all of them.
//!
//! A stop ends streams at once, so that who listens goes to another node; other requests are finished.

mod listen;
mod plain;
mod tls;
mod waiting;

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::StreamExt as _;
use tower::ServiceExt as _;

pub(crate) use listen::listen;
pub use tls::TlsError;
pub(crate) use tls::check as check_tls;
pub use waiting::Waiting;

use crate::Stop;

/// What stands behind the listener. Clones are the same.
#[derive(Clone, Debug)]
pub struct Door {
    routes: Arc<OnceLock<Router>>,
    waiting: Waiting,
    stop: Stop,
}

impl Door {
    /// A door that is closed, with what it says meanwhile.
    pub fn new(waiting: Waiting, stop: Stop) -> Self {
        Self { routes: Arc::default(), waiting, stop }
    }

    /// Opens it, once.
    pub fn open(&self, routes: Router) {
        if self.routes.set(routes).is_err() {
            tracing::warn!("the front door was open already");
        }
    }

    /// What it says while it is closed.
    pub fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// As something that requests are sent to.
    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(through).with_state(self.clone())
    }
}

async fn through(State(door): State<Door>, request: Request) -> Response {
    let Some(routes) = door.routes.get().cloned() else { return door.waiting.answer(request.uri().path()) };
    let Ok(response) = routes.oneshot(request).await;
    if is_stream(&response) { until_stopped(response, &door.stop) } else { response }
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind: &HeaderValue| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// A stream that ends when the process is to stop. Who reads it asks again, says how far it has come, and is answered by another node.
fn until_stopped(response: Response, stop: &Stop) -> Response {
    let stop = stop.clone();
    let asked = async move { stop.asked().await };
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(Box::pin(asked))))
}

#[cfg(test)]
mod tests;
