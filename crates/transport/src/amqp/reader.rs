use std::sync::Arc;

use fe2o3_amqp::{
    Receiver,
    link::{RecvError, delivery::DeliveryInfo},
    session::SessionHandle,
};
use fe2o3_amqp_types::{
    definitions::{self, ErrorCondition},
    messaging::{Body, Modified},
    primitives::{Symbol, Value},
};
use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    time::{Instant, sleep, timeout},
};

use super::{
    Addressing, AmqpOptions, Shared,
    message::{self, Incoming, Malformed},
    sender::Wire,
    trouble::Trouble,
};
use crate::{Arrival, Doing, FaultReport, Received, SendFault, Settle, Settlement};

/// A queue of ours.
#[derive(Clone, Debug)]
pub(super) struct OwnQueue {
    pub(super) her_id: String,
    pub(super) queue: String,
    pub(super) brings: Brings,
}

/// What a queue of ours brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brings {
    Messages,
    Faults,
}

/// Larger messages break the link, so that nobody can fill our memory. Between this and `message_bytes_max` they are refused
/// one by one, and block nothing.
pub(super) fn hard_limit(options: &AmqpOptions) -> u64 {
    options.message_bytes_max.saturating_mul(8)
}

/// Reads a queue until the line ends, or the channel is closed. By then the broker was told of all that was settled.
pub(super) async fn read(
    shared: Arc<Shared>,
    wire: Arc<Wire>,
    own: OwnQueue,
    arrivals: UnboundedSender<Arrival>,
) {
    let mut failures = 0;
    loop {
        let mut pump = Pump::new(Arc::clone(&wire), own.clone(), arrivals.clone());
        let Err(trouble) = attach_and_pump(&shared, &mut pump).await else { return };
        failures = if pump.window.brought { 0 } else { failures + 1 };
        if !wire.ended.is_cancelled() {
            tracing::warn!(queue = own.queue, says = trouble.says, "can't read a queue");
            shared.queue_is_down(&own.queue, trouble.says);
        }
        tokio::select! {
            () = sleep(wire.options.reconnect.pause(failures)) => {}
            () = shared.closing.cancelled() => return,
        }
    }
}

/// Ends with what went wrong, or when the channel is closed.
async fn attach_and_pump(shared: &Shared, pump: &mut Pump) -> Result<(), Trouble> {
    let attached = tokio::select! {
        attached = attach(pump) => attached?,
        () = shared.closing.cancelled() => return Ok(()),
    };
    let (_session, mut receiver) = attached;
    shared.queue_is_up(&pump.own.queue);
    tokio::select! {
        biased;
        ended = pump.run(&mut receiver) => match ended {
            Err(trouble) => return Err(trouble),
            Ok(never) => match never {},
        },
        () = shared.closing.cancelled() => {}
    }
    // Goes after what was settled, and waits for the broker's answer: closing the line would overtake both.
    let _ = receiver.close().await;
    Ok(())
}

async fn attach(pump: &Pump) -> Result<(SessionHandle<()>, Receiver), Trouble> {
    let within = pump.wire.options.connect_within;
    let late = |_| Trouble::new("the broker doesn't answer");
    let mut session = timeout(within, pump.wire.session()).await.map_err(late)??;
    let attaching = pump.wire.attach_receiver(&mut session, &pump.own.queue);
    let receiver = timeout(within, attaching).await.map_err(late)??;
    Ok((session, receiver))
}

impl Shared {
    fn queue_is_up(&self, queue: &str) {
        self.condition().queues.remove(queue);
    }

    fn queue_is_down(&self, queue: &str, says: String) {
        let mut condition = self.condition();
        let since = condition.queues.get(queue).map_or_else(jiff::Timestamp::now, |(since, _)| *since);
        condition.queues.insert(queue.to_owned(), (since, says));
    }
}

/// What is to be told the broker of one delivery.
#[derive(Debug)]
struct Verdict {
    delivery: DeliveryInfo,
    ruling: Ruling,
    told: oneshot::Sender<()>,
}

#[derive(Debug)]
enum Ruling {
    Accept,
    GiveBack,
    Reject(FaultReport),
}

#[derive(Debug)]
struct Pump {
    wire: Arc<Wire>,
    own: OwnQueue,
    arrivals: UnboundedSender<Arrival>,
    verdict_sender: UnboundedSender<Verdict>,
    verdicts: UnboundedReceiver<Verdict>,
    window: Window,
}

