//! What a transaction promises, on a server of our own. What the store promises by it is in `tests/conformance`.

use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::database::{Param, Question};

#[path = "../../../tests/support/postgres.rs"]
mod server;

/// An empty database with one table of whatever a column may be, and whoever asks it. `None` where PostgreSQL isn't installed.
async fn database(name: &'static str) -> Option<Postgres> {
    let server = server::server()?;
    let options = Options { fsync: Fsync::Waived, connections_max: 2, ..Options::default() };
    let address = |database: &str| Address::read(&server.address(database)).unwrap();
    let tls = Tls::of(&address("postgres")).unwrap();
    let pool = Pool::new(address("postgres").config(options.wait), tls, options.wait, 1);
    let mut lent = pool.take("make a database").await.unwrap();
    lent.link.send_script("make a database", format!("CREATE DATABASE {name}"));
    lent.link.next_answer().await.unwrap().1.unwrap();
    let database = Postgres::open(&address(name), &options).await.unwrap();
    let mut session = database.begin_write().await.unwrap();
    let table = "CREATE TABLE t (number bigint PRIMARY KEY, small integer, words text, bytes bytea)";
    session.script("make a table", table).await.unwrap();
    session.commit().await.unwrap();
    Some(database)
}

const PUT: &str = "INSERT INTO t (number) VALUES ($1)";
const NUMBERS: &str = "SELECT number FROM t ORDER BY number";

async fn put(session: &mut dyn Session, number: i64) -> Result<(), StoreError> {
    session.put("put a number", PUT, &[Param::Int(number)]).await
}

async fn numbers(session: &mut dyn Session) -> Vec<i64> {
    let rows = session.rows("read numbers", NUMBERS, &[]).await.unwrap();
    rows.into_iter().map(|mut row| row.int("t", 0).unwrap()).collect()
}

async fn numbers_of(database: &Postgres) -> Vec<i64> {
    numbers(database.begin_read().await.unwrap().as_mut()).await
}

#[tokio::test]
async fn what_is_written_is_read_as_it_was() {
    let Some(database) = database("as_it_was").await else { return };
    let mut session = database.begin_write().await.unwrap();
    let add = "INSERT INTO t (number, small, words, bytes) VALUES ($1, $2, $3, $4)";
    let all = [Param::Int(i64::MIN), Param::Int(-7), Param::Text("ø\u{1F600}"), Param::Bytes(&[0, 255])];
    let none = [Param::Int(2), Param::MaybeInt(None), Param::MaybeText(None), Param::MaybeBytes(None)];
    let some =
        [Param::Int(3), Param::MaybeInt(Some(1)), Param::MaybeText(Some("")), Param::MaybeBytes(Some(&[]))];
    for params in [all, none, some] {
        assert_eq!(session.run("write", add, &params).await.unwrap(), 1);
    }
    let rows = session.rows("read", "SELECT number, small, words, bytes FROM t ORDER BY number", &[]).await;
    let mut rows = rows.unwrap();
    let [first, second, third] = &mut rows[..] else { panic!("{rows:?}") };
    assert_eq!((first.int("t", 0).unwrap(), first.int("t", 1).unwrap()), (i64::MIN, -7));
    assert_eq!(
        (first.text("t", 2).unwrap(), first.bytes("t", 3).unwrap()),
        ("ø\u{1F600}".to_owned(), vec![0, 255])
    );
    assert_eq!((second.maybe_int("t", 1).unwrap(), second.maybe_text("t", 2).unwrap()), (None, None));
    assert!(second.bytes("t", 3).is_err());
    assert_eq!((third.text("t", 2).unwrap(), third.bytes("t", 3).unwrap()), (String::new(), Vec::new()));
}

#[tokio::test]
async fn a_question_sees_all_that_was_put_before_it() {
    let Some(database) = database("put_before").await else { return };
    let mut session = database.begin_write().await.unwrap();
    for number in 0..1000 {
        put(session.as_mut(), number).await.unwrap();
    }
    assert!(numbers(session.as_mut()).await.into_iter().eq(0..1000));
    session.commit().await.unwrap();
    assert_eq!(numbers_of(&database).await.len(), 1000);
}

