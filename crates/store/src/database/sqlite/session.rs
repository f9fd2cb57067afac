use std::time::Duration;

use tokio::{task::yield_now, time::Instant};

use super::{connection::Connection, patience::Patience, pool::Lent};
use crate::{
    StoreError,
    database::{Doing, Param, Row, Session},
};

/// A transaction.
pub(super) struct SqliteSession {
    lent: Lent,
    /// How long to wait for others.
    wait: Duration,
    /// Since when it has let no other task go on.
    since: Instant,
}

impl SqliteSession {
    /// How long statement follows statement before other tasks of the runtime get their turn. Nothing in between waits for anything, so
    /// that otherwise a walk through a whole log would keep the thread until its end.
    const AT_A_STRETCH: Duration = Duration::from_millis(2);

    /// Bytes of a script that runs right here: savepoints. A longer one is a step of the schema, and may go through all rows of a table.
    const SHORT_SCRIPT: usize = 200;

    /// A transaction that was begun.
    pub(super) fn new(lent: Lent, wait: Duration) -> Self {
        Self { lent, wait, since: Instant::now() }
    }

    async fn ask<T>(
        &mut self,
        doing: &'static str,
        work: impl FnMut(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if self.since.elapsed() >= Self::AT_A_STRETCH {
            yield_now().await;
            self.since = Instant::now();
        }
        self.lent.in_transaction()?;
        self.lent.patiently(doing, &mut Patience::of(self.wait), work).await
    }
}

impl Session for SqliteSession {
    fn run<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, u64> {
        Box::pin(self.ask(doing, move |connection| connection.run(sql, params)))
    }

    fn rows<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, Vec<Row>> {
        Box::pin(self.ask(doing, move |connection| connection.rows(sql, params)))
    }

    /// Nothing is won by putting it off.
    fn put<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, ()> {
        Box::pin(self.ask(doing, move |connection| connection.run(sql, params).map(drop)))
    }

    fn settle(&mut self) -> Doing<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn script(&mut self, doing: &'static str, sql: &'static str) -> Doing<'_, ()> {
        if sql.len() <= Self::SHORT_SCRIPT {
            return Box::pin(self.ask(doing, move |connection| connection.script(sql)));
        }
        Box::pin(async move {
            self.lent.in_transaction()?;
            self.lent.elsewhere(doing, move |connection| connection.script(sql)).await
        })
    }

    /// `BEGIN IMMEDIATE` holds the whole file.
    fn lock<'a>(&'a mut self, _: &'a str) -> Doing<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn commit(self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(self.lent.commit())
    }
}
