//! Messages from files.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use samspill_formats::xml::XmlLimits;

use crate::trouble::Trouble;

/// The bytes of a file, or of standard input for `-`. One byte more than the limit is enough to be refused.
pub(crate) fn bytes(path: &Path, limits: &XmlLimits) -> Result<Vec<u8>, Trouble> {
    let failed = |source| Trouble::File { what: "reading", path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let most = limits.bytes_max as u64 + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(bytes)
}

/// The files named, and those ending in `.xml` in the folders named and below, in the order of names.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = all.len();
            collect(path, &mut all)?;
            if all.len() == before {
                return Err(Trouble::Call(format!("«{}» holds no file ending in .xml", path.display())));
            }
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

fn collect(folder: &Path, all: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let failed = |source| Trouble::File { what: "reading", path: folder.to_owned(), source };
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|it| it.path()))
        .collect::<io::Result<_>>()
        .map_err(failed)?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() && !entry.is_symlink() {
            collect(&entry, all)?;
        } else if entry.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
            all.push(entry);
        }
    }
    Ok(())
}
