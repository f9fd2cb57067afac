//! What the errors of SQLite mean.

use crate::{StoreError, database::trouble::Meaning};

/// Nobody can be given a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoConnection {
    /// Others have them all for longer than was to be waited.
    #[error("all connections to the file are with other transactions")]
    AllLent,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl NoConnection {
    /// The error for whoever wanted one.
    pub(super) fn told(self, doing: &'static str) -> StoreError {
        let meaning = match self {
            Self::AllLent => Meaning::Locked,
            Self::Closed => Meaning::Gone,
        };
        meaning.told(doing, self.into())
    }
}

/// An error of SQLite while it was to do something, by what has to be done about it.
pub(super) fn trouble(doing: &'static str, error: rusqlite::Error) -> StoreError {
    meaning(&error).told(doing, error.into())
}

/// An error of a commit.
pub(super) fn at_commit(error: rusqlite::Error) -> StoreError {
    meaning(&error).told_of_commit(error.into())
}

/// Whether another connection is in the way, and the same may succeed in a moment.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    meaning(error) == Meaning::Locked
}

fn meaning(error: &rusqlite::Error) -> Meaning {
    error.sqlite_error().map_or(Meaning::Other, |said| of_code(said.extended_code))
}

/// Result codes of SQLite; the lowest byte is the code, the rest makes it more exact.
fn of_code(code: i32) -> Meaning {
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
            let said = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            assert_eq!(meaning(&said), means, "{code}");
        }
        assert_eq!(meaning(&rusqlite::Error::InvalidQuery), Other);
    }
}
