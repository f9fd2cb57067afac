//! Long functions become fewer, never more.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Fault, Tree,
    functions::{LONG_LINES, functions},
};

/// Where the counts are kept: a crate and a number a line.
pub const FILE: &str = "xtask/ratchet.txt";

/// What the ratchet found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turned {
    /// Crates with more long functions than recorded, and lines that can't be read.
    pub faults: Vec<Fault>,
    /// What to write now that a crate has fewer.
    pub notices: Vec<String>,
}

/// Compares the number of functions over [`LONG_LINES`] lines, by crate, with [`FILE`]. A crate without a line has none.
pub fn check(tree: &Tree) -> Turned {
    let text = tree.file(FILE).and_then(|file| file.text()).unwrap_or_default();
    let (recorded, faults) = read(text);
    let mut turned = Turned { faults, notices: Vec::new() };
    let found = long_by_crate(tree);
    for name in found.keys().chain(recorded.keys()).collect::<BTreeSet<_>>() {
        let allowed = recorded.get(name).copied().unwrap_or_default();
        let long = found.get(name).map(Vec::as_slice).unwrap_or_default();
        if long.len() > allowed {
            let says = format!(
                "{name} has {} functions over {LONG_LINES} lines, {allowed} recorded: shorten {}",
                long.len(),
                long.join(", ")
            );
            turned.faults.push(Fault::of_file(FILE, says));
        } else if long.len() < allowed {
            turned.notices.push(format!(
                "{name} has fewer long functions than recorded: write `{name} {}` in {FILE}, so that it stays so",
                long.len()
            ));
        }
    }
    turned
}

fn long_by_crate(tree: &Tree) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for function in functions(tree).0.into_iter().filter(|function| function.lines > LONG_LINES) {
        let place =
            format!("{} ({}:{}, {} lines)", function.name, function.path, function.line, function.lines);
        found.entry(function.crate_name).or_default().push(place);
    }
    found
}

fn read(text: &str) -> (BTreeMap<String, usize>, Vec<Fault>) {
    let (mut recorded, mut faults) = (BTreeMap::new(), Vec::new());
    for (index, line) in
        text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        match line.split_once(' ').map(|(name, count)| (name, count.parse())) {
            Some((name, Ok(count))) => {
                recorded.insert(name.to_owned(), count);
            }
            Some((_, Err(_))) | None => {
                faults.push(Fault::at(FILE, index + 1, "write a crate, a blank and a number: `base 3`"));
            }
        }
    }
    (recorded, faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::function_of;

    /// One function of so many lines in crate x, and what is recorded.
    fn check(lines: usize, recorded: &str) -> (usize, usize) {
        let tree = Tree::of(&[("crates/x/src/a.rs", &function_of(lines)), (FILE, recorded)]);
        let turned = super::check(&tree);
        (turned.faults.len(), turned.notices.len())
    }

    #[test]
    fn more_long_functions_than_recorded_are_a_fault() {
        assert_eq!(check(40, ""), (0, 0));
        assert_eq!(check(41, ""), (1, 0));
        assert_eq!(check(41, "# by crate\nx 1\n"), (0, 0));
    }

    #[test]
    fn fewer_are_a_notice_of_what_to_write() {
        assert_eq!(check(40, "x 1\n"), (0, 1));
        assert_eq!(check(41, "x 1\ny 2\n"), (0, 1));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_a_fault() {
        assert_eq!(check(40, "x one\n"), (1, 0));
        assert_eq!(check(40, "x\n"), (1, 0));
    }
}
