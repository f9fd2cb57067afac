use jiff::Timestamp;
use reqwest::StatusCode;
use uuid::Uuid;

use super::{
    api::Api,
    clock::Clock,
    fault::CallFault,
    wire::{AppRecError, AppRecStatus, ApprecInfo, DeliveryState, StatusInfo},
};

/// How far a message of ours came to one of its receivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The receiver's HER-id.
    pub receiver: String,
    /// How far the message service brought it.
    pub delivery: Delivery,
    /// What its receipt says; `None` if it hasn't come.
    pub receipt: Option<ReceiptStatus>,
    /// The errors of its receipt.
    pub errors: Vec<ReceiptError>,
    /// When this was asked. The service tells no times of its own.
    pub at: Timestamp,
}

/// How far the message service brought a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// The receiver's system hasn't confirmed it yet.
    Unconfirmed,
    /// The receiver's system has it.
    Acknowledged,
    /// The receiver's system refuses it, or it could not be brought.
    Rejected,
}

/// What a receipt says (8258).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceiptStatus {
    /// 1: accepted.
    Accepted,
    /// 2: rejected.
    Rejected,
    /// 3: accepted with an error in a part. The service doesn't send it.
    AcceptedInPart,
}

/// An error of a receipt (8221). What the service leaves out is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptError {
    /// Its code: `E36`.
    pub code: String,
    /// The name of the code.
    pub name: String,
    /// What the receiver says of it.
    pub details: String,
    /// The table of the code, by its OID.
    pub table: String,
}

/// Why a message can't be traced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceFault {
    /// The service has no such message, or the id isn't one of its own.
    #[error("the message service knows no message with this id")]
    Unknown,
    /// The service was out of reach, or can't be understood. Ask again later.
    #[error("{says}")]
    Later {
        /// What happened.
        says: String,
    },
    /// The service won't tell.
    #[error("{says}")]
    Refused {
        /// What it says.
        says: String,
    },
}

pub(super) async fn trace(api: &Api, clock: &Clock, id: &str) -> Result<Vec<Trace>, TraceFault> {
    let id: Uuid = id.parse().map_err(|_| TraceFault::Unknown)?;
    let statuses = api.status(id).await?;
    let receipts = api.receipts(id).await?;
    let at = clock.now();
    Ok(statuses.into_iter().map(|status| joined(&status, &receipts, at)).collect())
}

/// The newer of the two answers, that of the receipts, goes first.
fn joined(status: &StatusInfo, receipts: &[ApprecInfo], at: Timestamp) -> Trace {
    let receipt = receipts.iter().find(|receipt| receipt.receiver_her_id == status.receiver_her_id);
    let errors = receipt.and_then(|receipt| receipt.app_rec_error_list.as_deref()).unwrap_or_default();
    Trace {
        receiver: status.receiver_her_id.to_string(),
        delivery: delivery(status.transport_delivery_state),
        receipt: receipt
            .and_then(|receipt| receipt.app_rec_status)
            .or(status.app_rec_status)
            .map(receipt_status),
        errors: errors.iter().map(error).collect(),
        at,
    }
}

fn delivery(state: DeliveryState) -> Delivery {
    match state {
        DeliveryState::Unconfirmed => Delivery::Unconfirmed,
        DeliveryState::Acknowledged => Delivery::Acknowledged,
        DeliveryState::Rejected => Delivery::Rejected,
    }
}

fn receipt_status(status: AppRecStatus) -> ReceiptStatus {
    match status {
        AppRecStatus::Ok => ReceiptStatus::Accepted,
        AppRecStatus::Rejected => ReceiptStatus::Rejected,
        AppRecStatus::OkErrorInMessagePart => ReceiptStatus::AcceptedInPart,
    }
}

fn error(error: &AppRecError) -> ReceiptError {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    ReceiptError {
        code: text(&error.error_code),
        name: text(&error.description),
        details: text(&error.details),
        table: text(&error.oid),
    }
}

impl From<CallFault> for TraceFault {
    fn from(fault: CallFault) -> Self {
        match fault {
            CallFault::Refused(problem) if problem.status == StatusCode::NOT_FOUND => Self::Unknown,
            CallFault::Refused(problem) => Self::Refused { says: problem.says },
            CallFault::NotDone { says, .. } | CallFault::Unsure { says } | CallFault::Unreadable { says } => {
                Self::Later { says }
            }
        }
    }
}
