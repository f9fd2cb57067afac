use fe2o3_amqp::{
    connection::{ConnectionStopReason, OpenError},
    link::{
        DetachError, LinkStateError, ReceiverAttachError, SendError, SenderAttachError, SessionStopReason,
    },
    session::BeginError,
};
use fe2o3_amqp_types::{definitions, messaging::Outcome, primitives::Symbol};

use super::message::refused;
use crate::SendFault;

/// Why something could not be done, with the condition where the broker gave one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) condition: Option<String>,
    pub(super) says: String,
}

/// Conditions that won't pass by themselves.
const LASTING: [&str; 8] = [
    "amqp:not-found",
    "amqp:unauthorized-access",
    "amqp:not-allowed",
    "amqp:invalid-field",
    "amqp:decode-error",
    "amqp:not-implemented",
    "amqp:link:message-size-exceeded",
    "amqp:link:redirect",
];
/// Rejections that pass by themselves.
const PASSING: [&str; 5] = [
    "amqp:resource-limit-exceeded",
    "amqp:internal-error",
    "amqp:resource-locked",
    "com.microsoft:server-busy",
    "com.microsoft:timeout",
];

impl Trouble {
    pub(super) fn new(says: impl Into<String>) -> Self {
        Self { condition: None, says: says.into() }
    }

    fn remote(error: &definitions::Error) -> Self {
        let condition = condition(error);
        let says = match &error.description {
            Some(description) => format!("the broker says {condition}: {description}"),
            None => format!("the broker says {condition}"),
        };
        Self { condition: Some(condition), says }
    }

    pub(super) fn lasts(&self) -> bool {
        self.condition.as_deref().is_some_and(|condition| LASTING.contains(&condition))
    }

    /// What it means for a parcel that was not on its way yet.
    pub(super) fn before(self) -> SendFault {
        if self.lasts() { self.refusal() } else { SendFault::Later { says: self.says } }
    }

    /// What it means for a parcel that was on its way.
    pub(super) fn after(self) -> SendFault {
        if self.lasts() { self.refusal() } else { SendFault::Unknown { says: self.says } }
    }

    fn refusal(self) -> SendFault {
        refused(&self.condition.unwrap_or_default(), self.says)
    }
}

/// What a broker's answer means for a parcel.
pub(super) fn judge(outcome: Outcome) -> Result<(), SendFault> {
    match outcome {
        Outcome::Accepted(_) => Ok(()),
        Outcome::Rejected(rejected) => Err(match rejected.error {
            Some(error) => rejection(Trouble::remote(&error)),
            None => refused("amqp:rejected", "the broker rejected it and didn't say why".to_owned()),
        }),
        Outcome::Released(_) => Err(SendFault::Later {
            says: "the broker gave it back: it can't put it in a queue now".to_owned(),
        }),
        Outcome::Modified(modified) if modified.undeliverable_here == Some(true) => {
            Err(refused("amqp:modified", "the broker says that it can't be delivered there".to_owned()))
        }
        Outcome::Modified(_) => Err(SendFault::Later { says: "the broker gave it back".to_owned() }),
    }
}

fn rejection(trouble: Trouble) -> SendFault {
    match &trouble.condition {
        Some(condition) if PASSING.contains(&condition.as_str()) => SendFault::Later { says: trouble.says },
        Some(_) | None => trouble.refusal(),
    }
}

fn condition(error: &definitions::Error) -> String {
    match &error.condition {
        definitions::ErrorCondition::AmqpError(error) => Symbol::from(error).into_inner(),
        definitions::ErrorCondition::ConnectionError(error) => Symbol::from(error).into_inner(),
        definitions::ErrorCondition::SessionError(error) => Symbol::from(error).into_inner(),
        definitions::ErrorCondition::LinkError(error) => Symbol::from(error).into_inner(),
        definitions::ErrorCondition::Custom(symbol) => symbol.as_str().to_owned(),
    }
}

impl From<&SessionStopReason> for Trouble {
    fn from(reason: &SessionStopReason) -> Self {
        match reason {
            SessionStopReason::EndedWithError(error) | SessionStopReason::RemoteEndedWithError(error) => {
                Self::remote(error)
            }
            SessionStopReason::ConnectionStopped(ConnectionStopReason::RemoteClosedWithError(error)) => {
                // What ends the whole line is not this parcel's fault.
                Self::new(Self::remote(error).says)
            }
            SessionStopReason::Ended | SessionStopReason::RemoteEnded => Self::new("the session ended"),
            SessionStopReason::ConnectionStopped(_) => Self::new("the line to the broker broke"),
        }
    }
}

impl From<LinkStateError> for Trouble {
    fn from(error: LinkStateError) -> Self {
        match error {
            LinkStateError::SessionStopped(reason) => Self::from(&reason),
            LinkStateError::RemoteDetachedWithError(error) | LinkStateError::RemoteClosedWithError(error) => {
                Self::remote(&error)
            }
            LinkStateError::IllegalState
            | LinkStateError::RemoteDetached
            | LinkStateError::RemoteClosed
            | LinkStateError::ExpectImmediateDetach => Self::new(format!("the link ended ({error})")),
        }
    }
}

impl From<DetachError> for Trouble {
    fn from(error: DetachError) -> Self {
        LinkStateError::from(error).into()
    }
}

impl From<SendError> for Trouble {
    fn from(error: SendError) -> Self {
        match error {
            SendError::LinkStateError(error) => error.into(),
            SendError::Detached(error) => error.into(),
            SendError::MessageSizeExceeded(size) => Self {
                condition: Some("amqp:link:message-size-exceeded".to_owned()),
                says: format!("the message has {} bytes, and the broker takes {}", size.size, size.max_size),
            },
            SendError::MessageEncodeError => Self {
                condition: Some("amqp:decode-error".to_owned()),
                says: "the message can't be written as AMQP".to_owned(),
            },
            SendError::NonTerminalDeliveryState | SendError::IllegalDeliveryState => {
                Self::new(error.to_string())
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases of another library have nothing to add to their text"
)]
impl From<SenderAttachError> for Trouble {
    fn from(error: SenderAttachError) -> Self {
        match error {
            SenderAttachError::SessionStopped(reason) => Self::from(&reason),
            SenderAttachError::RemoteClosedWithError(error) => Self::remote(&error),
            other => Self::new(other.to_string()),
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases of another library have nothing to add to their text"
)]
impl From<ReceiverAttachError> for Trouble {
    fn from(error: ReceiverAttachError) -> Self {
        match error {
            ReceiverAttachError::SessionStopped(reason) => Self::from(&reason),
            ReceiverAttachError::RemoteClosedWithError(error) => Self::remote(&error),
            other => Self::new(other.to_string()),
        }
    }
}

impl From<BeginError> for Trouble {
    fn from(error: BeginError) -> Self {
        Self::new(format!("no session with the broker: {error}"))
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases of another library have nothing to add to their text"
)]
impl From<OpenError> for Trouble {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::SaslError { code, .. } => {
                Self::new(format!("the broker refuses our user or password: look at `login` (SASL {code:?})"))
            }
            OpenError::RemoteClosedWithError(error) => Self::remote(&error),
            OpenError::Io(error) => Self::new(format!("the broker can't be reached: {error}")),
            other => Self::new(format!("the broker can't be reached: {other}")),
        }
    }
}