impl Pump {
    fn new(wire: Arc<Wire>, own: OwnQueue, arrivals: UnboundedSender<Arrival>) -> Self {
        let (verdict_sender, verdicts) = mpsc::unbounded_channel();
        let window = Window::new(wire.options.credit.max(1));
        Self { wire, own, arrivals, verdict_sender, verdicts, window }
    }

    async fn run(&mut self, receiver: &mut Receiver) -> Result<std::convert::Infallible, Trouble> {
        loop {
            if let Some(credit) = self.window.credit_to_give() {
                receiver.set_credit(credit).await.map_err(|error| Trouble::new(error.to_string()))?;
            }
            tokio::select! {
                biased;
                Some(verdict) = self.verdicts.recv() => {
                    self.window.settled();
                    rule(receiver, self.wire.options.addressing, verdict).await?;
                }
                delivery = receiver.recv::<Body<Value>>() => self.arrived(delivery)?,
            }
        }
    }

    fn arrived(
        &mut self,
        delivery: Result<fe2o3_amqp::Delivery<Body<Value>>, RecvError>,
    ) -> Result<(), Trouble> {
        match delivery {
            Ok(delivery) => {
                self.window.arrived();
                let (delivery, message) = delivery.into_parts();
                self.hand_over(delivery, message);
                Ok(())
            }
            Err(RecvError::MessageDecode(error)) => {
                self.window.arrived();
                let fault = fault("transport:invalid-field-value", "The message can't be read as AMQP.");
                let (told, _) = oneshot::channel();
                let ruling = Ruling::Reject(fault);
                let _ = self.verdict_sender.send(Verdict { delivery: error.info, ruling, told });
                Ok(())
            }
            Err(RecvError::LinkStateError(error)) => Err(error.into()),
            Err(other) => Err(Trouble::new(other.to_string())),
        }
    }

    fn hand_over(&self, delivery: DeliveryInfo, message: Incoming) {
        let mut settlement = self.settlement(delivery, &message);
        let received = match self.own.brings {
            Brings::Faults => Ok(Received::Fault(message::unpack_fault(&message))),
            Brings::Messages => self.unpack(message),
        };
        match received {
            Ok(received) => {
                if let Received::Parcel(parcel) = &received {
                    settlement.from.clone_from(&parcel.from);
                    settlement.id.clone_from(&parcel.id);
                }
                // Closed on our side: dropped, and given back.
                let _ = self.arrivals.send(Arrival::new(received, settlement));
            }
            Err(malformed) => {
                tracing::warn!(
                    queue = self.own.queue,
                    condition = malformed.fault.condition,
                    "refused a message"
                );
                settlement.from = malformed.from;
                settlement.id.clone_from(&malformed.fault.about);
                tokio::spawn(settlement.refuse(malformed.fault));
            }
        }
    }

    fn unpack(&self, message: Incoming) -> Result<Received, Malformed> {
        let options = &self.wire.options;
        let received = message::unpack(options.envelope.as_ref(), &self.own.her_id, message)?;
        if let Received::Parcel(parcel) = &received
            && u64::try_from(parcel.bytes.len()).is_ok_and(|bytes| bytes > options.message_bytes_max)
        {
            let says = format!("The message is larger than {} bytes.", options.message_bytes_max);
            let mut fault = fault("transport:invalid-field-value", &says);
            fault.about.clone_from(&parcel.id);
            return Err(Malformed { from: parcel.from.clone(), fault });
        }
        Ok(received)
    }

    fn settlement(&self, delivery: DeliveryInfo, message: &Incoming) -> Delivered {
        let before = message.header.as_ref().map_or(0, |header| header.delivery_count);
        Delivered {
            wire: Arc::clone(&self.wire),
            own: self.own.clone(),
            verdicts: self.verdict_sender.clone(),
            delivery: Some(delivery),
            before,
            from: String::new(),
            id: String::new(),
            is_given_back: false,
        }
    }
}

async fn rule(receiver: &Receiver, addressing: Addressing, verdict: Verdict) -> Result<(), Trouble> {
    let Verdict { delivery, ruling, told } = verdict;
    let result = match ruling {
        Ruling::Accept => receiver.accept(delivery).await,
        Ruling::Reject(fault) => {
            let condition = ErrorCondition::Custom(Symbol::from(fault.condition));
            receiver.reject(delivery, definitions::Error::new(condition, fault.says, None)).await
        }
        Ruling::GiveBack => match addressing {
            Addressing::RabbitMq => receiver.release(delivery).await,
            Addressing::ServiceBus => {
                let counted = Modified {
                    delivery_failed: Some(true),
                    undeliverable_here: None,
                    message_annotations: None,
                };
                receiver.modify(delivery, counted).await
            }
        },
    };
    let _ = told.send(());
    result.map_err(|error| Trouble::new(error.to_string()))
}

