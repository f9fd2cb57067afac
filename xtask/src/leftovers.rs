//! Nothing unfinished is left behind.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{
    Fault, Tree, TreeFile,
    rust::{for_each_run, rust_files, tokens},
};

const MACROS: [&str; 3] = ["dbg", "todo", "unimplemented"];

/// Macros that stand for work to do, tests that are skipped, and examples that are not run.
pub fn check(tree: &Tree) -> Vec<Fault> {
    rust_files(tree).flat_map(left_in).collect()
}

fn left_in(file: &TreeFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut look = |run: &[TokenTree]| {
        for pair in run.windows(2) {
            if let Some(says) = left(&pair[0], &pair[1]) {
                faults.push(Fault::at(&file.path, pair[0].span().start().line, says));
            }
        }
    };
    if let Some(tokens) = tokens(file) {
        for_each_run(tokens, &mut look);
    }
    let examples = file.lines().filter(|(_, line)| is_skipped_example(line));
    faults.extend(examples.map(|(number, _)| {
        Fault::at(&file.path, number, "an example that isn't run: make it run, or mark it `text`")
    }));
    faults
}

fn left(first: &TokenTree, second: &TokenTree) -> Option<String> {
    match (first, second) {
        (TokenTree::Ident(name), TokenTree::Punct(mark)) if mark.as_char() == '!' => {
            let found = MACROS.iter().find(|unfinished| name == **unfinished)?;
            Some(format!("`{found}!` is left: finish it, or take it out"))
        }
        (TokenTree::Punct(mark), TokenTree::Group(group))
            if mark.as_char() == '#' && group.delimiter() == Delimiter::Bracket && skips(group.stream()) =>
        {
            Some("a test that is skipped: pin what happens now, with what is wanted beside it".to_owned())
        }
        _ => None,
    }
}

/// Whether an attribute is `ignore`, or a `cfg_attr` that can become it.
fn skips(attribute: TokenStream) -> bool {
    let mut words = attribute.into_iter();
    match (words.next(), words.next()) {
        (Some(TokenTree::Ident(name)), _) if name == "ignore" => true,
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(given))) if name == "cfg_attr" => {
            given.stream().into_iter().any(|word| matches!(word, TokenTree::Ident(name) if name == "ignore"))
        }
        _ => false,
    }
}

fn is_skipped_example(line: &str) -> bool {
    let line = line.trim_start();
    let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
    comment.is_some_and(|text| text.trim_start().starts_with("```") && text.contains("ignore"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("crates/x/src/a.rs", text)])).len()
    }

    #[test]
    fn unfinished_work_is_found() {
        for name in MACROS {
            assert_eq!(count(&format!("fn a() {{ if b {{ {name}!(\"later\") }} }}")), 1, "{name}");
        }
        assert_eq!(count("mac! { fn a() { std::todo!() } }"), 1, "also inside macros");
    }

    #[test]
    fn tests_and_examples_that_are_not_run_are_found() {
        let skipped = ["#[ignore]", "#[ignore = \"slow\"]", "#[cfg_attr(miri, ignore)]"];
        for attribute in skipped {
            assert_eq!(count(&format!("#[test]\n{attribute}\nfn a() {{}}")), 1, "{attribute}");
        }
        assert_eq!(count("/// ```ignore\n/// a\n/// ```\nfn a() {}"), 1);
    }

    #[test]
    fn words_in_comments_and_texts_are_kept() {
        assert_eq!(
            count("// todo!() #[ignore]\nconst A: &str = \"dbg!(x) #[ignore]\";\nfn ignore() { todo.len() }"),
            0
        );
    }
}
