//! Accounts, sessions, the access log, and the register of persons, on a store.

#![expect(clippy::disallowed_methods, reason = "the messages of the tests are files")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod access_log;
mod accounts;
mod grants;
mod keeper;
mod persons;
mod sessions;
mod support;
mod undo;
