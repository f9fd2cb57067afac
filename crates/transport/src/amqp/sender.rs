use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex as StdMutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use fe2o3_amqp::{
    Receiver, Sender,
    link::delivery::DeliveryFut,
    link::{CreditMode, SendError},
    session::{BeginError, SessionHandle},
};
use fe2o3_amqp_types::{
    definitions::{ReceiverSettleMode, SenderSettleMode},
    messaging::Outcome,
};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    Addressing, AmqpOptions, QueueCheck,
    message::{Outgoing, refused},
    trouble::{Trouble, judge},
};
use crate::SendFault;

/// Somebody wants a session of its own. Each link has one: brokers end the whole session for one link's mistake.
pub(super) type SessionRequest = oneshot::Sender<Result<SessionHandle<()>, BeginError>>;
type Answer = DeliveryFut<Result<Outcome, SendError>>;
type Slot = Arc<Mutex<Option<Attached>>>;

/// So many receivers' links are kept open.
const LINKS_MAX: usize = 256;
static LINKS: AtomicU64 = AtomicU64::new(0);

/// A line that is up.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) options: AmqpOptions,
    sessions: mpsc::Sender<SessionRequest>,
    slots: StdMutex<BTreeMap<String, Slot>>,
    /// Cancelled when the line ends.
    pub(super) ended: CancellationToken,
}

/// A link to one receiver's queue. The link goes before its session.
#[derive(Debug)]
struct Attached {
    number: u64,
    sender: Sender,
    _session: SessionHandle<()>,
}

impl Wire {
    pub(super) fn new(
        options: AmqpOptions,
        sessions: mpsc::Sender<SessionRequest>,
        ended: CancellationToken,
    ) -> Self {
        Self { options, sessions, slots: StdMutex::default(), ended }
    }

    /// A session of one's own.
    pub(super) async fn session(&self) -> Result<SessionHandle<()>, Trouble> {
        let (request, answer) = oneshot::channel();
        let ended = || Trouble::new("the line to the broker broke");
        self.sessions.send(request).await.map_err(|_| ended())?;
        Ok(answer.await.map_err(|_| ended())??)
    }

    /// Sends a message to a queue and waits for the broker's word.
    pub(super) async fn transmit(
        &self,
        queue: &str,
        message: Outgoing,
        deadline: Instant,
    ) -> Result<(), SendFault> {
        let slot = self.slot(queue);
        let (number, answer) = self.transfer(&slot, queue, message, deadline).await?;
        let ended = match timeout_at(deadline, answer).await {
            Ok(Ok(outcome)) => return judge(outcome),
            Ok(Err(error)) => Trouble::from(error),
            Err(_) => Trouble::new("the broker didn't say in time whether it has it"),
        };
        let mut slot = slot.lock().await;
        if slot.as_ref().is_some_and(|attached| attached.number == number) {
            *slot = None;
        }
        Err(ended.after())
    }

    async fn transfer(
        &self,
        slot: &Slot,
        queue: &str,
        message: Outgoing,
        deadline: Instant,
    ) -> Result<(u64, Answer), SendFault> {
        let late = |_| SendFault::Later { says: format!("no link to the queue {queue} in time") };
        let mut slot = timeout_at(deadline, slot.lock()).await.map_err(late)?;
        let mut attached = match slot.take() {
            Some(attached) => attached,
            None => timeout_at(deadline, self.attach(queue)).await.map_err(late)?.map_err(Trouble::before)?,
        };
        match timeout_at(deadline, attached.sender.send_batchable(message)).await {
            Ok(Ok(answer)) => {
                let number = attached.number;
                *slot = Some(attached);
                Ok((number, answer))
            }
            Ok(Err(error)) => Err(Trouble::from(error).before()),
            Err(_) => Err(SendFault::Unknown { says: "the broker didn't take all of it in time".to_owned() }),
        }
    }

    async fn attach(&self, queue: &str) -> Result<Attached, Trouble> {
        self.look_for(queue).await?;
        let mut session = self.session().await?;
        let number = LINKS.fetch_add(1, Ordering::Relaxed);
        let sender = Sender::builder()
            .name(format!("samspill-to-{queue}-{number}"))
            .target(self.options.addressing.target(&self.options.namespace, queue))
            .sender_settle_mode(SenderSettleMode::Unsettled)
            .receiver_settle_mode(ReceiverSettleMode::First)
            .attach(&mut session)
            .await?;
        Ok(Attached { number, sender, _session: session })
    }

    /// Asks to read the queue, without taking anything from it: that fails where there is none.
    async fn look_for(&self, queue: &str) -> Result<(), Trouble> {
        match (self.options.check, self.options.addressing) {
            (QueueCheck::BeforeFirst, Addressing::RabbitMq) => {}
            (QueueCheck::Never, _) | (_, Addressing::ServiceBus) => return Ok(()),
        }
        let mut session = self.session().await?;
        match self.attach_receiver(&mut session, queue).await {
            Ok(receiver) => {
                let _ = receiver.close().await;
                let _ = session.end().await;
                Ok(())
            }
            Err(trouble) if trouble.condition.as_deref() == Some("amqp:not-found") => Err(trouble),
            Err(_) => Ok(()),
        }
    }

    /// A link from a queue, without credit so far.
    pub(super) async fn attach_receiver(
        &self,
        session: &mut SessionHandle<()>,
        queue: &str,
    ) -> Result<Receiver, Trouble> {
        let number = LINKS.fetch_add(1, Ordering::Relaxed);
        let receiver = Receiver::builder()
            .name(format!("samspill-from-{queue}-{number}"))
            .source(self.options.addressing.source(&self.options.namespace, queue))
            .sender_settle_mode(SenderSettleMode::Unsettled)
            .receiver_settle_mode(ReceiverSettleMode::First)
            .max_message_size(super::reader::hard_limit(&self.options))
            .credit_mode(CreditMode::Manual)
            .attach(session)
            .await?;
        Ok(receiver)
    }

    fn slot(&self, queue: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= LINKS_MAX && !slots.contains_key(queue) {
            let idle =
                slots.iter().find(|(_, slot)| Arc::strong_count(slot) == 1).map(|(queue, _)| queue.clone());
            if let Some(idle) = idle {
                slots.remove(&idle);
            }
        }
        Arc::clone(slots.entry(queue.to_owned()).or_default())
    }
}

/// Refuses what is larger than we send.
pub(super) fn check_size(options: &AmqpOptions, bytes: usize) -> Result<(), SendFault> {
    let max = options.message_bytes_max;
    if u64::try_from(bytes).is_ok_and(|bytes| bytes <= max) {
        return Ok(());
    }
    let says = format!("the message has {bytes} bytes, and `message_bytes_max` is {max}");
    Err(refused("amqp:link:message-size-exceeded", says))
}
