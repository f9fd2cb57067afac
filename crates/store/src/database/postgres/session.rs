//! A transaction on PostgreSQL.
//!
//! Statements go out in their order and are answered in their order. Whoever needs an answer waits for all up to it; what needs none is
//! sent with the next that does, or with the commit. So a transaction takes a round trip for each question that hangs on the answer
//! to another, and one for the commit, however many statements it has.

use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Statement};

use super::{
    super::{Doing, Param, Question, Row, Session},
    Turn,
    link::{Answer, Link, Wanted},
    pool::Lent,
    trouble::{is_refusal, outcome_unknown, trouble},
    values::{Value, type_of},
};
use crate::StoreError;

/// A transaction and the connection that it has until it ends.
pub(super) struct PostgresSession {
    /// `None` once it was given back, or broke and couldn't be replaced.
    lent: Option<Lent>,
    /// The turn of whoever writes; it ends after the transaction.
    turn: Option<Turn>,
    /// How it was begun, until the first answer: up to then it can be begun anew on another connection, and nothing was done.
    opening: Option<Opening>,
    failed: Failed,
    /// The first error, where whoever waited for the answer went away before it could be told.
    untold: Option<StoreError>,
}

/// How a transaction begins.
#[derive(Debug)]
pub(super) struct Opening {
    doing: &'static str,
    script: String,
    /// How many connections may turn out to be broken. As many as there are may have broken while nobody used them.
    tries: u32,
}

/// What went wrong in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// Nothing.
    No,
    /// The server refused a statement, and refuses all others until the transaction, or a savepoint in it, is taken back.
    Refused,
    /// The connection broke, or a statement could not be sent: nobody knows what was done.
    Lost,
}

impl Opening {
    /// `script` begins it.
    pub(super) fn new(doing: &'static str, script: &str) -> Self {
        Self { doing, script: script.to_owned(), tries: 0 }
    }

    /// What it is for.
    pub(super) fn doing(&self) -> &'static str {
        self.doing
    }

    /// Takes a lock too.
    pub(super) fn locking(mut self, number: i64) -> Self {
        self.doing = WAITING;
        self.script = format!("{}; {}", self.script, lock(number));
        self
    }
}

const WAITING: &str = "wait for the log";

/// Takes the transaction's advisory lock of a number.
///
/// Each later statement sees what is committed when it begins (`READ COMMITTED`), and a commit is seen before its locks
/// are given up. So positions are committed in their order, and whoever reads up to one has read all before it.
fn lock(number: i64) -> String {
    format!("SELECT pg_advisory_xact_lock({number})")
}

impl PostgresSession {
    /// Begins a transaction, and waits for nothing: the server is told so with the first question.
    pub(super) fn begin(mut lent: Lent, turn: Option<Turn>, mut opening: Opening) -> Self {
        opening.tries = lent.connections_max();
        lent.link.send_script(opening.doing, opening.script.clone());
        Self { lent: Some(lent), turn, opening: Some(opening), failed: Failed::No, untold: None }
    }

    /// Sends a statement and waits for its answer.
    async fn ask(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
        wanted: Wanted,
    ) -> Result<Answer, StoreError> {
        loop {
            let asked = self.ask_once(doing, sql, params, wanted).await;
            if !self.begins_again(&asked).await? {
                return asked;
            }
        }
    }

    /// Sends queries and waits for the answers to all of them.
    async fn ask_all(
        &mut self,
        doing: &'static str,
        questions: &[Question<'_>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        loop {
            let asked = self.ask_all_once(doing, questions).await;
            if !self.begins_again(&asked).await? {
                return asked;
            }
        }
    }

    async fn ask_all_once(
        &mut self,
        doing: &'static str,
        questions: &[Question<'_>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        for Question { sql, params } in questions {
            self.prepared(doing, sql, params).await?;
        }
        for Question { sql, params } in questions {
            self.send(doing, sql, params, Wanted::Rows).await?;
        }
        let mut answers = self.answers().await?;
        let own = answers.split_off(answers.len().saturating_sub(questions.len()));
        Ok(own.into_iter().map(|answer| answer.rows).collect())
    }

    async fn ask_once(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
        wanted: Wanted,
    ) -> Result<Answer, StoreError> {
        self.send(doing, sql, params, wanted).await?;
        Ok(self.answers().await?.pop().unwrap_or_default())
    }

    /// Sends a script and waits for it. One that takes back to a savepoint takes back what was refused since, told or not.
    async fn ask_script(&mut self, doing: &'static str, sql: &'static str) -> Result<(), StoreError> {
        loop {
            self.link()?.send_script(doing, sql);
            let asked = self.answers().await;
            let is_taken_back = asked.is_err() && self.failed == Failed::No;
            if is_taken_back {
                return Ok(());
            }
            if !self.begins_again(&asked).await? {
                return asked.map(drop);
            }
        }
    }

    /// Waits for all that is under way.
    async fn wait(&mut self) -> Result<(), StoreError> {
        loop {
            let answered = self.answers().await;
            if !self.begins_again(&answered).await? {
                return answered.map(drop);
            }
        }
    }

