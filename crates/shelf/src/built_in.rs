//! The agreements, laws and vocabularies that are built into the program.

use std::path::Path;

use include_dir::{Dir, File, include_dir};
use samspill_agreement::{SourceFile, VersionSources};

use crate::disk::{CASES, MARK};

static AGREEMENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../agreements");
static LAW: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");
static VOCABULARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../vocabulary");

/// The vocabulary of this name.
pub(crate) fn vocabulary(name: &str) -> Option<SourceFile> {
    VOCABULARY.get_file(format!("{name}.toml")).and_then(|file| source("vocabulary", file))
}

/// The names of the vocabularies.
pub(crate) fn vocabulary_names() -> Vec<String> {
    VOCABULARY
        .files()
        .filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned()))
        .collect()
}

/// All versions of the law of this name.
pub(crate) fn law(name: &str) -> Option<Vec<VersionSources>> {
    LAW.get_dir(name).map(|folder| versions("law", folder))
}

/// The names of the laws.
pub(crate) fn law_names() -> Vec<String> {
    LAW.dirs().filter_map(name_of).collect()
}

/// The version at this path under `agreements/`.
pub(crate) fn agreement_version(path: &str) -> Option<VersionSources> {
    AGREEMENTS.get_dir(path).filter(|folder| is_version(folder)).map(|folder| version("agreements", folder))
}

/// The names of the agreements: `unn`, `hmr`.
pub(crate) fn agreement_names() -> Vec<String> {
    AGREEMENTS.dirs().flat_map(Dir::dirs).filter_map(name_of).collect()
}

/// The names that [`named`] knows: the agreements and the laws.
pub(crate) fn names() -> Vec<String> {
    agreement_names().into_iter().chain(law_names()).collect()
}

/// All versions of the agreement or law of this name; with a version (`unn/2023-06-01`), only that one.
pub(crate) fn named(name: &str) -> Option<Vec<VersionSources>> {
    let (name, only) = match name.split_once('/') {
        Some((name, version)) => (name, Some(version)),
        None => (name, None),
    };
    let folder =
        AGREEMENTS.dirs().flat_map(Dir::dirs).find(|folder| name_of(folder).as_deref() == Some(name));
    let found = folder.map(|folder| versions("agreements", folder)).or_else(|| law(name))?;
    let chosen: Vec<_> =
        found.into_iter().filter(|version| only.is_none_or(|only| version.folder_name == only)).collect();
    (!chosen.is_empty()).then_some(chosen)
}

fn versions(shelf: &str, folder: &Dir<'_>) -> Vec<VersionSources> {
    folder.dirs().filter(|folder| is_version(folder)).map(|folder| version(shelf, folder)).collect()
}

fn is_version(folder: &Dir<'_>) -> bool {
    folder.get_file(folder.path().join(MARK)).is_some()
}

fn version(shelf: &str, folder: &Dir<'_>) -> VersionSources {
    let mut files = Vec::new();
    let mut waiting = vec![folder];
    while let Some(next) = waiting.pop() {
        waiting.extend(next.dirs().filter(|dir| dir.path() != folder.path().join(CASES)));
        files.extend(
            next.files()
                .filter(|file| file.path().extension() == Some("toml".as_ref()))
                .filter_map(|file| source(shelf, file)),
        );
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    VersionSources { folder_name: name_of(folder).unwrap_or_default(), files }
}

fn source(shelf: &str, file: &File<'_>) -> Option<SourceFile> {
    let path = Path::new(shelf).join(file.path());
    Some(SourceFile::new(path.display().to_string(), file.contents_utf8()?))
}

fn name_of(folder: &Dir<'_>) -> Option<String> {
    Some(folder.path().file_name()?.to_string_lossy().into_owned())
}
