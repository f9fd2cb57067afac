//! Connections over TLS, where the address or the server wants it.

use std::{borrow::Cow, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres::{Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    address::{Address, TlsMode},
    link::Link,
};
use crate::Cause;

/// How connections are encrypted.
pub(super) struct Tls {
    connector: MakeRustlsConnect,
}

impl Tls {
    /// As an address wants it.
    ///
    /// # Errors
    ///
    /// Certificates that can't be read.
    pub(super) fn of(address: &Address) -> Result<Self, Cause> {
        let [roots, certificate, key] = address.certificates();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(Verifier::of(address.tls(), roots, Arc::clone(&provider))?);
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let config = match (certificate, key) {
            (Some(certificate), Some(key)) => {
                // A key that was pasted without its first line would pass for a path.
                let pem =
                    pem(key).map_err(|_| "sslkey is neither a file that can be read nor a key in PEM")?;
                let key = PrivateKeyDer::from_pem_slice(&pem)?;
                builder.with_client_auth_cert(certificates(certificate)?, key)?
            }
            (None, None) => builder.with_no_client_auth(),
            (Some(_), None) | (None, Some(_)) => {
                return Err("sslcert and sslkey go together: give both, or neither".into());
            }
        };
        Ok(Self { connector: MakeRustlsConnect::new(config) })
    }

    /// Makes a connection.
    pub(super) async fn connect(&self, config: &Config) -> Result<Link, Error> {
        let (client, carrier) = config.connect(self.connector.clone()).await?;
        Ok(Link::new(client, carrier))
    }
}

/// What a value of an address stands for: a file, or what would stand in it.
fn pem(value: &str) -> Result<Cow<'_, [u8]>, Cause> {
    if value.contains("-----BEGIN") {
        return Ok(Cow::Borrowed(value.as_bytes()));
    }
    std::fs::read(value).map(Cow::Owned).map_err(|error| format!("could not read {value}: {error}").into())
}

fn certificates(value: &str) -> Result<Vec<CertificateDer<'static>>, Cause> {
    let read: Result<_, _> = CertificateDer::pem_slice_iter(&pem(value)?).collect();
    read.map_err(|error| format!("{value} holds no certificates in PEM: {error}").into())
}

/// Tells whether a server is who it says.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// Who has signed the server's certificate, where that is asked.
    signed: Option<Arc<WebPkiServerVerifier>>,
    name: Name,
}

/// What the server's name must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Any,
    OfCertificate,
}

impl Verifier {
    fn of(mode: TlsMode, roots: Option<&str>, provider: Arc<CryptoProvider>) -> Result<Self, Cause> {
        let name = match mode {
            TlsMode::Off | TlsMode::Prefer | TlsMode::Require => {
                return Ok(Self { provider, signed: None, name: Name::Any });
            }
            TlsMode::VerifyCa => Name::Any,
            TlsMode::VerifyFull => Name::OfCertificate,
        };
        // Whoever says whom to believe believes nobody else: a public authority would sign for any name.
        let mut believed = RootCertStore::empty();
        match roots {
            Some(roots) => certificates(roots)?.into_iter().try_for_each(|root| believed.add(root))?,
            None => believed.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let signed = WebPkiServerVerifier::builder_with_provider(Arc::new(believed), Arc::clone(&provider));
        Ok(Self { provider, signed: Some(signed.build()?), name })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(signed) = &self.signed else { return Ok(ServerCertVerified::assertion()) };
        let verified = signed.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.name == Name::Any => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