#[tokio::test]
async fn questions_that_go_together_are_answered_each_for_itself() {
    let Some(database) = database("together").await else { return };
    let mut session = database.begin_write().await.unwrap();
    put(session.as_mut(), 5).await.unwrap();
    let asked = |number: i64| Question { sql: "SELECT $1::bigint", params: vec![Param::Int(number)] };
    for _ in 0..2 {
        let questions = [asked(1), Question { sql: NUMBERS, params: vec![] }, asked(3)];
        let answers = session.rows_all("ask", &questions).await.unwrap();
        let answers: Vec<i64> = answers.into_iter().map(|mut rows| rows[0].int("t", 0).unwrap()).collect();
        assert_eq!(answers, [1, 5, 3]);
    }
}

#[tokio::test]
async fn what_was_refused_can_be_taken_back_to_a_savepoint() {
    let Some(database) = database("savepoint").await else { return };
    let mut session = database.begin_write().await.unwrap();
    put(session.as_mut(), 1).await.unwrap();
    session.script("begin a part", "SAVEPOINT part").await.unwrap();
    for number in [2, 1, 3] {
        put(session.as_mut(), number).await.unwrap();
    }
    let error = session.settle().await.unwrap_err();
    assert!(matches!(error, StoreError::Database { doing: "put a number", .. }), "{error:?}");
    session.script("take a part back", "ROLLBACK TO SAVEPOINT part").await.unwrap();
    put(session.as_mut(), 4).await.unwrap();
    session.script("begin a part", "SAVEPOINT untold").await.unwrap();
    put(session.as_mut(), 4).await.unwrap();
    session.script("take a part back", "ROLLBACK TO SAVEPOINT untold").await.unwrap();
    put(session.as_mut(), 5).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(numbers_of(&database).await, [1, 4, 5]);
}

#[tokio::test]
async fn after_a_refusal_nothing_is_committed() {
    let Some(database) = database("refusal").await else { return };
    for is_told in [false, true] {
        let mut session = database.begin_write().await.unwrap();
        for number in [1, 1, 2] {
            put(session.as_mut(), number).await.unwrap();
        }
        if is_told {
            session.settle().await.unwrap_err();
        }
        let error = session.commit().await.unwrap_err();
        let is_its_own = matches!(error, StoreError::Database { doing: "put a number", .. });
        let is_broken = matches!(error, StoreError::Broken);
        assert_eq!((is_its_own, is_broken), (!is_told, is_told), "{error:?}");
        assert_eq!(numbers_of(&database).await, Vec::<i64>::new(), "{is_told}");
    }
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_doesnt_answer_the_next() {
    let Some(database) = database("nobody_waits").await else { return };
    let mut session = database.begin_write().await.unwrap();
    put(session.as_mut(), 7).await.unwrap();
    let slow = "SELECT 1::bigint FROM pg_sleep(0.2)";
    for _ in 0..2 {
        let given_up = timeout(Duration::from_millis(50), session.rows("sleep", slow, &[])).await;
        assert!(given_up.is_err());
        assert_eq!(numbers(session.as_mut()).await, [7]);
    }
    let refused = "SELECT 1 / (number - 7) FROM t, pg_sleep(0.2)";
    let given_up = timeout(Duration::from_millis(100), session.rows("divide", refused, &[])).await;
    assert!(given_up.is_err());
    let error = session.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::Database { doing: "divide", .. }), "{error:?}");
}

#[tokio::test]
async fn a_session_that_is_dropped_in_the_middle_leaves_nothing() {
    let Some(database) = database("dropped").await else { return };
    for _ in 0..5 {
        let mut session = database.begin_holding("log").await.unwrap();
        put(session.as_mut(), 1).await.unwrap();
        let slow = session.rows("sleep", "SELECT 1::bigint FROM pg_sleep(0.1)", &[]);
        assert!(timeout(Duration::from_millis(20), slow).await.is_err());
        drop(session);
        let mut session = database.begin_holding("log").await.unwrap();
        assert_eq!(numbers(session.as_mut()).await, Vec::<i64>::new());
        put(session.as_mut(), 1).await.unwrap();
    }
    assert_eq!(numbers_of(&database).await, Vec::<i64>::new());
}

#[tokio::test]
async fn errors_and_the_drivers_log_show_nothing_of_a_row() {
    let Some(database) = database("shows_nothing").await else { return };
    let mut session = database.begin_write().await.unwrap();
    for _ in 0..2 {
        put(session.as_mut(), 17_857_112_345).await.unwrap();
    }
    let error = session.settle().await.unwrap_err();
    let mut source: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = source {
        assert!(!format!("{error} {error:?}").contains("17857112345"), "{error:?}");
        source = error.source();
    }
    assert!(!format!("{:?}", values::Value::from(&Param::Int(17_857_112_345))).contains("17857112345"));
}
