//! What the errors of the two databases mean.

use std::io;

use crate::StoreError;

/// An error of the database while it was to do something, by what has to be done about it.
pub(crate) fn trouble(doing: &'static str, error: sqlx::Error) -> StoreError {
    let meaning = meaning(&error);
    let source = error.into();
    match meaning {
        Meaning::DiskFull => StoreError::DiskFull { doing, source },
        Meaning::Gone => StoreError::Gone { doing, source },
        Meaning::Locked => StoreError::Locked { doing, source },
        Meaning::Denied => StoreError::Denied { doing, source },
        Meaning::Damaged => StoreError::Damaged { doing, source },
        Meaning::Other => StoreError::Database { doing, source },
    }
}

/// An error of a commit. A connection that breaks leaves open whether it took place.
pub(super) fn at_commit(error: sqlx::Error) -> StoreError {
    match meaning(&error) {
        Meaning::Gone => StoreError::OutcomeUnknown { source: error.into() },
        Meaning::DiskFull | Meaning::Locked | Meaning::Denied | Meaning::Damaged | Meaning::Other => {
            trouble("commit", error)
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    DiskFull,
    Gone,
    Locked,
    Denied,
    Damaged,
    Other,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "sqlx may add errors at any time; they are told as they come"
)]
fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default();
            if said.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                code.parse().map_or(Meaning::Other, of_sqlite)
            } else {
                of_postgres(&code)
            }
        }
        sqlx::Error::Io(said) if said.kind() == io::ErrorKind::StorageFull => Meaning::DiskFull,
        sqlx::Error::Io(said) if said.kind() == io::ErrorKind::PermissionDenied => Meaning::Denied,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Meaning::Gone
        }
        sqlx::Error::PoolTimedOut => Meaning::Locked,
        _ => Meaning::Other,
    }
}

/// Result codes of SQLite; the lowest byte is the code, the rest makes it more exact.
fn of_sqlite(code: i32) -> Meaning {
    const SHORT_READ: i32 = 522;
    match (code, code & 0xff) {
        (_, 13) => Meaning::DiskFull,
        (_, 5 | 6) => Meaning::Locked,
        (_, 3 | 8 | 23) => Meaning::Denied,
        (SHORT_READ, _) | (_, 11 | 26) => Meaning::Damaged,
        (_, 10 | 14) => Meaning::Gone,
        _ => Meaning::Other,
    }
}

/// SQLSTATE of PostgreSQL: the first two letters are the class.
fn of_postgres(code: &str) -> Meaning {
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
    fn codes_of_sqlite_mean_what_its_manual_says() {
        use Meaning::{Damaged, Denied, DiskFull, Gone, Locked, Other};
        let rows = [
            (13, DiskFull),
            (5, Locked),
            (6, Locked),
            (517, Locked),
            (8, Denied),
            (14, Gone),
            (778, Gone),
            (522, Damaged),
            (11, Damaged),
            (26, Damaged),
            (19, Other),
        ];
        for (code, means) in rows {
            assert_eq!(of_sqlite(code), means, "{code}");
        }
    }

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
            assert_eq!(of_postgres(code), means, "{code}");
        }
    }
}
