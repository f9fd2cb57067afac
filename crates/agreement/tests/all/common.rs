//! Reads folders of agreements as the shelf does.

use std::{
    fs,
    path::{Path, PathBuf},
};

use samspill_agreement::{
    Look, SourceFile, Uses, VersionSources, load, model::Agreement, render_diagnostics,
};

/// A folder with `law/` and `vocabulary/` in it.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// The folder.
    pub(crate) root: PathBuf,
}

impl Uses for Shelf {
    fn vocabulary(&self, name: &str) -> Option<SourceFile> {
        let path = self.root.join("vocabulary").join(format!("{name}.toml"));
        path.is_file().then(|| file(&self.root, &path))
    }

    fn law(&self, name: &str) -> Option<Vec<VersionSources>> {
        let path = self.root.join("law").join(name);
        path.is_dir().then(|| versions(&self.root, &path))
    }

    fn based_on(&self, path: &str) -> Option<VersionSources> {
        let path = self.root.join("agreements").join(path);
        path.is_dir().then(|| version(&self.root, &path))
    }

    fn vocabulary_names(&self) -> Vec<String> {
        names(&self.root.join("vocabulary"))
    }

    fn law_names(&self) -> Vec<String> {
        names(&self.root.join("law"))
    }
}

/// All versions of the agreement in a folder; file names are shown from `root` on.
pub(crate) fn versions(root: &Path, folder: &Path) -> Vec<VersionSources> {
    entries(folder).into_iter().filter(|path| path.is_dir()).map(|path| version(root, &path)).collect()
}

/// The version in a folder, without its test cases.
pub(crate) fn version(root: &Path, folder: &Path) -> VersionSources {
    let folder_name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let mut files = Vec::new();
    collect(root, folder, &mut files);
    VersionSources { folder_name, files }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for path in entries(folder) {
        if path.is_dir() && !path.ends_with("cases") {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|end| end == "toml") {
            files.push(file(root, &path));
        }
    }
}

/// A file, named from `root` on.
pub(crate) fn file(root: &Path, path: &Path) -> SourceFile {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    SourceFile::new(name, fs::read_to_string(path).unwrap())
}

/// What a folder holds, by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn names(folder: &Path) -> Vec<String> {
    entries(folder).iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect()
}

/// The shelf with the complete example.
pub(crate) fn complete() -> Shelf {
    Shelf { root: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/complete") }
}

/// The complete example, loaded.
pub(crate) fn fjordhelse() -> Agreement {
    let shelf = complete();
    let outcome = load(versions(&shelf.root, &shelf.root.join("agreements/fjordhelse")), &shelf);
    let said = render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain);
    assert_eq!(said, "", "the complete example is right");
    outcome.agreement.unwrap()
}

/// The repository's own agreements and laws.
pub(crate) fn repository() -> Shelf {
    Shelf { root: Path::new(env!("CARGO_MANIFEST_DIR")).join("../..") }
}

/// Compares with a record. A missing one is written, and is a failure once, so that somebody reads it.
pub(crate) fn check_record(record: &Path, found: &str) -> Option<String> {
    match fs::read_to_string(record) {
        Ok(recorded) if recorded == found => None,
        Ok(recorded) => Some(format!("{}\n--- recorded\n{recorded}--- found\n{found}", record.display())),
        Err(_) => {
            fs::write(record, found).unwrap();
            Some(format!("{} was missing: it is written now, read it\n{found}", record.display()))
        }
    }
}
