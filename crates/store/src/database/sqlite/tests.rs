use std::{
    future::poll_fn,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use tokio::time::sleep;

use super::{
    super::{Database, Doing, Param, Session},
    Sqlite,
};
use crate::{Options, StoreError};

const ADD: &str = "INSERT INTO t (x) VALUES ($1)";

/// A file with a table `t`, whose only column is its key.
struct Bench {
    folder: tempfile::TempDir,
    database: Sqlite,
}

impl Bench {
    async fn new() -> Self {
        Self::waiting(Duration::from_secs(30)).await
    }

    async fn waiting(wait: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { wait, ..Options::default() };
        let database = Sqlite::open(&folder.path().join("t.db"), &options).await.unwrap();
        let mut session = database.begin_write().await.unwrap();
        session.script("make a table", "CREATE TABLE t (x INTEGER PRIMARY KEY) STRICT").await.unwrap();
        session.commit().await.unwrap();
        Self { folder, database }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Another program that holds the file.
    fn holder(&self) -> rusqlite::Connection {
        let holder = rusqlite::Connection::open(self.file("t.db")).unwrap();
        holder.execute_batch("BEGIN IMMEDIATE").unwrap();
        holder
    }

    async fn adding(&self, number: i64) -> Box<dyn Session> {
        let mut session = self.database.begin_write().await.unwrap();
        add(session.as_mut(), number).await.unwrap();
        session
    }

    /// What all can read.
    async fn kept(&self) -> Vec<i64> {
        numbers(self.database.begin_read().await.unwrap().as_mut()).await
    }
}

async fn add(session: &mut dyn Session, number: i64) -> Result<u64, StoreError> {
    session.run("add", ADD, &[Param::Int(number)]).await
}

/// Begins to do something and drops it. Says whether it was done by then, as it hardly ever is.
async fn drop_on_the_way<T>(mut doing: Doing<'_, T>) -> bool {
    poll_fn(|context| Poll::Ready(doing.as_mut().poll(context).is_ready())).await
}

async fn numbers(session: &mut dyn Session) -> Vec<i64> {
    let rows = session.rows("read", "SELECT x FROM t ORDER BY x", &[]).await.unwrap();
    rows.into_iter().map(|mut row| row.int("t", 0).unwrap()).collect()
}

#[tokio::test]
async fn parameters_are_counted_wherever_they_stand() {
    let bench = Bench::new().await;
    let mut session = bench.database.begin_read().await.unwrap();
    let params =
        [Param::Text("one"), Param::Bytes(b"two"), Param::MaybeInt(None), Param::MaybeText(Some("four"))];
    let sql = "SELECT $4, $2, $3, $1, $2, 5 WHERE $1 = 'one'";
    let mut rows = session.rows("ask", sql, &params).await.unwrap();
    let row = &mut rows[0];
    assert_eq!((row.text("t", 0).unwrap(), row.bytes("t", 1).unwrap()), ("four".to_owned(), b"two".to_vec()));
    assert_eq!((row.maybe_int("t", 2).unwrap(), row.text("t", 3).unwrap()), (None, "one".to_owned()));
    assert_eq!((row.bytes("t", 4).unwrap(), row.int("t", 5).unwrap()), (b"two".to_vec(), 5));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_lets_the_next_in_at_once() {
    let bench = Bench::waiting(Duration::ZERO).await;
    drop(bench.adding(1).await);
    bench.adding(2).await.commit().await.unwrap();
    assert_eq!(bench.kept().await, [2]);
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_can_only_be_dropped() {
    let bench = Bench::new().await;
    let mut session = bench.adding(1).await;
    let error = session.run("fail", "INSERT OR ROLLBACK INTO t (x) VALUES (1)", &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    let broken = [
        add(session.as_mut(), 2).await.map(drop),
        session.rows("read", "SELECT x FROM t", &[]).await.map(drop),
        session.put("add", ADD, &[Param::Int(3)]).await,
        session.script("add", "INSERT INTO t (x) VALUES (4)").await,
        session.script("add", long_script()).await,
        session.commit().await,
    ];
    assert!(broken.iter().all(|done| matches!(done, Err(StoreError::Broken))), "{broken:?}");
    assert!(bench.kept().await.is_empty());
    bench.adding(5).await.commit().await.unwrap();
    assert_eq!(bench.kept().await, [5]);
}

/// A disk that is full while rows are written over others ends the transaction.
#[tokio::test]
async fn a_transaction_that_a_full_disk_ended_does_not_go_on_without_its_beginning() {
    let bench = Bench::new().await;
    let mut session = bench.adding(1).await;
    session.rows("limit the pages", "PRAGMA max_page_count = 10", &[]).await.unwrap();
    let fill = "INSERT INTO t (x) WITH RECURSIVE n (x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n LIMIT 100000) SELECT x FROM n";
    let error = session.run("fill the disk", fill, &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
    let later = add(session.as_mut(), 1_000_000).await;
    let committed = session.commit().await;
    let kept = bench.kept().await;
    match later {
        Err(StoreError::Broken) => assert!(committed.is_err() && kept.is_empty(), "{committed:?} {kept:?}"),
        later => assert!(later.is_ok() && committed.is_ok() && kept == [1, 1_000_000], "{later:?} {kept:?}"),
    }
}

#[tokio::test]
async fn a_commit_that_nobody_waits_for_goes_on_and_gives_the_connection_back() {
    let bench = Bench::new().await;
    for number in 0..50 {
        let committing = bench.adding(number).await.commit();
        drop_on_the_way(committing).await;
    }
    drop(bench.database.begin_write().await.unwrap());
    assert_eq!(bench.kept().await, (0..50).collect::<Vec<_>>());
}

#[tokio::test]
async fn reading_is_a_snapshot_from_the_first_read_on() {
    let bench = Bench::new().await;
    bench.adding(1).await.commit().await.unwrap();
    let mut reading = bench.database.begin_read().await.unwrap();
    assert_eq!(numbers(reading.as_mut()).await, [1]);
    bench.adding(2).await.commit().await.unwrap();
    assert_eq!(numbers(reading.as_mut()).await, [1]);
    assert_eq!(bench.kept().await, [1, 2]);
    let error = add(reading.as_mut(), 3).await.unwrap_err();
    assert!(matches!(error, StoreError::Denied { .. }), "{error:?}");
}

/// In a runtime with one thread: whoever kept it would keep the holder from letting go.
#[tokio::test]
async fn another_program_is_waited_for_without_a_thread() {
    let bench = Bench::new().await;
    let holder = bench.holder();
    let (begun, ()) = tokio::join!(bench.database.begin_write(), async {
        sleep(Duration::from_millis(20)).await;
        holder.execute_batch("COMMIT").unwrap();
    });
    add(begun.unwrap().as_mut(), 1).await.unwrap();
}

#[tokio::test]
async fn another_program_that_goes_on_holding_the_file_is_told_and_the_next_may_try() {
    let bench = Bench::waiting(Duration::from_millis(30)).await;
    let holder = bench.holder();
    for _ in 0..2 {
        let error = bench.database.begin_write().await.err().unwrap();
        assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    }
    drop(holder);
    bench.adding(1).await.commit().await.unwrap();
}

#[tokio::test]
async fn those_who_wait_too_long_for_a_transaction_of_ours_are_told() {
    let bench = Bench::waiting(Duration::from_millis(30)).await;
    let writing = bench.adding(1).await;
    let error = bench.database.begin_write().await.err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    let mut reading = Vec::new();
    for _ in 0..Sqlite::READERS_MAX {
        reading.push(bench.database.begin_read().await.unwrap());
    }
    let error = bench.database.begin_read().await.err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    drop((writing, reading));
    bench.adding(2).await.commit().await.unwrap();
    assert_eq!(bench.kept().await, [2]);
}

/// Steps of a schema are scripts of this size.
fn long_script() -> &'static str {
    "-- A script that goes to another thread, as it has more bytes than one that runs where it is asked for: what it does is no other. \
     It adds two rows, and they belong to the transaction that it was asked for in.
     INSERT INTO t (x) VALUES (10); INSERT INTO t (x) VALUES (11)"
}

#[tokio::test]
async fn a_long_script_is_part_of_its_transaction() {
    let bench = Bench::new().await;
    let mut session = bench.adding(1).await;
    session.script("add", long_script()).await.unwrap();
    add(session.as_mut(), 12).await.unwrap();
    assert_eq!(numbers(session.as_mut()).await, [1, 10, 11, 12]);
    drop(session);
    assert!(bench.kept().await.is_empty());
    let mut session = bench.adding(1).await;
    let done = drop_on_the_way(session.script("add", long_script())).await;
    let committed = session.commit().await;
    assert!(done || matches!(committed, Err(StoreError::Broken)), "{committed:?}");
    bench.adding(2).await.commit().await.unwrap();
    assert!(done || bench.kept().await == [2]);
}

#[tokio::test]
async fn savepoints_are_taken_back_and_kept() {
    let bench = Bench::new().await;
    let mut session = bench.adding(1).await;
    session.script("begin", "SAVEPOINT one").await.unwrap();
    add(session.as_mut(), 2).await.unwrap();
    session.script("take back", "ROLLBACK TO one; RELEASE one").await.unwrap();
    session.script("begin", "SAVEPOINT one").await.unwrap();
    add(session.as_mut(), 3).await.unwrap();
    session.script("keep", "RELEASE one").await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(bench.kept().await, [1, 3]);
}

#[tokio::test]
async fn others_get_their_turn_between_statements() {
    let bench = Bench::new().await;
    let seen = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn({
        let seen = Arc::clone(&seen);
        async move { seen.store(true, Ordering::Relaxed) }
    });
    let mut session = bench.database.begin_read().await.unwrap();
    for _ in 0..10_000_000 {
        numbers(session.as_mut()).await;
        if seen.load(Ordering::Relaxed) {
            return other.await.unwrap();
        }
    }
    panic!("the other had no turn");
}

#[tokio::test]
async fn closing_waits_for_transactions_and_leaves_one_file() {
    let bench = Bench::new().await;
    let mut reading = bench.database.begin_read().await.unwrap();
    assert!(numbers(reading.as_mut()).await.is_empty());
    let writing = bench.adding(1).await;
    let closing = bench.database.close();
    let done = AtomicBool::new(false);
    let ((), ()) = tokio::join!(
        async {
            closing.await;
            done.store(true, Ordering::Relaxed);
        },
        async {
            sleep(Duration::from_millis(20)).await;
            assert!(!done.load(Ordering::Relaxed), "a transaction was under way");
            writing.commit().await.unwrap();
            drop(reading);
        }
    );
    assert!(!bench.file("t.db-wal").exists() && !bench.file("t.db-shm").exists());
    for begun in [bench.database.begin_write().await, bench.database.begin_read().await] {
        assert!(matches!(begun.err(), Some(StoreError::Gone { .. })));
    }
    let kept = rusqlite::Connection::open(bench.file("t.db")).unwrap();
    let count: i64 = kept.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}
