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
//! A stop ends streams at once, so that who listens goes to another node; other requests are finished. So does another application that
//! is put in the place of the one before.

mod listen;
mod plain;
mod tls;
mod waiting;

use std::sync::{Arc, PoisonError, RwLock};

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
    opened: Arc<RwLock<Option<Opened>>>,
    waiting: Waiting,
    stop: Stop,
}

/// What stands open.
#[derive(Clone, Debug)]
struct Opened {
    routes: Router,
    /// Asked when something else stands open instead.
    over: Stop,
}

impl Door {
    /// A door that is closed, with what it says meanwhile.
    pub fn new(waiting: Waiting, stop: Stop) -> Self {
        Self { opened: Arc::default(), waiting, stop }
    }

    /// Opens it, or puts this in the place of what stood open. Requests that are under way there are finished; streams end, and who listens
    /// asks again. Gives what is asked when something else takes its place.
    pub fn open(&self, routes: Router) -> Stop {
        let over = Stop::default();
        let opened = Opened { routes, over: over.clone() };
        let before = self.opened.write().unwrap_or_else(PoisonError::into_inner).replace(opened);
        if let Some(before) = before {
            before.over.ask();
        }
        over
    }

    fn opened(&self) -> Option<Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
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
    let Some(opened) = door.opened() else { return door.waiting.answer(request.uri().path()) };
    let Ok(response) = opened.routes.oneshot(request).await;
    if is_stream(&response) { until_stopped(response, door.stop, opened.over) } else { response }
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind: &HeaderValue| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// A stream that ends when the process is to stop, or something else stands open. Who reads it asks again, says how far it has come, and is
/// answered by another node, or by what stands open then.
fn until_stopped(response: Response, stop: Stop, over: Stop) -> Response {
    let asked = async move {
        tokio::select! {
            () = stop.asked() => {}
            () = over.asked() => {}
        }
    };
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(Box::pin(asked))))
}

#[cfg(test)]
mod tests;
