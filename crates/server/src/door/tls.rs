use std::{
    fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

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

#[derive(Debug)]
struct Keeper {
    certificate: PathBuf,
    key: SecretPlace,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// When the file of the certificate was changed last.
    changed: Option<SystemTime>,
}

impl Tls {
    /// As the configuration says; none where it names no certificate.
    pub(super) fn of(config: &WebConfig) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&config.certificate, &config.certificate_key) else {
            return Ok(None);
        };
        let current = Current { config: read(certificate, key)?, changed: changed(certificate) };
        let keeper =
            Keeper { certificate: certificate.clone(), key: key.clone(), current: Mutex::new(current) };
        Ok(Some(Self(Arc::new(keeper))))
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.current()).accept(stream).await
    }

    /// The certificate as it is now. One that was changed and can't be read is told of, and the one before goes on.
    fn current(&self) -> Arc<ServerConfig> {
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = changed(&self.0.certificate);
        if changed.is_some() && changed != current.changed {
            current.changed = changed;
            match read(&self.0.certificate, &self.0.key) {
                Ok(config) => {
                    current.config = config;
                    tracing::info!("the certificate was read anew");
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the changed certificate can't be used: the one before goes on");
                }
            }
        }
        current.config.clone()
    }
}

fn changed(path: &std::path::Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn read(certificate: &std::path::Path, key: &SecretPlace) -> Result<Arc<ServerConfig>, TlsError> {
    let bad = |what: &str| TlsError::Pem(format!("{what}: write it as PEM"));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&fs::read(certificate)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| bad(&format!("{} holds no certificate", certificate.display())))?;
    let key = PrivateKeyDer::from_pem_slice(key.read()?.reveal().as_bytes());
    let key = key.map_err(|_| bad("the key of the certificate can't be read"))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Pair)?;
    Ok(Arc::new(config))
}
