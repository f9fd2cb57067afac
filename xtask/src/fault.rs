use std::fmt;

/// Something in the tree that isn't as the house wants it: where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, from the root of the tree.
    pub path: String,
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, and what to do instead.
    pub says: String,
}

impl Fault {
    pub(crate) fn of_file(path: &str, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, says: says.into() }
    }

    pub(crate) fn at(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), says: says.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.says),
            None => write!(f, "{}: {}", self.path, self.says),
        }
    }
}

/// The faults as text, one a line, in the order of files and lines.
pub fn listed(faults: &[Fault]) -> String {
    let mut sorted: Vec<_> = faults.iter().collect();
    sorted.sort();
    sorted.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_listed_by_file_and_line() {
        let faults = [Fault::at("b", 10, "x"), Fault::at("b", 9, "y"), Fault::of_file("a", "z")];
        assert_eq!(listed(&faults), "a: z\nb:9: y\nb:10: x");
    }
}
