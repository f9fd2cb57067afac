//! Whom marks in the log stand for.

use std::sync::LazyLock;

/// A person that a new entry has. Whose mark is there stays as it is.
pub(crate) const ADD: &str = "INSERT INTO log_person (community, mark, key_id, sealed) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (community, mark) DO NOTHING";

/// The key that the first person of a community is sealed with.
pub(crate) const ANY: &str = "SELECT key_id FROM log_person WHERE community = $1 ORDER BY mark LIMIT 1";

/// Persons after a mark, some at the most: mark, key, what is sealed.
pub(crate) const AFTER: &str = "SELECT mark, key_id, sealed FROM log_person \
    WHERE community = $1 AND mark > $2 ORDER BY mark LIMIT $3";

/// Persons that are sealed with another key than this, some at the most, in the columns of [`AFTER`].
pub(crate) const NOT_OF_KEY: &str = "SELECT mark, key_id, sealed FROM log_person \
    WHERE community = $1 AND key_id <> $2 ORDER BY mark LIMIT $3";

/// How many there are of these.
pub(crate) const COUNT_NOT_OF_KEY: &str =
    "SELECT COUNT(*) FROM log_person WHERE community = $1 AND key_id <> $2";

/// Seals a person anew.
pub(crate) const SEAL: &str =
    "UPDATE log_person SET key_id = $3, sealed = $4 WHERE community = $1 AND mark = $2";

/// Persons that [`FEW`] asks for.
pub(crate) const FEW_COUNT: usize = 8;

/// Persons that [`MANY`] asks for.
pub(crate) const MANY_COUNT: usize = 500;

/// Some persons by their marks, in the columns of [`AFTER`].
pub(crate) static FEW: LazyLock<String> = LazyLock::new(|| of_marks(FEW_COUNT));

/// More persons by their marks, in the columns of [`AFTER`].
pub(crate) static MANY: LazyLock<String> = LazyLock::new(|| of_marks(MANY_COUNT));

fn of_marks(count: usize) -> String {
    let asked: Vec<String> = (2..count + 2).map(|number| format!("${number}")).collect();
    let asked = asked.join(", ");
    format!("SELECT mark, key_id, sealed FROM log_person WHERE community = $1 AND mark IN ({asked})")
}
