use std::{net::SocketAddr, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::tls::{Tls, TlsError};
use crate::{Stop, config::WebConfig};

/// How long somebody may take to agree on TLS.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long the head of a request may take.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// How long to rest after the system could take no connection: it is out of something.
const REST: Duration = Duration::from_millis(200);

/// A listener, and what it does with who comes.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    listener: TcpListener,
    tls: Option<Tls>,
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
    match tls {
        None => serve(stream, router, watcher).await,
        Some(tls) => match tokio::time::timeout(HANDSHAKE_MAX, tls.accept(stream)).await {
            Ok(Ok(stream)) => serve(stream, router, watcher).await,
            Ok(Err(error)) => tracing::debug!(error = %error, "no TLS was agreed on"),
            Err(_) => tracing::debug!("nobody agreed on TLS in time"),
        },
    }
}

async fn serve<S>(stream: S, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_MAX);
    let served = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(error = %error, "a connection ended early");
    }
}
