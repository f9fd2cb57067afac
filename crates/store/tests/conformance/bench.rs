use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use samspill_store::{Fsync, Options, Place, Store};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::support::{postgres, tell};

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($bench:ident: $type:ty) $body:block)+) => {
        $(
            $(#[$doc])*
            async fn $name($bench: $type) $body
        )+
        mod on_sqlite { $(#[test] fn $name() { crate::bench::on_sqlite(|bench| Box::pin(super::$name(bench))); })+ }
        mod on_postgres { $(#[test] fn $name() { crate::bench::on_postgres(|bench| Box::pin(super::$name(bench))); })+ }
    };
}

pub(crate) use on_both;

/// Options for our server, which doesn't write through.
pub(crate) fn lenient() -> Options {
    Options { fsync: Fsync::Waived, ..Options::default() }
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A database for one test, empty when it begins.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) kind: Kind,
    pub(crate) address: String,
    /// Shared with those that were made from it, so that a store outlives its own bench.
    folder: Arc<tempfile::TempDir>,
}

type Test = fn(Bench) -> Pin<Box<dyn Future<Output = ()>>>;

/// Runs a test on a new file.
pub(crate) fn on_sqlite(test: Test) {
    run(async move { test(Bench::sqlite()).await });
}

/// Runs a test on a new database of the server, if there is one.
pub(crate) fn on_postgres(test: Test) {
    let Some(server) = postgres::server() else {
        tell("skipped: PostgreSQL is not installed");
        return;
    };
    run(async move { test(Bench::postgres(server).await).await });
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// A number that no other database of this process has.
fn next_number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

impl Bench {
    /// A new file.
    pub(crate) fn sqlite() -> Self {
        Self::sqlite_in(Arc::new(tempfile::tempdir().unwrap()))
    }

    fn sqlite_in(folder: Arc<tempfile::TempDir>) -> Self {
        let path = folder.path().join(format!("test_{}.db", next_number()));
        Self { kind: Kind::Sqlite, address: format!("sqlite:{}", path.display()), folder }
    }

    /// A new database of a server.
    pub(crate) async fn postgres(server: &postgres::Server) -> Self {
        let name = format!("test_{}", next_number());
        on_server(&server.address("postgres"), &format!("CREATE DATABASE {name}")).await.unwrap();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self { kind: Kind::Postgres, address: server.address(&name), folder }
    }

    /// Another empty database of the same kind.
    pub(crate) async fn another(&self) -> Self {
        match self.kind {
            Kind::Sqlite => Self::sqlite_in(self.folder.clone()),
            Kind::Postgres => Self::postgres(postgres::server().unwrap()).await,
        }
    }

    /// A file of this test.
    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn place(&self) -> Place {
        self.address.parse().unwrap()
    }

    /// The store, without projections.
    pub(crate) async fn open(&self) -> Store {
        self.open_with(lenient()).await
    }

    /// The store, waiting longer than a busy machine takes.
    pub(crate) async fn open_with(&self, options: Options) -> Store {
        let options = Options { wait: options.wait.max(Duration::from_secs(30)), ..options };
        Store::open(&self.place(), options).await.unwrap()
    }

    /// Runs SQL under the store's hands.
    pub(crate) async fn raw(&self, sql: &str) -> Result<(), Failure> {
        match self.kind {
            Kind::Sqlite => Ok(self.sqlite_connection()?.execute_batch(sql)?),
            Kind::Postgres => on_server(&self.address, sql).await.map(drop),
        }
    }

    /// SQL for one of the two.
    pub(crate) async fn raw_each(&self, sqlite: &str, postgres: &str) -> Result<(), Failure> {
        let sql = match self.kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        };
        self.raw(sql).await
    }

    /// The first column of a query, which is text.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        match self.kind {
            Kind::Sqlite => {
                let connection = self.sqlite_connection().unwrap();
                let mut query = connection.prepare(sql).unwrap();
                let rows = query.query_map([], |row| row.get(0)).unwrap();
                rows.collect::<Result<_, _>>().unwrap()
            }
            Kind::Postgres => on_server(&self.address, sql).await.unwrap(),
        }
    }

    fn sqlite_connection(&self) -> rusqlite::Result<rusqlite::Connection> {
        let connection = rusqlite::Connection::open(self.address.strip_prefix("sqlite:").unwrap())?;
        connection.busy_timeout(Duration::from_secs(30))?;
        Ok(connection)
    }
}

/// What went wrong under the store's hands.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs SQL on a connection of its own, and gives the first column of what it found.
pub(crate) async fn on_server(address: &str, sql: &str) -> Result<Vec<String>, Failure> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    let connection = tokio::spawn(connection);
    let found = client.simple_query(sql).await;
    drop(client);
    connection.await??;
    let first = |message| {
        let SimpleQueryMessage::Row(row) = message else { return None };
        row.get(0).map(str::to_owned)
    };
    Ok(found.map_err(said)?.into_iter().filter_map(first).collect())
}

/// The server's own words.
fn said(error: tokio_postgres::Error) -> Failure {
    match error.as_db_error() {
        Some(said) => said.message().into(),
        None => error.into(),
    }
}
