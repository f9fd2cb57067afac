use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderValue, header::COOKIE},
    response::Response,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tower::ServiceExt as _;

use super::{
    plain,
    tls::{Accepted, Tls, TlsError},
};
use crate::{Stop, config::WebConfig};

/// How long somebody may take to agree on TLS.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long the head of a request may take, and the first request of a connection may be waited for.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// How long to rest after the system could take no connection: it is out of something.
const REST: Duration = Duration::from_millis(200);
/// Over HTTP/2, how often who is silent is asked whether they are still there, and how long they have to say so.
const ASK_EVERY: Duration = Duration::from_secs(30);
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// Requests that may be under way on one connection of HTTP/2, streams of events among them.
const STREAMS_MAX: u32 = 100;

/// A listener, and what it does with who comes.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    listener: TcpListener,
    tls: Option<Tls>,
}

/// What a connection speaks, as was agreed with TLS (ALPN). Without TLS it is HTTP/1.1: browsers speak HTTP/2 over TLS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Http1,
    Http2,
}

/// Takes the address and port.
pub(crate) async fn listen(config: &WebConfig) -> Result<Listening, TlsError> {
    let listener = TcpListener::bind((config.address, config.port)).await?;
    let address = listener.local_addr()?;
    Ok(Listening { address, listener, tls: Tls::of(config)? })
}

impl Listening {
    /// Answers until it is to stop; what is under way then is finished.
    pub(crate) async fn answer(self, router: Router, stop: Stop) {
        let (graceful, mut connections) = (GracefulShutdown::new(), JoinSet::new());
        loop {
            let accepted = tokio::select! {
                () = stop.asked() => break,
                accepted = self.listener.accept() => accepted,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, peer)) => {
                    let router = router.clone().layer(Extension(ConnectInfo(peer)));
                    let (tls, watcher) = (self.tls.clone(), graceful.watcher());
                    connections.spawn(async move { connection(stream, tls, router, watcher).await });
                }
                Err(error) => {
                    tracing::warn!(error = %error, "no connection can be taken now");
                    tokio::time::sleep(REST).await;
                }
            }
        }
        drop(self.listener);
        graceful.shutdown().await;
        while connections.join_next().await.is_some() {}
    }
}

type Watcher = hyper_util::server::graceful::Watcher;

async fn connection(stream: TcpStream, tls: Option<Tls>, router: Router, watcher: Watcher) {
    // What is small is sent at once: a stream of events lives by it.
    let _best_effort = stream.set_nodelay(true);
    let Some(tls) = tls else { return serve(stream, Speaks::Http1, router, watcher).await };
    match tokio::time::timeout(HANDSHAKE_MAX, tls.accept(stream)).await {
        Ok(Ok(Accepted::Tls(stream))) => {
            let speaks = Speaks::agreed(stream.get_ref().1.alpn_protocol());
            serve(*stream, speaks, router, watcher).await;
        }
        Ok(Ok(Accepted::Plain(stream))) => plain::refuse(stream).await,
        Ok(Err(error)) => tracing::debug!(error = %error, "no TLS was agreed on"),
        Err(_) => tracing::debug!("nobody agreed on TLS in time"),
    }
}

impl Speaks {
    /// What is offered, the best first.
    pub(super) const OFFERED: [&'static [u8]; 2] = [b"h2", b"http/1.1"];

    fn agreed(protocol: Option<&[u8]>) -> Self {
        if protocol == Some(Self::OFFERED[0]) { Self::Http2 } else { Self::Http1 }
    }
}

async fn serve<S>(stream: S, speaks: Speaks, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let was_asked = Arc::new(AtomicBool::new(false));
    let asked = was_asked.clone();
    let service = service_fn(move |request| {
        asked.store(true, Ordering::Relaxed);
        answered(router.clone(), request)
    });
    let served = watcher.watch(http(speaks).serve_connection(TokioIo::new(stream), service).into_owned());
    tokio::select! {
        served = served => if let Err(error) = served {
            tracing::debug!(error = error.as_ref() as &dyn std::error::Error, "a connection ended early");
        },
        () = silence(&was_asked) => tracing::debug!("nothing was asked in time"),
    }
}

/// Ends when nothing was asked in time, and not at all where something was.
async fn silence(was_asked: &AtomicBool) {
    tokio::time::sleep(HEAD_MAX).await;
    if was_asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

fn http(speaks: Speaks) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_MAX);
    let mut second = http.http2();
    second.timer(TokioTimer::new()).keep_alive_interval(ASK_EVERY).keep_alive_timeout(ANSWER_MAX);
    second.max_concurrent_streams(STREAMS_MAX);
    match speaks {
        Speaks::Http1 => http.http1_only(),
        Speaks::Http2 => http.http2_only(),
    }
}

async fn answered(router: Router, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let mut request = request.map(Body::new);
    join_cookies(request.headers_mut());
    router.oneshot(request).await
}

/// Over HTTP/2 a browser may send each cookie in a header of its own; they are one again before anybody reads them (RFC 9113, 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().count() < 2 {
        return;
    }
    let all: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}
