//! One connection to the server, and what is under way on it.
//!
//! The driver would have a task carry what goes over a connection, which wakes two tasks for each answer. Here whoever waits for an
//! answer carries it meanwhile. So what is sent lies in the connection's queue until somebody waits, and goes out as one.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_postgres::{
    Client, Error, Statement,
    types::{ToSql, Type},
};

use super::{
    super::Row,
    values::{self, Value},
};

/// What a statement gave.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The rows, where it was asked for them.
    pub(super) rows: Vec<Row>,
    /// How many rows it wrote, where it was asked for that.
    pub(super) written: u64,
}

/// What is wanted of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its rows.
    Rows,
    /// How many rows it wrote.
    Count,
}

type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A statement that was sent, and whose answer nobody has looked at.
struct Sent {
    doing: &'static str,
    bytes: usize,
    answer: Pending<Answer>,
}

/// A connection.
pub(super) struct Link {
    // In the order in which they are dropped: the client last of those who hold it, so that statements needn't be closed one by one.
    sent: VecDeque<Sent>,
    client: Arc<Client>,
    carrier: Carrier,
    /// Prepared statements, by where their text lies and how long it is: texts of the program stay where they are.
    prepared: HashMap<(usize, usize), Statement>,
    born: Instant,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("sent", &self.sent.len()).finish_non_exhaustive()
    }
}

impl Link {
    /// So many statements may be under way.
    const SENT_MAX: usize = 64;
    /// So many bytes may be, about.
    const SENT_BYTES_MAX: usize = 1 << 20;
    /// How long the last words may take.
    const FAREWELL: Duration = Duration::from_secs(2);

    /// A connection that was made. `carrier` is the driver's future that reads and writes.
    pub(super) fn new(
        client: Client,
        carrier: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) -> Self {
        let carrier = Carrier { running: Some(Box::pin(carrier)), ended: None };
        Self {
            sent: VecDeque::new(),
            client: Arc::new(client),
            carrier,
            prepared: HashMap::new(),
            born: Instant::now(),
        }
    }

    /// How long it has been there.
    pub(super) fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// Whether it is known to be broken. What broke unseen is found out by using it.
    pub(super) fn is_broken(&self) -> bool {
        self.carrier.running.is_none()
    }

    /// Whether nothing is under way.
    pub(super) fn is_quiet(&self) -> bool {
        self.sent.is_empty()
    }

    /// Whether so much is under way that answers should be looked at before more is sent.
    pub(super) fn is_loaded(&self) -> bool {
        self.sent.len() >= Self::SENT_MAX
            || self.sent.iter().map(|sent| sent.bytes).sum::<usize>() >= Self::SENT_BYTES_MAX
    }

    /// Sends a prepared statement.
    pub(super) fn send(
        &mut self,
        doing: &'static str,
        statement: Statement,
        values: Vec<Value>,
        wanted: Wanted,
    ) {
        let bytes = values.iter().map(Value::bytes).sum();
        let client = Arc::clone(&self.client);
        match wanted {
            Wanted::Rows => self.begin(doing, bytes, rows_of(client, statement, values)),
            Wanted::Count => self.begin(doing, bytes, count_of(client, statement, values)),
        }
    }

    /// Sends statements without parameters, several maybe.
    pub(super) fn send_script(&mut self, doing: &'static str, script: impl AsRef<str> + Send + 'static) {
        let client = Arc::clone(&self.client);
        self.begin(doing, 0, async move {
            client.batch_execute(script.as_ref()).await.map(|()| Answer::default())
        });
    }

    /// The statement of a text, if it was prepared here.
    pub(super) fn prepared(&self, sql: &'static str) -> Option<Statement> {
        self.prepared.get(&key(sql)).cloned()
    }

    /// Prepares a statement. Nothing else may be under way: its answer would have to be looked at first.
    pub(super) async fn prepare(&mut self, sql: &'static str, types: &[Type]) -> Result<Statement, Error> {
        debug_assert!(self.is_quiet());
        let client = Arc::clone(&self.client);
        let statement = self.carrier.carry(client.prepare_typed(sql, types)).await?;
        self.prepared.insert(key(sql), statement.clone());
        Ok(statement)
    }

    /// Waits for the first answer that nobody has looked at, and says what it is for. `None` where there is none. One that isn't waited
    /// for to the end is still the first.
    pub(super) async fn next_answer(&mut self) -> Option<(&'static str, Result<Answer, Error>)> {
        let sent = self.sent.front_mut()?;
        let answer = self.carrier.carry(sent.answer.as_mut()).await;
        self.sent.pop_front().map(|sent| (sent.doing, answer))
    }

    /// Writes to the server what was sent, as far as that needs no waiting.
    pub(super) fn flush(&mut self) {
        let carrier = &mut self.carrier;
        let flushed = pin!(tokio::task::unconstrained(poll_fn(|context| {
            carrier.poll(context);
            Poll::Ready(())
        })));
        let _ = flushed.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// Takes leave of the server, and waits a moment for it to be done.
    pub(super) async fn close(self) {
        let Self { sent, client, carrier, prepared, .. } = self;
        drop((sent, client));
        drop(prepared);
        if let Some(running) = carrier.running {
            // Where it fails there is nothing left to close.
            let _ = timeout(Self::FAREWELL, running).await;
        }
    }

    /// Puts something into the client's queue: its first step does that, and no more.
    fn begin(
        &mut self,
        doing: &'static str,
        bytes: usize,
        asked: impl Future<Output = Result<Answer, Error>> + Send + 'static,
    ) {
        let mut answer: Pending<Answer> = Box::pin(asked);
        if let Poll::Ready(done) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            answer = Box::pin(std::future::ready(done));
        }
        self.sent.push_back(Sent { doing, bytes, answer });
    }
}

fn key(sql: &'static str) -> (usize, usize) {
    (sql.as_ptr().addr(), sql.len())
}

async fn rows_of(client: Arc<Client>, statement: Statement, values: Vec<Value>) -> Result<Answer, Error> {
    let params: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let rows = client.query(&statement, &params).await?;
    let rows = rows.iter().map(values::row).collect::<Result<_, _>>()?;
    Ok(Answer { rows, written: 0 })
}

async fn count_of(client: Arc<Client>, statement: Statement, values: Vec<Value>) -> Result<Answer, Error> {
    let written = client.execute_raw(&statement, values).await?;
    Ok(Answer { rows: Vec::new(), written })
}

/// Reads and writes.
struct Carrier {
    /// The driver's future, until it ends.
    running: Option<Pending<()>>,
    /// Why it ended, until that is told.
    ended: Option<Error>,
}

impl Carrier {
    /// Waits for something, and carries meanwhile.
    async fn carry<T>(&mut self, waited: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut waited = pin!(waited);
        poll_fn(|context| {
            // Once before, as what is waited for may send first.
            if let Poll::Ready(done) = waited.as_mut().poll(context) {
                return Poll::Ready(done.map_err(|error| self.why(error)));
            }
            self.poll(context);
            waited.as_mut().poll(context).map_err(|error| self.why(error))
        })
        .await
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        let Some(running) = self.running.as_mut() else { return };
        if let Poll::Ready(ended) = running.as_mut().poll(context) {
            self.ended = ended.err();
            self.running = None;
        }
    }

    /// What says more: why the connection ended, or that it did.
    fn why(&mut self, error: Error) -> Error {
        if error.is_closed() { self.ended.take().unwrap_or(error) } else { error }
    }
}
