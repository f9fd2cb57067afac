//! No floating number decides anything: the engine has none.

use proc_macro2::TokenTree;
use syn::Lit;

use crate::{
    Fault, Tree,
    rust::{for_each_run, rust_files, tokens},
};

/// The lines of the engine that name a floating type or write a floating number, outside comments and texts.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in rust_files(tree).filter(|file| file.path.starts_with("crates/engine/src/")) {
        let mut look = |run: &[TokenTree]| {
            let floats = (0..run.len()).filter(|place| is_float(run, *place));
            faults.extend(floats.map(|place| {
                let says = "a floating number: count in whole øre, days or seconds";
                Fault::at(&file.path, run[place].span().start().line, says)
            }));
        };
        if let Some(tokens) = tokens(file) {
            for_each_run(tokens, &mut look);
        }
    }
    faults
}

fn is_float(run: &[TokenTree], place: usize) -> bool {
    match &run[place] {
        TokenTree::Ident(name) => *name == "f32" || *name == "f64",
        TokenTree::Literal(literal) => {
            matches!(Lit::new(literal.clone()), Lit::Float(_)) && !is_after_field_dot(&run[..place])
        }
        TokenTree::Group(_) | TokenTree::Punct(_) => false,
    }
}

/// Whether what follows is a field: in `pair.0.1` the last three characters are one token. The dots of a range are two.
fn is_after_field_dot(before: &[TokenTree]) -> bool {
    let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(dot) if dot.as_char() == '.');
    match before {
        [.., first, second] if is_dot(first) && is_dot(second) => false,
        [.., last] => is_dot(last),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_the_engine_are_found() {
        let count = |path, text| check(&Tree::of(&[(path, text)])).len();
        let text = "fn a(x: f64) { b([1.5, 2.0]) } // 1.5\nconst C: &str = \"f64\";\n";
        assert_eq!(count("crates/engine/src/a.rs", text), 3);
        assert_eq!(count("crates/engine/src/a.rs", "fn a() { pair.0.1 + 15 }"), 0);
        assert_eq!(count("crates/engine/src/a.rs", "fn a() { 0.0..1.5 }"), 2);
        assert_eq!(count("crates/formats/src/a.rs", text), 0);
    }
}
