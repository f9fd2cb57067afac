//! Nothing names a folder of one machine.

use crate::{Fault, Tree};

/// Folders at the root of a machine that somebody's own files lie under.
const FOLDERS: [&str; 5] = ["Users", "home", "root", "tmp", "work"];

/// The lines that hold a path from the root of a machine into one of these folders.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            if let Some(folder) = FOLDERS.iter().find(|folder| leads_into(line, folder)) {
                let says = format!(
                    "a path under the machine's own `{folder}` folder: write it from the root of the repository"
                );
                faults.push(Fault::at(&file.path, number, says));
            }
        }
    }
    faults
}

fn leads_into(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        before.is_none_or(starts_path)
            && after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$'))
    })
}

/// Whether a path can start after this character; after others, it goes on: `a/b`, `../b`, `{root}/b`, `*/b`.
fn starts_path(before: char) -> bool {
    !(before.is_alphanumeric() || matches!(before, '.' | '_' | '-' | '~' | '}' | ')' | '*' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("a.md", text)])).len()
    }

    #[test]
    fn paths_into_all_these_folders_are_found() {
        for folder in FOLDERS {
            assert_eq!(count(&format!("see /{folder}/a/b")), 1, "{folder}");
            assert_eq!(count(&format!("\"/{folder}/a\"")), 1, "{folder}");
            assert_eq!(count(&format!("file:///{folder}/a")), 1, "{folder}");
        }
    }

    #[test]
    fn paths_that_start_elsewhere_are_kept() {
        for folder in FOLDERS {
            assert_eq!(
                count(&format!("src/{folder}/a ../{folder}/a {{root}}/{folder}/a **/{folder}/a")),
                0,
                "{folder}"
            );
            assert_eq!(
                count(&format!("https://example.org/{folder}/a /{folder}/{{id}} /{folder}")),
                0,
                "{folder}"
            );
        }
    }
}
