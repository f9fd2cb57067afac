use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use samspill_agreement::{Outcome, SourceFile, VersionSources, load};

use crate::{Shelf, ShelfError, built_in, disk};

/// The files of one agreement, and the shelf that they use.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder of the agreement or of its one version; the name, where it is built in.
    pub name: String,
    /// The versions asked for.
    pub versions: Vec<VersionSources>,
    /// The test cases of each version, by the version's folder name.
    pub cases: BTreeMap<String, Vec<SourceFile>>,
    /// Where laws and vocabularies come from.
    pub shelf: Shelf,
}

impl Found {
    /// Loads the agreement, or says what is wrong with it.
    pub fn load(&self) -> Outcome {
        load(self.versions.clone(), &self.shelf)
    }
}

/// The agreements that a name means, sorted by path.
///
/// A folder with `agreement.toml` is one version of an agreement; a folder of such folders is an agreement with all
/// its versions; a folder further up is all agreements below it. A name that is no folder is looked for among the
/// built-in ones: `unn`, `unn/2023-06-01`.
pub fn find(name: &str) -> Result<Vec<Found>, ShelfError> {
    let path = Path::new(name);
    if path.is_dir() {
        return find_on_disk(path);
    }
    let versions = built_in::named(name.trim_matches('/')).ok_or_else(|| ShelfError::NotFound {
        name: name.to_owned(),
        shipped: built_in::names().join(", "),
    })?;
    Ok(vec![Found { name: name.to_owned(), versions, cases: BTreeMap::new(), shelf: Shelf::BuiltIn }])
}

/// The names of the agreements that are built in.
pub fn shipped() -> Vec<String> {
    built_in::agreement_names()
}

/// Loads all agreements that the names mean, in the order of the names.
pub fn load_all(names: &[String]) -> Result<Vec<(Found, Outcome)>, ShelfError> {
    let mut loaded = Vec::new();
    for name in names {
        for found in find(name)? {
            let outcome = found.load();
            loaded.push((found, outcome));
        }
    }
    Ok(loaded)
}

fn find_on_disk(path: &Path) -> Result<Vec<Found>, ShelfError> {
    let mut by_agreement: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    if path.join(disk::MARK).is_file() {
        by_agreement.insert(path.to_owned(), vec![path.to_owned()]);
    } else {
        for version in versions_below(path)? {
            let agreement = if is_dated(&version) { version.parent().unwrap_or(path) } else { &version };
            by_agreement.entry(agreement.to_owned()).or_default().push(version);
        }
    }
    if by_agreement.is_empty() {
        return Err(ShelfError::NoAgreement { path: path.to_owned() });
    }
    by_agreement.into_iter().map(|(agreement, versions)| found_at(&agreement, &versions)).collect()
}

/// Whether a folder is named by a day, as the versions of an agreement are.
fn is_dated(folder: &Path) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.len() == 10 && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn found_at(agreement: &Path, versions: &[PathBuf]) -> Result<Found, ShelfError> {
    let mut found = Found {
        name: agreement.display().to_string(),
        versions: Vec::new(),
        cases: BTreeMap::new(),
        shelf: Shelf::around(agreement),
    };
    for folder in versions {
        let version = disk::version(folder)?;
        found.cases.insert(version.folder_name.clone(), disk::cases(folder)?);
        found.versions.push(version);
    }
    Ok(found)
}

fn versions_below(folder: &Path) -> Result<Vec<PathBuf>, ShelfError> {
    let mut versions = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for child in disk::folders(&next)? {
            if child.join(disk::MARK).is_file() {
                versions.push(child);
            } else {
                waiting.push(child);
            }
        }
    }
    versions.sort();
    Ok(versions)
}
