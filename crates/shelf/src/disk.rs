//! Agreement folders on disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use samspill_agreement::{SourceFile, VersionSources};

use crate::ShelfError;

/// A file larger than this is refused before it is read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The file that makes a folder a version of an agreement.
pub(crate) const MARK: &str = "agreement.toml";

/// The folder of test cases, which isn't part of the agreement.
pub(crate) const CASES: &str = "cases";

/// The files of one version: every TOML file in the folder and below it, but for its test cases.
pub(crate) fn version(folder: &Path) -> Result<VersionSources, ShelfError> {
    let mut files = Vec::new();
    for path in toml_files(folder, &|below| below != Path::new(CASES))? {
        files.push(read(&path)?);
    }
    let folder_name =
        resolved(folder).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(VersionSources { folder_name, files })
}

/// The test cases beside a version.
pub(crate) fn cases(folder: &Path) -> Result<Vec<SourceFile>, ShelfError> {
    let cases = folder.join(CASES);
    if !cases.is_dir() {
        return Ok(Vec::new());
    }
    toml_files(&cases, &|_| true)?.iter().map(|path| read(path)).collect()
}

/// A file, if it is there.
pub(crate) fn file(path: &Path) -> Result<Option<SourceFile>, ShelfError> {
    if path.is_file() { read(path).map(Some) } else { Ok(None) }
}

/// The folders directly in this one, by name.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>, ShelfError> {
    Ok(children(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// The folder without `.` and `..`, so that it has a name.
pub(crate) fn resolved(folder: &Path) -> PathBuf {
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

fn read(path: &Path) -> Result<SourceFile, ShelfError> {
    let failed = |source| ShelfError::Io { path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(ShelfError::TooLarge { path: path.to_owned(), bytes_max: FILE_BYTES_MAX });
    }
    let bytes = fs::read(path).map_err(failed)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| failed(io::Error::other("it is not UTF-8: save it as UTF-8")))?;
    Ok(SourceFile::new(path.display().to_string(), text))
}

fn toml_files(folder: &Path, enters: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>, ShelfError> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for path in children(&next)? {
            if path.is_dir() {
                let below = path.strip_prefix(folder).unwrap_or(&path);
                // A version below a version is another version.
                if enters(below) && !path.join(MARK).exists() {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, ShelfError> {
    let failed = |source| ShelfError::Io { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    paths.sort();
    Ok(paths)
}
