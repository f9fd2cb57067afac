//! What the rules say of messages made by others, where they are there. Each finding was looked at: they are what the documents
//! ask for and the examples leave out.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may open files, and says when there are none"
)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use samspill_formats::messages::{
    Finding, Severity,
    ids::SyntheticPolicy,
    profile,
    read::{MessageLimits, read},
};
use samspill_formats::xml::{XmlLimits, decode, parse};

#[test]
fn what_is_said_of_the_official_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/samples");
    let mut files = Vec::new();
    for kind in ["plo-1.5", "plo-1.6", "dialogmelding-1.0", "dialogmelding-1.1", "epikrise-1.2", "made-here"]
    {
        files.extend(files_in(&folder.join(kind)));
    }
    if files.is_empty() {
        println!("skipped: there are no official examples");
        return;
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &files {
        for finding in findings(file) {
            println!("{}: {finding}", file.file_name().and_then(|it| it.to_str()).unwrap_or_default());
            assert_ne!(finding.severity, Severity::Error, "{finding}");
            if finding.severity == Severity::Warning {
                *told.entry(finding.code).or_default() += 1;
            }
        }
    }
    // One invented organisation number, two people whose numbers are left to be filled in, and reports without practical
    // information.
    assert_eq!(told, BTreeMap::from([("id-fault", 16), ("utskrivning-praktisk", 2)]));
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|it| it.path()).collect());
    let mut files: Vec<PathBuf> = entries.unwrap_or_default();
    files.retain(|file| file.extension().is_some_and(|it| it == "xml"));
    files.sort();
    files
}

fn findings(file: &Path) -> Vec<Finding> {
    let bytes = std::fs::read(file).expect("a file");
    let text = decode(&bytes, &XmlLimits::default()).expect("text");
    let document = parse(&text, &XmlLimits::default()).expect("XML");
    let (message, _) = read(&document, &MessageLimits::default());
    profile::check(&document, &message, SyntheticPolicy::Allow)
}
