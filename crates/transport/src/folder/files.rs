use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Whether a file of this name is one to take.
pub(super) fn is_wanted(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let lower = name.to_ascii_lowercase();
    !name.starts_with(b".") && !lower.ends_with(b".part") && !lower.ends_with(b".tmp")
}

/// Makes what was done in a folder last.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Reads a whole file of at most `limit` bytes; `None` where it is larger.
pub(super) fn read_within(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= limit);
    Ok(fits.then_some(bytes))
}

/// Moves a file into a folder, under this name or, where that is taken, with a number after it. Gives the path that it got.
pub(super) fn move_into(from: &Path, folder: &Path, name: &OsStr) -> io::Result<PathBuf> {
    let to = reserve(folder, name)?;
    let moved = match fs::rename(from, &to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(from, &to),
        other => other,
    };
    if let Err(error) = moved {
        let _ = fs::remove_file(&to);
        return Err(error);
    }
    sync_folder(folder)?;
    if let Some(left) = from.parent() {
        sync_folder(left)?;
    }
    Ok(to)
}

/// Writes a file that is there whole or not at all, also after a power cut. `false` where there is one already.
pub(super) fn write_new(folder: &Path, name: &str, unique: &str, bytes: &[u8]) -> io::Result<bool> {
    let part = folder.join(format!(".{name}.{unique}.part"));
    let written = write_synced(&part, bytes).and_then(|()| appear(&part, &folder.join(name)));
    let _ = fs::remove_file(&part);
    let new = written?;
    sync_folder(folder)?;
    Ok(new)
}

/// An empty file of our own under the first free name, so that nobody else takes that name.
fn reserve(folder: &Path, name: &OsStr) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    loop {
        let path = folder.join(numbered(name, number));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// `x.xml`, `x.2.xml`, `x.3.xml`.
fn numbered(name: &OsStr, number: u32) -> OsString {
    if number == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    let mut numbered = path.file_stem().unwrap_or(name).to_owned();
    numbered.push(format!(".{number}"));
    if let Some(extension) = path.extension() {
        numbered.push(".");
        numbered.push(extension);
    }
    numbered
}

fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    File::open(to)?.sync_all()?;
    fs::remove_file(from)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a file its name, unless there is one of that name. A file system without hard links gets a rename after a look.
fn appear(part: &Path, path: &Path) -> io::Result<bool> {
    match fs::hard_link(part, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(_) if path.try_exists()? => Ok(false),
        Err(_) => fs::rename(part, path).map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_written_and_hidden_files_are_not_wanted() {
        for (name, wanted) in [
            ("x.xml", true),
            ("x", true),
            (".x.xml", false),
            ("x.part", false),
            ("x.PART", false),
            ("x.xml.tmp", false),
        ] {
            assert_eq!(is_wanted(OsStr::new(name)), wanted, "{name}");
        }
    }

    #[test]
    fn a_number_stands_before_the_ending() {
        for (name, number, numbered_name) in [("x.xml", 1, "x.xml"), ("x.xml", 2, "x.2.xml"), ("x", 3, "x.3")]
        {
            assert_eq!(numbered(OsStr::new(name), number), numbered_name);
        }
    }
}
