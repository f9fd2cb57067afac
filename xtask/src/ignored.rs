/// What the tree leaves out whatever `.gitignore` says.
const ALWAYS: [&str; 4] = ["target", ".git", ".venv", "node_modules"];

/// The files that git leaves out, as far as this repository's `.gitignore` files need it.
///
/// Three shapes are understood: `/path` from the folder of the `.gitignore`, `name/` for a folder anywhere under it,
/// `*.ending` for files there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ignored {
    /// From the root of the repository.
    paths: Vec<String>,
    folders: Vec<String>,
    endings: Vec<String>,
}

impl Ignored {
    /// What is left out in this folder, which is empty for the root, with the text of its own `.gitignore`.
    ///
    /// # Errors
    /// The first line of another shape.
    pub(crate) fn with(&self, folder: &str, text: &str) -> Result<Self, String> {
        let mut ignored = self.clone();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            ignored.take(folder, line)?;
        }
        Ok(ignored)
    }

    fn take(&mut self, within: &str, line: &str) -> Result<(), String> {
        let (list, name) = if let Some(path) = line.strip_prefix('/') {
            (&mut self.paths, path.trim_end_matches('/'))
        } else if let Some(folder) = line.strip_suffix('/') {
            (&mut self.folders, folder)
        } else if let Some(ending) = line.strip_prefix('*') {
            (&mut self.endings, ending)
        } else {
            return Err(line.to_owned());
        };
        if name.is_empty() || name.contains(['*', '!', '?', '[']) {
            return Err(line.to_owned());
        }
        let is_path = line.starts_with('/') && !within.is_empty();
        list.push(if is_path { format!("{within}/{name}") } else { name.to_owned() });
        Ok(())
    }

    /// Whether this path, from the root, is left out.
    pub(crate) fn leaves_out(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        ALWAYS.contains(&name)
            || self.paths.iter().any(|ignored| ignored == path)
            || self.folders.iter().any(|folder| folder == name)
            || self.endings.iter().any(|ending| name.ends_with(ending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(folder: &str, text: &str) -> Result<Ignored, String> {
        Ignored::default().with(folder, text)
    }

    #[test]
    fn a_path_counts_from_the_folder_that_names_it() {
        let above = read("", "/target\n*.new\n").unwrap();
        let ignored = above.with("bench", "/data\n/peers/x/out\n").unwrap();
        assert!(ignored.leaves_out("bench/data") && ignored.leaves_out("bench/peers/x/out"));
        assert!(
            ignored.leaves_out("target") && ignored.leaves_out("bench/a.new"),
            "what is above still counts"
        );
        assert!(!ignored.leaves_out("data") && !ignored.leaves_out("bench/a/data"));
    }

    #[test]
    fn the_three_shapes_leave_out_what_git_leaves_out() {
        let ignored = read("", "# built\n/fuzz/corpus\n*.snap.new\nproptest-regressions/\n").unwrap();
        let left_out = |path| ignored.leaves_out(path);
        assert!(left_out("fuzz/corpus") && left_out("a/b.snap.new") && left_out("a/proptest-regressions"));
        assert!(left_out("a/target") && left_out(".git"));
        assert!(!left_out("a/fuzz/corpus") && !left_out("a/b.snap") && !left_out("targets"));
    }

    #[test]
    fn a_line_of_another_shape_is_refused() {
        assert_eq!(read("", "/target\nbuild\n"), Err("build".into()));
        assert_eq!(read("", "!keep.me"), Err("!keep.me".into()));
        assert_eq!(read("", "/a/*/b"), Err("/a/*/b".into()));
    }
}
