use std::{
    future::poll_fn,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use tokio::task::{JoinHandle, yield_now};

use super::{Company, Group, Together};
use crate::{
    StoreError,
    database::{Database, Doing, Param, Row, Session},
    migrate::Migration,
};

/// A database that writes down what it is asked for.
#[derive(Clone, Debug, Default)]
struct Recorder {
    asked: Arc<Mutex<Vec<&'static str>>>,
    /// What a commit comes to, if not to success.
    trouble: Arc<Mutex<Option<StoreError>>>,
}

struct Recorded {
    recorder: Recorder,
    is_done: bool,
}

impl Recorder {
    fn note(&self, asked: &'static str) {
        self.asked.lock().unwrap().push(asked);
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().unwrap().clone()
    }
}

impl Database for Recorder {
    fn begin_read(&self) -> Doing<'_, Box<dyn Session>> {
        self.begin_write()
    }

    fn begin_write(&self) -> Doing<'_, Box<dyn Session>> {
        self.note("begin");
        let session = Recorded { recorder: self.clone(), is_done: false };
        Box::pin(async { Ok(Box::new(session) as Box<dyn Session>) })
    }

    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    fn copy_to<'a>(&'a self, _: &'a Path) -> Doing<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {})
    }
}

impl Session for Recorded {
    fn run<'a>(&'a mut self, _: &'static str, sql: &'static str, _: &'a [Param<'a>]) -> Doing<'a, u64> {
        self.recorder.note(sql);
        Box::pin(async { Ok(0) })
    }

    fn rows<'a>(&'a mut self, _: &'static str, sql: &'static str, _: &'a [Param<'a>]) -> Doing<'a, Vec<Row>> {
        self.recorder.note(sql);
        Box::pin(async { Ok(Vec::new()) })
    }

    fn put<'a>(&'a mut self, _: &'static str, sql: &'static str, _: &'a [Param<'a>]) -> Doing<'a, ()> {
        self.recorder.note(sql);
        Box::pin(async { Ok(()) })
    }

    fn settle(&mut self) -> Doing<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn script(&mut self, _: &'static str, sql: &'static str) -> Doing<'_, ()> {
        self.recorder.note(sql);
        Box::pin(async { Ok(()) })
    }

    fn lock<'a>(&'a mut self, _: &'a str) -> Doing<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn commit(mut self: Box<Self>) -> Doing<'static, ()> {
        self.is_done = true;
        self.recorder.note("commit");
        let trouble = self.recorder.trouble.lock().unwrap().take();
        Box::pin(async {
            yield_now().await;
            trouble.map_or(Ok(()), Err)
        })
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if !self.is_done {
            self.recorder.note("rollback");
        }
    }
}

const WAIT: Duration = Duration::from_mins(1);

/// A log that several want.
#[derive(Clone)]
struct House {
    recorder: Recorder,
    together: Arc<Together>,
}

impl House {
    fn new() -> Self {
        Self { recorder: Recorder::default(), together: Arc::new(Together::new(WAIT)) }
    }

    async fn begin(&self, company: Company) -> Result<Box<dyn Session>, StoreError> {
        self.together.begin(&self.recorder, "log", company).await
    }

    async fn write(&self, what: &'static str, company: Company) -> Result<(), StoreError> {
        let mut session = self.begin(company).await?;
        session.run("write", what, &[]).await?;
        session.commit().await
    }

    /// Begins to write, and stands in line if somebody is before.
    async fn in_line(&self, what: &'static str, company: Company) -> JoinHandle<Result<(), StoreError>> {
        let house = self.clone();
        let task = tokio::spawn(async move { house.write(what, company).await });
        settled().await;
        task
    }
}

