//! All routes, read from the sources: a router doesn't tell what it has.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Where routes of these folders are nested.
const NESTED: [(&str, &str); 2] = [("src/api/", "/api/v1"), ("src/fhir/", "/fhir")];
/// Paths that are nested nowhere, though they stand there.
const NOT_NESTED: [&str; 1] = ["/openapi.json"];
/// Paths that the sources call by a name.
const NAMED: [(&str, &str); 1] = [("CALLBACK", "/oidc/svar")];
/// Examples of the parts of paths. `{case}` is the stay that is asked for.
const PARTS: [(&str, &[&str]); 25] = [
    ("case", &[CASE]),
    ("id", &[CASE, "unn"]),
    ("position", &[POSITION]),
    ("number", &[NUMBER]),
    ("attachment", &["1"]),
    ("kind", &["tidligmelding", "innlagt"]),
    ("duty", &["innleggelsesrapport"]),
    ("meter", &["betalingsdogn"]),
    ("date", &["2025-01-20"]),
    ("token", &["ingen"]),
    ("digest", &["0"]),
    ("name", &["samspill.css"]),
    ("agreement", &["unn"]),
    ("version", &["2023-06-01"]),
    ("proposal", &["1"]),
    ("file", &["tall.csv", "tall.xlsx"]),
    ("problem", &["not-found"]),
    ("party", &["Tindrevik"]),
    ("account", &["sengepost-trust"]),
    ("person", &[PERSON]),
    ("resource", &["Encounter"]),
    ("draft", &["1"]),
    ("period", &["1"]),
    ("grant", &["1"]),
    ("template", &["00000000-0000-4000-8000-000000000000"]),
];

/// Stands for the stay that is asked for.
pub(crate) const CASE: &str = "\u{1}case";
/// Stands for the place in the log of one of its entries.
pub(crate) const POSITION: &str = "\u{1}position";
/// Stands for the number of one of its messages.
pub(crate) const NUMBER: &str = "\u{1}number";
/// Stands for its patient.
pub(crate) const PERSON: &str = "\u{1}person";

/// What the sources register.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    /// Paths with examples put in.
    pub(crate) paths: BTreeSet<String>,
    /// Routes that can't be read, or have a part without an example.
    pub(crate) troubles: Vec<String>,
}

impl Routes {
    /// All routes of this crate.
    pub(crate) fn of_sources() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut routes = Self::default();
        routes.folder(&root, &root.join("src"));
        routes
    }

    fn folder(&mut self, root: &Path, folder: &Path) {
        for item in fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()) {
            if item.is_dir() {
                self.folder(root, &item);
            } else if item.extension().is_some_and(|extension| extension == "rs") {
                let name = item.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                self.source(&name, &fs::read_to_string(&item).unwrap());
            }
        }
    }

    /// The routes of a source file.
    pub(crate) fn source(&mut self, name: &str, text: &str) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for begin in text.split(".route(").skip(1).chain(text.split(".route_service(").skip(1)) {
            let begin = begin.trim_start();
            let told: String = begin.chars().take_while(|letter| *letter != ',').collect();
            let literal = told.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(path, _)| path);
            let named = NAMED.iter().find(|(it, _)| *it == told.trim()).map(|(_, path)| *path);
            match literal.or(named) {
                Some(path) => self.path(name, path),
                None => self.troubles.push(format!(
                    "{name}: write the path of .route({told}, …) as text, or enter its name in NAMED"
                )),
            }
        }
        let is_nested = NESTED.iter().any(|(folder, _)| name.starts_with(folder));
        if text.contains(".nest(") && !is_nested {
            self.troubles
                .push(format!("{name}: .nest() is known of the folders in NESTED alone: enter this one"));
        }
    }

    fn path(&mut self, source: &str, path: &str) {
        let nested =
            NESTED.iter().find(|(folder, _)| source.starts_with(folder) && !NOT_NESTED.contains(&path));
        let whole = nested.map_or_else(|| path.to_owned(), |(_, begin)| format!("{begin}{path}"));
        match filled(&whole) {
            Ok(paths) => self.paths.extend(paths),
            Err(part) => self
                .troubles
                .push(format!("{source}: {whole} has the part {{{part}}}: give it an example in PARTS")),
        }
    }
}

/// A path with each example of each of its parts.
fn filled(path: &str) -> Result<Vec<String>, String> {
    let Some((before, rest)) = path.split_once('{') else { return Ok(vec![path.to_owned()]) };
    let (part, after) = rest.split_once('}').unwrap_or((rest, ""));
    let part = part.trim_start_matches('*');
    let examples = PARTS.iter().find(|(name, _)| *name == part).map(|(_, examples)| *examples);
    let mut all = Vec::new();
    for example in examples.ok_or(part)? {
        all.extend(filled(after)?.into_iter().map(|after| format!("{before}{example}{after}")));
    }
    Ok(all)
}

#[test]
fn routes_are_read_as_they_are_written() {
    let mut routes = Routes::default();
    routes.source(
        "src/api/mod.rs",
        ".route(\n    \"/stays/{case}\",\n get(a)).route(\"/openapi.json\", get(b))",
    );
    routes.source(
        "src/pages/a.rs",
        ".route(\"/avtaler/{id}\", get(a)).route(CALLBACK, get(b)) #[cfg(test)] .route(\"/prove\", b)",
    );
    let expected = [
        format!("/api/v1/stays/{CASE}"),
        format!("/avtaler/{CASE}"),
        "/avtaler/unn".to_owned(),
        "/oidc/svar".to_owned(),
        "/openapi.json".to_owned(),
    ];
    assert_eq!(routes.paths, expected.into());
    assert_eq!(routes.troubles, Vec::<String>::new());
    routes.source("src/pages/b.rs", ".route(PATH, get(a)).route(\"/{ukjent}\", get(a)).nest(\"/a\", b)");
    assert_eq!(routes.troubles.len(), 3, "{:?}", routes.troubles);
}
