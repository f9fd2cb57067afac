//! The message service's REST API (EDI 2.0, version 2) as a channel.
//!
//! ```text
//!   send     ──▶ POST /Messages                              a message, base64
//!            ──▶ GET  /Messages/{id}/apprec, then            a receipt: looked for first, since there is only ever one
//!                POST /Messages/{id}/apprec/{own HER-id}
//!   receive  ◀── GET  /Messages, GET …/{id}/business-document
//!   settle   ──▶ PUT  /Messages/{id}/read/{own HER-id}
//!   trace    ◀── GET  /Messages/{id}/status and …/apprec
//! ```
//!
//! The service signs, encrypts, and tries again towards the receiver; here are only its own line and its own faults.
//!
//! # Ids
//!
//! [`Parcel::id`] of what arrives is the service's id of the message. A message for two of our HER-ids
//! comes once for each, with the same id and different [`Parcel::to`]: an inbox keeps the two together as its
//! key. A receipt goes to the service's id of the message that it answers. The service finds a message by its `MsgId` only
//! while it is unread, so that id is asked of [`Remember`] first, which an inbox can answer from what it keeps anyway.
//!
//! # What may be doubled
//!
//! The service can't be asked whether it has a message of ours: it lists what is for us, by its receiver. A message that is sent
//! again after [`SendFault::Unknown`] may therefore reach its receiver twice, with the same `MsgId`,
//! and receivers ignore the second (HITS 1168). A receipt is looked for before it is sent, and is not doubled.

mod api;
mod arrivals;
mod call;
mod clock;
mod fault;
mod line;
mod outgoing;
mod problem;
mod receipt;
mod remember;
mod settings;
mod tokens;
mod trace;
mod unread;
mod wire;

use std::sync::Arc;

pub use clock::Clock;
pub use remember::{Arrived, Remember};
pub use settings::{EdiSettings, SettingsFault};
pub use tokens::{
    Ask, ClientCredentials, ClientSettings, Credentials, Fixed, KeyFault, Renew, SigningKey, TokenFault,
    Tokens,
};
pub use trace::{Delivery, ReceiptError, ReceiptStatus, Trace, TraceFault};

use crate::{Arrival, Channel, Doing, Health, Parcel, SendFault};
use arrivals::Arrivals;
use outgoing::Outgoing;

/// A line to the message service.
#[derive(Debug)]
pub struct Edi {
    name: String,
    api: Arc<api::Api>,
    arrivals: Arc<Arrivals>,
    outgoing: Outgoing,
    clock: Clock,
}

impl Edi {
    /// A line with these settings. Nothing is asked of the service before the first parcel is sent or waited for.
    ///
    /// # Errors
    /// A setting can't be used.
    pub fn new(
        settings: &EdiSettings,
        tokens: Arc<dyn Tokens>,
        remember: Arc<dyn Remember>,
        clock: Clock,
    ) -> Result<Self, SettingsFault> {
        settings.check()?;
        let api = Arc::new(api::Api::new(settings, tokens, clock.clone())?);
        Ok(Self {
            name: settings.name.clone(),
            arrivals: Arc::new(Arrivals::new(settings, Arc::clone(&api), clock.clone())),
            outgoing: Outgoing::new(Arc::clone(&api), remember),
            api,
            clock,
        })
    }

    /// What became of a message of ours, by the id that [`Remember::sent`] was told: one answer for each receiver.
    ///
    /// # Errors
    /// The service doesn't know the message, refuses, or can't be reached.
    pub async fn trace(&self, id: &str) -> Result<Vec<Trace>, TraceFault> {
        trace::trace(&self.api, &self.clock, id).await
    }
}

impl Channel for Edi {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(self.outgoing.send(parcel))
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(self.arrivals.next())
    }

    /// Down also where the line works, but a message waits that can't be fetched: nobody else would tell of it.
    fn health(&self) -> Health {
        let line = self.api.line.health();
        match line {
            Health::Down { .. } => line,
            Health::Unknown | Health::Up => self.arrivals.stuck().unwrap_or(line),
        }
    }

    /// There is nothing to let go of: what is unread stays so.
    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }
}