/// Lets everybody go on until they wait.
async fn settled() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// Lets a future go on once.
async fn looked<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn whoever_is_alone_has_a_commit_of_its_own() {
    let house = House::new();
    house.write("a", Company::Others).await.unwrap();
    house.write("b", Company::Others).await.unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "a", "commit", "begin", "b", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_share_a_commit_and_are_told_after_it() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let second = house.in_line("b", Company::Others).await;
    let third = house.in_line("c", Company::Others).await;
    first.commit().await.unwrap();
    assert_eq!(
        house.recorder.asked(),
        ["begin", "SAVEPOINT one_more", "b", "SAVEPOINT one_more", "c", "commit"]
    );
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_before_the_commit() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let taking = house.clone();
    let second = tokio::spawn(async move { taking.begin(Company::Others).await.unwrap() });
    settled().await;
    let committing = tokio::spawn(first.commit());
    let second = second.await.unwrap();
    settled().await;
    assert!(!committing.is_finished());
    second.commit().await.unwrap();
    committing.await.unwrap().unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "SAVEPOINT one_more", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_is_taken_back_and_the_others_last() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let failing = house.clone();
    let second = tokio::spawn(async move {
        let mut session = failing.begin(Company::Others).await.unwrap();
        session.run("write", "b", &[]).await.unwrap();
    });
    settled().await;
    first.commit().await.unwrap();
    second.await.unwrap();
    let back = "ROLLBACK TO SAVEPOINT one_more";
    assert_eq!(house.recorder.asked(), ["begin", "SAVEPOINT one_more", "b", back, "commit"]);
    house.write("c", Company::Others).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_is_first_and_dropped_takes_nobody_along() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let second = house.in_line("b", Company::Others).await;
    drop(first);
    second.await.unwrap().unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "rollback", "begin", "b", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_fails_fails_for_all_of_them() {
    let unknown = || StoreError::OutcomeUnknown { source: "broke".into() };
    let full = || StoreError::DiskFull { doing: "commit", source: "full".into() };
    for trouble in [unknown as fn() -> StoreError, full] {
        let house = House::new();
        *house.recorder.trouble.lock().unwrap() = Some(trouble());
        let first = house.begin(Company::Others).await.unwrap();
        let second = house.in_line("b", Company::Others).await;
        let (first, second) = (first.commit().await.unwrap_err(), second.await.unwrap().unwrap_err());
        assert_eq!(second.to_string(), trouble().to_string(), "whoever commits has the database's words");
        assert!(first.may_pass(), "{first}");
        let is_unknown = matches!(trouble(), StoreError::OutcomeUnknown { .. });
        assert_eq!(matches!(first, StoreError::OutcomeUnknown { .. }), is_unknown);
        house.write("c", Company::Others).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn long_work_has_no_company() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let long = house.in_line("long", Company::Alone).await;
    let short = house.in_line("short", Company::Others).await;
    first.commit().await.unwrap();
    long.await.unwrap().unwrap();
    short.await.unwrap().unwrap();
    assert_eq!(
        house.recorder.asked(),
        ["begin", "commit", "begin", "long", "commit", "begin", "short", "commit"]
    );
}

#[tokio::test(start_paused = true)]
async fn those_who_gave_up_are_passed_over() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let second = house.in_line("b", Company::Others).await;
    let third = house.in_line("c", Company::Others).await;
    second.abort();
    settled().await;
    first.commit().await.unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "SAVEPOINT one_more", "c", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_left_to_somebody_who_just_went_away_is_committed() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let mut second = Box::pin(house.begin(Company::Others));
    assert!(looked(second.as_mut()).await.is_none());
    let committing = tokio::spawn(first.commit());
    settled().await;
    assert!(!committing.is_finished(), "it was left to the second, who hasn't looked yet");
    drop(second);
    committing.await.unwrap().unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "commit"]);
    house.write("c", Company::Others).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_too_long_is_told() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let second = house.in_line("b", Company::Others).await;
    tokio::time::advance(2 * WAIT).await;
    assert!(matches!(second.await.unwrap().unwrap_err(), StoreError::Locked { .. }));
    first.commit().await.unwrap();
    assert_eq!(house.recorder.asked(), ["begin", "commit"]);
}

#[tokio::test(start_paused = true)]
async fn no_more_share_a_commit_than_there_is_room_for() {
    let house = House::new();
    let first = house.begin(Company::Others).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..Group::MEMBERS_MAX {
        tasks.push(house.in_line("x", Company::Others).await);
    }
    first.commit().await.unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let asked = house.recorder.asked();
    assert_eq!(asked.iter().filter(|it| **it == "commit").count(), 2, "{asked:?}");
}
