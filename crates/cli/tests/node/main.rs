//! Nodes as they run: the built program as processes of their own, on folders, a broker and databases of their own.
//!
//! Where `RabbitMQ` or `PostgreSQL` is not installed, the tests that need it say so and pass. `SAMSPILL_NODE_KILLS` says how often each
//! node is killed in the test of crashes; 25 times if it says nothing. What waits for a broker is in a module of its own, which `make test` runs beside all
//! others by its name.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod addresses;
mod by_hand;
mod config;
mod crash;
mod demo;
mod drill;
mod folder;
mod front;
mod official;
mod operating;
mod over_rabbitmq;
mod people;
mod persons;
mod sealed;
mod shared;
mod simulate;
mod support;
mod wards;
