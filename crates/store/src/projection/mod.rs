//! What is derived from the log and kept beside it.

mod keep;

use std::{collections::BTreeMap, fmt::Debug};

use samspill_base::CaseLog;

pub(crate) use keep::{
    Added, Come, Seen, bring_up, drop_all, names_at_once, readable, rows_after, rows_of_case,
};

/// A function from a case to rows that are kept in the database: what makes lists and searches quick.
///
/// The store calls it in the transaction that appends, so that rows and log are never apart. Rows of a case hang on the
/// case's entries alone, in the order of the log: the function knows no clock, no file and no other case. Then it does
/// not matter when it is called, and rebuilding gives the same bytes.
///
/// A function that gives rows that can't be kept, or panics, takes the append back with it: nothing of a case gets into the
/// log until it is mended. So it must have an answer for every case, also for entries that make no sense.
pub trait Projection: Debug + Send + Sync {
    /// Its name, in the letters of a [`CommunityId`](crate::CommunityId). It never changes.
    fn name(&self) -> &str;

    /// Raised by one whenever the function gives other rows than before. Rows of an older version are thrown away and
    /// made anew when a store is opened with a newer one.
    fn version(&self) -> u32;

    /// The rows of a case, as JSON, by their keys: 1 to 1000 bytes without U+0000. No row is the same as no key. The same entries
    /// give the same bytes.
    fn rows(&self, case: &CaseLog) -> BTreeMap<String, String>;
}

/// A row that a projection gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectedRow {
    /// The case that it is about.
    pub case: String,
    /// Its key within the case.
    pub key: String,
    /// What it holds, as JSON.
    pub json: String,
}
