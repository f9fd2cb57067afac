//! Runs the built command from the top of the checkout.

use std::path::{Path, PathBuf};

use assert_cmd::{Command, assert::Assert};
use serde_json::Value;

/// The top of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the reference folder that may lie beside the checkout; says that the test skips where it doesn't.
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
pub(crate) fn reference(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    println!(
        "skipped: the reference folder with {} is not beside this checkout",
        path.file_name()?.display()
    );
    None
}

pub(crate) fn samspill<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Assert {
    Command::cargo_bin("samspill")
        .expect("built")
        .current_dir(root())
        .env("NO_COLOR", "1")
        .args(arguments)
        .assert()
}

/// What it printed.
pub(crate) fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

/// What it complained of.
pub(crate) fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

/// One JSON value a line.
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// A file with this text, in a folder that goes when the test does.
pub(crate) fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("written");
    (folder, path)
}
