/// What the tree leaves out whatever `.gitignore` says.
const ALWAYS: [&str; 4] = ["target", ".git", ".venv", "node_modules"];

/// The files that git leaves out, as far as this repository's `.gitignore` needs it.
///
/// Three shapes are understood: `/path` from the root, `name/` for a folder anywhere, `*.ending` for files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ignored {
    from_root: Vec<String>,
    folders: Vec<String>,
    endings: Vec<String>,
}

impl Ignored {
    /// Reads a `.gitignore`.
    ///
    /// # Errors
    /// The first line of another shape.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut ignored = Self::default();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            ignored.take(line)?;
        }
        Ok(ignored)
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        let (list, name) = if let Some(path) = line.strip_prefix('/') {
            (&mut self.from_root, path.trim_end_matches('/'))
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
        list.push(name.to_owned());
        Ok(())
    }

    /// Whether this path, from the root, is left out.
    pub(crate) fn leaves_out(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        ALWAYS.contains(&name)
            || self.from_root.iter().any(|ignored| ignored == path)
            || self.folders.iter().any(|folder| folder == name)
            || self.endings.iter().any(|ending| name.ends_with(ending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_shapes_leave_out_what_git_leaves_out() {
        let ignored = Ignored::read("# built\n/fuzz/corpus\n*.snap.new\nproptest-regressions/\n").unwrap();
        let left_out = |path| ignored.leaves_out(path);
        assert!(left_out("fuzz/corpus") && left_out("a/b.snap.new") && left_out("a/proptest-regressions"));
        assert!(left_out("a/target") && left_out(".git"));
        assert!(!left_out("a/fuzz/corpus") && !left_out("a/b.snap") && !left_out("targets"));
    }

    #[test]
    fn a_line_of_another_shape_is_refused() {
        assert_eq!(Ignored::read("/target\nbuild\n"), Err("build".into()));
        assert_eq!(Ignored::read("!keep.me"), Err("!keep.me".into()));
        assert_eq!(Ignored::read("/a/*/b"), Err("/a/*/b".into()));
    }
}
