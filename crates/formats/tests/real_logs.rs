//! Event logs made by others, where they are there.

#![expect(
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a test may open files, and says when there are none"
)]

mod common;

use std::{fs::File, io::BufReader, path::Path};

use common::oslo;
use samspill_formats::{GroupItem, ReadOptions, group_by_trace, open_log};

/// Cases and events as their publishers count them.
#[test]
fn public_logs_are_read_whole() {
    for (name, cases, events) in
        [("traffic_fines.xes.gz", 150_370, 561_470), ("sepsis_cases.xes.gz", 1_050, 15_214)]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/logs").join(name);
        let Ok(file) = File::open(&path) else {
            println!("skipped: there is no {name}");
            continue;
        };
        let log = open_log(BufReader::new(file), &ReadOptions::new(oslo())).unwrap();
        let mut counted = (0, 0);
        for group in group_by_trace(log) {
            match group.unwrap() {
                GroupItem::Case(case) => counted = (counted.0 + 1, counted.1 + case.entries.len()),
                GroupItem::Trouble(trouble) => panic!("{trouble}"),
            }
        }
        assert_eq!(counted, (cases, events), "{name}");
    }
}
