use toml::{Table, Value};

use crate::{Fault, Tree, TreeFile, rust::crate_of};

/// The `Cargo.toml` of a crate.
pub(crate) struct Manifest<'t> {
    /// The folder's name: `base`.
    pub(crate) name: &'t str,
    pub(crate) file: &'t TreeFile,
    pub(crate) table: Table,
}

/// Folders with a workspace of their own: they take nothing from that of the crates, so they say their lints themselves.
pub(crate) const APART: [&str; 3] = ["bench", "fuzz", "python"];

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// What is built, or builds it.
    Built,
    /// Tests, examples and benchmarks alone.
    Tested,
}

/// The manifests of all crates; one that can't be read is a fault.
pub(crate) fn manifests(tree: &Tree) -> (Vec<Manifest<'_>>, Vec<Fault>) {
    let (mut manifests, mut faults) = (Vec::new(), Vec::new());
    for file in tree.files.iter().filter(|file| is_manifest(&file.path)) {
        match (crate_of(&file.path), file.text().unwrap_or_default().parse::<Table>()) {
            (Some(name), Ok(table)) => manifests.push(Manifest { name, file, table }),
            (Some(_), Err(error)) => faults.push(Fault::of_file(&file.path, error.message())),
            (None, _) => {}
        }
    }
    (manifests, faults)
}

fn is_manifest(path: &str) -> bool {
    match path.strip_suffix("/Cargo.toml") {
        Some(folder) => {
            folder == "xtask"
                || APART.contains(&folder)
                || folder.strip_prefix("crates/").is_some_and(|name| !name.contains('/'))
        }
        None => false,
    }
}

impl Manifest<'_> {
    /// The packages that it depends on, of all platforms.
    pub(crate) fn dependencies(&self) -> Vec<(Use, String)> {
        let mut found = depended(&self.table);
        for platform in tables(self.table.get("target")) {
            found.extend(depended(platform));
        }
        found
    }

    /// A fault at the line on which this word stands first.
    pub(crate) fn fault(&self, word: &str, says: impl Into<String>) -> Fault {
        let line = self.file.lines().find(|(_, line)| line.contains(word)).map(|(number, _)| number);
        Fault { path: self.file.path.clone(), line, says: says.into() }
    }
}

fn depended(table: &Table) -> Vec<(Use, String)> {
    let sections =
        [("dependencies", Use::Built), ("build-dependencies", Use::Built), ("dev-dependencies", Use::Tested)];
    let mut found = Vec::new();
    for (section, purpose) in sections {
        let packages = table.get(section).and_then(Value::as_table);
        found.extend(packages.into_iter().flatten().map(|(key, value)| (purpose, package(key, value))));
    }
    found
}

/// The package's own name, also where the dependency goes by another one.
fn package(key: &str, value: &Value) -> String {
    value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned()
}

fn tables(value: Option<&Value>) -> impl Iterator<Item = &Table> {
    value.and_then(Value::as_table).into_iter().flat_map(Table::values).filter_map(Value::as_table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_all_sections_are_seen_by_their_own_name() {
        let text = "[dependencies]\na = \"1\"\nb = { package = \"c\", version = \"1\" }\n\
                    [dev-dependencies]\nd.workspace = true\n\
                    [target.'cfg(unix)'.build-dependencies]\ne = \"1\"\n";
        let tree = Tree::of(&[("crates/x/Cargo.toml", text)]);
        let (manifests, faults) = manifests(&tree);
        assert_eq!(faults, []);
        let expected = [(Use::Built, "a"), (Use::Built, "c"), (Use::Tested, "d"), (Use::Built, "e")];
        assert_eq!(manifests[0].dependencies(), expected.map(|(purpose, name)| (purpose, name.to_owned())));
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_a_fault() {
        assert_eq!(manifests(&Tree::of(&[("crates/x/Cargo.toml", "[")])).1.len(), 1);
    }
}
