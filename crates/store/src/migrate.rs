//! The schema, step by step.
//!
//! A step that was released never changes; its SHA-256 is kept with the data and compared at each start. Steps expand
//! before they contract: first a step that adds what the new program needs and the old one can ignore; in a later release,
//! when no old program runs any more, one that takes away. Both databases have the same steps under the same numbers.

use sha2::{Digest, Sha256};

use crate::{
    StoreError,
    database::{Database, Param, Session},
    sql,
};

/// A step of the schema of one database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Counted from 1 on; 0 makes the table of steps itself. Where steps are written side by side a number may be left out, but none
    /// comes before one that was released.
    pub(crate) version: i64,
    /// What it is about.
    pub(crate) name: &'static str,
    /// Its statements.
    pub(crate) script: &'static str,
}

macro_rules! migrations {
    ($folder:literal: $($file:literal),+) => {
        &[$(Migration::of($file, include_str!(concat!("../migrations/", $folder, "/", $file, ".sql")))),+]
    };
}

/// The steps of SQLite's schema, by the names of their files.
pub(crate) const SQLITE: &[Migration] = migrations!("sqlite": "0000_schema_step", "0001_log", "0002_projections", "0003_mail", "0004_people", "0005_sealed", "0006_log_person", "0007_notices", "0008_undo", "0009_queue_age", "0010_text_template", "0011_address_entry");

/// The steps of PostgreSQL's schema, by the names of their files.
pub(crate) const POSTGRES: &[Migration] = migrations!("postgres": "0000_schema_step", "0001_log", "0002_projections", "0003_mail", "0004_people", "0005_sealed", "0006_log_person", "0007_notices", "0008_undo", "0009_queue_age", "0010_text_template", "0011_address_entry");

impl Migration {
    /// The step of a file: four digits, `_`, and what it is about. A name without digits makes step -1, which no step may be.
    const fn of(file: &'static str, script: &'static str) -> Self {
        let (digits, name) = file.split_at(4);
        let version = match i64::from_str_radix(digits, 10) {
            Ok(version) => version,
            Err(_) => -1,
        };
        Self { version, name: name.split_at(1).1, script }
    }
}

const DOING: &str = "bring the schema up to date";

/// Brings the schema to the newest version that this program knows.
pub(crate) async fn to_newest(database: &dyn Database) -> Result<(), StoreError> {
    let newest = database.migrations().last().map_or(0, |migration| migration.version);
    to_version(database, newest).await
}

/// Brings the schema to `version`, each step in a transaction of its own. A schema that is further is left as it is.
///
/// # Errors
///
/// A schema with a step that this program doesn't know, or knows otherwise.
pub(crate) async fn to_version(database: &dyn Database, version: i64) -> Result<(), StoreError> {
    while step(database, version).await? == Step::Applied {}
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Applied,
    NoneLeft,
}

/// Applies the first step that is missing. The lock keeps two programs that start at once from doing it twice.
async fn step(database: &dyn Database, last: i64) -> Result<Step, StoreError> {
    let mut session = database.begin_write().await?;
    session.lock("schema").await?;
    let [table, steps @ ..] = database.migrations() else { return Ok(Step::NoneLeft) };
    session.script(DOING, table.script).await?;
    let applied = applied(session.as_mut()).await?;
    check(&applied, steps)?;
    let missing = steps.get(applied.len()).filter(|step| step.version <= last);
    if let Some(step) = missing {
        apply(session.as_mut(), step).await?;
    }
    session.commit().await?;
    Ok(missing.map_or(Step::NoneLeft, |_| Step::Applied))
}

async fn apply(session: &mut dyn Session, step: &Migration) -> Result<(), StoreError> {
    session.script(DOING, step.script).await?;
    let params = [Param::Int(step.version), Param::Text(step.name), Param::Bytes(&digest(step))];
    session.put(DOING, sql::ADD_STEP, &params).await
}

/// A step that was applied.
struct Applied {
    version: i64,
    digest: Vec<u8>,
}

async fn applied(session: &mut dyn Session) -> Result<Vec<Applied>, StoreError> {
    let rows = session.rows(DOING, sql::STEPS, &[]).await?;
    let read = rows.into_iter().map(|mut row| {
        Ok(Applied { version: row.int("schema_step", 0)?, digest: row.bytes("schema_step", 1)? })
    });
    read.collect()
}

fn check(applied: &[Applied], steps: &[Migration]) -> Result<(), StoreError> {
    let known = steps.last().map_or(0, |step| step.version);
    if let Some(found) = applied.last().map(|step| step.version).filter(|found| *found > known) {
        return Err(StoreError::SchemaTooNew { found, known });
    }
    for (applied, step) in applied.iter().zip(steps) {
        if applied.version != step.version || applied.digest != digest(step) {
            return Err(StoreError::SchemaChanged { version: step.version });
        }
    }
    Ok(())
}

fn digest(step: &Migration) -> [u8; 32] {
    Sha256::digest(step.script).into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn files(folder: &str) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_file_of_the_folders_is_a_step_and_both_databases_have_the_same() {
        for (folder, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let expected: Vec<_> =
                steps.iter().map(|step| format!("{:04}_{}.sql", step.version, step.name)).collect();
            assert_eq!(files(folder), expected);
        }
        for steps in [SQLITE, POSTGRES] {
            assert!(steps.is_sorted_by(|one, next| one.version < next.version));
        }
    }

    #[test]
    fn a_step_that_was_applied_must_be_the_one_that_is_known() {
        let as_known = |step: &Migration| Applied { version: step.version, digest: digest(step).to_vec() };
        let mut applied: Vec<_> = SQLITE[1..].iter().map(as_known).collect();
        assert!(check(&applied, &SQLITE[1..]).is_ok());
        applied[0].digest[0] ^= 1;
        assert!(matches!(check(&applied, &SQLITE[1..]), Err(StoreError::SchemaChanged { version: 1 })));
    }
}
