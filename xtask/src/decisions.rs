//! Decisions are numbered, listed, and say what follows from them.

use crate::{Fault, Tree};

const FOLDER: &str = "docs/decisions/";
const PARTS: [&str; 3] = ["## Context", "## Decision", "## Consequences"];

/// Pages that the list doesn't name, that lack a part, or whose number is taken or leaves a gap.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let list = format!("{FOLDER}README.md");
    let listed = tree.file(&list).and_then(|file| file.text()).unwrap_or_default();
    let mut faults = Vec::new();
    let pages = tree.files.iter().filter(|file| file.path.starts_with(FOLDER) && file.path != list);
    for (number, page) in (1..).zip(pages) {
        let name = &page.path[FOLDER.len()..];
        if !name.starts_with(&format!("{number:04}-")) || !page.ends_with(".md") {
            faults.push(Fault::of_file(
                &page.path,
                format!("the next decision is called {number:04}-in-a-few-words.md"),
            ));
        }
        if !listed.contains(&format!("({name})")) {
            faults.push(Fault::of_file(&page.path, format!("not in the list: add it to {list}")));
        }
        let lines: Vec<_> = page.lines().map(|(_, line)| line).collect();
        for part in PARTS.iter().filter(|part| !lines.contains(part)) {
            faults.push(Fault::of_file(&page.path, format!("the part `{part}` is missing")));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "# 1\n\n## Context\n\n## Decision\n\n## Consequences\n";
    const LIST: (&str, &str) =
        ("docs/decisions/README.md", "- [a](0001-a.md)\n- [b](0002-b.md)\n- [c](0003-c.md)\n");

    fn count(pages: &[(&str, &str)]) -> usize {
        check(&Tree::of(&[pages, &[LIST]].concat())).len()
    }

    #[test]
    fn pages_that_are_listed_and_whole_are_kept() {
        assert_eq!(count(&[("docs/decisions/0001-a.md", WHOLE), ("docs/decisions/0002-b.md", WHOLE)]), 0);
    }

    #[test]
    fn a_page_that_is_not_listed_or_not_whole_is_found() {
        assert_eq!(count(&[("docs/decisions/0001-x.md", WHOLE)]), 1);
        assert_eq!(count(&[("docs/decisions/0001-a.md", "## Context\n\n## Decision\n")]), 1);
    }

    #[test]
    fn a_number_that_is_taken_or_leaves_a_gap_is_found() {
        assert_eq!(count(&[("docs/decisions/0002-b.md", WHOLE)]), 1);
        assert_eq!(count(&[("docs/decisions/0001-a.md", WHOLE), ("docs/decisions/0003-c.md", WHOLE)]), 1);
    }
}
