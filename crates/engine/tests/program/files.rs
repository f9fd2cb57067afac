//! The agreements and logs in the project's folders, and what may lie beside them.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::{SourceFile, Uses, VersionSources, load, model::Agreement, parse_cases};
use samspill_base::{CaseLog, Entry, Position, Value, parse_instant};
use serde_json::Value as Json;

use crate::logs::Reading;

/// An agreement of the project, with its test cases as logs.
pub(crate) struct Shipped {
    pub name: String,
    pub agreement: Agreement,
    pub cases: Vec<Reading>,
}

/// The project's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Logs that lie beside the project where they do; `None`, and a word about it, where not.
pub(crate) fn beside(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
    }
    path.exists().then_some(path)
}

/// All agreements, laws and examples.
pub(crate) fn shipped() -> Vec<Shipped> {
    let of_communities = folders(&root().join("agreements")).iter().flat_map(|path| folders(path)).collect();
    let all: [Vec<PathBuf>; 3] =
        [of_communities, folders(&root().join("law")), folders(&root().join("examples"))];
    let found: Vec<Shipped> = all.iter().flatten().filter_map(|folder| agreement_in(folder)).collect();
    assert!(found.len() >= 8, "the project ships more than {} agreements", found.len());
    found
}

fn agreement_in(folder: &Path) -> Option<Shipped> {
    let versions: Vec<VersionSources> = folders(folder)
        .iter()
        .filter(|path| path.join("agreement.toml").exists())
        .map(|path| version(path))
        .collect();
    if versions.is_empty() {
        return None;
    }
    let outcome = load(versions, &Shelf);
    let agreement =
        outcome.agreement.unwrap_or_else(|| panic!("{}: {:#?}", folder.display(), outcome.diagnostics));
    let cases = agreement.versions.iter().flat_map(|version| {
        let files = toml_files(&folder.join(&version.version).join("cases"));
        let cases =
            files.into_iter().flat_map(|file| parse_cases(&source(&file), version).0).collect::<Vec<_>>();
        cases.into_iter().map(|case| Reading { as_of: instants(&case.log, case.as_of), log: case.log })
    });
    let cases = named(cases.collect());
    Some(Shipped { name: name_of(folder), agreement, cases })
}

/// As of this, and at and just before each time of the log.
pub(crate) fn instants(log: &CaseLog, as_of: Timestamp) -> Vec<Timestamp> {
    let times =
        log.entries.iter().flat_map(|entry| [Some(entry.happened), entry.received, entry.recorded]).flatten();
    let mut all: Vec<Timestamp> =
        times.flat_map(|at| [at, at - jiff::SignedDuration::from_nanos(1)]).chain([as_of]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Each case with a name of its own.
pub(crate) fn named(mut readings: Vec<Reading>) -> Vec<Reading> {
    for (number, reading) in readings.iter_mut().enumerate() {
        reading.log.case = format!("{number} {}", reading.log.case);
        for entry in &mut reading.log.entries {
            entry.case.clone_from(&reading.log.case);
        }
    }
    readings
}

struct Shelf;

impl Uses for Shelf {
    fn vocabulary(&self, name: &str) -> Option<SourceFile> {
        let path = root().join("vocabulary").join(format!("{name}.toml"));
        path.exists().then(|| source(&path))
    }

    fn law(&self, name: &str) -> Option<Vec<VersionSources>> {
        let path = root().join("law").join(name);
        path.exists().then(|| folders(&path).iter().map(|path| version(path)).collect())
    }

    fn based_on(&self, path: &str) -> Option<VersionSources> {
        let path = root().join("agreements").join(path);
        path.exists().then(|| version(&path))
    }
}

fn version(folder: &Path) -> VersionSources {
    let below = folders(folder).into_iter().filter(|path| name_of(path) != "cases");
    let mut files = toml_files(folder);
    files.extend(below.flat_map(|path| toml_files(&path)));
    VersionSources { folder_name: name_of(folder), files: files.iter().map(|path| source(path)).collect() }
}

fn source(path: &Path) -> SourceFile {
    SourceFile::new(path.display().to_string(), fs::read_to_string(path).expect("a file of the project"))
}

fn folders(path: &Path) -> Vec<PathBuf> {
    children(path).into_iter().filter(|path| path.is_dir()).collect()
}

fn toml_files(path: &Path) -> Vec<PathBuf> {
    children(path).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect()
}

fn children(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").expect("bundled")
}

fn time(json: &Json, key: &str) -> Option<Timestamp> {
    json.get(key).and_then(Json::as_str).map(|text| parse_instant(text, &oslo()).expect("a time"))
}

fn values(json: Option<&Json>) -> BTreeMap<String, Value> {
    let fields = json.and_then(Json::as_object).into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), Value::from_json(value))).collect()
}

