//! Every crate has the lints of the workspace; a workspace of its own at least keeps unsafe code out.

use toml::Value;

use crate::{
    Fault, Tree,
    manifest::{APART, Manifest, manifests},
};

/// The macro that makes a fuzz target writes unsafe code of its own.
const WRITTEN_BY_MACRO: &str = "fuzz";

/// The crates whose `Cargo.toml` doesn't say `[lints] workspace = true`, and those in a workspace of their own that don't
/// refuse unsafe code.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let (manifests, mut faults) = manifests(tree);
    for manifest in manifests {
        let is_apart = APART.contains(&manifest.name);
        if is_apart && manifest.name != WRITTEN_BY_MACRO && !refuses_unsafe(&manifest) {
            let says = "unsafe code isn't refused: write `[lints.rust]` and `unsafe_code = \"forbid\"`";
            faults.push(Fault::of_file(&manifest.file.path, says));
        }
        if !is_apart && !has_lints_of_workspace(&manifest) {
            let says = "the lints of the workspace are missing: write `[lints]` and `workspace = true`";
            faults.push(Fault::of_file(&manifest.file.path, says));
        }
    }
    faults
}

fn has_lints_of_workspace(manifest: &Manifest<'_>) -> bool {
    let said = manifest.table.get("lints").and_then(|lints| lints.get("workspace"));
    said.and_then(Value::as_bool) == Some(true)
}

fn refuses_unsafe(manifest: &Manifest<'_>) -> bool {
    let said = manifest.table.get("lints").and_then(|lints| lints.get("rust")?.get("unsafe_code")?.as_str());
    said.is_some_and(|level| ["forbid", "deny"].contains(&level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let count = |text| check(&Tree::of(&[("crates/x/Cargo.toml", text)])).len();
        assert_eq!([count("[lints]\nworkspace = true\n"), count("lints.workspace = true\n")], [0, 0]);
        assert_eq!(
            [count("[package]\n"), count("[lints]\nworkspace = false\n"), count("[lints.rust]\n")],
            [1, 1, 1]
        );
    }

    #[test]
    fn a_workspace_of_its_own_refuses_unsafe_code() {
        let count = |text| check(&Tree::of(&[("python/Cargo.toml", text)])).len();
        assert_eq!([count("[lints.rust]\nunsafe_code = \"deny\"\n"), count("[workspace]\n")], [0, 1]);
        assert_eq!(count("[lints.rust]\nunsafe_code = \"warn\"\n"), 1);
        assert_eq!(check(&Tree::of(&[("fuzz/Cargo.toml", "[workspace]\n")])), []);
    }
}
