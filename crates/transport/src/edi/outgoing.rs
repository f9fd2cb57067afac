//! Handing over what we send.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    api::Api,
    arrivals::RECEIPT,
    fault::CallFault,
    receipt::{self, Ready},
    remember::{Arrived, Remember},
    wire::{AppRecStatus, ApprecInfo},
};
use crate::{Parcel, SendFault};

/// What is written around a document in a request, in bytes, at most.
const AROUND_BYTES: usize = 256;

/// The way out.
#[derive(Debug)]
pub(super) struct Outgoing {
    api: Arc<Api>,
    remember: Arc<dyn Remember>,
}

impl Outgoing {
    pub(super) fn new(api: Arc<Api>, remember: Arc<dyn Remember>) -> Self {
        Self { api, remember }
    }

    /// Hands a parcel over: a receipt as a receipt, all else as a message to its one receiver.
    pub(super) async fn send(&self, parcel: &Parcel) -> Result<(), SendFault> {
        let is_receipt =
            parcel.kind == RECEIPT || (parcel.kind.is_empty() && receipt::is_receipt(&parcel.bytes));
        let sent = if is_receipt { self.receipt(parcel).await? } else { Some(self.message(parcel).await?) };
        if let Some(id) = sent {
            self.remember.sent(parcel, &id.to_string()).await;
        }
        Ok(())
    }

    async fn message(&self, parcel: &Parcel) -> Result<Uuid, SendFault> {
        let bytes_max = self.api.request_bytes_max();
        if parcel.bytes.len().div_ceil(3) * 4 + AROUND_BYTES > bytes_max {
            let says = format!(
                "the message has {} bytes, and the message service takes requests of at most {bytes_max}: send less",
                parcel.bytes.len()
            );
            return Err(refused("edi:too-large", says));
        }
        let to = match parcel.to.as_str() {
            "" => None,
            to => Some(her_id(to)?),
        };
        Ok(self.api.post(&parcel.bytes, to).await?)
    }

    /// Sends a receipt, unless the service has it already; `None` if it had.
    async fn receipt(&self, parcel: &Parcel) -> Result<Option<Uuid>, SendFault> {
        let ready = receipt::ready(&parcel.bytes).map_err(|says| refused("edi:unreadable-receipt", says))?;
        let from = [Some(parcel.from.clone()), ready.sender.clone()].into_iter().flatten();
        let sender = her_id(&from.into_iter().find(|her| !her.is_empty()).unwrap_or_default())?;
        let original = self.original(&ready.original, sender).await?;
        match self.there(original, sender).await? {
            Some(status) if status == ready.request.app_rec_status => Ok(None),
            Some(status) => Err(already(&ready, status)),
            None => Ok(Some(self.api.post_receipt(original, sender, &ready.request).await?)),
        }
    }

    /// The service's id of the message that is answered: remembered, or found among the unread.
    async fn original(&self, message: &str, to: u32) -> Result<Uuid, SendFault> {
        let her = to.to_string();
        let arrived = self.remember.arrived(Arrived { message, to: &her }).await;
        if let Some(id) = arrived.map_err(|says| SendFault::Later { says })? {
            return id.parse().map_err(|_| {
                refused(
                    "edi:unknown-original",
                    "the message that is answered came by another channel".to_owned(),
                )
            });
        }
        let listed = self.api.unread_with(message, to).await.map_err(before)?;
        let mut same = listed.into_iter().filter(|it| it.business_document_id.as_deref() == Some(message));
        let id = same.find_map(|it| it.id?.parse().ok());
        id.ok_or_else(|| {
            let says = "nobody knows the message that is answered: it didn't come by this channel".to_owned();
            refused("edi:unknown-original", says)
        })
    }

    /// The receipt that the service has from this receiver. Where it won't tell, none: then it refuses a second one itself.
    async fn there(&self, original: Uuid, sender: u32) -> Result<Option<AppRecStatus>, SendFault> {
        let receipts: Vec<ApprecInfo> = match self.api.receipts(original).await {
            Err(CallFault::Refused(_)) => Vec::new(),
            other => other.map_err(before)?,
        };
        Ok(receipts.iter().filter(|it| it.receiver_her_id == sender).find_map(|it| it.app_rec_status))
    }
}

/// What a failure means while nothing has been handed over.
fn before(fault: CallFault) -> SendFault {
    match fault {
        CallFault::Refused(_) => fault.into(),
        CallFault::NotDone { says, .. } | CallFault::Unsure { says } | CallFault::Unreadable { says } => {
            SendFault::Later { says }
        }
    }
}

fn already(ready: &Ready, status: AppRecStatus) -> SendFault {
    let says = format!(
        "the message is answered already with {status:?}, and a receipt is final: {:?} can't be sent",
        ready.request.app_rec_status
    );
    refused("edi:already-answered", says)
}

fn her_id(text: &str) -> Result<u32, SendFault> {
    let her = text.parse().ok().filter(|her| (1..=i32::MAX.unsigned_abs()).contains(her));
    her.ok_or_else(|| refused("edi:her-id", "the parcel's address isn't a HER-id: write a number".to_owned()))
}

fn refused(condition: &str, says: String) -> SendFault {
    SendFault::Refused { condition: condition.to_owned(), says }
}