/// The logs of the examples, an entry a line.
pub(crate) fn example_logs() -> Vec<CaseLog> {
    let mut cases: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for path in children(&root().join("examples/logg")) {
        for line in fs::read_to_string(&path).expect("a log").lines().filter(|line| !line.trim().is_empty()) {
            let json: Json = serde_json::from_str(line).expect("a line of JSON");
            let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
            let case = format!("{} {}", name_of(&path), text("case").expect("a case"));
            let entries = cases.entry(case.clone()).or_default();
            let mut entry = Entry::new(
                case,
                text("kind").expect("a kind"),
                Position(entries.len() as u64 + 1),
                time(&json, "at").expect("a time"),
            );
            (entry.id, entry.from, entry.to, entry.person) =
                (text("id"), text("from"), text("to"), text("person"));
            entry.sent = time(&json, "sent");
            entry.received = time(&json, "received");
            entry.acknowledged = time(&json, "acknowledged");
            entry.recorded = time(&json, "recorded");
            entry.as_of = time(&json, "as_of");
            entry.facts = values(json.get("facts"));
            entry.body = json.get("body").map(|body| values(Some(body)));
            entries.push(entry);
        }
    }
    cases.into_iter().map(|(case, entries)| CaseLog { case, entries }).collect()
}

/// Invented stays, as of when each asks to be read.
pub(crate) fn stays() -> Option<Vec<Reading>> {
    let text = fs::read_to_string(beside("vectors/stays.jsonl")?).expect("the stays");
    let stays = text.lines().map(|line| stay(&serde_json::from_str(line).expect("a line of JSON")));
    Some(named(stays.collect()))
}

fn stay(json: &Json) -> Reading {
    let case = json["case"].as_str().expect("a case");
    let mut entries: Vec<Entry> = Vec::new();
    for (said, number) in json["entries"].as_array().expect("entries").iter().zip(1..) {
        let kind = said["kind"].as_str().expect("a kind");
        let mut entry = Entry::new(case, kind, Position(number), time(said, "at").expect("a time"));
        entry.received = time(said, "received");
        let fields = ["svar", "fra"].into_iter().filter_map(|name| Some((name, said.get(name)?)));
        let body: BTreeMap<String, Value> =
            fields.map(|(name, value)| (name.to_owned(), Value::from_json(value))).collect();
        entry.body = (!body.is_empty()).then_some(body);
        entries.push(entry);
    }
    if let Some(readmitted) = json.get("readmitted").filter(|found| found.is_object()) {
        let position = Position(entries.len() as u64 + 1);
        let mut entry = Entry::new(case, "innlagt", position, time(readmitted, "at").expect("a time"));
        entry.facts = values(Some(readmitted)).into_iter().filter(|(name, _)| name == "problem").collect();
        entry.body = Some(entry.facts.clone());
        entries.push(entry);
    }
    if let Some(first) = entries.first_mut() {
        first.facts.extend(values(json.get("facts")));
    }
    let log = CaseLog { case: case.to_owned(), entries };
    let as_of = instants(&log, time(json, "as_of").expect("an instant"));
    Reading { log, as_of }
}

/// Every so many-th case of a log in XES, each read at its last event and a year later.
pub(crate) fn xes(path: &Path, every: usize) -> Vec<Reading> {
    let file = fs::File::open(path).expect("the log");
    let mut readings = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut attributes: Option<Vec<(String, String)>> = None;
    let mut traces = 0;
    for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
        let line = line.expect("text");
        match line.trim() {
            "<event>" => attributes = Some(Vec::new()),
            "</event>" => {
                let position = Position(entries.len() as u64 + 1);
                entries.extend(attributes.take().map(|said| event(traces, position, said)));
            }
            "</trace>" => {
                let entries = std::mem::take(&mut entries);
                if traces % every == 0 {
                    readings.push(read_to_its_end(traces, entries));
                }
                traces += 1;
            }
            attribute if traces % every == 0 => {
                if let Some(said) = &mut attributes {
                    said.extend(key_and_value(attribute));
                }
            }
            _ => {}
        }
    }
    readings
}

fn key_and_value(line: &str) -> Option<(String, String)> {
    let quoted = |after: &str| Some(line.split_once(after)?.1.split_once('"')?.0.to_owned());
    Some((quoted("key=\"")?, quoted("value=\"")?))
}

fn event(trace: usize, position: Position, said: Vec<(String, String)>) -> Entry {
    let mut entry = Entry::new(trace.to_string(), "", position, Timestamp::UNIX_EPOCH);
    let mut body = BTreeMap::new();
    for (key, value) in said {
        match key.as_str() {
            "concept:name" => entry.kind = value,
            "time:timestamp" => entry.happened = value.parse().expect("a time"),
            _ => drop(body.insert(key, Value::from_number_text(&value))),
        }
    }
    entry.body = Some(body);
    entry
}

fn read_to_its_end(trace: usize, entries: Vec<Entry>) -> Reading {
    let last = entries.iter().map(|entry| entry.happened).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let as_of = vec![last, last + jiff::SignedDuration::from_hours(24 * 365)];
    Reading { log: CaseLog { case: trace.to_string(), entries }, as_of }
}
