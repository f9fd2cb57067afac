use std::{fmt, path::PathBuf, str::FromStr};

use super::postgres::Address;
use crate::StoreError;

/// Where a store lies: `sqlite:data/samspill.db`, or `postgres://samspill@localhost/samspill`.
///
/// An address of PostgreSQL may hold what libpq's may (`?host=/run/postgresql`, `sslmode=verify-full`). What it leaves
/// out comes from the environment (`PGPASSWORD`, …), so that a password need not stand in it. Neither `Debug` nor
/// `Display` shows a password.
#[derive(Clone)]
pub struct Place(pub(crate) Where);

/// One of the two databases.
#[derive(Clone)]
pub(crate) enum Where {
    /// A file, with two more beside it while it is open (`-wal`, `-shm`).
    Sqlite(PathBuf),
    /// A database of a PostgreSQL server, version 15 or later.
    Postgres(Box<Address>),
}

impl Place {
    /// A file for SQLite.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Where::Sqlite(path.into()))
    }
}

impl FromStr for Place {
    type Err = StoreError;

    /// # Errors
    ///
    /// Anything that begins with neither `sqlite:` nor `postgres:` or `postgresql:`; SQLite in memory, which would be
    /// another database for each connection; an address of PostgreSQL with a key or a value that can't be followed.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::Place(without_password(text));
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") || path.contains('?') {
                return Err(wrong());
            }
            return Ok(Self::file(path));
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Ok(Self(Where::Postgres(Box::new(Address::read(text)?))));
        }
        Err(wrong())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Where::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Where::Postgres(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As much of what is no place as shows no password, wherever somebody has put one.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let before = rest.split_once('?').map_or(rest, |(before, _)| before);
    match before.rsplit_once('@') {
        Some((_, end)) => format!("{scheme}://…@{end}"),
        // A question mark of a password isn't the end of it.
        None if rest.contains('@') => format!("{scheme}://…"),
        None => format!("{scheme}://{before}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_or_an_address() {
        for (text, shown) in [
            ("sqlite:a/b.db", "sqlite:a/b.db"),
            ("sqlite:///a/b.db", "sqlite:/a/b.db"),
            ("postgres://ola:hemmelig@db.example:5433/samspill", "postgres://ola@db.example:5433/samspill"),
        ] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place.to_string(), shown);
            assert_eq!(format!("{place:?}"), shown);
        }
    }

    #[test]
    fn other_places_are_refused_and_passwords_never_shown() {
        for text in [
            "",
            "a.db",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a?mode=ro",
            "mysql://a:hemmelig@b/c",
            "mysql://a@b/c?password=hemmelig",
            "mysql://a:hem?melig@b/c",
        ] {
            let error = text.parse::<Place>().unwrap_err().to_string();
            assert!(error.contains("sqlite:<path"), "{error}");
            assert!(!error.contains("hem"), "{error}");
        }
        for text in [
            "postgres://a@b/c?password=hemmelig&sslmode=perhaps",
            "postgres://a:12/hemmelig@b/c",
            "postgres:a:hemmelig@b/c",
        ] {
            let error = text.parse::<Place>().unwrap_err().to_string();
            assert!(error.contains("postgres://<user>@<host>") || error.contains("sslmode"), "{error}");
            assert!(!error.contains("hemmelig"), "{error}");
        }
    }
}
