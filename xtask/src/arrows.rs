//! Which crate may know which.

use crate::{
    Fault, Tree,
    manifest::{Manifest, Use, manifests},
};

/// Every crate, and the crates of this workspace that it may depend on. The picture is in ARCHITECTURE.md.
const ARROWS: [(&str, &[&str]); 18] = [
    ("base", &[]),
    ("agreement", &["base"]),
    ("engine", &["base", "agreement"]),
    ("formats", &["base"]),
    ("shelf", &["base", "agreement"]),
    ("batch", &["base", "agreement", "engine", "formats"]),
    ("tables", &["base", "agreement", "engine"]),
    (
        "cli",
        &[
            "base",
            "agreement",
            "engine",
            "formats",
            "server",
            "service",
            "shelf",
            "sim",
            "store",
            "transport",
            "batch",
            "tables",
            "web",
        ],
    ),
    ("sim", &["base", "agreement", "engine", "formats", "service", "shelf", "store", "transport"]),
    ("store", &["base"]),
    ("keys", &[]),
    ("transport", &["base", "formats", "keys"]),
    ("service", &["base", "agreement", "engine", "formats", "shelf", "store", "transport"]),
    ("web", &["base", "agreement", "engine", "formats", "keys", "service", "shelf", "sim", "store"]),
    ("server", &["base", "service", "shelf", "sim", "store", "transport", "web"]),
    ("python", &["base", "agreement", "engine", "formats", "shelf", "batch", "tables"]),
    (
        "bench",
        &["base", "agreement", "engine", "formats", "service", "shelf", "sim", "store", "batch", "tables"],
    ),
    ("fuzz", &["base", "agreement", "engine", "formats", "service"]),
];

/// Libraries that one crate alone may know: only it speaks that language. Python takes Arrow's tables as they are.
const OWNED: [(&str, &[&str]); 12] = [
    ("arrow", &["tables"]),
    ("arrow-array", &["tables", "python"]),
    ("arrow-buffer", &["tables"]),
    ("arrow-schema", &["tables", "python"]),
    ("arrow-select", &["tables", "python"]),
    ("axum", &["server", "web"]),
    ("fe2o3-amqp", &["transport"]),
    ("lettre", &["server"]),
    ("parquet", &["tables"]),
    // The tests of pages read them as XML.
    ("quick-xml", &["formats", "web"]),
    // The benchmarks have a bare loop of the same statements beside the store.
    ("rusqlite", &["store", "bench"]),
    ("tokio-postgres", &["store", "bench"]),
];

const PROCEDURE: &str = "a new arrow is a decision: write it in docs/decisions/ (see CONTRIBUTING.md) and add it here, \
                         in xtask/src/arrows.rs, and in ARCHITECTURE.md";

/// Dependencies that no arrow allows, and crates that have no arrows yet. `xtask` may use any crate in its tests.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let (manifests, mut faults) = manifests(tree);
    for manifest in &manifests {
        let arrows = ARROWS.iter().find(|(name, _)| *name == manifest.name).map(|(_, arrows)| *arrows);
        match arrows {
            None if manifest.name != "xtask" => {
                faults
                    .push(manifest.fault("name", format!("`{}` has no arrows: {PROCEDURE}", manifest.name)));
            }
            None | Some(_) => {}
        }
        faults.extend(crossed(manifest, arrows.unwrap_or_default()));
    }
    faults
}

fn crossed(manifest: &Manifest<'_>, arrows: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (purpose, package) in manifest.dependencies() {
        let allowed = match package.strip_prefix("samspill-") {
            // A crate names itself where its tests use a feature of it.
            Some(other) => {
                other == manifest.name
                    || arrows.contains(&other)
                    || (manifest.name == "xtask" && purpose == Use::Tested)
            }
            None => {
                OWNED.iter().all(|(library, owners)| *library != package || owners.contains(&manifest.name))
            }
        };
        if !allowed {
            let says = format!("`{}` may not depend on `{package}`: {PROCEDURE}", manifest.name);
            faults.push(manifest.fault(&package, says));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(crate_folder: &str, manifest: &str) -> Vec<Fault> {
        check(&Tree::of(&[(&format!("{crate_folder}/Cargo.toml"), manifest)]))
    }

    #[test]
    fn an_arrow_that_is_drawn_is_allowed() {
        let text = "[dependencies]\nsamspill-base.workspace = true\nsamspill-agreement = { path = \"../agreement\" }\n";
        assert_eq!(faults("crates/engine", text), []);
    }

    #[test]
    fn an_arrow_that_is_not_drawn_names_the_decision() {
        let found = faults("crates/base", "[package]\n[dependencies]\nsamspill-engine.workspace = true\n");
        assert_eq!(found[0].line, Some(3));
        assert!(found[0].says.contains("docs/decisions/"), "{}", found[0]);
    }

    #[test]
    fn tests_and_other_names_open_no_way_round() {
        assert_eq!(faults("crates/base", "[dev-dependencies]\nsamspill-engine.workspace = true\n").len(), 1);
        assert_eq!(faults("crates/base", "[build-dependencies]\nsamspill-cli = \"1\"\n").len(), 1);
        assert_eq!(
            faults("crates/base", "[dependencies]\nmotor = { package = \"samspill-engine\" }\n").len(),
            1
        );
    }

    #[test]
    fn xtask_may_use_any_crate_in_its_tests_alone() {
        assert_eq!(faults("xtask", "[dev-dependencies]\nsamspill-engine.workspace = true\n"), []);
        assert_eq!(faults("xtask", "[dependencies]\nsamspill-engine.workspace = true\n").len(), 1);
    }

    #[test]
    fn a_crate_without_arrows_is_a_fault() {
        assert_eq!(faults("crates/attic", "[package]\nname = \"samspill-attic\"\n").len(), 1);
    }

    #[test]
    fn a_library_with_an_owner_stays_with_it() {
        assert_eq!(faults("crates/store", "[dependencies]\nrusqlite = \"1\"\n"), []);
        assert_eq!(faults("crates/service", "[dependencies]\nrusqlite = \"1\"\n").len(), 1);
        assert_eq!(faults("python", "[dependencies]\narrow-array = \"1\"\n"), []);
        assert_eq!(faults("bench", "[dependencies]\narrow-array = \"1\"\n").len(), 1);
    }

    #[test]
    fn no_arrows_run_in_a_ring() {
        let mut placed: Vec<&str> = Vec::new();
        for _ in ARROWS {
            placed.extend(
                ARROWS
                    .iter()
                    .filter_map(|(name, arrows)| {
                        let ready =
                            !placed.contains(name) && arrows.iter().all(|arrow| placed.contains(arrow));
                        ready.then_some(*name)
                    })
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(placed.len(), ARROWS.len());
    }
}
