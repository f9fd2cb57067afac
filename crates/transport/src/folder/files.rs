use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use uuid::Uuid;

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

/// Moves a file into a folder, under this name or, where another file has it, with a number after it. Gives the path that it got.
///
/// It is there before it is gone here: whoever is killed between the two finds the same bytes under the name the next time, and
/// only takes it away here. No name is ever left without its file.
pub(super) fn move_into(from: &Path, folder: &Path, name: &OsStr) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    let to = loop {
        let to = folder.join(numbered(name, number));
        if link_or_copy(from, &to)? || same_bytes(from, &to)? {
            break to;
        }
        number += 1;
    };
    sync_folder(folder)?;
    fs::remove_file(from)?;
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

/// Gives a file a second name, unless there is a file of that name. `false` where there is one.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<bool> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        // On another disk, on a file system without hard links, or a file that we may read and move and not link.
        Err(_) => copy_over(from, to),
    }
}

fn copy_over(from: &Path, to: &Path) -> io::Result<bool> {
    let part = to.with_file_name(format!(".{}.part", Uuid::new_v4().simple()));
    let copied = fs::copy(from, &part).and_then(|_| File::open(&part)?.sync_all());
    let new = copied.and_then(|()| appear(&part, to));
    let _ = fs::remove_file(&part);
    new
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    Ok(fs::metadata(one)?.len() == fs::metadata(other)?.len() && fs::read(one)? == fs::read(other)?)
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
