//! Channels that carry messages between systems: bytes go in and bytes come out, and nobody here reads what they mean.
//!
//! ```text
//!   outbox ──▶ Channel::send ─────▶ another system        Ok: it is safe there.  SendFault: whether and how to try again.
//!   inbox  ◀── Channel::receive ◀── another system        Arrival: stays with the channel until it is settled.
//! ```
//!
//! A channel promises *at least once*, in both directions. Once is made of it by whoever keeps an inbox and an outbox: a
//! parcel that comes again has the same [`Parcel::id`] or the same message in it.

pub mod amqp;
mod channel;
pub mod edi;
pub mod fake;
mod fault;
pub mod folder;
mod parcel;
#[cfg(feature = "testing")]
pub mod testing;

pub use channel::{Arrival, Channel, Doing, Health, Received, Settle, Settlement};
pub use fault::{FaultReport, SendFault};
pub use parcel::Parcel;
