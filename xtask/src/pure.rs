//! Pure crates ask nobody: what they need to know comes as arguments.

use toml::{Table, Value};

use crate::{
    Fault, Tree,
    manifest::{Use, manifests},
};

/// The pure crates.
pub(crate) const PURE: [&str; 4] = ["base", "agreement", "engine", "formats"];

/// What their `clippy.toml` bans, at the least.
const BANNED: [(&str, &[&str]); 2] = [
    (
        "disallowed-types",
        &[
            "std::collections::HashMap",
            "std::collections::HashSet",
            "std::fs::File",
            "std::hash::RandomState",
            "std::time::Instant",
            "std::time::SystemTime",
        ],
    ),
    (
        "disallowed-methods",
        &[
            "jiff::Timestamp::now",
            "jiff::Zoned::now",
            "std::env::var",
            "std::fs::read",
            "std::fs::read_to_string",
            "std::thread::spawn",
        ],
    ),
];

/// Libraries that they are not built with: chance, other clocks and waiting.
const LIBRARIES: [&str; 8] = ["chrono", "fastrand", "futures", "getrandom", "rand", "time", "tokio", "uuid"];

/// Pure crates whose `clippy.toml` leaves something open, or that are built with an impure library.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let (manifests, _) = manifests(tree);
    let mut faults = Vec::new();
    for manifest in manifests.iter().filter(|manifest| PURE.contains(&manifest.name)) {
        let path = format!("crates/{}/clippy.toml", manifest.name);
        let text = tree.file(&path).and_then(|file| file.text()).unwrap_or_default();
        match text.parse::<Table>() {
            Ok(table) => faults.extend(left_open(&path, &table)),
            Err(error) => faults.push(Fault::of_file(&path, error.message())),
        }
        let built_with = manifest.dependencies().into_iter().filter(|(purpose, _)| *purpose == Use::Built);
        let impure = built_with.filter(|(_, package)| LIBRARIES.contains(&package.as_str()));
        faults.extend(impure.map(|(_, package)| {
            manifest.fault(
                &package,
                format!("a pure crate isn't built with `{package}`: take what it gives as an argument"),
            )
        }));
    }
    faults
}

fn left_open(path: &str, table: &Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (key, names) in BANNED {
        let banned: Vec<_> =
            table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(name).collect();
        for missing in names.iter().filter(|name| !banned.contains(name)) {
            faults.push(Fault::of_file(
                path,
                format!("ban `{missing}` under {key}: a pure crate doesn't use it"),
            ));
        }
    }
    faults
}

/// The path of an entry, which is a string or `{ path = …, reason = … }`.
fn name(entry: &Value) -> Option<&str> {
    entry.as_str().or_else(|| entry.get("path")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_banned() -> String {
        BANNED.map(|(key, names)| format!("{key} = {names:?}\n")).concat()
    }

    fn count(name: &str, manifest: &str, clippy: &str) -> usize {
        let (folder, clippy_path) =
            (format!("crates/{name}/Cargo.toml"), format!("crates/{name}/clippy.toml"));
        check(&Tree::of(&[(&folder, manifest), (&clippy_path, clippy)])).len()
    }

    #[test]
    fn every_name_that_is_not_banned_is_found() {
        assert_eq!(count("base", "", &all_banned()), 0);
        for name in BANNED.iter().flat_map(|(_, names)| *names) {
            assert_eq!(
                count("base", "", &all_banned().replace(&format!("{name:?}"), "\"x::y\"")),
                1,
                "{name}"
            );
        }
        assert!(count("engine", "", "") > 1, "a crate without the file bans nothing");
    }

    #[test]
    fn a_ban_with_a_reason_counts() {
        let with_reason =
            all_banned().replace("\"std::env::var\"", "{ path = \"std::env::var\", reason = \"…\" }");
        assert_eq!(count("base", "", &with_reason), 0);
    }

    #[test]
    fn an_impure_library_is_found_unless_only_tests_use_it() {
        assert_eq!(count("formats", "[dependencies]\nrand = \"1\"\n", &all_banned()), 1);
        assert_eq!(count("formats", "[dev-dependencies]\nrand = \"1\"\n", &all_banned()), 0);
        assert_eq!(count("server", "[dependencies]\nrand = \"1\"\n", ""), 0);
    }
}