    /// Sends a statement with the next that waits. The first of a transaction isn't put off: it must be known by then that it began.
    async fn put_off(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<(), StoreError> {
        if self.opening.is_some() || self.link()?.is_loaded() {
            self.wait().await?;
        }
        self.send(doing, sql, params, Wanted::Count).await
    }

    /// Waits for a lock with the next that waits.
    fn put_off_lock(&mut self, number: i64) -> Result<(), StoreError> {
        self.link()?.send_script(WAITING, lock(number));
        self.opening = self.opening.take().map(|opening| opening.locking(number));
        Ok(())
    }

    async fn send(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
        wanted: Wanted,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(doing, sql, params).await?;
        let values = params.iter().map(Value::from).collect();
        self.link()?.send(doing, statement, values, wanted);
        Ok(())
    }

    /// The statement of a text. The first time on a connection, all that is under way is waited for, and then for it.
    async fn prepared(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Statement, StoreError> {
        if let Some(statement) = self.link()?.prepared(sql) {
            return Ok(statement);
        }
        self.answers().await?;
        let types: Vec<_> = params.iter().map(type_of).collect();
        let prepared = self.link()?.prepare(sql, &types).await;
        prepared.map_err(|error| self.fail(doing, error))
    }

    /// Looks at the answers to all that was sent. Gives them in their order; where some failed, says why the first did.
    async fn answers(&mut self) -> Result<Vec<Answer>, StoreError> {
        let mut all = Vec::new();
        while let Some((doing, answer)) = self.next_answer().await {
            match answer {
                Ok(answer) => {
                    self.succeeded();
                    all.push(answer);
                }
                Err(error) => {
                    let error = self.fail(doing, error);
                    self.untold.get_or_insert(error);
                }
            }
        }
        self.untold.take().map_or(Ok(all), Err)
    }

    async fn next_answer(&mut self) -> Option<(&'static str, Result<Answer, Error>)> {
        self.lent.as_mut()?.link.next_answer().await
    }

    fn fail(&mut self, doing: &'static str, error: Error) -> StoreError {
        if self.failed != Failed::Lost {
            self.failed = if is_refusal(&error) { Failed::Refused } else { Failed::Lost };
        }
        trouble(doing, error)
    }

    /// After a refusal, the server does nothing but take back what was refused.
    fn succeeded(&mut self) {
        if self.failed == Failed::Refused {
            self.failed = Failed::No;
        }
    }

    /// Whether the transaction was begun again on another connection, as the one it had was broken from the start. All of it has then to be
    /// asked again. After any other answer it has begun.
    async fn begins_again<T>(&mut self, asked: &Result<T, StoreError>) -> Result<bool, StoreError> {
        let opening = self.opening.take().filter(|opening| opening.tries > 0);
        let (Err(StoreError::Gone { .. }), Some(mut opening)) = (asked, opening) else { return Ok(false) };
        let Some(lent) = self.lent.take() else { return Ok(false) };
        let mut lent = lent.another(opening.doing).await?;
        lent.link.send_script(opening.doing, opening.script.clone());
        opening.tries -= 1;
        (self.lent, self.opening, self.failed) = (Some(lent), Some(opening), Failed::No);
        Ok(true)
    }

    /// Sends the commit with all that was put off, and waits for all of it.
    async fn finish(&mut self) -> Result<(), StoreError> {
        if self.opening.is_some() {
            self.wait().await?;
        }
        if self.failed != Failed::No {
            return Err(StoreError::Broken);
        }
        self.link()?.send_script("commit", "COMMIT");
        // Of a transaction in which a statement was refused the server makes nothing last, and says so by refusing nothing.
        match self.answers().await {
            Ok(_) => Ok(()),
            Err(error) if self.failed == Failed::Lost => Err(outcome_unknown(error)),
            Err(error) => Err(error),
        }
    }

    fn link(&mut self) -> Result<&mut Link, StoreError> {
        match &mut self.lent {
            Some(lent) if self.failed != Failed::Lost => Ok(&mut lent.link),
            Some(_) | None => Err(StoreError::Broken),
        }
    }
}

impl Session for PostgresSession {
    fn run<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, u64> {
        Box::pin(async move { Ok(self.ask(doing, sql, params, Wanted::Count).await?.written) })
    }

    fn rows<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, Vec<Row>> {
        Box::pin(async move { Ok(self.ask(doing, sql, params, Wanted::Rows).await?.rows) })
    }

    fn rows_all<'a>(
        &'a mut self,
        doing: &'static str,
        questions: &'a [Question<'a>],
    ) -> Doing<'a, Vec<Vec<Row>>> {
        Box::pin(self.ask_all(doing, questions))
    }

    fn put<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, ()> {
        Box::pin(self.put_off(doing, sql, params))
    }

    fn settle(&mut self) -> Doing<'_, ()> {
        Box::pin(self.wait())
    }

    fn script(&mut self, doing: &'static str, sql: &'static str) -> Doing<'_, ()> {
        Box::pin(self.ask_script(doing, sql))
    }

    fn lock<'a>(&'a mut self, name: &'a str) -> Doing<'a, ()> {
        Box::pin(async move { self.put_off_lock(lock_number(name)) })
    }

    fn commit(mut self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(async move {
            self.finish().await?;
            if let Some(lent) = self.lent.take() {
                lent.give_back();
            }
            Ok(())
        })
    }
}

impl Drop for PostgresSession {
    /// Takes back what wasn't committed. A connection about which nobody knows anything is closed; the server then does the same.
    fn drop(&mut self) {
        let lent = self.lent.take().filter(|_| self.failed != Failed::Lost);
        if let Some(lent) = lent {
            lent.roll_back(self.turn.take());
        }
    }
}

/// The first 64 bits of a SHA-256 of the name. Two names with one number would wait for each other, and no more.
pub(super) fn lock_number(name: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(format!("samspill {name}")).into();
    digest.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}
