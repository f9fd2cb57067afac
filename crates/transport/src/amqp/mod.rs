//! AMQP 1.0 as HITS 1216 has it: a receive queue and an error queue for each HER-id, and every field that it requires.
//!
//! ```text
//!   send ──▶ queue of the receiver     accepted: Ok   rejected: Refused   released: Later   no answer: Unknown
//!   receive ◀── our `_async` queues    Taken: accepted   Later: given back after a pause   Refused: a fault is sent, accepted
//!           ◀── our `_error` queues    a Fault about a parcel of ours
//! ```
//!
//! - Messages are durable, and are settled by the receiver after they are kept: at least once. (The receiver settles first and
//!   last, `rcv-settle-mode` 0; `RabbitMQ` has no other.)
//! - A line that breaks is made anew for as long as it takes, and every queue is attached anew. A message that was with us
//!   unsettled comes again.
//! - Nothing is signed or encrypted here: that is an [`Envelope`], and [`Plain`] is the only one so far.
//! - A broker must refuse what it can't put in a queue. `RabbitMQ` before 4 doesn't (see [`QueueCheck`]): give its exchange
//!   an `alternate-exchange`.
//! - A message that is too large, or not as section 2.2.3 wants it, is told to its sender's error queue and taken off ours.
//!   Where nobody can tell whose it is, it is rejected: a broker with a dead-letter queue puts it there.

mod directory;
mod line;
mod message;
mod options;
mod reader;
mod sender;
mod supervisor;
mod trouble;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

pub use directory::{Directory, Envelope, HerIdQueues, Plain, Process, Sealed};
pub use options::{Addressing, AmqpOptions, Backoff, Login, QueueCheck, Trust};

use crate::{Arrival, Channel, Doing, Health, Parcel, SendFault};
use sender::Wire;

/// A line to an AMQP 1.0 broker.
#[derive(Debug)]
pub struct Amqp {
    shared: Arc<Shared>,
    arrivals: tokio::sync::Mutex<mpsc::UnboundedReceiver<Arrival>>,
    supervisor: Mutex<Option<JoinHandle<()>>>,
}

impl Amqp {
    /// Begins to connect, in the background. Ends when it is closed or dropped.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn start(options: AmqpOptions) -> Self {
        let (sender, arrivals) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            options,
            state: watch::Sender::new(State::Starting),
            condition: Mutex::default(),
            closing: CancellationToken::new(),
        });
        let supervisor = tokio::spawn(supervisor::supervise(Arc::clone(&shared), sender));
        Self { shared, arrivals: tokio::sync::Mutex::new(arrivals), supervisor: Mutex::new(Some(supervisor)) }
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<(), SendFault> {
        let options = &self.shared.options;
        let message = message::pack(options, parcel)?;
        let deadline = Instant::now() + options.send_within;
        let wire = self.shared.wire(deadline).await?;
        let queue = options.directory.receive_queue(&parcel.to);
        // In a task of its own: what is half on its way must not be dropped with the caller.
        let sending = tokio::spawn(async move { wire.transmit(&queue, message, deadline).await });
        sending
            .await
            .unwrap_or_else(|_| Err(SendFault::Unknown { says: "the task that sent it stopped".to_owned() }))
    }
}

impl Channel for Amqp {
    fn name(&self) -> &str {
        &self.shared.options.name
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(self.hand_over(parcel))
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(async {
            if let Some(arrival) = self.arrivals.lock().await.recv().await {
                return arrival;
            }
            // Closed: nothing comes any more.
            std::future::pending().await
        })
    }

    fn health(&self) -> Health {
        self.shared.condition().health()
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {
            self.shared.closing.cancel();
            let supervisor = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(supervisor) = supervisor {
                let _ = supervisor.await;
            }
        })
    }
}

impl Drop for Amqp {
    fn drop(&mut self) {
        self.shared.closing.cancel();
    }
}

/// What the channel and its tasks have in common.
#[derive(Debug)]
struct Shared {
    options: AmqpOptions,
    state: watch::Sender<State>,
    condition: Mutex<Condition>,
    closing: CancellationToken,
}

#[derive(Clone, Debug)]
enum State {
    Starting,
    Up(Arc<Wire>),
    Down(String),
}

impl Shared {
    /// The line, waited for only while nothing is known of it.
    async fn wire(&self, deadline: Instant) -> Result<Arc<Wire>, SendFault> {
        let mut states = self.state.subscribe();
        let known = states.wait_for(|state| !matches!(state, State::Starting));
        let state = match timeout_at(deadline, known).await {
            Ok(Ok(state)) => state.clone(),
            Ok(Err(_)) | Err(_) => State::Starting,
        };
        match state {
            State::Up(wire) => Ok(wire),
            State::Down(says) => Err(SendFault::Later { says }),
            State::Starting => Err(SendFault::Later { says: "the broker doesn't answer yet".to_owned() }),
        }
    }

    fn condition(&self) -> MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self, wire: Arc<Wire>) {
        self.condition().line = Health::Up;
        self.state.send_replace(State::Up(wire));
    }

    fn down(&self, says: &str) {
        let mut condition = self.condition();
        condition.queues.clear();
        condition.line = Health::Down {
            since: condition.down_since().unwrap_or_else(Timestamp::now),
            says: says.to_owned(),
        };
        drop(condition);
        self.state.send_replace(State::Down(says.to_owned()));
    }
}

/// How it is with the line and with each queue of ours.
#[derive(Debug)]
struct Condition {
    line: Health,
    /// The queues that can't be read, since when and why.
    queues: BTreeMap<String, (Timestamp, String)>,
}

impl Default for Condition {
    fn default() -> Self {
        Self { line: Health::Unknown, queues: BTreeMap::new() }
    }
}

impl Condition {
    /// That of the line; and where the line is up but a queue can't be read, the queue's.
    fn health(&self) -> Health {
        match (&self.line, self.queues.iter().next()) {
            (Health::Up, Some((queue, (since, says)))) => {
                Health::Down { since: *since, says: format!("the queue {queue} can't be read: {says}") }
            }
            (line, _) => line.clone(),
        }
    }

    fn down_since(&self) -> Option<Timestamp> {
        match &self.line {
            Health::Down { since, .. } => Some(*since),
            Health::Unknown | Health::Up => None,
        }
    }
}
