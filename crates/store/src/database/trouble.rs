//! What errors of a database mean: what has to be done about them. Those of each are told apart in its own folder.

use crate::{Cause, StoreError};

/// What has to be done about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Free space.
    DiskFull,
    /// See that the database runs.
    Gone,
    /// Try again.
    Locked,
    /// Give rights.
    Denied,
    /// Restore a backup.
    Damaged,
    /// Nothing that is known here.
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
