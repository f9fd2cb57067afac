//! The projections that a store is opened with.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use samspill_base::CaseLog;
use samspill_store::Projection;
use serde::Serialize;

use super::{Agreements, CaseReading};

/// The version of the functions that make rows. It is raised by one whenever they, or the engine, give other rows for the same
/// entries and the same agreement files; a test fails where that was forgotten.
pub const SCHEMA: u32 = 2;

/// Readings that are remembered, so that a case is evaluated once for all projections.
const REMEMBERED: usize = 16;
/// A case with more entries is not remembered: it is read again.
const REMEMBERED_ENTRIES_MAX: usize = 1_000;

/// What is derived from the log of a community, by its agreements. Clones are the same projections.
#[derive(Clone, Debug)]
pub struct Projections {
    shared: Arc<Shared>,
    names: [String; 3],
}

#[derive(Debug)]
struct Shared {
    agreements: Agreements,
    /// The last readings, the newest last. They change no row, only how soon it comes.
    last: Mutex<Vec<(CaseLog, Arc<CaseReading>)>>,
}

/// What of a reading a projection keeps.
type RowsOf = fn(&CaseReading) -> BTreeMap<String, String>;

/// One of the projections.
#[derive(Debug)]
struct Part {
    name: String,
    shared: Arc<Shared>,
    rows: RowsOf,
}

impl Projections {
    /// The projections by these agreements.
    pub fn new(agreements: Agreements) -> Self {
        let digest = agreements.digest();
        let names = ["case", "open", "search"].map(|what| format!("{what}-{digest}"));
        Self { shared: Arc::new(Shared { agreements, last: Mutex::default() }), names }
    }

    /// What to open a store with: [`Options::projections`](samspill_store::Options::projections).
    pub fn all(&self) -> Vec<Arc<dyn Projection>> {
        let functions: [RowsOf; 3] = [case_rows, open_rows, search_rows];
        let parts = self.names.iter().zip(functions);
        parts
            .map(|(name, rows)| {
                let part = Part { name: name.clone(), shared: Arc::clone(&self.shared), rows };
                Arc::new(part) as Arc<dyn Projection>
            })
            .collect()
    }

    /// The agreements.
    pub fn agreements(&self) -> &Agreements {
        &self.shared.agreements
    }

    /// The name of the projection with a case's duties, findings and meters: one row each, a list.
    pub fn case_name(&self) -> &str {
        &self.names[0]
    }

    /// The name of the projection with a row for each case that isn't settled.
    pub fn open_name(&self) -> &str {
        &self.names[1]
    }

    /// The name of the projection with a row for each case, for searches.
    pub fn search_name(&self) -> &str {
        &self.names[2]
    }

    /// Reads a case anew as of an instant: what rows don't carry ([`StatusAt::ReadAnew`](super::StatusAt::ReadAnew)).
    pub fn read(&self, log: &CaseLog, now: Timestamp) -> CaseReading {
        CaseReading::at(&self.shared.agreements, log, now)
    }
}

impl Projection for Part {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> u32 {
        SCHEMA
    }

    fn rows(&self, case: &CaseLog) -> BTreeMap<String, String> {
        (self.rows)(&self.shared.reading(case))
    }
}

impl Shared {
    /// The reading of a case: the one from just now where the entries are the same.
    fn reading(&self, case: &CaseLog) -> Arc<CaseReading> {
        {
            let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, reading)) = last.iter().rev().find(|(log, _)| log == case) {
                return Arc::clone(reading);
            }
        }
        let reading = Arc::new(CaseReading::kept(&self.agreements, case));
        if case.entries.len() <= REMEMBERED_ENTRIES_MAX {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.len() == REMEMBERED {
                last.remove(0);
            }
            last.push((case.clone(), Arc::clone(&reading)));
        }
        reading
    }
}

/// The keys of the rows, within a case.
pub(super) mod key {
    pub(crate) const DUTIES: &str = "duties";
    pub(crate) const FINDINGS: &str = "findings";
    pub(crate) const METERS: &str = "meters";
    pub(crate) const STAY: &str = "stay";
    pub(crate) const SEARCH: &str = "search";
}

/// Lists that are empty have no row.
fn case_rows(reading: &CaseReading) -> BTreeMap<String, String> {
    let duties = (!reading.duties.is_empty()).then(|| row(key::DUTIES, &reading.duties));
    let findings = (!reading.findings.is_empty()).then(|| row(key::FINDINGS, &reading.findings));
    let meters = (!reading.meters.is_empty()).then(|| row(key::METERS, &reading.meters));
    [duties, findings, meters].into_iter().flatten().collect()
}

fn open_rows(reading: &CaseReading) -> BTreeMap<String, String> {
    reading.is_open().then(|| row(key::STAY, &reading.stay)).into_iter().collect()
}

fn search_rows(reading: &CaseReading) -> BTreeMap<String, String> {
    BTreeMap::from([row(key::SEARCH, &reading.search)])
}

/// A row. The types of rows have names for keys and no floating numbers, so that they can always be written.
fn row(key: &str, what: &impl Serialize) -> (String, String) {
    let json = serde_json::to_string(what);
    debug_assert!(json.is_ok(), "rows can be written");
    (key.to_owned(), json.unwrap_or_default())
}
