use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::ignored::Ignored;

/// The files of the repository that git keeps or could keep.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// In the order of their paths.
    pub files: Vec<TreeFile>,
}

/// A file of the tree.
#[derive(Clone, Debug)]
pub struct TreeFile {
    /// From the root, with `/` between the parts.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl TreeFile {
    /// The text of the file; `None` where it is binary: not UTF-8, or with a zero byte.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok().filter(|text| !text.contains('\0'))
    }

    /// The lines with their numbers, from 1; none in a binary file.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text().unwrap_or_default().split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the path ends so: `.rs`.
    pub(crate) fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }
}

impl Tree {
    /// Reads the tree under `root`, without what is built or fetched there: what the `.gitignore` of a folder, or of one
    /// above it, leaves out.
    ///
    /// # Errors
    /// A folder or file that can't be read, or a line of a `.gitignore` that this check doesn't understand.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        read_folder(root, "", &Ignored::default(), &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// The repository that this crate stands in.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn of_this_repository() -> io::Result<Self> {
        let root: PathBuf = [env!("CARGO_MANIFEST_DIR"), ".."].iter().collect();
        Self::read(&root)
    }

    /// The file at this path.
    pub fn file(&self, path: &str) -> Option<&TreeFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file or a folder at this path. The root is the empty path.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.is_empty()
            || self.files.iter().any(|file| {
                file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }

    /// A tree that was made up for a test.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |&(path, text): &(&str, &str)| TreeFile { path: path.into(), bytes: text.into() };
        Self { files: files.iter().map(file).collect() }
    }
}

fn read_folder(folder: &Path, path: &str, above: &Ignored, files: &mut Vec<TreeFile>) -> io::Result<()> {
    let rules = fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
    let ignored = above.with(path, &rules).map_err(|line| {
        let says = "teach xtask/src/ignored.rs this shape, or write another";
        io::Error::other(format!("{path}/.gitignore: «{line}»: {says}"))
    })?;
    for item in fs::read_dir(folder)? {
        let item = item?;
        let name = item.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        if ignored.leaves_out(&path) {
            continue;
        }
        let kind = item.file_type()?;
        if kind.is_dir() {
            read_folder(&item.path(), &path, &ignored, files)?;
        } else if kind.is_file() {
            files.push(TreeFile { bytes: fs::read(item.path())?, path });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_found_from_the_crate() {
        let tree = Tree::of_this_repository().unwrap();
        assert!(tree.file("Cargo.toml").is_some() && tree.file("xtask/src/tree.rs").is_some());
        assert!(!tree.has("target") && !tree.has(".git") && tree.has("xtask/src") && !tree.has("xtask/sr"));
        assert!(tree.has("bench/src") && !tree.has("bench/data"), "a folder's own .gitignore counts");
    }

    #[test]
    fn a_file_with_a_zero_byte_is_binary() {
        assert_eq!(Tree::of(&[("a", "x\0y")]).files[0].text(), None);
        assert_eq!(Tree::of(&[("a", "blåbær")]).files[0].text(), Some("blåbær"));
    }
}
