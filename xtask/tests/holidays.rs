//! The Norwegian holidays of `law/helligdager` are those that others have found.
//!
//! Two Python packages that know nothing of this project are asked. `make test` installs them and names the
//! interpreter in `SAMSPILL_PYTHON`; without it, the comparison is left out and says so.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use jiff::civil::date;
use samspill_agreement::{SourceFile, VersionSources, load};
use samspill_base::calendar::Closure;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every version of the law, as loaded.
fn versions() -> Vec<VersionSources> {
    paths_in(&root().join("law/helligdager")).iter().map(|folder| version(folder)).collect()
}

fn version(folder: &Path) -> VersionSources {
    let files =
        paths_in(folder).into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    VersionSources {
        folder_name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        files: files.map(|file| SourceFile::new(file.to_string_lossy().as_ref(), read(&file))).collect(),
    }
}

fn paths_in(folder: &Path) -> Vec<PathBuf> {
    let items = fs::read_dir(folder).expect("the folder is there");
    items.map(|item| item.expect("the folder can be read").path()).collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("the file can be read")
}

/// `2000-01-01<TAB>nyttarsdag`, a line for each name of each day that the law closes, 2000 to 2100.
fn closed_days() -> String {
    let law = load(versions(), &()).agreement.expect("law/helligdager has no mistakes");
    let days = &law.newest().calendar.days;
    let named = days.named_days(date(2000, 1, 1), date(2100, 12, 31)).expect("calendars reach that far");
    let closed = named.filter(|named| named.closed == Closure::Day);
    closed.map(|named| format!("{}\t{}\n", named.date, named.id)).collect::<Vec<_>>().concat()
}

/// What the packages say of these days.
fn compared(python: &str, days: &str) -> Output {
    let mut script = Command::new(python)
        .arg(root().join("xtask/python/check_holidays.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter that SAMSPILL_PYTHON names starts");
    let mut input = script.stdin.take().expect("it was piped");
    input.write_all(days.as_bytes()).expect("the script reads its input");
    drop(input);
    script.wait_with_output().expect("the script ends")
}

fn python() -> Option<String> {
    let python = std::env::var("SAMSPILL_PYTHON").ok().filter(|python| !python.is_empty());
    if python.is_none() {
        xtask::tell("skipped: SAMSPILL_PYTHON names no interpreter; `make test` sets it");
    }
    python
}

#[test]
fn two_other_packages_have_the_same_holidays() {
    let Some(python) = python() else { return };
    let output = compared(&python, &closed_days());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{said}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_holiday_that_moved_is_noticed() {
    let Some(python) = python() else { return };
    let output = compared(&python, &closed_days().replacen("2024-05-17\t", "2024-05-18\t", 1));
    assert_eq!(output.status.code(), Some(1));
}
