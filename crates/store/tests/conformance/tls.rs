//! Connections to PostgreSQL over TLS: whom a server must be, by what the address asks, and who may come.

use std::{fs, net::TcpListener, path::Path, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use samspill_store::{Options, Store, StoreError};

use crate::{
    bench::{lenient, on_server},
    support::{
        postgres::{Server, programs},
        tell,
    },
};

/// Somebody who signs certificates.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for a name, and its key.
    fn sign(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// A server called `localhost`. Whoever comes to its database `locked` must show a certificate of the same authority.
struct Encrypted {
    server: Server,
    port: u16,
    files: tempfile::TempDir,
}

impl Encrypted {
    fn start() -> Option<Self> {
        programs()?;
        let (own, other) = (Authority::new(), Authority::new());
        let files = tempfile::tempdir().unwrap();
        let (client, client_key) = own.sign("samspill");
        let (stranger, stranger_key) = other.sign("samspill");
        for (name, pem) in [
            ("own.pem", &own.pem),
            ("other.pem", &other.pem),
            ("client.pem", &client),
            ("client.key", &client_key),
            ("stranger.pem", &stranger),
            ("stranger.key", &stranger_key),
        ] {
            fs::write(files.path().join(name), pem).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Server::start_with(|data| settings(data, &own, port))?;
        Some(Self { server, port, files })
    }

    /// Opens a store by TCP. `FILES` in what is asked for is the folder of certificates.
    async fn open(&self, host: &str, database: &str, asked: &str) -> Result<Store, StoreError> {
        let asked = asked.replace("FILES", self.files.path().to_str().unwrap());
        let address = format!("postgres://samspill@{host}:{}/{database}?{asked}", self.port);
        let options = Options { wait: Duration::from_secs(10), ..lenient() };
        Store::open(&address.parse()?, options).await
    }

    /// Whether the store's connections are encrypted, as the server sees them.
    async fn sees_tls(&self, database: &str) -> Vec<String> {
        let sql = "SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                   WHERE application_name = 'samspill' AND datname = current_database()";
        let address = format!("{}&port={}", self.server.address(database), self.port);
        on_server(&address, sql).await.unwrap()
    }
}

fn settings(data: &Path, own: &Authority, port: u16) -> Vec<String> {
    let (certificate, key) = own.sign("localhost");
    let rules = "local all all trust\n\
                 hostssl locked all 127.0.0.1/32 trust clientcert=verify-ca\n\
                 host postgres all 127.0.0.1/32 trust\n";
    for (name, text) in [
        ("server.crt", &certificate),
        ("server.key", &key),
        ("root.crt", &own.pem),
        ("pg_hba.conf", &rules.to_owned()),
    ] {
        fs::write(data.join(name), text).unwrap();
    }
    let port = format!("port={port}");
    ["listen_addresses=127.0.0.1", &port, "ssl=on", "ssl_ca_file=root.crt"].map(str::to_owned).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_believed_as_the_address_asks() {
    let Some(encrypted) = Encrypted::start() else {
        tell("skipped: PostgreSQL is not installed");
        return;
    };
    let rows = [
        ("localhost", "sslmode=verify-full&sslrootcert=FILES/own.pem", Some("true")),
        ("127.0.0.1", "sslmode=verify-full&sslrootcert=FILES/own.pem", None),
        ("localhost", "sslmode=verify-full&sslrootcert=FILES/other.pem", None),
        ("localhost", "sslmode=verify-full", None),
        ("localhost", "sslmode=verify-full&sslrootcert=FILES/none.pem", None),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert=FILES/own.pem", Some("true")),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert=FILES/other.pem", None),
        ("127.0.0.1", "sslmode=require&sslrootcert=FILES/own.pem", Some("true")),
        ("127.0.0.1", "sslmode=require&sslrootcert=FILES/other.pem", None),
        ("localhost", "sslmode=prefer&sslrootcert=FILES/own.pem", None),
        ("localhost", "sslmode=disable&sslrootcert=FILES/own.pem", None),
        ("localhost", "sslrootcert=FILES/own.pem", None),
        ("localhost", "sslmod=verify-full", None),
        ("127.0.0.1", "sslmode=require&channel_binding=require", None),
        ("127.0.0.1", "sslmode=require", Some("true")),
        ("127.0.0.1", "", Some("true")),
        ("127.0.0.1", "sslmode=disable", Some("false")),
    ];
    for (host, asked, seen) in rows {
        let opened = encrypted.open(host, "postgres", asked).await;
        assert_eq!(opened.is_ok(), seen.is_some(), "{host} {asked}: {opened:?}");
        if let (Ok(store), Some(seen)) = (opened, seen) {
            assert_eq!(encrypted.sees_tls("postgres").await, [seen], "{host} {asked}");
            store.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_a_certificate_is_shown_one() {
    let Some(encrypted) = Encrypted::start() else {
        tell("skipped: PostgreSQL is not installed");
        return;
    };
    let address = format!("{}&port={}", encrypted.server.address("postgres"), encrypted.port);
    on_server(&address, "CREATE DATABASE locked").await.unwrap();
    let root = "sslmode=verify-full&sslrootcert=FILES/own.pem";
    for (shown, is_let_in) in [
        ("&sslcert=FILES/client.pem&sslkey=FILES/client.key", true),
        ("&sslcert=FILES/stranger.pem&sslkey=FILES/stranger.key", false),
        ("&sslcert=FILES/client.pem&sslkey=FILES/stranger.key", false),
        ("&sslcert=FILES/client.pem", false),
        ("", false),
    ] {
        let opened = encrypted.open("localhost", "locked", &format!("{root}{shown}")).await;
        assert_eq!(opened.is_ok(), is_let_in, "{shown}: {opened:?}");
        if let Ok(store) = opened {
            store.close().await;
        }
    }
}
