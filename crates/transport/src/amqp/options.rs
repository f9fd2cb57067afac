use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use uuid::Uuid;

use super::{Directory, Envelope, HerIdQueues, Plain};

/// What an [`Amqp`](super::Amqp) channel is told.
#[derive(Clone, Debug)]
pub struct AmqpOptions {
    /// The channel's name in the configuration.
    pub name: String,
    /// `amqp://host:5672` or `amqps://host:5671`. A user and a password in it are used where `login` is empty.
    pub url: String,
    /// Who we are to the broker. Without it, and without a user in the address, SASL `ANONYMOUS`.
    pub login: Option<Login>,
    /// Whom to believe when the broker shows its certificate. Used with `amqps` alone.
    pub trust: Trust,
    /// How the broker wants queues to be named.
    pub addressing: Addressing,
    /// What stands before a queue's name (`NHNProdServiceBus`). Empty: with [`Addressing::ServiceBus`] the name stands alone.
    pub namespace: String,
    /// Our own HER-ids: their receive queues and error queues are read.
    pub own: Vec<String>,
    /// The names of queues, and what an agreement says of a process.
    pub directory: Arc<dyn Directory>,
    /// Signs and encrypts on the way out, and the other way on the way in.
    pub envelope: Arc<dyn Envelope>,
    /// Whether a queue is looked for before the first message is sent to it over a line.
    pub check: QueueCheck,
    /// The most unsettled messages that the broker may give us from one queue. At least 1.
    pub credit: u32,
    /// The largest message in bytes, both ways, everything counted. A larger one is not sent, and not received.
    pub message_bytes_max: u64,
    /// How long to wait for the broker when connecting.
    pub connect_within: Duration,
    /// How long [`Channel::send`](crate::Channel::send) waits in all before it answers `Later` or `Unknown`.
    pub send_within: Duration,
    /// A line on which nothing came for so long is dead. The broker is asked to say something every half of it.
    pub silence_max: Duration,
    /// How long to wait between attempts to connect, or to attach to a queue of ours.
    pub reconnect: Backoff,
    /// How long a message settled as [`Settle::Later`](crate::Settle::Later) waits before it is given back: a broker with
    /// a limit on deliveries (10 in HITS 1216) would otherwise put it aside in a moment.
    pub later: Backoff,
}

impl AmqpOptions {
    /// Options with the values of HITS 1216 where it has any: its queue names, the addressing of the test and production
    /// brokers (`RabbitMQ`), ten messages at a time, and 20 MiB a message.
    pub fn new(name: impl Into<String>, url: impl Into<String>, own: Vec<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            login: None,
            trust: Trust::System,
            addressing: Addressing::RabbitMq,
            namespace: String::new(),
            own,
            directory: Arc::new(HerIdQueues),
            envelope: Arc::new(Plain::default()),
            check: QueueCheck::BeforeFirst,
            credit: 10,
            message_bytes_max: 20 << 20,
            connect_within: Duration::from_secs(20),
            send_within: Duration::from_mins(1),
            silence_max: Duration::from_mins(1),
            reconnect: Backoff { first: Duration::from_millis(500), longest: Duration::from_mins(1) },
            later: Backoff { first: Duration::from_secs(5), longest: Duration::from_mins(10) },
        }
    }
}

/// A user and a password, for SASL `PLAIN`.
#[derive(Clone)]
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The password. `Debug` leaves it out.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Whom to believe when a broker shows its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those whom the machine believes.
    System,
    /// The certificates in this PEM file, and nobody else.
    File(PathBuf),
}

/// How a broker wants queues to be named (HITS 1216 and its reference implementation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressing {
    /// `{namespace}/{queue}` both ways. `Later` is told with `modified`, which raises the count of deliveries.
    ServiceBus,
    /// `/exchange/{namespace}/{queue}` to send and `/amq/queue/{queue}` to receive. `Later` is told with `released`:
    /// `RabbitMQ` before 4 ends the session when it hears `modified`.
    RabbitMq,
}

impl Addressing {
    /// The address to send to a queue.
    pub fn target(self, namespace: &str, queue: &str) -> String {
        match self {
            Self::ServiceBus => self.source(namespace, queue),
            Self::RabbitMq => format!("/exchange/{}/{}", escape(namespace), escape(queue)),
        }
    }

    /// The address to receive from a queue.
    pub fn source(self, namespace: &str, queue: &str) -> String {
        match self {
            Self::ServiceBus if namespace.is_empty() => queue.to_owned(),
            Self::ServiceBus => format!("{namespace}/{queue}"),
            Self::RabbitMq => format!("/amq/queue/{}", escape(queue)),
        }
    }
}

/// `RabbitMQ` reads addresses as parts of a URL.
fn escape(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

/// Whether a queue is looked for before the first message is sent to it over a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueCheck {
    /// It is, with [`Addressing::RabbitMq`]: `RabbitMQ` before 4 confirms a message to an exchange that no queue takes it from,
    /// and throws it away. Where we may not read the queue the message is sent unchecked.
    BeforeFirst,
    /// It is not: the broker is trusted to say so, or has an alternate exchange.
    Never,
}

/// Pauses that double, from one length to another, each shortened by chance to between a half and the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first pause.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after `failures` failures in a row, counted from 0.
    pub(crate) fn pause(self, failures: u32) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(failures.min(20)).unwrap_or(u32::MAX));
        let [chance, ..] = *Uuid::new_v4().as_bytes();
        let half = doubled.min(self.longest) / 2;
        half + half * u32::from(chance) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_two_dialects() {
        assert_eq!(
            Addressing::ServiceBus.target("NHNTestServiceBus", "123_async"),
            "NHNTestServiceBus/123_async"
        );
        assert_eq!(
            Addressing::ServiceBus.source("NHNTestServiceBus", "123_async"),
            "NHNTestServiceBus/123_async"
        );
        assert_eq!(Addressing::ServiceBus.source("", "123_async"), "123_async");
        let rabbit = Addressing::RabbitMq;
        assert_eq!(rabbit.target("NHNTestServiceBus", "123_async"), "/exchange/NHNTestServiceBus/123_async");
        assert_eq!(rabbit.source("NHNTestServiceBus", "123_async"), "/amq/queue/123_async");
        assert_eq!(rabbit.source("", "a/b c"), "/amq/queue/a%2Fb%20c");
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_are_never_under_a_half() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };
        for (failures, whole) in [(0, 100), (1, 200), (3, 800), (4, 1000), (5, 1000), (u32::MAX, 1000)] {
            let pause = backoff.pause(failures);
            assert!(
                pause >= Duration::from_millis(whole / 2) && pause <= Duration::from_millis(whole),
                "{pause:?}"
            );
        }
    }

    #[test]
    fn a_password_is_not_written_by_debug() {
        let login = Login { user: "samspill".into(), password: "hemmelig".into() };
        assert!(!format!("{login:?}").contains("hemmelig"));
    }
}
