//! Paths and texts that every tool on every machine reads alike.

use crate::{Fault, Tree, TreeFile};

/// No path is longer than this, from the root.
const PATH_BYTES_MAX: usize = 120;

/// No file is larger than this: 1 MiB.
const FILE_BYTES_MAX: usize = 1 << 20;

/// Paths that are not ASCII or too long.
pub fn paths(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for TreeFile { path, .. } in &tree.files {
        if !path.is_ascii() {
            faults.push(Fault::of_file(path, "write the path in ASCII: o for ø, a for å, ae for æ"));
        }
        if path.len() > PATH_BYTES_MAX {
            faults.push(Fault::of_file(
                path,
                format!("the path has {} bytes, {PATH_BYTES_MAX} at most", path.len()),
            ));
        }
    }
    faults
}

/// Files that are too large.
pub fn sizes(tree: &Tree) -> Vec<Fault> {
    let large = tree.files.iter().filter(|file| file.bytes.len() > FILE_BYTES_MAX);
    large
        .map(|file| {
            Fault::of_file(&file.path, "the file is over 1 MiB: make it where it is used, or split it")
        })
        .collect()
}

/// Texts with carriage returns, blanks at the end of a line, or no newline at the end.
pub fn lines(tree: &Tree) -> Vec<Fault> {
    tree.files.iter().flat_map(lines_of).collect()
}

fn lines_of(file: &TreeFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in file.lines() {
        if line.contains('\r') {
            faults.push(Fault::at(&file.path, number, "a carriage return: end lines with a newline alone"));
        } else if line.ends_with([' ', '\t']) {
            faults.push(Fault::at(&file.path, number, "blanks at the end of the line: remove them"));
        }
    }
    if file.text().is_some_and(|text| !text.is_empty() && !text.ends_with('\n')) {
        faults.push(Fault::of_file(&file.path, "the last line doesn't end: add a newline"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_outside_ascii_is_found() {
        assert_eq!(paths(&Tree::of(&[("docs/døgn.md", ""), ("docs/dogn.md", "")])).len(), 1);
    }

    #[test]
    fn a_path_of_120_bytes_is_kept_and_one_of_121_is_not() {
        let count = |bytes: usize| paths(&Tree::of(&[(&"a".repeat(bytes), "")])).len();
        assert_eq!([count(119), count(120), count(121)], [0, 0, 1]);
    }

    #[test]
    fn a_file_of_one_mebibyte_is_kept_and_one_byte_more_is_not() {
        let count = |bytes: usize| sizes(&Tree::of(&[("a", &"a".repeat(bytes))])).len();
        assert_eq!([count((1 << 20) - 1), count(1 << 20), count((1 << 20) + 1)], [0, 0, 1]);
    }

    #[test]
    fn lines_end_with_a_newline_and_nothing_before_it() {
        let count = |text| lines(&Tree::of(&[("a.txt", text)])).len();
        assert_eq!(
            [count("a\n"), count(""), count("a"), count("a \n"), count("a\t\n"), count("a\r\n")],
            [0, 0, 1, 1, 1, 1]
        );
        assert_eq!(count("\0 \n"), 0, "a binary file has no lines");
    }
}
