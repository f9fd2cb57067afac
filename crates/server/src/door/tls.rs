use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

use super::listen::Speaks;
use crate::config::{SecretError, SecretPlace, WebConfig};

/// Why TLS can't be done.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The address, or the file of the certificate.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The key isn't where it should be.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The file holds no certificate, or the key is none.
    #[error("{0}")]
    Pem(String),
    /// The key isn't the certificate's.
    #[error("the certificate and its key don't go together")]
    Pair(#[source] tokio_rustls::rustls::Error),
}

/// TLS by a certificate that may be changed while it is used. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Tls(Arc<Keeper>);

/// Who came.
#[derive(Debug)]
pub(super) enum Accepted {
    /// Somebody with whom TLS was agreed on.
    Tls(Box<TlsStream<TcpStream>>),
    /// Somebody who speaks HTTP without it. Nothing was read.
    Plain(TcpStream),
}

/// A pair that can't be used is tried again after so long, also if its files haven't changed: what failed may have been the machine.
const TRY_AGAIN: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Keeper {
    certificate: PathBuf,
    key: SecretPlace,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// The files that it was read from.
    files: Files,
    /// The files that couldn't be used since, and when that was tried.
    failed: Option<(Files, Instant)>,
}

/// The files of the certificate and of its key as they are. One that isn't there, and a key in the environment, is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Files([Option<Stamp>; 2]);

/// What changes when a file is written or another is put in its place.
#[cfg(unix)]
type Stamp = (u64, u64, u64, i64, i64);
#[cfg(not(unix))]
type Stamp = (u64, Option<std::time::SystemTime>);

impl Tls {
    /// As the configuration says; none where it names no certificate.
    pub(super) fn of(config: &WebConfig) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&config.certificate, &config.certificate_key) else {
            return Ok(None);
        };
        // Looked at first: what changes while it is read is read again.
        let files = Files::of(certificate, key);
        let current = Current { config: read(certificate, key)?, files, failed: None };
        let keeper =
            Keeper { certificate: certificate.clone(), key: key.clone(), current: Mutex::new(current) };
        Ok(Some(Self(Arc::new(keeper))))
    }

    /// Agrees on TLS with who comes.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<Accepted> {
        let mut first = [0];
        // TLS begins with the byte 22, and HTTP with the name of a method.
        if stream.peek(&mut first).await? > 0 && first[0].is_ascii_uppercase() {
            return Ok(Accepted::Plain(stream));
        }
        let accepted = TlsAcceptor::from(self.current()).accept(stream).await?;
        Ok(Accepted::Tls(Box::new(accepted)))
    }

    /// The certificate as it is now. One that was changed and can't be used is told of, and the one before goes on until there is one
    /// that can: the two files needn't be changed at once, nor in any order.
    fn current(&self) -> Arc<ServerConfig> {
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        let files = Files::of(&self.0.certificate, &self.0.key);
        if files == current.files {
            current.failed = None;
        } else if current.is_worth_a_try(files) {
            match read(&self.0.certificate, &self.0.key) {
                Ok(config) => {
                    *current = Current { config, files, failed: None };
                    tracing::info!("the certificate was read anew");
                }
                Err(error) => current.has_failed(files, &error),
            }
        }
        current.config.clone()
    }
}

impl Current {
    fn is_worth_a_try(&self, files: Files) -> bool {
        self.failed.is_none_or(|(failed, at)| failed != files || at.elapsed() >= TRY_AGAIN)
    }

    /// Notes it, and tells it once.
    fn has_failed(&mut self, files: Files, error: &TlsError) {
        if self.failed.is_none_or(|(failed, _)| failed != files) {
            tracing::warn!(error = %error, "the changed certificate can't be used: the one before goes on");
        }
        self.failed = Some((files, Instant::now()));
    }
}

impl Files {
    fn of(certificate: &Path, key: &SecretPlace) -> Self {
        let key = match key {
            SecretPlace::File(path) => stamp(path),
            SecretPlace::Env(_) => None,
        };
        Self([stamp(certificate), key])
    }
}

#[cfg(unix)]
fn stamp(path: &Path) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;
    let data = fs::metadata(path).ok()?;
    Some((data.dev(), data.ino(), data.size(), data.ctime(), data.ctime_nsec()))
}

#[cfg(not(unix))]
fn stamp(path: &Path) -> Option<Stamp> {
    let data = fs::metadata(path).ok()?;
    Some((data.len(), data.modified().ok()))
}

/// Whether TLS can be done as the configuration says.
///
/// # Errors
/// As when it is done.
pub(crate) fn check(config: &WebConfig) -> Result<(), TlsError> {
    Tls::of(config).map(drop)
}

fn read(certificate: &Path, key: &SecretPlace) -> Result<Arc<ServerConfig>, TlsError> {
    let bad = |what: &str| TlsError::Pem(format!("{what}: write it as PEM"));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&fs::read(certificate)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| bad(&format!("{} holds no certificate", certificate.display())))?;
    let key = PrivateKeyDer::from_pem_slice(key.read()?.reveal().as_bytes());
    let key = key.map_err(|_| bad("the key of the certificate can't be read"))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Pair)?;
    config.alpn_protocols = Speaks::OFFERED.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(Arc::new(config))
}
