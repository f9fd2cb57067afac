use jiff::Timestamp;
use samspill_formats::messages::types::{self, Detected};
use samspill_service::exchange::monitor::{Reached, Tracked};
use serde::Serialize;
use utoipa::ToSchema;

/// A message in a list: nothing of what it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MessageSummary {
    /// Its number: 1, 2, 3, … in the order in which messages were kept.
    pub(crate) number: u64,
    /// `in` or `out`.
    pub(crate) direction: String,
    /// Its id (`MsgId`); empty where none can be read.
    pub(crate) id: String,
    /// What it is: a code of Norwegian code system 8279.
    #[schema(example = "LOG_UTSKRIVNINGSKLAR")]
    pub(crate) kind: String,
    /// The sender's HER-id.
    pub(crate) from: String,
    /// The receiver's HER-id.
    pub(crate) to: String,
    /// The stay that it belongs to, if that is settled.
    pub(crate) case: Option<String>,
    /// When it came, or was handed in for sending.
    pub(crate) at: Timestamp,
    /// What became of it: `taken`, `question`, `refused` …
    pub(crate) standing: String,
    /// Of one that was sent: how it stands with each receiver.
    pub(crate) receivers: Vec<Receiver>,
    /// Where all of it is.
    #[schema(format = "uri-reference")]
    pub(crate) href: String,
}

/// How a message stands with a receiver.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Receiver {
    /// The receiver.
    #[schema(example = "HER:8000012")]
    pub(crate) receiver: String,
    /// How it stands: `sent`, `delivered`, `accepted`, `rejected`, `overdue` …
    pub(crate) state: String,
    /// When the receipt came.
    pub(crate) receipt: Option<Timestamp>,
    /// Why it was rejected.
    pub(crate) reasons: Vec<String>,
}

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    /// What stands in lists.
    #[serde(flatten)]
    pub(crate) summary: MessageSummary,
    /// All that it says, as people read it; empty where it can't be read.
    pub(crate) text: String,
    /// Where the document is, byte by byte as it came or went.
    #[schema(format = "uri-reference")]
    pub(crate) document: String,
    /// The files that came with it.
    pub(crate) attachments: Vec<Attachment>,
}

/// A file that came with a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Attachment {
    /// Its number in the message, from 1.
    pub(crate) number: usize,
    /// What the sender calls it.
    pub(crate) description: String,
    /// What the sender says that it is.
    pub(crate) said_type: String,
    /// What it is given as: what its content shows.
    pub(crate) media_type: String,
    /// How many bytes it has; none where they can't be had.
    pub(crate) bytes: Option<usize>,
    /// Where it is.
    #[schema(format = "uri-reference")]
    pub(crate) href: String,
}

impl MessageSummary {
    pub(crate) fn of(tracked: &Tracked) -> Self {
        Self {
            number: tracked.number,
            direction: tracked.direction.as_str().to_owned(),
            id: tracked.id.clone(),
            kind: tracked.kind.clone(),
            from: tracked.from.clone(),
            to: tracked.to.clone(),
            case: tracked.case.clone(),
            at: tracked.at,
            standing: tracked.standing.as_str().to_owned(),
            receivers: tracked.receivers.iter().map(Receiver::of).collect(),
            href: super::super::link(&["messages", &tracked.number.to_string()]),
        }
    }
}

impl Receiver {
    fn of(reached: &Reached) -> Self {
        let state = serde_json::to_value(reached.state).ok();
        Self {
            receiver: reached.receiver.clone(),
            state: state.as_ref().and_then(|it| it.as_str()).unwrap_or_default().to_owned(),
            receipt: reached.receipt,
            reasons: reached.reasons.clone(),
        }
    }
}

impl Attachment {
    pub(crate) fn of(message: u64, number: usize, file: &types::Attachment) -> Self {
        Self {
            number,
            description: file.description.clone(),
            said_type: file.mime_type.clone(),
            media_type: attachment_type(file.detected).to_owned(),
            bytes: file.bytes.as_ref().map(Vec::len),
            href: super::super::link(&["messages", &message.to_string(), "attachments", &number.to_string()]),
        }
    }
}

/// What a file is given as. What doesn't show what it is, is only bytes: what the sender says could make a browser run it.
pub(crate) fn attachment_type(detected: Detected) -> &'static str {
    match detected {
        Detected::Pdf => "application/pdf",
        Detected::Jpeg => "image/jpeg",
        Detected::Png => "image/png",
        Detected::Other => "application/octet-stream",
    }
}
