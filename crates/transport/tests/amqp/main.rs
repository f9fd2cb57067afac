//! The AMQP channel. `make test` runs these beside all others, by the name of the module: they wait for the broker most of the time.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod over_rabbitmq;
#[path = "../support/mod.rs"]
mod support;
