//! What must hold on both databases: every test of `on_both!` runs on each.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

#[path = "../support/mod.rs"]
mod support;

mod accesses;
mod addresses;
mod backups;
mod bench;
mod broken;
mod errors;
mod leases;
mod log;
mod mail_backups;
mod many;
mod messages;
mod notices;
mod outbox;
mod people;
mod people_backups;
mod persons;
mod persons_moved;
mod projections;
mod related;
mod round_trips;
mod samples;
mod schema;
mod sealed;
mod silence;
mod tampering;
mod templates;
mod tls;
mod transfer;
