//! What the errors of PostgreSQL and of its driver mean.

use std::io;

use tokio_postgres::{Error, error::DbError};

use super::super::trouble::Meaning;
use crate::{Cause, StoreError};

/// An error of the server, or of the way to it, while it was to do something.
pub(super) fn trouble(doing: &'static str, error: Error) -> StoreError {
    meaning(&error).told(doing, cause(error))
}

/// Nothing was given in time: a turn, or a place for a connection.
pub(super) fn out_of_time(doing: &'static str) -> StoreError {
    Meaning::Locked.told(doing, "nothing became free in time".into())
}

/// The server was to make a connection, and gave no answer in time.
pub(super) fn no_answer(doing: &'static str) -> StoreError {
    Meaning::Gone.told(doing, "the server doesn't answer".into())
}

/// The store was closed.
pub(super) fn closed(doing: &'static str) -> StoreError {
    Meaning::Gone.told(doing, "the store is closed".into())
}

/// What a commit says that isn't the server's refusal: it may have taken place, or not.
pub(super) fn outcome_unknown(error: StoreError) -> StoreError {
    if let StoreError::Gone { source, .. } | StoreError::Database { source, .. } = error {
        return StoreError::OutcomeUnknown { source };
    }
    StoreError::OutcomeUnknown { source: Box::new(error) }
}

/// Whether a new connection failed for a reason that passes by itself: the server is starting, or has no room for one more.
pub(super) fn is_starting(error: &Error) -> bool {
    const TOO_MANY: &str = "53300";
    const NOT_YET: &str = "57P03";
    match error.as_db_error() {
        Some(said) => [TOO_MANY, NOT_YET].contains(&said.code().code()),
        None => io_kind(error) == Some(io::ErrorKind::ConnectionRefused),
    }
}

/// Whether the transaction goes on, aborted: the server refused a statement, and is still there.
pub(super) fn is_refusal(error: &Error) -> bool {
    error.as_db_error().is_some() && meaning(error) != Meaning::Gone
}

/// The server's words without what it shows of rows: details name the values of a key, and they may be about a person.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({code})")]
struct Said {
    message: String,
    code: String,
}

fn cause(error: Error) -> Cause {
    match error.as_db_error() {
        Some(said) => Box::new(Said::of(said)),
        None => Box::new(error),
    }
}

impl Said {
    fn of(said: &DbError) -> Self {
        Self { message: said.message().to_owned(), code: said.code().code().to_owned() }
    }
}

fn meaning(error: &Error) -> Meaning {
    if let Some(said) = error.as_db_error() {
        return of_code(said.code().code());
    }
    match io_kind(error) {
        Some(io::ErrorKind::StorageFull) => Meaning::DiskFull,
        Some(io::ErrorKind::PermissionDenied) => Meaning::Denied,
        Some(_) => Meaning::Gone,
        None if error.is_closed() || is_about_tls(error) => Meaning::Gone,
        None => Meaning::Other,
    }
}

/// The driver doesn't say otherwise which of its errors is about TLS.
fn is_about_tls(error: &Error) -> bool {
    error.to_string().contains("TLS")
}

/// What the system said, if it was the system.
fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    let source = std::error::Error::source(error)?;
    // What can't be encoded is told as an error of the system too.
    source.downcast_ref().map(io::Error::kind).filter(|kind| *kind != io::ErrorKind::InvalidInput)
}

/// SQLSTATE of PostgreSQL: the first two letters are the class.
fn of_code(code: &str) -> Meaning {
    match (code, code.get(..2).unwrap_or_default()) {
        ("53100", _) => Meaning::DiskFull,
        ("53300" | "55P03" | "40001" | "40P01" | "55006", _) => Meaning::Locked,
        ("57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "3D000", _) | (_, "08" | "58") => Meaning::Gone,
        ("42501" | "25006", _) | (_, "28") => Meaning::Denied,
        (_, "XX") => Meaning::Damaged,
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_postgresql_mean_what_its_manual_says() {
        use Meaning::{Damaged, Denied, DiskFull, Gone, Locked, Other};
        let rows = [
            ("53100", DiskFull),
            ("55P03", Locked),
            ("53300", Locked),
            ("57P01", Gone),
            ("08006", Gone),
            ("3D000", Gone),
            ("28P01", Denied),
            ("42501", Denied),
            ("25006", Denied),
            ("XX001", Damaged),
            ("23505", Other),
            ("", Other),
        ];
        for (code, means) in rows {
            assert_eq!(of_code(code), means, "{code}");
        }
    }
}
