//! What the errors of the databases mean, and those of PostgreSQL.

use std::io;

use crate::{Cause, StoreError};

/// An error of PostgreSQL while it was to do something, by what has to be done about it.
pub(crate) fn trouble(doing: &'static str, error: sqlx::Error) -> StoreError {
    meaning(&error).told(doing, error.into())
}

/// An error of a commit.
pub(super) fn at_commit(error: sqlx::Error) -> StoreError {
    meaning(&error).told_of_commit(error.into())
}

/// What has to be done about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    DiskFull,
    Gone,
    Locked,
    Denied,
    Damaged,
    Other,
}

impl Meaning {
    /// The error of a database while it was to do something.
    pub(super) fn told(self, doing: &'static str, source: Cause) -> StoreError {
        match self {
            Self::DiskFull => StoreError::DiskFull { doing, source },
            Self::Gone => StoreError::Gone { doing, source },
            Self::Locked => StoreError::Locked { doing, source },
            Self::Denied => StoreError::Denied { doing, source },
            Self::Damaged => StoreError::Damaged { doing, source },
            Self::Other => StoreError::Database { doing, source },
        }
    }

    /// The error of a commit. A connection that breaks, or a disk, leaves open whether it took place.
    pub(super) fn told_of_commit(self, source: Cause) -> StoreError {
        match self {
            Self::Gone => StoreError::OutcomeUnknown { source },
            Self::DiskFull | Self::Locked | Self::Denied | Self::Damaged | Self::Other => {
                self.told("commit", source)
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "sqlx may add errors at any time; they are told as they come"
)]
fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(said) => of_postgres(&said.code().unwrap_or_default()),
        sqlx::Error::Io(said) if said.kind() == io::ErrorKind::StorageFull => Meaning::DiskFull,
        sqlx::Error::Io(said) if said.kind() == io::ErrorKind::PermissionDenied => Meaning::Denied,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Meaning::Gone
        }
        sqlx::Error::PoolTimedOut => Meaning::Locked,
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