/// Keeps the unsettled messages from one queue within a limit.
#[derive(Debug)]
struct Window {
    size: u32,
    held: u32,
    given: u32,
    brought: bool,
}

impl Window {
    fn new(size: u32) -> Self {
        Self { size, held: 0, given: 0, brought: false }
    }

    fn arrived(&mut self) {
        self.held += 1;
        self.given = self.given.saturating_sub(1);
        self.brought = true;
    }

    fn settled(&mut self) {
        self.held = self.held.saturating_sub(1);
    }

    /// More credit, when all of it is used: with messages on their way the two sides count differently, and `RabbitMQ` sends
    /// more than it may.
    fn credit_to_give(&mut self) -> Option<u32> {
        let free = self.size.saturating_sub(self.held);
        if self.given > 0 || free == 0 {
            return None;
        }
        self.given = free;
        Some(free)
    }
}

/// A delivery that is not settled yet. Dropped, it is given back.
#[derive(Debug)]
struct Delivered {
    wire: Arc<Wire>,
    own: OwnQueue,
    verdicts: UnboundedSender<Verdict>,
    delivery: Option<DeliveryInfo>,
    /// How often it was delivered before.
    before: u32,
    from: String,
    id: String,
    /// Its giving back is under way: dropped meanwhile (the runtime ends), nothing more is tried.
    is_given_back: bool,
}

impl Delivered {
    /// Waits until the broker is told, or the line is gone.
    async fn tell(mut self, ruling: Ruling) {
        let Some(delivery) = self.delivery.take() else { return };
        let (told, heard) = oneshot::channel();
        if self.verdicts.send(Verdict { delivery, ruling, told }).is_ok() {
            let _ = heard.await;
        }
    }

    async fn give_back_later(mut self) {
        self.is_given_back = true;
        let pause = self.wire.options.later.pause(self.before);
        let ended = self.wire.ended.clone();
        tokio::select! {
            () = sleep(pause) => self.tell(Ruling::GiveBack).await,
            () = ended.cancelled() => {}
        }
    }

    async fn refuse(self, mut fault: FaultReport) {
        if self.own.brings == Brings::Faults {
            return self.tell(Ruling::Accept).await;
        }
        if self.from.is_empty() {
            return self.tell(Ruling::Reject(fault)).await;
        }
        fault.about.clone_from(&self.id);
        let options = &self.wire.options;
        let message = message::pack_fault(options, &self.own.her_id, &self.from, &fault);
        let queue = options.directory.error_queue(&self.from);
        let deadline = Instant::now() + options.send_within;
        match self.wire.transmit(&queue, message, deadline).await {
            Ok(()) => self.tell(Ruling::Accept).await,
            Err(SendFault::Refused { .. }) => self.tell(Ruling::Reject(fault)).await,
            Err(SendFault::Later { .. } | SendFault::Unknown { .. }) => self.give_back_later().await,
        }
    }
}

impl Settlement for Delivered {
    fn settle(self: Box<Self>, settle: Settle) -> Doing<'static, ()> {
        Box::pin(async move {
            match settle {
                Settle::Taken => self.tell(Ruling::Accept).await,
                Settle::Later => drop(self),
                Settle::Refused(fault) => {
                    // In a task of its own, so that it is done also where nobody waits for it.
                    let _ = tokio::spawn(self.refuse(fault)).await;
                }
            }
        })
    }
}

impl Drop for Delivered {
    fn drop(&mut self) {
        let Some(delivery) = self.delivery.take() else { return };
        if self.is_given_back || self.wire.ended.is_cancelled() || self.verdicts.is_closed() {
            // Nobody is there to be told: the broker gives it again when the line or the process ends.
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let again = Self {
            wire: Arc::clone(&self.wire),
            own: self.own.clone(),
            verdicts: self.verdicts.clone(),
            delivery: Some(delivery),
            before: self.before,
            from: String::new(),
            id: String::new(),
            is_given_back: true,
        };
        runtime.spawn(again.give_back_later());
    }
}

fn fault(condition: &str, says: &str) -> FaultReport {
    FaultReport { about: String::new(), condition: condition.to_owned(), says: says.to_owned(), at: None }
}
