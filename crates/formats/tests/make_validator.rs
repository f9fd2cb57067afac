//! What we make, told by a schema validator that isn't ours. Needs the schemas and Python with lxml (`SAMSPILL_PYTHON` names
//! another one than `python3`), and says so when they aren't there.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may open files and ask the environment, and says when something isn't there"
)]

mod lxml;
mod make_support;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use make_support::{DRAFTS, context, in_15, made};
use samspill_formats::messages::make;

#[test]
fn a_schema_validator_finds_nothing_wrong_with_what_we_make() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/tools/check_kith.py");
    if !tool.exists() {
        println!("skipped: there are no schemas");
        return;
    }
    let Some(python) = lxml::python() else { return };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("made");
    std::fs::create_dir_all(&folder).expect("a folder for what is made");
    let usual = DRAFTS.iter().map(|(name, kind)| ((*name).to_owned(), made(name, *kind)));
    let older = in_15().map(|(name, kind, draft)| {
        let made = make::from_json(kind, &draft.to_string(), &context());
        (format!("{name}-1.5"), made.unwrap_or_else(|refused| panic!("{name}: {refused}")))
    });
    let file = |(name, made): (String, make::Made)| {
        let file = folder.join(format!("{name}.xml"));
        std::fs::write(&file, made.xml).expect("a file");
        file
    };
    let files: Vec<PathBuf> = usual.chain(older).map(file).collect();
    let output = Command::new(python).arg(tool).args(&files).output().expect("the validator runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().filter(|line| line.starts_with("OK")).count(), files.len(), "{said}");
}
