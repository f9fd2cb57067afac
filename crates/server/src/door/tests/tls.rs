//! TLS at the front door: who is agreed with, and a certificate that is changed while it is used.

use std::{fs, path::PathBuf};

use tempfile::TempDir;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion, version::TLS12,
        version::TLS13,
    },
};

use super::*;
use crate::config::SecretPlace;

/// A certificate for this machine, and its key.
pub(super) struct Pair {
    pub(super) certificate: String,
    pub(super) key: String,
    der: rustls_pki_types::CertificateDer<'static>,
}

impl Pair {
    pub(super) fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        Self {
            certificate: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
            der: made.cert.der().clone(),
        }
    }
}

/// A door with TLS, and the files of its pair.
pub(super) struct TlsTest {
    pub(super) test: Test,
    folder: TempDir,
}

impl TlsTest {
    /// With a page.
    async fn begin(pair: &Pair) -> Self {
        let test = Self::bare(pair).await;
        test.test.door.open(Router::new().route("/", get(|| async { "her" })));
        test
    }

    /// With nothing behind it yet.
    pub(super) async fn bare(pair: &Pair) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("tls.pem"), &pair.certificate);
        write(&folder.path().join("nokkel.pem"), &pair.key);
        let config = WebConfig {
            certificate: Some(folder.path().join("tls.pem")),
            certificate_key: Some(SecretPlace::File(folder.path().join("nokkel.pem"))),
            ..config()
        };
        Self { test: Test::with(&config).await, folder }
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("tls.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("nokkel.pem")
    }

    /// Agrees on TLS, by this version and one of these protocols, and believes these certificates.
    pub(super) async fn connect(
        &self,
        believed: &[&Pair],
        version: &'static SupportedProtocolVersion,
        protocols: &[&[u8]],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        for pair in believed {
            roots.add(pair.der.clone()).unwrap();
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let client =
            ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
        let mut client = client.with_root_certificates(roots).with_no_client_auth();
        client.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let stream = TcpStream::connect(self.test.address).await.unwrap();
        TlsConnector::from(Arc::new(client)).connect("localhost".try_into().unwrap(), stream).await
    }

    /// Whether the pair is the one that who comes now is given.
    async fn gives(&self, pair: &Pair) -> bool {
        self.connect(&[pair], &TLS13, &[]).await.is_ok()
    }
}

/// As whoever renews a certificate does: beside it, and then in its place.
fn write(path: &std::path::Path, text: &str) {
    let beside = path.with_extension("ny");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

async fn asked(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"her") {
        let mut bytes = [0; 512];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "cut off: {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_agreed_on() {
    let pair = Pair::new();
    let test = TlsTest::begin(&pair).await;
    for (version, expected) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let mut stream = test.connect(&[&pair], version, &[]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(expected));
        assert!(asked(&mut stream).await.starts_with("HTTP/1.1 200"));
    }
    assert!(!test.gives(&Pair::new()).await, "another certificate isn't ours");
}

#[tokio::test]
async fn who_comes_without_tls_is_told_to_write_https() {
    let pair = Pair::new();
    let test = TlsTest::begin(&pair).await;
    let told = test.test.get("/opphold?hemmelig").await;
    assert!(
        told.starts_with("HTTP/1.1 400") && told.ends_with("Write https:// before the address.\n"),
        "{told}"
    );
    assert!(!told.contains("hemmelig") && !told.contains("ocation"), "nobody is sent on: {told}");
    let mut noise = TcpStream::connect(test.test.address).await.unwrap();
    noise.write_all(&[0x16, 3, 1, 0, 2, 9, 9, 9, 9, 9]).await.unwrap();
    let mut rest = Vec::new();
    let _cut_or_ended = noise.read_to_end(&mut rest).await;
    assert!(!rest.starts_with(b"HTTP"), "{rest:?}");
    assert!(test.gives(&pair).await, "others come in all the same");
}

#[tokio::test]
async fn a_renewed_pair_is_given_to_who_comes_next_and_open_connections_go_on() {
    let (old, new) = (Pair::new(), Pair::new());
    let test = TlsTest::begin(&old).await;
    let mut open = test.connect(&[&old], &TLS13, &[]).await.unwrap();
    assert!(asked(&mut open).await.starts_with("HTTP/1.1 200"));
    write(&test.certificate(), &new.certificate);
    assert!(test.gives(&old).await, "half of a new pair isn't used");
    assert!(asked(&mut open).await.starts_with("HTTP/1.1 200"));
    write(&test.key(), &new.key);
    assert!(test.gives(&new).await && !test.gives(&old).await);
    assert!(asked(&mut open).await.starts_with("HTTP/1.1 200"), "who was there before stays");
    // And in the other order.
    write(&test.key(), &old.key);
    assert!(test.gives(&new).await);
    write(&test.certificate(), &old.certificate);
    assert!(test.gives(&old).await && !test.gives(&new).await);
    assert!(asked(&mut open).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_leaves_the_one_before() {
    let (old, other) = (Pair::new(), Pair::new());
    let test = TlsTest::begin(&old).await;
    let cut = &other.certificate[..other.certificate.len() / 2];
    for (what, certificate, key) in [
        ("no PEM", "sertifikat", old.key.as_str()),
        ("nothing", "", &old.key),
        ("half a file", cut, &other.key),
        ("another's key", &old.certificate, &other.key),
        ("no key", &other.certificate, "nokkel"),
    ] {
        write(&test.certificate(), certificate);
        write(&test.key(), key);
        assert!(test.gives(&old).await, "{what}");
    }
    fs::remove_file(test.certificate()).unwrap();
    fs::remove_file(test.key()).unwrap();
    assert!(test.gives(&old).await, "no files");
    write(&test.key(), &other.key);
    write(&test.certificate(), &other.certificate);
    assert!(test.gives(&other).await, "the next good pair is used");
}

#[tokio::test]
async fn a_door_whose_pair_is_wrong_from_the_beginning_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (Pair::new(), Pair::new());
    let config = |certificate: &str, key: &str| {
        write(&folder.path().join("tls.pem"), certificate);
        write(&folder.path().join("nokkel.pem"), key);
        WebConfig {
            certificate: Some(folder.path().join("tls.pem")),
            certificate_key: Some(SecretPlace::File(folder.path().join("nokkel.pem"))),
            ..config()
        }
    };
    for (certificate, key, says) in [
        (&one.certificate, &other.key, "don't go together"),
        (&one.key, &one.key, "holds no certificate"),
        (&one.certificate, &one.certificate, "key of the certificate can't be read"),
    ] {
        let error = listen(&config(certificate, key)).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
