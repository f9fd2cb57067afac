//! The message service's REST API as a channel, against a stub made from the API's description.

#![expect(clippy::unwrap_used, reason = "all of this is tests")]

mod contract;
mod http;
mod incoming;
mod keys;
mod outgoing;
mod receipts;
mod round_trip;
mod stub;
mod tokens;
mod world;
