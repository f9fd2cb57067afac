//! The glossary has every word that agreements and laws share.

use toml::{Table, Value};

use crate::{Fault, Tree};

const GLOSSARY: &str = "GLOSSARY.md";
const SORTS: [&str; 4] = ["fact", "kind", "party", "phase"];

/// Ids of the vocabularies that no row of a table in `GLOSSARY.md` begins with. Those that only examples use are left out.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let glossary = tree.file(GLOSSARY).and_then(|file| file.text()).unwrap_or_default();
    let explained: Vec<_> = glossary.lines().filter_map(first_cell).collect();
    let mut faults = Vec::new();
    for file in
        tree.files.iter().filter(|file| file.path.starts_with("vocabulary/") && is_used(tree, &file.path))
    {
        // A file that isn't TOML is a diagnostic of the agreement language, with a better message.
        let table: Table = file.text().unwrap_or_default().parse().unwrap_or_default();
        for (sort, id) in ids(&table) {
            if !explained.contains(&id) {
                faults.push(Fault::of_file(
                    &file.path,
                    format!("the {sort} `{id}` is not in {GLOSSARY}: add a row"),
                ));
            }
        }
    }
    faults
}

/// Whether any agreement or law says `uses = ["vocabulary:…"]` of this file.
fn is_used(tree: &Tree, path: &str) -> bool {
    let name = path.trim_start_matches("vocabulary/").trim_end_matches(".toml");
    let phrase = format!("\"vocabulary:{name}\"");
    let mut users = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("agreements/") || file.path.starts_with("law/"));
    users.any(|file| file.text().is_some_and(|text| text.contains(&phrase)))
}

fn ids(table: &Table) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    for sort in SORTS {
        let items = table.get(sort).and_then(Value::as_array).into_iter().flatten();
        found.extend(items.filter_map(|item| Some((sort, item.get("id")?.as_str()?))));
    }
    found
}

/// `epikrise` of the row "| `epikrise` | … |".
fn first_cell(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split_once("` |").map(|(cell, _)| cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_without_a_row_is_found() {
        let words = "[[kind]]\nid = \"epikrise\"\n[[fact]]\nid = \"tvang\"\n[[party]]\nid = \"kommune\"\n[[phase]]\nid = \"x\"\n";
        let count = |rows| {
            let used = ("law/a/agreement.toml", "uses = [\"vocabulary:opphold\"]");
            check(&Tree::of(&[("vocabulary/opphold.toml", words), (GLOSSARY, rows), used])).len()
        };
        assert_eq!(count(""), 4);
        assert_eq!(count("| `epikrise` | Epicrisis |\n| `tvang` | Coercion |\nof `kommune`\n"), 2);
        assert_eq!(count("| `epikrise` | |\n| `tvang` | |\n| `kommune` | |\n| `x` | |\n"), 0);
    }

    #[test]
    fn words_that_only_examples_use_need_no_row() {
        let words = ("vocabulary/boter.toml", "[[kind]]\nid = \"bot\"\n");
        let used = "uses = [\"vocabulary:boter\"]";
        assert_eq!(check(&Tree::of(&[words, ("examples/a/agreement.toml", used)])), []);
        assert_eq!(check(&Tree::of(&[words, ("agreements/a/agreement.toml", used)])).len(), 1);
    }
}
