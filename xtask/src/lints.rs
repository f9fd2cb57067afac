//! Every crate has the lints of the workspace.

use toml::Value;

use crate::{Fault, Tree, manifest::manifests};

/// The crates whose `Cargo.toml` doesn't say `[lints] workspace = true`.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let (manifests, mut faults) = manifests(tree);
    for manifest in manifests {
        let said =
            manifest.table.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        if said != Some(true) {
            let says = "the lints of the workspace are missing: write `[lints]` and `workspace = true`";
            faults.push(Fault::of_file(&manifest.file.path, says));
        }
    }
    faults
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
}
