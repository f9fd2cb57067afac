use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use url::Url;

use super::Trust;

/// Bytes to and from a broker that can be cut off from outside. Without that, a peer that takes nothing more would hold the
/// library's task for ever.
#[derive(Debug)]
pub(super) struct Line<S> {
    stream: S,
    cut_while_reading: Pin<Box<WaitForCancellationFutureOwned>>,
    cut_while_writing: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S> Line<S> {
    pub(super) fn new(stream: S, cut: &CancellationToken) -> Self {
        let waiting = || Box::pin(cut.clone().cancelled_owned());
        Self { stream, cut_while_reading: waiting(), cut_while_writing: waiting() }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Line<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.cut_while_reading.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Line<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.cut_while_writing.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut_while_writing.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut_while_writing.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the line was cut off on our side")
}

/// A TCP connection on which a peer that is gone is noticed also while we write.
pub(super) async fn connect(url: &Url, port: u16, silence_max: Duration) -> io::Result<TcpStream> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, url.port().unwrap_or(port))).await?;
    stream.set_nodelay(true)?;
    let socket = SockRef::from(&stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(silence_max))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(silence_max))?;
    Ok(stream)
}

/// TLS over a stream.
pub(super) async fn encrypt<S>(
    stream: S,
    url: &Url,
    trust: &Trust,
) -> io::Result<tokio_rustls::client::TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    let config = client_config(trust).map_err(io::Error::other)?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

fn client_config(trust: &Trust) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = match trust {
        Trust::System => builder.with_platform_verifier().map_err(|error| error.to_string())?,
        Trust::File(path) => {
            let mut roots = RootCertStore::empty();
            let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| named(&error))? {
                let certificate = certificate.map_err(|error| named(&error))?;
                roots.add(certificate).map_err(|error| named(&error))?;
            }
            builder.with_root_certificates(roots)
        }
    };
    Ok(builder.with_no_client_auth())
}
