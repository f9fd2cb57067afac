//! Agreements, cases and stores for tests.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use samspill_agreement::parse_cases;
use samspill_base::{CaseLog, Entry, Position};
use samspill_formats::{ReadOptions, group_all, open_log};
use samspill_service::{
    audit::{KeyRing, MailSeal},
    people::SystemRandom,
    projections::{Agreements, Projections},
};
use samspill_shelf::find;
use samspill_store::{Append, AppendKey, CommunityId, Options, Place, ProjectedRow, Store};

/// The agreements that are shipped.
pub(crate) const SHIPPED: [&str; 2] = ["troms-og-ofoten/unn", "more-og-romsdal/hmr"];

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn path_of(agreement: &str) -> String {
    root().join("agreements").join(agreement).display().to_string()
}

pub(crate) fn agreements(agreement: &str) -> Agreements {
    Agreements::find(&[path_of(agreement)]).unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    let zone = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    samspill_base::parse_instant(text, &zone).unwrap()
}

/// The logs of the agreement's own test cases.
pub(crate) fn own_cases(agreement: &str) -> Vec<CaseLog> {
    let mut logs = Vec::new();
    for found in find(&path_of(agreement)).unwrap() {
        let loaded = found.load().agreement.unwrap();
        for version in &loaded.versions {
            for file in found.cases.values().flatten() {
                logs.extend(parse_cases(file, version).0.into_iter().map(|case| case.log));
            }
        }
    }
    assert!(logs.len() > 50, "the agreement has test cases");
    logs
}

/// The stays of the shipped log, each to be read as of its own instant or not.
pub(crate) fn shipped_log() -> Vec<CaseLog> {
    let file = std::fs::File::open(root().join("examples/logg/opphold.jsonl")).unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    let items = open_log(std::io::BufReader::new(file), &ReadOptions::new(zone)).unwrap();
    group_all(items).unwrap().cases
}

/// The case as the store keeps it: every entry recorded.
pub(crate) fn recorded(log: &CaseLog) -> CaseLog {
    let entries = log.entries.iter().cloned();
    let entries = entries.map(|entry| Entry { recorded: entry.recorded.or(Some(entry.happened)), ..entry });
    CaseLog { case: log.case.clone(), entries: entries.collect() }
}

pub(crate) fn entry(case: &str, kind: &str, happened: &str) -> Entry {
    Entry::new(case, kind, Position(0), at(happened))
}

pub(crate) fn nord() -> CommunityId {
    CommunityId::new("nord").unwrap()
}

/// A store in a file, in a folder of its own.
pub(crate) struct Bench {
    pub folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) async fn open(&self, projections: &Projections) -> Store {
        self.open_with(Options { projections: projections.all(), ..Options::default() }).await
    }

    /// A store that seals, as a node with keys has it.
    pub(crate) async fn open_with(&self, options: Options) -> Store {
        let seal = MailSeal::new(KeyRing::for_demo(), Arc::new(SystemRandom));
        let options = Options { seal: Some(Arc::new(seal)), ..options };
        Store::open(&Place::file(self.folder.path().join("samspill.db")), options).await.unwrap()
    }
}

pub(crate) async fn append(store: &Store, key: &str, entries: Vec<Entry>) {
    let recorded = entries.iter().map(|entry| entry.recorded.unwrap_or(entry.happened)).max().unwrap();
    let append = Append { key: AppendKey::new(key).unwrap(), recorded, entries };
    store.append(&nord(), &append).await.unwrap();
}

/// All rows of the projections.
pub(crate) async fn all_rows(store: &Store, projections: &Projections) -> Vec<(String, ProjectedRow)> {
    let mut all = Vec::new();
    for name in [projections.case_name(), projections.open_name(), projections.search_name()] {
        let mut after = (String::new(), String::new());
        loop {
            let rows = store.projected_after(&nord(), name, (&after.0, &after.1), 100).await.unwrap();
            let Some(last) = rows.last() else { break };
            after = (last.case.clone(), last.key.clone());
            all.extend(rows.into_iter().map(|row| (name.to_owned(), row)));
        }
    }
    all
}

/// All cases of the log.
pub(crate) async fn logs(store: &Store) -> BTreeMap<String, CaseLog> {
    let mut cases: BTreeMap<String, CaseLog> = BTreeMap::new();
    for entry in store.read(&nord(), Position(1), 1_000_000).await.unwrap() {
        let case = entry.entry.case.clone();
        let log = cases.entry(case.clone()).or_insert(CaseLog { case, entries: Vec::new() });
        log.entries.push(entry.entry);
    }
    cases
}
